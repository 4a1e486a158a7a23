"""The rules of every operation, first and second order, against differences of balls."""

from __future__ import annotations

import math

import flint
import pytest
from op_reference import TABLE, count, grid, smooth
from op_slopes import Slopes, difference, second_difference

from gradcli.core.graph import VARIABLE, Builder, finish
from gradcli.core.op import MISSING
from gradcli.core.reverse import differentiate
from gradcli.domains.balls import BALLS
from gradcli.domains.float_tape import Tape

# Relative errors; 6e-16 (5 roundings) where nothing is said.
SLOPE = {
    "pow": 6e-14,  # the rounding of y - 1 counts log(x) times
    "logaddexp": 2e-14,  # the rounding of x - y counts x - y times
    "erfinv": 5e-15,  # near 1 the rounding of the value counts
    **dict.fromkeys(("erfcinv", "ndtri"), 4e-13),  # its square times at 1e-300
    **dict.fromkeys(("erfcx_slope", "log_ndtr_slope"), 1e-12),  # terms cancel
    **dict.fromkeys(("digamma_step", "binomial_by_m", "binomial_by_k"), 1e-11),  # polygammas cancel
    **dict.fromkeys(("root", "tand", "lambertw", "binomial"), 4e-15),
}
# Beside zeros of the slope that no argument hits exactly: errors relative to 1.
ABSOLUTE = {"gelu": 3e-16, "silu": 3e-16}
# Second partials, relative, where terms cancel.
SECOND = {
    "erfcx": 1e-11,
    "erfcx_slope": 1e-9,
    "log_ndtr": 1e-11,
    "log_ndtr_slope": 1e-9,
    "digamma_step": 1e-9,
    "binomial_by_m": 1e-9,
    "binomial_by_k": 1e-9,
    **dict.fromkeys(("gamma_density", "beta_density"), 1e-10),
}
SLOPE |= dict.fromkeys(("jv", "yv", "iv", "kv", "j0", "j1", "y0", "y1", "i0", "i1", "k0", "k1"), 4e-15)
SLOPE |= dict.fromkeys(("gamma_density", "beta_density"), 1e-13)  # a logarithm and a digamma cancel
SLOPE |= {"zeta": 2e-15, "zeta_derivative": 2e-14}
SLOW = {"zeta", "zeta_derivative"}  # seconds for a point
STOPPED = {"detach"}  # the rule is not the derivative, by design


def literals(row) -> int:
    """How many leading arguments are orders, or have no rule: they are literals here."""
    return 1 if row.signature.startswith("n,") else row.vjp.count(MISSING)


def points(row):
    """The smooth points of a row's grid, with its rules for them."""
    fixed = literals(row)
    rules: dict[tuple[float, ...], Slopes] = {}
    several = count(row) > 2 or fixed
    for point in grid(row)[:: 3 if several else 1]:
        if not smooth(row, point):
            continue
        if row.name in ("mod", "fmod") and abs(point[0]) > 1e20 * abs(point[1]):
            continue  # the next step is nearer than any difference
        orders = point[:fixed]
        if orders not in rules:
            rules[orders] = Slopes(row, len(point) - fixed, orders)
        yield point, rules[orders].at(*point[fixed:])


def close(value: float, true: flint.arb, relative: float, absolute: float = 0.0) -> bool:
    nearest = float(true)
    if abs(nearest) < 1e-307:  # subnormal numbers have few digits
        return abs(value) < 2e-307
    if abs(nearest) > 1e307:
        return abs(value) > 0.9e307
    with flint.ctx.workprec(2000):
        return bool(abs(flint.arb(value) - true) <= relative * abs(true) + absolute)


def differentiable(row, argument: int, point) -> bool:
    """A condition and an order are not moved."""
    return callable(row.vjp[0 if row.signature.startswith("*") else argument]) or (
        argument >= literals(row) and row.name not in ("where", "lambertw")
    )


@pytest.mark.parametrize("name", [name for name in TABLE if name not in STOPPED])
def test_gradient(name: str) -> None:
    row, fixed = TABLE[name], literals(TABLE[name])
    tried = 0
    for point, (_, gradient, _) in points(row):
        for i, slope in enumerate(gradient):
            if not differentiable(row, i + fixed, point):
                assert slope == 0.0
                continue
            true = difference(row, point, i + fixed)
            if math.isnan(slope) and name in ("pow", "root") and point[0] < 0:
                continue  # x**y at x < 0 has no derivative by y: design, section 4
            tried += 1
            assert true.is_finite(), point
            assert close(slope, true, SLOPE.get(name, 6e-16), ABSOLUTE.get(name, 0.0)), (point, i, slope, float(true))
    assert tried > 5


@pytest.mark.parametrize("name", [name for name in TABLE if name not in STOPPED | SLOW])
def test_hessian(name: str) -> None:
    """Second partials, relative to the size that they have around the point: they cross 0 where they like."""
    row, fixed = TABLE[name], literals(TABLE[name])
    for point, (_, gradient, hessian) in points(row):
        if max(map(abs, point)) > 1e20 or min(map(abs, point)) < 1e-20 or (fixed and point[0] > 2):
            continue
        if name in ("pow", "root") and point[0] < 0:
            continue
        around = 1.0 + 1.0 / max(map(abs, point[fixed:]))
        size = max(map(abs, gradient)) * around
        for i, line in enumerate(hessian):
            for j, second in enumerate(line):
                if not (differentiable(row, i + fixed, point) and differentiable(row, j + fixed, point)):
                    continue
                true = second_difference(row, point, i + fixed, j + fixed)
                assert close(second, true, SECOND.get(name, 1e-13), 1e-14 * size), (point, i, j, second, float(true))


FAR_OUT = [
    ("tanh", 30.0), ("tanh", -300.0), ("sech", 300.0), ("sigmoid", 40.0), ("sigmoid", -600.0), ("softplus", -600.0),
    ("softplus", 40.0), ("logsigmoid", 600.0), ("silu", -600.0), ("gelu", -30.0), ("erf", 20.0), ("erfc", -20.0),
    ("ndtr", -30.0), ("expm1", -600.0), ("log1p", 1e200), ("atan", 1e100), ("asinh", 1e100), ("acosh", 1e100),
    ("sinc", 1e-100), ("sinc", 1e-9), ("sinc", 1e6 + 0.3), ("cbrt", 1e-60), ("logit", 1e-90), ("log", 1e-100),
    ("digamma", 1e100), ("lgamma", 1e100), ("lgamma", -1e6 - 0.3), ("softsign", -1e100), ("coth", 300.0),
    ("csch", -300.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x"), FAR_OUT)
def test_first_and_second_order_keep_all_digits_far_out(name: str, x: float) -> None:
    row = TABLE[name]
    _, gradient, hessian = Slopes(row, 1).at(x)
    assert close(gradient[0], difference(row, (x,), 0), 1e-15)
    assert close(hessian[0][0], second_difference(row, (x,), 0, 0), 2e-14)


FACTORS = [
    ("atan", 1e160, 1e300), ("reciprocal", 1e160, 1e300), ("reciprocal", 1e-160, 1e-300), ("rsqrt", 1e250, 1e300),
    ("tanh", 400.0, 1e300), ("cot", 1e-160, 1e-300), ("csc", 1e-160, 1e-300), ("csch", 1e-160, 1e-300),
    ("coth", 1e-160, 1e-300), ("gamma", 1e-160, 1e-300), ("softsign", 1e160, 1e300), ("acosh", 1e300, 1e300),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x", "factor"), FACTORS)
def test_nothing_overflows_on_the_way_to_a_slope_that_is_a_float(name: str, x: float, factor: float) -> None:
    """factor*f(x) where f'(x) alone is no float."""
    row = TABLE[name]
    builder = Builder()
    variable = builder.intern((VARIABLE, "x"))
    value = builder.intern((TABLE["mul"], builder.number(factor), builder.intern((row, variable))))
    tape = Tape(finish(builder, [differentiate(builder, value, [variable])[variable]]))
    true = flint.arb(factor) * difference(row, (x,), 0)
    assert close(tape.run({"x": x})[tape.outputs[0]], true, 1e-15)


@pytest.mark.parametrize(
    "name", ["tanh", "softplus", "atan", "sinc", "gelu", "digamma", "asin", "cbrt", "log1p", "erfinv"]
)
def test_third_order(name: str) -> None:
    """A rule's rule has rules: the third derivative, by a difference of exact second ones."""
    row = TABLE[name]
    with flint.ctx.workprec(6000):
        h = flint.arb(2) ** -300
        f = BALLS[row.name]
        x = flint.arb(0.3)
        true = (f(x + 2 * h) - 2 * f(x + h) + 2 * f(x - h) - f(x - 2 * h)) / (2 * h**3)
    assert close(third(row, 0.3), true, 1e-13)


def third(row, x: float) -> float:
    builder = Builder()
    variable = builder.intern((VARIABLE, "x"))
    node = builder.intern((row, variable))
    for _ in range(3):
        node = differentiate(builder, node, [variable])[variable]
    tape = Tape(finish(builder, [node]))
    return tape.run({"x": x})[tape.outputs[0]]
