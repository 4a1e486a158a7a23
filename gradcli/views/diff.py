"""Derivatives: formulas as lines or JSON, and their numbers at points."""

from __future__ import annotations

from itertools import groupby

from gradcli.views.arrays import block
from gradcli.views.forms import Form
from gradcli.views.jsonlines import json_of, notes_of, object_of, quote
from gradcli.views.notes import point
from gradcli.views.numbers import align, tabled
from gradcli.views.output import Lines, StandardOutput
from gradcli.views.prose import padded
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def label(names: str) -> str:
    """`d/dx`, or of a mixed partial `d³/dx²dy`.

    >>> label("x"), label("x,x,y")
    ('d/dx', 'd³/dx²dy')
    """
    by = names.split(",")
    power = [(x, len(list(same))) for x, same in groupby(by)]
    below = "".join([f"d{x}{_raised(n)}" for x, n in power])
    return f"d{_raised(len(by))}/{below}"


def _raised(n: int) -> str:
    return str(n).translate(_DIGITS) if n > 1 else ""


def print_formulas(texts: Mapping[str, str], as_json: bool) -> None:
    """A line each, or one JSON object."""
    if as_json:
        output = StandardOutput()
        parts = ", ".join([f"{quote(x)}: {quote(text)}" for x, text in texts.items()])
        output.line(f'{{"diff": {{{parts}}}}}')
        output.flush()
        return
    screen = Screen()
    for name, text in zip(padded([label(x) for x in texts]), texts.values(), strict=True):
        screen.labelled(name, text, "partial")


class DiffJson(Lines):
    """One object a point, with its notes."""

    inside = True

    def point(self, evaluation: Any) -> None:
        parts = [f'"at": {object_of(evaluation.at)}', f'"diff": {object_of(evaluation.grad)}']
        parts += [f'"{name}": {json_of(x)}' for name, x in notes_of(evaluation).items()]
        self.line("{" + ", ".join(parts) + "}")


class DiffTable(Form):
    """A line each; of several points one after the other."""

    def __init__(self, several: bool, digits: int | None) -> None:
        """several: each point is named."""
        super().__init__(None, digits)
        self._several = several
        self._screen = Screen()

    def point(self, evaluation: Any) -> None:
        screen = self._screen
        screen.part()
        if self._several:
            screen.line(screen.paint(f"at {point(evaluation.at)}", "faint"))
        labels = [label(x) for x in evaluation.grad]
        numbers = align([block(tabled(x, self._digits)) for x in evaluation.grad.values()])
        for name, number in zip(padded(labels), numbers, strict=True):
            screen.labelled(name, number, "partial")
