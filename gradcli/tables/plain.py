"""CSV, TSV and JSON by the standard library: small tables are there before pyarrow would be loaded."""

from __future__ import annotations

from itertools import chain

from gradcli.errors import UsageError
from gradcli.tables.source import (
    EMPTY_CURE,
    NUMBER_CURE,
    Columns,
    Source,
    as_literal,
    cells_of,
    indices,
    is_number,
    names_of,
    no_number,
)
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.tables.formats import Format


class PlainSource(Source):
    """Rows of text, all of them in memory; an error names the row and its line."""

    def read(self, columns: Sequence[str], *, texts: bool = False, skip: bool = False) -> Columns:
        rows, lines = self.rows(columns, skip)
        if self.decimal != ".":
            rows = [row if isinstance(row, str) else [x.replace(self.decimal, ".") for x in row] for row in rows]
        found = Columns(len(rows), [], [])
        if skip:
            kept = [k for k, row in enumerate(rows) if not isinstance(row, str) and all(map(is_number, row))]
            found.count, found.skipped = len(kept), len(rows) - len(kept)
            rows = [rows[k] for k in kept]
        for k, name in enumerate(columns):
            cells = [row[k] for row in rows]
            found.numbers.append(_numbers(self.label, name, cells, lines, texts))
            found.texts.append([as_literal(str(cell)) for cell in cells] if texts else [])
        return found

    def rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        """(the cells of these columns, or where rows are skipped what is wrong with one; the number of its line) for
        each row. Raises UsageError."""
        raise NotImplementedError


class PlainCells(PlainSource):
    """CSV and TSV. headed: whether its first row names the columns; without it these are numbered."""

    def __init__(self, label: str, text: str, form: Format, bare: bool = False) -> None:
        """bare: a first row of numbers is one of the rows. Raises UsageError."""
        super().__init__(label)
        self._cells: Iterator[tuple[int, list[str]]] = cells(text, form.delimiter, label)
        line, first = next(self._cells, (0, None))
        if first is None:
            raise UsageError(f"{label} is empty", EMPTY_CURE)
        header = () if form.header is None and bare and all(map(is_number, first)) else form.header
        self.names = names_of(label, first, header)
        self.headed = header != ()
        self.decimal = form.decimal
        if header is not None:
            self._cells = chain(((line, first),), self._cells)

    def rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        """See PlainSource. Raises UsageError."""
        places = indices(self.label, self.names, columns, columns)
        width = len(self.names)
        rows: list[Any] = []
        lines: list[int] = []
        for line, row in self._cells:
            wrong = "" if len(row) == width else f"has {cells_of(len(row))}, the header has {width}"
            if wrong and not skip:
                raise UsageError(f"{self.label}, row {len(rows) + 1} (line {line}) {wrong}", NUMBER_CURE)
            rows.append(wrong or [row[k] for k in places])
            lines.append(line)
        return rows, lines


def cells(text: str, delimiter: str, label: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row; blank lines are skipped. Raises UsageError."""
    import csv
    from io import StringIO

    csv.field_size_limit(2**31 - 1)  # a cell may hold an array
    end = "\x1e"  # a row of its own, unless a quote before it is still open
    reader = csv.reader(chain(StringIO(text, newline=""), (end,)), delimiter=delimiter, skipinitialspace=True)
    row: list[str] = []
    for row in reader:
        if row == [end]:
            return
        if row and row[-1].endswith(end):
            break
        if len(row) > 1 or (row and row[0].strip()):
            yield reader.line_num, row
    start = " ".join(row[-1][:40].rstrip(end).split())
    raise UsageError(f'{label}: a quote is opened and never closed, at "{shown(start)}', "close it, or double it")


# --- cells


def _numbers(label: str, name: str, cells: list[Any], lines: list[int], texts: bool) -> Any:
    """The cells of a column as numbers. Raises UsageError."""
    from array import array

    try:
        if not any(isinstance(cell, bool) for cell in cells):  # for which float has an answer
            return array("d", map(float, cells))
    except (ValueError, TypeError):
        pass
    k = next((k for k, x in enumerate(cells) if not (is_number(x) or (isinstance(x, list) and not texts))), None)
    if k is None:
        return [_array(f"{label}, row {k + 1}, column {name}", cell) for k, cell in enumerate(cells)]
    where = f"{label}, row {k + 1} (line {lines[k]}), column {shown(name)}"
    raise UsageError(f"{where}: {no_number(cells[k])}", NUMBER_CURE)


def _array(where: str, cell: Any) -> Any:
    return array_of(where, cell) if isinstance(cell, list) else float(cell)


def array_of(label: str, value: Any) -> Any:
    """Nested lists or an array as float64. Raises UsageError."""
    import numpy as np

    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biufOU":
            raise TypeError
        return found.astype(np.float64)
    except (ValueError, TypeError):
        raise UsageError(f"{label} is no array of numbers", "rows of one length, and a number in each place") from None
