"""Parquet and Arrow: what is in them is known beforehand, so chunks before the first are not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from gradcli.errors import UsageError
from gradcli.tables.arrowfile import ArrowFile, ArrowStream
from gradcli.tables.chunk import SAMPLE
from gradcli.tables.chunksource import ChunkSource, PlannedSource, Wanted, worded
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location
from gradcli.tables.source import indices

BUFFER = 2**18  # bytes that are read at a time of a column; from another machine, where each read waits, more

REMOTE_BUFFER = 8 * 2**20

BUFFERS = 32 * 2**20  # of all columns


class ParquetSource(PlannedSource):
    """A Parquet file. Small row groups are taken together, large ones are read in parts.

    Raises UsageError for what is none.
    """

    def __init__(self, location: Location, form: Format, compression: str | None) -> None:
        super().__init__(location.label)
        self._location = location.spooled()
        self._handle = self._location.open()
        with worded(self._location, "it is no Parquet file, or it is damaged"):
            if self._handle.size() < 12 or self._handle.read_at(4, 0) not in (b"PAR1", b"PARE"):
                raise UsageError(f"{self.label} is no Parquet file", "--from names another format")
            if self._handle.read_at(4, self._handle.size() - 4) not in (b"PAR1", b"PARE"):
                raise UsageError(f"{self.label} is cut off: a Parquet file's end is missing", "copy it again")
            file = pq.ParquetFile(self._handle)
        self._metadata = file.metadata
        self._schema = file.schema_arrow
        self.names = tuple(self._schema.names)
        self.total = self._metadata.num_rows

    @contextmanager
    def reading(self, wanted: Wanted) -> Iterator[Callable[[list[tuple[int, int, int]]], pa.Table]]:
        group, at, reader = -1, 0, Batches(iter(()))

        def read(pieces: list[tuple[int, int, int]]) -> pa.Table:
            nonlocal group, at, reader
            head, low, high = pieces[0]
            rows = sum(stop - start for _, start, stop in pieces)
            with worded(self._location):
                if head != group or len(pieces) > 1:
                    group, at = head, 0
                    reader = Batches(self._batches([item for item, _, _ in pieces], rows, wanted.columns))
                reader.skip(low - at)
                table = reader.take(rows)
                at = high
            places = indices(self.label, table.column_names, wanted.columns)
            return table.replace_schema_metadata(None).select(places)

        yield read

    def _batches(self, groups: list[int], rows: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of these groups as they come off the file, not a column of a group at once."""
        names = self._names(columns)
        most = REMOTE_BUFFER if self._location.local is None else BUFFER
        buffer = max(2**16, min(most, BUFFERS // len(names)))
        file = pq.ParquetFile(self._handle, metadata=self._metadata, pre_buffer=False, buffer_size=buffer)
        return file.iter_batches(batch_size=rows, row_groups=groups, columns=names, use_threads=False)

    def _names(self, columns: Sequence[str]) -> list[str]:
        """What to read: at least one column, which counts the rows."""
        return list(dict.fromkeys(columns)) or list(self.names[:1])

    def blocks(self, wanted: Wanted) -> Iterator[tuple[int, int, int]]:
        """The row groups that are not empty."""
        self.places(wanted)
        names = set(self._names(wanted.columns))
        wide = self._row_bytes(wanted.columns)
        for k in range(self._metadata.num_row_groups):
            group = self._metadata.row_group(k)
            leaves = [group.column(j) for j in range(group.num_columns)]
            own = [leaf for leaf in leaves if leaf.path_in_schema.partition(".")[0] in names]
            rows = group.num_rows
            if rows:
                stored = sum(leaf.total_uncompressed_size for leaf in own)
                yield k, rows, max(stored, int(rows * wide)) + 8 * wanted.width * rows

    def _row_bytes(self, columns: Sequence[str]) -> float:
        """About how many bytes a row of the table takes: what a dictionary holds is stored once for many rows."""
        groups = [k for k in range(self._metadata.num_row_groups) if self._metadata.row_group(k).num_rows]
        if not columns or not groups:
            return 0
        with worded(self._location):
            batch = next(self._batches(groups[:1], SAMPLE, columns))
        return batch.nbytes / len(batch)

    def close(self) -> None:
        self._handle.close()


class Batches:
    """Record batches as one row after the other."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._left: pa.RecordBatch | None = None

    def _next(self, rows: int) -> pa.RecordBatch:
        """The next rows, at most so many."""
        batch = self._left if self._left is not None else next(self._batches, None)
        if batch is None:
            raise pa.ArrowInvalid("there are fewer rows than its end says")
        self._left = batch.slice(rows) if len(batch) > rows else None
        return batch.slice(0, rows)

    def skip(self, rows: int) -> None:
        """Leave so many rows out."""
        while rows:
            rows -= len(self._next(rows))

    def take(self, rows: int) -> pa.Table:
        """The next so many rows."""
        batches = []
        while rows:
            batches.append(self._next(rows))
            rows -= len(batches[-1])
        return pa.Table.from_batches(batches)


def arrow_source(location: Location, form: Format, compression: str | None) -> ChunkSource:
    """An Arrow file (Feather is one) or an Arrow stream, told apart by the first bytes.

    Raises UsageError for the old Feather format.
    """
    location = location.spooled()
    with location.open() as handle, worded(location):
        start = handle.read(8)
    if start.startswith(b"FEA1"):
        raise UsageError(f"{location.label} is in the old Feather format", "pandas or pyarrow rewrite it as version 2")
    return (ArrowFile if start.startswith(b"ARROW1") else ArrowStream)(location)
