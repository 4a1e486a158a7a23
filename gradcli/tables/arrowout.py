"""An Arrow IPC file, one record batch a chunk.

Its footer says where each batch lies, and only the writer that wrote them knows. So to go on, the
batches that are there are copied by a new writer into a new file, and the old one is put aside meanwhile: the new
one stays open, and no open file can be renamed on Windows.
"""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from gradcli.tables.writing import Writer, cut_back, fitted

HEAD = 8  # the magic number and its padding; what follows reads as an IPC stream


class ArrowWriter(Writer):
    """An Arrow file, or a Feather one."""

    def begin(self, state: Any) -> None:
        self._batches = 0
        if state is not None and state["batches"]:
            self._go_on(state["size"], state["batches"])
        else:
            self._open(self._path)

    def _open(self, path: str) -> None:
        self._file = pa.OSFile(path, "wb")
        try:
            self._writer = ipc.new_file(self._file, self.schema)
        except BaseException:
            self._file.close()
            raise

    def _go_on(self, size: int, count: int) -> None:
        old = f"{self._path}.old"
        copied = os.path.getsize(self._path) if os.path.exists(self._path) else -1
        if copied < size and os.path.exists(old):  # a run was killed while it copied
            os.replace(old, self._path)
        cut_back(self._path, size)
        os.replace(self._path, old)
        self._open(self._path)
        try:
            with pa.OSFile(old, "rb") as file:
                file.seek(HEAD)
                reader = ipc.open_stream(file)
                for _ in range(count):
                    self._write(reader.read_next_batch())
        except BaseException:
            self.close()
            raise
        os.remove(old)

    def append(self, table: pa.Table, lines: pa.Array | None = None) -> None:
        if len(table):
            self._write(fitted(table, self.schema).to_batches()[0])

    def _write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)
        self._batches += 1

    def state(self) -> dict[str, Any]:
        return {"size": self._file.tell(), "batches": self._batches}

    def finish(self) -> str:
        self._writer.close()
        self._file.close()
        return self._path

    def close(self) -> None:
        # Not the writer: it would write the footer. Without its file it cannot.
        self._file.close()
