"""A chunk of a table in, its results out."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gradcli.api.map import block_tape
from gradcli.batch.outcome import DROPPED, INFINITE, LOST, SKIPPED, UNDEFINED, UNKNOWN, Outcome, Tally
from gradcli.batch.query import taken
from gradcli.batch.sums import moments
from gradcli.tables.numbers import floats, is_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.batch.query import Query
    from gradcli.tables.chunk import Chunk
    from gradcli.tables.chunksource import ChunkSource
    from gradcli.tables.formats import Format


class Mapper:
    """Maps the chunks of tables with the columns of this one.

    form: the output's format, or None where only sums are wanted; keys: where
    JSON lines go through as they are, those of a line; threads: how many cores, all by default.

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
    ) -> None:
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
        self._tape = block_tape(query.function, frozenset(scalars), query.dtype)

    def numbers(self, chunk: Chunk, label: str) -> Numbers:
        """The columns of the variables as arrays. Raises UsageError where a row has no number."""
        return Numbers(chunk, self.sources, label, self._query.lenient)

    def map(self, chunk: Chunk, numbers: Numbers, number: int) -> Mapped:
        """number: that of the input, for the outcome."""
        rows = chunk.table.num_rows
        outputs = self._tape.run(numbers.columns, self._scalars, rows, self._threads)
        outcome = self._outcome(chunk, numbers, outputs, number)
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

    def _outcome(self, chunk: Chunk, numbers: Numbers, outputs: Sequence[Any], number: int) -> Outcome:
        outcome = Outcome(chunk.table.num_rows + len(chunk.dropped))
        if chunk.dropped:
            row, message = chunk.dropped[0]
            outcome.count(DROPPED, Tally(len(chunk.dropped), (number, row, message)))
        lost = numbers.lost
        if lost is not None:
            first = chunk.row(int(lost.argmax()))
            outcome.count(SKIPPED if self._skip else LOST, Tally(int(lost.sum()), (number, first, numbers.message)))
        odd = _not_finite(outputs)
        if odd is not None:
            if lost is not None:
                odd = odd[~lost[odd]]
            self._tally(outcome, chunk, numbers, outputs[0], odd, number)
        if self._sums:
            here = outputs if lost is None else [x[~lost] for x in outputs]
            outcome.moments = [moments(x) for x in here]
        return outcome

    def _tally(self, outcome: Outcome, chunk: Chunk, numbers: Numbers, value: Any, odd: Any, number: int) -> None:
        """Sort the rows that are not finite: NaN among their numbers, outside the domain, infinite."""
        given = [np.asarray(column[odd], np.float64) for column in numbers.columns.values()]
        unknown = np.zeros(len(odd), bool)
        for column in given:
            unknown |= np.isnan(column)
        undefined = np.isnan(value[odd]) & ~unknown
        for kind, those in {UNKNOWN: unknown, UNDEFINED: undefined, INFINITE: ~(unknown | undefined)}.items():
            if those.any():
                k = int(those.argmax())
                point = {x: float(column[k]).hex() for x, column in zip(numbers.columns, given, strict=True)}
                outcome.count(kind, Tally(int(those.sum()), (number, chunk.row(int(odd[k])), point)))


class Numbers:
    """The variables of a chunk.

    columns: variable to its array, NaN in the rows that are lost; own: name to the same as read, and
    which of it is missing or None; lost: which rows lack a number, or None; message: about the first of these.
    """

    __slots__ = ("columns", "label", "lost", "message", "own")

    def __init__(self, chunk: Chunk, sources: dict[str, str], label: str, lenient: bool) -> None:
        self.columns: dict[str, Any] = {}
        self.own: dict[str, tuple[Any, Any]] = {}
        self.label = label
        self.lost: Any = None
        self.message = ""
        first = chunk.table.num_rows
        for variable, name in sources.items():
            found, lost, message = floats(
                chunk.table.column(name), name, label, chunk.start, lenient, chunk.dropped, chunk.remarks
            )
            self.columns[variable] = found
            self.own[name] = found, lost
            if lost is not None:
                if lost.argmax() < first:
                    first, self.message = int(lost.argmax()), message
                self.lost = lost if self.lost is None else self.lost | lost
        if self.lost is not None:
            for variable, column in self.columns.items():
                self.columns[variable] = np.where(self.lost, np.nan, column)


class Mapped:
    """table: the output's rows; lines: the input's JSON lines, or None."""

    __slots__ = ("index", "lines", "outcome", "table")

    def __init__(self, index: int, table: pa.Table, lines: Any, outcome: Outcome) -> None:
        self.index = index
        self.table = table
        self.lines = lines
        self.outcome = outcome


_TYPES = {"float64": pa.float64(), "float32": pa.float32()}


def _not_finite(outputs: Sequence[Any]) -> Any:
    """The rows in which a result is not finite, or None; a sum finds out at half the price of a test by element."""
    found = None
    for output in outputs:
        with np.errstate(all="ignore"):
            if np.isfinite(output.sum()):
                continue
        bad = ~np.isfinite(output)
        found = bad if found is None else found | bad
    return None if found is None or not found.any() else np.flatnonzero(found)


def _with_numbers(table: pa.Table, own: dict[str, tuple[Any, Any]]) -> pa.Table:
    """With numbers in the place of the texts of variables; null where there is none."""
    for name, (numbers, missing) in own.items():
        k = table.schema.get_field_index(name)
        if k >= 0 and is_text(table.field(k).type):
            table = table.set_column(k, name, pa.array(np.asarray(numbers, np.float64), mask=missing))
    return table
