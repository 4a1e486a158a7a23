"""The moments of an array, its sum to twice the precision of a float64."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from gradcli.batch.outcome import Moments

BLOCK = 65536
HUGE = 1e300  # sums of larger ones may overflow on the way


def moments(x: Any) -> Moments:
    """Of a 1-D float array.

    >>> found = moments([1e16, 1.0, -1e16])
    >>> float(found.sum), found.low, found.high
    (1.0, -1e+16, 1e+16)
    """
    found = Moments()
    x = np.asarray(x, np.float64)
    finite = np.isfinite(x)
    if not finite.all():
        found.nan = int(np.isnan(x).sum())
        found.infinite = int((x == np.inf).sum())
        found.negative = int((x == -np.inf).sum())
        x = x[finite]
    if not len(x):
        return found
    low, high = float(x.min()), float(x.max())
    total = _exactly(x) if max(high, -low) > HUGE else _sum(x)
    found.add(total, len(x), _squares(x, float(total / len(x)), low, high), low, high)
    return found


def _sum(x: Any) -> Fraction:
    """By halves with the rounding error of every addition (Knuth's two-sum) summed beside it."""
    total = Fraction(0)
    for start in range(0, len(x), BLOCK):
        part = x[start : start + BLOCK]
        errors = 0.0
        while len(part) > 1:
            half = len(part) // 2
            a, b = part[:half], part[half : 2 * half]
            s = a + b
            t = s - a
            errors += float(((a - (s - t)) + (b - t)).sum())
            part = s if len(part) == 2 * half else np.append(s, part[-1])
        total += Fraction(float(part[0])) + Fraction(errors)
    return total


def _exactly(x: Any) -> Fraction:
    return sum((Fraction(v) for v in x.tolist()), Fraction(0))


def _squares(x: Any, center: float, low: float, high: float) -> Fraction:
    """The sum of the squared deviations, scaled by a power of two so that no square leaves the range of a float."""
    exponent = max(math.frexp(high / 2 - center / 2)[1], math.frexp(center / 2 - low / 2)[1]) + 1
    total = 0.0
    for start in range(0, len(x), BLOCK):
        # Halves first: a difference of huge numbers may overflow.
        deviation = np.ldexp(x[start : start + BLOCK] * 0.5 - center * 0.5, 1 - exponent)
        total += float(np.add.reduce(np.square(deviation)))
    return Fraction(total) * Fraction(4) ** exponent
