"""The ball form of every operation: it holds the true value, never raises, and knows the conventions."""

from __future__ import annotations

import itertools
import math

import flint
import pytest
from mpmath import mp, mpf
from op_reference import TABLE, as_mpf, count, exact, grid, smooth

from gradcli.domains.balls import BALLS
from gradcli.domains.float_tape import call

INF, NAN = math.inf, math.nan


def holds(ball: flint.arb, true: mpf) -> bool:
    """Does the ball contain a number that is known to 1200 bits?"""
    if not ball.is_finite():
        return not ball.is_nan()
    with mp.workprec(8000):
        slack = abs(true) * mpf(2) ** -1100
        return abs(as_mpf(ball.mid()) - true) <= as_mpf(ball.rad()) * (1 + mpf(2) ** -20) + slack


@pytest.mark.parametrize("name", TABLE)
def test_ball_holds_the_value(name: str) -> None:
    row = TABLE[name]
    for point in grid(row):
        true = exact(row, point)
        if true is None:
            continue
        for bits in (30, 53, 200):
            with flint.ctx.workprec(bits):
                assert holds(BALLS[row.name](*[flint.arb(x) for x in point]), true), (point, bits)


@pytest.mark.parametrize("name", TABLE)
def test_ball_of_wide_inputs_holds_the_value(name: str) -> None:
    row = TABLE[name]
    for point in grid(row)[:: 1 if count(row) < 3 else 5]:
        true = exact(row, point)
        if true is None or (name in ("polygamma", "sinc_derivative") and point[0] > 2):
            continue
        fixed = 1 if name in ("polygamma", "sinc_derivative") else 0
        for width in (1e-12, 0.3, 3.0):
            inputs = [flint.arb(x, abs(x) * width if k >= fixed else 0) for k, x in enumerate(point)]
            assert holds(BALLS[row.name](*inputs), true), (point, width)


@pytest.mark.parametrize("name", TABLE)
def test_enough_precision_gives_a_narrow_ball(name: str) -> None:
    """300 bits decide every ordinary point, to far more than a float."""
    row = TABLE[name]
    for point in grid(row):
        if smooth(row, point) and all(1e-20 <= abs(x) <= 1e4 or x == 0 for x in point):
            with flint.ctx.workprec(300):
                ball = BALLS[row.name](*[flint.arb(x) for x in point])
            assert ball.is_exact() or ball.rel_accuracy_bits() > 150, point


@pytest.mark.parametrize("name", TABLE)
def test_ball_form_never_raises(name: str) -> None:
    row, n = TABLE[name], count(TABLE[name])
    huge = flint.arb("1e999999999")
    wide = [flint.arb(0, 1e-20), flint.arb(1, 1e-9), flint.arb(0, INF), huge.union(-huge), flint.arb(2, 5)]
    special = [flint.arb(x) for x in (0, 1, -1, 0.5, -2.5, 1e30, -1e30, INF, -INF, NAN)]
    inputs = [*wide, *special, huge, -huge, 1 / huge] if n < 3 else [*wide[:3], *special[::3], huge]
    for arguments in itertools.product(inputs, repeat=n):
        assert isinstance(BALLS[row.name](*arguments), flint.arb)


@pytest.mark.parametrize("name", TABLE)
def test_exact_special_points_follow_the_floats(name: str) -> None:
    """Signs of zero apart, a ball at 0, 1, -1 or infinity says what the float says."""
    row, n = TABLE[name], count(TABLE[name])
    for point in itertools.product((0.0, 1.0, -1.0, INF, -INF, 0.5, -2.5, 2.0, NAN), repeat=n):
        value, ball = call(row, point), BALLS[row.name](*[flint.arb(x) for x in point])
        if ball.is_nan() and any(map(math.isnan, point)):
            continue
        if math.isnan(value):
            assert ball.is_nan(), point
        elif math.isinf(value):
            assert ball == value, point
        else:
            assert ball.overlaps(flint.arb(value, abs(value) * 1e-14 + 1e-300)), (point, value)


def test_undecided_is_not_nan() -> None:
    """NaN means that there surely is no value; a ball across the edge of the domain is undecided."""
    edge = flint.arb(0, 1e-20)
    for name in ("log", "sqrt", "rsqrt", "reciprocal", "cot", "gamma", "lgamma", "digamma", "log2"):
        ball = BALLS[name](edge)
        assert not ball.is_nan()
        assert not ball.is_finite()
    for name in ("asin", "acosh", "atanh", "logit", "erfinv"):
        ball = BALLS[name](flint.arb(1, 1e-20))
        assert not ball.is_nan()
        assert not ball.is_finite()
    assert BALLS["log"](flint.arb(-1, 0.5)).is_nan()


def test_balls_that_reach_a_removable_point_are_narrow() -> None:
    zero = flint.arb(0, 1e-20)
    for name, value in (("sinc", 1.0), ("hypot", 0.0), ("cbrt", 0.0), ("sinc_derivative", 0.0)):
        ball = BALLS[name](*([flint.arb(1), zero] if name == "sinc_derivative" else [zero] * count(TABLE[name])))
        assert ball.contains(value)
        assert ball.rad() < 1e-6


def test_powers_of_balls_across_zero() -> None:
    power = BALLS["pow"]
    x = flint.arb(0, 0.5)
    assert power(x, flint.arb(2)).contains(0.25)
    assert power(x, flint.arb(2)).rad() < 0.2
    assert power(x, flint.arb(3)).contains(-0.125)
    assert not power(x, flint.arb(-1)).is_finite()
    assert not power(x, flint.arb(0.5)).is_nan()
    assert power(flint.arb(-2, 0.5), flint.arb(0.5)).is_nan()
