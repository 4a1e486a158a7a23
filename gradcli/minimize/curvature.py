"""The Hessian at a point: the signs of its eigenvalues, and the Newton step.

The matrix is scaled to a unit diagonal first: that keeps the signs (Sylvester's law of inertia)
and makes them independent of the variables' units.
"""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.methods import Bounds
    from gradcli.minimize.objective import Objective, Vector
    from gradcli.minimize.recorder import Step

DENSE = 400  # up to so many variables the matrix is made; beyond it is only multiplied with
EPSILON = 2.0**-52
SOME = 9
ZERO = 1e-11  # a scaled eigenvalue below this cannot be told from 0


def free_of(step: Step, bounds: Bounds | None) -> Vector:
    """For each variable whether it may move: not where the slope presses it against a bound."""
    if bounds is None:
        return np.ones(step.x.size, bool)
    low, high = bounds
    g = step.gradient
    return ~(((step.x <= low) & (g > 0)) | ((step.x >= high) & (g < 0)) | (low == high))


class Curvature:
    """The second order at x, on the variables that are free to move.

    signs: how many eigenvalues are negative, zero, positive; None where they are not known;
    step: the Newton step, 0 along directions without curvature; flat: unit vectors that span
    those; axes: unit vectors worth looking along; finite: is the Hessian finite? noise: how much
    the value may be off because each variable is rounded.
    """

    def __init__(self, objective: Objective, x: Vector, gradient: Vector, free: Vector) -> None:
        """free: for each variable whether it may move."""
        self.signs: tuple[int, int, int] | None = None
        self.step = np.zeros(x.size)
        self.flat: list[Vector] = []
        self.axes: list[Vector] = []
        self.finite = True
        self.noise = 0.0
        self._where = np.flatnonzero(free)
        if not self._where.size:
            self.signs = (0, 0, 0)
        elif self._where.size <= DENSE:
            self._whole(objective, x, gradient)
        else:
            self._sparse(objective, x, gradient)

    def _whole(self, objective: Objective, x: Vector, gradient: Vector) -> None:
        matrix = objective.hessian(x)[np.ix_(self._where, self._where)]
        if not np.isfinite(matrix).all():
            self.finite = False
            return
        rounding = 4 * EPSILON * np.maximum(np.abs(x[self._where]), 1.0)
        self.noise = float(np.abs(gradient[self._where]) @ rounding + rounding @ np.abs(matrix) @ rounding)
        size = np.sqrt(np.abs(np.diag(matrix)))
        size = np.where(size > 0, size, np.sqrt(np.max(np.abs(matrix), axis=1)))
        size = np.where(size > 0, size, 1.0)
        values, vectors = np.linalg.eigh(matrix / size / size[:, None])
        zero = np.abs(values) <= ZERO
        self.signs = int(np.sum(values < -ZERO)), int(np.sum(zero)), int(np.sum(values > ZERO))
        along = vectors.T @ (gradient[self._where] / size)
        shift = np.where(zero, 0.0, along / np.where(zero, 1.0, np.abs(values)))
        self.step[self._where] = -(vectors @ shift) / size
        directions = (vectors / size[:, None]).T
        self.axes = [self._unit(v) for v in directions]
        self.flat = [v for v, none in zip(self.axes, zero, strict=True) if none]

    def _sparse(self, objective: Objective, x: Vector, gradient: Vector) -> None:
        """Conjugate gradients for the step, Lanczos for the two ends of the spectrum."""
        from scipy.sparse import linalg

        def product(v: Vector) -> Vector:
            whole = np.zeros(x.size)
            whole[self._where] = np.ravel(v)
            return objective.product(x, whole)[self._where]

        count = self._where.size
        operator = linalg.LinearOperator((count, count), matvec=product, dtype=np.float64)
        start, *others = np.random.default_rng(1).standard_normal((SOME, count))  # without a pattern
        self.axes = [self._unit(v) for v in others]
        try:
            (high,), _ = linalg.eigsh(operator, 1, which="LA", v0=start, tol=1e-3)
            (low,), vector = linalg.eigsh(operator, 1, which="SA", v0=start, tol=1e-3, maxiter=20 * 40)
        except linalg.ArpackError:
            return
        except ValueError:
            self.finite = False
            return
        self.axes.append(self._unit(vector[:, 0]))
        largest = max(abs(high), abs(low))
        rounding = 4 * EPSILON * np.maximum(np.abs(x[self._where]), 1.0)
        self.noise = float(np.abs(gradient[self._where]) @ rounding + largest * (rounding @ rounding))
        low, high = (0 if abs(v) <= ZERO * largest else v for v in (low, high))
        step = -gradient[self._where] / (largest or 1.0)  # never longer than Newton's
        if low > 0:
            self.signs = (0, 0, count)
            exact, _ = linalg.cg(operator, -gradient[self._where], rtol=1e-10, maxiter=count)
            step = exact if np.isfinite(exact).all() else step
        elif low < 0:
            self.signs = (1, 0, int(high > 0))
        self.step[self._where] = step

    def _unit(self, vector: Vector) -> Vector:
        """The direction among all variables, its largest element 1."""
        whole = np.zeros(self.step.size)
        whole[self._where] = vector / np.max(np.abs(vector))
        return whole
