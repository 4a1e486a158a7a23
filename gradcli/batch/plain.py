"""`gradcli batch` where pyarrow is not installed: texts in, a text out, by the standard library, a table at a time."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import glob
from typing import Any, TextIO

import numpy as np

from gradcli.api.map import block_tape
from gradcli.batch.audit import audit
from gradcli.batch.outcome import AUDIT, Outcome
from gradcli.batch.partial import beside
from gradcli.batch.query import Query, taken
from gradcli.batch.tally import Numbers, outcome_of
from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.formats import Format, need_pyarrow
from gradcli.tables.jsonrows import PlainObjects, text_of
from gradcli.tables.opening import TableFile
from gradcli.tables.plain import PlainSource
from gradcli.tables.source import MISSING, ROW_CURE, WIDTH_CURE, indices, is_number, no_number
from gradcli.text import label_of, shown

OPENERS: dict[str | None, Any] = {None: open, "gzip": gzip.open, "bz2": bz2.open}

NOT_FINITE = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}  # as JSON


class PlainRun:
    """A query over texts, as one table: the columns of the output are those of the first.

    results: the names of the result columns.
    """

    def __init__(self, query: Query, sources: Sequence[PlainSource], form: Format | None) -> None:
        """form: of the output, None where only sums are wanted. Raises UsageError and ExpressionError."""
        self._query = query
        self._inputs = sources
        self._form = form
        first = sources[0]
        query.bind(first.names, first.label)
        self._sources = query.sources(first.names)
        self._kept = [] if query.only or form is None else list(first.names)
        self._columns = list(dict.fromkeys([*self._kept, *self._sources.values()]))
        for source in sources:
            indices(source.label, source.names, self._columns, list(self._sources.values()))
        lines = all(isinstance(source, PlainObjects) for source in sources)
        self._spliced = form is not None and form.lines and lines and not query.only
        self.results = query.results([*self._kept, *(first.keys if self._spliced else ())])
        self._scalars = {x: v for x, v in query.at.items() if x in query.function.variables}
        self._tape = block_tape(query.function, frozenset(self._scalars), query.dtype)

    def into(self, out: TextIO | None) -> Outcome:
        """Write all rows; what there is to tell of them. Raises UsageError."""
        outcome = Outcome()
        write: Callable[..., Any] | None = None
        for number, source in enumerate(self._inputs):
            rows, _ = source.rows(self._columns, True)
            dropped = [(k, row) for k, row in enumerate(rows, 1) if isinstance(row, str)]
            if dropped and not self._query.lenient:
                raise UsageError(f"{source.label}, row {dropped[0][0]} {dropped[0][1]}", WIDTH_CURE)
            whole = [k for k, row in enumerate(rows) if not isinstance(row, str)]
            chunk = Chunk(0, 0, None, 0, None, dropped)
            numbers = self._numbers([rows[k] for k in whole], chunk, source)
            self._query.ran.add("blocks")
            outputs = self._tape.run(numbers.columns, self._scalars, len(whole))
            skip = self._query.on_error == "skip"
            found = outcome_of(chunk, numbers, outputs, number, skip=skip, sums=self._form is None)
            if self._query.audit:
                found.count(AUDIT, audit(self._query.function, chunk, numbers, self._scalars, outputs, number))
            outcome = outcome.merge(found)
            if out is None or self._form is None:
                continue
            write = write or self._writer(out, self._form.delimiter)
            left = np.arange(len(whole)) if numbers.lost is None or not skip else np.flatnonzero(~numbers.lost)
            texts = zip(*[map(str, output[left]) for output in outputs], strict=True)
            for k, results in zip(left, texts, strict=True):
                write(source, whole[k], rows[whole[k]][: len(self._kept)], results)
        return outcome

    def _numbers(self, rows: list[Any], chunk: Chunk, source: PlainSource) -> Numbers:
        found = Numbers(source.label, {}, {})
        for variable, name in self._sources.items():
            cells = [row[self._columns.index(name)] for row in rows]
            floats = [_float(cell, source.decimal) for cell in cells]
            missing = np.array([x is None for x in floats], bool)
            found.columns[variable] = np.array(floats, np.float64)  # of which None is nan
            if missing.any():
                first = int(missing.argmax())
                what = MISSING if cells[first] is None else no_number(cells[first])
                message = f"{source.label}, row {chunk.row(first)}, column {shown(name)}: {what}"
                if not self._query.lenient:
                    raise UsageError(message, ROW_CURE)
                found.lose(missing, message)
        found.spread()
        return found

    def _writer(self, out: TextIO, delimiter: str) -> Callable[..., Any]:
        """What writes a row, of its source, number, cells and results. A header is written at once."""
        if not delimiter:
            return lambda *row: out.write(self._line(*row))
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([*self._kept, *self.results])
        return lambda source, k, cells, results: writer.writerow([*map(text_of, cells), *results])

    def _line(self, source: PlainSource, k: int, cells: Sequence[Any], results: Sequence[str]) -> str:
        """The cells, or the line of JSON that they were, and the results as an object."""
        line = "{" + ", ".join(self._members(source, cells))
        if self._spliced:
            assert isinstance(source, PlainObjects)
            line = source.lines[k].rstrip().removesuffix("}").rstrip()
            for name in self.results:
                if name in json.loads(source.lines[k]):
                    raise taken(f"{source.label}, row {k + 1}", name)
        members = [f"{_quoted(name)}: {NOT_FINITE.get(x, x)}" for name, x in zip(self.results, results, strict=True)]
        return line + ("" if line.endswith("{") else ", ") + ", ".join(members) + "}\n"

    def _members(self, source: PlainSource, cells: Sequence[Any]) -> Iterator[str]:
        """The cells as members of an object: numbers those that the variables are."""
        for name, cell in zip(self._kept, cells, strict=True):
            text = _quoted(text_of(cell))
            if name in self._sources.values():
                number = _float(cell, source.decimal)
                text = "null" if number is None else repr(number)
            yield f"{_quoted(name)}: {NOT_FINITE.get(text, text)}"


def sources(patterns: Sequence[str], layout: dict[str, Any], given: str | None) -> tuple[str, list[PlainSource]]:
    """(format of the first, the texts) that paths, `-` and globs name; layout, given: as in `format_of`. Raises
    UsageError."""
    files = []
    for pattern in patterns:
        literal = pattern == "-" or "://" in pattern or os.path.lexists(pattern)
        for path in [pattern] if literal else sorted(glob(pattern, recursive=True)) or [pattern]:
            files.append(TableFile(path, layout, given))
    found: list[Any] = [file.table() for file in files]
    return files[0].form.name, found


@contextmanager
def written(path: str, compression: str | None, force: bool) -> Iterator[TextIO]:
    """A text that appears whole or not at all. Raises UsageError where one is there already and not to be replaced."""
    if path.endswith(("/", os.sep)) or os.path.isdir(path) or "://" in path:
        need_pyarrow(f"writing to {label_of(path)}")
    if os.path.lexists(path) and not force:
        raise UsageError(f"{label_of(path)} exists already", "--force replaces it")
    if compression not in OPENERS:
        need_pyarrow(f"writing {label_of(path)}")
    working = beside(path)
    try:
        with OPENERS[compression](working, "xt", encoding="utf-8", newline="") as out:
            yield out
        os.replace(working, path)
    except BaseException:
        with suppress(OSError):
            os.remove(working)
        raise


def _float(cell: Any, decimal: str) -> float | None:
    """The number of a cell; None where there is none."""
    if isinstance(cell, str) and decimal != ".":
        cell = cell.replace(decimal, ".")
    return float(cell) if is_number(cell) else None


def _quoted(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)
