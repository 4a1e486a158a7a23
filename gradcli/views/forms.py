"""The table of output forms of `grad` and `eval`. A new form is a row and a file.

The options, the help, the completions and the tests read this table.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import Evaluation


class Form:
    """Answers on their way out, in one form. Every flag goes with it, but for those that it refuses.

    inside: it holds the notes and the check, which else go to standard error. checked: the check is made where nobody
    asks for it, and stands below the numbers.
    """

    refuses: tuple[str, ...] = ("--round",)
    inside = False
    checked = False

    def __init__(self, points: int | None = None, digits: int | None = None) -> None:
        """points: there is one answer, the sum over so many; None: each answer is of a point. digits: significant
        ones that a table shows; None: all."""
        self._points = points
        self._digits = digits

    def begin(self, first: Evaluation) -> None:
        """Before the first answer, which tells what all of them hold."""

    def point(self, evaluation: Evaluation) -> None:
        """The next answer."""
        raise NotImplementedError

    def end(self) -> None:
        """After the last answer: all of them are out."""


# Name of the option, what its help says, and "module:class" in this folder; without an option it is the table.
FORMS = {
    "json": ("Print JSON lines, one object a point.", "jsonlines:JsonForm"),
    "csv": ("Print CSV: a header and a row a point.", "delimited:CsvForm"),
    "plain": ("Print bare numbers, a line a point.", "plain:PlainForm"),
    "": ("", "table:Table"),
}


def form_of(parameters: dict[str, Any]) -> type[Form]:
    """The form that the options ask for."""
    name = next((name for name in FORMS if parameters.get(name)), "")
    module, _, attribute = FORMS[name][1].partition(":")
    found: type[Form] = getattr(__import__(f"gradcli.views.{module}", fromlist=[attribute]), attribute)
    return found
