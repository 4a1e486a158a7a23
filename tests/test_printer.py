"""The printer: what it prints parses again to the same graph."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import TABLE, by_name
from gradcli.core.structure import NOTHING, SLICE
from gradcli.language.literals import decimal_of
from gradcli.language.names import parameters
from gradcli.language.parser import parse
from gradcli.language.printer import DEEPEST, literal, snippets, to_text

# text -> the same program as the printer writes it
PRINTED = {
    "x**2+3*x+1": "x**2 + 3*x + 1",
    "-x^2": "-x**2",
    "(-x)**2": "(-x)**2",
    "2**-x": "2**-x",
    "2**-x**2": "2**-x**2",
    "(2**-x)**2": "(2**-x)**2",
    "a**b**c": "a**b**c",
    "(a**b)**c": "(a**b)**c",
    "-x*y": "-x*y",
    "-(x*y)": "-(x*y)",
    "x*-y": "x*-y",
    "--x": "-(-x)",
    "a-(b-c)": "a - (b - c)",
    "(a-b)-c": "a - b - c",
    "a+(b+c)": "a + (b + c)",
    "a/(b*c)": "a/(b*c)",
    "a/b*c": "a/b*c",
    "a*(b%c)": "a*(b%c)",
    "1/2x": "1/2*x",
    "2x²": "2*x**2",
    "0<x<1": "0 < x and x < 1",
    "(a<b)<c": "(a < b) < c",
    "a<(b<c)": "a < (b < c)",
    "not a<b": "not a < b",
    "not not a": "not not a",
    "(not a)*2": "(not a)*2",
    "not (a and b)": "not (a and b)",
    "a and b or c": "a and b or c",
    "a and (b or c)": "a and (b or c)",
    "a or (b or c)": "a or (b or c)",
    "x if c else y": "where(c, x, y)",
    "max(x,abs(y),2)": "max(x, abs(y), 2)",
    "log(x, 2)": "log_base(x, 2)",
    "clamp(x, min=0)": "clamp(x, 0, inf)",
    "arctan2(y, x)": "atan2(y, x)",
    "pi*e": "pi*e",
    "c=a*b; d=c**2; d+c": "t1 = a*b; t1**2 + t1",
    "c=t1*b; c+c": "t2 = t1*b; t2 + t2",
    "u*v, u+v": "u*v, u + v",
    "c=u*v; c, c": "t1 = u*v; t1, t1",
    "f(x)=x*x; f(a+1)": "t1 = a + 1; t1*t1",
    "x[0, 1:2, :, ::2]": "x[0, 1:2, :, ::2]",
    "[[1,2],[3,x]].T": "[[1, 2], [3, x]].T",
    "(2).T": "(2).T",
    "(A@B)@C": "A@B@C",
    "A@(B@C).T": "A@(B@C).T",
    "0.1": "0.1",
    "2.50": "2.5",
    "1_000": "1000",
    "1e400": "1e400",
    "12.5e-400": "1.25e-399",
    "1e23": "1e23",
    "0.00001": "1e-5",
    "12345678901234567890123": "12345678901234567890123",
    "μ + µ": "μ + μ",
}


@pytest.mark.parametrize(("text", "printed"), PRINTED.items(), ids=PRINTED)
def test_printed(text: str, printed: str) -> None:
    program = parse(text)
    assert to_text(program.nodes, program.results) == printed
    again = parse(printed)
    assert shape(again.nodes, again.results) == shape(program.nodes, program.results)


def shape(nodes: list[tuple], outputs: tuple[int, ...]) -> tuple[list[tuple], list[int]]:
    """The graph renumbered in the order of a depth-first walk: what is shared stays shared."""
    number: dict[int, int] = {}
    kept: list[tuple] = []
    stack = [(i, False) for i in reversed(outputs)]
    while stack:
        i, ready = stack.pop()
        if i in number:
            continue
        node = nodes[i]
        if node[0].leaf:
            number[i] = len(kept)
            kept.append(node)
        elif ready:
            number[i] = len(kept)
            kept.append((node[0], *[number[k] for k in node[1:]]))
        else:
            stack.append((i, True))
            stack += [(k, False) for k in reversed(node[1:])]
    return kept, [number[i] for i in outputs]


NUMBERS = st.one_of(
    st.integers(0, 10**40).map(str),
    st.decimals(0, 10**9, places=6).map(lambda x: f"{x:f}"),
    st.floats(0, allow_infinity=False).map(repr),
    st.builds("{}e{}".format, st.integers(0, 10**30), st.integers(-400, 400)),
)


# But for those of which an argument has a place in brackets, or that another call means.
WRITTEN = [row for row in TABLE.values() if "*" not in row.signature[1:] and row.name not in ("amax", "amin", "norm")]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple], tuple[int, ...]]:
    """Any operations on any operands: variables, constants, literals and earlier results."""
    nodes: list[tuple] = [(VARIABLE, name) for name in ("x", "t1", "变量")]
    nodes += [(CONSTANT, name) for name in ("pi", "e", "inf")]
    for text in draw(st.lists(NUMBERS, max_size=4)):
        leaf = (NUMBER, float(text), decimal_of(text))
        nodes += [leaf] if leaf not in nodes else []
    for row in draw(st.lists(st.sampled_from(WRITTEN), max_size=25)):
        several = row.signature.startswith("*")
        # max(x) of one argument is another operation.
        count = draw(st.integers(2, 4)) if several else len(parameters(row))
        nodes.append((row, *[draw(st.integers(0, len(nodes) - 1)) for _ in range(count)]))
    last = len(nodes) - 1
    return nodes, tuple(draw(st.lists(st.integers(max(0, last - 3), last), min_size=1, max_size=3)))


@settings(max_examples=400, deadline=None)
@given(graphs())
def test_any_graph_parses_again_to_itself(graph: tuple[list[tuple], tuple[int, ...]]) -> None:
    nodes, outputs = graph
    text = to_text(nodes, outputs)
    again = parse(text)
    assert shape(again.nodes, again.results) == shape(nodes, outputs), text


@pytest.mark.parametrize(
    ("start", "step"),
    [("abs(", ")"), ("(", "+1)*2"), ("-(", ")"), ("(2)**(", ")"), ("max(1,", ",2)"), ("", "+x*y"), ("", "**x")],
)
def test_deep_formulas_nest_little_and_parse_again(start: str, step: str) -> None:
    program = parse(start * 30_000 + "x" + step * 30_000)
    text = to_text(program.nodes, program.results)
    depth = deepest = 0
    for c in text:
        depth += (c == "(") - (c == ")")
        deepest = max(deepest, depth)
    assert deepest <= 2 * DEEPEST
    again = parse(text)
    assert shape(again.nodes, again.results) == shape(program.nodes, program.results)


def test_shared_nodes_do_not_multiply_the_text() -> None:
    program = parse("a = x + 1;" + "a = a*a;" * 200 + "a")
    text = to_text(program.nodes, program.results)
    assert text.count("*") == 200
    assert text.startswith("t1 = x + 1; t2 = t1*t1; t3 = t2*t2;")


def test_dead_nodes_are_not_printed() -> None:
    program = parse("a = x*5; b = x*6; b")
    assert to_text(program.nodes, program.results) == "x*6"


@settings(deadline=None)
@given(NUMBERS)
def test_a_literal_reads_back_as_the_same_decimal(text: str) -> None:
    value, decimal = float(text), decimal_of(text)
    printed = literal(value, decimal)
    assert Decimal(printed) == Decimal(text)
    assert (float(printed), decimal_of(printed)) == (value, decimal)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_computed_float_is_written_exactly(value: float) -> None:
    assert Decimal(literal(value, None)) == Decimal(value)
    assert float(literal(value, None, exact=False)) == value


def test_negative_numbers_of_optimised_graphs_stand_in_parentheses_where_needed() -> None:
    x, minus = (VARIABLE, "x"), (NUMBER, -2.0, None)
    nodes = [x, minus, (by_name("pow"), 1, 0), (by_name("pow"), 0, 1), (by_name("mul"), 2, 3), (by_name("neg"), 1)]
    assert to_text(nodes, [4]) == "(-2)**x*x**-2"
    assert to_text(nodes, [5]) == "-(-2)"


def test_infinities_and_nan_of_optimised_graphs_are_constants() -> None:
    nodes = [(NUMBER, -math.inf, None), (NUMBER, math.nan, None), (by_name("pow"), 0, 1)]
    assert to_text(nodes, [2]) == "(-inf)**nan"


def test_a_constant_whose_name_a_variable_has_taken() -> None:
    nodes = [(VARIABLE, "e"), (CONSTANT, "e"), (by_name("add"), 0, 1)]
    text = to_text(nodes, [2])
    assert text == "e + math.e"
    again = parse(text, bound={"e"})
    assert shape(again.nodes, again.results) == shape(nodes, (2,))


def test_a_slice_with_all_places() -> None:
    nodes = [(VARIABLE, "x"), (NUMBER, 2.0, None), (NOTHING,), (SLICE, 1, 2, 1), (by_name("index"), 0, 3)]
    assert to_text(nodes, [4]) == "x[2::2]"


def test_snippets_are_short_whatever_the_formula() -> None:
    program = parse("+".join(f"x*{k}" for k in range(1000)))
    snippet = snippets(program.nodes, 40)
    assert snippet(program.results[0]) == "... + ... + x*996 + x*997 + x*998 + x..."
    assert snippet(program.leaf["x"]) == "x"
    assert snippet(2) == "x*0"
