"""Notes: what happened at a point, of which kind, at which place, with which slopes (design, section 4)."""

from __future__ import annotations

import math
from math import inf

import pytest

import gradcli
from gradcli.api.function import Function
from gradcli.language.parser import parse

CASES = [
    # (text, point, [(kind, op, piece of the text, left, right)])
    ("abs(x)", {"x": 0}, [("kink", "abs", "abs(x)", {"x": -1}, {"x": 1})]),
    ("3*abs(x - 1) + x^2", {"x": 1}, [("kink", "abs", "abs(x - 1)", {"x": -1}, {"x": 5})]),
    ("relu(x)", {"x": 0}, [("kink", "relu", "relu(x)", {"x": 0}, {"x": 1})]),
    # an operand whose slope is NaN moves to no side that is known
    ("max(4, (-2)**x)", {"x": 2}, [("domain", "pow", "(-2)**x", None, None)]),
    ("max((-2)**x, 4)", {"x": 2}, [("domain", "pow", "(-2)**x", None, None)]),
    ("x if 4 > (-2)**x else 2*x", {"x": 2}, [("boundary", "gt", "4 > (-2)**x", None, None)]),
    ("leaky_relu(x)", {"x": 0}, [("kink", "leaky_relu", "leaky_relu(x)", {"x": 0.01}, {"x": 1})]),
    ("max(x, y)", {"x": 1, "y": 1}, [("kink", "max", "max(x, y)", {"x": 0, "y": 0}, {"x": 1, "y": 1})]),
    ("min(x, 2x)", {"x": 0}, [("kink", "min", "min(x, 2x)", {"x": 2}, {"x": 1})]),
    ("clamp(x, 0, 1)", {"x": 1}, [("kink", "clamp", "clamp(x, 0, 1)", {"x": 1}, {"x": 0})]),
    ("hypot(x, y)", {"x": 0, "y": 0}, [("kink", "hypot", "hypot(x, y)", {"x": -1, "y": -1}, {"x": 1, "y": 1})]),
    # the slopes agree, and another number was used: the conventions do not compose
    ("relu(x) - relu(-x)", {"x": 0},
     [("kink", "relu", "relu(x)", {"x": 1}, {"x": 1}), ("kink", "relu", "relu(-x)", {"x": 1}, {"x": 1})]),
    # the slopes agree with what was used: nothing to say
    ("abs(x)^2", {"x": 0}, []), ("max(x, 0) - max(-x, 0)", {"x": 0}, []), ("max(x, x)", {"x": 3}, []), ("elu(x)", {"x": 0}, []),
    ("floor(x)", {"x": 2}, [("jump", "floor", "floor(x)", None, None)]), ("floor(x)", {"x": 2.5}, []),
    ("round(x)", {"x": 2.5}, [("jump", "round", "round(x)", None, None)]), ("round(x)", {"x": 2}, []),
    ("sign(x)", {"x": 0}, [("jump", "sign", "sign(x)", None, None)]), ("x % 2", {"x": 4}, [("jump", "mod", "x % 2", None, None)]),
    ("heaviside(x, 1)", {"x": 0}, [("jump", "heaviside", "heaviside(x, 1)", None, None)]),
    ("where(x > 0, x, 2x)", {"x": 0}, [("boundary", "gt", "x > 0", None, None)]),
    ("x if x >= y else 2x", {"x": 1, "y": 1}, [("boundary", "ge", "x >= y", None, None)]), ("where(1 >= 1, x, 2)", {"x": 1}, []),
    ("sqrt(x)", {"x": 0}, [("infinite", "sqrt", "sqrt(x)", None, None)]), ("1/x", {"x": 0}, [("infinite", "div", "1/x", None, None)]),
    ("log(x)", {"x": 0}, [("infinite", "log", "log(x)", None, None)]), ("asin(x)", {"x": 1}, [("infinite", "asin", "asin(x)", None, None)]),
    ("log(x, 2)", {"x": 0}, [("infinite", "log_base", "log(x, 2)", None, None)]), ("log(8, b)", {"b": 1}, [("infinite", "log_base", "log(8, b)", None, None)]),
    ("x**0.5", {"x": 0}, [("infinite", "pow", "x**0.5", None, None)]), ("log(0)", {}, [("infinite", "log", "log(0)", None, None)]),
    ("log(x)", {"x": -1}, [("domain", "log", "log(x)", None, None)]), ("2 + sqrt(-x)", {"x": 1}, [("domain", "sqrt", "sqrt(-x)", None, None)]),
    ("(-2)^x", {"x": 0.5}, [("domain", "pow", "(-2)^x", None, None)]), ("x % 0", {"x": 3}, [("domain", "mod", "x % 0", None, None)]),
    ("x^y", {"x": -2, "y": 2}, [("domain", "pow", "x^y", None, None)]), ("where(sqrt(-x) > 0, 1, x)", {"x": 1},
     [("domain", "sqrt", "sqrt(-x)", None, None), ("domain", "gt", "sqrt(-x) > 0", None, None)]),
    ("exp(x)", {"x": 1000}, [("overflow", "exp", "exp(x)", None, None)]), ("x*1e308*10", {"x": 5}, [("overflow", "mul", "x*1e308", None, None)]),
    ("1e308*sin(10x)", {"x": 0.01}, [("overflow", "mul", "10x", None, None)]),
    ("exp(-1e200*x*1e200)", {"x": 1}, [("overflow", "mul", "-1e200*x*1e200", None, None)]),
    ("1/x - 1/x", {"x": 0}, [("infinite", "div", "1/x", None, None), ("indeterminate", "sub", "1/x - 1/x", None, None)]),
    ("x/x", {"x": 0}, [("indeterminate", "div", "x/x", None, None)]),
    ("sqrt(x)^2", {"x": 0}, [("infinite", "sqrt", "sqrt(x)", None, None), ("indeterminate", "sqrt", "sqrt(x)", None, None)]),
    # what is NaN is explained, also where nobody chose it
    ("relu(sqrt(x))", {"x": -1}, [("domain", "sqrt", "sqrt(x)", None, None)]),
    ("clamp(log(x), 0, 1)", {"x": -1}, [("domain", "log", "log(x)", None, None)]),
    ("gamma(x)", {"x": -1}, [("domain", "gamma", "gamma(x)", None, None)]), ("sin(x)", {"x": inf}, [("domain", "sin", "sin(x)", None, None)]),
    # infinite slopes are slopes
    ("abs(cbrt(x))", {"x": 0}, [("kink", "abs", "abs(cbrt(x))", {"x": -inf}, {"x": inf})]),
    ("atan2(y, x)", {"y": 0, "x": 0}, [("jump", "atan2", "atan2(y, x)", None, None)]),
    ("elu(x, 2)", {"x": 0}, [("kink", "elu", "elu(x, 2)", {"x": 2}, {"x": 1})]),
    ("max(x, y)", {"x": inf, "y": inf}, []), ("sqrt(x) + 1/y", {"x": 0, "y": 1e-200},
     [("infinite", "sqrt", "sqrt(x)", None, None), ("overflow", "div", "1/y", None, None)]),
    ("1e400", {}, [("overflow", "number", "1e400", None, None)]), ("where(x > 0, x, 1e400)", {"x": 1}, []),
    # the losers of max, and what no slope passes through
    ("max(1, log(x))", {"x": 0}, []), ("min(1, 1/x)", {"x": 0}, []), ("detach(sqrt(x))", {"x": 0}, []), ("floor(sqrt(x))", {"x": 0.0}, [("jump", "floor", "floor(sqrt(x))", None, None)]),
    # what is not chosen is silent
    ("where(x > 0, log(x), 1)", {"x": -1}, []), ("max(x, 2)", {"x": 1}, []), ("0 if x < 1 else abs(x - 0.5)", {"x": 0.5}, []),
    ("x > 0 and log(x) > 0", {"x": -1}, []), ("x < 0 or log(x) > 0", {"x": -1}, []), ("max(1, min(0, abs(x)))", {"x": 0}, []),
    # ordinary points are silent
    ("x**2 + 3*x + 1", {"x": 2}, []), ("abs(x)", {"x": -1}, []), ("sqrt(x)*log(x)", {"x": 2}, []),
    # a kink of constants, or of what is not differentiated, is none
    ("abs(0)*x", {"x": 1}, []), ("abs(detach(x)) + x", {"x": 0}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "point", "expected"), CASES, ids=[f"{c[0]} at {c[1]}" for c in CASES])
def test_notes(text, point, expected):
    notes = gradcli.function(text).evaluate(**point).notes
    assert [(n.kind, n.op, text[slice(*n.at)], n.left, n.right) for n in notes] == expected


def test_the_sentence_of_the_design():
    (note,) = gradcli.function("abs(x)").evaluate(x=0).notes
    assert note.message == "abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used"


def test_a_place_is_in_code_points():
    (note,) = gradcli.function("𝒳 + abs(ξ)").evaluate(X=1, ξ=0).notes
    assert note.at == (4, 10)


def test_at_most_20_notes_and_the_rest_counted():
    text = " + ".join(f"abs(x*{k})" for k in range(1, 31))
    evaluation = gradcli.function(text).evaluate(x=0)
    assert (len(evaluation.notes), evaluation.more) == (20, 10)


def test_without_a_gradient_only_the_value_is_noted():
    f = Function(parse("abs(x) + floor(x) + sqrt(x) + y/x"))
    notes = f.evaluate_at({"x": 0.0, "y": 1.0}, gradient=False).notes
    assert [(n.kind, n.op) for n in notes] == [("infinite", "div")]


def test_only_what_is_differentiated_has_kinks():
    f = Function(parse("abs(x)*y"), wrt=("y",))
    assert f.evaluate_at({"x": 0.0, "y": 1.0}).notes == []


def test_slopes_that_nobody_knows():
    (note,) = gradcli.function("clamp(0, 0*sqrt(x), 1)").evaluate(x=0.0).notes
    assert (note.kind, note.op) == ("kink", "clamp")
    assert all(math.isnan(side["x"]) for side in (note.left, note.right))
