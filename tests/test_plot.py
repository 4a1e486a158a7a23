"""Plots, decoded again: the dots of the terminal and the paths of the SVG against the formula itself."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from unittest import mock

import numpy as np
import pytest
from cli import gradcli

from gradcli.api.function import function
from gradcli.language.parser import parse
from gradcli.plotting.contours import Grid
from gradcli.plotting.curve import Curve
from gradcli.plotting.field import Field
from gradcli.plotting.levels import levels_of
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
        ("1/((x - 1)**2 + 1e-8)", 0, 2, []),
        ("exp(1/x)", -1, 1, [("overflow", 0.0), ("overflow", 0.00140888187587)]), ("x*abs(x)", -1, 1, []),
        ("max(x, 1 - x, 0.7)", 0, 1, [("kink", 0.3), ("kink", 0.7)]), ("x**0.5", 0, 1, []),
        ("log(abs(x - 1))", 0, 3, [("pole", 1.0)]), ("round(x)", 0, 1, [("jump", 0.5)]), ("sin(1000*x)", 0, 1, []),
    ],
)  # fmt: skip
def test_what_happens_is_found_at_its_place(text, low, high, kinds):
    curve = curve_of(text, low, high)
    assert [f.kind for f in curve.features] == [kind for kind, _ in kinds]
    for feature, (_, x) in zip(curve.features, kinds, strict=True):
        assert curve.place(feature).x == pytest.approx(x, rel=4e-16, abs=1e-300)


@pytest.mark.parametrize("text", ["atan(1/x)", "x/abs(x)", "tanh(1/x)", "1/(1 + exp(1/x))", "x + atan2(x, 0)"])
@pytest.mark.parametrize("count", [77, 100, 137, 149, 201, 801])
def test_a_jump_parts_the_curve_also_where_slopes_overflow_before_it(text, count):
    """1/x**2 overflows at 1e-154, and 2**(1/x) has tails that a cubic does not foretell."""
    curve = curve_of(text, -1, 3.3, count)
    assert [f.kind for f in curve.features] == ["jump"]
    ends = [(float(x[0]), float(x[-1])) for x, _ in curve.pieces if len(x) > 1]
    assert [ends[0][0], ends[-1][1]] == [-1.0, 3.3]
    assert len(ends) == 2
    assert -1e-300 <= ends[0][1] <= ends[1][0] <= 1e-300


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


SURFACES = [
    ("x**2 + y**2", (-2, 2), (-2, 2)),
    ("100*(y - x^2)^2 + (1 - x)^2", (-1.5, 1.5), (-0.5, 2)), ("x*y", (-1, 1), (-1, 1)),
    ("sin(x)*cos(y)", (-4, 4), (-3, 3)), ("sqrt(4 - x**2 - y**2)", (-3, 3), (-3, 3)), ("1/(x - y)", (-1, 1), (-1, 1)),
    ("abs(x) + abs(y - 0.1)", (-1, 1), (-1, 1)), ("floor(x) + y", (-2, 2), (-2, 2)), ("log(x) - y", (0, 2), (-2, 2)),
    ("1e-9*x + 1e-9*y**2", (0, 1), (0, 1)), ("sum([x, y])**2", (-1, 1), (-1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "y"), SURFACES, ids=[text for text, _, _ in SURFACES])
def test_every_point_of_a_contour_lies_on_its_level(text, x, y):
    grid = Grid(Field(parse(text), ("x", "y"), {"x": 0.0, "y": 0.0}), x, y, (40, 25))
    f = function(text)
    finite = grid.z[np.isfinite(grid.z)]
    spread = np.quantile(finite, 0.98) - np.quantile(finite, 0.02)
    drawn = 0
    for level, _ in levels_of(grid.z):
        for xs, ys in grid.contour(level):
            drawn += xs.size
            for px, py in zip(xs.tolist(), ys.tolist(), strict=True):
                assert x[0] <= px <= x[1]
                assert y[0] <= py <= y[1]
                assert abs(f(x=px, y=py) - level) <= 1e-6 * spread
    assert drawn > 20


def test_a_circle_is_one_closed_line_without_corners():
    grid = Grid(Field(parse("x**2 + y**2"), ("x", "y"), {"x": 0.0, "y": 0.0}), (-2, 2), (-2, 2), (40, 25))
    ((xs, ys),) = grid.contour(1.0)
    assert (xs[0], ys[0]) == (xs[-1], ys[-1])
    turns = np.unwrap(np.arctan2(ys, xs))
    assert abs(turns[-1] - turns[0]) == pytest.approx(2 * math.pi)
    assert np.abs(np.diff(turns)).max() < 0.1


def test_a_contour_goes_on_to_the_edge_of_the_domain():
    grid = Grid(
        Field(parse("x + 0*sqrt(1 - x**2 - y**2)"), ("x", "y"), {"x": 0.0, "y": 0.0}), (-2, 2), (-2, 2), (40, 25)
    )
    ((_, ys),) = grid.contour(0.6)
    assert sorted([ys[0], ys[-1]]) == pytest.approx([-0.8, 0.8], abs=1e-3)


def test_no_contour_leads_over_a_jump_or_a_pole():
    f = function("1/(x - y) + floor(x)/2")
    grid = Grid(Field(parse(f.text), ("x", "y"), {"x": 0.0, "y": 0.0}), (-2, 2), (-2, 2), (60, 40))
    for level in (-2.0, 2.0):
        for xs, ys in grid.contour(level):
            assert len(set(np.floor(xs[1:-1]))) <= 1
            assert len(set(np.sign(xs - ys))) == 1


def test_contours_of_a_saddle_do_not_cross():
    grid = Grid(Field(parse("x*y"), ("x", "y"), {"x": 0.0, "y": 0.0}), (-1, 1), (-1, 1), (3, 3))
    for level in (0.05, -0.05):
        lines = grid.contour(level)
        assert len(lines) == 2
        assert all((np.sign(xs) == np.sign(xs[0])).all() for xs, _ in lines)


@pytest.mark.parametrize(
    ("z", "texts"),
    [
        (np.linspace(0, 10, 200), ["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        (np.linspace(0, 1, 2000) ** 8 * 2000, ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]),
        (np.full(9, 2.0), []),
        (np.array([math.nan]), []),
    ],
)
def test_levels_are_readable(z, texts):
    assert set(texts) <= {text for _, text in levels_of(z)} if texts else levels_of(z) == []


def test_the_path_of_minimize_is_drawn_over_the_contours(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "(x - 1)**2 + 3*(y + 2)**2"
    assert gradcli("minimize", text, "--start", "x=5,y=5", "--trace", "steps.jsonl").status == 0
    steps = (tmp_path / "steps.jsonl").read_text().splitlines()
    root = picture(tmp_path, text, "--trace", "steps.jsonl")
    (path,) = [e for e in root.iter(f"{SVG}path") if "path" in e.get("class", "").split()]
    assert path.get("d").count("L") == len(steps) - 1
    told = [e.text or "" for e in root.iter(f"{SVG}text")]
    assert any(line.startswith("levels ") for line in told)
    assert f"steps.jsonl: {len(steps) - 1} steps from x = 5, y = 5 to x = 1, y = -2, value 0" in told
    found = [(e.get("class"), float(e.get("x")), float(e.get("y"))) for e in root.iter(f"{SVG}text")]
    ends = [(x, y) for kind, x, y in found if kind == "level ink"]
    levels = [(x, y) for kind, x, y in found if kind.startswith("level shade")]
    assert len(ends) == 2
    assert all(abs(x - a) > 30 or abs(y - b) > 14 for x, y in levels for a, b in ends)
    plain = gradcli("plot", text, "--trace", "steps.jsonl").out
    assert 2 <= plain.count("*") <= len(steps)


def test_the_steps_of_one_variable_are_points_on_the_curve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gradcli("minimize", "exp(x) - 2*x", "--start", "x=3", "--trace", "steps.jsonl")
    root = picture(tmp_path, "exp(x) - 2*x", "--trace", "steps.jsonl")
    steps = (tmp_path / "steps.jsonl").read_text().splitlines()
    assert sum("dot" in e.get("class", "") for e in root.iter(f"{SVG}circle")) == len(steps)


CSV = "t;n\n0;10.2\n1;6.1\n2;3.5\n3;2.4\n4;1.2\n5;0.9\n"


@pytest.fixture
def fitted(tmp_path, monkeypatch):
    """The folder of a table and of its fit."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decay.csv").write_text(CSV)
    words = ("fit", "a*exp(-b*t)", "decay.csv", "--delimiter", ";", "--y", "n", "--start", "a=9,b=0.4", "--json")
    (tmp_path / "fit.json").write_text(gradcli(*words).out)
    return tmp_path


def test_a_fit_is_drawn_with_data_band_and_residuals(fitted):
    root = picture(fitted, "--fit", "fit.json")
    answer = json.loads((fitted / "fit.json").read_text())
    a, b = (answer["parameters"][x]["value"] for x in "ab")
    dots = [e for e in root.iter(f"{SVG}circle") if "ink" in e.get("class", "")]
    assert len(dots) == 2 * 6
    rows = np.array([[float(x) for x in line.split(";")] for line in CSV.split()[1:]])
    above = np.array([[float(e.get("cx")), float(e.get("cy"))] for e in dots[:6]])
    below = np.array([[float(e.get("cx")), float(e.get("cy"))] for e in dots[6:]])
    for drawn, values in ((above, rows[:, 1]), (below, rows[:, 1] - a * np.exp(-b * rows[:, 0]))):
        slope, offset = np.polyfit(values, drawn[:, 1], 1)
        assert slope < 0
        assert np.abs(drawn[:, 1] - slope * values - offset).max() < 0.02
    (band,) = [e for e in root.iter(f"{SVG}path") if e.get("class") == "band"]
    assert band.get("d").endswith("Z")
    (box,) = [e[0] for e in root.iter(f"{SVG}clipPath") if e.get("id") == "panel0"]
    edges = [float(y) for y in re.findall(r" (\d+\.\d+)", band.get("d"))]
    assert float(box.get("y")) < min(edges)
    assert max(edges) < float(box.get("y")) + float(box.get("height"))
    assert len(branches(root)) == 1


def test_a_fit_of_two_predictors_is_drawn_over_its_values(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plane.csv").write_text("u,v,y\n0,0,1\n1,0,3.1\n0,1,0.4\n1,1,2\n2,1,4.2\n")
    words = ("fit", "a + b*u + c*v", "plane.csv", "--y", "y", "--start", "a=0,b=0,c=0", "--sigma", "0.1*y", "--json")
    (tmp_path / "fit.json").write_text(gradcli(*words).out)
    root = picture(tmp_path, "--fit", "fit.json")
    assert any(e.text == "fitted" for e in root.iter(f"{SVG}text"))
    assert sum("bar" in e.get("class", "") for e in root.iter(f"{SVG}path")) == 2


def test_a_fit_on_the_terminal(fitted):
    lines = terminal("--fit", "fit.json", columns=60)
    assert any("residuals" in line for line in lines)
    assert any(line.startswith("a = 10.") and "±" in line for line in lines)
    plain = gradcli("plot", "--fit", "fit.json").out
    assert plain[: plain.index("a = 10.")].count("o") == 2 * 6


def test_data_of_a_fit_that_moved_are_named(fitted):
    (fitted / "decay.csv").rename(fitted / "moved.csv")
    assert gradcli("plot", "--fit", "fit.json").status == 2
    assert gradcli("plot", "--fit", "fit.json", "moved.csv").status == 0


def test_a_png_is_written(tmp_path):
    path = tmp_path / "plot.png"
    assert gradcli("plot", "sin(x)", "--range", "x=0:6", "-o", str(path)).status == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_strict_hears_of_kinks():
    assert gradcli("plot", "abs(x)", "--range", "x=-1:1", "--strict").status == 1
    assert gradcli("plot", "x**2", "--range", "x=-1:1", "--strict").status == 0


SIDES = "slope -2.82843 on the left, 2.82843 on the right"


@pytest.mark.parametrize(
    ("text", "span", "told"),
    [
        ("abs(x)", "-1:1", "^ kink of abs(x) at x = 0: slope -1 on the left, 1 on the right"),
        ("abs(x*x - 9)", "0:4", "^ kink of abs(x*x - 9) at x = 3: slope -6 on the left, 6 on the right"),
        ("abs(x*x-2)", "0:2", f"^ kink of abs(x*x-2) at x = 1.414213562: {SIDES}"),
        ("floor(x)", "0.5:1.5", "o jump of floor(x) at x = 1: from 0 to 1"),
        ("floor(x)", "0.5:9.5", "o jumps of floor(x) at x = 1, 2, 3, 4, 5, 6 and 3 more"),
        ("1/x", "-1:1", "! pole of 1/x at x = 0"), ("1/sqrt(x)", "0:4", "! pole of 1/sqrt(x) at x = 0"),
        ("1/(x**2 - 2)", "-2:2", "! poles of 1/(x**2 - 2) at x = -1.414213562, 1.414213562"),
        ("tan(x)", "0:5", "! poles at x = 1.570796327, 4.71238898"),
        ("sqrt(x)", "-1:1", "[ no value of sqrt(x) left of x = 0"),
        ("sin(x)/x", "-1:1", "o no value of sin(x)/x at x = 0; 1 beside it"),
        ("exp(x)", "0:800", "[ beyond float64 right of x = 709.7827129"),
        ("round(3*sin(x))", "0:1", "o jump of round(3*sin(x)) at x = 0.5235987756: from 1 to 2"),
    ],
)  # fmt: skip
def test_what_happens_is_said_below(text, span, told):
    assert told in gradcli("plot", text, "--range", span).out.splitlines()


@pytest.mark.parametrize(
    "span", ["1e-300:3e-300", "0:1e-320", "1e300:3e307", "1e9:1000000000.001", "1:1.0000000000000004"]
)
def test_ranges_of_any_size_are_drawn(span):
    result = gradcli("plot", "x", "--range", span)
    assert (result.status, result.err) == (0, "")
    assert not re.search("nan|inf", result.out)


@pytest.mark.parametrize("text", ["3 + 0*x", "0*x", "1e300 + 0*x", "-5e-324 + 0*x"])
def test_a_constant_is_a_level_line(text):
    lines = terminal(text, "--range", "x=0:1")
    assert len({y for _, y in dots(lines)}) == 1


def test_a_tangent_touches_with_its_slope():
    out = gradcli("plot", "x**2", "--range", "x=-2:2", "--tangent", "x=1.5").out
    assert "* tangent at x = 1.5: slope 3, value 2.25" in out.splitlines()
    assert "no tangent at x = 0: the slope is inf" in gradcli("plot", "sqrt(x)", "--range", "0:1", "--tangent", "0").out


def test_contours_of_an_svg_are_on_their_levels(tmp_path):
    root = picture(tmp_path, "x**2 + y**2", "--range", "x=-2:2", "--range", "y=-2:2")
    paths = [e for e in root.iter(f"{SVG}path") if "contour" in e.get("class", "").split()]
    lines = [
        np.array([[float(n) for n in pair.split()] for pair in part.split("L")])
        for path in paths
        for part in path.get("d").split("M")[1:]
    ]
    circle = next(line for line in lines if np.array_equal(line[0], line[-1]))
    x, y = (circle - circle.mean(axis=0)).T
    columns = np.stack([x, y**2, y, np.ones_like(x)], axis=1)
    coefficients, *_ = np.linalg.lstsq(columns, x**2, rcond=None)
    assert np.abs(columns @ coefficients - x**2).max() < 1e-6 * max(np.ptp(line[:, 0]) for line in lines) ** 2
