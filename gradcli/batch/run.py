"""Tables in, one table out: three threads read, map and write at the same time."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from platform import machine
from threading import Event
from typing import Any, cast

import numpy as np
import pyarrow as pa

from gradcli import __version__
from gradcli.api.map import executor_of
from gradcli.batch.mapper import Mapped, Mapper
from gradcli.batch.outcome import Outcome
from gradcli.batch.prefetch import prefetched
from gradcli.batch.query import Query
from gradcli.batch.tally import Numbers
from gradcli.batch.target import Target
from gradcli.domains.blocks.memory import keep_at_most
from gradcli.domains.blocks.vectorcode import features
from gradcli.domains.compiled.engine import is_installed
from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.chunksource import ChunkSource, Wanted
from gradcli.tables.formats import Format, by_name, format_of
from gradcli.tables.locations import Location
from gradcli.tables.numbers import is_text
from gradcli.tables.opening import open_table
from gradcli.text import shown

POOL = 32 * 2**20  # bytes of results that wait to be used again


class Input:
    """A table of the run: where it is, and its format."""

    def __init__(self, location: Location, given: str | None, layout: dict[str, Any] | None = None) -> None:
        """given, layout: as in `format_of`. Raises UsageError."""
        self.location = location
        # Of a file in a store its name is believed.
        look = location.root is None or (given is None and by_name(location.label)[0] is None)
        label = "-" if location.standard_input else location.label
        self.form, self.compression = format_of(label, given, "--from", location.head() if look else None, layout)

    def known(self) -> list[Any]:
        """All by which a later run can tell that it is the same table."""
        return [self.location.label, self.form.name, *self.form.layout.items(), self.location.size, self.location.stamp]

    def open(self) -> ChunkSource:
        """The table, to be closed by the caller."""
        return open_table(self.location, self.form, self.compression)


CELL = 8  # bytes, of a number in a table, about


class Run:
    """A query over tables, as one table.

    The columns of the output are those of the first table; the others need them too.
    form: the output's format, or None where only the outcome counts; first: what the outcome calls
    the first of the inputs; threads: for the mapping; executor: for it, by default what suits the size of the inputs.
    """

    def __init__(
        self,
        query: Query,
        inputs: Sequence[Input],
        form: Format | None,
        *,
        first: int = 0,
        threads: int | None = None,
        executor: str | None = None,
    ) -> None:
        """Raises UsageError and ExpressionError."""
        keep_at_most(POOL)
        self.query = query
        self.inputs = inputs
        self._number = first
        source = inputs[0].open()
        self._opened: ChunkSource | None = source
        query.bind(source.names, source.label)
        # JSON lines that stay JSON lines are kept as they are: then only the numbers are read.
        spliced = form is not None and form.lines and not query.only and all(x.form.lines for x in inputs)
        if form is not None and form.typed and not query.only:
            refuse_equal_names(source)
        self._width = len(source.names)
        if executor is None:
            executor = self.executor_for(inputs)
        keys = source.keys if spliced else ()
        self.mapper = Mapper(query, source, form, keys=keys, threads=threads, executor=executor)
        numbers = list(dict.fromkeys(self.mapper.sources.values()))
        if form is not None and not form.typed and any(x.form.lines for x in inputs):
            numbers = []  # then a number of a JSON line comes as its text, which the output keeps
        self.wanted = Wanted(self.mapper.columns, len(self.mapper.results), numbers, query.lenient)
        self.empty = self.mapper.schema(source.schema(self.wanted))

    def executor_for(self, inputs: Sequence[Input]) -> str:
        """What runs the formula over tables of this size and as many columns; "" where a size is not known."""
        sizes = [x.location.size or 0 for x in inputs]
        if not all(sizes):
            return ""
        return executor_of(self.query.function, self.query.dtype, sum(sizes) // (CELL * max(self._width, 1)))

    def check(self) -> None:
        """Look at the columns of all tables, before the first row is written where it cannot be taken back."""
        for number in range(1, len(self.inputs)):
            if not self.inputs[number].location.seekable:
                continue
            with self.inputs[number].open() as source:
                source.schema(self.wanted)

    def identity(self, form: Format | None, compression: str | None) -> dict[str, Any]:
        """All that the bytes of the output depend on."""
        return identity(self.query, self.inputs, form, compression)

    def into(
        self, target: Target, identity: dict[str, Any], advance: Callable[[int, int, float], None] | None = None
    ) -> Outcome:
        """Write all rows that an earlier run has not written yet; what there is to tell of all of them.

        advance(rows, number of the input, fraction of it): called for every chunk that is written, and before
        the first with the rows that an earlier run has written.
        """
        stopped = Event()
        try:
            reached = target.begin(identity, self.empty)
            if reached.finished:
                return reached.outcome
            if advance is not None:
                advance(reached.outcome.rows, self._number + reached.input, 0.0)
            with (
                prefetched(self._read(reached.input, reached.chunk), stopped) as read,
                prefetched(self._map(read), stopped) as mapped,
            ):
                for number, found, done in mapped:
                    target.append(number, found)
                    if advance is not None:
                        advance(found.outcome.rows, self._number + number, done)
                    del found  # its memory is needed
            target.finish()
        except BaseException:
            target.abandon()
            raise
        return reached.outcome

    def _read(self, begin: int, chunk: int) -> Iterator[tuple[int, Chunk, Numbers, float]]:
        """The number of the input, a chunk of it, its numbers, and which fraction of the input is read."""
        for number in range(begin, len(self.inputs)):
            with self._source(number) as source:
                first = chunk if number == begin else 0
                for found in source.chunks(self.wanted, first):
                    done = found.position / source.total if source.total else 0.0
                    yield number, found, self.mapper.numbers(found, source), done
                    del found

    def _map(self, items: Iterator[tuple[int, Chunk, Numbers, float]]) -> Iterator[tuple[int, Mapped, float]]:
        for number, chunk, numbers, done in items:
            found = self.mapper.map(chunk, numbers, self._number + number)
            found.table = _cast(found.table, self.empty, self.inputs[number].location.label)
            yield number, found, done
            del chunk, numbers, found

    def _source(self, number: int) -> ChunkSource:
        if number == 0 and self._opened is not None:
            source, self._opened = self._opened, None
            return source
        return self.inputs[number].open()


def identity(query: Query, inputs: Sequence[Input], form: Format | None, compression: str | None) -> dict[str, Any]:
    """All that the bytes of an output depend on, as JSON gives it back."""
    import scipy

    found = {
        "version": [
            __version__,
            np.__version__,
            scipy.__version__,
            pa.__version__,
            is_installed(),
            *sys.version_info[:2],
        ],
        "machine": [sys.platform, machine(), *features()],
        "query": query.described(),
        "format": [form and form.name, compression],
        "input": [x.known() for x in inputs],
    }
    return cast(dict[str, Any], json.loads(json.dumps(found)))


def refuse_equal_names(source: ChunkSource) -> None:
    """Raises UsageError where two columns have one name, which only CSV and TSV can hold."""
    for k, name in enumerate(source.names):
        if name in source.names[:k]:
            message = f"{source.label} has two columns {shown(name)}"
            raise UsageError(message, "rename one of them, or leave the input out with --only")


def _cast(table: pa.Table, schema: pa.Schema, label: str) -> pa.Table:
    """In the types of the first table, where no value is changed by that. Raises UsageError."""
    if table.schema == schema:
        return table
    columns = []
    for column, own in zip(table.columns, schema, strict=True):
        try:
            if not _widens(column.type, own.type):
                raise ValueError
            columns.append(column.cast(own.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError):
            message = f"{label}: column {own.name} is {column.type}, the first table's is {own.type}"
            cure = "tables of one output need the same columns; -o FOLDER/ writes one for each"
            raise UsageError(message, cure) from None
    return pa.Table.from_arrays(columns, schema=schema)


def _widens(given: pa.DataType, own: pa.DataType) -> bool:
    """Does every value of the one type have a place in the other, or does pyarrow refuse those that have none?"""
    types = pa.types
    if given == own or types.is_null(given):
        return True
    if types.is_dictionary(given):
        return _widens(given.value_type, own)
    if types.is_integer(given):
        return bool(types.is_integer(own) or types.is_float64(own))
    if types.is_floating(given):
        return bool(types.is_floating(own) and given.bit_width <= own.bit_width)
    return is_text(given) and is_text(own)
