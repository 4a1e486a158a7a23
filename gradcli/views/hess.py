"""Hessians: as tables, as JSON lines, as lines `i j value`."""

from __future__ import annotations

from gradcli.views import grid
from gradcli.views.arrays import block
from gradcli.views.forms import Form
from gradcli.views.jsonlines import line, member, quote
from gradcli.views.numbers import align, tabled, to_json, to_plain, to_show
from gradcli.views.output import Lines
from gradcli.views.prose import GAP
from gradcli.views.screen import Screen
from gradcli.views.table import print_point, tabled_point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.eigenvalues import Spectrum

SHOWN = 20  # rows of a matrix, and eigenvalues


class HessJson(Lines):
    """One object a point, with its notes."""

    inside = True

    def point(self, evaluation: Any) -> None:
        rows = [f"{quote(x)}: {{{', '.join(row)}}}" for x, row in evaluation.matrix.lines(member)]
        further = ['"hess": {' + ", ".join(rows) + "}"]
        if evaluation.spectrum is not None:
            further.append(f'"eigenvalues": {to_json(evaluation.spectrum.values)}')
        self.line(line(evaluation, further=further))


class SparseForm(Lines):
    """A line `i j value` for each entry; an empty line between points."""

    def __init__(self) -> None:
        super().__init__()
        self._first = True

    def point(self, evaluation: Any) -> None:
        if not self._first:
            self.line("")
        self._first = False
        for i, j, number in evaluation.matrix.entries():
            self.line(f"{i} {j} {to_plain(number)}")


class HessTable(Form):
    """The block of `grad`, below it the matrix and what its eigenvalues say."""

    def __init__(self, digits: int | None = None) -> None:
        super().__init__(None, digits)
        self._screen = Screen()

    def point(self, evaluation: Any) -> None:
        screen, found = self._screen, evaluation.matrix
        screen.part()
        print_point(screen, tabled_point(evaluation, self._digits))
        if not evaluation.grad:
            return
        screen.line()
        if found.size > SHOWN and all(isinstance(x, float | str) for x in evaluation.grad.values()):
            screen.sentence(f"the Hessian has {found.size:,} rows: --sparse and --json print it")
        else:
            self._matrix({x: self._shown(row) for x, row in found.nested().items()})
        if evaluation.spectrum is not None:
            screen.line()
            self._spectrum(evaluation.spectrum)

    def _shown(self, numbers: dict[str, Any]) -> dict[str, Any]:
        return {name: tabled(x, self._digits) for name, x in numbers.items()}

    def _matrix(self, matrix: dict[str, dict[str, Any]]) -> None:
        screen, names = self._screen, list(matrix)
        if any(not isinstance(number, float | str) for row in matrix.values() for number in row.values()):
            for k, x in enumerate(names):
                for w in names[k:]:
                    screen.labelled(f"d²/d{x}d{w}" if x != w else f"d²/d{x}²", block(matrix[x][w]), "partial")
            return

        def columns(digits: int | None) -> list[list[str]]:
            cells = [[w, *align([to_show(tabled(row[w], digits)) for row in matrix.values()])] for w in names]
            return [["Hessian", *names], *cells]

        grid.show(screen, self._digits, columns, ["", *["partial" for _ in names]])

    def _spectrum(self, spectrum: Spectrum) -> None:
        values = [tabled(x, self._digits) for x in spectrum.values]
        if len(values) <= SHOWN:
            label = f"eigenvalues{GAP}"
            self._screen.sentence(label + GAP.join(map(to_show, values)), indent=" " * len(label))
        else:
            self._screen.sentence(f"eigenvalues{GAP}{to_show(values[0])} to {to_show(values[-1])}")
        self._screen.sentence(spectrum.verdict)
