"""`gradcli.function`: points by keyword, whatever their names; constants that the caller binds."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import gradcli


def test_the_design():
    f = gradcli.function("x**2 + 3*x + 1")
    assert f.variables == ("x",)
    assert f(x=2.0) == 11.0
    assert f.value_and_grad(x=2.0) == (11.0, {"x": 7.0})
    evaluation = f.evaluate(x=2.0)
    assert (evaluation.value, evaluation.grad, evaluation.notes) == (11.0, {"x": 7.0}, [])


def test_any_name_is_a_point_argument():
    f = gradcli.function("self + 2*point + 3*f + 4*lambda")
    assert f.value_and_grad(**{"self": 1, "point": 2, "f": 3, "lambda": 4}) == (
        30.0, {"self": 1.0, "point": 2.0, "f": 3.0, "lambda": 4.0}
    )  # fmt: skip


@pytest.mark.parametrize("two", [2, 2.0, True + 1, Fraction(2), Decimal(2), np.float32(2), np.int8(2), np.array(2.0)])
def test_any_number_is_a_value(two):
    assert gradcli.function("x**2").value_and_grad(x=two) == (4.0, {"x": 4.0})


def test_a_huge_integer_is_an_infinity():
    assert gradcli.function("x")(x=10**400) == math.inf
    assert gradcli.function("x")(x=-(10**400)) == -math.inf


def test_binding_a_constant_makes_it_a_variable():
    f = gradcli.function("e*x + pi")
    assert f.value_and_grad(x=2, e=3) == (6.0 + math.pi, {"e": 2.0, "x": 3.0})
    assert f.value_and_grad(x=2) == (2 * math.e + math.pi, {"x": math.e})


def test_binding_a_prefix_makes_it_a_variable():
    assert gradcli.function("F.relu(x)*2").value_and_grad(x=3) == (6.0, {"x": 2.0})


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        ("x + y", {"x": 1}, "no value for y\ncall it as f(x=..., y=...)"),
        ("x + y", {"x": 1, "y": 2, "z": 3}, "z is not a variable of 'x + y'\nits variables are x, y"),
        ("math.e*x", {"x": 1, "e": 3}, "e is not a variable of 'math.e*x'\nits variables are x"),
        ("3", {"x": 1}, "x is not a variable of '3'\nit has no variables"),
        ("x", {"x": "2"}, "x is not a number: '2'\ngive one number to each variable"),
        ("x", {"x": None}, "x is not a number: None\ngive one number to each variable"),
    ],
)
def test_wrong_points(text, point, message):
    with pytest.raises(ValueError, match=r".") as raised:
        gradcli.function(text).value_and_grad(**point)
    assert str(raised.value) == message


def test_a_tuple_has_values_and_no_gradient():
    f = gradcli.function("u*v, u + v")
    assert f(u=2, v=3) == (6.0, 5.0)
    with pytest.raises(ValueError, match="a tuple of results has no single gradient"):
        f.value_and_grad(u=2, v=3)


def test_names_are_compared_after_nfkc():
    micro, mu = {"µ": 3}, {"μ": 3}
    assert gradcli.function("µ**2")(**mu) == 9.0
    assert gradcli.function("μ**2")(**micro) == 9.0


def test_a_bad_text_says_where_and_how_to_mend_it():
    with pytest.raises(gradcli.ExpressionError) as raised:
        gradcli.function("2*sine(x)")
    error = raised.value
    assert isinstance(error, ValueError)
    assert (error.message, error.text, error.span, error.cure) == (
        "there is no function sine", "2*sine(x)", (2, 6), "did you mean sin?"
    )  # fmt: skip


@pytest.mark.parametrize("text", [3, b"x", None])
def test_a_text_is_a_text(text):
    with pytest.raises(TypeError, match="a formula is a str"):
        gradcli.function(text)


def test_annotated_nodes_have_value_and_adjoint():
    f = gradcli.function("c = a*b; d = c**2; d + 3")
    values, adjoints = f.annotate({"a": 1.0, "b": 2.0})
    named = {name: (values[i], adjoints[i]) for name, i in {**f.program.leaf, **f.program.named}.items()}
    assert named == {"a": (1.0, 8.0), "b": (2.0, 4.0), "c": (2.0, 4.0), "d": (4.0, 1.0)}


def test_equal_named_parts_keep_their_own_adjoints():
    from gradcli.api.function import Function

    f = Function(gradcli.function("c = a*b; d = a*b; c + 2*d").program, named=True)
    assert f.evaluate_at({"a": 1.0, "b": 2.0}).named == {"c": (2.0, 1.0), "d": (2.0, 2.0)}
