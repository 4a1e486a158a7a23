"""Is it a minimum? Judged at the end from exact derivatives, whatever method came there.

It is one if all of these hold: value, gradient and Hessian are finite; no eigenvalue of the
Hessian is negative; the Newton step, which says how far off the minimum is, changes neither the
point nor the value noticeably; and the value rises (or stays, on both sides alike) along every
direction that was tried, by more than its rounding, which finds slopes that underflow or are
lost, and inflections. At a kink the slopes of the pieces around must have 0 between them instead.
Bounds count: a variable that its slope holds at its bound is not free.
"""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from gradcli.minimize.curvature import EPSILON, SMALL, Spectrum, curvature, units
from gradcli.minimize.kinks import corner
from gradcli.minimize.recorder import Recorder, StoppedError, norm
from gradcli.minimize.trust import region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.minimize.curvature import Dense, Sparse
    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Step

NEAR = 1e-6  # the largest Newton step, relative to the variables or to how far they came
HIDDEN = 1e-10  # more rounding than this part of the value is none: the value jumps, or is lost
VISIBLE = 1e-13  # relative differences of the value below this may be rounding
DISTANCES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
FARTHER = (10.0, 100.0, 1e3, 1e4)  # tried where nothing changes nearer by
WANDERED = 20
SPOILT = 1e-6  # of a value, or of the last of the way down: of what is more rounding nothing is known
OF_WAY = 1e-4
SHRUNK = 0.9  # a steepness that is too large is seen where it is a tenth of it
TRIED = 24  # so many eigenvectors are tried as directions, and as many others
LOOKS = 8  # values that are compared to see how much of them is rounding


class Verdict:
    """converged: is it a minimum? kind: minimum, maximum, saddle, kink or undecided; why: one clause.

    lower: where the value was found to be lower, if it was.
    """

    __slots__ = ("converged", "kind", "lower", "why")

    def __init__(self, converged: bool, kind: str, why: str, lower: Vector | None = None) -> None:
        self.converged = converged
        self.kind = kind
        self.why = why
        self.lower = lower


def judge(recorder: Recorder) -> Verdict:
    """The verdict on the last step."""
    last = recorder.last
    if not math.isfinite(last.value):
        return Verdict(False, "undecided", f"the value is {_shown(last.value)} here")
    free = last.free(recorder.bounds)
    axes = Spectrum(None, np.zeros(last.x.size), [], [_axis(last.x.size, k) for k in np.flatnonzero(free)[:TRIED]])
    if not last.finite:
        return Verdict(False, "undecided", "the gradient is not finite here", _Around(recorder, axes).lower)
    value, gradient = recorder.objective.true_numbers(last.x, last.value, last.gradient)
    if abs(value - last.value) > SPOILT * (abs(value) + OF_WAY * recorder.way):
        return Verdict(
            False, "undecided", f"rounding has spoilt the value, which is {recorder.objective.sign * value:.6g} here"
        )
    bent = curvature(recorder.objective, last.x, gradient, free, recorder.objective.true_hessian(last.x))
    if not bent.finite:
        return Verdict(False, "undecided", "the Hessian is not finite here", _Around(recorder, axes).lower)
    found = corner(recorder) if recorder.objective.kinked else None
    if found is not None:
        around = _Around(recorder, Spectrum(None, axes.newton, found.flat, axes.axes))
        why = found.problem or around.problem
        praise = "the slopes on the sides of this kink have 0 between them, and the value falls nowhere around"
        return Verdict(not why, "undecided" if why else "kink", why or praise, around.lower)
    return _smooth(recorder, bent, bent.spectrum(), free, gradient)


def _axis(size: int, k: int) -> Vector:
    """The direction of one variable."""
    axis = np.zeros(size)
    axis[k] = 1.0
    return axis


def _smooth(recorder: Recorder, bent: Dense | Sparse, spectrum: Spectrum, free: Vector, gradient: Vector) -> Verdict:
    """The verdict where there is no kink."""
    around = _Around(recorder, spectrum, bent)
    if _still_falls(recorder, spectrum, free, gradient):
        return Verdict(False, "undecided", "the gradient is not 0 here", around.lower)
    kind = _kind(spectrum)
    if kind in ("maximum", "saddle"):
        which = "all" if kind == "maximum" else "some but not all"
        why = f"a {kind}: {which} eigenvalues of the Hessian are negative; start elsewhere"
        return Verdict(False, kind, why, around.lower)
    if around.problem:
        return Verdict(False, kind, around.problem, around.lower)
    lower = _wander(recorder, spectrum, around.noise)
    if lower is not None:
        return Verdict(False, kind, "lower values are near: the Hessian is singular, and this is no minimum", lower)
    return Verdict(True, kind, _praise(recorder.last, spectrum, free))


def _kind(spectrum: Spectrum) -> str:
    if spectrum.signs is None:
        return "undecided"
    negative, zero, positive = spectrum.signs
    if negative:
        return "saddle" if zero or positive else "maximum"
    return "undecided" if zero else "minimum"


def _still_falls(recorder: Recorder, spectrum: Spectrum, free: Vector, gradient: Vector) -> bool:
    """Would a Newton step lead away from here, or the slope along a flat direction down?"""
    last = recorder.last
    if norm(gradient[free]) == 0.0:
        return False
    size = np.maximum(np.abs(last.x), np.abs(last.x - recorder.start.x))
    size = np.maximum(size, SMALL * np.max(size))
    if not (np.abs(spectrum.newton) <= NEAR * size).all():
        return True
    gain = abs(float(gradient @ spectrum.newton)) / 2
    slopes = sum([abs(float(gradient @ v)) for v in spectrum.flat])
    if spectrum.signs is None:
        slopes = float(np.sum(np.abs(gradient[free])))
    return not gain + slopes * float(np.max(size)) <= recorder.worth


class _Around:
    """What the values around the last step say.

    lower: where the value is lower; problem: what speaks against a minimum, or nothing; noise: how much of a
    difference of values may be rounding.
    """

    def __init__(self, recorder: Recorder, spectrum: Spectrum, bent: Dense | Sparse | None = None) -> None:
        self._recorder = recorder
        self.lower: Vector | None = None
        self.noise, self._slopes = self._rounding(bent)
        self.problem = self._look(spectrum)

    def _look(self, spectrum: Spectrum) -> str:
        rises, problem = False, ""
        for distances in (DISTANCES, FARTHER):
            for direction in _directions(spectrum):
                sides = [self._side(distances, sign * direction) for sign in (1.0, -1.0)]
                if self.lower is not None:
                    return "lower values are near: this is a kink, a step or an inflection"
                if sides == [0, 0] and self._turns(direction):
                    sides = [1, 1]
                if sides[0] != sides[1] and None not in sides and distances is DISTANCES:
                    problem = "the value stays the same to one side: it may fall again farther on"
                rises |= 1 in sides
            if distances is DISTANCES and (rises or spectrum.signs == (0, 0, 0)):
                return problem
        return problem or "the value is the same all around: nothing shows where the minimum is"

    def _side(self, distances: tuple[float, ...], direction: Vector) -> int | None:
        """The sign of the first change of the value that is no rounding; None where a bound comes before.

        Where there is no value it counts as a rise.
        """
        recorder, last = self._recorder, self._recorder.last
        for distance in distances:
            x = last.x + distance * self._far * direction
            if not np.array_equal(recorder.within(x), x):
                return None
            difference = recorder.objective.value(x) - last.value
            difference = math.inf if difference != difference else difference
            if abs(difference) > self.noise:
                if difference > 0:
                    return 1
                self.lower = x
                return -1
        return 0

    def _turns(self, direction: Vector) -> bool:
        """Where the values are too much alike: do the slopes rise on both sides?"""
        last = self._recorder.last
        if self.noise > HIDDEN * abs(last.value):
            return False
        for distance in DISTANCES:
            way = distance * self._far * direction
            slopes = [sign * self._recorder.evaluate(last.x + sign * way)[1] @ direction for sign in (1.0, -1.0)]
            if min(slopes) > self._slopes @ np.abs(direction):
                return True
        return False

    @property
    def _far(self) -> float:
        return max(1.0, float(np.max(np.abs(self._recorder.last.x))))

    def _rounding(self, bent: Dense | Sparse | None) -> tuple[float, Vector]:
        """How much of the value and of the slopes is rounding, seen at points that are as good as the same."""
        last = self._recorder.last
        value, slopes = 0.0, np.zeros(last.x.size)
        source = np.random.default_rng(1)
        for _ in range(LOOKS if last.finite else 0):
            x = self._recorder.within(last.x + source.uniform(-8, 8, last.x.size) * EPSILON * units(last.x))
            other = self._recorder.look(x)
            value = max(value, abs(other.value - last.value - float(last.gradient @ (x - last.x))))
            if bent is not None:
                change = other.gradient - last.gradient - bent.times(x - last.x)
                slopes = np.maximum(slopes, np.abs(change))
        rounding = 4 * EPSILON * np.maximum(np.abs(last.x), 1.0)
        gradient = np.nan_to_num(last.gradient)
        moved = float(np.abs(gradient) @ rounding)
        if moved > HIDDEN * (1.0 + abs(last.value)):  # at a cusp the slope holds nowhere else
            ways = (sign * np.sign(gradient) * rounding for sign in (1.0, -1.0))
            seen = [abs(self._recorder.objective.value(last.x + way) - last.value) for way in ways]
            moved = min([moved, 2.0 * max(seen)])
        return 4 * value + VISIBLE * abs(last.value) + moved, 4 * slopes + 4 * EPSILON * np.abs(last.gradient)


def _wander(recorder: Recorder, spectrum: Spectrum, noise: float) -> Vector | None:
    """Where the Hessian is singular: does a short way down from close by lead lower, along a curve?"""
    last = recorder.last
    far = max(1.0, float(np.max(np.abs(last.x))))
    for direction in spectrum.flat[:TRIED]:
        near, shrunk = 0.01 * far, SHRUNK * _to_zero(last.x, direction)
        for distance in (near, -near, shrunk, -shrunk):
            start = recorder.within(last.x + distance * direction)
            other = Recorder(recorder.objective, WANDERED, recorder.bounds, start=start)
            with suppress(StoppedError):
                region(other)
            if other.last.value < last.value - recorder.worth - noise:
                return other.last.x
    return None


def _to_zero(x: Vector, direction: Vector) -> float:
    """How far along a direction, on one of its sides, the first of the variables is 0; 0 where all are."""
    moved = (x != 0) & (direction != 0)
    return float(np.min(np.abs(x[moved] / direction[moved]))) if moved.any() else 0.0


def _directions(spectrum: Spectrum) -> Iterator[Vector]:
    """Eigenvectors, those without curvature first, and mixtures of them."""
    others = [v for v in spectrum.axes if not any(v is f for f in spectrum.flat)]
    axes = [*spectrum.flat, *others]
    yield from axes[:TRIED]
    if len(axes) > 1:
        source = np.random.default_rng(1)
        for mixed in (spectrum.flat, axes):
            for _ in range(TRIED if len(mixed) > 1 else 0):
                mixture = np.asarray(mixed).T @ source.standard_normal(len(mixed))
                yield mixture / np.max(np.abs(mixture))


def _praise(last: Step, spectrum: Spectrum, free: Vector) -> str:
    """What makes it a minimum."""
    slope = "the gradient is 0" if norm(last.gradient[free]) == 0.0 else "the gradient is as good as 0"
    held = int(free.size - np.sum(free))
    if held:
        slope = f"{held} variable{'s are' if held > 1 else ' is'} held by a bound"
        slope += " and the rest of the gradient is as good as 0" if free.any() else ""
    if spectrum.signs is None:
        return f"{slope}; the signs of the Hessian's eigenvalues could not be told"
    _, zero, positive = spectrum.signs
    if zero:
        return f"{slope}; the Hessian is singular, but the value falls nowhere around"
    return f"{slope} and all eigenvalues of the Hessian are positive" if positive else slope


def _shown(value: float) -> str:
    return "NaN" if value != value else "-inf" if value < 0 else "inf"
