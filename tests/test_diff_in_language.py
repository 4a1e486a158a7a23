"""`diff(expr, x)` inside formulas: values and gradients by the rules of calculus, written with math and mpmath."""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradcli
from gradcli.language.parser import parse

sin, cos = math.sin, math.cos

# A text, a point, the value, the partials.
CASES = {
    "diff(sin(x)*y, x) + y": ({"x": 0.5, "y": 2.0}, 2 * cos(0.5) + 2, {"x": -2 * sin(0.5), "y": cos(0.5) + 1}),
    "diff(x**5, x, 2)": ({"x": 2.0}, 160.0, {"x": 240.0}),
    "diff(x**3*y**2, x, y)": ({"x": 2.0, "y": 3.0}, 72.0, {"x": 72.0, "y": 24.0}),
    "diff(x**3*y**2, x, 2, y)": ({"x": 2.0, "y": 3.0}, 72.0, {"x": 36.0, "y": 24.0}),
    "f(u) = diff(u*x, u); f(x)": ({"x": 3.0}, 3.0, {"x": 1.0}),
    "f(u) = diff(u**3, u); f(2*x)": ({"x": 3.0}, 108.0, {"x": 72.0}),
    "d(u) = diff(u**4, u, 2); d(x) + diff(d(x), x)": ({"x": 2.0}, 96.0, {"x": 72.0}),
    "diff(diff(x**4, x), x)": ({"x": 2.0}, 48.0, {"x": 48.0}),
    "diff(y, x)": ({"y": 2.0, "x": 1.0}, 0.0, {"y": 0.0, "x": 0.0}),
    "diff(x, x)": ({"x": 1.0}, 1.0, {"x": 0.0}),
    "diff = 3; diff(x**2, x)*diff": ({"x": 1.0}, 6.0, {"x": 6.0}),
    "diff(where(x > 0, sqrt(x), 0), x)": ({"x": -1.0}, 0.0, {"x": 0.0}),
    "diff(abs(x), x)": ({"x": 0.0}, 0.0, {"x": 0.0}),
    "diff(pi*x**2, x)": ({"x": 1.0}, 2 * math.pi, {"x": 2 * math.pi}),
}


@pytest.mark.parametrize("text", CASES)
def test_a_derivative_is_an_expression(text: str) -> None:
    point, value, partials = CASES[text]
    f = gradcli.function(text)
    found = f.value_and_grad(**point)
    assert found[0] == pytest.approx(value, rel=1e-15)
    assert found[1] == pytest.approx(partials, rel=1e-15)
    assert f.variables == tuple(partials)


def test_arrays() -> None:
    value, grad = gradcli.function("diff(sum(x**3), x)[1] + sum(diff(sin(y), y))").value_and_grad(x=[1.0, 2.0], y=[0.5])
    assert value == pytest.approx(12 + cos(0.5), rel=1e-15)
    assert grad["x"].tolist() == [0.0, 12.0]
    assert grad["y"].tolist() == pytest.approx([-sin(0.5)])
    values, slopes = gradcli.function("diff(x**3, x)").map(x=[1.0, 2.0])
    assert (values.tolist(), slopes["x"].tolist()) == ([3.0, 12.0], [6.0, 12.0])


@given(st.floats(0.1, 5), st.integers(1, 4))
def test_higher_orders_are_mpmath_s(x: float, order: int) -> None:
    found = gradcli.function(f"diff(exp(sin(x))*log(x), x, {order})")(x=x)
    with mpmath.workdps(60):
        true = mpmath.diff(lambda t: mpmath.exp(mpmath.sin(t)) * mpmath.log(t), mpmath.mpf(x), order)
        assert abs(found - true) <= 1e-11 * (1 + abs(true))


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("diff(x**2, 2)", "after a variable"),
        ("diff(x**2, x, 0)", "a whole number from 1 to 20"),
        ("diff(x**2, x, 1.5)", "a whole number from 1 to 20"),
        ("diff(x**2, x + 1)", "f(x + 1) calls it"),
        ("a = 2*x; diff(a**2, a)", "write a function"),
        ("diff((x, y), x)", "write diff(x**2, x)"),
        ("np.diff(x)", "x[1:] - x[:-1]"),
        ("torch.diff(x, 1)", "x[1:] - x[:-1]"),
    ],
)
def test_what_is_no_derivative_is_an_error_with_its_cure(text: str, cure: str) -> None:
    with pytest.raises(gradcli.ExpressionError) as caught:
        gradcli.function(text)
    assert cure in str(caught.value)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("diff(softmax([x, 0])[0], x, 2)", {"x": 45.0}),
        ("diff([sqrt(x), x**3][1], x, 2)", {"x": 0.0}),
        ("diff(sum(sqrt(x)[1:]), x)[1]", {"x": [0.0, 4.0]}),
        ("diff(x[0]*x[1], x)[0]", {"x": [0.0, 0.0]}),
        ("diff(x**y, x)", {"x": 2.0, "y": 0.0}),
        ("diff(logit(x), x)", {"x": 0.5}),
    ],
)
def test_what_a_rule_chooses_is_no_choice_of_the_text(text: str, point: dict) -> None:
    assert gradcli.function(text).evaluate(**point).notes == []


@pytest.mark.parametrize(
    ("text", "point", "kinds"),
    [
        ("diff(relu(x), x)", {"x": 0.0}, {"boundary"}),
        ("diff(clamp(x, 0, 1), x)", {"x": 1.0}, {"boundary"}),
        ("diff(max(x, y), y)", {"x": 1.0, "y": 1.0}, {"boundary"}),
        ("diff(hypot(x, y), x)", {"x": 0.0, "y": 0.0}, {"boundary"}),
        ("diff(abs(x), x)", {"x": 0.0}, {"boundary", "jump"}),
        ("diff(sum(abs(x)), x)[0]", {"x": [0.0, 1.0]}, {"boundary", "jump"}),
    ],
)
def test_where_a_derivative_jumps_there_is_a_note(text: str, point: dict, kinds: set[str]) -> None:
    assert {note.kind for note in gradcli.function(text).evaluate(**point).notes} == kinds


def test_a_derivative_counts_as_what_it_is() -> None:
    text = "diff(sin(x*cos(x))*exp(x*x), x, 9)"
    with pytest.raises(gradcli.ExpressionError, match="more than 1,000 operations"):
        parse(text, max_operations=1000)
    assert len(parse(text).nodes) > 1000
