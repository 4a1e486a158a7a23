"""Is it a minimum? Judged at the end from exact derivatives, whatever method came there.

It is one if all of these hold: value, gradient and Hessian are finite; no eigenvalue of the
Hessian is negative; the Newton step, which says how far off the minimum is, changes neither the
point nor the value noticeably; and the value rises (or stays, on both sides alike) along every
direction that was tried, which finds kinks, slopes that underflow, and inflections.
Bounds count: a variable that its slope holds at its bound is not free.
"""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from gradcli.minimize.curvature import Curvature, free_of
from gradcli.minimize.polish import polish
from gradcli.minimize.recorder import Recorder, StoppedError, norm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.minimize.methods import Bounds
    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Step

NEAR = 1e-6  # the largest Newton step, relative to the variables or to how far they came
ENOUGH = 1e-10  # what it may still gain, relative to the value
FLAT = 1e-6  # and to this part of the whole way down, or of 1
SMALL = 1e-3  # variables much smaller than the largest are judged as if they were this part of it
VISIBLE = 1e-13  # relative differences of the value below this may be rounding
DISTANCES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
WANDERED = 20
TRIED = 24  # so many eigenvectors are tried as directions, and as many others


class Verdict:
    """converged: is it a minimum? kind: minimum, maximum, saddle or undecided; why: one clause."""

    __slots__ = ("converged", "kind", "why")

    def __init__(self, converged: bool, kind: str, why: str) -> None:
        self.converged = converged
        self.kind = kind
        self.why = why


def judge(recorder: Recorder, bounds: Bounds | None) -> Verdict:
    """The verdict on the last step."""
    last = recorder.last
    if not math.isfinite(last.value):
        return Verdict(False, "undecided", f"the value is {_shown(last.value)} here")
    if not np.isfinite(last.gradient).all():
        return Verdict(False, "undecided", "the gradient is not finite here")
    free = free_of(last, bounds)
    curvature = Curvature(recorder.objective, last.x, last.gradient, free)
    if not curvature.finite:
        return Verdict(False, "undecided", "the Hessian is not finite here")
    if _still_falls(recorder, curvature, free):
        why = "the gradient is not 0 here"
        if not _around(recorder, bounds, curvature):
            why += ", though the value rises on all sides: this may be a kink"
        return Verdict(False, "undecided", why)
    kind = _kind(curvature)
    if kind in ("maximum", "saddle"):
        which = "all" if kind == "maximum" else "some but not all"
        return Verdict(False, kind, f"a {kind}: {which} eigenvalues of the Hessian are negative; start elsewhere")
    problem = _around(recorder, bounds, curvature) or _wander(recorder, bounds, curvature)
    return Verdict(False, kind, problem) if problem else Verdict(True, kind, _praise(last, curvature, free))


def _kind(curvature: Curvature) -> str:
    if curvature.signs is None:
        return "undecided"
    negative, zero, positive = curvature.signs
    if negative:
        return "saddle" if zero or positive else "maximum"
    return "undecided" if zero else "minimum"


def _still_falls(recorder: Recorder, curvature: Curvature, free: Vector) -> bool:
    """Would a Newton step lead away from here, or the slope along a flat direction down?"""
    first, last = recorder.start, recorder.last
    if last.norm == 0.0:
        return False
    size = np.maximum(np.abs(last.x), np.abs(last.x - first.x))
    size = np.maximum(size, SMALL * np.max(size))
    if not (np.abs(curvature.step) <= NEAR * size).all():
        return True
    gain = abs(float(last.gradient @ curvature.step)) / 2
    slopes = sum([abs(float(last.gradient @ v)) for v in curvature.flat])
    if curvature.signs is None:
        slopes = float(np.sum(np.abs(last.gradient[free])))
    return not gain + slopes * float(np.max(size)) <= _worth(recorder)


def _worth(recorder: Recorder) -> float:
    """A difference of the value that is not worth going on for."""
    first, last = recorder.start.value, recorder.last.value
    return ENOUGH * (abs(last) + FLAT * min(abs(first - last), 1.0))


def _around(recorder: Recorder, bounds: Bounds | None, curvature: Curvature) -> str:
    """What the values around it say against it."""
    noise = VISIBLE * abs(recorder.last.value) + curvature.noise
    rises = False
    for direction in _directions(curvature):
        sides = [_side(recorder, bounds, noise, sign * direction) for sign in (1.0, -1.0)]
        if -1 in sides:
            return "lower values are near: this is a kink, a step or an inflection"
        if sides[0] != sides[1] and None not in sides:
            return "the value stays the same to one side: it may fall again farther on"
        rises |= 1 in sides
    if not rises and curvature.axes:
        return "the value is the same all around: nothing shows where the minimum is"
    return ""


def _side(recorder: Recorder, bounds: Bounds | None, noise: float, direction: Vector) -> int | None:
    """The sign of the first change of the value that is no rounding; None where a bound comes before.

    Where there is no value it counts as a rise.
    """
    last = recorder.last
    far = max(1.0, float(np.max(np.abs(last.x))))
    for distance in DISTANCES:
        x = last.x + distance * far * direction
        if bounds is not None and not ((x >= bounds[0]) & (x <= bounds[1])).all():
            return None
        difference = recorder.objective.value(x) - last.value
        if not abs(difference) <= noise:
            return -1 if difference < 0 else 1
    return 0


def _wander(recorder: Recorder, bounds: Bounds | None, curvature: Curvature) -> str:
    """Where the Hessian is singular: does a short way down from close by lead lower, along a curve?"""
    last = recorder.last
    far = max(1.0, float(np.max(np.abs(last.x))))
    for direction in curvature.flat[:TRIED]:
        for sign in (0.01, -0.01):
            x = last.x + sign * far * direction
            other = Recorder(recorder.objective, WANDERED, start=x if bounds is None else np.clip(x, *bounds))
            with suppress(StoppedError):
                polish(other, bounds)
            if other.last.value < last.value - _worth(recorder) - curvature.noise:
                return "lower values are near: the Hessian is singular, and this is no minimum"
    return ""


def _directions(curvature: Curvature) -> Iterator[Vector]:
    """Eigenvectors, those without curvature first, and mixtures of them."""
    others = [v for v in curvature.axes if not any(v is f for f in curvature.flat)]
    axes = [*curvature.flat, *others]
    yield from axes[:TRIED]
    if len(axes) > 1:
        source = np.random.default_rng(1)
        for mixed in (curvature.flat, axes):
            for _ in range(TRIED if len(mixed) > 1 else 0):
                mixture = np.asarray(mixed).T @ source.standard_normal(len(mixed))
                yield mixture / np.max(np.abs(mixture))


def _praise(last: Step, curvature: Curvature, free: Vector) -> str:
    """What makes it a minimum."""
    slope = "the gradient is 0" if norm(last.gradient[free]) == 0.0 else "the gradient is as good as 0"
    held = int(free.size - np.sum(free))
    if held:
        slope = f"{held} variable{'s are' if held > 1 else ' is'} held by a bound"
        slope += " and the rest of the gradient is as good as 0" if free.any() else ""
    if curvature.signs is None:
        return f"{slope}; the signs of the Hessian's eigenvalues could not be told"
    _, zero, positive = curvature.signs
    if zero:
        return f"{slope}; the Hessian is singular, but the value falls nowhere around"
    return f"{slope} and all eigenvalues of the Hessian are positive" if positive else slope


def _shown(value: float) -> str:
    return "NaN" if value != value else "-inf" if value < 0 else "inf"
