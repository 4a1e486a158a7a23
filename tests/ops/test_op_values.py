"""The value of every operation on floats, against mpmath."""

from __future__ import annotations

import math

import pytest
from mpmath import mp, mpf
from op_reference import REFERENCE, ROUNDED, TABLE, exact, grid

from gradcli.domains.float_tape import call

# Units in the last place; 2 where nothing is said.
ULPS = {"add": 0.5, "sub": 0.5, "mul": 0.5, "div": 0.5, "sqrt": 0.5, "digamma": 0.51, "polygamma": 0.51, "erfinv": 0.51}
ULPS |= {"gamma": 0.51, "lgamma": 0.51, "sinc_derivative": 0.51, "cbrt": 0.51, "degrees": 1.0, "radians": 1.0}
ULPS |= {
    "erfc": 3.0,
    "coth": 3.0,
    "csch": 3.0,
    "gelu": 3.0,
    "silu": 3.0,
    "norm_pdf": 3.0,
    "ndtr": 3.0,
    "erf_slope": 3.0,
    "acsch": 3.0,
}
ULPS |= dict.fromkeys(("tand", "asec", "acsc", "over_secant", "asech", "acoth"), 4.0)
ULPS |= dict.fromkeys(ROUNDED, 0.51)


def distance(value: float, true: mpf) -> float:
    """|value - true| in units of the last place of the true value; overflow must be infinite."""
    nearest = float(true)
    if math.isinf(nearest) or math.isinf(value):
        return 0.0 if value == nearest else math.inf
    with mp.workprec(1200):
        return float(abs(mpf(value) - true) / math.ulp(nearest))


def test_every_row_has_a_reference() -> None:
    assert set(REFERENCE) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_value_is_precise(name: str) -> None:
    row = TABLE[name]
    tried = 0
    for point in grid(row):
        value, true = call(row, point), exact(row, point)
        if true is None:
            assert math.isnan(value) or (row.pole is not None and row.pole(*point)), (point, value)
            continue
        tried += 1
        assert distance(value, true) <= ULPS.get(name, 2.0), (point, value, float(true))
    assert tried > 5


@pytest.mark.parametrize("name", TABLE)
def test_value_of_many_points_near_the_interesting_ones(name: str) -> None:
    """A step of one part in a thousand away from each point: rounding is a matter of luck at one."""
    row = TABLE[name]
    if name in ROUNDED:
        pytest.skip("correctly rounded by construction, and slow in mpmath")
    for point in grid(row)[:: 1 if len(grid(row)) < 100 else 7]:
        for k in (-3, -2, -1, 1, 2, 3):
            near = tuple(x * (1 + k * 0.00097) for x in point)
            true = exact(row, near)
            if true is not None:
                value = call(row, near)
                assert distance(value, true) <= ULPS.get(name, 2.0), (near, value, float(true))


@pytest.mark.parametrize(
    ("x", "y"), [(-0.5, -0.9327521295671886), (-0.1, -2.3521684610440907), (-1e-9, -20.72326583694641)]
)
def test_logaddexp_keeps_its_digits_where_it_crosses_zero(x: float, y: float) -> None:
    value = call(TABLE["logaddexp"], [x, y])
    assert distance(value, exact(TABLE["logaddexp"], (x, y))) <= 2.0
    assert abs(value) < 1e-15


UNREAD = ("heaviside", "leaky_relu", "elu")  # above 0 the second argument is not looked at


@pytest.mark.parametrize("name", TABLE)
def test_nan_goes_through(name: str) -> None:
    row = TABLE[name]
    if row.decides or name == "where":
        pytest.skip("a comparison or a choice has a value")
    n = len(grid(row)[0])
    for k in range(n):
        point = [2.0] * n
        point[k] = math.nan
        assert math.isnan(call(row, point)) or (name in UNREAD and k > 0), point


@pytest.mark.parametrize("name", TABLE)
def test_every_float_gives_a_float(name: str) -> None:
    """Neither the value nor the predicates raise, whatever comes."""
    row = TABLE[name]
    n = len(grid(row)[0])
    special = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324, -1.7e308, 0.5, -2.5, 1e16, -3.0)
    for x in special:
        for y in special if n > 1 else (1.0,):
            for point in ((x, y, 1.0, 1.0)[:n], (1.0, x, y, y)[:n], (y, 1.0, x, x)[:n]):
                assert type(call(row, point)) is float
                for mark in (row.kink, row.jump, row.pole):
                    assert mark is None or mark(*point) in (True, False)


def test_exact_values() -> None:
    """Values that a user knows by heart."""
    known = [
        ("log_base", (125, 5), 3), ("log_base", (1000, 10), 3), ("log_base", (0.125, 2), -3), ("cbrt", (27,), 3),
        ("cbrt", (-1e-300,), -1e-100), ("hypot", (3, 4), 5), ("sinc", (1,), 0), ("sinc", (0,), 1),
        ("degrees", (math.pi,), 180), ("radians", (180,), math.pi), ("radians", (90,), math.pi / 2),
        ("gamma", (5,), 24), ("lgamma", (1,), 0), ("lgamma", (2,), 0), ("erfinv", (0,), 0), ("exp10", (3,), 1000),
        ("exp2", (10,), 1024), ("round", (2.5,), 2), ("round", (3.5,), 4), ("round", (-0.5,), 0),
        ("trunc", (-2.7,), -2), ("floor", (-2.7,), -3), ("fmod", (-7, 3), -1), ("mod", (-7, 3), 2),
        ("mod", (7, -3), -2), ("xlogy", (0, 0), 0), ("pow", (0, 0), 1), ("logaddexp", (0, 0), math.log(2)),
        ("softplus", (1000,), 1000), ("softplus", (-800,), 0), ("logsigmoid", (-1000,), -1000), ("logit", (0.5,), 0),
    ]  # fmt: skip
    for name, point, value in known:
        assert call(TABLE[name], [float(x) for x in point]) == value, (name, point)


@pytest.mark.parametrize("name", ["floor", "ceil", "round", "trunc", "sqrt", "cbrt", "sin", "tanh", "erf", "erfinv"])
def test_minus_zero_stays(name: str) -> None:
    assert math.copysign(1.0, call(TABLE[name], [-0.0])) == -1.0
