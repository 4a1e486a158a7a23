"""A trust region with the exact Hessian (Conn, Gould and Toint, Trust Region Methods, 2000).

Each step goes to the lowest point of the quadratic model, as far as the model was found true; the last ones are
Newton's own. From a saddle or a maximum the negative curvature leads down.
"""

from __future__ import annotations

import math

from gradcli.minimize.curvature import EPSILON, curvature, units
from gradcli.minimize.kinks import descend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.curvature import Dense, Sparse
    from gradcli.minimize.recorder import Recorder, Step

FIRST = 0.1  # the first steps change no variable by more than this part of its size
LAST_STEPS = 100  # so many steps may follow that gain nothing worth it
KINKED = 4  # where there are kinks so many steps that the model did not foresee are a sign of one


def newton(recorder: Recorder) -> str:
    """To where no step lowers the value, along kinks too; returns why it stopped."""
    why = region(recorder)
    while recorder.objective.kinked:
        before = recorder.last.value
        descend(recorder)
        if not before - recorder.last.value > recorder.worth:
            break
        why = region(recorder)
    return why


def region(recorder: Recorder) -> str:
    """The trust region from the last point; where there are kinks, until they stop it."""
    model = _model(recorder, recorder.last)
    if model is None:
        return "there is no way on from the start"
    radius = FIRST * model.length(units(recorder.last.x))
    false = idle = 0
    while idle < LAST_STEPS and not (recorder.objective.kinked and false >= KINKED):
        last = recorder.last
        x = recorder.within(last.x + model.step(radius))
        step = x - last.x
        length = model.length(step)
        if not 0.0 < length < math.inf:
            break
        gain = -float(last.gradient @ step + step @ model.times(step) / 2)
        trial = recorder.look(x)
        true = _fall(model, last, trial, gain)
        if true > 1e-4 * gain and not trial.free(recorder.bounds).any():
            recorder.step(x)
            break
        new = _model(recorder, trial) if true > 1e-4 * gain else None
        if new is None:
            if true == 0.0:
                break
            radius, false = length / 4, false + 1
            continue
        idle = idle + 1 if gain <= recorder.worth else 0
        if true > 0.75 * gain:
            radius, false = max(radius, model.growth * length), 0
        elif true < 0.25 * gain:
            radius, false = length / 2, false + 1
        recorder.step(x)
        radius *= (new.length(step) or length) / length
        model = new
    return "no step lowers the value any further"


def _model(recorder: Recorder, step: Step) -> Dense | Sparse | None:
    """The second order at a step; None where something is not finite or no variable is free."""
    free = step.free(recorder.bounds)
    if not step.finite or not free.any():
        return None
    found = curvature(recorder.objective, step.x, step.gradient, free)
    return found if found.finite else None


def _fall(model: Dense | Sparse, last: Step, trial: Step, gain: float) -> float:
    """How far the value falls, -1 where there is none.

    Where that cannot be told from rounding a gradient that gets smaller counts as the whole gain, another as 0.
    """
    if not (trial.finite and gain > 0):
        return -1.0
    rounding = 4 * EPSILON * abs(last.value)
    fall = last.value - trial.value
    if gain > rounding or abs(fall) > rounding:
        return fall
    return gain if model.slope(trial.gradient) < model.slope(last.gradient) else 0.0
