"""`--points FILE` for the tables that are no plain text: Parquet, Arrow, NPZ, and compressed text."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from gradcli.commands.pointfile import NUMBER_CURE, as_literal
from gradcli.errors import UsageError
from gradcli.language.names import nfkc
from gradcli.tables.numbers import floats
from gradcli.tables.places import find
from gradcli.tables.reading import column_of, open_table
from gradcli.words import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.tables.places import Place


class PointTable:
    """A file of points, as PointFile gives it: columns, and after `take` names, count, floats and texts."""

    def __init__(self, path: str, texts: bool, kind: str, compression: str | None) -> None:
        """texts: keep the decimals too, for `--digits`: text as written, floats in full. Raises UsageError."""
        self.label = label_of(path)
        self.names: tuple[str, ...] = ()
        self.count = 0
        self._keep = texts
        self._columns: list[Any] = []
        self._texts: list[list[str]] = []
        self._source = open_table(_one(path), kind, compression)
        self.columns = tuple(dict.fromkeys(map(nfkc, self._source.names)))

    def take(self, variables: Sequence[str]) -> list[str]:
        """Read the columns of these variables; the names of the columns that are left out."""
        found = {x: column_of(self._source.names, x) for x in variables}
        sources = {x: column for x, column in found.items() if column is not None}
        self.names = tuple(sources)
        wanted = list(sources.values())
        parts: list[list[Any]] = [[] for _ in wanted]
        texts: list[list[str]] = [[] for _ in wanted]
        with self._source:
            for chunk in self._source.chunks(wanted, 0, numbers=wanted):
                self.count += chunk.table.num_rows
                for k, name in enumerate(wanted):
                    column = chunk.table.column(k)
                    numbers, lost, message = floats(
                        column, name, self.label, chunk.start, True, chunk.dropped, chunk.remarks
                    )
                    if lost is not None:
                        raise UsageError(message, NUMBER_CURE)
                    parts[k].append(numbers)
                    texts[k] += _decimals(column, numbers) if self._keep else []
        if not self.count:
            raise UsageError(f"{self.label} holds no points", "it needs at least one row of numbers")
        self._columns = [np.concatenate(part).astype(np.float64) for part in parts]
        self._texts = texts
        taken = set(wanted)
        return [name for name in self._source.names if name not in taken]

    def floats(self) -> Iterator[tuple[float, ...]]:
        return zip(*[x.tolist() for x in self._columns], strict=True) if self.names else iter([()] * self.count)

    def texts(self) -> Iterator[tuple[str, ...]]:
        return zip(*self._texts, strict=True) if self.names else iter([()] * self.count)


def _one(path: str) -> Place:
    place, *others = find([path])
    if others:
        raise UsageError(f"{label_of(path)} is {len(others) + 1} tables", "a file of points is one")
    return place


def _decimals(column: pa.ChunkedArray, numbers: Any) -> list[str]:
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        return [as_literal(str(cell)) for cell in column.to_pylist()]
    if numbers.dtype.kind in "iu":
        return [str(x) for x in numbers.tolist()]
    return [f"{Decimal(x):f}" if x - x == 0 else repr(x) for x in numbers.astype(np.float64).tolist()]
