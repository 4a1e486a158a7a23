"""The numbers that a fit goes over again and again: in memory, or beyond a limit in a file of their own."""

from __future__ import annotations

import tempfile
import weakref

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO, Any

    Column = np.ndarray[Any, np.dtype[np.float64]]

CHUNK = 2**17  # rows that are worked on at a time
MEMORY = 64 * 2**20  # bytes; what is longer goes to a file, and is read from there in each pass


class Rows:
    """Columns of equal length, in chunks.

    width: how many columns; count: of the rows.

    >>> rows = Rows(2)
    >>> rows.append([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    >>> [[column.tolist() for column in chunk] for chunk in rows]
    [[[1.0, 2.0], [3.0, 4.0]]]
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.count = 0
        self._held: list[list[Column]] = []
        self._file: IO[bytes] | None = None
        self._sizes: list[int] = []

    def append(self, columns: Sequence[Column]) -> None:
        """Take further rows."""
        size = len(columns[0])
        for start in range(0, size, CHUNK):
            part = [np.array(column[start : start + CHUNK], np.float64) for column in columns]
            self._take(part, len(part[0]))
        self.count += size

    def thinned(self, every: int) -> Rows:
        """Every so-manieth row."""
        found = Rows(self.width)
        for chunk in self:
            found.append([column[::every] for column in chunk])
        return found

    def _take(self, part: list[Column], size: int) -> None:
        if self._file is None and (self.count + size) * self.width * 8 > MEMORY:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the rows
            weakref.finalize(self, self._file.close)
            held, self._held = self._held, []
            for chunk in held:
                self._write(chunk)
        if self._file is not None:
            self._write(part)
        else:
            self._held.append(part)

    def _write(self, part: list[Column]) -> None:
        assert self._file is not None
        self._sizes.append(len(part[0]))
        for column in part:
            self._file.write(column.data)

    def __iter__(self) -> Iterator[list[Column]]:
        if self._file is None:
            yield from self._held
            return
        self._file.seek(0)
        for size in self._sizes:
            chunk = np.empty((self.width, size))
            self._file.readinto(chunk.data)  # type: ignore[attr-defined]
            yield list(chunk)
