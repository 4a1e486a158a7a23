"""Numbers of 160 bits in whole numbers of Python, m * 2**e, and their elementary functions.

They serve gradcli.domains.remainders. Nothing here loads a library, and nothing is proven: logarithms, arcs and roots
are a float, mended by one step of Newton's or Halley's method. What has no value may be anything.
"""

from __future__ import annotations

import math
from math import isqrt, ldexp
from typing import Any

BITS = 160
FIXED = 220  # bits behind the point where series are summed
ONE = 1 << FIXED


class Wide:
    """m * 2**e with the operators of numbers. Of m some 160 bits are kept."""

    __slots__ = ("e", "m")

    def __init__(self, m: int, e: int = 0) -> None:
        more = m.bit_length() - BITS
        self.m, self.e = (m >> more, e + more) if more > 0 else (m, e)

    def __float__(self) -> float:
        more = self.m.bit_length() - 64
        return ldexp(float(self.m >> more), self.e + more) if more > 0 else ldexp(float(self.m), self.e)

    def fixed(self, bits: int = FIXED) -> int:
        """Times 2**bits, rounded down."""
        shift = self.e + bits
        return self.m << shift if shift >= 0 else self.m >> -shift

    def __add__(self, other: Any) -> Wide:
        other, d = wide(other), 0
        if not other.m or not self.m:
            return other if not self.m else self
        d = self.e - other.e
        if abs(d) > 4 * BITS:
            return self if d + self.m.bit_length() > other.m.bit_length() else other
        return Wide((self.m << d) + other.m, other.e) if d >= 0 else Wide(self.m + (other.m << -d), self.e)

    __radd__ = __add__

    def __neg__(self) -> Wide:
        return Wide(-self.m, self.e)

    def __sub__(self, other: Any) -> Wide:
        return self + -wide(other)

    def __rsub__(self, other: Any) -> Wide:
        return wide(other) + -self

    def __mul__(self, other: Any) -> Wide:
        other = wide(other)
        return Wide(self.m * other.m, self.e + other.e)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Wide:
        other = wide(other)
        if not other.m:
            return INFINITY
        shift = BITS + 1 + max(0, other.m.bit_length() - self.m.bit_length())
        return Wide((self.m << shift) // other.m, self.e - other.e - shift)

    def __rtruediv__(self, other: Any) -> Wide:
        return wide(other) / self

    def __pow__(self, other: Any) -> Wide:
        return power(self, wide(other))

    def _sign_of(self, other: Any) -> int:
        return (self - other).m

    def __lt__(self, other: Any) -> bool:
        return self._sign_of(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._sign_of(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._sign_of(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._sign_of(other) >= 0

    def __eq__(self, other: object) -> bool:
        return self._sign_of(other) == 0

    def __ne__(self, other: object) -> bool:
        return self._sign_of(other) != 0

    def __bool__(self) -> bool:
        return self.m != 0

    def __abs__(self) -> Wide:
        return -self if self.m < 0 else self

    __hash__ = None  # type: ignore[assignment]


def wide(x: Any) -> Wide:
    """A float or a whole number as it is. Raises ValueError of NaN."""
    if isinstance(x, Wide):
        return x
    if isinstance(x, int):
        return Wide(int(x))
    if x - x != 0:
        if x != x:
            raise ValueError
        return INFINITY if x > 0 else -INFINITY
    fraction, exponent = math.frexp(x)
    return Wide(int(ldexp(fraction, 53)), exponent - 53)


def _arc(n: int, bits: int, sign: int) -> int:
    """The inverse tangent (sign -1) of 1/n, or the hyperbolic one (1)."""
    total, term, k = 0, (1 << bits) // n, 1
    while term:
        total += term // k
        term = sign * (term // (n * n))
        k += 2
    return total


INFINITY = Wide(1, 1 << 20)  # beyond all that is calculated with
CIRCLE = 1400  # bits of pi: of a float's argument all that its reduction needs
_MORE = 32
PI = 4 * (4 * _arc(5, CIRCLE + _MORE, -1) - _arc(239, CIRCLE + _MORE, -1)) >> _MORE  # J. Machin, 1706
LOG_2 = sum(n * _arc(k, FIXED + _MORE, 1) for n, k in ((18, 26), (-2, 4801), (8, 8749))) >> _MORE


def exp(x: Wide) -> Wide:
    """By halving eight times and the power series."""
    if x > 800:
        return INFINITY
    if x < -800:
        return Wide(0)
    fixed = x.fixed()
    k = (fixed + LOG_2 // 2) // LOG_2
    part, y, term, n = (fixed - k * LOG_2) >> 8, ONE, ONE, 0
    while term not in (0, -1):
        n += 1
        term = (term * part >> FIXED) // n
        y += term
    for _ in range(8):
        y = y * y >> FIXED
    return Wide(y, k - FIXED)


def expm1(x: Wide) -> Wide:
    """Near 0 its series over x."""
    if abs(x) > 0.25:
        return exp(x) - 1
    fixed, total, term, k = x.fixed(), ONE, ONE, 1
    while term not in (0, -1):
        k += 1
        term = (term * fixed >> FIXED) // k
        total += term
    return x * Wide(total, -FIXED)


def log(x: Wide) -> Wide:
    """By Halley's step from the float."""
    if x.m <= 0:
        return -INFINITY
    shift = x.m.bit_length()
    part = Wide(x.m, -shift)  # 0.5 to 1
    k = x.e + shift
    if part < 0.75:
        part, k = part * 2, k - 1
    y = math.log(float(part))
    near = exp(wide(y))
    return (part - near) * 2 / (part + near) + y + Wide(k) * Wide(LOG_2, -FIXED)


def log1p(x: Wide) -> Wide:
    """Near 0 by Halley's step on expm1."""
    if abs(x) > 0.25:
        return log(x + 1)
    y = math.log1p(float(x))
    near = expm1(wide(y))
    return (x - near) * 2 / (2 + x + near) + y


def power(x: Wide, y: Wide) -> Wide:
    """By the logarithm; of a negative number for whole exponents, else it raises ValueError."""
    if not y.m or x == 1:
        return Wide(1)
    size = exp(y * log(abs(x))) if x.m else Wide(0)
    whole = y.fixed(0)
    if x.m < 0 and y != whole:
        raise ValueError
    return -size if x.m < 0 and whole % 2 else size


def sqrt(x: Wide) -> Wide:
    """By the whole root."""
    if x.m <= 0:
        return Wide(0)
    shift = 2 * BITS + (x.e % 2)
    return Wide(isqrt(x.m << shift), (x.e - shift) // 2)


def _turned(x: Wide) -> tuple[Wide, Wide, int]:
    """The sine and the cosine of what is left of x by whole quarters, and their number."""
    if x.e + x.m.bit_length() > CIRCLE - 2 * BITS:
        raise ValueError
    bits = FIXED if x.e + x.m.bit_length() < 30 else CIRCLE
    half = PI >> CIRCLE - bits + 1
    k, rest = (x.fixed(bits) + half // 2) // half, x
    if k:
        rest = Wide(x.fixed(CIRCLE) - k * (PI >> 1), -CIRCLE)
    near = rest.fixed()
    square = near * near >> FIXED
    return rest * Wide(_alternating(square, 1), -FIXED), Wide(_alternating(square, 0), -FIXED), k % 4


def _alternating(square: int, k: int) -> int:
    """sin(r)/r (k = 1) or cos(r) (k = 0) by its series in r*r."""
    total = term = ONE
    while term not in (0, -1):
        term = -(term * square >> FIXED) // ((k + 1) * (k + 2))
        total += term
        k += 2
    return total


def sin(x: Wide) -> Wide:
    """By whole quarters of the circle."""
    s, c, k = _turned(x)
    return (s, c, -s, -c)[k]


def cos(x: Wide) -> Wide:
    """By whole quarters of the circle."""
    s, c, k = _turned(x)
    return (c, -s, -c, s)[k]


def atan2(y: Wide, x: Wide) -> Wide:
    """By one step from the float."""
    angle = math.atan2(*_scaled(y, x))
    near = wide(angle)
    s, c = sin(near), cos(near)
    return (y * c - x * s) / (x * c + y * s) + near


def _scaled(y: Wide, x: Wide) -> tuple[float, float]:
    """The two as floats whatever their size."""
    largest = max(v.e + v.m.bit_length() for v in (x, y) if v.m)
    return float(Wide(y.m, y.e - largest)), float(Wide(x.m, x.e - largest))
