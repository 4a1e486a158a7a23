"""README's picture of a terminal is what the command lines in it print."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from cli import gradcli
from screen import LINES, svg

PICTURE = Path(__file__).resolve().parents[1] / "gradcli" / "docs" / "screen.svg"
README = PICTURE.parents[2] / "README.md"


def test_the_picture_is_fresh():
    assert PICTURE.read_text(encoding="utf-8") == svg(), "run: python -m tests.screen > gradcli/docs/screen.svg"


def test_the_picture_is_on_the_first_screen_and_needs_no_network():
    text = PICTURE.read_text(encoding="utf-8")
    assert "".join(ET.fromstring(text).itertext()).count("gradcli") >= len(LINES)
    assert text.count("http") == 1  # the name of SVG itself
    assert "(gradcli/docs/screen.svg)" in README.read_text(encoding="utf-8").partition("```")[0]


@pytest.mark.parametrize(
    ("row", "formula", "point", "kind"),
    [
        ("slope of `abs(x)` at 0", "abs(x)", "x=0", "grad"),
        ("slope of `where(x > 0, sqrt(x), 0)` at -1", "where(x > 0, sqrt(x), 0)", "x=-1", "grad"),
        ("`log(N + 1) - log(N)` at 1e10", "log(N + 1) - log(N)", "N=1e10", "eval"),
        ("its slope", "log(N + 1) - log(N)", "N=1e10", "grad"),
    ],
)
def test_what_the_table_of_the_readme_says_of_gradcli(row, formula, point, kind):
    (line,) = [line for line in README.read_text(encoding="utf-8").split("\n") if line.startswith(f"| {row} |")]
    told = line.split("|")[5].strip()
    done = gradcli(kind, formula, "--at", point, "--plain")
    assert float(told.split(",")[0]) == float(done.out)
    for side in ("-1 on the left, 1 on the right",) if "note" in told else ():
        assert side in told
        assert side in done.err
