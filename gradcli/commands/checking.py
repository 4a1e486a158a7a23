"""The check of `gradcli grad`: every point, within limits that keep the calculator quick."""

from __future__ import annotations

import math

from gradcli.api.evaluation import Evaluation, Note
from gradcli.api.function import Function
from gradcli.commands.problem import Problem
from gradcli.views.check import lost
from gradcli.witness.check import Checker
from gradcli.witness.result import Check, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.language.program import Program

SECONDS = 2.0
POINTS = 100
MOST_NOTES = 20


def cancellations(program: Program, check: Check, told: str = "") -> list[Note]:
    """A note on each number of which float64 kept few digits, but for the one already told of."""
    result = program.results[0]
    op, place = program.nodes[result][0].name, program.span(result)
    return [
        Note("cancellation", op, place, f"{label}: float64 kept {kept:.0f} of 16 digits; --digits 20 gives more")
        for label, kept in lost(check)
        if label != told
    ]


def add_notes(evaluation: Evaluation, notes: list[Note]) -> None:
    """Add to the notes of a point, of which only so many are kept and the rest counted."""
    whole = evaluation.notes + notes
    evaluation.more += max(0, len(whole) - MOST_NOTES)
    evaluation.notes = whole[:MOST_NOTES]


def unchecked(evaluation: Evaluation, why: str) -> Check:
    """The check that was not made of an evaluation."""
    grad = evaluation.grad or {}
    return Check([Row("value", evaluation.value, why), *[Row(name, x, why) for name, x in grad.items()]])


class Checks:
    """The checks of the points of a problem, one after the other, in `seconds` of processor time for all of them."""

    def __init__(
        self,
        problem: Problem,
        seconds: float = SECONDS,
        most: int = POINTS,
        *,
        thorough: bool = False,
        plain: bool = True,
    ) -> None:
        """plain: it is plain floats that are checked, else true numbers."""
        self._checker = Checker(problem.program, problem.wrt, thorough=thorough)
        self._wrt = problem.wrt
        function = Function(problem.program, problem.wrt)
        self._evaluate = function.evaluate_at if plain else function.true_at
        self._end = self._checker.used + seconds
        self._why = f"more than {most} points" if problem.points.count > most else ""
        if not thorough:
            self._why = self._why or self._checker.too_long

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, *error: object) -> None:
        self._checker.close()

    def of(
        self, point: dict[str, Any], evaluation: Evaluation | None = None, floats: Evaluation | None = None
    ) -> Check:
        """The check of one point. evaluation: its numbers, where they are known; floats: see `Checker.check`."""
        if self._why and evaluation is None and not self._checker.thorough:
            # A million operations are not evaluated a second time to say that they are too many.
            evaluation = Evaluation(point, math.nan, dict.fromkeys(self._wrt, math.nan))
        if evaluation is None or not isinstance(evaluation.value, float):
            evaluation = self._evaluate(point)
        left = self._end - self._checker.used
        why = self._why or ("the time is over" if left <= 0 else "")
        if why:
            return unchecked(evaluation, why)
        answer = evaluation.value, evaluation.grad or {}
        return self._checker.check(
            point, answer, None if floats is None else (floats.value, floats.grad or {}), timeout=left
        )
