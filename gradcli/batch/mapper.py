"""A chunk of a table in, its results out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gradcli.api.map import executor_of, tape_of
from gradcli.batch.audit import audit
from gradcli.batch.outcome import AUDIT, Outcome
from gradcli.batch.query import Query, taken
from gradcli.batch.tally import Numbers, outcome_of
from gradcli.tables.chunk import Chunk
from gradcli.tables.chunksource import ChunkSource
from gradcli.tables.formats import Format
from gradcli.tables.numbers import floats, is_text
from gradcli.tables.source import Source

LIKE_THE_FIRST = 16  # chunks, for which a stream is taken


class Mapper:
    """Maps the chunks of tables with the columns of this one.

    form: the output's format, or None where only sums are wanted; keys: where
    JSON lines go through as they are, those of a line; threads: how many cores, all by default; executor: what runs
    the formula, "" for what suits the first chunk.

    sources: variable to its column; columns: what to read; results: the names of the result columns; left_out:
    columns that cannot stand beside these.
    """

    def __init__(
        self,
        query: Query,
        source: ChunkSource,
        form: Format | None,
        *,
        keys: Sequence[str] = (),
        threads: int | None = None,
        executor: str = "",
    ) -> None:
        """Raises UsageError where the executor is not there, and ExpressionError."""
        self._query = query
        spliced = bool(keys)
        self.sources = query.sources(source.names)
        kept = [] if query.only or form is None else source.beside(list(self.sources.values()))
        self.left_out = [] if query.only or form is None else [x for x in source.names if x not in kept]
        self.results = query.results([*kept, *keys] if spliced else kept)
        self._kept = 0 if spliced else len(kept)
        self.columns = [] if spliced else kept
        self.columns = [*self.columns, *[x for x in dict.fromkeys(self.sources.values()) if x not in self.columns]]
        self._lines = spliced
        # Where numbers and text differ the variables are written as numbers, also where the input has text.
        self._typed = form is None or form.typed
        self._sums = form is None
        self._skip = query.on_error == "skip"
        self._threads = threads
        scalars = {x: v for x, v in query.at.items() if x in query.function.variables}
        self._scalars = scalars
        executor_of(query.function, query.dtype, 0, executor)
        self._executor = executor

    def numbers(self, chunk: Chunk, source: Source) -> Numbers:
        """The columns of the variables as arrays. Raises UsageError where a row has no number."""
        found = Numbers(source.label, {}, {})
        for variable, name in self.sources.items():
            column, told = chunk.table.column(name), (chunk.dropped, chunk.remarks)
            numbers, missing, message = floats(
                column, name, source.label, chunk.start, self._query.lenient, *told, source.decimal
            )
            found.columns[variable] = numbers
            found.own[name] = numbers, missing
            found.lose(missing, message)
        found.spread()
        return found

    def map(self, chunk: Chunk, numbers: Numbers, number: int) -> Mapped:
        """number: that of the input, for the outcome."""
        rows = chunk.table.num_rows
        outputs = self._tape(rows).run(numbers.columns, self._scalars, rows, self._threads)
        outcome = outcome_of(chunk, numbers, outputs, number, skip=self._skip, sums=self._sums)
        if self._query.audit:
            found = audit(self._query.function, chunk, numbers, self._scalars, outputs, number, self._threads)
            outcome.count(AUDIT, found)
        if self._lines:
            self._refuse_taken(chunk, numbers.label)
        table = chunk.table.select(range(self._kept))
        if self._typed:
            table = _with_numbers(table, numbers.own)
        for name, output in zip(self.results, outputs, strict=True):
            table = table.append_column(name, pa.array(output))
        lines = chunk.lines if self._lines else None
        if self._skip and numbers.lost is not None:
            kept = pa.array(~numbers.lost)
            table, lines = table.filter(kept), lines and lines.filter(kept)
        return Mapped(chunk.index, table, lines, outcome)

    def _tape(self, rows: int) -> Any:
        """What runs the formula; rows: of the first chunk."""
        query = self._query
        if not self._executor:
            self._executor = executor_of(query.function, query.dtype, LIKE_THE_FIRST * rows)
        query.ran.add(self._executor)
        return tape_of(query.function, frozenset(self._scalars), query.dtype, self._executor)

    def _refuse_taken(self, chunk: Chunk, label: str) -> None:
        """Raises UsageError where a JSON line has a result's name already; the names of the first line are known."""
        assert chunk.lines is not None
        for name in self.results:
            met = pc.match_substring(chunk.lines, json.dumps(name, ensure_ascii=False))
            for k in np.flatnonzero(met.to_numpy(zero_copy_only=False)):
                if name in json.loads(chunk.lines[int(k)].as_py()):
                    raise taken(f"{label}, row {chunk.row(int(k))}", name)

    def schema(self, read: pa.Schema) -> pa.Schema:
        """Of the output, for tables of this schema."""
        fields = [read.field(k) for k in range(self._kept)]
        if self._typed:
            numbers = self.sources.values()
            fields = [pa.field(x.name, pa.float64()) if x.name in numbers and is_text(x.type) else x for x in fields]
        results = [pa.field(name, _TYPES[self._query.dtype]) for name in self.results]
        return pa.schema([*fields, *results])


@dataclass(slots=True)
class Mapped:
    """table: the output's rows; lines: the input's JSON lines, or None."""

    index: int
    table: pa.Table
    lines: Any
    outcome: Outcome


_TYPES = {"float64": pa.float64(), "float32": pa.float32()}


def _with_numbers(table: pa.Table, own: dict[str, tuple[Any, Any]]) -> pa.Table:
    """With numbers in the place of the texts of variables; null where there is none."""
    for name, (numbers, missing) in own.items():
        k = table.schema.get_field_index(name)
        if k >= 0 and is_text(table.field(k).type):
            table = table.set_column(k, name, pa.array(np.asarray(numbers, np.float64), mask=missing))
    return table
