"""sin, cos and tan: reduction by pi/2 with fused multiply-adds, and the polynomials of fdlibm on [-pi/4, pi/4]."""

from __future__ import annotations

from math import inf, nan

from gradcli.domains.compiled.kernels.exponentials import SHIFT
from gradcli.domains.compiled.kernels.far_angles import far_reduced
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

LIMIT = 2.0**30  # beyond it the reduction needs more digits of pi
_TWO_BY_PI = 0.6366197723675814
_PI_HALVES = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
# fdlibm, k_sin.c and k_cos.c, in powers of the square
SINE = (
    *(8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06),
    *(-2.50507602534068634195e-08, 1.58969099521155010221e-10),
)
CUBE = -1.66666666666666324348e-01
COSINE = (
    *(4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05),
    *(-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11),
)


def reduced(m: Writer, x: Vector) -> tuple[Vector, Pair]:
    """The nearest multiple k of pi/2 in the last bits, and x - k*pi/2 in two parts, for x from 0 to LIMIT.

    The first product is subtracted without an error, because what is left is a multiple of 2**-53 below 1.
    """
    shifted = m.fma(x, _TWO_BY_PI, SHIFT)
    k = SHIFT - shifted
    first = m.fma(k, _PI_HALVES[0], x)
    second, lost = exact_product(m, k, _PI_HALVES[1])
    high, low = exact_sum(first, second)
    return m.bits(shifted), (high, low + m.fma(k, _PI_HALVES[2], lost))


def near_zero(m: Writer, r: Pair) -> tuple[Pair, Pair]:
    """Sine and cosine of a number in two parts from -pi/4 to pi/4, each as a number and what is to be added."""
    x, y = r
    z = x * x
    cube = z * x
    tail = polynomial(m, z, *SINE)
    sine = m.fma(cube, CUBE, y - z * (0.5 * y - cube * tail))
    tail = z * polynomial(m, z, *COSINE)
    half = 0.5 * z
    first = 1.0 - half
    cosine = ((1.0 - first) - half) + m.fma(z, tail, -(x * y))
    return (x, sine), (first, cosine)


def _turned(m: Writer, x: Vector, quarter: int, signed: Vector | None) -> Vector:
    """sin(x + quarter*pi/2) for x from 0 to LIMIT, times the sign of another number.

    One number stands for what is left of x: it is rounded twice, of which the second time counts only where the first
    lost nothing, and moves a sine by no more units in its last place than its own.
    """
    shifted = m.fma(x, _TWO_BY_PI, SHIFT)
    k = SHIFT - shifted
    r = x
    for part in _PI_HALVES:
        r = m.fma(k, part, r)
    z = r * r
    sine = m.fma(z * r, m.fma(z, polynomial(m, z, *SINE), CUBE), r)
    cosine = m.fma(z * z, polynomial(m, z, *COSINE), m.fma(z, -0.5, 1.0))
    turn = m.bits(shifted) + quarter if quarter else m.bits(shifted)
    odd = (turn & 1) != 0
    found = m.where(odd, cosine, sine)
    sign = (turn << 62) & -(2**63)
    if signed is not None:
        sign = sign ^ (m.bits(signed) & -(2**63))
    return m.of_bits(m.bits(found) ^ sign)


def sin(m: Writer, x: Vector) -> Vector:
    """1.5 ulp."""
    size = m.abs(x)
    return m.elsewhere(~(size <= LIMIT), (x,), _turned(m, size, 0, x), far_sine)


def cos(m: Writer, x: Vector) -> Vector:
    """1.5 ulp."""
    size = m.abs(x)
    return m.elsewhere(~(size <= LIMIT), (x,), _turned(m, size, 1, None), far_cosine)


def tan(m: Writer, x: Vector) -> Vector:
    """The quotient of sine and cosine, all in two parts; 0.8 ulp."""
    size = m.abs(x)
    found = m.where(size < 1e-9, x, _tangent(m, x, *reduced(m, size)))
    return m.elsewhere(~(size <= LIMIT), (x,), found, far_tangent)


def _tangent(m: Writer, x: Vector, k: Vector, r: Pair) -> Vector:
    (s, s_low), (c, c_low) = (ordered_sum(*pair) for pair in near_zero(m, r))
    odd = (k & 1) != 0
    above = m.where(odd, c, s), m.where(odd, c_low, s_low)
    below = m.where(odd, s, c), m.where(odd, s_low, c_low)
    q, rest = quotient(m, above, below)
    sign = ((k << 63) ^ m.bits(x)) & -(2**63)
    return m.of_bits(m.bits(q + rest) ^ sign)


def far_sine(m: Writer, x: Vector) -> Vector:
    """The same beyond LIMIT; NaN of what is no number, or infinite."""
    return _far_circular(m, x, 0, x)


def far_cosine(m: Writer, x: Vector) -> Vector:
    """The same beyond LIMIT; NaN of what is no number, or infinite."""
    return _far_circular(m, x, 1, None)


def far_tangent(m: Writer, x: Vector) -> Vector:
    """The same beyond LIMIT; NaN of what is no number, or infinite."""
    size = m.abs(x)
    return m.where(size < inf, _tangent(m, x, *far_reduced(m, size)), nan)


def _far_circular(m: Writer, x: Vector, quarter: int, signed: Vector | None) -> Vector:
    size = m.abs(x)
    turn, r = far_reduced(m, size)
    sine, cosine = (high + low for high, low in near_zero(m, r))
    turn = turn + quarter
    found = m.where((turn & 1) != 0, cosine, sine)
    sign = (turn << 62) & -(2**63)
    if signed is not None:
        sign = sign ^ (m.bits(signed) & -(2**63))
    return m.where(size < inf, m.of_bits(m.bits(found) ^ sign), nan)
