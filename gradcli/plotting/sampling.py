"""Where a curve is looked at: evenly at first, and between two samples again until a cubic through them foretells it.

The cubic is the one of Hermite, by the values and the exact slopes at both ends: of a smooth curve its error falls with
the fourth power of the distance, so that what stays unforeseen is a kink, a jump, a pole, an edge or a curve that
oscillates without end.
"""

from __future__ import annotations

import numpy as np

from gradcli.plotting.section import Samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.plotting.section import Section, Vector

FORESEEN = 2e-3  # of the rise: what the cubic may miss in its middle
TURNED = 0.1  # of the rise: what its slope may
HALVINGS = 26
CROWD = 40  # places between two of the first samples that may be looked into further; more are an oscillation
EDGES = 2  # of what has a value, in such a place: these are looked into all the same
MOST = 60_000  # samples
UNSEEN = 1e-7  # of the spread of the values over half of the range: what rises less is level in any picture
FINE = 1e-4  # of the spread of the values: what they may be off by


class Sampled:
    """A curve's samples, and the intervals in which something is left that no halving foretold.

    even: those that it began with; spread: of their values, without the outermost.
    """

    def __init__(self, samples: Samples, even: Samples, left: Vector, right: Vector, spread: float) -> None:
        self.samples = samples
        self.even = even
        self.left = left
        self.right = right
        self.spread = spread

    @property
    def first(self) -> float:
        """The distance of the first samples."""
        return float(np.max(np.diff(self.even.x)))


def sampled(section: Section, low: float, high: float, count: int) -> Sampled:
    """The curve from low to high, both included, by count even samples and those that it needs between."""
    x = evenly(low, high, count)
    samples = section(x)
    spread = spread_of(samples.y)
    section.grain = max(FINE * spread, 1e-300)
    if (samples.error > section.grain).any():
        samples = section(x)
        spread = spread_of(samples.y)
        section.grain = max(FINE * spread, 1e-300)
    found, left, right = [samples], samples.at(slice(None, -1)), samples.at(slice(1, None))
    cells, total = np.arange(left.x.size), x.size
    level = UNSEEN * spread / (high / 2 - low / 2)
    neighbours: list[tuple[Vector, Vector]] = []
    for _ in range(HALVINGS):
        middle = left.x / 2 + right.x / 2
        inside = (left.x < middle) & (middle < right.x)
        neighbours.append((left.x[~inside], right.x[~inside]))
        left, right, cells = left.at(inside), right.at(inside), cells[inside]
        total += cells.size
        if not cells.size or total > MOST:
            break
        between = section(middle[inside])
        found.append(between)
        unknown = ~foreseen(left, between, right, level)
        left, right = both(left.at(unknown), between.at(unknown)), both(between.at(unknown), right.at(unknown))
        cells = np.tile(cells[unknown], 2)
        kept = _calm(cells, np.isfinite(left.y) != np.isfinite(right.y))
        left, right, cells = left.at(kept), right.at(kept), cells[kept]
    lefts, rights = (np.concatenate(column) for column in zip(*neighbours, (left.x, right.x), strict=True))
    order = np.argsort(lefts)
    every = found[0]
    for more in found[1:]:
        every = both(every, more)
    _, which = np.unique(every.x, return_index=True)
    return Sampled(every.at(which), samples, lefts[order], rights[order], spread)


def _calm(cells: Any, edge: Any) -> Any:
    """Which intervals are looked into further: where few are in their cell, and at lone edges of what has a value."""
    if not cells.size:
        return edge
    count, edges = np.bincount(cells), np.bincount(cells, edge)
    return (count[cells] <= CROWD) | (edge & (edges[cells] <= EDGES))


def evenly(low: float, high: float, count: int) -> Vector:
    """count numbers from low to high, both exact, without two equal ones; no difference overflows."""
    part = np.linspace(0.0, 1.0, count)
    x = low * (1 - part) + high * part
    x[0], x[-1] = low, high
    return np.unique(np.clip(x, low, high))


def spread_of(y: Vector) -> float:
    """Between the lowest and the highest of the middle four fifths of the finite values."""
    finite = y[np.isfinite(y)]
    if not finite.size:
        return 0.0
    low, high = np.quantile(finite / 2, [0.1, 0.9])
    if low == high:
        low, high = finite.min() / 2, finite.max() / 2
    return min(float(high - low) * 2, 1e300)


def foreseen(left: Samples, middle: Samples, right: Samples, level: float) -> Any:
    """Where the middle of an interval is what the cubic through its ends says, and where there is no value at all.

    level: what is no steeper needs no foretelling; in the tails of exp(-1/x**2) a cubic misses most of what is nothing.
    """
    with np.errstate(all="ignore"):
        h = right.x - left.x
        rise = np.maximum(np.abs(left.y - middle.y), np.abs(right.y - middle.y))
        value = left.y / 2 + right.y / 2 + h * (left.slope / 8 - right.slope / 8)
        noise = 4 * (left.error + middle.error + right.error)
        smooth = np.abs(middle.y - value) <= FORESEEN * rise + noise
        turn = np.abs(middle.slope * h - (1.5 * (right.y - left.y) - h * (left.slope / 4 + right.slope / 4)))
        smooth &= turn <= TURNED * rise + 8 * noise
        flat = (rise <= level * h) & (np.maximum(np.abs(left.slope), np.abs(right.slope)) <= level)
    nowhere = np.isnan(left.y) & np.isnan(middle.y) & np.isnan(right.y)
    endless = ~np.isfinite(left.y) & (left.y == middle.y) & (middle.y == right.y)
    return (smooth & np.isfinite(rise)) | flat | nowhere | endless


def both(one: Samples, other: Samples) -> Samples:
    """The samples of one after those of the other."""
    return Samples(*[np.concatenate(pair) for pair in zip(one, other, strict=True)])
