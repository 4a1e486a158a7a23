"""`gradcli taylor`: the coefficients of a formula about each point."""

from __future__ import annotations

from gradcli.api.evaluation import Evaluation
from gradcli.api.taylor import Taylor, of_arrays
from gradcli.commands import exits
from gradcli.commands.evaluations import notes_of
from gradcli.commands.problem import Problem, heard
from gradcli.errors import NoSeriesError, UsageError
from gradcli.text import listed, tell
from gradcli.views.notes import point
from gradcli.views.taylor import JsonForm, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ORDER = 8


def run(command: str, parameters: dict[str, Any]) -> int:
    """The exit status: "no" where there is no series at a point, or rows of a file are left out.

    Raises UsageError for more than one variable.
    """
    problem = Problem(command, parameters)
    if len(problem.wrt) > 1:
        raise UsageError(
            f"a Taylor series is in one variable, not in {listed(problem.wrt)}", f"add --wrt {problem.wrt[0]}"
        )
    if problem.points.arrays:
        raise of_arrays()
    order = ORDER if parameters["order"] is None else parameters["order"]
    series = Taylor(problem.program, problem.wrt[0] if problem.wrt else None, order)
    digits, form = parameters["digits"], JsonForm() if parameters["json"] else Table()
    told = notes_of(problem)
    status = exits.NO if problem.points.lost else exits.DONE
    for at in problem.points.floats() if digits is None else problem.points.texts():
        try:
            coefficients, notes = series.noted(at) if digits is None else (series.digits(at, digits), [])
        except NoSeriesError as error:
            tell(f"gradcli: {error}" + (f"\n{point(at)}" if problem.points.count > 1 else ""))
            status = exits.NO
            continue
        shown = at if digits is None else series.as_typed(at, digits)
        evaluation = heard(Evaluation(shown, coefficients, notes=notes))
        told.add(evaluation)
        form.point(evaluation, series.wrt)
    form.end()
    if isinstance(form, Table):
        told.tell()
    return status
