"""Jacobians: as tables, as JSON lines, as CSV."""

from __future__ import annotations

from gradcli.text import shortened
from gradcli.views.arrays import block
from gradcli.views.delimited import cell, variable
from gradcli.views.forms import Form
from gradcli.views.jsonlines import line, object_of
from gradcli.views.notes import point
from gradcli.views.numbers import align, fewer, tabled, to_json, to_plain, to_show
from gradcli.views.output import Lines
from gradcli.views.prose import GAP, columns, pad
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
        screen = self._screen
        for digits in fewer(self._digits):
            values = [tabled(y, digits) for y in evaluation.value]
            grid = [["", *self._results], ["value", *align([to_show(y) for y in values])]]
            for x in evaluation.jac[0]:
                grid.append([f"d/d{x}", *align([to_show(tabled(row[x], digits)) for row in evaluation.jac])])
            padded = [[pad(text, max(map(columns, column))) for text in column] for column in grid]
            if screen.fits(sum([columns(column[0]) for column in padded]) + len(GAP) * (len(padded) - 1)):
                break
        styles = ["faint", "value", *["partial" for _ in grid[2:]]]
        for k, row in enumerate(zip(*padded, strict=True)):
            screen.line(GAP.join([screen.paint(x, styles[c] if k else "head") for c, x in enumerate(row)]))
        screen.say_rounded(digits if self._digits is None else None)

    def _arrays(self, evaluation: Any) -> None:
        for k, (text, value, row) in enumerate(zip(self._results, evaluation.value, evaluation.jac, strict=True)):
            if k:
                self._screen.line()
            pairs = [(text, block(value), "value"), *[(f"d/d{x}", block(part), "partial") for x, part in row.items()]]
            width = max(columns(label) for label, _, _ in pairs)
            for label, number, style in pairs:
                for n, part in enumerate(number.split("\n")):
                    head = pad("" if n else label, width)
                    self._screen.line(f"{head}{GAP}{self._screen.paint(part, style)}")
