"""`gradcli hess` and `gradcli jac`: every point with its rows of derivatives."""

from __future__ import annotations

import os

from gradcli.api.hessian import Hessian
from gradcli.api.jacobian import Jacobian
from gradcli.commands.evaluations import evaluations, show
from gradcli.commands.problem import Problem, only_one
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.views.forms import Form


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli hess` and `gradcli jac`: the exit status."""
    bare = "--sparse" if command == "hess" else "--csv"
    for first, second in (("--json", bare), ("--round", "--json"), ("--round", bare), ("--digits", "--round")):
        only_one(parameters, first, second)
    only_one(parameters, "--digits", "--plain-floats")
    problem = _problem(command, parameters)
    function = (Hessian if command == "hess" else Jacobian)(problem.program, problem.wrt)
    function.structural = bool(parameters.get("sparse"))
    form, stream = _form(command, parameters, problem.program), evaluations(problem, function, parameters)
    if command == "jac":
        return show(problem, stream, form, lambda found: [part for row in found.jac for part in row.values()])
    if not parameters["sparse"]:
        # On a busy machine the eigenvalues of 1,000 rows take ten times as long with threads; NumPy is not loaded yet.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        stream = (_with_spectrum(found, problem.program, parameters["digits"]) for found in stream)
    return show(problem, stream, form, lambda found: [number for _, _, number in found.matrix.entries()])


def _problem(command: str, parameters: dict[str, Any]) -> Problem:
    """Raises UsageError; without a point it names what prints formulas."""
    if any(parameters[name] for name in ("at", "sweep", "points")):
        return Problem(command, parameters)
    problem = Problem(command, parameters, point_needed=False)
    try:
        problem.points.for_program(problem.program, problem.wrt)
    except UsageError as error:
        x, y = (problem.wrt * 2)[:2] or ("x", "x")
        formulas = "gradcli diff prints the derivatives of one result as formulas"
        if command == "hess":
            formulas = f"gradcli diff --mixed {x},{y} prints the formula of a second derivative"
        raise UsageError(error.message, f"{error.cure}; {formulas}") from None
    return problem


def _with_spectrum(evaluation: Any, program: Program, digits: int | None) -> Any:
    from gradcli.api.eigenvalues import spectrum

    found = evaluation.spectrum = spectrum(evaluation, program, digits)
    evaluation.notes += found.notes if found is not None else []
    return evaluation


def _form(command: str, parameters: dict[str, Any], program: Program) -> Form:
    digits = parameters["round"]
    if command == "hess":
        from gradcli.views.hess import HessJson, HessTable, SparseForm

        return HessJson() if parameters["json"] else SparseForm() if parameters["sparse"] else HessTable(digits)
    from gradcli.views.jac import JacCsv, JacJson, JacTable

    if parameters["json"] or parameters["csv"]:
        return JacJson() if parameters["json"] else JacCsv()
    return JacTable([program.source(r) for r in program.results], digits)
