"""exp and its kin. The errors in units of the last place are the largest of 100,000 points (tests/ulps.py)."""

from __future__ import annotations

from typing import Any

from gradcli.domains.compiled.writer import (
    Pair,
    Vector,
    Writer,
    exact_sum,
    ordered_sum,
    polynomial,
    quotient,
)

SHIFT = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the last bits
SHIFT_BITS = 0x4338000000000000
BIAS = 1023

LOG2_E = 1.4426950408889634
LN2 = (0.6931471805599453, 2.3190468138462996e-17)
# (exp(r) - 1 - r)/r**2 on [-log(2)/2, log(2)/2]: weighted least squares at 120 Chebyshev nodes (mpmath), to 5e-18.
_EXP = (
    *(0.5000000000000013, 0.16666666666666685, 0.04166666666651065, 0.008333333333316192, 0.0013888888948140666),
    *(0.00019841269898232815, 2.4801488859101368e-05, 2.7557233186138298e-06, 2.7631647037968626e-07),
    2.5112575199224824e-08,
)


def scaled(m: Writer, x: Vector, k: Vector) -> Vector:
    """x*2**k for whole numbers k (as bits) from -2044 to 2046: in two steps, so that it rounds once below 2**-1022."""
    half = ((k + 4096) >> 1) - 2048
    return x * m.of_bits((half + BIAS) << 52) * m.of_bits(((k - half) + BIAS) << 52)


def whole(m: Writer, x: Any, factor: float) -> tuple[Vector, Vector]:
    """The whole number nearest to x*factor: as a number, and as bits."""
    shifted = m.fma(x, factor, SHIFT)
    return shifted - SHIFT, m.bits(shifted) - SHIFT_BITS


def limited(m: Writer, x: Vector, least: float, most: float) -> Vector:
    """x between these; NaN as it is."""
    x = m.where(x > most, most, x)
    return m.where(x < least, least, x)


def reduced(m: Writer, x: Vector, rest: Any = None) -> tuple[Vector, Vector, Pair]:
    """k as a number and as bits, and exp(x + rest)/2**k - 1 in two parts (W. J. Cody and W. Waite, 1980)."""
    k, bits = whole(m, x, LOG2_E)
    high = m.fma(-k, LN2[0], x)
    r = m.fma(-k, LN2[1], high)
    low = m.fma(-k, LN2[1], high - r)
    if rest is not None:
        r, low = ordered_sum(r, low + rest)
    square = r * r
    tail = m.fma(square, polynomial(m, r, *_EXP), m.fma(low, r, low))
    return k, bits, ordered_sum(r, tail)


def less_one(m: Writer, x: Vector, rest: Any = None) -> tuple[Vector, Vector]:
    """exp(x + rest)/2**k - 1 for the k, added to SHIFT, that comes first; rest is small beside x."""
    shifted = m.fma(x, LOG2_E, SHIFT)
    k = SHIFT - shifted
    r = m.fma(k, LN2[1], m.fma(k, LN2[0], x))
    if rest is not None:
        r = r + rest
    return shifted, m.fma(r * r, polynomial(m, r, *_EXP), r)


def times_power(m: Writer, x: Vector, shifted: Vector) -> Vector:
    """x*2**k for x from 1/2 to 2 where it is an ordinary number."""
    return m.of_bits(m.bits(x) + (m.bits(shifted) << 52))


def exp(m: Writer, x: Vector) -> Vector:
    """Reduction by log(2) and a polynomial; 1.0 ulp."""
    shifted, u = less_one(m, x)
    return m.elsewhere(~(m.abs(x) < 708.0), (x,), times_power(m, u + 1.0, shifted), _exp)


def _exp(m: Writer, x: Vector) -> Vector:
    """The same to both ends of the numbers."""
    shifted, u = less_one(m, limited(m, x, -750.0, 710.0))
    return scaled(m, u + 1.0, m.bits(shifted) - SHIFT_BITS)


def exp_parts(m: Writer, x: Vector, rest: Vector) -> tuple[Vector, Vector, Vector]:
    """exp(x + rest), where rest is small beside x: a number near 1 in two parts, and a power of 2 (as bits)."""
    _, bits, (u, low) = reduced(m, limited(m, x, -790.0, 710.0), rest)
    total, error = ordered_sum(m.constant(1.0), u)
    return total, error + low, bits


def exp_of_pair(m: Writer, x: Vector, rest: Vector) -> Vector:
    """exp(x + rest), where rest is small beside x."""
    total, low, bits = exp_parts(m, x, rest)
    return scaled(m, total + low, bits)


def expm1_pair(m: Writer, x: Vector) -> Pair:
    """exp(x) - 1 in two parts for x from -44 to 710, halved: so that it holds what 2**1024 would not."""
    _, bits, (u, low) = reduced(m, x)
    half = m.of_bits((bits + (BIAS - 1)) << 52)  # 2**k/2
    total, error = exact_sum(half - 0.5, half * u)
    return total, error + half * low


def expm1(m: Writer, x: Vector) -> Vector:
    """2**k*exp(r) - 1 with the sum in two parts; 1.1 ulp."""
    total, error = expm1_pair(m, limited(m, x, -44.0, 710.0))
    found = m.copysign(2.0 * (total + error), x)
    return m.where(m.abs(x) < 1e-17, x, found)


def tanh(m: Writer, x: Vector) -> Vector:
    """e/(e + 2) with e = exp(2*abs(x)) - 1 in two parts; 1.0 ulp."""
    size = m.abs(x)
    total, error = expm1_pair(m, 2.0 * limited(m, size, 0.0, 20.0))
    below, lost = exact_sum(total, m.constant(1.0))
    q, rest = quotient(m, (total, error), (below, lost + error))
    return m.where(size < 1e-9, x, m.copysign(q + rest, x))


def _halved(m: Writer, size: Vector) -> Vector:
    """exp(size)/2 for size from 0 to 711, which is finite a little further than exp(size) is."""
    _, bits, (u, low) = reduced(m, size)
    total, error = ordered_sum(m.constant(1.0), u)
    return scaled(m, total + (error + low), bits - 1)


def sinh(m: Writer, x: Vector) -> Vector:
    """h + h/(1 + 2*h) with h = (exp(abs(x)) - 1)/2 in two parts; 1.0 ulp."""
    size = m.abs(x)
    h, error = expm1_pair(m, limited(m, size, 0.0, 40.0))
    below, lost = exact_sum(2.0 * h, m.constant(1.0))
    q, rest = quotient(m, (h, error), (below, lost + 2.0 * error))
    total, lacking = ordered_sum(h, q)
    found = m.where(size < 23.0, total + (lacking + (error + rest)), _halved(m, limited(m, size, 0.0, 711.0)))
    return m.where(size < 1e-9, x, m.copysign(found, x))


def cosh(m: Writer, x: Vector) -> Vector:
    """e + 1/(4*e) with e = exp(abs(x))/2; 1.2 ulp."""
    e = _halved(m, limited(m, m.abs(x), 0.0, 711.0))
    return e + 0.25 / e


def exp2(m: Writer, x: Vector) -> Vector:
    """The fraction times log(2) in two parts; 0.9 ulp."""
    x = limited(m, x, -1100.0, 1100.0)
    k, bits = whole(m, x, 1.0)
    f = x - k
    r = f * LN2[0]
    low = m.fma(f, LN2[1], m.fma(f, LN2[0], -r))
    p = m.fma(r * r, polynomial(m, r, *_EXP), low) + r
    return scaled(m, p + 1.0, bits)
