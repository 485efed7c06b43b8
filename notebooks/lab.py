"""What the three notebooks share: they call the program, read its tables, and draw in its house style.

Nothing is computed here. `peerlab` runs the binary, `table` reads what it wrote, `show` puts a chart into the notebook as a
picture, with a description for who cannot see it, and `say` prints a sentence whose numbers were computed.
"""

import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import altair
import polars
import vl_convert
from IPython.display import Image, Markdown, display

OUTPUT = Path("output")

# The colors of src/figures/theme.rs; a test holds them to it. A color means the same in every figure of peerlab.
TEXT, MUTED, AXIS, GRID, PAPER = "#1A1A1A", "#595959", "#787878", "#E2E2E2", "#FFFFFF"
STRONG, WEAK, HIGHLIGHT, BACK = "#004B76", "#C3D7E6", "#C93C7A", "#B0B0B0"
ARMS = ["#0072B2", "#D55E00", "#009E73", "#4D4D4D", "#CC79A7"]
LEVELS = {"person": "#332288", "dyad": "#3C9E8E", "organization": "#882255"}


def binary():
    """The program: the one that the environment variable PEERLAB names, else the one on the path."""
    found = os.environ.get("PEERLAB") or shutil.which("peerlab")
    if not found:
        raise SystemExit(
            "peerlab is not on the path. Install it with `cargo install --path .` in its repository, or set the environment "
            "variable PEERLAB to the binary, for example target/release/peerlab, and start the kernel again."
        )
    return str(Path(found).resolve()) if Path(found).exists() else found


def peerlab(*arguments, fails=False):
    """Runs one command and returns what it prints. A command that fails stops the notebook with the program's own words,
    unless it is expected to."""
    command = [binary(), *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "NO_COLOR": "1"}
    )
    if fails:
        assert done.returncode != 0, "this was expected to fail"
        return done.stderr
    if done.returncode != 0:
        raise RuntimeError(f"peerlab {' '.join(map(str, arguments))}\n{done.stderr or done.stdout}")
    return done.stdout


def run(study, name, *options):
    """`peerlab run` into output/NAME, which is written anew if it holds something else."""
    peerlab("run", study, "--quiet", "--force", "--out", OUTPUT / name, *options)
    return OUTPUT / name


def table(folder, name):
    """A table of a run, a power search or a comparison."""
    return polars.read_parquet(Path(folder) / "tables" / f"{name}.parquet")


def lines(text, first, last=None):
    """The lines of a command's output from the first that begins with `first` to the one before `last`."""
    kept, inside = [], False
    for line in text.splitlines():
        inside = inside or line.strip().startswith(first)
        if inside and last is not None and line.strip().startswith(last):
            break
        if inside:
            kept.append(line)
    assert kept, f"no line begins with {first!r}"
    return "\n".join(kept).rstrip()


def signed(value, digits=3):
    """A number with its sign, and a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def percent(value, digits=0):
    """A share as the rest of peerlab's documents write it."""
    return f"{100 * value:.{digits}f} %".replace("-", "−")


def say(text):
    """A sentence with computed numbers."""
    display(Markdown(text))


def show(chart, description):
    """The chart as a picture that every viewer of notebooks shows, at twice its size for sharp screens."""
    picture = _smaller(vl_convert.vegalite_to_png(chart.to_json(), scale=2))
    width = int.from_bytes(picture[16:20], "big") // 2
    display(Image(data=picture, format="png", width=width, alt=description))


def _smaller(picture):
    """The same PNG, packed as well as zlib can: a quarter of what it was."""
    kept, packed, at = picture[:8], b"", 8

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        data = picture[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            packed += data
        elif kind == b"IEND":
            kept += chunk(b"IDAT", zlib.compress(zlib.decompress(packed), 9)) + chunk(kind, data)
        else:
            kept += chunk(kind, data)
        at += 12 + length
    return kept


def title(finding, *notes):
    """A title that says what was found, and under it what is shown."""
    return altair.TitleParams(finding, subtitle=list(notes))


# The type of the figures, where the repository's fonts are at hand; else what the machine has.
_fonts = Path(__file__).resolve().parent.parent / "assets" / "fonts"
BOLD = {"fontWeight": "bold"}
if _fonts.is_dir():
    vl_convert.register_font_directory(str(_fonts))
    BOLD = {"font": "Inter Semi Bold", "fontWeight": "normal"}


def _theme():
    axis = {
        "labelColor": MUTED,
        "titleColor": TEXT,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "gridColor": GRID,
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return altair.theme.ThemeConfig(
        {
            "config": {
                "background": PAPER,
                "font": "Inter, Helvetica, Arial, sans-serif",
                "padding": 12,
                "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 300},
                "axis": axis,
                "text": {"fontSize": 12, "color": TEXT},
                "header": {"labelFontSize": 12, "labelColor": TEXT, "title": None, "labelAnchor": "start"},
                "title": {
                    "anchor": "start",
                    "frame": "group",
                    "fontSize": 15,
                    "color": TEXT,
                    "offset": 14,
                    **BOLD,
                    "subtitleFontSize": 12,
                    "subtitleColor": MUTED,
                    "subtitlePadding": 5,
                },
            }
        }
    )


altair.theme.register("peerlab", enable=True)(_theme)
polars.Config(
    tbl_rows=30,
    tbl_cols=12,
    tbl_hide_column_data_types=True,
    tbl_hide_dataframe_shape=True,
    float_precision=3,
    fmt_str_lengths=60,
    tbl_width_chars=110,
)
