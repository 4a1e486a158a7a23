"""An NPZ file: a NumPy array for each column.

An array lies in one piece in it, so until the end each column grows in a file of its own. `finish`
puts them one after the other into the archive and deletes each when it is in, so that the disk need
hold little more than the table once; it can be killed and done again too.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gradcli.errors import UsageError
from gradcli.tables.celltext import cell_text, has_text, utf8
from gradcli.tables.numbers import whole
from gradcli.tables.writing import Writer, cut_back, fitted, lost, write_all

BLOCK = 2**23  # bytes copied at once
TOO_LARGE = 2**31  # bytes of padded texts that are refused where they are
TOO_MUCH = 64  # times as large as the texts
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can say


class NpzWriter(Writer):
    """Numbers, booleans, dates and texts; nulls of floats become NaN, of dates NaT, of texts ""."""

    def begin(self, state: Any) -> None:
        self._done_path = self.path("done")
        self._dtypes = [_dtype(field) for field in self.schema]
        self._rows = 0 if state is None else state["rows"]
        self._texts = {k: [0, 0] for k, dtype in enumerate(self._dtypes) if dtype is None}
        if state is None:
            self._remove(self._path, self._done_path)
        else:
            self._texts = {int(k): list(sizes) for k, sizes in state["texts"].items()}
        for k in range(self._members_done(), len(self._dtypes)):
            for path, size in zip(self._raw(k), self._sizes(k), strict=True):
                cut_back(path, None if state is None else size)

    def append(self, table: pa.Table, lines: pa.Array | None = None) -> None:
        table = fitted(table, self.schema)
        for k, (field, column) in enumerate(zip(self.schema, table.columns, strict=True)):
            dtype = self._dtypes[k]
            if dtype is None:
                self._append_text(k, cell_text(whole(column), field.name))
            else:
                _append(self._raw(k)[0], _numbers(whole(column), field.name, dtype))
        self._rows += len(table)

    def _append_text(self, k: int, text: pa.Array) -> None:
        text = pc.fill_null(text, "")
        data = utf8(text)
        _append(self._raw(k)[0], pc.binary_length(text).to_numpy(zero_copy_only=False).astype("<i4"))
        _append(self._raw(k)[1], data)
        longest = pc.max(pc.utf8_length(text)).as_py() or 0
        size, longest = self._texts[k][0] + len(data), max(self._texts[k][1], longest)
        self._texts[k] = [size, longest]
        padded = 4 * longest * (self._rows + len(text))
        if padded > max(TOO_LARGE, TOO_MUCH * size):
            what = f"column {self.schema.names[k]} would take {padded / 1e9:.1f} GB in NPZ"
            cure = "NPZ gives every text the room of the longest one; Parquet does not"
            raise UsageError(f"{what}: one of its texts has {longest:,} characters", cure)

    def _raw(self, k: int) -> list[str]:
        """The files of column k: of its values, or of the lengths and the bytes of its texts."""
        if self._dtypes[k] is None:
            return [self.path(f"column{k}.lengths"), self.path(f"column{k}.texts")]
        return [self.path(f"column{k}")]

    def _sizes(self, k: int) -> list[int]:
        dtype = self._dtypes[k]
        return [self._rows * 4, self._texts[k][0]] if dtype is None else [self._rows * dtype.itemsize]

    def state(self) -> dict[str, Any]:
        return {"rows": self._rows, "texts": {str(k): list(sizes) for k, sizes in self._texts.items()}}

    def finish(self) -> str:
        """To be called only when the state after the last chunk is kept: from here on an older one does not serve."""
        for k in range(self._restore(), len(self._dtypes)):
            self._add_member(k)
            self._remove(*self._raw(k))
        if not self._dtypes:
            zipfile.ZipFile(self._path, "w").close()
        return self._path

    def close(self) -> None:
        pass  # no file stays open between two calls

    # --- the archive

    def _add_member(self, k: int) -> None:
        """Put column k into the archive, and note how to come back to here."""
        info = zipfile.ZipInfo(f"{self.schema.names[k]}.npy", DATE)
        info.external_attr = 0o600 << 16
        dtype = self._dtypes[k] or np.dtype(f"<U{max(1, self._texts[k][1])}")
        with zipfile.ZipFile(self._path, "a" if k else "w", allowZip64=True) as archive:
            with archive.open(info, "w", force_zip64=True) as member:
                member.write(_npy_head(dtype, self._rows))
                blocks = self._values(k) if self._dtypes[k] else self._text_values(k, dtype)
                for block in blocks:
                    member.write(block)
            end = archive.start_dir
        with open(self._path, "rb") as file:
            file.seek(end)
            directory = base64.b64encode(file.read()).decode()
        done = {"members": k + 1, "rows": self._rows, "size": end, "directory": directory}
        with open(f"{self._done_path}.new", "w") as file:
            json.dump(done, file)
        os.replace(f"{self._done_path}.new", self._done_path)

    def _members_done(self) -> int:
        done = self._done()
        if done and done["rows"] != self._rows:
            raise lost(self.folder)
        return done["members"] if done else 0

    def _done(self) -> dict[str, Any] | None:
        try:
            with open(self._done_path) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def _restore(self) -> int:
        """Bring the archive back to its last complete member; how many it has."""
        done = self._done()
        if done is None:
            return 0
        cut_back(self._path, done["size"])
        with open(self._path, "ab") as file:
            file.write(base64.b64decode(done["directory"]))
        self._remove(*(path for k in range(done["members"]) for path in self._raw(k)))
        return done["members"]

    def _remove(self, *paths: str) -> None:
        for path in paths:
            if os.path.exists(path):
                os.remove(path)

    def _values(self, k: int) -> Iterator[bytes]:
        with open(self._raw(k)[0], "rb") as file:
            while block := file.read(BLOCK):
                yield block

    def _text_values(self, k: int, dtype: np.dtype) -> Iterator[memoryview]:
        lengths_path, texts_path = self._raw(k)
        rows = max(1, BLOCK // dtype.itemsize)
        with open(lengths_path, "rb") as lengths_file, open(texts_path, "rb") as texts_file:
            while block := lengths_file.read(4 * rows):
                lengths = np.frombuffer(block, "<i4")
                yield _padded(texts_file.read(int(lengths.sum())), lengths, dtype).data


def _padded(data: bytes, lengths: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Texts of these lengths in bytes as code points, each filled up with zeros: the bytes of an array of dtype."""
    starts = (np.frombuffer(data, np.uint8) & 0xC0) != 0x80  # bytes that begin a code point
    before = np.concatenate(([0], np.cumsum(starts)))
    ends = np.cumsum(lengths, dtype=np.int64)
    counts = before[ends] - before[ends - lengths]
    width = dtype.itemsize // 4
    padded = np.zeros((len(lengths), width), "<u4")
    padded[np.arange(width) < counts[:, None]] = np.frombuffer(data.decode().encode("utf-32-le"), "<u4")
    return padded


def _dtype(field: pa.Field) -> np.dtype | None:
    """Of the column's array; None: texts, of a width that is not known yet."""
    kind = field.type
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return _dtype(field.with_type(kind.storage_type))
    if types.is_nested(kind) or not has_text(kind):
        what = f"column {field.name} is of type {kind}, which NPZ cannot hold"
        raise UsageError(what, "leave it out, or write Parquet, Arrow or JSON lines")
    if types.is_date(kind):
        return np.dtype("<M8[D]")
    if types.is_timestamp(kind):
        return np.dtype(f"<M8[{kind.unit}]")
    if types.is_duration(kind):
        return np.dtype(f"<m8[{kind.unit}]")
    if types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind):
        return np.dtype(kind.to_pandas_dtype()).newbyteorder("<")
    return None


def _numbers(column: pa.Array, name: str, dtype: np.dtype) -> np.ndarray:
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if column.null_count and dtype.kind in "iub":
        kind = "truth values" if dtype.kind == "b" else "whole numbers"
        what = f"column {name} has a null, which NPZ cannot hold among {kind}"
        raise UsageError(what, "leave the column out, or write Parquet or Arrow")
    if dtype.kind in "Mm":
        if pa.types.is_date64(column.type):
            column = column.cast(pa.date32())
        whole_type = pa.int32() if pa.types.is_date32(column.type) else pa.int64()
        column = pc.fill_null(column.view(whole_type).cast(pa.int64()), np.iinfo(np.int64).min)
        return column.to_numpy(zero_copy_only=False).astype("<i8", copy=False)
    return column.to_numpy(zero_copy_only=False).astype(dtype, copy=False)


def _npy_head(dtype: np.dtype, rows: int) -> bytes:
    head = io.BytesIO()
    what = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows,)}
    np.lib.format.write_array_header_1_0(head, what)
    return head.getvalue()


def _append(path: str, values: np.ndarray) -> None:
    with open(path, "ab", buffering=0) as file:
        write_all(file, np.ascontiguousarray(values).view(np.uint8))
