"""`gradcli explain --json`: one object."""

from __future__ import annotations

from gradcli.views.jsonlines import json_of, notes_of, object_of, quote
from gradcli.views.numbers import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.api.annotation import Use
    from gradcli.api.evaluation import Evaluation
    from gradcli.views.derivation import Derivation


def passes(evaluation: Evaluation, values: Sequence[Any], uses: Sequence[Use], source: Callable[[int], str]) -> str:
    """Both passes; `local` is null where what is sent is no product. The evaluation gives point, result and notes.

    {"at": {"x": 2.0}, "forward": [{"id": 2, "text": "x**2", "value": 4.0}, ..], "backward": [{"id": 2, "to": 0,
    "arrived": 1.0, "local": 4.0, "sent": 4.0}, ..], "value": 11.0, "grad": {"x": 7.0}, "notes": [..]}
    """
    known = [(i, x) for i, x in enumerate(values) if x is not None]
    forward = [f'{{"id": {i}, "text": {quote(source(i))}, "value": {to_json(x)}}}' for i, x in known]
    backward = [
        f'{{"id": {use.node}, "to": {use.to}, "arrived": {to_json(use.arrived)}, '
        f'"local": {"null" if use.local is None else to_json(use.local)}, "sent": {to_json(use.sent)}}}'
        for use in uses
    ]
    parts = [f'"at": {object_of(evaluation.at)}', f'"forward": [{", ".join(forward)}]']
    parts += [f'"backward": [{", ".join(backward)}]', f'"value": {to_json(evaluation.value)}']
    parts += [f'"grad": {object_of(evaluation.grad or {})}']
    parts += [f'"{name}": {json_of(x)}' for name, x in notes_of(evaluation).items()]
    return "{" + ", ".join(parts) + "}"


def derivations(found: Sequence[Derivation], source: Callable[[int], str]) -> str:
    """The derivation by each variable.

    {"derivation": {"x": [{"id": 2, "text": "x**2", "rule": "power rule", "derivative": "2*x"}, ..]}, "diff": {..}}
    """
    steps = {
        one.by: [
            {
                "id": line.id,
                "text": source(line.id),
                "rule": line.rule,
                "step": f"{line.name}' = {line.chained}",
                **({"derivative": line.full} if line.full else {}),
            }
            for line in one.lines
        ]
        for one in found
    }
    return json_of({"derivation": steps, "diff": {one.by: one.formula for one in found}})
