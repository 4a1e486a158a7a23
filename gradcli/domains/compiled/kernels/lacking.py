"""What the float of a function lacks to its number, for bounds on errors: `LACKING[name](writer, x, y)`.

Each finds the number in two parts and subtracts y, which is near it; NaN where it does not serve.
"""

from __future__ import annotations

from math import factorial, nan
from typing import Any

from gradcli.domains.compiled.kernels.errors import FAR, NEAR, erfc_parts
from gradcli.domains.compiled.kernels.exponentials import (
    BIAS,
    LN2,
    LOG2_E,
    whole,
)
from gradcli.domains.compiled.kernels.logarithms import is_ordinary
from gradcli.domains.compiled.kernels.trigonometric import COSINE, CUBE, LIMIT, SINE, reduced
from gradcli.domains.compiled.writer import (
    Pair,
    Vector,
    Writer,
    exact_product,
    exact_sum,
    ordered_sum,
    polynomial,
    quotient,
)
from gradcli.domains.floats import FORMAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 700.0  # of exponents, for which every power is an ordinary number
_BELL = (FORMAT["bell"], 1.5335459613165881e-17)
# The series of (exp(r) - 1 - r - r*r/2)/r**3, and of (sqrt(pi)/2*erf(x)/x - 1)/x**2 by the square of x (DLMF 7.6.1).
_EXP = tuple(1 / factorial(n + 3) for n in range(13))
_ERF = tuple((-1) ** n / (factorial(n) * (2 * n + 1)) for n in range(1, 14))
SMALL = 1e-17  # of numbers beside 1


def _power_of_e(m: Writer, x: Vector, rest: Any = 0.0) -> tuple[Vector, Pair]:
    """exp(x + rest)/2**k - 1 in two parts, and 2**k, for x to MOST and a small rest."""
    k, bits = whole(m, x, LOG2_E)
    product, lost = exact_product(m, k, LN2[0])
    high, low = exact_sum(x, -product)
    low = m.fma(-k, LN2[1], low - lost) + rest
    r, low = exact_sum(high, low)
    square, lost = exact_product(m, r, r)
    u, more = ordered_sum(r, 0.5 * square)
    tail = m.fma(square * r, polynomial(m, r, *_EXP), m.fma(low, r, low + 0.5 * lost))
    return m.of_bits((bits + BIAS) << 52), ordered_sum(u, more + tail)


def _less(m: Writer, pair: Pair, y: Vector, serves: Vector) -> Vector:
    high, low = pair
    return m.where(serves, (high - y) + low, nan)


def _exp(m: Writer, x: Vector, y: Vector) -> Vector:
    power, (u, low) = _power_of_e(m, x)
    total, error = ordered_sum(m.constant(1.0), u)
    return _less(m, (total * power, (error + low) * power), y, m.abs(x) < MOST)


def _less_one(m: Writer, x: Vector) -> Pair:
    """exp(x) - 1 in two parts."""
    power, (u, low) = _power_of_e(m, x)
    first, error = exact_sum(power, m.constant(-1.0))
    total, more = exact_sum(first, power * u)
    return total, (error + more) + power * low


def _expm1(m: Writer, x: Vector, y: Vector) -> Vector:
    return _less(m, _less_one(m, x), y, (m.abs(x) < MOST) & (m.abs(x) > SMALL))


def _log(m: Writer, x: Vector, y: Vector) -> Vector:
    """log(x*exp(-y)) by its series."""
    power, (u, low) = _power_of_e(m, -y)
    scaled = x * power
    product, lost = exact_product(m, scaled, u)
    rest = ((scaled - 1.0) + product) + m.fma(scaled, low, lost)
    return m.where(is_ordinary(x) & (m.abs(y) < MOST), rest, nan)


def _near_zero(m: Writer, r: Pair) -> tuple[Pair, Pair]:
    """As gradcli.domains.compiled.kernels.trigonometric has it, with the square and the cube in two parts."""
    x, y = r
    z, lost = exact_product(m, x, x)
    cube, more = exact_product(m, x, z)
    term, error = exact_product(m, cube, CUBE)
    sine, low = ordered_sum(x, term)
    error = error + m.fma(x, lost, more) * CUBE + m.fma(-0.5 * z, y, y)
    half = 0.5 * z
    first, lacks = ordered_sum(m.constant(1.0), -half)
    tail = m.fma(z * z, polynomial(m, z, *COSINE), -m.fma(x, y, 0.5 * lost))
    return (sine, low + m.fma(cube * z, polynomial(m, z, *SINE), error)), (first, lacks + tail)


def _circular(m: Writer, x: Vector, y: Vector, quarter: int) -> Vector:
    size = m.abs(x)
    turn, r = reduced(m, size)
    (s, s_low), (c, c_low) = _near_zero(m, r)
    if quarter:
        turn = turn + quarter
    odd = (turn & 1) != 0
    sign = (turn << 62) & -(2**63)
    if not quarter:
        sign = sign ^ (m.bits(x) & -(2**63))
    high, low = (m.of_bits(m.bits(m.where(odd, a, b)) ^ sign) for a, b in ((c, s), (c_low, s_low)))
    return _less(m, (high, low), y, size <= LIMIT)


def _sin(m: Writer, x: Vector, y: Vector) -> Vector:
    return _circular(m, x, y, 0)


def _cos(m: Writer, x: Vector, y: Vector) -> Vector:
    return _circular(m, x, y, 1)


def _erf(m: Writer, x: Vector, y: Vector) -> Vector:
    """By the series near 0, else by 1 - erfc."""
    size = m.abs(x)
    square = x * x
    product, lost = exact_product(m, size, _BELL[0])
    near = product, m.fma(product, square * polynomial(m, square, *_ERF), m.fma(size, _BELL[1], lost))
    tail, low, bits = erfc_parts(m, size)
    power = m.of_bits((bits + BIAS) << 52)
    far, lacking = exact_sum(m.constant(1.0), -(tail * power))
    close = size < NEAR
    pair = m.where(close, near[0], far), m.where(close, near[1], lacking - low * power)
    return _less(m, pair, m.abs(y), size < 6.0) * m.copysign(1.0, x)


def _erf_slope(m: Writer, x: Vector, y: Vector) -> Vector:
    square, lost = exact_product(m, x, x)
    power, (u, low) = _power_of_e(m, -square, -lost)
    total, error = ordered_sum(m.constant(1.0), u)
    product, more = exact_product(m, total, _BELL[0])
    more = m.fma(error + low, _BELL[0], m.fma(total, _BELL[1], more))
    return _less(m, (product * power, more * power), y, m.abs(x) < FAR)


def _tanh(m: Writer, x: Vector, y: Vector) -> Vector:
    size = m.abs(x)
    total, error = _less_one(m, 2.0 * size)
    below, lost = exact_sum(total, m.constant(2.0))
    pair = quotient(m, (total, error), (below, lost + error))
    return _less(m, pair, m.abs(y), (size < 20.0) & (size > SMALL)) * m.copysign(1.0, x)


# The kernel, and how far off it is at most, in units in the last place of y (tests/ulps.py).
LACKS: dict[str, tuple[Callable[..., Vector], float]] = {
    "exp": (_exp, 0.05), "expm1": (_expm1, 0.2), "log": (_log, 0.12), "sin": (_sin, 0.12), "cos": (_cos, 0.12),
    "erf": (_erf, 0.6), "erf_slope": (_erf_slope, 0.05), "tanh": (_tanh, 0.12),
}  # fmt: skip
