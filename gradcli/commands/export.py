"""`gradcli export`: value and gradient as a function of another language."""

from __future__ import annotations

from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.options import AS
from gradcli.commands.problem import Problem
from gradcli.errors import UsageError
from gradcli.text import listed, shown, tell
from gradcli.views.output import deliver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.export.record import Example

# Where a formula has a value as a rule: the test point where none is given, the first that has one.
TRIED = ((0.5, 0.25), (1.5, 0.25), (2.0, 1.0), (-0.5, -0.25))


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli export`: the exit status. Raises UsageError."""
    language = parameters["as"]
    if language is None:
        raise UsageError("--as is missing", f"write --as {listed(AS.choices, 'or')}")
    name = "f" if parameters["name"] is None else parameters["name"]
    if not (name.isidentifier() and name.isascii()):
        raise UsageError(f'--name: "{shown(name)}" is no name of a function', "write letters, digits and _: --name f")
    problem = Problem(command, parameters, point_needed=False)
    deliver(_text(problem, language, name), parameters["output"])
    return exits.DONE


def _text(problem: Problem, language: str, name: str) -> str:
    program = problem.program
    if language == "dot":
        return _dot(problem)
    if language == "latex":
        from gradcli.export.to_latex import latex

        return latex(program, problem.wrt, name) + "\n"
    from gradcli.export import languages
    from gradcli.export.module import Module

    found = languages.named(language)
    module = Module(program, problem.wrt, name, found, _example(problem))
    if module.name != name:
        tell(f"note: {name} is a word of {found.title}; the function is called {module.name}")
    return module.source()


def _example(problem: Problem) -> Example | None:
    """The point that was given, or for plain numbers one that has a value."""
    from gradcli.export.record import Example

    program = problem.program
    function = Function(program, problem.wrt)
    if problem.points.any:
        if problem.points.count > 1:
            raise UsageError(f"one test point, not {problem.points.count}", "give each variable once")
        return Example(*_at(function, next(problem.points.floats())))
    if program.whole or len(program.results) > 1:
        return None
    found = None
    for start, step in TRIED:
        found = Example(*_at(function, {x: start + step * k for k, x in enumerate(program.variables)}))
        if found.value - found.value == 0:
            break
    return found


def _at(function: Function, point: dict[str, Any]) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    evaluation = function.evaluate_at(point)
    return point, evaluation.value, evaluation.grad or {}


def _dot(problem: Problem) -> str:
    """The graph of value and partials for Graphviz."""
    from gradcli.pictures.graphview import GraphView
    from gradcli.views.drawing import dot

    program = problem.program
    if len(program.results) > 1:
        raise UsageError("a tuple of results has no single gradient", "export one result at a time")
    if program.whole:
        cure = "export it --as numpy, or draw it: gradcli graph --gradient --dot"
        raise UsageError("there are arrays in this formula, and none in what is exported for Graphviz", cure)
    graph = Function(program, problem.wrt).optimised()
    labels = ["value", *[f"d/d{x}" for x in problem.wrt]]
    return "\n".join(dot(GraphView(graph.nodes, list(zip(labels, graph.outputs, strict=True))))) + "\n"
