"""Functions of arrays as short polynomials about many centres, which balls make when they are first needed.

So near to a centre about ten terms of the Taylor series are all of float64. The first coefficient is kept in two parts
and the rest is small beside it: nearly all of the error is one rounding, and the difference of two such functions keeps
its digits too. What is rounded away of a product is known by T. J. Dekker, A floating-point technique for extending
the available precision (1971).
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from gradcli.domains.arb import CONTEXT, terms
from gradcli.domains.floats import FORMAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

Pair = tuple[Any, Any]  # a number, and what is to be added to it

_BITS = 110
_SPARE = 4  # terms that derivatives use up


class Pieces:
    """A function of float64 arrays, with elements between `first` and `last`, as a pair."""

    def __init__(
        self, series: Callable[[Any], Any], first: float, last: float, order: int, count: int | None = None
    ) -> None:
        """Make no polynomial yet.

        series: the function on Arb's power series about a centre, where it is not 0; order: how many terms count.
        Centres: `count` in a unit, from `first` on; without a count 64 between one power of 2 and the next.
        """
        self._series = series
        self._first = first
        self._order = order
        self._count = count
        size = (last - first) * count if count else self._step(last) - self._step(first)
        # For each centre the value, what that lacks, and the coefficients: all but the first in parts of the value.
        self._table = np.zeros((order + 1, int(size) + 2))

    def _step(self, x: Any) -> Any:
        """The exponent and six bits of the mantissa."""
        return np.asarray(x).view(np.int64) >> 46

    def _place(self, x: Any) -> Any:
        if self._count:
            return np.rint((x - self._first) * self._count).astype(np.int64)
        return self._step(x) - self._step(self._first)

    def _centre(self, place: Any) -> Any:
        if self._count:
            return self._first + place / self._count
        return ((place + self._step(self._first) << 46) + (1 << 45)).view(np.float64)

    def centre(self, x: Any) -> Any:
        """The centre that serves each element."""
        return self._centre(self._place(x))

    def __call__(self, x: Any) -> Pair:
        place = self._place(x)
        high = self._table[0].take(place)
        if not high.all():
            self._fill(np.unique(place))
            high = self._table[0].take(place)
        t = x - self._centre(place)
        low = self._table[-1].take(place)
        term = np.empty_like(low)
        for row in self._table[-2:0:-1]:
            np.multiply(low, t, out=low)
            np.add(low, row.take(place, out=term, mode="clip"), out=low)
        return high, np.multiply(low, high, out=low)

    def _fill(self, places: Any) -> None:
        with CONTEXT, flint.ctx.workprec(_BITS), terms(self._order + _SPARE) as count:
            for place in places[self._table[0][places] == 0.0]:
                s = flint.arb_series([float(self._centre(place)), 1], count)
                value, *others = self._series(s).coeffs()[: self._order]
                high = float(value)
                self._table[1:, place] = [float(c / high) for c in (value - high, *others)]
                self._table[0, place] = high


def near(x: Pair) -> Any:
    """The number that a pair is."""
    return x[0] + x[1]


def minus(x: Pair, y: Pair) -> Any:
    """The difference of two pairs, as a number."""
    return (x[0] - y[0]) + (x[1] - y[1])


def over(x: Pair, y: Any) -> Pair:
    """A pair by a number, for quotients and numbers below 1e300."""
    q = x[0] / y
    p = q * y
    (a, b), (c, d) = _split(q), _split(y)
    lost = ((a * c - p) + a * d + b * c) + b * d
    return q, ((x[0] - p) - lost + x[1]) / y


def _split(x: Any) -> Pair:
    """x as a sum of two floats of 26 bits, whose products are exact."""
    c = FORMAT["splitter"] * x
    high = c - (c - x)
    return high, x - high
