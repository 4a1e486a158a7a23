"""The answers of `gradcli taylor`: a table of coefficients, or JSON lines."""

from __future__ import annotations

from gradcli.views.jsonlines import json_of, notes_of, object_of, quote
from gradcli.views.numbers import align, tabled, to_json, to_show
from gradcli.views.output import StandardOutput
from gradcli.views.prose import padded
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.api.evaluation import Evaluation


def polynomial(coefficients: Sequence[Any], wrt: str, at: Any) -> str:
    """The sum of the terms in our language, without those that are 0.

    >>> polynomial([1.0, 0.0, -0.5], "x", 2.0)
    '1 - 0.5*(x - 2)**2'
    """
    base = _base(wrt, at)
    shown = [to_show(c) for c in coefficients]
    terms = [_term(c, base, k) for k, c in enumerate(shown) if c.strip("-0.")]
    if not terms:
        return "0"
    return terms[0] + "".join([f" - {term[1:]}" if term[0] == "-" else f" + {term}" for term in terms[1:]])


def _base(wrt: str, at: Any) -> str:
    centre = to_show(at)
    if not centre.strip("-0."):
        return wrt
    return f"({wrt} + {centre[1:]})" if centre[0] == "-" else f"({wrt} - {centre})"


def _term(number: str, base: str, k: int) -> str:
    if k == 0:
        return number
    power = base if k == 1 else f"{base}**{k}"
    return power if number == "1" else f"-{power}" if number == "-1" else f"{number}*{power}"


class JsonForm:
    """One object a point."""

    def __init__(self) -> None:
        self._output = StandardOutput()
        self.end = self._output.flush

    def point(self, found: Evaluation, wrt: str) -> None:
        """The next answer, of which the value is the coefficients."""
        text = polynomial(found.value, wrt, found.at[wrt])
        notes = "".join([f', "{name}": {json_of(x)}' for name, x in notes_of(found).items()])
        self._output.line(
            f'{{"at": {object_of(found.at)}, "wrt": {quote(wrt)}, "coefficients": {to_json(list(found.value))}, '
            f'"polynomial": {quote(text)}{notes}}}'
        )


class Table:
    """A block a point: each coefficient with its power, and the polynomial."""

    def __init__(self) -> None:
        self._screen = Screen()

    def point(self, found: Evaluation, wrt: str) -> None:
        """The next answer, of which the value is the coefficients."""
        at, coefficients = found.at, found.value
        screen, base = self._screen, _base(wrt, at[wrt])
        screen.part()
        screen.line(screen.paint("about " + ", ".join(f"{x} = {to_show(v)}" for x, v in at.items()), "faint"))
        labels = ["1" if k == 0 else _term("1", base, k) for k in range(len(coefficients))]
        for label, number in zip(padded(labels), align([to_show(tabled(c)) for c in coefficients]), strict=True):
            screen.labelled(label, number, "value")
        screen.line()
        screen.line(polynomial(coefficients, wrt, at[wrt]))

    def end(self) -> None:
        """After the last answer."""
