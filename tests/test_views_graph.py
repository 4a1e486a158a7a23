"""The graph drawn: as a tree, for Graphviz, for Mermaid, as JSON."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from typing import Any

import pytest
from helpers import on_terminal

from gradcli.core.graph import VARIABLE
from gradcli.core.op import NUMBER
from gradcli.core.ops import by_name
from gradcli.language.parser import parse
from gradcli.pictures.graphview import GraphView
from gradcli.views import drawing, graphjson
from gradcli.views.screen import Screen
from gradcli.views.tree import show


def view_of(text: str, **more: Any) -> GraphView:
    program = parse(text)
    names = {i: name for name, i in program.named.items()}
    roots = [(f"result {k}" if len(program.results) > 1 else "", i) for k, i in enumerate(program.results)]
    return GraphView(program.nodes, roots, text, program.span, names=names, **more)


def tree(view: GraphView) -> str:
    file = io.StringIO()
    show(Screen(file), view)
    return file.getvalue()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


# Nodes: x, 2, x**2, 3, 3*x, x**2 + 3*x, 1, the sum.
EXAMPLE = "x**2 + 3*x + 1"
VALUES = [2.0, 2.0, 4.0, 3.0, 6.0, 10.0, 1.0, 11.0]
ADJOINTS = [7.0, 2.8, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0]


def test_tree() -> None:
    assert (
        tree(view_of(EXAMPLE))
        == """\
+  x**2 + 3*x + 1
├── +  x**2 + 3*x
│   ├── **  x**2
│   │   ├── variable x
│   │   └── number 2
│   └── *  3*x
│       ├── number 3
│       └── variable x, as above
└── number 1
"""
    )


def test_tree_with_values_and_adjoints() -> None:
    assert (
        tree(view_of(EXAMPLE, values=VALUES, adjoints=ADJOINTS))
        == """\
                                   value   adjoint
+  x**2 + 3*x + 1                  11      1
├── +  x**2 + 3*x                  10      1
│   ├── **  x**2                    4      1
│   │   ├── variable x              2      7
│   │   └── number 2
│   └── *  3*x                      6      1
│       ├── number 3
│       └── variable x, as above
└── number 1
"""
    )


def test_a_narrow_terminal_has_the_numbers_beside_the_text() -> None:
    shown = on_terminal(40, lambda screen: show(screen, view_of(EXAMPLE, values=VALUES, adjoints=ADJOINTS)))
    assert shown.splitlines()[:4] == [
        "+  x**2 + 3*x + 1  = 11  adjoint 1",
        "├── +  x**2 + 3*x  = 10  adjoint 1",
        "│   ├── **  x**2  = 4  adjoint 1",
        "│   │   ├── variable x  = 2  adjoint 7",
    ]


def test_a_shared_node_is_drawn_once() -> None:
    assert (
        tree(view_of("c = a*b; sin(c) + c*pi"))
        == """\
+  sin(c) + c*pi
├── sin  sin(c)
│   └── c = *  a*b
│       ├── variable a
│       └── variable b
└── *  c*pi
    ├── c, as above
    └── constant pi
"""
    )


def test_a_graph_that_nobody_wrote() -> None:
    nodes = [(VARIABLE, "x"), (by_name("sin"), 0), (by_name("mul"), 1, 1), (NUMBER, 2.0, None), (by_name("mul"), 3, 1)]
    assert (
        tree(GraphView(nodes, [("value", 2), ("d/dx", 4)], values=[0.0, 0.5, 0.25, 2.0, 1.0]))
        == """\
                           value
value
└── *  sin(x)*sin(x)       0.25
    ├── #1 = sin  sin(x)   0.5
    │   └── variable x     0
    └── #1, as above

d/dx
└── *  2*sin(x)            1
    ├── number 2
    └── #1, as above
"""
    )


def test_several_results() -> None:
    assert (
        tree(view_of("u*v, u"))
        == """\
result 0
└── *  u*v
    ├── variable u
    └── variable v

result 1
└── variable u, as above
"""
    )


def test_what_is_dead_is_not_drawn() -> None:
    view = view_of("a = 5*x; f(y) = y + 1; x*2")
    assert tree(view) == "*  x*2\n├── variable x\n└── number 2\n"
    assert [node["text"] for node in json.loads("".join(graphjson.pieces(view)))["nodes"]] == ["x", "2", "x*2"]


def test_a_text_of_several_lines_stays_on_one_line_and_nothing_in_it_is_markup() -> None:
    assert (
        tree(view_of("(x +  # the [bold] [/i]\n\t1)*y"))
        == """\
*  (x +  # the [bold] [/i]  1)*y
├── +  x +  # the [bold] [/i]  1
│   ├── variable x
│   └── number 1
└── variable y
"""
    )


def test_a_long_text_is_shortened() -> None:
    lines = tree(view_of("+".join(["yy"] * 40))).splitlines()
    assert lines[0] == "+  yy+yy+yy+yy+yy+yy+yy+y...y+yy+yy+yy+yy+yy+yy+yy"


def test_an_encoding_without_line_drawing() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    show(Screen(file), view_of("x*2+1"))
    file.flush()
    assert raw.getvalue() == b"+  x*2+1\n|-- *  x*2\n|   |-- variable x\n|   `-- number 2\n`-- number 1\n"


def test_a_deep_graph_says_its_depth_and_its_lines_stay_short() -> None:
    lines = tree(view_of("abs(" * 100_000 + "x" + ")" * 100_000)).splitlines()
    assert len(lines) == 100_001
    assert lines[-1].strip() == "(depth 100000) variable x"
    assert max(map(len, lines)) < 200


DOT = r"""digraph gradcli {
  rankdir=LR; ordering=in; node [fontname="monospace"];
  n0 [label="a\nvalue 2\nadjoint 1", shape=ellipse, style=filled, fillcolor=palegreen];
  n1 [label="pi\nvalue 3", shape=ellipse, style=filled, fillcolor=lavender];
  n2 [label="c = *\na*pi\nvalue 6\nadjoint 1", shape=box, style="rounded,filled", fillcolor=aliceblue];
  n3 [label="1", shape=plaintext];
  n4 [label="+\nc+1\nvalue 7\nadjoint 1", shape=box, style="rounded,filled", fillcolor=aliceblue];
  n0 -> n2;
  n1 -> n2;
  n2 -> n4;
  n3 -> n4;
}"""


def test_dot() -> None:
    view = view_of("c=a*pi; c+1", values=[2.0, 3.0, 6.0, 1.0, 7.0], adjoints=[1.0, 2.0, 1.0, 1.0, 1.0])
    assert "\n".join(drawing.dot(view)) == DOT


MERMAID = """flowchart LR
  n0(["a<br/>value 2<br/>adjoint 1"])
  n1("pi<br/>value 3")
  n2["c = #42;<br/>a#42;pi<br/>value 6<br/>adjoint 1"]
  n3("1")
  n4["#43;<br/>c#43;1<br/>value 7<br/>adjoint 1"]
  n0 --> n2
  n1 --> n2
  n2 --> n4
  n3 --> n4"""


def test_mermaid() -> None:
    view = view_of("c=a*pi; c+1", values=[2.0, 3.0, 6.0, 1.0, 7.0], adjoints=[1.0, 2.0, 1.0, 1.0, 1.0])
    assert "\n".join(drawing.mermaid(view)) == MERMAID


NASTY = '(x # " \\ \\N <b>&lt; ] } | `*1. a* #35;\n+ y)*变量'


def test_dot_keeps_any_text() -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("graphviz is not installed")
    program = parse(NASTY)
    view = GraphView(program.nodes, [('d/d"<x>', program.results[0])], NASTY, program.span)
    text = "\n".join(drawing.dot(view))
    drawn = subprocess.run([dot, "-Tplain"], input=text, capture_output=True, text=True, check=True)
    assert drawn.stderr == ""
    assert drawn.stdout.count("\nnode ") == 6
    assert drawn.stdout.count("\nedge ") == 5
    picture = subprocess.run([dot, "-Tsvg"], input=text, capture_output=True, text=True, check=True).stdout
    words = ["".join(re.findall(">([^<]*)</text>", group)) for group in picture.split("<g ")]
    assert "+x # &quot; \\ \\N &lt;b&gt;&amp;lt; ] } | `*1. a* #35; + y" in [
        word.replace("&#45;", "-") for word in words
    ]
    assert "d/d&quot;&lt;x&gt;" in words


def test_mermaid_leaves_no_sign_that_means_something() -> None:
    program = parse(NASTY)
    view = GraphView(program.nodes, [('d/d"<x>', program.results[0])], NASTY, program.span)
    for line in drawing.mermaid(view):
        for label in re.findall('"(.*)"', line):
            bare = re.sub(r"#\d+;", "", label.replace("<br/>", ""))
            assert re.fullmatch(r"[\w =,()]*", bare), line


def test_json() -> None:
    pieces = "".join(graphjson.pieces(view_of("c=x*0.5; c+pi", values=[2.0, 0.5, float("inf"), 3.0, 4.0])))
    assert pieces == (
        '{"text": "c=x*0.5; c+pi", "nodes": ['
        '{"id": 0, "op": "variable", "text": "x", "span": [2, 3], "value": 2.0}, '
        '{"id": 1, "op": "number", "number": 0.5, "text": "0.5", "span": [4, 7], "value": 0.5}, '
        '{"id": 2, "op": "mul", "args": [0, 1], "text": "x*0.5", "span": [2, 7], "value": "Infinity", "name": "c"}, '
        '{"id": 3, "op": "constant", "text": "pi", "span": [11, 13], "value": 3.0}, '
        '{"id": 4, "op": "add", "args": [2, 3], "text": "c+pi", "span": [9, 13], "value": 4.0}'
        '], "roots": [{"label": "", "id": 4}]}'
    )
    json.loads(pieces)


def test_json_of_any_text() -> None:
    program = parse(NASTY)
    graph = json.loads(
        "".join(graphjson.pieces(GraphView(program.nodes, [("", program.results[0])], NASTY, program.span)))
    )
    assert graph["text"] == NASTY


@pytest.mark.parametrize("form", [drawing.dot, drawing.mermaid, graphjson.pieces])
@pytest.mark.parametrize("text", ["abs(" * 50_000 + "x" + ")" * 50_000, "+".join(["x*y"] * 50_000)])
def test_large_graphs_are_given_out_in_short_pieces(form: Any, text: str) -> None:
    view = view_of(text)
    view.text = ""
    pieces = list(form(GraphView(view.nodes, view.roots, "", view.span)))
    assert len(pieces) > 50_000
    assert max(map(len, pieces)) < 600


# --- what is noted at a point


def test_a_root_says_what_it_stands_for_where_its_node_does_not() -> None:
    view = view_of("log(x)", values=[-1.0, float("nan")])
    view.roots = [("d/dx", 0)]
    view.answers = [float("nan")]
    assert [line.split() for line in tree(view).splitlines()[:2]] == [["value"], ["d/dx", "nan"]]
    assert '  r0 [label="d/dx\\nvalue nan", shape=plaintext];' in list(drawing.dot(view))
    assert '  r0[["d#47;dx<br/>value nan"]]' in list(drawing.mermaid(view))
    assert json.loads("".join(graphjson.pieces(view)))["roots"] == [{"label": "d/dx", "id": 0, "value": "NaN"}]
    view.answers = [-1.0]
    assert tree(view).splitlines()[1] == "d/dx"  # the line under it says the same


def test_a_graph_without_numbers_to_show_has_no_header() -> None:
    assert tree(view_of("5", values=[None], adjoints=[None])) == "number 5\n"


def test_minus_zero_is_zero_for_people() -> None:
    view = view_of("-x", values=[0.0, -0.0], adjoints=[-1.0, 1.0])
    assert "-0" not in tree(view)
    assert '"value": -0.0' in "".join(graphjson.pieces(view))
