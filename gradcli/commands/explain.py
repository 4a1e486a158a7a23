"""`gradcli explain`: both passes of reverse mode line by line, or the derivation by rules."""

from __future__ import annotations

import io

from gradcli.api.annotation import Passes, uses
from gradcli.api.evaluation import Evaluation
from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.evaluations import is_undecided
from gradcli.commands.graph import evaluated, tell_notes
from gradcli.commands.problem import Problem, heard, only_one
from gradcli.errors import UsageError
from gradcli.pictures.graphview import GraphView
from gradcli.text import quoted, shown
from gradcli.views.output import deliver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.views.screen import Screen

ENDINGS = {".html": "page", ".md": "markdown", ".json": "json", ".txt": ""}


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli explain`: the exit status. Raises UsageError."""
    form = _form(parameters)
    problem = Problem(command, parameters, point_needed=False)
    if len(problem.program.results) > 1:
        raise UsageError("a tuple of results has no single gradient", "explain one result at a time")
    point = _point(problem, form)
    if point is None:
        _derivations(problem, form, parameters["output"])
        return exits.DONE
    return _passes(problem, point, form, parameters)


def _form(parameters: dict[str, Any]) -> str:
    """page, markdown, json, or "" for text: by an option, or by the ending of the file."""
    only_one(parameters, "--json", "--markdown")
    asked = next((name for name in ("json", "markdown") if parameters[name]), "")
    path = parameters["output"]
    if path in (None, "-"):
        return asked
    ending = next((x for x in ENDINGS if path.lower().endswith(x)), None)
    if ending is None:
        raise UsageError(f"-o {shown(path)}: the ending names no form", "write .html, .md, .json or .txt")
    if asked and asked != ENDINGS[ending]:
        raise UsageError(f"--{asked} and -o {shown(path)} ask for two forms", "leave one of them out")
    return ENDINGS[ending]


def _point(problem: Problem, form: str) -> dict[str, Any] | None:
    """The one point, or None where there is none."""
    points = problem.points
    if points.count > 1 and points.any:
        raise UsageError(f"explain takes one point, not {points.count}", "give each variable once")
    if points.any:
        return next(points.floats())
    variables = problem.program.variables
    if variables and form == "page":
        at = ",".join([f"{x}=1" for x in variables])
        raise UsageError("a page plays the passes at a point", f"add --at {quoted(at)}")
    return None if variables else {}


def _passes(problem: Problem, point: dict[str, Any], form: str, parameters: dict[str, Any]) -> int:
    """Both passes at a point, in a form: the exit status."""
    program, true = problem.program, not parameters["plain_floats"]
    function = Function(program, problem.wrt)
    evaluation = heard(evaluated(problem, point, true))
    values, adjoints = function.annotate(point, true=true)
    found = uses(function, point, values, adjoints)
    told = Evaluation(evaluation.at, _or(values[program.results[0]], evaluation.value))
    told.grad = {x: _or(adjoints[program.leaf[x]], d) for x, d in (evaluation.grad or {}).items()}
    told.notes, told.more = evaluation.notes, evaluation.more
    if form == "json":
        from gradcli.views.explainjson import passes as as_json

        deliver(as_json(told, values, found, _source(program)) + "\n", parameters["output"])
        return exits.NO if is_undecided(evaluation) else exits.DONE
    from gradcli.views.lesson import Lesson

    lesson = Lesson(program, problem.wrt, (values, adjoints), found, told)
    if form == "markdown":
        from gradcli.views.explainmarkdown import passes as as_markdown

        deliver("\n".join(as_markdown(lesson, program.text)), parameters["output"])
    elif form == "page":
        from gradcli.views.page.page import Page

        arithmetic = function.arithmetic(point)
        graph = None if arithmetic.arrays else Passes(program, arithmetic, values, adjoints)
        deliver("\n".join(Page(program, lesson, graph, told).lines()), parameters["output"])
    else:
        from gradcli.views.explain import show

        _show(lambda screen: show(screen, lesson), parameters["output"])
    tell_notes(problem, told)
    return exits.NO if is_undecided(evaluation) else exits.DONE


def _or(number: Any, other: Any) -> Any:
    """The number of a node; another where the node has none: a literal, or a variable that the result does not need."""
    return other if number is None else number


def _derivations(problem: Problem, form: str, path: str | None) -> None:
    """The derivation by each variable."""
    from gradcli.views.derivation import Derivation

    program = problem.program
    found = [Derivation(program, x, len(problem.wrt)) for x in problem.wrt]
    if form == "json":
        from gradcli.views.explainjson import derivations as as_json

        deliver(as_json(found, _source(program)) + "\n", path)
    elif form == "markdown":
        from gradcli.views.explainmarkdown import derivations as as_markdown

        deliver("\n".join(as_markdown(found, program.text)), path)
    else:
        from gradcli.views.explain import show_derivations

        _show(lambda screen: show_derivations(screen, found), path)


def _source(program: Program) -> Callable[[int], str]:
    """The text of a node, as `graph --json` has it."""
    return GraphView(program.nodes, [("", program.results[0])], program.text, program.span).source


def _show(view: Callable[[Screen], None], path: str | None) -> None:
    """Text on the terminal, or in a file."""
    from gradcli.views.screen import Screen

    if path in (None, "-"):
        view(Screen())
        return
    text = io.StringIO()
    view(Screen(text))
    deliver(text.getvalue(), path)
