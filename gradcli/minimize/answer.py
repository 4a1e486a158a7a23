"""Minimise and judge: what the command prints."""

from __future__ import annotations

import re

import numpy as np

from gradcli.minimize.methods import METHODS
from gradcli.minimize.recorder import Recorder, StoppedError, norm
from gradcli.minimize.verdict import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.minimize.objective import Objective
    from gradcli.minimize.recorder import Bounds, Step
    from gradcli.minimize.verdict import Verdict

ANEW = 10  # so often the way goes on from a lower value that the verdict found


# What a maximum of the expression is called where the way led to a minimum of its negative.
MIRRORED = {
    "minimum": "maximum", "falls": "rises", "fall": "rise", "lower": "higher", "lowers": "raises",
    "positive": "negative", "negative": "positive", "maximum": "minimum", "rises": "falls",
}  # fmt: skip


class Answer:
    """The end of a minimisation.

    value: of the expression there; wanted: what was looked for, a minimum or a maximum; at: the variables, numbers
    and arrays; grad_norm: the length of the gradient by the variables that no bound holds; converged: is it what was
    wanted? kind: minimum, maximum, saddle or undecided, by the signs of the Hessian's eigenvalues, or kink; why: why
    it stopped, and what makes it a minimum or not.
    """

    __slots__ = ("at", "converged", "evaluations", "grad_norm", "kind", "method", "steps", "value", "wanted", "why")

    def __init__(self, recorder: Recorder, method: str, stopped: str, verdict: Verdict) -> None:
        last, objective = recorder.last, recorder.objective
        mirrored = objective.sign < 0
        self.value = objective.sign * last.value + 0.0  # no -0
        self.wanted = "maximum" if mirrored else "minimum"
        self.at: dict[str, Any] = objective.point(last.x)
        self.grad_norm = norm(np.where(last.free(recorder.bounds), last.gradient, 0.0))
        self.converged = verdict.converged
        self.kind = _mirrored(verdict.kind) if mirrored else verdict.kind
        self.method = method
        self.steps = last.number
        self.evaluations = objective.evaluations
        why = verdict.why if verdict.converged else f"{stopped}; {verdict.why}"
        self.why = _mirrored(why) if mirrored else why


def _mirrored(text: str) -> str:
    return re.sub(r"\w+", lambda word: MIRRORED.get(word[0], word[0]), text)


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

    method: one of METHODS, by default newton. steps: at most so many; rate: the learning rate of those that have
    one; bounds: the lowest and the highest value of each element; tell: called with each step. Where the verdict
    finds a lower value the method goes on from there.
    """
    row = METHODS[method or "newton"]
    with np.errstate(all="ignore"):
        recorder = Recorder(objective, steps, bounds, tell)
        for _ in range(ANEW):
            try:
                stopped = row.run(recorder, rate or row.rate or 0.0)
                verdict = judge(recorder)
                if verdict.lower is None:
                    break
                recorder.step(verdict.lower)
            except StoppedError as reason:
                stopped, verdict = str(reason), judge(recorder)
                break
        return Answer(recorder, method or "newton", stopped, verdict)
