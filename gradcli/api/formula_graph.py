"""The graph of a formula as written, for people: `f.graph()`, and what `gradcli graph` draws."""

from __future__ import annotations

from array import array

from gradcli.api.annotation import annotated
from gradcli.core.graph import Graph
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.api.formula import Formula
    from gradcli.core.graph import Node
    from gradcli.pictures.graphview import GraphView


class WrittenGraph:
    """A node for each operation of the text; at a point each has a value and an adjoint.

    text: the formula; nodes, outputs: as in gradcli.core.graph, the ids are those of `gradcli graph --json`; point:
    variable to number, or None. `str` is a line for each node; in a notebook it is a drawing.

    >>> from gradcli.api.function import function
    >>> print(function("x**2").graph())
    0 variable x
    1 number 2.0
    2 pow 0 1
    -> 2
    """

    def __init__(self, function: Formula, point: Mapping[str, Any] | None = None) -> None:
        self._function = function
        self.point = None if point is None else dict(point)
        self.text = function.text
        self.nodes: list[Node] = function.program.nodes
        self.outputs = list(function.program.results)

    def __repr__(self) -> str:
        given = ", ".join([f"{x}={value!r}" for x, value in (self.point or {}).items()])
        return f"{self._function!r}.graph({given})"

    def __str__(self) -> str:
        return str(Graph(self.nodes, self.outputs, array("q", range(len(self.nodes)))))

    def __reduce__(self) -> tuple[Any, ...]:
        return WrittenGraph, (self._function, self.point)

    def _repr_svg_(self) -> str | None:
        """The drawing; None of a graph that is too large for one."""
        from gradcli.pictures.svg import Drawing

        function, point = self._function, self.point
        evaluation = None if point is None else function.evaluate_at(point, len(self.outputs) == 1)
        try:
            return "\n".join(Drawing(view_of(function, point, evaluation)).lines())
        except UsageError:
            return None


def view_of(
    function: Formula, point: Mapping[str, Any] | None, evaluation: Evaluation | None, *, true: bool = False
) -> GraphView:
    """The graph as written, to be drawn; at a point with the notes of its evaluation. true: as `annotate` has it."""
    from gradcli.pictures.graphview import GraphView

    program = function.program
    several = len(program.results) > 1
    roots = [(f"result {k + 1}" if several else "", i) for k, i in enumerate(program.results)]
    names = {i: name for name, i in program.named.items()}
    values, adjoints = (None, None) if point is None else annotated(function, point, true)
    view = GraphView(program.nodes, roots, program.text, program.span, values, adjoints, names)
    view.noted = noted(evaluation)
    return view


def noted(evaluation: Evaluation | None) -> dict[int, str]:
    """The kinds of the notes on each node of the graph as written."""
    found: dict[int, list[str]] = {}
    for note in evaluation.notes if evaluation is not None else ():
        if note.node is not None and note.kind not in found.setdefault(note.node, []):
            found[note.node].append(note.kind)
    return {i: ", ".join(kinds) for i, kinds in found.items()}
