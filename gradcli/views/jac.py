"""Jacobians: as tables, as JSON lines, as CSV."""

from __future__ import annotations

from gradcli.text import shortened
from gradcli.views import grid
from gradcli.views.arrays import block
from gradcli.views.delimited import cell, variable
from gradcli.views.forms import Form
from gradcli.views.jsonlines import line, object_of
from gradcli.views.notes import point
from gradcli.views.numbers import align, tabled, to_json, to_plain, to_show
from gradcli.views.output import Lines
from gradcli.views.prose import padded
from gradcli.views.screen import Screen
from gradcli.views.table import tabled_point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class JacJson(Lines):
    """One object a point, with its notes."""

    inside = True

    def point(self, evaluation: Any) -> None:
        rows = [object_of(row) for row in evaluation.jac]
        self.line(line(evaluation, further=['"jac": [' + ", ".join(rows) + "]"]))


class JacCsv(Lines):
    """A row a point; the value and the partials of several results are one cell each, written as JSON."""

    def begin(self, first: Any) -> None:
        labels = [*map(variable, first.at), "value", *[f"d/d{x}" for x in first.jac[0]]]
        self.line(",".join(map(cell, labels)))

    def point(self, evaluation: Any) -> None:
        cells = [to_plain(x) if isinstance(x, float | str) else cell(to_json(x)) for x in evaluation.at.values()]
        results = [evaluation.value, *[[row[x] for row in evaluation.jac] for x in evaluation.jac[0]]]
        self.line(",".join([*cells, *[_one(of_results) for of_results in results]]))


def _one(of_results: Sequence[Any]) -> str:
    """A number of the only result stands bare."""
    if len(of_results) == 1 and isinstance(of_results[0], float | str):
        return to_plain(of_results[0])
    return cell(to_json(list(of_results)))


class JacTable(Form):
    """A row a result; arrays in blocks."""

    def __init__(self, results: Sequence[str], digits: int | None = None) -> None:
        """results: the text of each."""
        super().__init__(None, digits)
        self._results = [shortened(" ".join(text.split()), 30) for text in results]
        self._screen = Screen()

    def point(self, evaluation: Any) -> None:
        screen = self._screen
        screen.part()
        evaluation = tabled_point(evaluation, self._digits)
        evaluation.jac = [{x: tabled(part, self._digits) for x, part in row.items()} for row in evaluation.jac]
        where = point(evaluation.at)
        if all(
            isinstance(x, float | str) for x in (*evaluation.value, *[x for r in evaluation.jac for x in r.values()])
        ):
            self._numbers(evaluation)
        else:
            self._arrays(evaluation)
        if where:
            screen.line(screen.paint(f"at {where}", "faint"))

    def _numbers(self, evaluation: Any) -> None:
        names = list(evaluation.jac[0])

        def columns(digits: int | None) -> list[list[str]]:
            results = [["value", *evaluation.value], *[[f"d/d{x}", *[row[x] for row in evaluation.jac]] for x in names]]
            cells = [[head, *align([to_show(tabled(y, digits)) for y in numbers])] for head, *numbers in results]
            return [["", *self._results], *cells]

        grid.show(self._screen, self._digits, columns, ["faint", "value", *["partial" for _ in names]])

    def _arrays(self, evaluation: Any) -> None:
        for k, (text, value, row) in enumerate(zip(self._results, evaluation.value, evaluation.jac, strict=True)):
            if k:
                self._screen.line()
            pairs = [(text, block(value), "value"), *[(f"d/d{x}", block(part), "partial") for x, part in row.items()]]
            for label, (_, number, style) in zip(padded([label for label, _, _ in pairs]), pairs, strict=True):
                self._screen.labelled(label, number, style)
