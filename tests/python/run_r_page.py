"""Runs the R snippets of a document, one after the other in one session, and holds what they print to what is kept.

    PEERLAB=target/release/peerlab python run_r_page.py docs/r.md
    PEERLAB=target/release/peerlab python run_r_page.py docs/r.md --update

The page's first ```sh block is the run that it reads. What a ```r block prints stands in the ```text block after
it; a block after `<!-- not run -->` is left alone. With --update that text is written anew, and the versions with
it. A machine without R, or without a package that the page needs, skips the page and says so; without nanoparquet
the tables are read as CSV, and nothing is written anew. Prints 'N passed, N failed'; exits 1 if anything failed.
"""

import itertools
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polars

BLOCK = re.compile(
    r"(?P<skip><!-- not run -->\n)?```r\n(?P<code>.*?)^```\n(?:\n```text\n(?P<kept>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)
PACKAGES = ["clubSandwich", "lme4", "lmerTest", "pbkrtest"]
MARK = "=== snippet"
READ_CSV = 'read_parquet <- function(file) read.csv(sub("parquet$", "csv", file))\n'
VERSIONS = re.compile(r"(what they printed is kept: ).*?(\. `make test`)", re.DOTALL)


def has(package):
    asked = f'quit(status = !requireNamespace("{package}", quietly = TRUE))'
    return subprocess.run(["Rscript", "-e", asked], capture_output=True).returncode == 0


def run(snippets, folder):
    """What each snippet prints. Without nanoparquet a stand-in reads the same tables, written as CSV."""
    bare = not has("nanoparquet")
    script = READ_CSV if bare else ""
    for number, code in enumerate(snippets):
        code = code.replace("library(nanoparquet)\n", "") if bare else code
        script += f'cat("{MARK} {number}\\n")\n{code}\n'
    if bare:
        for path in (folder / "output" / "for-r" / "tables").glob("*.parquet"):
            polars.read_parquet(path).write_csv(path.with_suffix(".csv"), null_value="NA")
    (folder / "page.R").write_text(f"options(width = 110)\n{script}", encoding="utf-8")
    done = subprocess.run(["Rscript", "page.R"], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    parts = re.split(rf"^{MARK} \d+\n", done.stdout, flags=re.MULTILINE)[1:]
    return [*parts, *[""] * (len(snippets) - len(parts))], done, bare


def versions():
    asked = (
        "cat(R.version.string, sapply(c('nanoparquet', '"
        + "', '".join(PACKAGES)
        + "'), function(p) paste(p, packageVersion(p))), sep = ', ')"
    )
    found = subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True, check=True).stdout.strip()
    return re.sub(r"^R version (\S+) \([^)]*\)", r"R \1", re.sub(r"Patched ", "", found))


def same(kept, printed):
    """Word by word; numbers to a part in a thousand, since another version of lme4 stops at another last digit."""

    def number(word):
        try:
            return float(word)
        except ValueError:
            return None

    pairs = list(itertools.zip_longest((kept or "").split(), printed.split(), fillvalue=""))
    return bool(pairs) and all(
        a == b or (number(a) is not None and number(b) is not None and math.isclose(number(a), number(b), rel_tol=1e-3))
        for a, b in pairs
    )


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    update = "--update" in sys.argv
    if len(arguments) != 1 or not os.environ.get("PEERLAB"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    page = Path(arguments[0])
    text = page.read_text(encoding="utf-8")
    blocks = [block for block in BLOCK.finditer(text) if not block["skip"]]
    missing = ["R"] if not shutil.which("Rscript") else [package for package in PACKAGES if not has(package)]
    if missing:
        print(f"{page}: {len(blocks)} snippets not run, since this machine has no {', '.join(missing)}")
        print("0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        _, *command = shlex.split(re.search(r"^```sh\n(peerlab run .*?)\n```$", text, re.MULTILINE)[1])
        subprocess.run([Path(os.environ["PEERLAB"]).resolve(), *command, "--quiet"], cwd=folder, check=True)
        printed, done, bare = run([block["code"] for block in blocks], Path(folder))
    if bare:
        print(f"{page}: no nanoparquet here, so that the tables were read as CSV")
    if update:
        if done.returncode or bare:
            print(done.stderr or f"{page}: not written anew, which takes nanoparquet", file=sys.stderr)
            return int(done.returncode != 0)
        for block, output in reversed(list(zip(blocks, printed))):
            text = text[: block.start()] + f"```r\n{block['code']}```\n\n```text\n{output}```\n" + text[block.end() :]
        page.write_text(VERSIONS.sub(rf"\g<1>{versions()}\g<2>", text), encoding="utf-8")
        return 0
    failed = 0
    for number, (block, output) in enumerate(zip(blocks, printed), 1):
        if not same(block["kept"], output):
            failed += 1
            print(f"FAILED snippet {number} of {page}\n  kept:\n{block['kept']}\n  printed:\n{output}")
    if done.returncode:
        failed = max(failed, 1)
        print(done.stderr)
    print(f"{len(blocks) - failed} passed, {failed} failed")
    return 1 if failed or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
