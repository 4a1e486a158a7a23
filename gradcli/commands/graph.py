"""`gradcli graph`: the graph of a program, or of its gradient, drawn."""

from __future__ import annotations

import math
import sys

from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.evaluations import is_undecided
from gradcli.commands.problem import Problem, heard, only_one
from gradcli.errors import UsageError
from gradcli.text import tell_note
from gradcli.views.graphview import GraphView
from gradcli.views.output import StandardOutput, speak_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import Evaluation


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli graph`: the exit status."""
    only_one(parameters, "--dot", "--mermaid", "--json")
    problem = Problem(command, parameters, point_needed=False)
    point = _point(problem)
    true = not parameters["plain_floats"]
    view = _gradient(problem, point, true) if parameters["gradient"] else _written(problem, point, true)
    evaluation = None if point is None else evaluated(problem, point, true)
    status = exits.NO if evaluation is not None and is_undecided(evaluation) else exits.DONE
    if parameters["json"]:
        from gradcli.views.graphjson import pieces

        speak_utf8()
        for piece in pieces(view, evaluation):
            sys.stdout.write(piece)
        sys.stdout.write("\n")
        return status
    if parameters["dot"] or parameters["mermaid"]:
        from gradcli.views.drawing import dot, mermaid

        output = StandardOutput()
        for line in (dot if parameters["dot"] else mermaid)(view):
            output.line(line)
        output.flush()
    else:
        from gradcli.views.screen import Screen
        from gradcli.views.tree import show

        show(Screen(), view)
    if evaluation is not None:
        tell_notes(problem, evaluation)
    return status


def evaluated(problem: Problem, point: dict[str, Any], true: bool) -> Evaluation:
    """The point once more, for its notes; a tuple of results has no gradient to note anything of."""
    program = problem.program
    function = Function(program, problem.wrt)
    return heard((function.true_at if true else function.evaluate_at)(point, len(program.results) == 1))


def tell_notes(problem: Problem, evaluation: Evaluation) -> None:
    """Tell the notes of one point, after what is on standard output."""
    from gradcli.views.notes import Notes

    notes = Notes(problem.program.text, several=False)
    notes.add(evaluation)
    sys.stdout.flush()
    for note in notes.lines():
        tell_note(note)


def _point(problem: Problem) -> dict[str, Any] | None:
    """The one point, or None where there is none to show numbers at."""
    if not problem.points.any and problem.program.variables:
        return None
    if problem.points.count > 1:
        raise UsageError(f"graph draws one point, not {problem.points.count}", "give each variable once")
    return next(problem.points.floats()) if problem.points.any else {}


def _written(problem: Problem, point: dict[str, Any] | None, true: bool) -> GraphView:
    """The graph as written, each node with its value and its adjoint."""
    program = problem.program
    several = len(program.results) > 1
    roots = [(f"result {k + 1}" if several else "", i) for k, i in enumerate(program.results)]
    names = {i: name for name, i in program.named.items()}
    values, adjoints = (None, None) if point is None else Function(program, problem.wrt).annotate(point, true=true)
    return GraphView(program.nodes, roots, program.text, program.span, values, adjoints, names)


def _gradient(problem: Problem, point: dict[str, Any] | None, true: bool) -> GraphView:
    """The graph of the partials, each with its value."""
    if not problem.wrt:
        raise UsageError("the expression has no variables, so it has no gradient")
    function = Function(problem.program, problem.wrt)
    graph = function.graph(arrays=function.needs_arrays(point or {}))
    roots = [(f"d/d{name}", i) for name, i in zip(problem.wrt, graph.outputs[1:], strict=True)]
    if point is None:
        return GraphView(graph.nodes, roots)
    values = function.values(graph, point, true=true)
    value, *partials = [values[i] for i in graph.outputs]
    # Where there is no value there is no slope, whatever the graph of the partial gives.
    answers = [math.nan] * len(partials) if isinstance(value, float) and value != value else partials
    return GraphView(graph.nodes, roots, values=values, answers=answers)
