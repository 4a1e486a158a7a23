"""Text in blocks that end where a row ends, the same blocks however the file is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk, Dropped, Remarks, pack, row_of
from gradcli.tables.chunksource import ChunkSource, worded
from gradcli.tables.cleaning import cleaned
from gradcli.tables.files import DAMAGED, LONGEST, spoilt, unpacked
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location

BLOCK = 2**20  # bytes of text that are taken at a time: larger ones are no faster

MARK = b"\xef\xbb\xbf"  # at the start of what Windows programs write


class TextStream:
    """The bytes of a text file, once from the start to the end.

    end: a function of a text, (end of its last whole row, place of a quote that is left open or -1).
    Raises UsageError, from `blocks` too.
    """

    def __init__(
        self, location: Location, form: Format, compression: str | None, end: Callable[[bytes], tuple[int, int]]
    ) -> None:
        self._label = location.label
        self._form = form
        self._location = location
        self._compression = compression
        self._end = end
        self._first: bytes | None = None
        self._used = False
        self._open()

    def _open(self) -> None:
        self._raw = self._location.stream()
        self._text: Any = cleaned(unpacked(self._raw, self._compression), self._form)
        self._read = 0
        self._ended = False

    def first(self) -> bytes:
        """The start of the text, with the whole of its first row, perhaps with a part of one at its end."""
        if self._first is None:
            data = self._take().removeprefix(MARK)
            while not self._ended and not self._end(data)[0]:
                self._not_endless(data)
                data += self._take()
            self._first = data
        return self._first

    def _take(self) -> bytes:
        """The next BLOCK bytes, fewer only at the end: a pipe gives what it has."""
        parts: list[bytes] = []
        missing = BLOCK
        with worded(self._location, DAMAGED, spoilt(self._compression)):
            while missing > 0:
                part = self._text.read(missing)
                if not part:
                    break
                parts.append(part)
                missing -= len(part)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self._ended = missing > 0
        self._read += len(data)
        return data

    def blocks(self, start: int) -> Iterator[tuple[bytes, int]]:
        """(whole rows, position in the file as it is stored) from byte `start` of the first block on.

        Raises UsageError.
        """
        if self._used:
            if not self._location.seekable:
                raise UsageError(f"{self._label} can be read only once")
            self.close()
            self._open()
        self._used = True
        text = self.first()[start:]
        self._first = None
        while True:
            end, quote = self._end(text)
            if self._ended and quote >= 0:
                raise self._open_quote(text, quote)
            end = len(text) if self._ended else end
            if end:
                yield text[:end], self._position()
            if self._ended:
                return
            rest = text[end:]
            self._not_endless(rest)
            text = rest + self._take()

    def _not_endless(self, text: bytes) -> None:
        if len(text) > LONGEST:
            what = f"{self._label} has a row of more than {len(text) >> 20} MB"
            raise UsageError(what, "a quote may be left open, or the line ends may be missing")

    def _position(self) -> int:
        return self._raw.tell() if self._compression else self._read

    def _open_quote(self, text: bytes, quote: int) -> UsageError:
        line = " ".join(text[quote : quote + 40].decode(errors="replace").split())
        return UsageError(f"{self._label}: a quote is opened and never closed, at {line}", "close it, or double it")

    def close(self) -> None:
        """Close the file."""
        self._text.close()
        self._raw.close()


class TextBlock:
    """Whole rows of the file as bytes, and when they are asked for as a table.

    start: number of its first row, from 0. position: how far the file is read with it.
    """

    def __init__(self, text: bytes, start: int, position: int) -> None:
        self.start = start
        self.position = position
        self.rows = 0
        self.dropped: Dropped = []
        self.lines: pa.Array | None = None
        self.remarks: Remarks = {}
        self._text = text
        self._table: pa.Table | None = None

    def count(self) -> None:
        """Find the rows, with as little work as that takes."""
        raise NotImplementedError

    def read(self) -> None:
        """Find the rows, and make the table."""
        raise NotImplementedError

    @property
    def table(self) -> pa.Table:
        """The rows, read where they were only counted."""
        if self._table is None:
            self.read()
        assert self._table is not None
        return self._table


class TextSource(ChunkSource):
    """A table in a text file."""

    units = "bytes"

    def __init__(
        self, location: Location, form: Format, compression: str | None, end: Callable[[bytes], tuple[int, int]]
    ) -> None:
        """end: as of a TextStream."""
        super().__init__(location.label)
        self.total = location.size
        self.decimal = form.decimal
        self._stream = TextStream(location, form, compression, end)

    def _gathered(
        self,
        begin: int,
        made: Callable[[bytes, int, int], TextBlock],
        weights: tuple[int, int],
        first: int,
        stop: int | None,
    ) -> Iterator[Chunk]:
        """Chunks first..stop of the text from byte `begin` of its first block on.

        made: the block of a text, its first row and its position. weights: what a byte of text costs, and a row.
        """
        if stop is not None and stop <= first:
            return
        reached = -1  # the chunk that was given last

        def blocks() -> Iterator[tuple[TextBlock, int, int]]:
            start = 0
            for text, position in self._stream.blocks(begin):
                block = made(text, start, position)
                if reached + 1 >= first:
                    block.read()
                else:
                    block.count()
                start += block.rows + len(block.dropped)
                yield block, block.rows, weights[0] * len(text) + weights[1] * block.rows

        for index, pieces in enumerate(pack(blocks())):
            reached = index
            if index >= first:
                yield gather(index, pieces)
            if index + 1 == stop:
                return

    def close(self) -> None:
        self._stream.close()


def gather(index: int, pieces: Sequence[tuple[TextBlock, int, int]]) -> Chunk:
    """The chunk of these pieces of blocks."""
    tables, lines, dropped = [], [], []
    starts = []
    for block, start, stop in pieces:
        whole = stop - start == block.rows
        tables.append(block.table if whole else block.table.slice(start, stop - start))
        low = block.start if start == 0 else row_of(block.start, start, block.dropped) - 1
        high = row_of(block.start, stop, block.dropped) - 1
        dropped += [d for d in block.dropped if d[0] > low and (d[0] <= high or stop == block.rows)]
        starts.append(low)
        if block.lines is not None:
            lines.append(block.lines.slice(start, stop - start))
    table = tables[0] if len(tables) == 1 else _joined(tables)
    joined = (lines[0] if len(lines) == 1 else pa.concat_arrays(lines)) if lines else None
    remarks: Remarks = {}
    for block, _, _ in reversed(pieces):
        remarks |= block.remarks
    return Chunk(index, starts[0], table, pieces[-1][0].position, joined, dropped, remarks)


def _joined(tables: list[pa.Table]) -> pa.Table:
    """One after the other; tables without columns keep their number of rows."""
    if tables[0].num_columns:
        return pa.concat_tables(tables)
    return pa.table({"": pa.nulls(sum(len(table) for table in tables))}).select([])
