"""`--points FILE`: one point a row, as CSV, TSV or JSON lines."""

from __future__ import annotations

import sys

from gradcli.commands.sources import read_text
from gradcli.commands.values import name_of
from gradcli.errors import UsageError
from gradcli.tables.formats import TEXT, by_name, need_pyarrow, sniffed
from gradcli.tables.headers import check_header, is_number
from gradcli.words import VALUE_VARIABLE, label_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.commands.pointtable import PointTable

NUMBER_CURE = "a number is needed in every row; nan stands for an unknown one"


def point_file(path: str, texts: bool) -> PointFile | PointTable:
    """The file of points by the ending of its name. Raises UsageError."""
    kind, compression = sniffed(sys.stdin) if path == "-" else by_name(path)
    if (kind is None or kind in TEXT) and compression is None and "://" not in path:
        return PointFile(path, texts)  # plain text needs no pyarrow
    need_pyarrow(f"reading {label_of(path)}")
    from gradcli.commands.pointtable import PointTable

    return PointTable(path, texts, kind or "csv", compression)


class PointFile:
    """A file of points, as plain text.

    columns: the names that it gives values to, known before any number is read, so that the
    expression can be parsed with them; `take` then reads the numbers of those that the
    expression uses.
    """

    def __init__(self, path: str, texts: bool) -> None:
        """texts: keep the numbers as written too, for `--digits`."""
        self.label = label_of(path)
        self.names: tuple[str, ...] = ()
        self.count = 0
        self._keep = texts
        self._floats: list[Any] = []
        self._texts: list[list[str]] = []
        text = read_text(path)
        kind = _format(path, text)
        self._jsonl = kind == "jsonl"
        if self._jsonl:
            self._rows: Any = _objects(text, path, texts)
            self.columns = tuple(dict.fromkeys(name for _, row in self._rows for name in row))
        else:
            self._rows = cells(text, "\t" if kind == "tsv" else ",", self.label)
            self._header = _header(next(self._rows, None), self.label)
            self.columns = tuple(dict.fromkeys(filter(None, self._header)))

    def take(self, variables: Sequence[str]) -> list[str]:
        """Read the columns of these variables; the names of the columns that are left out."""
        self.names = tuple(name for name in variables if name in self.columns)
        if self._jsonl:
            self._take_objects()
        else:
            self._take_cells()
        if not self.count:
            raise UsageError(f"{self.label} holds no points", "it needs at least one row of numbers")
        return [name for name in self.columns if name not in self.names]

    def floats(self) -> Iterator[tuple[float, ...]]:
        return zip(*self._floats, strict=True) if self.names else iter([()] * self.count)

    def texts(self) -> Iterator[tuple[str, ...]]:
        return zip(*self._texts, strict=True) if self.names else iter([()] * self.count)

    def _take_cells(self) -> None:
        for name in self.names:
            if self._header.count(name) > 1:
                raise UsageError(f"{self.label} has two columns {name}", "rename one of them")
        rows: list[list[str]] = []
        lines: list[int] = []
        width = len(self._header)
        for line, row in self._rows:
            if len(row) != width:
                where = f"{self.label}, row {len(rows) + 1} (line {line})"
                raise UsageError(f"{where} has {_cells_of(len(row))}, the header has {width}", NUMBER_CURE)
            rows.append(row)
            lines.append(line)
        self.count = len(rows)
        places = [self._header.index(name) for name in self.names]
        for name, place in zip(self.names, places, strict=True):
            self._column(name, [row[place] for row in rows], lines)

    def _take_objects(self) -> None:
        self.count = len(self._rows)
        lines = [line for line, _ in self._rows]
        for name in self.names:
            for k, (line, row) in enumerate(self._rows):
                if name not in row:
                    where = f"{self.label}, row {k + 1} (line {line})"
                    raise UsageError(f"{where} has no {name}", NUMBER_CURE)
            self._column(name, [row[name] for _, row in self._rows], lines)

    def _column(self, name: str, cells: list[Any], lines: list[int]) -> None:
        from array import array

        try:
            self._floats.append(array("d", map(float, cells)))
        except (ValueError, TypeError):
            if not self._keep and any(isinstance(cell, list) for cell in cells):
                self._floats.append(_arrays(self.label, name, cells, lines))
                return
            raise _no_number(self.label, name, cells, lines) from None
        if self._keep:
            self._texts.append([as_literal(str(cell)) for cell in cells])


def as_literal(cell: str) -> str:
    """A cell as a number of the language: the decimal as written, `inf`, `-inf` or `nan`."""
    text = cell.strip()
    return text if text.isascii() and any(c.isdigit() for c in text) else repr(float(text))


def _arrays(label: str, name: str, cells: list[Any], lines: list[int]) -> list[Any]:
    """A column of which some cells are arrays."""
    from gradcli.commands.arrayfile import numbers

    found = []
    for k, cell in enumerate(cells):
        if not isinstance(cell, list) and not is_number(cell):
            raise _no_number(label, name, [cell], lines[k:])
        found.append(numbers(f"{label}, row {k + 1}, column {name}", cell) if isinstance(cell, list) else float(cell))
    return found


def _no_number(label: str, name: str, cells: list[Any], lines: list[int]) -> UsageError:
    """The first cell that float refuses."""
    k = next(k for k, cell in enumerate(cells) if not is_number(cell))
    cell = cells[k]
    where = f"{label}, row {k + 1} (line {lines[k]}), column {name}"
    if isinstance(cell, str):
        what = f'"{shown(cell)}" is not a number' if cell.strip() else "the number is missing"
    else:
        what = f"{_kind(cell)} is not a number"
    return UsageError(f"{where}: {what}", NUMBER_CURE)


def _kind(value: Any) -> str:
    kinds = {type(None): "null", list: "an array", dict: "an object", _Boolean: "a boolean"}
    return kinds.get(type(value), "this")


def _cells_of(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


# --- reading


def _format(path: str, text: str) -> str:
    """By the file's name, else by its first sign and line."""
    known, _ = by_name(path)
    if known:
        return known
    start = text.lstrip()
    if start.startswith(("{", "[")):
        return "jsonl"
    return "tsv" if "\t" in start.partition("\n")[0] else "csv"


def cells(text: str, delimiter: str, label: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row; blank lines are skipped."""
    import csv
    from io import StringIO

    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            if len(row) > 1 or (row and row[0].strip()):
                yield reader.line_num, row
    except csv.Error as error:
        raise UsageError(f"{label}, line {reader.line_num}: {error}", "a quote may be left open") from None


def _header(first: tuple[int, list[str]] | None, label: str) -> list[str]:
    """The names of the columns; "" for a column that can be no variable."""
    if first is None:
        raise UsageError(f"{label} is empty", "the first line names the columns, each further line is a point")
    names = [name.strip() for name in first[1]]
    check_header(label, names)
    if VALUE_VARIABLE in names:
        names = [{"value": "", VALUE_VARIABLE: "value"}.get(name, name) for name in names]
    return [name_of(label, name) if name.isidentifier() else name for name in names]


class _Boolean:
    """true or false in JSON: no number."""


def _objects(text: str, path: str, texts: bool) -> list[tuple[int, dict[str, Any]]]:
    """(line number, name to number) of each line; `{"at": {...}}` is what gradcli itself prints."""
    import json

    label = label_of(path)

    number: Any = str if texts else float
    decoder = json.JSONDecoder(
        parse_float=number, parse_int=number, parse_constant=number, object_pairs_hook=_pairs(label)
    )
    rows = []
    for k, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = decoder.decode(line)
        except UsageError as error:
            raise UsageError(f"{label}, line {k}: {error.message}", error.cure) from None
        except (ValueError, RecursionError):
            raise UsageError(f"{label}, line {k} is no JSON", _json_cure(text, path)) from None
        if not isinstance(value, dict):
            raise UsageError(f"{label}, line {k} is no JSON object", _json_cure(text, path))
        at = value.get("at")
        rows.append((k, at if isinstance(at, dict) else value))
    return rows


def _json_cure(text: str, path: str) -> str:
    """What makes one object a line of an array, or what a line looks like."""
    if not text.lstrip().startswith("["):
        return 'each line is one object: {"x": 1}'
    import shlex

    source = "" if path == "-" else f" {shlex.quote(path)}"
    return f"jq -c '.[]'{source} gives one object a line" + (
        ": put it before gradcli in the pipe" if not source else ""
    )


def _pairs(label: str) -> Any:
    def hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, value in pairs:
            if name.isidentifier():
                name = name_of(label, name)
            if name in row:
                raise UsageError(f"{shown(name)} is given twice", "give it once")
            row[name] = _Boolean() if isinstance(value, bool) else value
        return row

    return hook
