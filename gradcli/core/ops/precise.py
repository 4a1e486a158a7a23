"""Floats in two parts, for functions whose plain formula loses digits.

Sources: T. J. Dekker, A floating-point technique for extending the available precision
(1971); for products without fused multiply-add, G. W. Veltkamp's splitting.
"""

from __future__ import annotations

import math

_SPLITTER = 134217729.0  # 2**27 + 1
_SQRT_HALF = 0.7071067811865476  # the float nearest to sqrt(1/2), and what it lacks
_SQRT_HALF_REST = -4.833646656726457e-17


def split(x: float) -> tuple[float, float]:
    """x as a sum of two floats of 26 bits, whose products are exact; |x| < 1e300."""
    c = _SPLITTER * x
    high = c - (c - x)
    return high, x - high


def product_error(x: float, y: float, product: float) -> float:
    """x*y - product exactly, where product is the rounded x*y."""
    a, b = split(x)
    c, d = split(y)
    return ((a * c - product) + a * d + b * c) + b * d


def exp_minus_square(x: float, scale: float) -> float:
    """exp(-scale*x**2) for a scale that is a power of 2; the rounding of x**2 does not count."""
    if abs(x) > 64.0:
        return 0.0
    high, low = split(x)
    y = math.exp(-scale * high * high)
    return y + y * math.expm1(-scale * low * (x + high))


def cbrt(x: float) -> float:
    """The cube root, mended by one Newton step with the residual in two parts."""
    m, e = math.frexp(x)
    if m == 0.0 or m - m != 0.0:
        return x
    shift = e % 3
    m = math.ldexp(m, shift)
    y = math.cbrt(m)
    square = y * y
    cube = square * y
    error = product_error(y, y, square) * y + product_error(square, y, cube)
    return math.ldexp(y - ((cube - m) + error) / (3.0 * square), (e - shift) // 3)


def sin_pi(x: float) -> float:
    """sin(pi*x), exact at integers and half-integers; ValueError where x is infinite."""
    r = math.remainder(x, 2.0)
    a = abs(r)
    if a > 0.5:
        a = 1.0 - a
    s = math.sin(math.pi * a) if a <= 0.25 else math.cos(math.pi * (0.5 - a))
    return math.copysign(s, r)


def ndtr(x: float) -> float:
    """erfc(-x/sqrt(2))/2; the rounding of the argument does not count."""
    z = -x * _SQRT_HALF
    if x > 0.0 or z > 30.0 or z != z:
        return 0.5 * math.erfc(z)
    error = product_error(-x, _SQRT_HALF, z) - x * _SQRT_HALF_REST
    return 0.5 * (math.erfc(z) - error * (2.0 / math.sqrt(math.pi)) * math.exp(-z * z))
