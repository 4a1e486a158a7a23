"""`gradcli graph --json`: one object, given out in pieces, because there may be a million nodes."""

from __future__ import annotations

from gradcli.core.op import NUMBER
from gradcli.views.jsonlines import notes_of, quote
from gradcli.views.numbers import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gradcli.api.evaluation import Evaluation
    from gradcli.views.graphview import GraphView


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
            yield _node(view, i) if first else ", " + _node(view, i)
            first = False
    roots = [
        "{" + ", ".join([f'"label": {quote(label)}, "id": {i}', *_number("value", view.answers, k)]) + "}"
        for k, (label, i) in enumerate(view.roots)
    ]
    notes = [] if evaluation is None else notes_of(evaluation)
    yield "], " + ", ".join([f'"roots": [{", ".join(roots)}]', *notes]) + "}"


def _node(view: GraphView, i: int) -> str:
    node = view.nodes[i]
    parts = [f'"id": {i}, "op": {quote(node[0].name)}']
    if not node[0].leaf:
        parts.append(f'"args": {list(node[1:])}')
    elif node[0] is NUMBER:
        parts.append(f'"number": {to_json(node[1])}')
    parts.append(f'"text": {quote(view.source(i))}')
    if view.span is not None:
        start, end = view.span(i)
        parts.append(f'"span": [{start}, {end}]')
    parts += _number("value", view.values, i) + _number("adjoint", view.adjoints, i)
    if i in view.names:
        parts.append(f'"name": {quote(view.names[i])}')
    return "{" + ", ".join(parts) + "}"


def _number(key: str, numbers: Sequence[float | None] | None, i: int) -> list[str]:
    x = None if numbers is None else numbers[i]
    return [] if x is None else [f'"{key}": {to_json(x)}']
