"""What a curve does at a place: a pole, a jump, a kink, a hole, the edge of its domain; told by what it does nearby.

Beside the place the curve is looked at in distances that fall by one factor each. Towards a pole the rises over equal
factors do not fall (those of a logarithm are equal, those of a power grow); across a jump the difference of the two
sides stays, at a kink that of their slopes, while of a smooth curve both fall with the distance.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from gradcli.plotting.narrowing import narrowed, stepped
from gradcli.plotting.section import Samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.plotting.sampling import Sampled
    from gradcli.plotting.section import Section

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Span = tuple[float, float]

STEPS = 7  # distances on each side
NEAREST = 1e-12  # of the first distance
LASTING = 0.9  # the part of a rise that the next one keeps, towards a pole
MOST = 5_000  # places that are looked at
PART = 0.01  # of a jump: what rises more between two floats beside it is a part of it
VISIBLE = 1e-4  # of the spread of the values: a smaller jump is not seen


class Feature(NamedTuple):
    """What happens at a place.

    kind: pole, jump, kink, hole, edge (no value on one side) or overflow; left, right: the neighbouring floats between
    which it is, or the outer ones of three; sides: the values on both sides, of a kink the slopes.
    """

    kind: str
    left: float
    right: float
    sides: tuple[float, float]


def features(section: Section, sampled: Sampled) -> list[Feature]:
    """What happens between the first and the last sample, in the order of x."""
    spans, known = _groups(sampled)
    if not 0 < len(spans) + len(known) <= MOST:
        return []
    section.renew()
    places = np.array(_joined(sorted(known + (narrowed(section, *np.array(spans).T) if spans else []))))
    left, right = places.T
    gaps = np.concatenate([[np.inf], left[1:] - right[:-1], [np.inf]])
    reach = np.minimum(sampled.first / 2, np.minimum(gaps[:-1], gaps[1:]) / 4)
    least = np.maximum(4 * np.spacing(np.maximum(np.abs(left), np.abs(right))), NEAREST * reach)
    wide = reach >= 4 * least
    left, right, reach, least = left[wide], right[wide], reach[wide], least[wide]
    distances = reach[:, None] * (least / reach)[:, None] ** (np.arange(STEPS) / (STEPS - 1))
    before, after = (_grid(section, at) for at in (left[:, None] - distances, right[:, None] + distances))
    own = _grid(section, np.stack([left, left / 2 + right / 2, right], axis=1))
    found = []
    for k in range(left.size):
        kind, sides = _kind(before.at(k), own.at(k), after.at(k), sampled.spread)
        place = float(left[k]), float(right[k])
        if kind == "jump" and abs(own.y[k, 2] - own.y[k, 0]) < PART * abs(sides[1] - sides[0]):
            place = stepped(section, float(before.x[k, -1]), float(after.x[k, -1]))
        if kind:
            found.append(Feature(kind, *place, sides))
    return found


def _groups(sampled: Sampled) -> tuple[list[Span], list[Span]]:
    """The open intervals, those that touch as one; and of those that hold a sample without a value this sample."""
    spans: list[Span] = []
    for left, right in zip(sampled.left.tolist(), sampled.right.tolist(), strict=True):
        if spans and left <= spans[-1][1]:
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    x, finite = sampled.samples.x, np.isfinite(sampled.samples.y)
    open_, known = [], []
    for left, right in spans:
        first, last = np.searchsorted(x, [left, right])
        lost = first + np.flatnonzero(~finite[first : last + 1])
        if lost.size and first < lost[0] and lost[-1] < last:
            known.append((float(x[lost[0]]), float(x[lost[-1]])))
        else:
            open_.append((left, right))
    return open_, known


def _joined(pairs: list[Span]) -> list[Span]:
    """The places of neighbouring floats as one: at a kink that is a float the slopes differ on both its sides."""
    places: list[Span] = []
    for left, right in pairs:
        if places and left - places[-1][1] <= 4 * math.ulp(left):
            places[-1] = (places[-1][0], max(right, places[-1][1]))
        else:
            places.append((left, right))
    return places


def _grid(section: Section, x: Vector) -> Samples:
    return Samples(*[column.reshape(x.shape) for column in section(x.ravel())])


def _kind(before: Samples, own: Samples, after: Samples, spread: float) -> tuple[str, Span]:
    """The kind, or nothing; with the values on both sides, of a kink the slopes."""
    values = float(before.y[-1]), float(after.y[-1])
    if _grows(before, spread) or _grows(after, spread):
        return "pole", values
    last = before.y[-3:], after.y[-3:]
    if not all(np.isfinite(y).all() for y in last):
        if not any(np.isfinite(y).all() for y in last):
            return "", values
        nowhere, endless = (any(what(y).all() for y in last) for what in (np.isnan, np.isinf))
        return "edge" if nowhere else "overflow" if endless else "", values
    with np.errstate(all="ignore"):
        apart, bend = np.abs(after.y - before.y), np.abs(after.slope - before.slope)
        steep = np.abs(after.slope) + np.abs(before.slope)
        way = bend[-1] * abs(after.x[0] - before.x[0])
    if apart[-1] > max(0.5 * apart[-3], VISIBLE * spread, 8 * float(before.error[-1] + after.error[-1])):
        return "jump", values
    if not np.isfinite(own.y).all():
        return "hole", values
    if bend[-1] > max(0.5 * bend[-3], 1e-3 * steep[-1]) and way > VISIBLE * spread:
        return "kink", (_limit(before.slope), _limit(after.slope))
    return "", values


def _limit(slopes: Vector) -> float:
    """The slope at the place itself: infinite where it grows all the way."""
    sizes = np.abs(slopes)
    return math.copysign(math.inf, slopes[-1]) if (sizes[1:] > 1.2 * sizes[:-1]).all() else float(slopes[-1])


def _grows(side: Samples, spread: float) -> bool:
    """Do the values of one side go beyond all bounds?"""
    if np.isnan(side.y).any() or np.isinf(side.y).all():
        return False
    with np.errstate(all="ignore"):
        rises = np.diff(side.y)
        far = abs(side.y[-1] - side.y[0]) > spread
    sizes = np.abs(rises)
    sizes = sizes[np.isfinite(sizes)]
    one_way = bool((rises > 0).all() or (rises < 0).all())
    return bool(far) and one_way and bool((sizes[1:] >= LASTING * sizes[:-1]).all())
