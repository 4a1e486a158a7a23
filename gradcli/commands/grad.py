"""`gradcli grad` and `gradcli eval`: every point evaluated, in one of four forms."""

from __future__ import annotations

import sys
from itertools import islice

from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.evaluations import evaluations, is_undecided, notes_of, show
from gradcli.commands.problem import Problem, heard, only_one
from gradcli.errors import UsageError
from gradcli.language.parser import mind_names
from gradcli.text import shown, tell
from gradcli.views.forms import FORMS, form_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.commands.along import Direction
    from gradcli.views.forms import Form
    from gradcli.witness.result import Check


SUM = "a sum over points"  # why there is no check


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli grad` and `gradcli eval`: the exit status."""
    only_one(parameters, *[f"--{name}" for name in FORMS if name])
    for flag in ("--digits", "--named"):
        only_one(parameters, "--accumulate", flag)
    for flag in ("--plain-floats", "--round"):
        only_one(parameters, "--digits", flag)
    for flag in ("--digits", "--accumulate"):
        only_one(parameters, "--condition", flag)
    only_one(parameters, "--along", "--accumulate")
    form = form_of(parameters)
    for flag in form.refuses:
        only_one(parameters, flag, *[f"--{name}" for name in FORMS if name])
    pointless = command == "grad" and form.checked and _is_pointless(parameters)
    problem = Problem(command, parameters, point_needed=not pointless)
    if pointless and problem.program.variables and len(problem.program.results) == 1:
        return _as_formulas(problem)
    report = Report(command, parameters, form, problem)
    report.print()
    return exits.NO if report.no else exits.DONE


def _is_pointless(parameters: dict[str, Any]) -> bool:
    """Is there neither a point nor anything asked that needs one?"""
    points, numbers = ("at", "sweep", "points", "along"), ("digits", "plain_floats", "condition", "round", "check")
    return not any(parameters[name] for name in (*points, *numbers, "named", "accumulate"))


def _as_formulas(problem: Problem) -> int:
    """Without a point: the derivatives as formulas, and how to give one."""
    from gradcli.commands.diff import show_formulas

    names = problem.program.variables
    mind_names(problem.program, ())
    try:
        show_formulas(problem)
    except UsageError:  # no formula says it: then only a point helps
        problem.points.for_program(problem.program, problem.wrt)
        raise
    sys.stdout.flush()
    tell(f"add --at {','.join(f'{shown(name)}=1' for name in names[:12])} for numbers")
    return exits.DONE


class Report:
    """The evaluations of all points on their way to the screen.

    no: an answer is "no": a witness disagrees, a value is undecided, or rows are left out.
    """

    def __init__(self, command: str, parameters: dict[str, Any], form: type[Form], problem: Problem) -> None:
        self._problem = problem
        self.no = False
        self._gradient = command == "grad"
        self._condition = bool(parameters["condition"])
        self._parameters = parameters
        self._digits = parameters["digits"]
        self._plain = bool(parameters["plain_floats"])
        self._round = parameters["round"]
        self._check = parameters.get("check")
        self._form = form
        self._named = bool(parameters["named"])
        self._function = Function(self._problem.program, self._problem.wrt, named=self._named)
        self._direction: Direction | None = None
        if parameters.get("along"):
            from gradcli.commands.along import Direction

            self._direction = Direction(self._problem, parameters["along"], self._plain)
        self._sum = self._problem.points.count if parameters["accumulate"] else None
        self._found: list[Check] = []

    def print(self) -> None:
        """All answers in their form, then what it has no room for."""
        form = self._form(self._sum, digits=self._round)
        status = show(self._problem, self._evaluations() if form.checked else self._checked(), form)
        self.no |= status != exits.DONE  # beside what the checks have found meanwhile
        sys.stdout.flush()  # the numbers are to be seen before sympy loads
        if not form.inside:
            self._tell_check()
        if form.checked and self._gradient and self._check is not False:
            self._print_check()

    def _print_check(self) -> None:
        """The line under the numbers."""
        from gradcli.commands.checking import POINTS, Checks
        from gradcli.views.check import show_line
        from gradcli.views.screen import Screen

        screen = Screen()
        screen.line()
        if self._sum is not None:
            screen.sentence(f"not checked: {SUM}", "doubt")
            return
        points = list(islice(self._problem.points.floats(), POINTS))
        with Checks(self._problem, plain=self._plain) as checks:
            self._found = [checks.of(point) for point in points]
        self.no |= not all(check.ok for check in self._found)
        show_line(screen, self._found)
        sys.stdout.flush()
        self._tell_lost(points)

    def _evaluations(self) -> Iterator[Evaluation]:
        """The evaluation of each point, or the one sum of all."""
        gradient = self._gradient or self._condition
        stream = evaluations(self._problem, self._function, self._parameters, gradient)
        if self._sum is None:
            return self._with_further(stream)
        from gradcli.commands.accumulate import accumulated

        return iter([accumulated(map(self._heard, stream))])

    def _heard(self, evaluation: Evaluation) -> Evaluation:
        self.no |= is_undecided(evaluation)
        return heard(evaluation)

    def _with_further(self, stream: Iterator[Evaluation]) -> Iterator[Evaluation]:
        """The evaluations with what else is asked for."""
        points, digits, direction = self._problem.points, self._digits, self._direction
        at = points.floats() if digits is None else points.texts()
        for point, evaluation in zip(at, stream, strict=True):
            if direction is not None:
                evaluation.along = direction.of(point, evaluation, digits)
            if self._condition:
                self._add_condition(evaluation)
            yield evaluation

    def _add_condition(self, evaluation: Evaluation) -> None:
        from gradcli.api.condition import condition

        evaluation.condition = condition(evaluation)
        if not self._gradient:
            evaluation.grad = None

    def _checked(self) -> Iterator[Evaluation]:
        """The evaluations, checked where that is asked for."""
        if not self._check:
            yield from self._evaluations()
            return
        from gradcli.commands.checking import POINTS, Checks, add_notes, cancellations, unchecked

        if self._sum is not None:
            for evaluation in self._evaluations():
                evaluation.check = unchecked(evaluation, SUM)
                self._found.append(evaluation.check)
                yield evaluation
            return
        with Checks(self._problem, plain=self._plain) as checks:
            for point, evaluation in zip(self._problem.points.floats(), self._evaluations(), strict=True):
                check = evaluation.check = checks.of(point, evaluation)
                self.no |= not check.ok
                if len(self._found) < POINTS:
                    self._found.append(check)
                if self._digits is None and self._form.inside:
                    add_notes(evaluation, cancellations(self._problem.program, check))
                yield evaluation

    def _tell_check(self) -> None:
        """Where the form has no room for the check, it goes to standard error."""
        if self._found:
            from gradcli.views.check import check_line

            tell(check_line(self._found))
            if self._sum is None:
                self._tell_lost(islice(self._problem.points.floats(), len(self._found)))

    def _tell_lost(self, points: Iterable[dict[str, float]]) -> None:
        """What float64 lost beyond what the line on the check tells; digits that were asked for lack nothing."""
        if self._digits is not None:
            return
        from gradcli.api.evaluation import Evaluation
        from gradcli.commands.checking import cancellations
        from gradcli.views.check import told

        already, notes = told(self._found), notes_of(self._problem)
        for point, check in zip(points, self._found, strict=True):
            notes.add(Evaluation(point, None, notes=cancellations(self._problem.program, check, already)))
        notes.tell()
