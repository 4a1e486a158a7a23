"""Rows as CSV, TSV or JSON lines: the text itself, and files of it that can be gone on with."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gradcli.cpu import cores
from gradcli.errors import UsageError
from gradcli.tables.celltext import cell_text, has_text, json_text, quoted_cells, utf8
from gradcli.tables.formats import COMPRESSIONS, resolved
from gradcli.tables.numbers import whole
from gradcli.tables.writing import Writer, cut_back, fitted, plain_schema, write_all

PIECE_ROWS = 16384  # of a piece that is made into text at once: its columns fit the cache
PIECE_CELLS = 2**18
PIECE_BYTES = 2**22
MAX_THREADS = 8  # each holds a piece

ENDINGS: dict[str | None, str] = {name: ending for ending, name in COMPRESSIONS.items()}
ENDINGS[None] = ""


class Encoder:
    """Tables of one schema as text in UTF-8. Raises UsageError for a column of a type without a text."""

    def __init__(self, schema: pa.Schema, added: int, delimiter: str) -> None:
        self.schema = plain_schema(schema)
        self._delimiter = delimiter
        self.added = added
        for field in self.schema:
            if not has_text(field.type):
                raise UsageError(f"column {field.name} is of type {field.type}, which has no text", "leave it out")
        self._rows = max(1, min(PIECE_ROWS, PIECE_CELLS // max(1, len(self.schema))))
        self._threads = min(cores(), MAX_THREADS)
        self._pool: ThreadPoolExecutor | None = None

    def head(self) -> bytes:
        """What comes before the first row."""
        raise NotImplementedError

    def pieces(self, table: pa.Table, lines: pa.Array | None, pack: Callable[[memoryview], Any]) -> Iterator[Any]:
        """pack(text of so many rows), in order; made ahead by several threads.

        lines: the JSON lines that the rows come from, which then stand for all but the results.
        """
        if lines is None:
            table = fitted(table, self.schema)
        else:
            first = table.num_columns - self.added
            table = table.select(list(range(first, table.num_columns)))
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads)

        size = table.nbytes + (0 if lines is None else lines.nbytes)
        rows = max(1, min(self._rows, PIECE_BYTES * len(table) // max(1, size)))

        def piece(start: int) -> Any:
            part = table.slice(start, rows)
            text = self._text(part, None if lines is None else lines.slice(start, rows))
            return pack(utf8(text).data)

        waiting: deque[Any] = deque()
        for start in range(0, len(table), rows):
            waiting.append(self._pool.submit(piece, start))
            if len(waiting) > self._threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """Let go of what it holds."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _text(self, table: pa.Table, lines: pa.Array | None) -> pa.Array:
        """The rows' texts, line ends included."""
        raise NotImplementedError


class Delimited(Encoder):
    """CSV and TSV: cells are quoted where they need it, lines end in \\n, null is an empty cell."""

    def head(self) -> bytes:
        names = quoted_cells(pa.array(self.schema.names, pa.string()), self._delimiter).to_pylist()
        return (self._delimiter.join(names) + "\n").encode()

    def _text(self, table: pa.Table, lines: pa.Array | None) -> pa.Array:
        cells = [
            self._cells(whole(column), name) for name, column in zip(table.column_names, table.columns, strict=True)
        ]
        if len(cells) == 1:
            # An empty line would be no row.
            blank = pc.fill_null(pc.equal(cells[0], ""), True)
            rows = pc.if_else(blank, '""', cells[0])
        else:
            rows = pc.binary_join_element_wise(*cells, self._delimiter, null_handling="replace", null_replacement="")
        return pc.binary_join_element_wise(rows, "", "\n")

    def _cells(self, column: pa.Array, name: str) -> pa.Array:
        text = cell_text(column, name)
        bare = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        return text if bare else quoted_cells(text, self._delimiter)


class JsonLines(Encoder):
    """One object a row. A line that is given keeps its text, and the results are put before its closing brace."""

    def head(self) -> bytes:
        return b""

    def _text(self, table: pa.Table, lines: pa.Array | None) -> pa.Array:
        parts: list[pa.Array | str] = []
        if lines is not None:
            parts.append(_opened(lines))
        for name, column in zip(table.column_names, table.columns, strict=True):
            before = "{" if not parts else "" if len(parts) == 1 and lines is not None else ", "
            parts.append(f"{before}{json.dumps(name, ensure_ascii=False)}: ")
            parts.append(json_text(whole(column), name))
        rows = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="null")
        return pc.binary_join_element_wise(rows, "\n", "}")  # the brace comes between the two


def _opened(lines: pa.Array) -> pa.Array:
    """JSON objects without their closing brace, ready for a further member."""
    text = pc.ascii_rtrim_whitespace(whole(lines).cast(pa.string()))
    text = pc.ascii_rtrim_whitespace(pc.utf8_slice_codeunits(text, 0, -1))
    # Only an empty object ends with a brace that opens.
    return pc.binary_join_element_wise(text, pc.if_else(pc.ends_with(text, "{"), "", ", "), "")


# --- files


class TextWriter(Writer):
    """A file of text. Each piece of a compressed one is a member of its own, so that going on is a cut."""

    def begin(self, state: Any) -> None:
        self._encoder: Encoder = resolved(self.form.text)(self.schema, self.added, self.form.delimiter)
        self._pack = packer(self.compression)
        self._path += ENDINGS[self.compression]
        self._size = 0 if state is None else state["size"]
        cut_back(self._path, None if state is None else self._size)
        self._file = open(self._path, "ab", buffering=0)  # noqa: SIM115
        if state is None and (head := self._encoder.head()):
            try:
                self._write(self._pack(memoryview(head)))
            except BaseException:
                self.close()
                raise

    def append(self, table: pa.Table, lines: pa.Array | None = None) -> None:
        for piece in self._encoder.pieces(table, lines, self._pack):
            self._write(piece)

    def _write(self, data: bytes | memoryview) -> None:
        write_all(self._file, data)
        self._size += len(data)

    def state(self) -> dict[str, Any]:
        return {"size": self._size}

    def finish(self) -> str:
        self.close()
        return self._path

    def close(self) -> None:
        self._encoder.close()
        self._file.close()


def packer(compression: str | None) -> Callable[[memoryview], Any]:
    """Text to a complete member of the compressed file."""
    if compression is None:
        return lambda text: text
    if compression == "gzip":
        import zlib

        # Digits hardly shrink further at higher levels: 6 saves 6 % and takes seven times as long. 31: a gzip head.
        return lambda text: zlib.compress(text, 1, 31)
    if compression == "bz2":
        import bz2

        return bz2.compress
    return lambda text: pa.compress(text, codec="zstd", asbytes=True)
