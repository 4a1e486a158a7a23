"""Downhill along kinks: the function near a point as the largest of several smooth pieces.

Each point that was looked at near the centre gives a piece: value, gradient and Hessian on its side of the kinks.
The lowest point of the largest piece, within a box, is the next to look at; either it is lower, or it shows a piece
that was not known (a bundle method with pieces of the second order: Lukšan and Vlček, A bundle-Newton method, 1998).
"""

from __future__ import annotations

import numpy as np

from gradcli.minimize.curvature import EPSILON, units
from gradcli.minimize.minimax import minimax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Recorder, Step

DENSE = 100  # beyond so many variables the pieces would take too long
FIRST = 0.1  # the first box, in units of the variables
NEAREST = 1e-9  # the smallest box
AROUND = 1e-7  # the box in which a kink is looked at
IDLE = 30  # so many trials, and ten more for each variable, may lead nowhere
LEVEL = 1e-12  # what slopes may leave over, in units of the largest
FLATTEST = 1e-12
NOISE = 100  # units of rounding of the value, by which it must bend over that box
USED = 1e-6  # a piece of less weight is not needed
SAME = 1e-3  # relative differences of slopes below this are no kink


class Bundle:
    """The pieces around a centre; each variable is counted in its unit."""

    def __init__(self, recorder: Recorder, centre: Step, unit: Vector) -> None:
        self._recorder = recorder
        self._pieces: list[tuple[Step, Vector]] = []
        self._weights = np.ones(0)
        self.centre = centre
        self.unit = unit

    def add(self, piece: Step) -> bool:
        """Take up the piece on which a point lies; False where its derivatives are not finite."""
        if not piece.finite:
            return False
        hessian = self._recorder.objective.hessian(piece.x)
        finite = bool(np.isfinite(hessian).all())
        if finite:
            self._pieces.append((piece, hessian))
            self._weights = np.append(self._weights, 0.0)
        return finite

    def keep(self, radius: float) -> None:
        """Forget the pieces that are far off, and the oldest of those without weight."""
        oldest = len(self._pieces) - 2 * self.centre.x.size - 10
        kept = []
        for k, (piece, _) in enumerate(self._pieces):
            near = np.max(np.abs(piece.x - self.centre.x) / self.unit) <= 2 * radius
            if piece is self.centre or (near and (k >= oldest or self._weights[k] > USED)):
                kept.append(k)
        self._pieces = [self._pieces[k] for k in kept]
        self._weights = self._weights[kept]

    def slopes(self) -> Vector:
        """For each piece its gradient at the centre, of variables in their units."""
        return np.array([p.gradient + hessian @ (self.centre.x - p.x) for p, hessian in self._pieces]) * self.unit

    def steepest(self) -> float:
        """The largest slope at any of the points."""
        return max([float(np.max(np.abs(piece.gradient * self.unit))) for piece, _ in self._pieces], default=0.0)

    def matrix(self) -> Vector:
        """The Hessian of the weighted pieces, of variables in their units."""
        total = float(np.sum(self._weights))
        weights = self._weights / total if total > 0 else np.full(len(self._pieces), 1 / len(self._pieces))
        hessians = np.array([hessian for _, hessian in self._pieces])
        return np.tensordot(weights, hessians, 1) * self.unit * self.unit[:, None]

    def step(self, radius: float) -> tuple[Vector, float, float]:
        """To the lowest point of the largest piece within the box.

        Returns the step, how far the pieces fall there, and how far the steepest falls over the box.
        """
        x, unit = self.centre.x, self.unit
        slopes = self.slopes() * radius
        steepest = max(float(np.max(np.abs(slopes))), 1e-300)
        heights = np.array([-abs(self._height(piece, hessian)) for piece, hessian in self._pieces]) / steepest
        values, vectors = np.linalg.eigh(self.matrix() * radius**2 / steepest)
        convex = (vectors * np.maximum(np.abs(values), FLATTEST)) @ vectors.T
        low, high = -np.ones(x.size), np.ones(x.size)
        if self._recorder.bounds is not None:
            lowest, highest = self._recorder.bounds
            low = np.maximum(low, (lowest - x) / unit / radius)
            high = np.minimum(high, (highest - x) / unit / radius)
        step, self._weights = minimax(heights, slopes / steepest, convex, low, high)
        gain = -float(np.max(heights + slopes @ step / steepest) + step @ convex @ step / 2) * steepest
        return step * unit * radius, gain, steepest

    def _height(self, piece: Step, hessian: Vector) -> float:
        """The piece at the centre, above the value there."""
        way = self.centre.x - piece.x
        return float(piece.value - self.centre.value + piece.gradient @ way + way @ hessian @ way / 2)

    def weighted(self) -> Vector:
        """The slopes of the pieces that have weight."""
        return self.slopes()[self._weights > USED]


def descend(recorder: Recorder) -> None:
    """Go down from the last point as far as the pieces show a way."""
    bundle = Bundle(recorder, recorder.last, units(recorder.last.x))
    if recorder.last.x.size > DENSE or not bundle.add(recorder.last):
        return
    radius, idle = FIRST, 0
    while idle < IDLE + 10 * recorder.last.x.size:
        last = recorder.last
        step, gain, steepest = bundle.step(radius)
        x = recorder.within(last.x + step)
        if gain <= EPSILON * abs(last.value) or np.array_equal(x, last.x):
            return
        if gain <= LEVEL * steepest:
            if radius <= NEAREST:
                return
            radius /= 10
        else:
            trial = recorder.look(x)
            if not bundle.add(trial):
                radius, idle = radius / 4, idle + 1
            elif last.value - trial.value > 0.1 * gain:
                if np.max(np.abs(step) / bundle.unit) > 0.9 * radius:
                    radius *= 2
                bundle.centre, bundle.unit, idle = recorder.step(x), units(x), 0
            else:
                radius, idle = max(0.85 * radius, NEAREST / 10), idle + 1
        bundle.keep(radius)


class Corner:
    """A kink. problem: what speaks against a minimum, or nothing; flat: the directions along which there is no kink."""

    __slots__ = ("flat", "problem")

    def __init__(self, problem: str, flat: list[Vector]) -> None:
        self.problem = problem
        self.flat = flat


def corner(recorder: Recorder) -> Corner | None:
    """The kink at the last point; None where there is none, or where there are too many variables to look."""
    last = recorder.last
    if last.x.size > DENSE:
        return None
    unit = units(np.maximum(np.abs(last.x), np.abs(last.x - recorder.start.x)))
    directions = np.random.default_rng(1).uniform(-1, 1, (last.x.size + 3, last.x.size)) * unit
    far, near = (_looked(recorder, unit, directions * distance) for distance in (AROUND, AROUND / 100))
    spread = _spread(near)
    rounding = NOISE * EPSILON * abs(last.value) / AROUND  # far out the slopes are nothing else
    if not (spread > _spread(far) / 2 and spread > SAME * far.steepest() and spread > rounding):
        return None
    for _ in range(20 * last.x.size):
        step, gain, steepest = near.step(AROUND)
        if gain <= LEVEL * steepest or not near.add(recorder.look(recorder.within(last.x + step))):
            break
    _, gain, steepest = near.step(1.0)
    if not gain <= recorder.worth + LEVEL * steepest:
        return Corner("the gradient is not 0 here", [])
    slopes = near.weighted()
    _, sizes, rows = np.linalg.svd(slopes - slopes[0])
    flat = rows[np.sum(sizes > SAME * np.max(np.abs(slopes))) :]
    values, vectors = np.linalg.eigh(flat @ near.matrix() @ flat.T)
    directions = vectors.T @ flat * unit
    problem = "the value falls along the kink" if (values < -SAME * np.max(np.abs(slopes))).any() else ""
    return Corner(problem, [v / np.max(np.abs(v)) for v in directions])


def _looked(recorder: Recorder, unit: Vector, steps: Vector) -> Bundle:
    """The pieces on both sides along each of some steps."""
    bundle = Bundle(recorder, recorder.last, unit)
    for step in (*steps, *-steps):
        bundle.add(recorder.look(recorder.within(recorder.last.x + step)))
    return bundle


def _spread(bundle: Bundle) -> float:
    """How much the slopes of the pieces differ."""
    slopes = bundle.slopes()
    return float(np.max(np.ptp(slopes, axis=0), initial=0.0)) if len(slopes) else 0.0
