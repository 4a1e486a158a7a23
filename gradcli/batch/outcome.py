"""What a run over many rows has to tell besides its rows: how many, what went wrong first, and sums.

Outcomes of parts merge into one, in any order and any grouping, to the same last bit: sums are
kept as exact fractions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

LOST, SKIPPED, DROPPED, UNKNOWN, UNDEFINED, INFINITE = "lost", "skipped", "dropped", "unknown", "undefined", "infinite"
AUDIT = "audit"
FIELDS = ("count", "nan", "mean", "std", "min", "max")
BITS = 400  # to which a square of a sum is rounded: far below what a float64 of the variance shows


@dataclass(slots=True)
class Tally:
    """How often something happened, and where first.

    first: (number of the input, row from 1, detail); detail is a message, or a point; of an audit it is the worst,
    and the detail what gradcli.batch.audit gives, empty where there are no rows.
    """

    count: int
    first: tuple[int, int, Any]

    def merge(self, other: Tally) -> Tally:
        """Of both."""
        return Tally(self.count + other.count, min(self.first, other.first, key=_order))


def _order(first: tuple[int, int, Any]) -> tuple[float, int, int]:
    number, row, detail = first
    worst = (float.fromhex(detail[0]) if detail else -1.0) if isinstance(detail, list) else 0.0
    return -worst, number, row


@dataclass(slots=True)
class Moments:
    """Count, sum, squares and extremes of a column of numbers.

    sum: of the finite ones; squares: the sum over the parts of the squared deviations from the
    part's mean; between: the sum over the parts of sum**2/count.
    """

    count: int = 0
    nan: int = 0
    infinite: int = 0
    negative: int = 0
    low: float = math.inf
    high: float = -math.inf
    sum: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)
    between: Fraction = Fraction(0)

    def add(self, total: Fraction, count: int, squares: float | Fraction, low: float, high: float) -> None:
        """A part of so many finite numbers."""
        if count:
            self.count += count
            self.sum += total
            self.squares += Fraction(squares)
            self.between += _rounded(total * total / count)
            self.low, self.high = min(self.low, low), max(self.high, high)

    def merge(self, other: Moments) -> Moments:
        """Of the numbers of both."""
        added = ("count", "nan", "infinite", "negative", "sum", "squares", "between")
        sums = {name: getattr(self, name) + getattr(other, name) for name in added}
        return Moments(low=min(self.low, other.low), high=max(self.high, other.high), **sums)

    @property
    def total(self) -> float:
        """The sum, rounded once; IEEE's answer where an infinity or a NaN is among the numbers."""
        if self.nan or (self.infinite and self.negative):
            return math.nan
        if self.infinite or self.negative:
            return math.inf if self.infinite else -math.inf
        return _float(self.sum)

    @property
    def mean(self) -> float:
        """Of all but the NaN."""
        if self.infinite or self.negative:
            return math.nan if self.infinite and self.negative else math.inf if self.infinite else -math.inf
        return _float(self.sum / self.count) if self.count else math.nan

    @property
    def std(self) -> float:
        """The standard deviation of a sample (n - 1), as PyTorch's and pandas' `std`; NaN for fewer than two."""
        if self.infinite or self.negative or self.count < 2:
            return math.nan
        squares = self.squares + self.between - self.sum * self.sum / self.count
        return _root(squares / (self.count - 1))

    @property
    def extremes(self) -> tuple[float, float]:
        """The least and the greatest, infinities among them; NaN of no numbers."""
        if not (self.count or self.infinite or self.negative):
            return math.nan, math.nan
        low = -math.inf if self.negative else self.low
        high = math.inf if self.infinite else self.high
        return low, high

    def fields(self) -> tuple[int, int, float, float, float, float]:
        """What FIELDS names; the count is without the NaN."""
        return (self.count + self.infinite + self.negative, self.nan, self.mean, self.std, *self.extremes)

    def to_json(self) -> list[Any]:
        """To the last bit: floats in hexadecimal, fractions as two whole numbers."""
        counts = [self.count, self.nan, self.infinite, self.negative]
        sums = [f"{x.numerator:x}/{x.denominator:x}" for x in (self.sum, self.squares, self.between)]
        return [*counts, self.low.hex(), self.high.hex(), *sums]

    @classmethod
    def of_json(cls, parts: Sequence[Any]) -> Moments:
        """What `to_json` wrote."""
        sums = [Fraction(*[int(x, 16) for x in text.split("/")]) for text in parts[6:]]
        return cls(*parts[:4], *map(float.fromhex, parts[4:6]), *sums)


@dataclass(slots=True)
class Outcome:
    """rows: read; tallies: kind of event to its Tally; moments: of each result, empty where nobody asked."""

    rows: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    moments: list[Moments] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many rows have no results, because their numbers could not be read."""
        return sum(self.tallies[kind].count for kind in (LOST, SKIPPED, DROPPED) if kind in self.tallies)

    def count(self, kind: str, tally: Tally) -> None:
        """Add what happened."""
        known = self.tallies.get(kind)
        self.tallies[kind] = tally if known is None else known.merge(tally)

    def merge(self, other: Outcome) -> Outcome:
        """Of the rows of both."""
        found = Outcome(self.rows + other.rows)
        for part in (self, other):
            for kind, tally in part.tallies.items():
                found.count(kind, tally)
        if self.moments and other.moments:
            found.moments = [x.merge(y) for x, y in zip(self.moments, other.moments, strict=True)]
        else:
            found.moments = self.moments or other.moments
        return found

    def to_json(self) -> dict[str, Any]:
        """What `of_json` reads."""
        return {
            "rows": self.rows,
            "tallies": {kind: [tally.count, *tally.first] for kind, tally in self.tallies.items()},
            "moments": [x.to_json() for x in self.moments],
        }

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Outcome:
        """What `to_json` wrote."""
        tallies = {kind: Tally(n, (i, row, what)) for kind, (n, i, row, what) in found["tallies"].items()}
        return cls(found["rows"], tallies, [Moments.of_json(x) for x in found["moments"]])


def _rounded(x: Fraction) -> Fraction:
    """x to BITS bits, so that denominators stay powers of two: sums of those are cheap."""
    if not x:
        return x
    shift = BITS - (x.numerator.bit_length() - x.denominator.bit_length())
    scaled = x * 2**shift if shift >= 0 else x / 2**-shift
    return Fraction(round(scaled)) * (Fraction(1, 2**shift) if shift >= 0 else Fraction(2**-shift))


def _root(x: Fraction) -> float:
    """The square root of what may be far outside the range of a float."""
    if x <= 0:
        return 0.0
    half = (x.numerator.bit_length() - x.denominator.bit_length()) // 2
    try:
        return math.ldexp(math.sqrt(x / Fraction(4) ** half), half)
    except OverflowError:
        return math.inf


def _float(x: Fraction) -> float:
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf
