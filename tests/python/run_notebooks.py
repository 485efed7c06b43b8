"""Runs every notebook from start to end, and holds what comes out to what is kept in it.

    PEERLAB=target/release/peerlab python run_notebooks.py notebooks
    PEERLAB=target/release/peerlab python run_notebooks.py notebooks --update

Each runs in a kernel and a folder of its own, with nothing around it but the module that the notebooks share and
the fonts. A cell that raises, or writes to standard error, fails its notebook. Texts and tables must be those that
are kept, to the letter; of a picture only that it is there, what it is said to show, and its size within a tenth,
since type is set a little differently elsewhere. With --update outputs are written anew. Prints 'N passed, N
failed'; exits 1 if anything failed.
"""

import base64
import os
import re
import shutil
import struct
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What belongs to one machine: absolute paths, addresses of objects.
PRIVATE = re.compile(r"(/(?:tmp|home|root|Users|work|var)/|\b[A-Z]:\\|\b0x[0-9a-f]{6,})")

COLOR = re.compile(r"\x1b\[[0-9;]*m")


def clean(notebook):
    """Takes out what differs from run to run and says nothing: counters, versions, the order in which a kernel flushes."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        # Code that only draws is folded in JupyterLab: who reads wants the picture.
        folded = {"jupyter": {"source_hidden": True}} if cell.id.endswith("-figure") else {}
        cell.metadata = nbformat.from_dict(folded)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        kept = []
        for output in cell.outputs:
            output.pop("execution_count", None)
            if output.output_type == "execute_result":
                output.execution_count = None
            if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
                kept[-1].text += output.text
            else:
                kept.append(output)
        cell.outputs = kept
    return notebook


def execute(path, folder):
    """The notebook as it comes out of a fresh kernel in `folder`."""
    shutil.copytree(path.parent.parent / "assets" / "fonts", folder / "assets" / "fonts")
    place = folder / "notebooks"
    place.mkdir()
    for module in path.parent.glob("*.py"):
        shutil.copy(module, place)
    notebook = clean(nbformat.read(path, as_version=4))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    # The kernel listens on this machine alone; that it is not encrypted is no news.
    quiet = ["--IPKernelApp.log_level=ERROR"]
    place = {"metadata": {"path": str(place)}}
    NotebookClient(notebook, kernel_name="python3", extra_arguments=quiet, timeout=300, resources=place).execute()
    return clean(notebook)


def shape(data):
    """Width and height of a PNG; an error if it is none."""
    picture = base64.b64decode(data)
    if picture[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    return struct.unpack(">II", picture[16:24])


def texts(cell):
    """All that a cell puts out, as comparable texts; a picture by its description."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append(f"{output.name}: {output.text}")
            continue
        for kind, data in sorted(output.data.items()):
            if kind.startswith("image/"):
                found.append(f"{kind}: {output.metadata.get(kind, {}).get('alt')}")
            else:
                found.append(f"{kind}: {data}")
    return found


def pictures(cell):
    return [shape(output.data["image/png"]) for output in cell.outputs if "image/png" in output.get("data", {})]


class Checks:
    """Counts what holds and says what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, holds, message):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {message}")


def compare(checks, name, kept, fresh):
    """Cell by cell, what is kept in a notebook with what came out now."""
    for old, new in zip(kept.cells, fresh.cells, strict=True):
        if new.cell_type != "code" or not (old.outputs or new.outputs):
            continue
        where = f"{name}, cell {new.id}"
        difference = [f"\n  kept:  {a}\n  fresh: {b}" for a, b in zip(texts(old), texts(new)) if a != b]
        same = texts(old) == texts(new)
        checks.that(same, f"{where}: not what is kept; `make notebooks-update` writes it anew{''.join(difference)}")
        for before, after in zip(pictures(old), pictures(new)):
            near = all(abs(a - b) <= 0.1 * b for a, b in zip(after, before))
            checks.that(near, f"{where}: the picture has {after} pixels in place of {before}")


def check(checks, path, update):
    kept = nbformat.read(path, as_version=4)
    name = path.name
    with tempfile.TemporaryDirectory() as folder:
        try:
            fresh = execute(path, Path(folder))
        except CellExecutionError as error:
            checks.that(False, f"{name}: " + COLOR.sub("", str(error)))
            return
    checks.that(True, name)
    code = [cell for cell in fresh.cells if cell.cell_type == "code"]
    for cell in code:
        said = [output.text for output in cell.outputs if output.get("name") == "stderr"]
        checks.that(not said, f"{name}, cell {cell.id} writes to standard error: {''.join(said)}")
        private = [text for text in texts(cell) if PRIVATE.search(text)]
        checks.that(not private, f"{name}, cell {cell.id} shows a path or address of this machine: {private}")
        undescribed = [text for text in texts(cell) if text.startswith("image/") and len(text) < 60]
        checks.that(not undescribed, f"{name}, cell {cell.id} has a picture without a description")
    checks.that(any("assert" in cell.source for cell in code), f"{name} asserts nothing")
    if update:
        nbformat.write(fresh, path)
    else:
        compare(checks, name, kept, fresh)


def check_colors(checks, folder):
    """The shared module's colors are those of the program's figures."""
    theme = folder.parent / "src" / "figures" / "theme.rs"
    written = theme.read_text(encoding="utf-8")
    for color in sorted(set(re.findall(r'"#([0-9A-F]{6})"', (folder / "lab.py").read_text(encoding="utf-8")))):
        red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
        checks.that(f"solid({red}, {green}, {blue})" in written, f"#{color} is no color of {theme.name}")


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    folders = [Path(argument) for argument in arguments if argument != "--update"]
    if len(folders) != 1 or not os.environ.get("PEERLAB"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = folders[0].resolve()
    os.environ["PEERLAB"] = str(Path(os.environ["PEERLAB"]).resolve())
    checks = Checks()
    paths = sorted(folder.glob("*.ipynb"))
    checks.that(bool(paths), f"no notebook in {folder}")
    with tempfile.TemporaryDirectory() as home:
        # Neither this person's kernels and profiles nor what they configured.
        for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            os.environ[variable] = str(Path(home) / variable.lower())
        for path in paths:
            check(checks, path, update)
    check_colors(checks, folder)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
