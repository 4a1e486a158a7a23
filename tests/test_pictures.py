"""`gradcli graph --svg` and `--png`: every node is there, nothing is cut off or on top of another, few arrows cross."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import partial
from itertools import pairwise

import pytest
from cli import gradcli
from helpers import data
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.errors import UsageError
from gradcli.language.parser import parse
from gradcli.pictures import png as rasteriser
from gradcli.pictures import svg as drawing
from gradcli.pictures.boxes import Boxes
from gradcli.pictures.crossings import crossings, ordered
from gradcli.pictures.graphview import GraphView
from gradcli.pictures.layers import Layered
from gradcli.pictures.svg import Drawing

NS = "{http://www.w3.org/2000/svg}"
# Of DejaVu Sans Mono, of 2,048 units to the em, by its table of advances.
ADVANCE = 1233 / 2048 * 12

CASES = [
    ("x**2 + 3*x + 1", "x=2"),
    ("c = a*b; sin(c) + c*pi - c/a + a", "a=2,b=0.1"),
    ("abs(x) + max(x, y)*x", "x=0,y=0"),
    ("sum(A @ x)*x[0]", "A=[[1,2],[3,4]],x=[1,2]"),
    ("u = x*y; u*u, sin(u), x", "x=2,y=3"),
    ("f(u) = abs(u); f(x) + f(y)", "x=0,y=1"),
    ("x", "x=2"),
    ("2 + 3", ""),
]


def nodes(svg: str) -> dict[int, list[ET.Element]]:
    """The elements of each node."""
    found: dict[int, list[ET.Element]] = {}
    for element in ET.fromstring(svg).iter():
        if "data-node" in element.attrib:
            found.setdefault(int(element.attrib["data-node"]), []).append(element)
    return found


def rectangle(group: ET.Element) -> tuple[float, float, float, float]:
    x, y = map(float, re.findall(r"[-\d.]+", group.attrib["transform"]))
    rect = group.find(f"{NS}rect")
    return x, y, x + float(rect.attrib["width"]), y + float(rect.attrib["height"])


def lines(*argv: str) -> tuple[str, dict]:
    svg, graph = gradcli("graph", *argv, "--svg"), gradcli("graph", *argv, "--json")
    assert (svg.status, graph.status) == (0, 0), svg.err
    return svg.out, json.loads(graph.out)


@pytest.mark.parametrize("gradient", [(), ("--gradient",)], ids=["written", "gradient"])
@pytest.mark.parametrize(("text", "point"), CASES)
def test_every_node_of_the_json_is_an_element_that_holds_its_text_and_numbers(text, point, gradient):
    if gradient and ("sin(u), x" in text or not point):
        pytest.skip("it has no gradient")
    svg, graph = lines(text, *(["--at", point] if point else []), *gradient)
    drawn = nodes(svg)
    assert drawn.keys() == {node["id"] for node in graph["nodes"]}
    for node in graph["nodes"]:
        for element in drawn[node["id"]]:
            said = ["".join(part.itertext()) for part in element.iter(f"{NS}text")]
            assert node["text"] in said
            for key in ("value", "adjoint"):
                if isinstance(node.get(key), float) and node["op"] not in ("number", "constant"):
                    assert f"{key} {node[key]!r}".removesuffix(".0") in said
    labels = ["".join(e.itertext()).strip() for e in ET.fromstring(svg).iter() if e.attrib.get("class") == "root"]
    assert [label.split("\n")[0] for label in labels] == [r["label"] for r in graph["roots"] if r["label"]]


def test_an_arrow_for_each_operand():
    svg, graph = lines("c = a*b; sin(c)*c*c + a")
    wanted = sorted((k, node["id"]) for node in graph["nodes"] for k in node.get("args", ()))
    assert sorted((int(a), int(b)) for a, b in re.findall(r'data-from="(\d+)" data-to="(\d+)"', svg)) == wanted


def test_a_leaf_that_is_used_more_than_twice_is_drawn_at_each_use():
    count = {text: len(nodes(lines(text)[0])[0]) for text in ("x*x", "x*x + 1", "x*x*x", "x*x*x*x")}
    assert count == {"x*x": 1, "x*x + 1": 1, "x*x*x": 3, "x*x*x*x": 4}


def test_colours_tell_variables_constants_numbers_operations_and_kinks_apart():
    svg, _ = lines("abs(x)*pi + 2*y", "--at", "x=0,y=1")
    classes = {group.attrib["class"] for groups in nodes(svg).values() for group in groups}
    assert classes == {
        "node variable", "node constant", "node number", "node operation", "node operation noted kink"
    }  # fmt: skip
    kinds = ("variable", "constant", "number", "operation", "kink", "noted")
    fills = [re.search(rf"\.{kind} rect \{{ fill: (#\w+)", svg)[1] for kind in kinds]
    assert len(set(fills)) == 6


def test_a_kink_is_marked_where_it_is():
    """Both calls of f have the same place in the text, and one of them is at its kink."""
    svg, graph = lines("f(u) = abs(u); f(x) + f(y)", "--at", "x=0,y=1")
    marked = [i for i, groups in nodes(svg).items() if "kink" in groups[0].attrib["class"]]
    (x,) = [node["id"] for node in graph["nodes"] if node["text"] == "x"]
    assert [node["args"] for node in graph["nodes"] if node["id"] in marked] == [[x]]
    assert "kink" in gradcli("graph", "abs(x)", "--at", "x=0", "--svg", "--quiet").out


@pytest.mark.parametrize("dark", [0, 1])
def test_texts_and_arrows_are_legible_on_what_is_under_them(dark):
    """Contrast of WCAG 2.1: 4.5 for text, 3 for what is no text."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: str, b: str) -> float:
        high, low = sorted((luminance(a), luminance(b)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    inks = {name: pair[dark] for name, *pair in drawing.INKS}
    fills = [pair[dark][0] for _, *pair in drawing.COLOURS]
    assert min(contrast(inks[name], fill) for name in ("text", "label") for fill in fills) >= 4.5
    assert contrast(inks["arrow"], fills[0]) >= 3


# --- any text


ODD = st.text(st.characters(exclude_categories=()), max_size=12)


@given(ODD, ODD)
def test_any_text_makes_well_formed_xml(label, comment):
    text = f'(x +  # "<&>]]> {comment}'.split("\n")[0].replace("\r", " ") + "\n1)*变量"
    program = parse(text)
    view = GraphView(program.nodes, [(f"d/d<{label}>", program.results[0])], text, program.span)
    svg = "\n".join(Drawing(view).lines())
    ET.fromstring(svg.encode("utf-8"))
    assert set(re.findall(r"\w+://[^\s\"']+", re.sub(r"<text.*?</text>|aria-label=\"[^\"]*\"", "", svg))) == {
        "http://www.w3.org/2000/svg"
    }
    assert "<script" not in svg


# --- where things stand


FORMS = ("sin({})", "{}*{}", "{} + {}", "max({}, {})", "exp({})*pi")


@st.composite
def programs(draw):
    """A statement after another, each of what was assigned before, near or far."""
    names, statements = ["x", "y", "2"], []
    for k in range(draw(st.integers(1, 25))):
        form = draw(st.sampled_from(FORMS))
        operands = [names[-1 - draw(st.integers(0, min(len(names) - 1, 9)))] for _ in range(form.count("{}"))]
        statements.append(f"v{k} = {form.format(*operands)}")
        names.append(f"v{k}")
    return "; ".join([*statements, f"{names[-1]}, {names[-2]}"])


def view_of(text: str) -> GraphView:
    program = parse(text)
    roots = [(f"result {k + 1}" if len(program.results) > 1 else "", i) for k, i in enumerate(program.results)]
    return GraphView(program.nodes, roots, text, program.span)


@given(programs())
@settings(deadline=None, max_examples=40)
def test_boxes_are_apart_hold_their_texts_and_stand_above_what_uses_them(text):
    root = ET.fromstring("\n".join(Drawing(view_of(text)).lines()))
    groups = [g for g in root.iter(f"{NS}g") if "data-node" in g.attrib or "data-root" in g.attrib]
    boxes = [rectangle(group) for group in groups]
    for k, (left, top, right, bottom) in enumerate(boxes):
        assert all(left >= r or right <= x or top >= b or bottom <= y for x, y, r, b in boxes[:k])
        assert max(len("".join(t.itertext())) for t in groups[k].iter(f"{NS}text")) * ADVANCE < right - left
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert max(box[2] for box in boxes) < width
    assert max(box[3] for box in boxes) < height
    for path in root.iter(f"{NS}path"):
        (x, y), *_, (end, bottom) = points(path.attrib["d"])
        assert any(left < x < right and abs(y - b) < 0.2 for left, _, right, b in boxes)
        assert any(left < end < right and abs(bottom - t) < 0.2 for left, t, right, _ in boxes)
        assert y < bottom


def points(d: str, steps: int = 8) -> list[tuple[float, float]]:
    """Points on the path of an arrow, without its head."""
    found: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MVC])([^MVCL]*)", d[: d.rindex("M")]):
        given = [float(x) for x in numbers.split()]
        if letter == "M":
            found.append((given[0], given[1]))
        elif letter == "V":
            found.append((found[-1][0], given[0]))
        else:
            found += curve([found[-1], *zip(given[::2], given[1::2], strict=True)], steps)
    return found


def curve(controls, steps):
    """Points on Bezier curves that follow each other."""
    found = []
    for k in range(0, len(controls) - 1, 3):
        for t in [step / steps for step in range(1, steps + 1)]:
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            found.append(
                tuple(sum(w * p[i] for w, p in zip(weights, controls[k : k + 4], strict=True)) for i in (0, 1))
            )
    return found


def crossed(arrows: list[list[tuple[float, float]]]) -> int:
    """How often polylines cross each other."""

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    def cross(p, q, r, s):
        if max(p[0], q[0]) < min(r[0], s[0]) or max(r[0], s[0]) < min(p[0], q[0]):
            return False
        if max(p[1], q[1]) < min(r[1], s[1]) or max(r[1], s[1]) < min(p[1], q[1]):
            return False
        sides = side(p, q, r), side(p, q, s), side(r, s, p), side(r, s, q)
        return min(map(abs, sides)) > 1e-6 and sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0

    # Pieces in order of their upper ends: only those above the lower end of a piece can cross it.
    pieces = [(min(p[1], q[1]), max(p[1], q[1]), k, p, q) for k, line in enumerate(arrows) for p, q in pairwise(line)]
    pieces.sort()
    found = 0
    for i, (_, lower, k, p, q) in enumerate(pieces):
        for upper, _, other, r, s in pieces[i + 1 :]:
            if upper > lower:
                break
            found += k != other and cross(p, q, r, s)
    return found


def drawn(text: str) -> list[list[tuple[float, float]]]:
    svg = ET.fromstring("\n".join(Drawing(view_of(text)).lines()))
    return [points(path.attrib["d"]) for path in svg.iter(f"{NS}path")]


@given(programs())
@settings(deadline=None, max_examples=30)
def test_the_crossings_that_are_counted_are_those_that_are_drawn(text):
    boxes = Boxes(view_of(text))
    layered = Layered(boxes.layers, boxes.arrows)
    rows = ordered(layered)
    counted = sum(crossings(rows[k + 1], rows[k], layered.below) for k in range(len(rows) - 1))
    assert crossed(drawn(text)) <= counted  # arrows that share their bends cross another one as one


@given(
    st.recursive(st.sampled_from(["x0", "x1", "3"]), lambda t: st.tuples(st.sampled_from("+*"), t, t), max_leaves=20)
)
@settings(deadline=None)
def test_the_arrows_of_a_tree_never_cross(tree):
    names = iter(f"x{k}" for k in range(100))

    def text(t):
        return next(names) if isinstance(t, str) else f"({text(t[1])}{t[0]}{text(t[2])})"

    assert crossed(drawn(text(tree))) == 0


def test_fewer_arrows_cross_than_in_graphviz_over_all_formulas():
    """The same boxes and arrows, and dot free to order them as it likes."""
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("graphviz is not installed")
    ours, graphs = 0, []
    for item in data("formulas.jsonl"):
        ours += crossed(drawn(item["expr"]))
        found = Boxes(view_of(item["expr"]))
        sizes = [(w / 72, h / 72) for w, h in (box.size for box in found.boxes)]
        boxes = [f'n{i}[label="",width={w},height={h}]' for i, (w, h) in enumerate(sizes)]
        arrows = [f"n{a}->n{b}" for a, b in found.arrows]
        graphs.append("digraph{node[shape=box,fixedsize=true];edge[dir=none];" + ";".join(boxes + arrows) + "}")
    plain = subprocess.run([dot, "-Tplain"], input="\n".join(graphs), capture_output=True, text=True, check=True).stdout
    theirs = 0
    for graph in plain.split("stop\n"):
        arrows = []
        for line in re.findall(r"^edge \S+ \S+ \d+ ([-\d. e]+) solid", graph, re.MULTILINE):
            numbers = [72 * float(x) for x in line.split()]
            controls = list(zip(numbers[::2], numbers[1::2], strict=True))
            arrows.append([controls[0], *curve(controls, 8)])
        theirs += crossed(arrows)
    assert len(graphs) > 100
    assert ours < theirs, (ours, theirs)


def test_what_is_used_far_away_is_drawn_again_there():
    """Else its arrow would pass hundreds of layers."""
    svg, _ = lines("c = sin(x); " + "*".join(["c"] * 300))
    (c,) = [groups for groups in nodes(svg).values() if "".join(groups[0].itertext()).split()[:2] == ["c", "="]]
    assert len(c) > 200
    assert [g.attrib["class"].endswith("again") for g in c].count(False) == 1


@pytest.mark.parametrize("text", ["abs(" * 1_999 + "x" + ")" * 1_999, "+".join(f"x{k}" for k in range(1000))])
def test_large_graphs_are_drawn(text):
    result = gradcli("graph", text, "--svg")
    assert result.status == 0
    assert len(nodes(result.out)) == (2000 if "abs" in text else 1999)


# --- files


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("g.svg", b"<svg xmlns="), ("G.SVG", b"<svg xmlns="), ("g.png", b"\x89PNG\r\n"), ("g.dot", b"digraph"),
        ("g.gv", b"digraph"), ("g.mmd", b"flowchart LR"), ("g.json", b'{"text"'), ("g.txt", b"+  x + 1"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_says_what_is_drawn(tmp_path, name, start):
    pytest.importorskip("resvg_py")
    path = tmp_path / name
    result = gradcli("graph", "x + 1", "-o", str(path))
    assert (result.status, result.out, result.err) == (0, "", "")
    assert path.read_bytes().startswith(start)


def test_an_option_decides_whatever_the_name(tmp_path):
    path = tmp_path / "graph"
    assert gradcli("graph", "x + 1", "--svg", "-o", str(path)).status == 0
    assert path.read_text(encoding="utf-8") == gradcli("graph", "x + 1", "--svg", "-o", "-").out


def test_notes_are_told_beside_a_picture(tmp_path):
    result = gradcli("graph", "abs(x)", "--at", "x=0", "-o", str(tmp_path / "g.svg"))
    assert result.err.startswith("note: abs has a kink at 0")


def test_png_is_the_svg_twice_as_large():
    pytest.importorskip("resvg_py")
    raw = gradcli("graph", "x**2 + 3*x + 1", "--at", "x=2", "--png").raw
    width, height = struct.unpack(">II", raw[16:24])
    root = ET.fromstring(gradcli("graph", "x**2 + 3*x + 1", "--at", "x=2", "--svg").out)
    assert abs(width - 2 * float(root.attrib["width"])) <= 2
    assert abs(height - 2 * float(root.attrib["height"])) <= 2


def test_a_terminal_gets_no_png():
    pytest.importorskip("resvg_py")
    pty = pytest.importorskip("pty")
    terminal, slave = pty.openpty()
    with open(terminal, "rb"), open(slave, "wb") as output:
        words = [sys.executable, "-m", "gradcli", "graph", "x", "--png", "--no-color"]
        done = subprocess.run(words, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "gradcli: a PNG is no text for a terminal\nwrite it into a file: -o FILE.png\n"


def test_without_a_font_there_is_no_png(monkeypatch):
    resvg_py = pytest.importorskip("resvg_py")
    monkeypatch.setattr(resvg_py, "svg_to_bytes", partial(resvg_py.svg_to_bytes, skip_system_fonts=True))
    with pytest.raises(UsageError, match="no font is installed"):
        rasteriser.png("<svg/>", 9, 9, drawing.FONTS)


def test_a_png_has_a_limit():
    pytest.importorskip("resvg_py")
    with pytest.raises(UsageError, match="the PNG would have 400 by 500,000 pixels\nan SVG has no limit"):
        rasteriser.png("<svg/>", 400, 500_000, drawing.FONTS)
