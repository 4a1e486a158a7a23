"""Proven digits: the text, the ladder of precisions, and what no precision decides."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from cli import gradcli
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.api.function import Function
from gradcli.core.graph import Graph, finish, optimise
from gradcli.core.ops import TABLE
from gradcli.core.reverse import differentiate
from gradcli.domains.ball_tape import from_fraction
from gradcli.domains.digits import ProvenNumber, proven, text_of
from gradcli.language.names import parameters
from gradcli.language.parser import parse


def graph_of(text: str) -> Graph:
    """The value and every partial."""
    program = parse(text)
    leaves = [program.leaf[x] for x in program.variables]
    builder, (value, *leaves) = optimise(program.nodes, [*program.results, *leaves])
    adjoints = differentiate(builder, value, leaves)
    zero = builder.number(0.0)
    return finish(builder, [value, *[adjoints.get(i, zero) for i in leaves]])


def point_of(**at: str) -> dict[str, Graph]:
    return {name: graph_of(text) for name, text in at.items()}


def digits(text: str, n: int, **at: str) -> list[ProvenNumber]:
    return proven(graph_of(text), point_of(**at), n)[0]


def texts(text: str, n: int, **at: str) -> list[str]:
    found = digits(text, n, **at)
    assert all(x.decided and not x.why and x.node is None for x in found)
    return [x.text for x in found]


def test_the_example_of_the_design():
    assert texts("x**2 + 3*x + 1", 10, x="2") == ["11.00000000", "7.000000000"]


def test_fifty_digits():
    root = "0.70710678118654752440084436210484903928483593768847"  # sqrt(1/2), OEIS A010503
    assert texts("sin(x)*y", 50, x="pi/4", y="1") == [root, root, root]


def test_a_number_that_is_nearly_an_integer():
    # exp(pi*sqrt(163)), OEIS A060295; the digits after the point begin with twelve nines.
    assert texts("exp(pi*sqrt(163)) - 262537412640768743", 20) == ["0.99999999999925007260"]


def test_one_hundred_digits_of_gamma_and_its_slope():
    with mpmath.workdps(130):
        third = mpmath.mpf(1) / 3
        truth = [
            mpmath.nstr(f, 100, strip_zeros=False)
            for f in (mpmath.gamma(third), mpmath.gamma(third) * mpmath.digamma(third))
        ]
    assert texts("gamma(x)", 100, x="1/3") == truth


@pytest.mark.parametrize(
    ("x", "n", "text"),
    [
        ("7", 1, "7"),
        ("7", 3, "7.00"),
        ("-1/3", 5, "-0.33333"),
        ("2/3", 4, "0.6667"),
        ("0", 30, "0"),
        ("-0", 30, "0"),
        ("123.456", 3, "123"),
        ("123.456", 2, "1.2e+02"),
        ("123.456", 5, "123.46"),
        ("9.996", 3, "10.0"),
        ("999.6", 3, "1.00e+03"),
        ("0.0001234", 3, "0.000123"),
        ("0.00001234", 3, "1.23e-05"),
        ("1e15", 17, "1000000000000000.0"),
        ("1e16", 17, "1.0000000000000000e+16"),
        ("1e-2000", 2, "1.0e-2000"),
        ("1e999999999", 2, "1.0e+999999999"),
        ("inf", 5, "Infinity"),
        ("-inf", 5, "-Infinity"),
        ("nan", 5, "NaN"),
    ],
)
def test_how_numbers_are_written(x, n, text):
    assert texts("x", n, x=x)[0] == text


@settings(deadline=None)  # how long it takes is the machine's business
@given(st.fractions(max_denominator=10**12).filter(lambda q: q != 0), st.integers(-60, 60), st.integers(1, 40))
def test_a_text_is_within_one_unit_of_its_last_digit(q, power, n):
    q *= Fraction(10) ** power
    with ctx.workprec(int((n + 2) * 3.33) + 20):
        text = text_of(from_fraction(q), n)
    written = Decimal(text)
    last = Fraction(10) ** int(written.as_tuple().exponent)
    if "e" not in text and "." not in text:
        assert len(text.lstrip("-")) <= n
    assert abs(Fraction(written) - q) < last
    assert len(written.as_tuple().digits) == n


@settings(deadline=None)  # how long it takes is the machine's business
@given(st.fractions(max_denominator=1000), st.fractions(max_denominator=1000).filter(bool))
def test_rational_formulas_are_right_to_the_last_digit(a, b):
    found = texts("(x**3 - 2*x)/y", 25, x=f"({a})", y=f"({b})")
    truth = [(a**3 - 2 * a) / b, (3 * a**2 - 2) / b, -(a**3 - 2 * a) / b**2]
    for text, q in zip(found, truth, strict=True):
        assert (text == "0") == (q == 0)
        if q:
            assert abs(Fraction(Decimal(text)) - q) <= abs(q) / 10**24


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("1/x", {"x": "0"}, ["Infinity", "-Infinity"]),
        ("log(x)", {"x": "0"}, ["-Infinity", "Infinity"]),
        ("sqrt(x)", {"x": "0"}, ["0", "Infinity"]),
        ("log(x)", {"x": "-1"}, ["NaN", "-1.00"]),
        ("x**y", {"x": "-8", "y": "1/3"}, ["NaN", "NaN", "NaN"]),
        ("x*y", {"x": "0", "y": "inf"}, ["NaN", "Infinity", "0"]),
        ("x - y", {"x": "inf", "y": "inf"}, ["NaN", "1.00", "-1.00"]),
        ("where(x > 0, sqrt(x), 0)", {"x": "-1"}, ["0", "0"]),
        ("max(x, y)", {"x": "1/3", "y": "1/3"}, ["0.333", "0.500", "0.500"]),
        ("max(sin(x), x/2)", {"x": "1"}, ["0.841", "0.540"]),
        ("abs(x)", {"x": "0.1 + 0.2 - 0.3"}, ["0", "0"]),
        ("x**2", {"x": "-1/3"}, ["0.111", "-0.667"]),
        ("where(x >= 0.1, 1, 2)", {"x": "0.1"}, ["1.00", "0"]),
        ("floor(x)", {"x": "10*0.3"}, ["3.00", "0"]),
        ("x % y", {"x": "0.3", "y": "0.1"}, ["0", "1.00", "-3.00"]),
        ("sqrt(x*x)", {"x": "pi"}, ["3.14", "1.00"]),
        ("(1 + x) - 1", {"x": "1e-900"}, ["1.00e-900", "1.00"]),
    ],
)
def test_edges(text, at, expected):
    assert texts(text, 3, **at) == expected


@pytest.mark.parametrize(
    ("text", "at", "op", "shown"),
    [
        ("sin(x)", "pi", "sin", "0"),
        ("sqrt(x)**2 - 2", "2", "sub", "0"),
        ("exp(x) - exp(x + 0*pi)", "1", "sub", "0"),
        ("log(sin(x))", "pi", "log", "NaN"),
        ("1/sin(x)", "pi", "div", "NaN"),
        ("where(sqrt(x)**2 == 2, 1, 2)", "2", "eq", "NaN"),
        ("1 + 3*(sin(x) > 0)", "pi", "gt", "NaN"),
        ("floor(sqrt(x)**2)", "2", "floor", "NaN"),
        ("(-2)**(sqrt(x)**2)", "2", "pow", "NaN"),
        ("where(not (cos(x) + 1 > 0 or 0), 1, 2)", "pi", "gt", "NaN"),
        ("9**9**9**9 + x", "1", "pow", "NaN"),
        ("tan(x)", "pi/2", "tan", "NaN"),
        # Around 0, far from it or near; near 0 without it.
        ("floor(sqrt(x)**2) - 1", "2", "floor", "NaN"),
        ("(x/20)**400*(floor(sqrt(x)**2) - 1)", "2", "floor", "NaN"),
        ("(x/20)**600*(floor(sqrt(x)**2) - 1)", "2", "mul", "0"),
        ("(x/20)**600*floor(sqrt(x)**2)", "2", "floor", "NaN"),
    ],
)
def test_what_no_precision_decides_is_reported_with_its_place(text, at, op, shown):
    graph = graph_of(text)
    value = proven(graph, point_of(x=at), 10)[0][0]
    assert (value.decided, value.text) == (False, shown)
    assert value.why == ("cannot be told from 0 at 1000 decimals" if shown == "0" else "not decided at 1000 decimals")
    assert graph.nodes[value.node][0].name == op


def test_the_limit_grows_with_the_digits():
    assert "2000 decimals" in digits("sin(x)", 200, x="pi")[0].why
    assert texts("(1 + x) - 1", 200, x="1e-1500")[0].endswith("e-1500")
    assert digits("(sqrt(2)**2 + x) - 2", 10, x="1e-1500")[0].decided is False


def test_a_choice_that_does_not_matter_is_not_asked_for():
    assert digits("where(sqrt(2)**2 == 2, x, x)", 5, x="3")[0].text == "3.0000"
    assert texts("where(x > 0, 1, log(sin(pi)))", 5, x="3") == ["1.0000", "0"]


def test_the_slope_at_an_undecided_kink_is_undecided():
    graph = graph_of("abs(x)")
    value, slope = proven(graph, point_of(x="sin(pi)"), 10)[0]
    assert (value.text, value.decided, slope.text, slope.decided) == ("0", False, "NaN", False)
    assert graph.nodes[slope.node][0].decides


def test_the_precision_outside_is_as_it_was():
    before = ctx.prec
    digits("sin(x)", 100, x="pi")
    assert ctx.prec == before
    assert arb(1).is_exact()


# -- arrays -----------------------------------------------------------------------------------


def of_arrays(text: str, n: int, **at: str) -> tuple:
    """The value, and the partials as nested lists, of which every digit is proven."""
    found = Function(parse(text)).proven_at(at, n)
    assert not [note for note in found.notes if note.kind == "undecided"]
    return found.value, {x: getattr(v, "tolist", lambda v=v: v)() for x, v in found.grad.items()}


def test_small_parts_beside_a_one_are_kept():
    with mpmath.workdps(60):
        small = mpmath.exp(-40)
        value, grad = of_arrays("cross_entropy(x, 0)", 30, x="[40, 0]")
        assert abs(mpmath.mpf(value) - mpmath.log1p(small)) < small * mpmath.mpf(10) ** -29
        wanted = small / (1 + small)
        assert [mpmath.sign(mpmath.mpf(g)) for g in grad["x"]] == [-1, 1]
        assert all(abs(abs(mpmath.mpf(g)) - wanted) < wanted * mpmath.mpf(10) ** -29 for g in grad["x"])


def test_a_determinant_and_its_gradient():
    assert of_arrays("det(x)", 5, x="[[1, 2], [3, 4.5]]") == (
        "-1.5000",
        {"x": [["4.5000", "-3.0000"], ["-2.0000", "1.0000"]]},
    )


def test_a_point_of_numbers_with_an_operation_on_arrays():
    value, grad = of_arrays("std([1, 2, 4], correction=c)", 16, c="0.5")
    assert (value, grad) == ("1.366260102127946", {"c": "0.2732520204255893"})  # mpmath at 50 digits


def test_elements_are_decimals_as_typed():
    assert of_arrays("sum(x)", 20, x="[0.1, 0.2]")[0] == "0.30000000000000000000"


def test_a_point_is_shown_as_typed_where_that_is_a_decimal():
    found = Function(parse("x + y + z")).proven_at({"x": "-0.10", "y": "1/3", "z": "pi"}, 5)
    assert found.at == {"x": "-0.10", "y": "0.33333", "z": "3.1416"}


def test_elements_from_a_file_are_their_floats():
    found = Function(parse("sum(x)")).proven_at({"x": np.array([0.1, 0.2])}, 20)
    assert found.value == "0.30000000000000001665"


def test_elements_are_chosen_by_what_is_decided():
    assert of_arrays("sum(x[sqrt(x) > 1.5])", 3, x="[1, 4, 9]") == ("13.0", {"x": ["0", "1.00", "1.00"]})
    found = Function(parse("sum(x[exp(log(x)) > 2])")).proven_at({"x": "[1, 2]"}, 3)
    assert (found.value, [note.kind for note in found.notes]) == ("NaN", ["undecided"])


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        # by hand, from the decimals
        ("sum(floor(x*100))", "[0.29, 0.505]", "79.000"), ("sum(x[x*100 >= 29])", "[0.29, 0.1]", "0.29000"),
        ("argmax(x)", "[0.3, 0.1 + 0.2]", "0"), ("sort(x)[1]", "[0.1 + 0.2, 0.3]", "0.30000"),
        ("sum(x == 0.3)", "[0.1 + 0.2, 0.3 + 1e-40]", "1.0000"),
        ("sum(floor(x.reshape(2, 1) @ [[100]]))", "[0.29, 0.57]", "86.000"),
    ],
)  # fmt: skip
def test_steps_of_elements_are_decided_by_the_decimals(text, x, value):
    f = Function(parse(text))
    found = f.proven_at({"x": x} if "x" in f.variables else {}, 5)
    assert (found.value, [note.kind for note in found.notes if note.kind == "undecided"]) == (value, [])


def test_where_no_element_counts_the_partials_are_zeros():
    assert of_arrays("y + sum(0*x)", 3, x="[1, 2]", y="2") == ("2.00", {"x": ["0", "0"], "y": "1.00"})


def test_a_result_of_several_elements():
    found = Function(parse("2*x")).proven_at({"x": "[1, 1/3]"}, 4, gradient=False)
    assert found.value.tolist() == ["2.000", "0.6667"]


OPERANDS = ("nan", "inf", "-inf", "0", "1", "-1")
BINARY = [row for row in TABLE.values() if not (row.whole or row.internal or row.missing) and "," in row.signature]


@pytest.mark.parametrize("row", BINARY, ids=lambda row: row.name)
def test_floats_and_digits_agree_beside_nan_and_infinity(row):
    """Also where an operand that is NaN is not used: a NaN that counts for nothing is nobody's result."""
    names = "xyz"[: len(parameters(row))]
    f = Function(parse(f"{row.name}({', '.join(names)})"))
    for point in product(OPERANDS, repeat=len(names)):
        at = dict(zip(names, point, strict=True))
        value, grad = f.value_and_grad(**{x: float(v) for x, v in at.items()})
        found = f.proven_at(at, 10)
        if all(note.kind != "undecided" for note in found.notes):
            ours = [float(found.value), *[float(found.grad[x]) for x in names]]
            np.testing.assert_allclose(ours, [value, *[grad[x] for x in names]], rtol=1e-9, err_msg=str(at))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("heaviside(1, y)", 1.0), ("heaviside(-2, y)", 0.0), ("where(1, 3, y)", 3.0), ("where(0, y, 3)", 3.0),
        ("3 if 1 < 2 else y", 3.0), ("y**0", 1.0), ("1**y", 1.0), ("0 and y", 0.0), ("1 or y", 1.0),
    ],
)  # fmt: skip
def test_an_operand_that_is_not_used_may_be_nan(text, value):
    """Of floats, digits and arrays; 1**y and y**0 are 1 by IEEE 754-2019, 9.2.1. Its partial is 0."""
    f = Function(parse(text))
    assert f.value_and_grad(y=math.nan) == (value, {"y": 0.0})
    found = f.proven_at({"y": "nan"}, 10)
    assert (float(found.value), float(found.grad["y"])) == (value, 0.0)
    values, grad = f.map(y=np.array([math.nan, math.nan]))
    assert (values.tolist(), grad["y"].tolist()) == ([value] * 2, [0.0] * 2)


def test_an_infinite_leg_makes_an_infinite_length_beside_nan():
    """IEEE 754-2019, 9.2.1: hypot(inf, qNaN) is inf."""
    f = Function(parse("hypot(x, y)"))
    assert f(x=math.inf, y=math.nan) == math.inf
    assert f.proven_at({"x": "-inf", "y": "nan"}, 5).value == "Infinity"


NOTED = [
    # text, point, kinds of the notes: those of the decimals as typed
    ("1/x", {"x": "1e-400"}, []),
    ("log(x)", {"x": "1e-400"}, []),
    ("abs(x)", {"x": "1e-400"}, []),
    ("1e-400*x", {"x": "1"}, []),
    ("sqrt(x + 0.2 - 0.3)", {"x": "0.1"}, ["infinite"]),
    ("abs(x + 0.2 - 0.3)", {"x": "0.1"}, ["kink"]),
    ("floor(x*100)", {"x": "0.29"}, ["jump"]),
    ("x % 0.1", {"x": "1"}, ["jump"]),
    ("round(x*10)", {"x": "0.25"}, ["jump"]),
    ("trunc(x/0.1)", {"x": "0.3"}, ["jump"]),
    ("floor(x)", {"x": "1 + 1e-30"}, []),
    ("sign(x - 1)", {"x": "1 + 1e-30"}, []),
    ("x if x + 0.2 == 0.3 else 2*x", {"x": "0.1"}, ["boundary"]),
    ("x if x == 0.1 else 2*x", {"x": "0.1 + 1e-30"}, []),
    ("max(x, y)", {"x": "0.3", "y": "0.1 + 0.2"}, ["kink"]),
    ("relu(x - 1/3)", {"x": "1/3"}, ["kink"]),
    ("abs(sin(x))", {"x": "pi/3"}, []),
    ("log(ndtr(x))", {"x": "-40"}, []),
    ("exp(x)", {"x": "1e5"}, []),
    ("log(x)", {"x": "-1e-400"}, ["domain"]),
    ("floor(gelu(x*1e-400))", {"x": "0"}, ["jump"]),
    ("relu(ceil(10*x - 3))", {"x": "0.3"}, ["jump"]),
    ("1/(x - 0.1)", {"x": "0.1"}, ["infinite"]),
    ("gamma(x)", {"x": "-2"}, ["domain"]),
    ("root(fmod(x, 1), 2)", {"x": "1"}, ["jump", "infinite"]),
    ("x**1e-300 > 0.5", {"x": "0"}, ["infinite"]),
    ("max(root(x, 1e400), 0.5)", {"x": "0"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "point", "kinds"), NOTED, ids=[f"{text} at {point}" for text, point, _ in NOTED])
def test_notes_are_of_what_is_printed(text, point, kinds):
    assert [note.kind for note in Function(parse(text)).proven_at(point, 20).notes] == kinds


@pytest.mark.parametrize(
    ("text", "at", "kinds"),
    [
        ("sum(1/x)", "x=[1e-400,1]", []), ("sum(1/x)", "x=[0,1]", ["infinite"]), ("sum(abs(x))", "x=[1e-400,1]", []),
        ("sum(relu(x))", "x=[0,1]", ["kink"]), ("sum(log(x))", "x=[-1e-400,1]", ["domain"]),
        ("sum(x)*y", "x=[0,1],y=1e-500", []),
        # what is decided of decimals as typed: 0.29*100 is 29, and 0.1 + 0.2 is 0.3
        ("sum(floor(x*100))", "x=[0.29,0.505]", ["jump"]), ("sum(floor(x*100))", "x=[0.295,0.505]", []),
        ("sum(sqrt(x + 0.2 - 0.3))", "x=[0.1,0.5]", ["infinite"]), ("max(x)", "x=[0.1+0.2,0.3]", ["kink"]),
        ("abs(mean(x) - 0.2)", "x=[0.1,0.2,0.3]", ["kink"]), ("sum(x[x > 0.3])", "x=[0.1+0.2,0.5]", ["boundary"]),
        ("sum(exp(x)) + abs(x[1])", "x=[1000,0]", ["kink"]), ("sum(x if x == 0.1 else 2*x)", "x=[0.1+1e-30,1]", []),
    ],
)  # fmt: skip
def test_of_arrays_too_notes_are_of_what_is_printed(text, at, kinds):
    found = json.loads(gradcli("grad", text, "--at", at, "--digits", "20", "--json").out)
    assert [note["kind"] for note in found.get("notes", [])] == kinds
