"""README's picture of a terminal, drawn from what command lines print.

python -m tests.screen > gradcli/docs/screen.svg
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[1]
LINES = (
    'gradcli grad "x**2 + 3*x + 1" --at x=2',
    'gradcli grad "y*abs(x - 1)" --at x=1,y=2 --no-check',
    'gradcli grad "erf(x)/x" --at x=2 --digits 40 --no-check',
    'gradcli plot "x/3 - 1/x" --range x=-4:4 --tangent x=2',
)
COLUMNS, ROWS = 80, 16  # of the terminal
DOTS = "".join(
    [f'<circle cx="{22 + 20 * k}" cy="18" r="6" fill="{c}"/>' for k, c in enumerate(("#ff5f57", "#febc2e", "#28c840"))]
)
CELL, LINE, MARGIN, BAR = 8.4, 19, 18, 34  # pixels: of a cell and of a line, around the text, above it
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#56d4dd"}
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>gradcli in a terminal</title>
<desc>Made by python -m tests.screen, do not edit.</desc>
<style>
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d1d7e0; white-space: pre }}
.b {{ font-weight: bold; fill: #ffffff }}
.d {{ fill: #9198a1 }}
{colours}
</style>
<rect width="{width}" height="{height}" rx="10" fill="#151b23"/>
{dots}"""


def printed(line: str) -> list[str]:
    """What a command line prints on a terminal with colours, beneath the line itself."""
    settings = {
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
        "LINES": str(ROWS),
        "PYTHONPATH": str(ROOT),
    }
    environment = {name: x for name, x in os.environ.items() if name not in ("NO_COLOR", "TTY_COMPATIBLE")}
    command = line.replace("gradcli", f"{sys.executable} -m gradcli", 1)
    done = subprocess.run(
        ["bash", "-c", f"{command} 2>&1"], capture_output=True, text=True, check=True, env={**environment, **settings}
    )
    return [f"\x1b[2m$\x1b[0m \x1b[1m{line}\x1b[0m", *done.stdout.rstrip("\n").split("\n"), ""]


def svg() -> str:
    """The picture."""
    lines = [line for command in LINES for line in printed(command)][:-1]
    width, height = round(COLUMNS * CELL + 2 * MARGIN), BAR + len(lines) * LINE + MARGIN
    colours = "\n".join([f".c{number} {{ fill: {colour} }}" for number, colour in COLOURS.items()])
    drawn = [HEAD.format(width=width, height=height, colours=colours, dots=DOTS)]
    for k, line in enumerate(lines):
        drawn += _line(line, BAR + (k + 1) * LINE)
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _line(line: str, y: int) -> list[str]:
    """Its texts of one style each, which stand in their cells whatever the font."""
    found, column, style = [], 0, ""
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        if part.startswith("\x1b"):
            numbers = part[2:-1].split(";")
            style = " ".join([{"1": "b", "2": "d"}.get(n, f"c{n}") for n in numbers if n != "0"])
            continue
        for blank, group in groupby(part, str.isspace):
            text = "".join(group)
            if not blank:
                look = f' class="{style}"' if style else ""
                place = f'x="{MARGIN + column * CELL:.1f}" y="{y}" textLength="{cell_len(text) * CELL:.1f}"'
                found.append(f"<text {place}{look}>{escape(text, quote=False)}</text>")
            column += cell_len(text)
    return found


if __name__ == "__main__":
    sys.stdout.write(svg())
