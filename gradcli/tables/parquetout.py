"""A Parquet file that grows by one row group a chunk, without a join at the end.

Each row group is written by a writer of its own, which believes to begin a new file; its footer is
cut off and kept in a file beside, and the last thing is one footer of them all. What remains of
the writers is their 4-byte magic number before each row group, a gap that readers do not see.
"""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gradcli.errors import UsageError
from gradcli.tables.writing import Writer, cut_back, fitted, write_all

MAGIC = b"PAR1"
TAIL = 8  # the footer's length and the magic number
SAMPLE = 4096  # values of a column that decide how it is encoded
PART = 2**19  # bytes of a column that are encoded at a time, half a page: by 1024 values it takes a fifth longer
FEWEST, MOST = 2**10, 2**16  # values of such a part


class ParquetWriter(Writer):
    """A Parquet file, a row group for each chunk."""

    def begin(self, state: Any) -> None:
        self._footers_path = self.path("footers")
        leaves = _leaves(self.schema)
        self._flat = [field.name for field in self.schema if field.name in leaves]
        self._nested = [path for path in leaves if path not in self._flat]
        self._metadata: Any = None
        state = state or {"size": None, "footers": None}
        cut_back(self._path, state["size"])
        cut_back(self._footers_path, state["footers"])
        self._size, self._footers_size = state["size"] or 0, state["footers"] or 0
        self._read_footers()

    def append(self, table: pa.Table, lines: pa.Array | None = None) -> None:
        if not len(table):
            return
        self._write(fitted(table, self.schema))
        size = os.path.getsize(self._path)
        with open(self._path, "r+b") as file:
            file.seek(size - TAIL)
            length = int.from_bytes(file.read(4), "little")
            file.seek(size - TAIL - length)
            footer = file.read()
            file.truncate(size - TAIL - length)
        with open(self._footers_path, "ab", buffering=0) as file:
            write_all(file, len(footer).to_bytes(8, "little") + footer)
        self._size = size - TAIL - length
        self._footers_size += 8 + len(footer)
        self._add(footer)

    def _write(self, table: pa.Table | None) -> None:
        """Append the table as a Parquet file of one row group; None: of none."""
        dictionaries = self._nested + [
            name for name in self._flat if table is not None and _repeats(table.column(name))
        ]
        with pa.OSFile(self._path, "ab") as file:
            # Arrow refuses to begin elsewhere than at 0; the bytes land at the end all the same.
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            count = FEWEST if table is None else at_a_time(table)
            options: dict[str, Any] = {"use_dictionary": dictionaries, "write_batch_size": count}
            writer = pq.ParquetWriter(file, self.schema, compression="snappy", **options)
            try:
                if table is not None:
                    writer.write_table(table, row_group_size=len(table))
                writer.close()
            finally:
                writer.is_open = False  # after an error: or it would write a footer when it is collected

    def _add(self, footer: bytes) -> None:
        metadata = pq.read_metadata(io.BytesIO(MAGIC + footer))
        if self._metadata is None:
            self._metadata = metadata
        else:
            self._metadata.append_row_groups(metadata)

    def _read_footers(self) -> None:
        with open(self._footers_path, "rb") as file:
            while head := file.read(8):
                self._add(file.read(int.from_bytes(head, "little")))

    def state(self) -> dict[str, Any]:
        return {"size": self._size, "footers": self._footers_size}

    def finish(self) -> str:
        if self._metadata is None:
            self._write(None)
            return self._path
        footer = io.BytesIO()
        self._metadata.write_metadata_file(footer)
        with open(self._path, "ab", buffering=0) as file:
            write_all(file, footer.getvalue()[len(MAGIC) :])
        return self._path

    def close(self) -> None:
        self._metadata = None


def _leaves(schema: pa.Schema) -> list[str]:
    """Parquet's own columns: more than those of the schema where these are nested.

    UsageError where it has no place for a column.
    """
    try:
        parquet = _empty(schema)
    except pa.ArrowNotImplementedError:
        field = next(field for field in schema if not _holds(field))
        what = f"column {field.name} is of type {field.type}, which Parquet cannot hold"
        raise UsageError(what, "leave it out, or write Arrow") from None
    return [parquet.column(k).path for k in range(len(parquet))]


def _empty(schema: pa.Schema) -> Any:
    """Parquet's schema, from a file without rows."""
    file = io.BytesIO()
    pq.ParquetWriter(file, schema).close()
    return pq.read_metadata(file).schema


def _holds(field: pa.Field) -> bool:
    try:
        return bool(_empty(pa.schema([field])))
    except pa.ArrowNotImplementedError:
        return False


def at_a_time(table: pa.Table) -> int:
    """How many values to encode at a time: a page ends only behind such a part."""
    widest = max(column.nbytes for column in table.columns) / len(table)
    return int(max(FEWEST, min(MOST, PART / max(widest, 1.0))))


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a dictionary of the values is worth its time (building one in vain takes two thirds of the whole)."""
    try:
        for size in (SAMPLE // 8, SAMPLE):  # most columns of numbers are known by the first
            sample = column.take(pa.array(np.arange(0, len(column), max(1, len(column) // size))))
            distinct = pc.count_distinct(sample, mode="all").as_py()
            if distinct == len(sample):
                return False
    except pa.ArrowNotImplementedError:  # of a few types
        return True
    return bool(2 * distinct <= len(sample))
