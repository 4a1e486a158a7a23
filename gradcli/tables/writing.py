"""A table written chunk by chunk to one file, so that a killed run can go on from the last chunk.

`opening.open_writer` gives a Writer. What `state()` returned after a chunk, kept by the caller as JSON, is
all that a later process needs to go on from there; whatever reached the disk after it is cut off.
The bytes of the finished file depend on the chunks alone: not on when the run was killed, not on
the clock.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from gradcli.errors import UsageError
from gradcli.tables.formats import Format
from gradcli.tables.numbers import decoded, whole


class Writer:
    """One output file that grows by chunks. Not for several threads at once.

    folder: holds the file and what belongs to it, and nothing of another writer.
    schema: of the columns as they are written; the columns of a chunk are cast to it. added: so many at its end are
    results. state: what was reached, of which `begin` makes a file to go on with; None: a new one.
    """

    def __init__(
        self, form: Format, compression: str | None, folder: str, schema: pa.Schema, added: int, state: Any = None
    ) -> None:
        self.form = form
        self.compression = compression
        self.folder = folder
        self.schema = plain_schema(schema)
        self.added = added
        self._path = self.path(f"table{form.endings[0]}")
        self.begin(state)

    def begin(self, state: Any) -> None:
        """Begin anew, or go on from a state. Raises UsageError."""
        raise NotImplementedError

    def append(self, table: pa.Table, lines: pa.Array | None = None) -> None:
        """Write one chunk: the columns of the schema, in its order; lines: as in Encoder.pieces.

        A chunk without rows leaves no trace. OSError (with its errno) where the disk is full; the
        writer is then only good for `close`.
        """
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """What a later process needs to go on from here; JSON-able, of a size that does not grow."""
        raise NotImplementedError

    def finish(self) -> str:
        """Complete the file and let go of it; its path, inside the folder.

        May be called again by a later process that opens the state from before `finish`.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of all files without finishing; never raises, also after an error."""
        raise NotImplementedError

    def path(self, name: str) -> str:
        """Where a file of the output's folder is."""
        return os.path.join(self.folder, name)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Without metadata, which speaks of other columns (pandas' index), and with dictionaries as their values."""
    return pa.schema([pa.field(f.name, plain_type(f.type), f.nullable) for f in schema])


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type with dictionaries and runs replaced by their values, at any depth."""
    types = pa.types
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return plain_type(kind.value_type)
    if types.is_string_view(kind):
        return pa.string()
    if types.is_struct(kind):
        return pa.struct([pa.field(f.name, plain_type(f.type), f.nullable) for f in kind])
    if types.is_map(kind):
        return pa.map_(plain_type(kind.key_type), plain_type(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner = kind.value_field
        inner = pa.field(inner.name, plain_type(inner.type), inner.nullable)
        if types.is_fixed_size_list(kind):
            return pa.list_(inner, kind.list_size)
        return pa.large_list(inner) if types.is_large_list(kind) else pa.list_(inner)
    return kind


def fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table's columns in the types of the schema, each in one piece: how they were cut leaves no trace in a file.

    UsageError where values do not fit (files that differ).
    """
    columns = [whole(_cast(column, field)) for column, field in zip(table.columns, schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=schema)


def _cast(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    kind = column.type
    if kind == field.type:
        return column
    if pa.types.is_run_end_encoded(kind):
        column = pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type)
    if pa.types.is_dictionary(kind):
        column = pa.chunked_array(map(decoded, column.chunks), field.type)
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        what = f"column {field.name} is of type {kind} here, and its values do not fit {field.type}, as which it began"
        raise UsageError(what, "give files of one kind, or write them one by one") from None


def cut_back(path: str, size: int | None) -> None:
    """Cut a file to what the state speaks of; None: an empty file. Raises UsageError where it is not all there."""
    if size is None:
        with open(path, "wb"):
            return
    try:
        found = os.path.getsize(path)
    except FileNotFoundError:
        found = -1
    if found < size:
        raise lost(path)
    if found > size:
        os.truncate(path, size)


def lost(path: str) -> UsageError:
    """The error of an output that is not as it was left."""
    what = f"{path} does not hold what the interrupted run wrote"
    return UsageError(f"the run cannot be taken up again: {what}", "start it anew without --resume")


def write_all(file: BinaryIO, data: Any) -> None:
    """Write bytes to a file that was opened without a buffer, which may take less than all at once."""
    view = memoryview(data)
    while len(view):
        view = view[file.write(view) :]
