"""A curve to be drawn: its unbroken pieces, what happens between them, and the window that shows it best."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from gradcli.plotting.culprits import culprit
from gradcli.plotting.features import NEAREST, PART, Feature, features
from gradcli.plotting.sampling import both, sampled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.plotting.sampling import Sampled
    from gradcli.plotting.section import Samples, Section

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Piece = tuple[Vector, Vector]

NOTED = ("pole", "jump", "kink", "boundary", "infinite", "domain", "indeterminate", "overflow")
BREAKS = ("pole", "jump")  # of which both sides may have values
MIDDLE = (0.2, 0.8)  # of the values of a curve with poles: what lies between is shown
BESIDE = 2.0  # and as many times that to both sides
FARTHEST = 10.0  # times that: a turning point or an end farther out is not shown
LARGEST = 8e307  # of a window


class Place(NamedTuple):
    """Where something happens, and the piece of the text that does it, or nothing; slopes: as a note says them."""

    x: float
    source: str
    slopes: tuple[float, float] | None


class Curve:
    """A formula over a range.

    pieces: (x, y) of each unbroken run, of one point at the least; features: in the order of x."""

    def __init__(self, section: Section, low: float, high: float, count: int) -> None:
        """count: of the first samples. Raises UsageError where a result is more than one number."""
        found = sampled(section, low, high, count)
        self.section = section
        self.features = [f for f in features(section, found) if _within(f, low, high)]
        self.pieces = list(_pieces(_with_ends(section, found, self.features, low, high), self.features))
        self._even, self._first = found.even.y, found.first

    @property
    def window(self) -> tuple[float, float] | None:
        """The values to show: all of them, of a curve with poles the middle; None where there are none."""
        ends = [(float(y.min()), float(y.max())) for _, y in self.pieces]
        if not ends:
            return None
        low, high = min(a for a, _ in ends), max(b for _, b in ends)
        if any(f.kind in ("pole", "overflow") for f in self.features):
            low, high = self._middle(low, high)
        return max(low, -LARGEST), min(high, LARGEST)

    def _middle(self, low: float, high: float) -> tuple[float, float]:
        finite = self._even[np.isfinite(self._even)]
        a, b = np.quantile(finite, MIDDLE).tolist() if finite.size else (low, high)
        span = b - a
        if not 0 < span < LARGEST / FARTHEST:
            return low, high
        bottom, top = a - BESIDE * span, b + BESIDE * span
        for y in self._turns():
            if a - FARTHEST * span <= y <= b + FARTHEST * span:
                bottom, top = min(bottom, y), max(top, y)
        return max(low, bottom), min(high, top)

    def _turns(self) -> Iterator[float]:
        """The values at turning points, and at the ends that are no poles."""
        poles = [(f.left, f.right) for f in self.features if f.kind in ("pole", "overflow")]
        for x, y in self.pieces:
            inner = y[1:-1]
            turning = (inner >= y[:-2]) & (inner >= y[2:]) | (inner <= y[:-2]) & (inner <= y[2:])
            yield from inner[turning].tolist()
            for k in (0, -1):
                if not any(left <= x[k] <= right or x[k] in _beside(left, right) for left, right in poles):
                    yield float(y[k])

    def place(self, feature: Feature) -> Place:
        """Where it is, as short as the floats allow: where a note says what did it, if there is one."""
        left, right = feature.left, feature.right
        near = {left, right, left / 2 + right / 2, *_beside(left, right), *_rounded(left, right, self._first)}
        by_length = sorted(near, key=lambda x: (len(repr(x)), abs(x)))
        for x in by_length:
            notes = [note for note in self.section.true(x).notes if note.kind in NOTED]
            # Of a pole that is what is infinite, rather than a root below it that is 0 there.
            for note in sorted(notes, key=lambda note: feature.kind == "pole" and "slope" in note.message):
                name, source = self.section.name, self.section.text[slice(*note.at)]
                slopes = (note.left[name], note.right[name]) if note.left and note.right else None
                return Place(x, source, slopes)
        return Place(left, culprit(self.section, feature), None)


def _within(feature: Feature, low: float, high: float) -> bool:
    """Is it to be seen? The edge of a domain that is an end of the range is none."""
    if feature.kind == "edge":
        return low < feature.left and feature.right < high
    return low <= feature.right and feature.left <= high


def _rounded(left: float, right: float, first: float) -> Iterator[float]:
    """The shortest decimal that is not told from the place: a pole overflows before it is reached."""
    middle = left / 2 + right / 2
    reach = NEAREST * first
    for digits in range(18):
        near = round(middle, digits - math.floor(math.log10(first)))
        if abs(near - middle) <= reach:
            yield near + 0.0
            return


def _beside(left: float, right: float) -> tuple[float, float]:
    return math.nextafter(left, -math.inf), math.nextafter(right, math.inf)


def _with_ends(section: Section, found: Sampled, features: Sequence[Feature], low: float, high: float) -> Samples:
    """The samples, with the floats next to each feature."""
    x = np.array([x for f in features for x in _neighbours(f) if low <= x <= high])
    every = both(found.samples, section(x)) if x.size else found.samples
    _, which = np.unique(every.x, return_index=True)
    return every.at(which)


def _neighbours(feature: Feature) -> list[float]:
    """The floats between which it is, and the next ones: two jumps may follow each other."""
    return [feature.left, feature.right, *_beside(feature.left, feature.right)]


def _pieces(samples: Samples, features: Sequence[Feature]) -> Iterator[Piece]:
    """The runs of finite values between breaks."""
    x, y = samples.x, samples.y
    broken = np.zeros(x.size + 1, bool)
    broken[0] = broken[-1] = True
    with np.errstate(all="ignore"):
        rises = np.abs(np.diff(y))
    for f in features:
        if f.kind in BREAKS:
            ends = _neighbours(f) if f.kind == "jump" else [f.left, f.right]
            first, last = np.minimum(np.searchsorted(x, [min(ends), max(ends)]), x.size - 1)
            height = PART * abs(f.sides[1] - f.sides[0]) if f.kind == "jump" else 0.0
            broken[first + 1 : last + 1] |= ~(rises[first:last] < height)
    finite = np.isfinite(y)
    broken[1:-1] |= finite[1:] != finite[:-1]
    starts = np.flatnonzero(broken)
    for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if finite[a]:
            yield x[a:b], y[a:b]
