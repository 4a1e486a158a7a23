"""A table that pyarrow reads in chunks of rows; the base of the formats' readers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import numpy as np
import pyarrow as pa

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.locations import Place
from gradcli.tables.numbers import floats
from gradcli.tables.source import NUMBER_CURE, Columns, Source, as_literal, indices
from gradcli.text import shown


class Wanted:
    """What is read of a table, and thereby where its chunks begin and end.

    columns: in this order; the k-th mention of a name is the k-th column of it. width: how many numbers will
    be added to each row. numbers: those of the columns that are variables. lenient: rows that cannot be read are
    left out, and listed in the chunk's `dropped`.
    """

    __slots__ = ("columns", "lenient", "numbers", "width")

    def __init__(self, columns: Sequence[str], width: int, numbers: Sequence[str] = (), lenient: bool = False) -> None:
        self.columns = list(columns)
        self.width = width
        self.numbers = list(numbers)
        self.lenient = lenient


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
        found = Columns(0, [], [[] for _ in columns])
        parts: list[list[np.ndarray]] = [[] for _ in columns]
        for chunk in self.chunks(Wanted(columns, 0, () if texts else columns, skip)):
            kept = np.ones(chunk.table.num_rows, bool)
            for k, (name, column) in enumerate(zip(columns, chunk.table.columns, strict=True)):
                numbers, lost, message = floats(
                    column, name, self.label, chunk.start, True, chunk.dropped, chunk.remarks
                )
                if lost is not None:
                    if not skip:
                        raise UsageError(message, NUMBER_CURE)
                    kept &= ~lost
                parts[k].append(numbers)
            for k, column in enumerate(chunk.table.columns):
                parts[k][-1] = parts[k][-1][kept]
                if texts:
                    found.texts[k] += _decimals(column.filter(pa.array(kept)), parts[k][-1])
            found.count += int(kept.sum())
            found.skipped += len(chunk.dropped) + int((~kept).sum())
        found.numbers = [np.concatenate(part).astype(np.float64).tolist() if part else [] for part in parts]
        return found


def _decimals(column: pa.ChunkedArray, numbers: np.ndarray) -> list[str]:
    """Text as it is written, floats in full."""
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        return [as_literal(str(cell)) for cell in column.to_pylist()]
    if numbers.dtype.kind in "iu":
        return [str(x) for x in numbers.tolist()]
    return [f"{Decimal(x):f}" if x - x == 0 else repr(x) for x in numbers.astype(np.float64).tolist()]


@contextmanager
def worded(
    place: Place, broken: str = "the file is damaged", kinds: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Errors of pyarrow, of the system and of these kinds as UsageErrors about this file.

    The client of a store may raise anything, so of a file elsewhere all errors are.
    """
    kinds = (pa.ArrowException, *kinds) if place.root is None else (Exception,)
    try:
        yield
    except UsageError:
        raise
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else f"{broken} ({_line(error)})"
        raise UsageError(f"{place.label} cannot be read: {reason}") from None
    except kinds as error:
        what = broken if isinstance(error, pa.ArrowException) or place.root is None else "the store fails"
        raise UsageError(f"{place.label} cannot be read: {what} ({_line(error)})") from None


def _line(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0].rstrip(".")
    return shown(text or type(error).__name__, 200)
