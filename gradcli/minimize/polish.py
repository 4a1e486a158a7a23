"""The end of the way: Newton steps with the exact Hessian, until nothing gets any better."""

from __future__ import annotations

import math

import numpy as np

from gradcli.minimize.curvature import Curvature, free_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.methods import Bounds
    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Recorder

# Where the Hessian is singular at the minimum a Newton step is too short by a factor: 2 for x**3,
# 3 for x**4, and so on (Schröder's method for multiple roots).
FACTORS = (1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 0.5, 0.1)
MOST = 100


def polish(recorder: Recorder, bounds: Bounds | None) -> None:
    """Newton steps from the last point, each taken only if it makes something better.

    Better is a lower value; or, at the same value but for rounding, a gradient of half the length.
    """
    for _ in range(MOST):
        last = recorder.last
        if not (math.isfinite(last.value) and np.isfinite(last.gradient).all()) or last.norm == 0.0:
            return
        curvature = Curvature(recorder.objective, last.x, last.gradient, free_of(last, bounds))
        if not curvature.finite or not curvature.step.any():
            return
        x = _better(recorder, bounds, curvature.step)
        if x is None:
            return
        recorder.step(x)


def _better(recorder: Recorder, bounds: Bounds | None, step: Vector) -> Vector | None:
    """The best of some multiples of a step, if it is better than none."""
    last = recorder.last
    best: tuple[float, float, Vector] | None = None
    for factor in FACTORS:
        x = last.x + factor * step
        if bounds is not None:
            x = np.clip(x, *bounds)
        value, gradient = recorder.evaluate(x)
        if math.isfinite(value) and np.isfinite(gradient).all():
            found = (value, math.hypot(*gradient.tolist()), x)
            best = found if best is None or found[:2] < best[:2] else best
    if best is None:
        return None
    value, length, x = best
    same = abs(value - last.value) <= 4e-16 * abs(last.value)
    if (same and length < 0.5 * last.norm) or (not same and value < last.value):
        return x
    return None
