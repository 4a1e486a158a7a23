"""Losses: how much a residual counts, by its square in units of the loss's scale.

Of each the value rho(s) and its first two derivatives, for s = (r/scale)^2; rho(s) is s for small s. Source: B. Triggs
et al., Bundle Adjustment - A Modern Synthesis (2000), section 4.3, whose rescaled residuals and Jacobian give the
Gauss-Newton model of the loss.
"""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Vector = np.ndarray[Any, np.dtype[np.float64]]

LEAST = 2.0**-52  # of the curvature that is kept where a loss flattens


def _huber(s: Vector) -> tuple[Vector, Vector, Vector]:
    far = s > 1
    root = np.sqrt(np.where(far, s, 1.0))
    return np.where(far, 2 * root - 1, s), np.where(far, 1 / root, 1.0), np.where(far, -0.5 / root**3, 0.0)


def _soft_l1(s: Vector) -> tuple[Vector, Vector, Vector]:
    t = 1 + s
    root = np.sqrt(t)
    return 2 * s / (root + 1), 1 / root, -0.5 / (t * root)


def _cauchy(s: Vector) -> tuple[Vector, Vector, Vector]:
    t = 1 + s
    return np.log1p(s), 1 / t, -1 / t**2


LOSSES = {"huber": _huber, "soft_l1": _soft_l1, "cauchy": _cauchy}


class Loss:
    """One of LOSSES with its scale: residuals well below it count by their square.

    >>> Loss("huber", 2.0).cost(np.array([1.0, 10.0]))
    37.0
    """

    def __init__(self, name: str, scale: float) -> None:
        self.name = name
        self.scale = scale
        self._rho = LOSSES[name]

    def cost(self, residuals: Vector) -> float:
        """The sum over the residuals, in the place of the sum of their squares."""
        return float(np.sum(self._rho((residuals / self.scale) ** 2)[0])) * self.scale**2

    def rescaled(self, residuals: Vector) -> tuple[Vector, Vector]:
        """(residuals, factors of the rows of the Jacobian) of the Gauss-Newton model."""
        s = (residuals / self.scale) ** 2
        _, first, second = self._rho(s)
        root = np.sqrt(np.maximum(first + 2 * second * s, LEAST))
        return residuals * first / root, root
