"""A table in pieces: which rows go together, whatever the machine and the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 2**20  # of a chunk, at most
BYTES = 16 * 2**20  # of a chunk with its results, about: three chunks are alive at once

SAMPLE = 1024  # rows of which the size of texts and lists is taken

Item = TypeVar("Item")

Dropped = list[tuple[int, str]]  # (row of the file from 1, what is wrong with it)

Remarks = dict[str, tuple[int, str]]  # column to (row of the file from 1, what its cell is)


@dataclass(slots=True)
class Chunk:
    """Consecutive rows of a file.

    index: number of the chunk in its file, from 0. start: number of its first row in the file, from 0,
    left-out rows counted. table: the columns asked for. lines: the JSON lines as they were, without
    line ends, or None for other formats. dropped: the rows left out, (row from 1, message).
    position: how far the reading of the file is, in the units of its source. remarks: of a column of
    numbers the first cell that is none, (row from 1, message), where the table has but a null of it (JSON lines).
    """

    index: int
    start: int
    table: pa.Table
    position: int
    lines: pa.Array | None = None
    dropped: Dropped = field(default_factory=list)
    remarks: Remarks = field(default_factory=dict)

    def row(self, k: int) -> int:
        """The number in the file, from 1, of row k of the table."""
        return row_of(self.start, k, self.dropped)


def row_of(start: int, k: int, dropped: Iterable[tuple[int, str]]) -> int:
    """The number in the file, from 1, of the k-th row that is kept of those from row `start` (from 0) on."""
    row = start + k + 1
    for other, _ in dropped:
        if other > row:
            break
        row += 1
    return row


def pack(blocks: Iterable[tuple[Item, int, int]]) -> Iterator[list[tuple[Item, int, int]]]:
    """Chunks, as lists of pieces (item, from row, to row), of blocks (item, rows, cost in bytes).

    Neighbours are taken together up to ROWS and BYTES; a block above them is cut into parts of
    equal length, which stay alone. No row is in two chunks, and none is left out.
    """
    held: list[tuple[Item, int, int]] = []
    rows = cost = 0
    for item, count, size in blocks:
        parts = min(max(-(-count // ROWS), -(-size // BYTES), 1), max(count, 1))
        if held and (parts > 1 or rows + count > ROWS or cost + size > BYTES):
            yield held
            held, rows, cost = [], 0, 0
        if parts > 1:
            length = -(-count // parts)
            for first in range(0, count, length):
                yield [(item, first, min(first + length, count))]
        else:
            held.append((item, 0, count))
            rows, cost = rows + count, cost + size
    if held:
        yield held
