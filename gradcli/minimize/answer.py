"""Minimise and judge: what the command prints."""

from __future__ import annotations

import math

import numpy as np

from gradcli.minimize.curvature import free_of
from gradcli.minimize.methods import METHODS
from gradcli.minimize.polish import polish
from gradcli.minimize.recorder import Recorder, StoppedError, norm
from gradcli.minimize.verdict import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.minimize.methods import Bounds
    from gradcli.minimize.objective import Objective
    from gradcli.minimize.recorder import Step


class Answer:
    """The end of a minimisation.

    minimum: the value there; at: the variables, numbers and arrays; grad_norm: the length of the
    gradient by the variables that no bound holds; converged: is it a minimum? kind: minimum,
    maximum, saddle or undecided, by the signs of the Hessian's eigenvalues; why: why it stopped,
    and what makes it a minimum or not.
    """

    __slots__ = ("at", "converged", "evaluations", "grad_norm", "kind", "method", "minimum", "steps", "why")

    def __init__(self, recorder: Recorder, method: str, stopped: str, bounds: Bounds | None) -> None:
        verdict = judge(recorder, bounds)
        last = recorder.last
        self.minimum = last.value
        self.at: dict[str, Any] = recorder.objective.point(last.x)
        self.grad_norm = norm(np.where(free_of(last, bounds), last.gradient, 0.0))
        self.converged = verdict.converged
        self.kind = verdict.kind
        self.method = method
        self.steps = last.number
        self.evaluations = recorder.objective.evaluations
        self.why = verdict.why if verdict.converged else f"{stopped}; {verdict.why}"


def minimize(
    objective: Objective,
    method: str | None = None,
    *,
    steps: int,
    rate: float | None = None,
    bounds: Bounds | None = None,
    tell: Callable[[Step], None] | None = None,
) -> Answer:
    """Go down from the objective's start.

    method: one of METHODS; by default newton, or lbfgs where there are bounds. The default and
    newton end with Newton steps of the exact Hessian, the others as they do. steps: at most so
    many; rate: the learning rate of those that have one; bounds: the lowest and the highest value
    of each element; tell: called with each step. Raises StoppedError where there is no way on from the start.
    """
    name = method or ("newton" if bounds is None else "lbfgs")
    row = METHODS[name]
    with np.errstate(all="ignore"):
        recorder = Recorder(objective, steps, tell)
        try:
            if recorder.start.norm == 0.0:
                raise StoppedError("the gradient is 0 at the start")
            if not math.isfinite(recorder.start.value + recorder.start.norm):
                raise StoppedError("there is no way on from the start")
            stopped = row.run(recorder, bounds, rate or row.rate or 0.0)
            if method in (None, "newton"):
                polish(recorder, bounds)
        except StoppedError as reason:
            stopped = str(reason)
        return Answer(recorder, name, stopped, bounds)
