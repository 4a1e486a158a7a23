"""Plots, decoded again: the dots of the terminal and the paths of the SVG against the formula itself."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from unittest import mock

import numpy as np
import pytest
from cli import gradcli

from gradcli.language.parser import parse
from gradcli.plotting.curve import Curve
from gradcli.plotting.section import Section
from gradcli.plotting.ticks import Ticks

BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
SVG = "{http://www.w3.org/2000/svg}"


def curve_of(text, low, high, count=161, **at):
    return Curve(Section(parse(text), 0, "x", {"x": float(low), **at}), float(low), float(high), count)


def terminal(*words, columns=80, lines=40):
    """The lines of a plot on a terminal without colours."""
    size = {"COLUMNS": str(columns), "LINES": str(lines), "FORCE_COLOR": "1", "TERM": "xterm"}
    with mock.patch.dict("os.environ", size):
        result = gradcli("plot", *words, "--no-color")
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    assert max(map(len, lines)) <= columns
    return lines


def dots(lines):
    """The set dots (column, row) of the braille signs."""
    found = set()
    for row, line in enumerate(lines):
        for column, sign in enumerate(line):
            bits = ord(sign) - 0x2800
            if 0 < bits < 256:
                found |= {(2 * column + x, 4 * row + y) for y in range(4) for x in range(2) if bits & BITS[y][x]}
    return found


def runs(points):
    """The connected parts, neighbours touching at a corner at the least."""
    left, parts = set(points), []
    while left:
        part, queue = set(), [left.pop()]
        while queue:
            x, y = queue.pop()
            part.add((x, y))
            near = {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            queue += near
        parts.append(part)
    return parts


def picture(tmp_path, *words):
    path = tmp_path / "plot.svg"
    result = gradcli("plot", *words, "-o", str(path))
    assert (result.status, result.out) == (0, ""), result.err
    return ET.fromstring(path.read_text(encoding="utf-8"))


def branches(root):
    """The subpaths of the curve, each a list of points."""
    paths = [e for e in root.iter(f"{SVG}path") if "curve" in e.get("class", "").split() and e.get("clip-path")]
    return [
        np.array([[float(n) for n in pair.split()] for pair in part.split("L")])
        for path in paths
        for part in path.get("d").split("M")[1:]
    ]


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize(
    ("text", "span", "count"),
    [
        ("sin(x)", "x=-7:7", 1), ("x**2 - 3", "x=-2:2", 1), ("abs(x - 0.3)", "x=-1:1", 1), ("exp(x)", "x=0:20", 1),
        ("cbrt(x)", "x=-1:1", 1), ("atan(1e9*x)", "x=-1:1", 1), ("tan(x)", "x=0:10", 4), ("1/x", "x=-2:2", 2),
        ("1/(x**2 - 2)", "x=-3:3", 3), ("floor(x)", "x=0.5:4.5", 5), ("gamma(x)", "x=-2.5:4", 4),
    ],
)  # fmt: skip
def test_a_continuous_branch_is_one_run_of_dots_and_nothing_joins_two(text, span, count, columns):
    assert len(runs(dots(terminal(text, "--range", span, columns=columns)))) == count


def test_no_dot_lies_in_the_column_of_a_pole_of_tan():
    lines = terminal("tan(x)", "--range", "x=0:10", columns=200)
    height = len(lines)
    for part in runs(dots(lines)):
        by_column = {}
        for x, y in part:
            by_column.setdefault(x, []).append(y)
        assert all(max(rows) - min(rows) < height * 3 for rows in by_column.values())


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_dots_are_where_the_formula_is(columns):
    lines = terminal("x**3 - 2*x", "--range", "x=-2:2", columns=columns)
    frame = next(k for k, line in enumerate(lines) if "└" in line)
    first = lines[frame].index("└") + 1
    found = dots(lines[:frame])
    wide = max(x for x, _ in found) - 2 * first
    low, high = -4 - 0.03 * 8, 4 + 0.03 * 8
    for x, y in found:
        part = (x - 2 * first) / wide
        near = [
            (1 - ((v := -2 + 4 * min(max(p, 0), 1)) ** 3 - 2 * v - low) / (high - low)) * (4 * frame - 1)
            for p in (part - 1 / wide, part, part + 1 / wide)
        ]
        assert min(near) - 1 <= y <= max(near) + 1


@pytest.mark.parametrize(
    ("text", "span", "count"),
    [
        ("sin(x)", "-7:7", 1), ("tan(x)", "0:10", 4), ("1/x", "-2:2", 2), ("floor(x)", "0.5:5.5", 6),
        ("1/x**2", "-3:3", 2), ("log(x)", "-1:3", 1), ("sqrt(x)", "-1:3", 1), ("sqrt(x**2 - 1)", "-3:3", 2),
        ("x % 1", "0.5:3.5", 4), ("sec(x)", "-5:5", 5), ("x/abs(x)", "-1:1", 2),
        ("where(x > 1, x**2, x)", "0:2", 1), ("3 + 0*x", "0:1", 1),
    ],
)  # fmt: skip
def test_each_branch_of_an_svg_is_a_subpath(tmp_path, text, span, count):
    root = picture(tmp_path, text, "--range", span)
    found = [part for part in branches(root) if len(part) > 1]
    assert len(found) == count
    for part in found:
        assert (np.diff(part[:, 0]) >= 0).all()


def test_the_subpaths_of_an_svg_are_the_curve(tmp_path):
    root = picture(tmp_path, "sin(x)", "--range", "x=0:6")
    (part,) = branches(root)
    left, right = part[0, 0], part[-1, 0]
    x = 6 * (part[:, 0] - left) / (right - left)
    top, bottom = part[:, 1].min(), part[:, 1].max()
    y = 1 - 2 * (part[:, 1] - top) / (bottom - top)
    assert np.abs(y - np.sin(x)).max() < 1e-3


@pytest.mark.parametrize(
    ("text", "low", "high", "kinds"),
    [
        ("abs(x)", -2, 2, [("kink", 0.0)]), ("abs(x - 0.3)", 0, 1, [("kink", 0.3)]), ("1/x", -1, 1, [("pole", 0.0)]),
        ("abs(x**2 - 2)", -3, 3, [("kink", -math.sqrt(2)), ("kink", math.sqrt(2))]), ("log(x)", -1, 1, [("pole", 0.0)]),
        ("floor(x)", 0.5, 3.5, [("jump", 1.0), ("jump", 2.0), ("jump", 3.0)]), ("sign(x)", -1, 1, [("jump", 0.0)]),
        ("sqrt(x)", -1, 1, [("edge", 0.0)]), ("sin(x)/x", -1, 1, [("hole", 0.0)]), ("sin(x)", 0, 100, []),
        ("cbrt(x)", -1, 1, []), ("sqrt(abs(x))", -1, 1, [("kink", 0.0)]), ("atan(1e9*x)", -1, 1, []),
        ("1/((x - 1)**2 + 1e-8)", 0, 2, []), ("exp(1/x)", -1, 1, [("overflow", 0.0)]), ("x*abs(x)", -1, 1, []),
        ("max(x, 1 - x, 0.7)", 0, 1, [("kink", 0.3), ("kink", 0.7)]), ("x**0.5", 0, 1, []),
        ("log(abs(x - 1))", 0, 3, [("pole", 1.0)]), ("round(x)", 0, 1, [("jump", 0.5)]), ("sin(1000*x)", 0, 1, []),
    ],
)  # fmt: skip
def test_what_happens_is_found_at_its_place(text, low, high, kinds):
    curve = curve_of(text, low, high)
    assert [f.kind for f in curve.features] == [kind for kind, _ in kinds]
    for feature, (_, x) in zip(curve.features, kinds, strict=True):
        assert curve.place(feature).x == pytest.approx(x, rel=4e-16, abs=1e-300)


def test_rounding_is_not_drawn_as_jumps():
    """(x - 1)**7 written out: floats give noise near 1, balls the curve."""
    text = "x**7 - 7*x**6 + 21*x**5 - 35*x**4 + 35*x**3 - 21*x**2 + 7*x - 1"
    curve = curve_of(text, 0.99, 1.01, count=41)
    assert not curve.section.spoilt
    assert curve.features == []
    ((x, y),) = curve.pieces
    assert np.abs(y - (x - 1) ** 7).max() <= 1e-4 * 1e-14


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
        (-1.0, 1.0, ["-1", "-0.5", "0", "0.5", "1"]),
        (0.0, 3e8, ["0", "1e8", "2e8", "3e8"]),
        (1e9, 1e9 + 4.5e-3, ["-0.002", "-0.001", "+0", "+0.001", "+0.002"]),
        (0.0, 5e-324 * 40, ["0", "5e-323", "1e-322", "1.5e-322"]),
    ],
)
def test_ticks_are_short_decimals(low, high, texts):
    assert [text for _, text in Ticks(low, high, 6).places] == texts
