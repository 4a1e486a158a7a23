"""Arrow's own formats: the file, which Feather is too, and the stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from gradcli.tables.chunk import SAMPLE, Chunk, pack
from gradcli.tables.chunksource import ChunkSource, PlannedSource, Wanted, worded
from gradcli.tables.locations import Location


class ArrowFile(PlannedSource):
    """An Arrow IPC file.

    On this machine it is mapped into memory, anew for each chunk, so that what was read is let go of. Only
    of a compressed or a remote file are single columns read: pyarrow would copy those of a mapped one.
    """

    def __init__(self, location: Location) -> None:
        super().__init__(location.label)
        self._location = location
        self._mapped = False
        with self._reader() as reader:
            self._schema = reader.schema
            self._batches = reader.num_record_batches
        self.names = tuple(self._schema.names)
        self._mapped = location.local is not None and self._uncompressed()
        with self._reader([_lightest(self._schema)] if self.names else None) as reader:
            self._rows = [reader.get_batch(k).num_rows for k in range(self._batches)]
        self.total = sum(self._rows)

    @contextmanager
    def _reader(self, places: Sequence[int] | None = None) -> Iterator[pa.ipc.RecordBatchFileReader]:
        """A reader of at least these columns; None: of all."""
        whole = places is None or self._mapped or not self.names
        location = self._location
        with worded(self._location, "it is damaged, or its end is missing"):
            handle = location.open() if location.local is None else pa.memory_map(location.local)
            with handle:
                yield pa.ipc.open_file(handle, options=None if whole else _options(places or []))

    def _uncompressed(self) -> bool:
        """Whether a batch read from the mapped file takes no memory of its own."""
        assert self._location.local is not None
        with (
            worded(self._location, "it is damaged, or its end is missing"),
            pa.memory_map(self._location.local) as handle,
        ):
            memory = handle.read_buffer()
            reader = pa.ipc.open_file(handle)
            for k in range(self._batches):
                for column in reader.get_batch(k).columns:
                    for buffer in column.buffers():
                        if buffer is not None and buffer.size:
                            return 0 <= buffer.address - memory.address < memory.size
        return False

    @contextmanager
    def reading(self, wanted: Wanted) -> Iterator[Callable[[list[tuple[int, int, int]]], pa.Table]]:
        places = self.places(wanted)

        def read(pieces: list[tuple[int, int, int]]) -> pa.Table:
            with self._reader(places) as reader:
                batches = [reader.get_batch(k).slice(start, stop - start) for k, start, stop in pieces]
            return _table(batches, places, range(len(self.names)) if self._mapped else None)

        yield read

    def blocks(self, wanted: Wanted) -> Iterator[tuple[int, int, int]]:
        """The batches that are not empty; the first of them tells how many bytes a row takes."""
        filled = [k for k, rows in enumerate(self._rows) if rows]
        wide = 0.0
        if filled and wanted.columns:
            with self.reading(wanted) as read:
                table = read([(filled[0], 0, min(SAMPLE, self._rows[filled[0]]))])
                wide = table.nbytes / len(table)
        return ((k, self._rows[k], int(self._rows[k] * (wide + 8 * wanted.width))) for k in filled)


class ArrowStream(ChunkSource):
    """An Arrow IPC stream: batch after batch, without a list of them."""

    def __init__(self, location: Location) -> None:
        super().__init__(location.label)
        self._location = location
        with worded(self._location, "it is no Arrow file or stream"), location.open() as handle:
            self._schema = pa.ipc.open_stream(handle).schema
        self.names = tuple(self._schema.names)

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        places = self.places(wanted)
        if stop is not None and stop <= first:
            return
        start = 0
        with self._location.open() as handle:
            for index, pieces in enumerate(pack(self._blocks(handle, places, wanted.width))):
                rows = sum(high - low for _, low, high in pieces)
                if index >= first:
                    table = _table([batch.slice(low, high - low) for batch, low, high in pieces], places)
                    yield Chunk(index, start, table, start + rows)
                start += rows
                if index + 1 == stop:
                    return

    def _blocks(
        self, handle: pa.NativeFile, places: list[int], width: int
    ) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        with worded(self._location, "it is damaged, or its end is missing"):
            reader = pa.ipc.open_stream(handle, options=_options(places))
        while True:
            with worded(self._location, "it is damaged, or its end is missing"):
                batch = next(reader, None)
            if batch is None:
                return
            if len(batch):
                yield batch, len(batch), batch.nbytes + 8 * width * len(batch)


def _options(places: Sequence[int]) -> pa.ipc.IpcReadOptions:
    """Only these columns; none stands for the first."""
    return pa.ipc.IpcReadOptions(included_fields=sorted(set(places)) or [0], use_threads=False)


def _table(batches: list[pa.RecordBatch], places: list[int], read: Sequence[int] | None = None) -> pa.Table:
    """The columns in the order asked for, of batches with the columns that were read, in the file's order."""
    order = sorted(set(places)) if read is None else read
    table = pa.Table.from_batches(batches).replace_schema_metadata(None)
    return table.select([order.index(place) for place in places])


def _lightest(schema: pa.Schema) -> int:
    """The column that takes the fewest bytes to read."""

    def weight(k: int) -> int:
        try:
            return schema.types[k].bit_width
        except ValueError:
            return 10**6

    return min(range(len(schema)), key=weight)
