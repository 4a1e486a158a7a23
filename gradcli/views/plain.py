"""`--plain`: the bare numbers, a line for each point."""

from __future__ import annotations

from gradcli.views.numbers import to_plain
from gradcli.views.output import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.api.evaluation import Evaluation


class PlainForm(Lines):
    """The partials, or the value where there are none to show; one space between."""

    refuses = ("--named", "--along", "--condition", *Lines.refuses)

    def point(self, evaluation: Evaluation) -> None:
        grad = evaluation.grad
        self.line(to_plain(evaluation.value) if grad is None else " ".join([to_plain(x) for x in grad.values()]))
