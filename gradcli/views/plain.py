"""`--plain`: the bare numbers, a line for each point."""

from __future__ import annotations

from gradcli.views.numbers import to_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.faces.result import Evaluation


def line(evaluation: Evaluation) -> str:
    """The partials, or the value where there are none to show; one space between."""
    if evaluation.grad is None:
        return to_plain(evaluation.value)
    return " ".join([to_plain(x) for x in evaluation.grad.values()])
