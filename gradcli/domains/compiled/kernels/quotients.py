"""Quotients without a division, which keeps a processor busy for 16 cycles where a product takes half of one."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import frexp, ldexp, nextafter
from typing import Any

from gradcli.domains.compiled.writer import Vector, Writer, polynomial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 2.0**900  # of the size of a literal, and of that of its inverse
BITS = 53
# 1/(2 + f) to 9e-7 for f from sqrt(1/2) - 1 to sqrt(2) - 1: 1 - (2 + f)*p(f) is a Chebyshev polynomial (mpmath).
_NEAR_HALF = (
    *(0.5000002129345341, -0.24999393480006413, 0.12496383191185373, -0.06276209475047018),
    *(0.032284489583281326, -0.013656946609652547),
)


def over(m: Writer, x: Any, y: Any) -> Vector:
    """x/y; by a literal as a product with the two parts of its inverse.

    The bits are those of a division, but for results below 2**-960, which are off by 1 ulp at most.
    """
    parts = inverse(y) if isinstance(y, float) else None
    x = m.number(x)
    return x / m.number(y) if parts is None else m.fma(x, parts[0], x * parts[1])


@cache
def inverse(y: float) -> tuple[float, float] | None:
    """1/y in two parts of one sign, so that zeros and infinities are as of a division; None where that has other bits.

    N. Brisebarre, J.-M. Muller and S. K. Raina, IEEE Trans. Computers 53 (2004): x*high + x*low is so near to x/y that
    it can be rounded to another number only for a few x, which are tried.
    """
    if not 1 / MOST < abs(y) < MOST:
        return None
    scale, exponent = frexp(y)
    exact = 1 / Fraction(scale)
    high = float(exact)
    if abs(high) > abs(exact):
        high = nextafter(high, 0.0)
    low = float(exact - Fraction(high))
    serves = low and all(_product(x, high, low) == float(x * exact) for x in near_ties(int(ldexp(abs(scale), BITS))))
    return (ldexp(high, -exponent), ldexp(low, -exponent)) if serves else None


def _product(x: int, high: float, low: float) -> float:
    return float(x * Fraction(high) + Fraction(float(x * Fraction(low))))


def near_ties(y: int) -> Iterator[int]:
    """The x of 53 bits whose x/y lies so near to the middle of two numbers that the product may be rounded wrongly.

    The middle is t/2**k with an odd t of 54 bits, and x*2**k - t*y is 1, 2 or 3 or less one of these.
    """
    zeros = (y & -y).bit_length() - 1
    odd = y >> zeros
    for k in (BITS, BITS + 1):
        period = 2 ** (k - zeros)
        for rest in (-3, -2, -1, 1, 2, 3):
            if rest % 2**zeros:
                continue
            first = -(rest >> zeros) * pow(odd, -1, period) % period
            for t in range(first, 2 ** (BITS + 1), period):
                x = (rest + t * y) >> k
                if t % 2 and 2 ** (BITS - 1) <= x < 2**BITS:
                    yield x


def near_half(m: Writer, f: Vector) -> Vector:
    """1/(2 + f) for f from sqrt(1/2) - 1 to sqrt(2) - 1, by a polynomial and a step of the third order; 0.6 ulp."""
    found = polynomial(m, f, *_NEAR_HALF)
    rest = m.fma(-found, 2.0 + f, 1.0)
    return m.fma(found, m.fma(rest, rest, rest), found)
