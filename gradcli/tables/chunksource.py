"""A table that pyarrow reads in chunks of rows; the base of the formats' readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from gradcli.errors import UsageError
from gradcli.tables import files
from gradcli.tables.chunk import Chunk, pack
from gradcli.tables.locations import Location, why
from gradcli.tables.numbers import floats
from gradcli.tables.source import NUMBER_CURE, Columns, Source, as_literal, indices


@dataclass(slots=True)
class Wanted:
    """What is read of a table, and thereby where its chunks begin and end.

    columns: in this order; the k-th mention of a name is the k-th column of it. width: how many numbers will
    be added to each row. numbers: those of the columns that are variables. lenient: rows that cannot be read are
    left out, and listed in the chunk's `dropped`.
    """

    columns: Sequence[str]
    width: int
    numbers: Sequence[str] = ()
    lenient: bool = False


class ChunkSource(Source):
    """units: "rows" or "bytes", what `total` and the positions of chunks count; total: None where it is not known,
    as of standard input."""

    units = "rows"
    _schema: pa.Schema  # of the file, where it has one

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.total: int | None = None

    def schema(self, wanted: Wanted) -> pa.Schema:
        """The schema of what `chunks` gives, known before any row is read; here that of a file with types."""
        return pa.schema([self._schema.field(k) for k in self.places(wanted)])

    def places(self, wanted: Wanted) -> list[int]:
        """Where the columns are in the file. Raises UsageError."""
        return indices(self.label, self.names, wanted.columns, wanted.numbers)

    def beside(self, columns: Sequence[str]) -> list[str]:
        """All columns that go into one table with these."""
        return list(self.names)

    def count(self, wanted: Wanted) -> int | None:
        """How many chunks there will be; None where only reading tells."""
        return None

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        """Chunks first..stop (half-open; None: to the end) of the file.

        Where chunks begin and end depends on the file and on what is wanted. Raises UsageError.
        """
        raise NotImplementedError

    def read(self, columns: Sequence[str], *, texts: bool = False, skip: bool = False) -> Columns:
        """See Source. Raises UsageError."""
        found = Columns(0, [], [[] for _ in columns])
        parts: list[list[np.ndarray]] = [[] for _ in columns]
        for numbers, kept, chunk in self._numbers(columns, () if texts else columns, skip):
            for k, column in enumerate(chunk.table.columns):
                parts[k].append(numbers[k])
                if texts:
                    found.texts[k] += _decimals(column.filter(pa.array(kept)), numbers[k])
            found.count += int(kept.sum())
            found.skipped += len(chunk.dropped) + int((~kept).sum())
        found.numbers = [np.concatenate(part).astype(np.float64).tolist() if part else [] for part in parts]
        return found

    def pieces(self, columns: Sequence[str], *, skip: bool = False) -> Iterator[tuple[list[Any], int]]:
        """See Source. Raises UsageError."""
        for numbers, kept, chunk in self._numbers(columns, columns, skip):
            yield [x.astype(np.float64, copy=False) for x in numbers], len(chunk.dropped) + int((~kept).sum())

    def _numbers(
        self, columns: Sequence[str], typed: Sequence[str], skip: bool
    ) -> Iterator[tuple[list[np.ndarray], np.ndarray, Chunk]]:
        """(the numbers of the rows that are kept, which those are, the chunk)."""
        for chunk in self.chunks(Wanted(columns, 0, typed, skip)):
            kept = np.ones(chunk.table.num_rows, bool)
            found: list[np.ndarray] = []
            for name, column in zip(columns, chunk.table.columns, strict=True):
                numbers, lost, message = floats(
                    column, name, self.label, chunk.start, True, chunk.dropped, chunk.remarks, self.decimal
                )
                if lost is not None:
                    if not skip:
                        raise UsageError(message, NUMBER_CURE)
                    kept &= ~lost
                found.append(numbers)
            yield [numbers[kept] for numbers in found] if not kept.all() else found, kept, chunk


class PlannedSource(ChunkSource):
    """A table of which it is known beforehand how many rows lie where: chunks before the first are not read."""

    def blocks(self, wanted: Wanted) -> Iterator[tuple[Any, int, int]]:
        """(what `reading` knows a part of the file by, its rows, their cost in bytes), as `pack` takes them."""
        raise NotImplementedError

    def reading(self, wanted: Wanted) -> AbstractContextManager[Callable[[list[tuple[Any, int, int]]], pa.Table]]:
        """What gives the table of pieces of these blocks, which come in their order."""
        raise NotImplementedError

    def count(self, wanted: Wanted) -> int:
        return sum(1 for _ in pack(self.blocks(wanted)))

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        start = 0
        with self.reading(wanted) as read:
            for index, pieces in enumerate(islice(pack(self.blocks(wanted)), stop)):
                rows = sum(high - low for _, low, high in pieces)
                if index >= first:
                    yield Chunk(index, start, read(pieces), start + rows)
                start += rows


def _decimals(column: pa.ChunkedArray, numbers: np.ndarray) -> list[str]:
    """Text as it is written, floats in full."""
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        return [as_literal(str(cell)) for cell in column.to_pylist()]
    if numbers.dtype.kind in "iu":
        return [str(x) for x in numbers.tolist()]
    return [f"{Decimal(x):f}" if x - x == 0 else repr(x) for x in numbers.astype(np.float64).tolist()]


@contextmanager
def worded(
    location: Location, broken: str = "the file is damaged", kinds: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Errors of pyarrow, of the system and of these kinds as UsageErrors; of a file elsewhere whatever its store's
    client raises."""
    try:
        with files.worded(location.label, broken, (pa.ArrowException, *kinds)):
            yield
    except UsageError:
        raise
    except Exception as error:
        if location.root is None:
            raise
        raise UsageError(f"{location.label} cannot be read: the store fails ({why(error)})") from None
