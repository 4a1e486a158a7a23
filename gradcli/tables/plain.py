"""CSV, TSV and JSON by the standard library: small tables are there before pyarrow would be loaded."""

from __future__ import annotations

import os
import stat
import sys
from io import UnsupportedOperation
from itertools import chain

from gradcli.errors import UsageError
from gradcli.tables.formats import LOOKED_AT
from gradcli.tables.source import (
    EMPTY_CURE,
    MISSING,
    NUMBER_CURE,
    Columns,
    Source,
    as_literal,
    cells_of,
    check_header,
    indices,
    is_number,
    variable_of,
)  # fmt: skip
from gradcli.text import UTF8_CURE, UTF16_CURE, label_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.tables.formats import Format

UTF16 = (b"\xff\xfe", b"\xfe\xff")  # with what such a text begins

LONGEST = 16 * 2**20  # bytes of a line of text
PIECE = 2**20

LINE_CURE = 'each line is one object: {"x": 1}'
ARRAY_CURE = 'an array holds one object a row: [{"x": 1}, {"x": 2}]'


class PlainSource(Source):
    """Rows of text, all of them in memory; an error names the row and its line."""

    def read(self, columns: Sequence[str], *, texts: bool = False, skip: bool = False) -> Columns:
        rows, lines = self._rows(columns, skip)
        found = Columns(len(rows), [], [])
        if skip:
            kept = [k for k, row in enumerate(rows) if row is not None and all(map(is_number, row))]
            found.count, found.skipped = len(kept), len(rows) - len(kept)
            rows = [rows[k] for k in kept]
        for k, name in enumerate(columns):
            cells = [row[k] for row in rows]
            found.numbers.append(_numbers(self.label, name, cells, lines, texts))
            found.texts.append([as_literal(str(cell)) for cell in cells] if texts else [])
        return found

    def _rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        """(the cells of these columns or where rows are skipped None, number of its line) for each row."""
        raise NotImplementedError


class PlainCells(PlainSource):
    """CSV and TSV. headed: whether its first row names the columns; without it these are numbered."""

    def __init__(self, label: str, text: str, form: Format, bare: bool = False) -> None:
        """bare: a first row of numbers is one of the rows."""
        super().__init__(label)
        self._cells: Iterator[tuple[int, list[str]]] = cells(text, form.delimiter, label)
        line, first = next(self._cells, (0, None))
        if first is None:
            raise UsageError(f"{label} is empty", EMPTY_CURE)
        self.headed = not (bare and all(map(is_number, first)))
        if self.headed:
            self.names = tuple([name.strip() for name in first])
            check_header(label, self.names)
        else:
            self.names = tuple(map(str, range(1, len(first) + 1)))
            self._cells = chain(((line, first),), self._cells)

    def _rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        places = indices(self.label, self.names, columns, columns)
        width = len(self.names)
        rows: list[Any] = []
        lines: list[int] = []
        for line, row in self._cells:
            if len(row) != width and not skip:
                where = f"{self.label}, row {len(rows) + 1} (line {line})"
                raise UsageError(f"{where} has {cells_of(len(row))}, the header has {width}", NUMBER_CURE)
            rows.append([row[k] for k in places] if len(row) == width else None)
            lines.append(line)
        return rows, lines


def cells(text: str, delimiter: str, label: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row; blank lines are skipped. Raises UsageError."""
    import csv
    from io import StringIO

    csv.field_size_limit(2**31 - 1)  # a cell may hold an array
    end = "\x1e"  # a row of its own, unless a quote before it is still open
    reader = csv.reader(chain(StringIO(text, newline=""), (end,)), delimiter=delimiter, skipinitialspace=True)
    row: list[str] = []
    for row in reader:
        if row == [end]:
            return
        if row and row[-1].endswith(end):
            break
        if len(row) > 1 or (row and row[0].strip()):
            yield reader.line_num, row
    start = " ".join(row[-1][:40].rstrip(end).split())
    raise UsageError(f'{label}: a quote is opened and never closed, at "{shown(start)}', "close it, or double it")


class PlainObjects(PlainSource):
    """One JSON object a line, or an array of them; `{"at": {...}}` is what gradcli itself prints."""

    def __init__(self, label: str, text: str, form: Format, bare: bool = False) -> None:
        super().__init__(label)
        self._objects = list(objects(label, text))
        if not self._objects:
            raise UsageError(f"{label} is empty", LINE_CURE)
        self.names = tuple(dict.fromkeys([name for _, row in self._objects for name in row]))

    def _rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        indices(self.label, self.names, columns)
        rows: list[Any] = []
        for k, (line, row) in enumerate(self._objects):
            missing = next((name for name in columns if name not in row), None)
            if missing is not None and not skip:
                raise UsageError(f"{self.label}, row {k + 1} (line {line}) has no {shown(missing)}", NUMBER_CURE)
            rows.append([row[name] for name in columns] if missing is None else None)
        return rows, [line for line, _ in self._objects]


class Number(str):
    """A JSON number's text; a string of JSON is one of Python's."""

    __slots__ = ()


class _Boolean:
    """true or false in JSON: no number."""


def objects(label: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, name to value) of each object; numbers as their text. Raises UsageError."""
    import json

    decoder = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_row)
    for line, part in lines_of(label, text):
        try:
            value = decoder.decode(part)
        except UsageError as error:
            raise UsageError(f"{label}, line {line}: {error.message}", error.cure) from None
        except (ValueError, RecursionError):
            raise UsageError(f"{label}, line {line} is no JSON", LINE_CURE) from None
        if not isinstance(value, dict):
            raise UsageError(f"{label}, line {line} is no JSON object", LINE_CURE)
        at = value.get("at")
        yield line, at if isinstance(at, dict) else value


def lines_of(label: str, text: str) -> Iterator[tuple[int, str]]:
    """(line number, text) of each line that is not blank, or of each element of an array. Raises UsageError."""
    if not text.lstrip().startswith("["):
        yield from ((k, part) for k, part in enumerate(text.split("\n"), 1) if part.strip())
        return
    import json
    import re

    decode = json.JSONDecoder().raw_decode
    blanks = re.compile(r"[ \t\r\n]*")
    line, last = 1, 0
    at = blanks.match(text, text.index("[") + 1).end()  # type: ignore[union-attr]
    while not text.startswith("]", at):
        line += text.count("\n", last, at)
        last = at
        try:
            end = decode(text, at)[1]
        except (ValueError, RecursionError):
            raise UsageError(f"{label}, line {line} is no JSON", ARRAY_CURE) from None
        yield line, " ".join(text[at:end].splitlines())
        at = blanks.match(text, end).end()  # type: ignore[union-attr]
        if text.startswith(",", at):
            at = blanks.match(text, at + 1).end()  # type: ignore[union-attr]
        elif not text.startswith("]", at):
            raise UsageError(f"{label}: the JSON array is not closed", ARRAY_CURE)
    if text[at + 1 :].strip():
        raise UsageError(f"{label} goes on after its JSON array", ARRAY_CURE)


def _row(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in pairs:
        name = variable_of(name)
        if name in row:
            raise UsageError(f"{shown(name)} is given twice", "give it once")
        row[name] = _Boolean() if isinstance(value, bool) else value
    return row


# --- cells


def _numbers(label: str, name: str, cells: list[Any], lines: list[int], texts: bool) -> Any:
    """The cells of a column as numbers. Raises UsageError."""
    from array import array

    try:
        return array("d", map(float, cells))
    except (ValueError, TypeError):
        k = next((k for k, x in enumerate(cells) if not (is_number(x) or (isinstance(x, list) and not texts))), None)
    if k is None:
        return [_array(f"{label}, row {k + 1}, column {name}", cell) for k, cell in enumerate(cells)]
    cell = cells[k]
    where = f"{label}, row {k + 1} (line {lines[k]}), column {shown(name)}"
    if isinstance(cell, str):
        what = f'"{shown(cell)}" is not a number' if cell.strip() else MISSING
    else:
        kinds = {type(None): "null", list: "an array", dict: "an object", _Boolean: "a boolean"}
        what = f"{kinds.get(type(cell), 'this')} is not a number"
    raise UsageError(f"{where}: {what}", NUMBER_CURE)


def _array(where: str, cell: Any) -> Any:
    return array_of(where, cell) if isinstance(cell, list) else float(cell)


def array_of(label: str, value: Any) -> Any:
    """Nested lists or an array as float64. Raises UsageError."""
    import numpy as np

    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biufOU":
            raise TypeError
        return found.astype(np.float64)
    except (ValueError, TypeError):
        raise UsageError(f"{label} is no array of numbers", "rows of one length, and a number in each place") from None


# --- bytes


def contents(label: str, file: Any, compression: str | None = None) -> str:
    """The whole text of an open file, a text without line ends refused before memory ends."""
    if compression is not None:
        file = Unpacked(label, file, compression)
    read = reading(label, file)
    parts = [read(PIECE)]
    if b"\0" in parts[0] and not parts[0].startswith(UTF16):
        raise UsageError(f"{label} is no text: it holds zero bytes")
    length = 0  # of the last line
    while parts[-1]:
        at = parts[-1].rfind(b"\n")
        length = len(parts[-1]) - at if at >= 0 else length + len(parts[-1])
        if length > LONGEST:
            raise UsageError(f"{label} has a line of more than {length >> 20} MB", "the line ends may be missing")
        parts.append(read(PIECE))
    return decoded(label, b"".join(parts))


def reading(label: str, file: Any) -> Any:
    """file.read(size) whose errors are UsageErrors."""

    def read(size: int) -> bytes:
        try:
            return bytes(file.read(size))
        except OSError as error:
            raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None

    return read


class Unpacked:
    """The text of a compressed file."""

    def __init__(self, label: str, file: Any, compression: str) -> None:
        import bz2
        import gzip
        import zlib

        self._label = label
        self._file: Any = gzip.GzipFile(fileobj=file) if compression == "gzip" else bz2.BZ2File(file)
        self._kinds = (OSError, EOFError, zlib.error)

    def read(self, size: int) -> bytes:
        """At most so many bytes. Raises UsageError."""
        try:
            return bytes(self._file.read(size))
        except self._kinds as error:
            what = f"its compression is damaged ({shown(str(error), 200)})"
            raise UsageError(f"{self._label} cannot be read: {what}") from None


def decoded(label: str, data: bytes) -> str:
    """Bytes as text. Raises UsageError."""
    try:
        # The mark at the start is what Windows programs write.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(UTF16):
            raise UsageError(f"{label} is UTF-16, not UTF-8", UTF16_CURE) from None
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{label} is not UTF-8: byte 0x{data[error.start]:02x} in line {line}"
        raise UsageError(what, UTF8_CURE) from None


def read_text(path: str) -> str:
    """The whole text of a file, or of standard input for `-`. Raises UsageError."""
    file = opened(path)
    try:
        return contents(label_of(path), file)
    finally:
        let_go(file)


def opened(path: str) -> Any:
    """The bytes of a file or, for `-`, of standard input. Raises UsageError."""
    label = label_of(path)
    if "\0" in path:
        raise UsageError(f"{label} is no name of a file")
    if path == "-" and sys.stdin is None:
        raise UsageError("standard input is closed")
    try:
        refuse_endless(label, os.fstat(sys.stdin.fileno()) if path == "-" else os.stat(path))
    except UnsupportedOperation:  # a stream that is no file
        pass
    except OSError as error:
        raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None
    try:
        return sys.stdin.buffer if path == "-" else open(path, "rb")
    except OSError as error:
        raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None


def let_go(file: Any) -> None:
    """Close a file, but for standard input; None is none."""
    if file is not None and (sys.stdin is None or file is not sys.stdin.buffer):
        file.close()


def head_of(label: str, file: Any) -> bytes:
    """The first bytes of a file, which stay to be read. Raises UsageError."""
    try:
        if hasattr(file, "peek"):
            return bytes(file.peek(LOOKED_AT))
        head = bytes(file.read(LOOKED_AT))
        file.seek(0)
    except OSError as error:
        let_go(file)
        raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None
    return head


def refuse_endless(label: str, status: os.stat_result) -> None:
    """Raises UsageError where a file is a device that gives bytes for ever, as /dev/zero does."""
    if not stat.S_ISCHR(status.st_mode):
        return
    for name in ("/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
        if os.path.exists(name) and os.stat(name).st_rdev == status.st_rdev:
            raise UsageError(f"{label} is a device without an end", "name a file")
