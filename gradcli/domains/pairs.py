"""Arrays of numbers in two parts, high + low, of some 100 bits together.

Sources: T. J. Dekker, A floating-point technique for extending the available precision (1971);
D. E. Knuth, The Art of Computer Programming 2, 4.2.2 (the error of a sum).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gradcli.domains.floats import FORMAT

Pair = tuple[Any, Any]

_SPLITTER = FORMAT["splitter"]
_STEPS = 128  # entries of the table of logarithms from one power of 2 to the next
LOG_2: Pair = (0.6931471805599453, 2.3190468138462996e-17)
PI: Pair = (3.141592653589793, 1.2246467991473532e-16)


def two_sum(x: Any, y: Any) -> Pair:
    """x + y and what its rounding lost, exactly."""
    s = x + y
    z = s - x
    return s, (x - (s - z)) + (y - z)


def split(x: Any) -> Pair:
    """x as a sum of two floats of 26 bits, whose products are exact; |x| < 1e300."""
    c = _SPLITTER * x
    high = c - (c - x)
    return high, x - high


def two_product(x: Any, y: Any) -> Pair:
    """x*y and what its rounding lost, exactly where nothing overflows or underflows."""
    p = x * y
    a, b = split(x)
    c, d = split(y)
    return p, ((a * c - p) + a * d + b * c) + b * d


def plus(x: Pair, y: Pair) -> Pair:
    """x + y."""
    high, low = two_sum(x[0], y[0])
    return two_sum(high, low + (x[1] + y[1]))


def minus(x: Pair, y: Pair) -> Pair:
    """x - y."""
    return plus(x, (-y[0], -y[1]))


def times(x: Pair, y: Pair) -> Pair:
    """x*y."""
    high, low = two_product(x[0], y[0])
    return two_sum(high, low + (x[0] * y[1] + x[1] * y[0]))


def over(x: Pair, y: Pair) -> Pair:
    """x/y."""
    q = x[0] / y[0]
    p, rest = two_product(q, y[0])
    return two_sum(q, ((x[0] - p) - rest + x[1] - q * y[1]) / y[0])


@cache
def _logarithms() -> Pair:
    """log(k/_STEPS) for k = 1, 2, ..., 2*_STEPS; 0 at place 0."""
    import flint

    with flint.ctx.workprec(200):
        exact = [flint.arb(0)] + [(flint.arb(k) / _STEPS).log() for k in range(1, 2 * _STEPS + 1)]
        high = [float(v.mid()) for v in exact]
        return np.array(high), np.array([float((v - h).mid()) for v, h in zip(exact, high, strict=True)])


def log(x: Pair) -> Pair:
    """The logarithm of a positive finite pair."""
    m, e = np.frexp(x[0])
    below = m < 0.7071067811865476
    m, e = np.where(below, 2.0 * m, m), e - below
    k = np.rint(_STEPS * m)
    c = k / _STEPS
    high, low = _logarithms()
    place = k.astype(np.intp)
    r = over((m - c, 0.0), (c, 0.0))
    square, rest = two_product(r[0], r[0])
    tail = square * r[0] * (1 / 3 - r[0] * (1 / 4 - r[0] * (1 / 5 - r[0] * (1 / 6 - r[0] * (1 / 7 - r[0] / 8)))))
    one = two_sum(r[0], -0.5 * square)
    near = two_sum(one[0], one[1] + (tail + r[1] - 0.5 * rest - r[0] * r[1]))
    far = plus(times((e.astype(float), 0.0), LOG_2), (high[place], low[place]))
    y = plus(far, near)
    return two_sum(y[0], y[1] + x[1] / x[0])
