"""`gradcli graph --json`: one object, given out in pieces, because there may be a million nodes."""

from __future__ import annotations

from gradcli.core.op import NUMBER
from gradcli.views.jsonlines import json_of, notes_of, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.pictures.graphview import GraphView


def pieces(view: GraphView, evaluation: Evaluation | None = None) -> Iterator[str]:
    """The parts of one line of JSON, without the newline.

    {"text": .., "nodes": [{"id": 2, "op": "pow", "args": [0, 1], "text": "x**2", "span": [0, 4],
    "value": 4.0, "adjoint": 1.0, "name": "c"}, ..], "roots": [{"label": "d/dx", "id": 5, "value": 7.0}],
    "notes": [..]}, the notes being those of the evaluation.
    A leaf has a name or a number instead of args. `text` is shortened where it is long, `span`
    never is; what a graph does not have (a text, a point) is left out.
    """
    yield "{" + (f'"text": {quote(view.text)}, ' if view.text else "") + '"nodes": ['
    first = True
    for i in range(len(view.nodes)):
        if view.live[i]:
            yield ("" if first else ", ") + json_of(_node(view, i))
            first = False
    roots = [{"label": label, "id": i, **_number("value", view.answers, k)} for k, (label, i) in enumerate(view.roots)]
    yield "], " + json_of({"roots": roots, **({} if evaluation is None else notes_of(evaluation))})[1:]


def _node(view: GraphView, i: int) -> dict[str, Any]:
    node = view.nodes[i]
    found: dict[str, Any] = {"id": i, "op": node[0].name}
    if not node[0].leaf:
        found["args"] = list(node[1:])
    elif node[0] is NUMBER:
        found["number"] = node[1]
    found["text"] = view.source(i)
    if view.span is not None:
        found["span"] = list(view.span(i))
    found |= _number("value", view.values, i) | _number("adjoint", view.adjoints, i)
    if i in view.names:
        found["name"] = view.names[i]
    return found


def _number(key: str, numbers: Sequence[Any] | None, i: int) -> dict[str, Any]:
    return {} if numbers is None or numbers[i] is None else {key: numbers[i]}
