"""The answer of `minimize`: a table, a JSON line; its steps; and the bar while it runs."""

from __future__ import annotations

from gradcli.views.arrays import block
from gradcli.views.jsonlines import json_of
from gradcli.views.numbers import align, tabled, to_show
from gradcli.views.prose import padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.minimize.answer import Answer
    from gradcli.minimize.recorder import Step
    from gradcli.views.screen import Screen


def show(screen: Screen, answer: Answer) -> None:
    """The value and the variables, and below them what to think of it."""
    head = answer.wanted if answer.converged else "value"
    labels = [head, *answer.at]
    numbers = align([to_show(tabled(answer.value)), *[block(tabled(x)) for x in answer.at.values()]])
    for k, (label, number) in enumerate(zip(padded(labels), numbers, strict=True)):
        screen.labelled(label, number, "" if k else "value")
    screen.line()
    verdict = "converged" if answer.converged else "not converged"
    screen.sentence(f"{verdict}: {answer.why}", "good" if answer.converged else "bad")
    counts = f"{answer.method}: {_count(answer.steps, 'step')}, {_count(answer.evaluations, 'evaluation')}"
    screen.sentence(f"{counts}; the gradient's norm is {to_show(answer.grad_norm)}", "faint")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def line(answer: Answer) -> str:
    """One JSON object, without the newline."""
    members = "at", "grad_norm", "converged", "kind", "method", "steps", "evaluations", "why"
    return json_of({answer.wanted: answer.value, **{name: getattr(answer, name) for name in members}})


def step_line(step: Step, value: float, at: Mapping[str, Any]) -> str:
    """One step as a JSON object; value: of the expression there."""
    return json_of({"step": step.number, "value": value, "grad_norm": step.norm, "at": dict(at)})
