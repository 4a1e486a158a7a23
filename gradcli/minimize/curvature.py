"""The second order at a point: what a quadratic model of the function says, on the variables that are free to move.

Up to DENSE variables the Hessian is a matrix, and every question is answered by its eigenvalues; beyond it is only
multiplied with. Lengths are measured with each variable in its own unit, so that the answers do not depend on
the units (Sylvester's law of inertia keeps the signs of the eigenvalues).
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.objective import Objective, Vector

DENSE = 200  # up to so many variables the matrix is made
EPSILON = 2.0**-52
ZERO = 1e-11  # a scaled eigenvalue below this cannot be told from 0
SMALL = 1e-3  # variables much smaller than the largest are judged as if they were this part of it
SMALLEST = 1e-300
SOME = 9


def curvature(
    objective: Objective, x: Vector, gradient: Vector, free: Vector, hessian: Vector | None = None
) -> Dense | Sparse:
    """The second order at x; free: for each variable whether it may move; hessian: where it is known."""
    if np.count_nonzero(free) > DENSE:
        return Sparse(objective, x, gradient, free)
    return Dense(objective.hessian(x) if hessian is None else hessian, x, gradient, free)


class Dense:
    """By the Hessian as a matrix.

    finite: is it finite? growth: how much farther the next step may go where this model was true.
    """

    growth = 2.5

    def __init__(self, hessian: Vector, x: Vector, gradient: Vector, free: Vector) -> None:
        self._where = np.flatnonzero(free)
        self._whole = np.zeros(x.size)
        self._gradient = gradient[self._where]
        self.matrix = hessian[np.ix_(self._where, self._where)]
        self.finite = bool(np.isfinite(self.matrix).all())
        if self.finite:
            self._unit = units(x)[self._where]
            self._newton = self._whole_step()

    @cached_property
    def _eigen(self) -> tuple[Vector, Vector, Vector]:
        """Eigenvalues and vectors in the units of the variables, and the gradient along these."""
        values, vectors = np.linalg.eigh(self.matrix * self._unit * self._unit[:, None])
        if self._newton is not None:
            values = np.maximum(values, 0.0)
        return values, vectors, vectors.T @ (self._gradient * self._unit)

    def _whole_step(self) -> Vector | None:
        """The Newton step where the Hessian is positive definite, however different the variables are in size."""
        size = _sizes(self.matrix)
        try:
            root = np.linalg.cholesky(self.matrix / size / size[:, None])
        except np.linalg.LinAlgError:
            return None
        return self._spread(-np.linalg.solve(root.T, np.linalg.solve(root, self._gradient / size)) / size)

    def length(self, step: Vector) -> float:
        """How long a step is, each variable in its unit."""
        return float(np.linalg.norm(step[self._where] / self._unit))

    def slope(self, gradient: Vector) -> float:
        """The length of a gradient, by variables in their units."""
        return float(np.linalg.norm(gradient[self._where] * self._unit))

    def times(self, step: Vector) -> Vector:
        """The Hessian times a step."""
        return self._spread(self.matrix @ step[self._where])

    def step(self, radius: float) -> Vector:
        """The step of at most this length to the lowest value of the model (Moré and Sorensen 1983)."""
        if self._newton is not None and self.length(self._newton) <= radius:
            return self._newton
        values, vectors, along = self._eigen
        least = EPSILON * values.size * float(np.max(np.abs(values))) if self._newton is None else 0.0
        shift = max(float(np.max(np.abs(along) / radius - values)), least - float(values[0]), SMALLEST)
        for _ in range(60):
            step = -along / (values + shift)
            length = float(np.linalg.norm(step))
            if length <= radius * 1.0001:
                break
            shift += (length / radius - 1) * length**2 / float(np.sum(step**2 / (values + shift)))
        if values[0] < -least and length < 0.9 * radius:  # the slope does not lead along negative curvature
            lowest = values < values[0] / 2
            step[lowest] += np.copysign(math.sqrt((radius**2 - length**2) / np.sum(lowest)), -along[lowest])
        return self._spread((vectors @ step) * self._unit)

    def spectrum(self) -> Spectrum:
        """By the matrix scaled to a unit diagonal, so that what counts as 0 depends on no unit."""
        size = _sizes(self.matrix)
        values, vectors = np.linalg.eigh(self.matrix / size / size[:, None])
        zero = np.abs(values) <= ZERO * max(1.0, float(np.max(np.abs(values), initial=0.0)))
        along = vectors.T @ (self._gradient / size)
        shift = np.where(zero, 0.0, along / np.where(zero, 1.0, np.abs(values)))
        axes = [self._spread(v / np.max(np.abs(v))) for v in (vectors / size[:, None]).T]
        signs = int(np.sum(~zero & (values < 0))), int(np.sum(zero)), int(np.sum(~zero & (values > 0)))
        flat = [v for v, none in zip(axes, zero, strict=True) if none]
        return Spectrum(signs, self._spread(-(vectors @ shift) / size), flat, axes)

    def _spread(self, part: Vector) -> Vector:
        """A vector of all variables."""
        whole = self._whole.copy()
        whole[self._where] = part
        return whole


class Spectrum:
    """What the eigenvalues of the Hessian say.

    signs: how many are negative, zero, positive; None where that is not known. newton: the Newton step, 0 along
    directions without curvature. flat: directions that span those. axes: directions worth looking along, the most
    negative curvature first; the largest element of a direction is 1.
    """

    __slots__ = ("axes", "flat", "newton", "signs")

    def __init__(
        self, signs: tuple[int, int, int] | None, newton: Vector, flat: list[Vector], axes: list[Vector]
    ) -> None:
        self.signs = signs
        self.newton = newton
        self.flat = flat
        self.axes = axes


class Sparse:
    """By products of the Hessian with vectors; the methods of Dense."""

    growth = 1.5  # a step too far costs more products here than two shorter ones

    def __init__(self, objective: Objective, x: Vector, gradient: Vector, free: Vector) -> None:
        self._free = free
        self._gradient = np.where(free, gradient, 0.0)
        self._product = lambda v: objective.product(x, v)
        self._downhill = self.times(-self._gradient)
        self.finite = bool(np.isfinite(self._downhill).all())

    def length(self, step: Vector) -> float:
        """The Euclidean length."""
        return float(np.linalg.norm(step))

    def slope(self, gradient: Vector) -> float:
        """The length of what is free of a gradient."""
        return float(np.linalg.norm(gradient[self._free]))

    def times(self, step: Vector) -> Vector:
        """The Hessian times a step, among the free variables."""
        return np.where(self._free, self._product(np.where(self._free, step, 0.0)), 0.0)

    def step(self, radius: float) -> Vector:
        """A step of at most this length that lowers the model (Steihaug 1983)."""
        return self._conjugate(radius, 0.1)

    def _conjugate(self, radius: float, tolerance: float) -> Vector:
        """Conjugate gradients until the rest is this part of the gradient, or to the edge of the region."""
        step = np.zeros_like(self._gradient)
        rest, direction = self._gradient, -self._gradient
        square = float(rest @ rest)
        enough = tolerance**2 * square
        for _ in range(step.size):
            if not square > enough:
                break
            bent = self.times(direction) if step.any() else self._downhill
            curved = float(direction @ bent)
            part = square / curved if curved > 0 else math.inf
            if not np.linalg.norm(step + part * direction) < radius:
                return step + _to_edge(step, direction, radius) * direction if radius < math.inf else step
            step = step + part * direction
            rest = rest + part * bent
            square, before = float(rest @ rest), square
            direction = square / before * direction - rest
        return step

    def spectrum(self) -> Spectrum:
        """Lanczos for the two ends of the spectrum, conjugate gradients for the step."""
        from scipy.sparse import linalg

        count = self._gradient.size
        operator = linalg.LinearOperator((count, count), matvec=lambda v: self.times(np.ravel(v)), dtype=np.float64)
        start, *others = np.random.default_rng(1).standard_normal((SOME, count))  # without a pattern
        axes = [np.where(self._free, v, 0.0) / np.max(np.abs(v)) for v in others]
        if not self.times(start).any():
            return Spectrum((0, count, 0), np.zeros(count), [], [])
        try:
            (high,), _ = linalg.eigsh(operator, 1, which="LA", v0=start, tol=1e-3)
            (low,), vector = linalg.eigsh(operator, 1, which="SA", v0=start, tol=1e-3, maxiter=800)
        except linalg.ArpackError:
            return Spectrum(None, np.zeros(count), [], axes)
        axes = [vector[:, 0] / np.max(np.abs(vector)), *axes]
        largest = max(abs(high), abs(low))
        zero = ZERO * largest
        step = -self._gradient / largest  # never longer than Newton's
        if low > zero:
            return Spectrum((0, 0, count), self._conjugate(math.inf, 1e-10), [], axes)
        return Spectrum((1, 0, int(high > zero)) if low < -zero else None, step, [], axes)


def _to_edge(step: Vector, direction: Vector, radius: float) -> float:
    """How far along the direction the length is the radius."""
    a, b, c = float(direction @ direction), float(step @ direction), radius**2 - float(step @ step)
    return c / (b + math.sqrt(b * b + a * c))


def units(x: Vector) -> Vector:
    """For each variable what is a large change of it: its size, or that of the largest, made small."""
    size = np.abs(x)
    return np.maximum(size, SMALL * float(np.max(size))) if size.any() else np.ones(x.size)


def _sizes(matrix: Vector) -> Vector:
    """The square roots of the diagonal; where that is 0 of the row's largest element, or 1."""
    diagonal, largest = np.abs(np.diag(matrix)), np.max(np.abs(matrix), axis=1, initial=0.0)
    size = np.sqrt(np.where(diagonal > ZERO * largest, diagonal, largest))
    return np.where(size > 0, size, 1.0)
