"""The check of `gradcli grad`: every point, within limits that keep the calculator quick."""

from __future__ import annotations

import time

from gradcli.commands.problem import Problem
from gradcli.faces.function import Function
from gradcli.witness.check import Check, Checker, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.faces.result import Evaluation

SECONDS = 2.0
POINTS = 100


class Checks:
    """The checks of the points of a problem, one after the other, in `seconds` for all of them."""

    def __init__(self, problem: Problem, seconds: float = SECONDS, most: int = POINTS, thorough: bool = False) -> None:
        self._wrt = problem.wrt
        self._checker = Checker(problem.program, problem.wrt, thorough=thorough)
        self._function = Function(problem.program, problem.wrt)
        self._deadline = time.monotonic() + seconds
        self._why = f"more than {most} points" if problem.points.count > most else ""

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, *error: object) -> None:
        self._checker.close()

    def of(self, point: dict[str, float], evaluation: Evaluation | None = None) -> Check:
        """The check of one point. evaluation: its floats, where they are known."""
        if evaluation is None or not isinstance(evaluation.value, float):
            evaluation = self._function.evaluate_at(point)
        grad = evaluation.grad or {}
        left = self._deadline - time.monotonic()
        why = self._why or ("the time is over" if left <= 0 else "")
        if why:
            return Check([Row("value", evaluation.value, why), *[Row(name, grad[name], why) for name in self._wrt]])
        return self._checker.check(point, (evaluation.value, grad), timeout=left)
