"""`gradcli graph`: the graph of a program, or of its gradient, drawn."""

from __future__ import annotations

import io
import math
import os

from gradcli.api.formula_graph import noted, view_of
from gradcli.api.function import Function
from gradcli.commands import exits
from gradcli.commands.evaluations import is_undecided
from gradcli.commands.problem import Problem, heard, only_one
from gradcli.errors import UsageError
from gradcli.pictures.graphview import GraphView
from gradcli.text import listed, shown
from gradcli.views.output import deliver, deliver_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import Evaluation

FORMS = ("svg", "png", "dot", "mermaid", "json")
# What the ending of a file says where no option does.
ENDINGS = {
    ".svg": "svg", ".png": "png", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".json": "json", ".txt": "tree",
}  # fmt: skip


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli graph`: the exit status."""
    form, path = _form(parameters), parameters["output"]
    problem = Problem(command, parameters, point_needed=False)
    point = _point(problem)
    true = not parameters["plain_floats"]
    evaluation = None if point is None else evaluated(problem, point, true)
    if parameters["gradient"]:
        view = _gradient(problem, point, true, noted(evaluation))
    else:
        view = view_of(Function(problem.program, problem.wrt), point, evaluation, true=true)
    status = exits.NO if evaluation is not None and is_undecided(evaluation) else exits.DONE
    if evaluation is not None:
        heard(evaluation)
    if form == "tree" and path is None:
        from gradcli.views.screen import Screen
        from gradcli.views.tree import show

        show(Screen(), view)
    elif form == "png":
        deliver_bytes(_png(view), path)
    else:
        deliver(_text(view, form, evaluation), path)
    if evaluation is not None and form != "json":
        tell_notes(problem, evaluation)
    return status


def _form(parameters: dict[str, Any]) -> str:
    """What is drawn: as an option says, else as the ending of the file does."""
    only_one(parameters, *[f"--{form}" for form in FORMS])
    given = [form for form in FORMS if parameters[form]]
    path = parameters["output"]
    if given or path in (None, "-"):
        return given[0] if given else "tree"
    ending = os.path.splitext(path)[1].lower()
    if ending not in ENDINGS:
        cure = f"end the name in {listed(list(ENDINGS), 'or')}, or add --svg"
        raise UsageError(f"-o {shown(path)}: the name does not say what to draw", cure)
    return ENDINGS[ending]


def _text(view: GraphView, form: str, evaluation: Evaluation | None) -> str:
    """A form of text, whole: before it is written, all that can be wrong was found."""
    if form == "json":
        from gradcli.views.graphjson import pieces

        return "".join(pieces(view, evaluation)) + "\n"
    if form == "tree":
        from gradcli.views.screen import Screen
        from gradcli.views.tree import show

        file = io.StringIO()
        show(Screen(file), view)
        return file.getvalue()
    if form == "svg":
        from gradcli.pictures.svg import Drawing

        return "\n".join(Drawing(view).lines()) + "\n"
    from gradcli.views.drawing import dot, mermaid

    return "\n".join((dot if form == "dot" else mermaid)(view)) + "\n"


def _png(view: GraphView) -> bytes:
    from gradcli.pictures.png import png
    from gradcli.pictures.svg import FONTS, Drawing

    drawing = Drawing(view)
    return png("\n".join(drawing.lines()), drawing.width, drawing.height, FONTS)


def evaluated(problem: Problem, point: dict[str, Any], true: bool) -> Evaluation:
    """The point once more, for its notes; a tuple of results has no gradient to note anything of."""
    program = problem.program
    function = Function(program, problem.wrt)
    return (function.true_at if true else function.evaluate_at)(point, len(program.results) == 1)


def tell_notes(problem: Problem, evaluation: Evaluation) -> None:
    """Tell the notes of one point, after what is on standard output."""
    from gradcli.views.notes import Notes

    notes = Notes(problem.program.text, several=False)
    notes.add(evaluation)
    notes.tell()


def _point(problem: Problem) -> dict[str, Any] | None:
    """The one point, or None where there is none to show numbers at."""
    if not problem.points.any and problem.program.variables:
        return None
    if problem.points.count > 1:
        raise UsageError(f"graph draws one point, not {problem.points.count}", "give each variable once")
    return next(problem.points.floats()) if problem.points.any else {}


def _gradient(problem: Problem, point: dict[str, Any] | None, true: bool, marks: dict[int, str]) -> GraphView:
    """The graph of the partials, each with its value."""
    if not problem.wrt:
        raise UsageError("the expression has no variables, so it has no gradient")
    program = problem.program
    function = Function(program, problem.wrt)
    graph = function.optimised(arrays=function.needs_arrays(point or {}))
    roots = [(f"d/d{name}", i) for name, i in zip(problem.wrt, graph.outputs[1:], strict=True)]
    if point is None:
        return GraphView(graph.nodes, roots)
    values = function.values(graph, point, true=true)
    value, *partials = [values[i] for i in graph.outputs]
    # Where there is no value there is no slope, whatever the graph of the partial gives.
    answers = [math.nan] * len(partials) if isinstance(value, float) and value != value else partials
    of = {i: k for i, k in enumerate(graph.origin) if k in marks and graph.nodes[i][0] is program.nodes[k][0]}
    view = GraphView(graph.nodes, roots, values=values, answers=answers)
    view.noted = {i: marks[k] for i, k in of.items()}
    return view
