"""Notes: what happened at a point, of which kind, at which place, with which slopes (design, section 4)."""

from __future__ import annotations

import math
from itertools import pairwise
from math import inf, nan

import numpy as np
import pytest

import gradcli
from gradcli.api.function import Function
from gradcli.api.one_sided import OneSided
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
    ("max(1, log(x))", {"x": 0}, []), ("min(1, 1/x^2)", {"x": 0}, []), ("detach(sqrt(x))", {"x": 0}, []), ("floor(sqrt(x))", {"x": 0.0}, [("jump", "floor", "floor(sqrt(x))", None, None)]),
    # what is not chosen is silent
    ("where(x > 0, log(x), 1)", {"x": -1}, []), ("max(x, 2)", {"x": 1}, []), ("0 if x < 1 else abs(x - 0.5)", {"x": 0.5}, []),
    ("x > 0 and log(x) > 0", {"x": -1}, []), ("x < 0 or log(x) > 0", {"x": -1}, []), ("max(1, min(0, abs(x)))", {"x": 0}, []),
    # ordinary points are silent
    ("x**2 + 3*x + 1", {"x": 2}, []), ("abs(x)", {"x": -1}, []), ("sqrt(x)*log(x)", {"x": 2}, []),
    # steps below a kink or a branch that loses, which the result takes all the same
    ("relu(ceil(x))", {"x": 0}, [("jump", "ceil", "ceil(x)", None, None)]), ("abs(sign(x))", {"x": 0}, [("jump", "sign", "sign(x)", None, None)]),
    ("hypot(ceil(x), 0)", {"x": 0}, [("jump", "ceil", "ceil(x)", None, None)]), ("relu(ceil(x^2))", {"x": 0}, [("jump", "ceil", "ceil(x^2)", None, None)]),
    ("max(x % 2, 0.5)", {"x": 2}, [("jump", "mod", "x % 2", None, None)]), ("heaviside(abs(x), x)", {"x": 0}, [("jump", "heaviside", "heaviside(abs(x), x)", None, None)]),
    ("x**y", {"x": 0, "y": 0}, [("jump", "pow", "x**y", None, None)]), ("sqrt(x) < 3", {"x": 0}, [("infinite", "sqrt", "sqrt(x)", None, None)]),
    # and those that it does not take
    ("relu(frac(x))", {"x": -1}, []), ("max(ceil(x), 2)", {"x": 0}, []), ("0 % y", {"y": 2}, []), ("x**0", {"x": 0}, []), ("floor(floor(x))", {"x": 2.5}, []),
    # bare conditions are boundaries
    ("where(x, 2*x + 1, 5)", {"x": 0}, [("boundary", "where", "where(x, 2*x + 1, 5)", None, None)]), ("not x", {"x": 0}, [("boundary", "logical_not", "not x", None, None)]),
    ("x and 1", {"x": 0}, [("boundary", "logical_and", "x and 1", None, None)]), ("x or 0", {"x": 0}, [("boundary", "logical_or", "x or 0", None, None)]),
    ("1 if x^2 else 2", {"x": 0}, [("boundary", "where", "1 if x^2 else 2", None, None)]), ("where(x, 2*x + 1, 5)", {"x": 1}, []), ("not (x > 0)", {"x": -1}, []),
    # what no move of a variable decides is no boundary
    ("(x > 0) == (y > 0)", {"x": 1, "y": 2}, []), ("floor(x) == 2", {"x": 2.5}, []), ("x >= x", {"x": 1}, []), ("softsign(x) > x", {"x": 0}, [("boundary", "gt", "softsign(x) > x", None, None)]),
    ("x/(1 + x) > x", {"x": 0}, []),
    # the culprit is the one whose input moves
    ("min(x, max(y, y))", {"x": 1, "y": 1}, [("kink", "min", "min(x, max(y, y))", {"x": 1, "y": 1}, {"x": 0, "y": 0})]),
    ("abs(x*y)", {"x": 0, "y": 3}, [("kink", "abs", "abs(x*y)", {"x": -3}, {"x": 3})]), ("x/abs(x)", {"x": 0}, [("indeterminate", "div", "x/abs(x)", None, None)]),
    ("max(x, 0.5, floor(x))", {"x": 3}, [("jump", "floor", "floor(x)", None, None)]), ("min(x, 0.5, log(x/(1 - x)))", {"x": 0.5}, []),
    # a number that is not 0 became 0
    ("log(ndtr(x))", {"x": -40}, [("underflow", "ndtr", "ndtr(x)", None, None), ("indeterminate", "ndtr", "ndtr(x)", None, None)]),
    ("log(sigmoid(x)) + 0*y", {"x": -800, "y": 1}, [("underflow", "sigmoid", "sigmoid(x)", None, None), ("indeterminate", "sigmoid", "sigmoid(x)", None, None)]),
    ("x*y", {"x": 1e-200, "y": 1e-200}, [("underflow", "mul", "x*y", None, None)]), ("abs(x*y)", {"x": 1e-200, "y": 1e-200}, [("underflow", "mul", "x*y", None, None)]),
    ("x*1e-400", {"x": 2}, [("underflow", "number", "1e-400", None, None)]), ("exp(-x)", {"x": inf}, []), ("0*x + x*0.0", {"x": 3}, []), ("where(x > 0, x, 1e-400)", {"x": 1}, []),
    ("1 if exp(x) > 0 else 2", {"x": -800}, [("underflow", "exp", "exp(x)", None, None)]), ("x**y", {"x": 0.5, "y": 1e4}, [("underflow", "pow", "x**y", None, None)]),
    # what a step makes of a number that became 0
    ("(x*x)**(x*x)", {"x": 1e-300}, [("underflow", "mul", "x*x", None, None)]), ("x/(y/1e300 >= 0)", {"x": 1, "y": 1e-300}, [("underflow", "div", "y/1e300", None, None)]),
    ("xlogy(x, 0) <= 1", {"x": 0}, [("infinite", "xlogy", "xlogy(x, 0)", None, None)]),
    # a pole that another piece follows beside it: 1/x is infinite on both sides, with another sign
    ("min(1, 1/x)", {"x": 0}, [("infinite", "div", "1/x", None, None)]), ("clamp(1/x, -5, 5)", {"x": 0}, [("infinite", "div", "1/x", None, None)]),
    ("clamp(x, 1, csch(y))", {"x": 0, "y": 0}, [("infinite", "csch", "csch(y)", None, None)]), ("min(1, lgamma(x))", {"x": 0}, []),
    ("where(1/x > 0, 1, 2)", {"x": 0}, [("infinite", "div", "1/x", None, None)]), ("relu(-abs(1/x))", {"x": 0}, []),
    # which side it is on shows only far off, or by slopes of a few digits
    ("not x**100", {"x": 0}, [("boundary", "logical_not", "not x**100", None, None)]), ("1 if x**40 else 2", {"x": 0}, [("boundary", "where", "1 if x**40 else 2", None, None)]),
    ("ceil(x**60)", {"x": 0}, [("jump", "ceil", "ceil(x**60)", None, None)]), ("round(x) > x*y", {"x": 0, "y": 5e-324}, [("boundary", "gt", "round(x) > x*y", None, None)]),
    ("x*1e-310 > 0", {"x": 0}, [("boundary", "gt", "x*1e-310 > 0", None, None)]),
    # a step to the side reaches over no other number, however small they are
    ("clamp(1e-300, 1e-300, y)*1e200", {"y": 0}, []), ("max(-x, -x, x)", {"x": -5e-324}, []), ("max(x, 1e-300)", {"x": 1e-300}, [("kink", "max", "max(x, 1e-300)", {"x": 0}, {"x": 1})]),
    ("max(x, 5e-324)", {"x": 5e-324}, [("kink", "max", "max(x, 5e-324)", {"x": 0}, {"x": 1})]), ("min(x, 1e-310, 2e-310)", {"x": 1e-310}, [("kink", "min", "min(x, 1e-310, 2e-310)", {"x": 1}, {"x": 0})]),
    ("clamp(x, 2, 1)", {"x": 2}, []), ("clamp(0.5, x, x)", {"x": 1}, []),
    # a value at a single point, and none beside it
    ("x >= y**y", {"x": 0, "y": -1}, [("domain", "pow", "y**y", None, None)]), ("2 >= x**x", {"x": -1}, [("domain", "pow", "x**x", None, None)]),
    ("1 if (-8)**x < 0 else x", {"x": 3}, [("domain", "pow", "(-8)**x", None, None)]), ("root(-8, n) < 0", {"n": 3}, [("domain", "root", "root(-8, n)", None, None)]),
    ("jv(n, 2) > 0", {"n": 1}, [("domain", "jv", "jv(n, 2)", None, None)]), ("lambertw(x, x)", {"x": 0}, [("domain", "lambertw", "lambertw(x, x)", None, None)]),
    ("jv(2, x) + floor(x)", {"x": 2.5}, []), ("expint(n, 2) > 0", {"n": 1}, [("domain", "expint", "expint(n, 2)", None, None)]), ("polygamma(n, x) > 0", {"n": 1, "x": 2}, [("domain", "polygamma", "polygamma(n, x)", None, None)]),
    ("x**y", {"x": -2, "y": 3}, [("domain", "pow", "x**y", None, None)]), ("x**3", {"x": -2}, []),
    # so steep at an edge that no float is near it: what reads the number steps there
    ("0.5 < x**1e-300", {"x": 0}, [("infinite", "pow", "x**1e-300", None, None)]), ("floor(x**1e-300 + 0.5)", {"x": 0}, [("infinite", "pow", "x**1e-300", None, None)]),
    ("root(x, 1e300) > 0.5", {"x": 0}, [("infinite", "root", "root(x, 1e300)", None, None)]), ("max(x**1e-300, 0.5)", {"x": 0}, [("infinite", "pow", "x**1e-300", None, None)]),
    ("(x*x)**1e-300 > 0.5", {"x": 0}, [("infinite", "pow", "(x*x)**1e-300", None, None)]), ("min(x**-1e-300, 2)", {"x": 0}, [("infinite", "pow", "x**-1e-300", None, None)]),
    # the domain ends where value and slope are finite
    ("x**1.5 < 1", {"x": 0}, [("infinite", "pow", "x**1.5", None, None)]), ("y*(expint(3, y) == expint(3, y))", {"y": 0}, [("infinite", "expint", "expint(3, y)", None, None), ("boundary", "eq", "expint(3, y) == expint(3, y)", None, None)]),
    ("gammainc(2, x) < 1", {"x": 0}, [("infinite", "gammainc", "gammainc(2, x)", None, None)]), ("betainc(2, 3, x) > 0.5", {"x": 1}, [("infinite", "betainc", "betainc(2, 3, x)", None, None)]),
    ("root(x, 0.5) < 1", {"x": 0}, [("infinite", "root", "root(x, 0.5)", None, None)]), ("root(x, 0.5)", {"x": 0}, []), ("x**1.5", {"x": 0}, []), ("x**2 < 1", {"x": 0}, []),
    ("0.5 < x**0.001", {"x": 0}, []), ("cbrt(x) > 0.5", {"x": 0}, []), ("max(sqrt(x), 0.5)", {"x": 0}, []), ("tanh(1e300*x) > 0.5", {"x": 0}, []), ("max(-800, log(x))", {"x": 0}, []),
    ("xlogy(abs(x), abs(x))", {"x": 0}, [("kink", "abs", "abs(x)", {"x": inf}, {"x": -inf}), ("infinite", "xlogy", "xlogy(abs(x), abs(x))", None, None)]),
    ("leaky_relu(x, 5e-324)", {"x": 0}, [("kink", "leaky_relu", "leaky_relu(x, 5e-324)", {"x": 5e-324}, {"x": 1})]), ("atan2(x*1e-308, -1)", {"x": 0}, [("jump", "atan2", "atan2(x*1e-308, -1)", None, None)]),
    ("leaky_relu(-3*x, 5e-324)", {"x": 0}, [("kink", "leaky_relu", "leaky_relu(-3*x, 5e-324)", {"x": -3}, {"x": -1.5e-323})]),
    ("atan2(5e-324*x, 5e-324*x)", {"x": 0}, [("jump", "atan2", "atan2(5e-324*x, 5e-324*x)", None, None)]),
    ("floor(x*1e-308)", {"x": 0}, [("jump", "floor", "floor(x*1e-308)", None, None)]),
    # what is raised to 0, and the exponent of 1, count for nothing
    ("ndtri(x)**0", {"x": 0}, []), ("1**log(x)", {"x": 0}, []), ("1**log(x)", {"x": -1}, []), ("sqrt(x)**0", {"x": 0}, []),
    # what was lost to 0 is why there is no value, or why there is one
    ("root(0, expint(2, y))", {"y": 3000}, [("underflow", "expint", "expint(2, y)", None, None)]), ("max(x, jv(tand(5e-324), y))", {"x": 1, "y": 2}, [("underflow", "tand", "tand(5e-324)", None, None)]),
    ("where(x > 0, 0*x, 1e-400)", {"x": 1}, []), ("where(x > 0, x, jv(tand(5e-324), x))", {"x": 1}, []), ("zeta(3, x)", {"x": 1e200}, [("underflow", "zeta", "zeta(3, x)", None, None)]),
    # a jump explains no slope beyond float64; an infinity that was typed hides none that was not
    ("(1 % x)*5e-324", {"x": 5e-324}, [("overflow", "mod", "1 % x", None, None)]), ("clamp(100, relu(1/(x - 1)))", {"x": 1}, [("infinite", "div", "1/(x - 1)", None, None)]),
    # a level clamp beside a step: the step is told
    ("x % cos(clamp(x, 0, 0))", {"x": 0}, [("jump", "mod", "x % cos(clamp(x, 0, 0))", None, None)]),
    # a comparison with a NaN that was given, or typed
    ("where(x > 0, 1, y)", {"x": nan, "y": 2}, [("domain", "gt", "x > 0", None, None)]), ("x != x", {"x": nan}, [("domain", "ne", "x != x", None, None)]),
    ("y if nan == y else 2*y", {"y": 1}, [("domain", "eq", "nan == y", None, None)]), ("y if x < inf else 2*y", {"x": inf, "y": 1}, []),
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


def test_slopes_beside_a_kink_are_those_at_it():
    """alpha*exp(x) changes over the step to the side; at x = -1/2 the slope is alpha*exp(0) = -1/2."""
    (note,) = gradcli.function("elu(x + 0.5, x)").evaluate(x=-0.5).notes
    assert note.right == {"x": 1.0}
    assert note.left == {"x": pytest.approx(-0.5, rel=1e-14)}


def test_what_moves_on_one_side_alone_is_no_obstacle():
    """By z the comparison steps down to the left, and stays as it is to the right."""
    f = gradcli.function("max(sqrt(leaky_relu((z >= y), x)), sqrt(leaky_relu((z >= y), x)), -1)")
    assert "boundary" in {note.kind for note in f.evaluate(z=-0.25, y=-0.25, x=0.0).notes}


@pytest.mark.parametrize("y", [2.0, 65536.0, 1e15])
def test_places_whole_turns_away_do_not_hide_a_step(y):
    assert [note.kind for note in Function(parse("trunc(cospi(y))")).evaluate(y=y).notes] == ["jump"]


def test_a_step_ends_at_its_limit():
    """Left of 1 the fraction is x: t*log(t) has the slope log(1) + 1 = 1 there, and is below 0."""
    (note,) = [n for n in gradcli.function("abs(xlogy(frac(x), frac(x)))").evaluate(x=1.0).notes if n.left]
    assert note.left == {"x": -1.0}


@pytest.mark.parametrize("text", ["clamp(hypot(x**x, x**x), pi)", "max(x**x, pi)", "min(pi, e*x**x)"])
def test_numbers_beyond_floats_stand_where_they_are(text):
    """x**x is 1.5e379, which is neither pi nor the infinite bound: no kink."""
    f = gradcli.function(text)
    assert f.proven_at({"x": "170"}, 20).notes == []


def test_numbers_of_more_digits_than_python_prints_are_no_obstacle():
    """The density at -8000 is exp(-3.2e7)/sqrt(2*pi): it ties with itself alone."""
    found = gradcli.function("min(norm_pdf(x), norm_pdf(x))").proven_at({"x": "-8000"}, 5)
    assert (found.value, found.notes) == ("1.5136e-13897424", [])


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


@pytest.mark.parametrize(
    ("text", "at", "kinds"),
    [
        ("u = log(x); x", {"x": -1.0}, ["domain"]),
        ("u = 1/x; v = u*0; x", {"x": 0.0}, ["infinite", "indeterminate"]),
        ("u = sqrt(x); where(x > 0, u, 0)", {"x": -1.0}, ["domain"]),
        ("u = log(x); sum(x)", {"x": [-1.0, 2.0]}, ["domain"]),
        ("u = log(x); u + 1", {"x": -1.0}, ["domain"]),
        ("u = log(x); x", {"x": 2.0}, []),
        ("u = abs(x); x", {"x": 0.0}, []),
    ],
)
@pytest.mark.parametrize("gradient", [True, False])
def test_a_named_value_that_is_no_number_is_explained(text, at, kinds, gradient):
    """Also where the result does not depend on it; twice, since the second time a quick function may answer."""
    f = Function(parse(text), named=True)
    point = {x: v if isinstance(v, float) else np.array(v) for x, v in at.items()}
    for evaluate in (f.evaluate_at, f.true_at):
        for _ in range(3):
            assert [note.kind for note in evaluate(point, gradient).notes] == kinds
    texts = {x: str(v) if isinstance(v, float) else v for x, v in point.items()}
    assert [note.kind for note in f.proven_at(texts, 9, gradient).notes] == kinds


def test_only_what_is_differentiated_has_kinks():
    f = Function(parse("abs(x)*y"), wrt=("y",))
    assert f.evaluate_at({"x": 0.0, "y": 1.0}).notes == []


def test_slopes_that_nobody_knows():
    (note,) = gradcli.function("clamp(0, 0*sqrt(x), 1)").evaluate(x=0.0).notes
    assert (note.kind, note.op) == ("kink", "clamp")
    assert all(math.isnan(side["x"]) for side in (note.left, note.right))


@pytest.mark.parametrize("text", ["zeta(x, x)", "1/x", "log(abs(x))", "3"])
def test_beside_a_bare_condition_all_that_is_not_0_is_true(text):
    """x**1 at 0 and x**2 beside it: the slope that the rule gives, 1, is that of neither side."""
    notes = gradcli.function(f"x**exp2(x and {text})").evaluate(x=0.0).notes
    assert [note.op for note in notes if note.kind == "boundary"] == ["logical_and"]


MANY = [f"x{i}" for i in range(400)]
DEEP = 2000
COSTLY = [
    # (text, number of variables, notes, further ones, of the first note: variables worked out, further ones)
    (" + ".join(f"abs({x})" for x in MANY), 400, 20, 380, 1, 0),
    (" + ".join(f"abs({x} - {y})" for x, y in pairwise(MANY)), 400, 20, 379, 2, 0),
    (f"max({', '.join(MANY)})", 400, 1, 0, 20, 380),
    (f"abs({' + '.join(MANY)})", 400, 1, 0, 20, 380),
    ("m0 = x0; " + "; ".join(f"m{i} = max(m{i - 1}, x{i % 2})" for i in range(1, DEEP)) + f"; m{DEEP - 1}", 2, 20, DEEP - 21, 2, 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "notes", "more", "worked_out", "further"), COSTLY)
def test_what_is_worked_out_is_bounded(monkeypatch, text, count, notes, more, worked_out, further):
    swept = set()
    by = OneSided.by
    monkeypatch.setattr(OneSided, "by", lambda self, leaf: swept.add(leaf) or by(self, leaf))
    found = gradcli.function(text).evaluate(**{f"x{i}": 0.0 for i in range(count)})
    assert (len(found.notes), found.more) == (notes, more)
    assert (len(found.notes[0].left), found.notes[0].more) == (worked_out, further)
    assert len(swept) <= 21
