"""The places of what is left between samples, to the last bit: halved in the order of the floats themselves."""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.plotting.section import Samples, Section, Vector

ROUNDS = 64  # bits of a float
SIGN = np.int64(-(2**63))


def narrowed(section: Section, left: Vector, right: Vector) -> list[tuple[float, float]]:
    """For each interval the two neighbouring floats between which it happens; where one float lies apart from both
    ends (no value, an infinite one) this float twice."""
    found: list[tuple[float, float]] = []
    a, b = section(left), section(right)
    low, high = ordinals(a.x), ordinals(b.x)
    for _ in range(ROUNDS):
        done = high - low <= 1
        found += zip(a.x[done].tolist(), b.x[done].tolist(), strict=True)
        a, b, low, high = a.at(~done), b.at(~done), low[~done], high[~done]
        if not low.size:
            break
        half = (low >> 1) + (high >> 1) + (low & high & 1)
        middle = section(floats(half))
        apart = ~np.isfinite(middle.y) & np.isfinite(a.y) & np.isfinite(b.y)
        found += zip(middle.x[apart].tolist(), middle.x[apart].tolist(), strict=True)
        before = _worse(a, middle, b)
        a = type(a)(*[np.where(before, p, q)[~apart] for p, q in zip(a, middle, strict=True)])
        b = type(b)(*[np.where(before, q, p)[~apart] for p, q in zip(b, middle, strict=True)])
        low, high = np.where(before, low, half)[~apart], np.where(before, half, high)[~apart]
    return sorted(set(found))


def stepped(section: Section, left: float, right: float) -> tuple[float, float]:
    """The same of a step between two places, by the values alone: slopes may be lost nearby, as 1/x**2 overflows."""
    ends = section(np.array([left, right]))
    low, high = ordinals(ends.x).tolist()
    before, after = ends.y.tolist()
    while high - low > 1:
        half = (low + high) // 2
        found = section(floats(np.array([half])))
        (middle,) = found.y.tolist()
        if not np.isfinite(middle):
            return float(found.x[0]), float(found.x[0])
        if abs(middle - before) >= abs(after - middle):
            high, after = half, middle
        else:
            low, before = half, middle
    first, last = floats(np.array([low, high])).tolist()
    return first, last


def _worse(a: Samples, middle: Samples, b: Samples) -> Vector:
    """Where it happens before the middle rather than after: by the first of these signs that only one half has."""
    first, second = _oddity(a, middle), _oddity(middle, b)
    found = np.where(np.isfinite(first) & np.isfinite(second), first >= second, np.abs(a.y) >= np.abs(b.y))
    for sign in (_turns, _contradicts, _changes):  # the last one counts most
        before, after = sign(a, middle), sign(middle, b)
        found = np.where(before == after, found, before)
    return np.asarray(found, bool)


def _turns(a: Samples, b: Samples) -> Vector:
    return np.asarray(np.sign(a.slope) != np.sign(b.slope))


def _contradicts(a: Samples, b: Samples) -> Vector:
    """Does the curve fall where both slopes rise, or the other way round?"""
    with np.errstate(all="ignore"):
        way = np.sign(b.y - a.y)
    return np.asarray((way != 0) & (np.sign(a.slope) == -way) & (np.sign(b.slope) == -way))


def _changes(a: Samples, b: Samples) -> Vector:
    """Is one end a number and the other one infinite or none?"""
    kinds = [np.where(np.isnan(s.y), 2.0, np.where(np.isfinite(s.y), 0.0, np.sign(s.y))) for s in (a, b)]
    return np.asarray(kinds[0] != kinds[1])


def _oddity(a: Samples, b: Samples) -> Vector:
    """How far the rise is from what both slopes say, and how far the slopes are apart: none of them is a rounding."""
    with np.errstate(all="ignore"):
        h = b.x - a.x
        miss = np.abs((b.y - a.y) - h * (a.slope / 2 + b.slope / 2))
        bend = np.abs(b.slope - a.slope)
        return np.asarray(np.where(miss > 4 * (a.error + b.error), miss, 0.0) + h.max(initial=0.0) * bend)


def ordinals(x: Vector) -> Any:
    """Whole numbers in the order of the floats, neighbours one apart."""
    bits = (np.asarray(x, np.float64) + 0.0).view(np.int64)
    return np.where(bits < 0, SIGN - bits, bits)


def floats(ordinal: Any) -> Any:
    """The floats of these whole numbers."""
    return np.where(ordinal < 0, SIGN - ordinal, ordinal).astype(np.int64).view(np.float64)
