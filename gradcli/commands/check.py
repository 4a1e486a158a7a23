"""`gradcli check`: the cross-check on its own, thorough."""

from __future__ import annotations

import sys

from gradcli.api.evaluation import Evaluation
from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.checking import Checks, cancellations
from gradcli.commands.evaluations import is_undecided
from gradcli.commands.problem import Problem, heard
from gradcli.views import check as view
from gradcli.views.notes import Notes
from gradcli.views.notes import point as written
from gradcli.views.output import speak_utf8
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.witness.result import Check

SECONDS = 10.0


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli check`: the exit status."""
    problem = Problem(command, parameters)
    show = _line if parameters["json"] else _Tables(problem)
    good, function, plain = True, Function(problem.program, problem.wrt), parameters["plain_floats"]
    with Checks(problem, parameters["timeout"] or SECONDS, sys.maxsize, thorough=True) as checks:
        for point in problem.points.floats():
            floats = function.evaluate_at(point)
            evaluation = floats if plain else function.true_at(point)
            check = checks.of(point, evaluation, None if plain else floats)
            good &= check.ok and check.checked == len(problem.wrt) and not is_undecided(evaluation)
            lost, open_ = ([note for note in evaluation.notes if note.kind == k] for k in ("cancellation", "undecided"))
            notes = [*open_, *(lost or cancellations(problem.program, check))]
            show(point, check, heard(Evaluation(point, evaluation.value, notes=notes)).notes)
    if isinstance(show, _Tables):
        show.tell_notes()
    return exits.DONE if good and not problem.points.lost else exits.NO


def _line(point: dict[str, float], check: Check, notes: list[Note]) -> None:
    """A line of JSON, as soon as it is known: a check takes long."""
    speak_utf8()
    print(view.line(point, check, notes), flush=True)


class _Tables:
    """A table a point, under its point where there are several."""

    def __init__(self, problem: Problem) -> None:
        self._screen = Screen()
        self._several = problem.points.count > 1
        self._notes = Notes(problem.program.text, self._several)

    def __call__(self, point: dict[str, float], check: Check, notes: list[Note]) -> None:
        self._screen.part()
        if self._several:
            self._screen.line(self._screen.paint(written(point), "head"))
        view.show(self._screen, check)
        sys.stdout.flush()
        self._notes.add(Evaluation(point, None, notes=notes))

    def tell_notes(self) -> None:
        self._notes.tell()
