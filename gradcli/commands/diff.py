"""`gradcli diff`: derivatives as formulas, and with a point as numbers."""

from __future__ import annotations

from gradcli.api.derivative import mixed, partials, text_of
from gradcli.commands import exits
from gradcli.commands.problem import Problem, only_one
from gradcli.errors import UsageError
from gradcli.text import shortened, tell_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli diff`: the exit status. Raises UsageError."""
    only_one(parameters, "--wrt", "--mixed")
    for first, second in (("--digits", "--plain-floats"), ("--digits", "--round"), ("--round", "--json")):
        only_one(parameters, first, second)
    problem = Problem(command, parameters, point_needed=False)
    if problem.points.any:
        for flag in ("latex", "simplify"):
            if parameters[flag]:
                raise UsageError(f"--{flag} is for formulas", "leave the point out")
        return _numbers(problem, parameters)
    for flag in ("--digits", "--plain-floats", "--round"):
        if parameters[flag.removeprefix("--").replace("-", "_")]:
            raise UsageError(f"{flag} is for numbers", "add a point by --at")
    show_formulas(problem, parameters["json"], parameters["latex"], parameters["simplify"])
    return exits.DONE


def show_formulas(problem: Problem, as_json: bool = False, as_latex: bool = False, simplify: bool = False) -> None:
    """A line a variable: its derivative as a formula, of our language or of LaTeX. Raises UsageError."""
    found = (
        {",".join(problem.mixed): mixed(problem.program, problem.mixed)}
        if problem.mixed
        else partials(problem.program, problem.wrt)
    )
    if simplify:
        found = _simplified(found, problem.program)
    if as_latex:
        from gradcli.export.to_latex import formula

        texts = {x: formula(problem.program, graph) for x, graph in found.items()}
    else:
        texts = {x: text_of(graph) for x, graph in found.items()}
    from gradcli.views.diff import print_formulas

    print_formulas(texts, as_json)
    if not texts:
        tell_note("note: there is no variable by which to differentiate")
    _tell_undefined(problem.program, found)


def _tell_undefined(program: Program, graphs: dict[str, Graph]) -> None:
    """A note where a formula gives a number though the function has none."""
    from gradcli.api.undefined import undefined
    from gradcli.views.diff import label
    from gradcli.views.notes import point
    from gradcli.views.numbers import to_show

    found = undefined(program, graphs)
    if found is None:
        return
    (name, number), *others = found.numbers.items()
    more = f"; so of {len(others)} more" if others else ""
    where = f"{found.operation} is not defined at {shortened(point(found.at), 60)}"
    tell_note(f"note: {where}: {label(name)} is NaN there, and its formula gives {to_show(number)}{more}")


def _simplified(graphs: dict[str, Graph], program: Program) -> dict[str, Graph]:
    """What sympy makes of the formulas; a note where one stays as it was."""
    from gradcli.api.formula import Formula
    from gradcli.views.diff import label
    from gradcli.witness.simplify import simplified

    found = simplified(graphs, program.variables, Formula(program).graph_of(False, False))
    for name, (_, why) in found.items():
        if why:
            tell_note(f"note: {label(name)} is not simplified: {why}")
    return {name: graph for name, (graph, _) in found.items()}


def _numbers(problem: Problem, parameters: dict[str, Any]) -> int:
    from gradcli.api.function import Function
    from gradcli.api.mixed import Mixed
    from gradcli.commands.evaluations import evaluations, show
    from gradcli.views.diff import DiffJson, DiffTable

    by = problem.mixed
    function = Mixed(problem.program, by) if by else Function(problem.program, problem.wrt)
    form = DiffJson() if parameters["json"] else DiffTable(problem.points.count > 1, parameters["round"])
    return show(problem, evaluations(problem, function, parameters), form)
