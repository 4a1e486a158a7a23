"""Levenberg and Marquardt's method with a trust region, on the triangle of the Jacobian.

Source: J. Moré, The Levenberg-Marquardt algorithm: implementation and theory (1978): steps within an ellipsoid whose
axes follow the columns of the Jacobian. It goes on until rounding hides what a step would gain.
"""

from __future__ import annotations

import math

import numpy as np

from gradcli.regression.problem import triangle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.regression.problem import Problem, Triangle, Vector

    Bounds = tuple[Vector, Vector]

EPSILON = 2.0**-52
STEPS = 1000
SMALL = 1e-10  # a slope below this part of the residuals moves no parameter by more of its standard error
POLISH = 30  # whole steps at the end, at most


class Search:
    """Where a search ended: the parameters, the factors there, whether no slope is left, why it stopped, the steps.

    free: which parameters no bound stops."""

    __slots__ = ("b", "converged", "free", "steps", "triangle", "why")

    def __init__(self, b: Vector, triangle: Triangle, free: Vector, steps: int) -> None:
        self.b = b
        self.triangle = triangle
        self.free = free
        self.steps = steps
        self.converged = False
        self.why = ""


def search(
    problem: Problem, start: Vector, radius: float, bounds: Bounds | None = None, limit: int = STEPS,
    tell: Callable[[int, Vector, float], None] | None = None, first: Triangle | None = None,
) -> Search:  # fmt: skip
    """Go down from the start. radius: of the first region, in units of the scaled start; bounds: the lowest and highest
    of each parameter; tell: is called with each step's number, parameters and cost;
    first: the factors at the start, where they are known."""
    b = np.array(start, np.float64)
    here = problem.at(b) if first is None else first
    scale = np.zeros(b.size)
    region, step_number = 0.0, 0
    while True:
        free = _free(b, here, bounds)
        small = Small(here, free)
        scale = np.maximum(scale, small.norms(b.size))
        unit = np.where(scale > 0, scale, 1.0)
        if not region:
            region = radius * (float(np.linalg.norm(unit * b)) or 1.0)
        found = Search(b, here, free, step_number)
        if _level(problem, here, small):
            found.converged, found.why = True, "the slope is 0 to rounding"
            return _polished(problem, found, small, bounds)
        if step_number >= limit:
            found.why = f"the {limit} steps are used up"
            return found
        moved = False
        while not moved:
            step = small.step(unit, region, b.size)
            b_new = b + step if bounds is None else np.clip(b + step, *bounds)
            step = b_new - b
            length = float(np.linalg.norm(unit * step))
            foreseen = _gain(here, step)
            if not np.any(np.abs(step) > EPSILON * np.abs(b)) or foreseen <= 4 * EPSILON * here.cost:
                return _stuck(problem, found, small, bounds)
            there = problem.at(b_new)
            gain = here.cost - there.cost if there.finite else -math.inf
            ratio = gain / foreseen
            if not ratio > 1e-4:
                region = length / (4.0 if ratio > -10 else 10.0)
                continue
            if ratio > 0.75:
                region = max(region, 2.5 * length)
            elif ratio < 0.25:
                region = length / 2
            b, here, moved = b_new, there, True
        step_number += 1
        if tell is not None:
            tell(step_number, b, here.cost)


class Small:
    """The linear model on the parameters that are free, by singular values when a step needs them."""

    def __init__(self, here: Triangle, free: Vector) -> None:
        self.where = np.flatnonzero(free)
        self.r = here.r[:, self.where]
        self.z = here.z
        width = self.where.size
        joined = triangle(np.column_stack([self.r, self.z])) if width else np.zeros((1, 1))
        # What steps can take away of the residuals.
        self.slope = float(np.linalg.norm(joined[: min(width, joined.shape[0]), width]))

    def norms(self, size: int) -> Vector:
        """The length of each column of the Jacobian; 0 for those that are held."""
        found = np.zeros(size)
        found[self.where] = np.linalg.norm(self.r, axis=0)
        return found

    def step(self, unit: Vector, region: float, size: int) -> Vector:
        """The step of at most this length, in these units, to the lowest value of the model."""
        scaled = self.r / unit[self.where]
        u, s, vt = np.linalg.svd(scaled, full_matrices=False)
        along = u.T @ self.z
        keep = s > EPSILON * s[0] if s.size and s[0] > 0 else np.zeros(s.size, bool)
        whole = np.where(keep, along / np.where(keep, s, 1.0), 0.0)
        if float(np.linalg.norm(whole)) > region:
            whole = s * along / (s**2 + _shift(s, along, region))
        found = np.zeros(size)
        found[self.where] = -(vt.T @ whole) / unit[self.where]
        return found


def _shift(s: Vector, along: Vector, region: float) -> float:
    """The lambda for which the step has the length of the region, within a tenth: by bisection of its logarithm."""
    high = float(np.linalg.norm(s * along)) / region
    low = high * 1e-40
    for _ in range(200):
        middle = math.sqrt(low) * math.sqrt(high)
        length = float(np.linalg.norm(s * along / (s**2 + middle)))
        if abs(length - region) <= 0.05 * region:
            return middle
        low, high = (middle, high) if length > region else (low, middle)
    return high


def _gain(here: Triangle, step: Vector) -> float:
    """By how much the model foresees that the cost falls."""
    moved = here.r @ step
    return -float(moved @ (moved + 2 * here.z))


def _free(b: Vector, here: Triangle, bounds: Bounds | None) -> Vector:
    if bounds is None:
        return np.ones(b.size, bool)
    low, high = bounds
    slope = here.gradient
    return ~(((b <= low) & (slope > 0)) | ((b >= high) & (slope < 0)) | (low == high))


def _level(problem: Problem, here: Triangle, small: Small) -> bool:
    """Is what steps can take away of the residuals nothing, beside them or beside the rounding of the data?"""
    return small.slope <= max(SMALL * math.sqrt(max(here.cost, 0.0)), 2 * problem.noise)


def _stuck(problem: Problem, found: Search, small: Small, bounds: Bounds | None) -> Search:
    """No step gains anything that rounding does not hide: there, if the slope is small too."""
    found = _polished(problem, found, small, bounds)
    slope = Small(found.triangle, found.free).slope
    found.converged = slope <= max(1e-7 * math.sqrt(found.triangle.cost), 1e3 * problem.noise)
    found.why = "no step lowers the sum of squares any further"
    if not found.converged:
        found.why = "no step lowers the sum of squares, though its slope is not 0"
    return found


def _polished(problem: Problem, found: Search, small: Small, bounds: Bounds | None) -> Search:
    """Whole steps, where the sum of squares tells nothing any more: as long as they make the slope smaller by half."""
    for _ in range(POLISH):
        step = small.step(np.ones(found.b.size), math.inf, found.b.size)
        b = found.b + step if bounds is None else np.clip(found.b + step, *bounds)
        if not np.any(b != found.b):
            return found
        there = problem.at(b)
        if not (there.finite and there.cost <= found.triangle.cost * (1 + 1e-6) + problem.noise**2):
            return found
        after = Small(there, found.free)
        if not after.slope < 0.7 * small.slope:
            return found
        found.b, found.triangle, small = b, there, after
        found.steps += 1
    return found
