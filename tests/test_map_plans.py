"""Plans of f.map: what is rewritten costs less and says the same."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import gradcli
from gradcli.api.map import block_tape

inf, nan = math.inf, math.nan


def functions(text: str) -> list:
    return [step.function for step in block_tape(gradcli.function(text), frozenset()).plan.steps]


def test_signs_cost_nothing_where_a_literal_or_a_difference_takes_them():
    assert functions("log(1 + exp(-y*(w*x + b)))").count(np.negative) == 1  # of the argument of exp
    assert np.negative not in functions("(1 - x)**2 + 100*(y - x**2)**2")
    assert np.negative not in functions("-(2*x)*y - (-z)")


def test_a_sign_that_nothing_takes_is_a_step():
    f = gradcli.function("-x*y")
    values, grads = f.map(x=[2.0, -0.0], y=[3.0, 5.0])
    assert values.tolist() == [-6.0, 0.0]
    assert grads["x"].tolist() == [-3.0, -5.0]
    assert grads["y"].tolist() == [-2.0, 0.0]


def test_factors_of_one_and_powers_of_zero_go():
    assert functions("1*x*1 + x**0*y") == [np.add]
    values, grads = gradcli.function("1*x + y**0").map(x=[1.0, nan, 2.0], y=[nan, 1.0, 0.0])
    assert np.array_equal(values, [2.0, nan, 3.0], equal_nan=True)
    assert grads["y"].tolist()[0] == grads["y"].tolist()[2] == 0.0


def test_both_orders_are_one_step():
    assert functions("x*y + y*x").count(np.multiply) == 1
    assert np.divide not in functions("x/4 + y/0.5")
    assert np.divide in functions("x/3")  # a product with 1/3 would round twice


def test_factors_meet_where_no_overflow_hides_between_them():
    x = np.array([1e10, 1e300, -1e300, inf, 1e-300])
    for text in ("1e300*x*1e-300", "3*(2*x)", "0.1*(0.3*x)", "1e200*(1e200*x)", "-(2*(-3*x))"):
        f = gradcli.function(text)
        values, grads = f.map(x=x)
        for k, v in enumerate(x.tolist()):
            one, by = f.value_and_grad(x=v)
            assert math.isclose(values[k], one, rel_tol=5e-16), (text, v)
            assert math.isclose(grads["x"][k], by["x"], rel_tol=5e-16), (text, v)


@pytest.mark.parametrize(
    "text",
    ["1/(-(x - y))", "1/(x - y)", "1/(-x - y)", "-(x - y)*inf", "1/(0 - x*y)", "sqrt(-(x - y))", "atan2(-(x - y), -1)"],
)
def test_the_sign_of_a_zero_survives_where_it_can_be_seen(text):
    f = gradcli.function(text)
    points = [(x, y) for x in (0.0, -0.0, 2.0, -2.0) for y in (0.0, -0.0, 2.0, -2.0)]
    values, grads = f.map(x=[p[0] for p in points], y=[p[1] for p in points])
    for k, (x, y) in enumerate(points):
        one, by = f.value_and_grad(x=x, y=y)
        found = [values[k], grads["x"][k], grads["y"][k]]
        assert np.array_equal(found, [one, by["x"], by["y"]], equal_nan=True), (x, y, found)


def formula(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["x", "y", "z", "2", "-1", "0.5", "1", "3", "0"])
    a, b = formula(rng, depth - 1), formula(rng, rng.randrange(depth))
    forms = [
        f"({a} + {b})", f"({a} - {b})", f"({a}*{b})", f"({a}/{b})", f"(-{a})", f"(-({a}*{b}))", f"(-({a} - {b}))",
        f"({a})**{rng.choice([0, 1, 2, 3, -1, -2])}", f"where({a} > {b}, {a}, -{b})", f"abs({a})",
    ]  # fmt: skip
    return rng.choice(forms)


def test_random_formulas_agree_with_one_point():
    """On small dyadic numbers, where little rounds, and at the edges."""
    rng = random.Random(7)
    numbers = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, -0.25, 1e-200, 1e200, inf, -inf, nan]
    for _ in range(400):
        f = gradcli.function(formula(rng, rng.randrange(1, 6)))
        if not f.variables:
            continue
        points = [{x: rng.choice(numbers) for x in f.variables} for _ in range(20)]
        values, grads = f.map(**{x: [p[x] for p in points] for x in f.variables})
        for k, point in enumerate(points):
            one, by = f.value_and_grad(**point)
            for got, true in [(values[k], one), *[(grads[x][k], by[x]) for x in f.variables]]:
                near = math.isclose(got, true, rel_tol=1e-13, abs_tol=1e-300)
                assert near or (math.isnan(got) and math.isnan(true)), (f.text, point, got, true)
