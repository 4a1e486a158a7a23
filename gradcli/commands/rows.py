"""`gradcli hess` and `gradcli jac`: every point with its rows of derivatives."""

from __future__ import annotations

from gradcli.api.hessian import Hessian
from gradcli.api.jacobian import Jacobian
from gradcli.commands import exits
from gradcli.commands.evaluations import evaluations, is_undecided
from gradcli.commands.problem import Problem, heard, only_one
from gradcli.text import tell_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.views.forms import Form


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli hess` and `gradcli jac`: the exit status."""
    bare = "--sparse" if command == "hess" else "--csv"
    for first, second in (("--json", bare), ("--round", "--json"), ("--round", bare), ("--digits", "--round")):
        only_one(parameters, first, second)
    only_one(parameters, "--digits", "--plain-floats")
    problem = Problem(command, parameters)
    function = (Hessian if command == "hess" else Jacobian)(problem.program, problem.wrt)
    form, no = _form(command, parameters, problem.program), problem.points.lost > 0
    notes, first_one = None, True
    if not form.inside:
        from gradcli.views.notes import Notes

        notes = Notes(problem.program.text, problem.points.count > 1)
    for evaluation in evaluations(problem, function, parameters):
        if command == "hess" and not parameters["sparse"]:
            _add_spectrum(evaluation, problem.program, parameters["digits"])
        no |= is_undecided(evaluation)
        heard(evaluation, _numbers(command, evaluation))
        if notes is not None:
            notes.add(evaluation)
        if first_one:
            form.begin(evaluation)
            first_one = False
        form.point(evaluation)
    form.end()
    for note in notes.lines() if notes is not None else ():
        tell_note(note)
    return exits.NO if no else exits.DONE


def _numbers(command: str, evaluation: Any) -> Iterator[Any]:
    """What is printed beside value and partials."""
    if command == "hess":
        return (number for _, _, number in evaluation.matrix.entries())
    return (part for row in evaluation.jac for part in row.values())


def _add_spectrum(evaluation: Any, program: Program, digits: int | None) -> None:
    from gradcli.api.eigenvalues import spectrum

    found = evaluation.spectrum = spectrum(evaluation, program, digits)
    evaluation.notes += found.notes if found is not None else []


def _form(command: str, parameters: dict[str, Any], program: Program) -> Form:
    digits = parameters["round"]
    if command == "hess":
        from gradcli.views.hess import HessJson, HessTable, SparseForm

        return HessJson() if parameters["json"] else SparseForm() if parameters["sparse"] else HessTable(digits)
    from gradcli.views.jac import JacCsv, JacJson, JacTable

    if parameters["json"] or parameters["csv"]:
        return JacJson() if parameters["json"] else JacCsv()
    return JacTable([program.source(r) for r in program.results], digits)
