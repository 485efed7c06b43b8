"""Runs the Python snippets of a document against a finished run.

    python run_snippets.py docs/results.md output/listening-training

Each ```python block stands on its own and reads `output/listening-training`; here it finds the run it is given under
that name. Prints 'N passed, N failed'; exits 1 if any raised.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    run = Path(sys.argv[2]).resolve()
    snippets = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "output").mkdir()
        (Path(folder) / "output" / "listening-training").symlink_to(run, target_is_directory=True)
        os.chdir(folder)
        for number, snippet in enumerate(snippets, 1):
            try:
                with contextlib.redirect_stdout(io.StringIO()) as printed:
                    exec(compile(snippet, f"snippet {number}", "exec"), {"__name__": f"snippet_{number}"})
                if not printed.getvalue().strip():
                    raise AssertionError("it prints nothing")
            except Exception:  # noqa: BLE001 - whatever a snippet raises
                failed += 1
                print(f"FAILED snippet {number}:\n{snippet}", file=sys.stderr)
                traceback.print_exc()
        os.chdir("/")
    print(f"{len(snippets) - failed} passed, {failed} failed")
    return 1 if failed or not snippets else 0


if __name__ == "__main__":
    sys.exit(main())
