"""JSON lines: an object a row, `{"x": 1}` or gradcli's own `{"at": {"x": 1}, ...}`.

pyarrow reads the numbers of the variables; the json module reads other columns, and every block that pyarrow
refuses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.json

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.chunksource import Wanted
from gradcli.tables.formats import Format
from gradcli.tables.locations import Place
from gradcli.tables.numbers import CURE
from gradcli.tables.plain import Number, decoded, lines_of
from gradcli.tables.source import MISSING
from gradcli.tables.textsource import TextBlock, TextSource, TextStream
from gradcli.text import UTF8_CURE, UTF16_CURE, shown

LINE_CURE = 'each line is one object: {"x": 1}'


class JsonSource(TextSource):
    """A table of one JSON object a line; its columns are the keys of the first. Blank lines are no rows."""

    def __init__(self, place: Place, form: Format, compression: str | None) -> None:
        super().__init__(place, compression, last_line)
        block = self._stream.first()
        if block.lstrip().startswith(b"["):
            self._stream = self._by_lines(place)
            block = self._stream.first()
        line = block.lstrip().partition(b"\n")[0]
        if not line:
            raise UsageError(f"{self.label} is empty", LINE_CURE)
        row = self._first(line)
        self.nested = isinstance(row.get("at"), dict)  # the columns are in "at"
        self.names = tuple(row["at"] if self.nested else row)
        self.keys = tuple(row)

    def _by_lines(self, place: Place) -> TextStream:
        """The elements of an array as lines: the text of each stays as it is."""
        text = decoded(self.label, b"".join(part for part, _ in self._stream.blocks(0)))
        self._stream.close()
        self.total = None
        lines = (part.encode() + b"\n" for _, part in lines_of(self.label, text))
        return TextStream(place.copied(lines), None, last_line)

    def _first(self, line: bytes) -> dict[str, Any]:
        if line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UsageError(f"{self.label} is UTF-16, not UTF-8", UTF16_CURE)
        try:
            row = json.loads(line)
        except UnicodeDecodeError:
            raise UsageError(f"{self.label}, row 1 is not UTF-8", UTF8_CURE) from None
        except (ValueError, RecursionError):
            raise UsageError(f"{self.label}, row 1 is no JSON", LINE_CURE) from None
        if not isinstance(row, dict):
            raise UsageError(f"{self.label}, row 1 is no JSON object", LINE_CURE)
        return row

    def schema(self, wanted: Wanted) -> pa.Schema:
        self.places(wanted)
        return pa.schema([(x, pa.float64() if x in wanted.numbers else pa.string()) for x in wanted.columns])

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        schema = self.schema(wanted)

        def block(text: bytes, start: int, position: int) -> Block:
            return Block(self, text, start, position, schema, wanted.lenient)

        yield from self._gathered(0, block, (2, 8 * (wanted.width + len(wanted.columns))), first, stop)


def last_line(text: bytes) -> tuple[int, int]:
    """(end of the last whole line, no quote is open)."""
    return text.rfind(b"\n") + 1, -1


class Block(TextBlock):
    """Whole lines of the file, and when they are asked for as a table."""

    def __init__(
        self, source: JsonSource, text: bytes, start: int, position: int, schema: pa.Schema, lenient: bool
    ) -> None:
        super().__init__(text, start, position)
        self._source = source
        self._schema = schema
        self._lenient = lenient

    def count(self) -> None:
        if self._lenient:  # only reading tells which lines are left out
            self.read()
        else:
            self.rows = len(self._lines())

    def read(self) -> None:
        self.lines = self._lines()
        numbers = [field.name for field in self._schema if field.type == pa.float64()]
        texts = [field.name for field in self._schema if field.type != pa.float64()]
        table = None if texts else self._by_pyarrow(numbers)
        if table is None:
            table = self._by_json(numbers, texts)
        self._table = table
        self.rows = len(table)
        self._text = b""

    def _lines(self) -> pa.Array:
        """The lines that are not blank, as text."""
        if not self._text.strip():
            return pa.array([], pa.string())
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(self._text),
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False, block_size=len(self._text) + 1, column_names=["line"]
                ),
                # No sign below U+0020 stands in JSON.
                parse_options=pyarrow.csv.ParseOptions(delimiter="\x01", quote_char=False),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={"line": pa.string()}, strings_can_be_null=False
                ),
            )
            lines = table.column("line").combine_chunks()
        except pa.ArrowInvalid:
            lines = self._slow_lines()
        lines = lines.chunk(0) if isinstance(lines, pa.ChunkedArray) else lines
        blank = pyarrow.compute.utf8_is_space(lines)
        return lines.filter(pyarrow.compute.invert(blank)) if blank.true_count else lines

    def _slow_lines(self) -> pa.Array:
        """Lines with what is not UTF-8 or a control character in them."""
        lines = []
        for line in self._text.replace(b"\r\n", b"\n").split(b"\n"):
            try:
                lines.append(line.decode())
            except UnicodeDecodeError as error:
                row = self.start + sum(1 for line in lines if line.strip()) + 1
                what = f"{self._source.label}, row {row} is not UTF-8: byte 0x{line[error.start]:02x}"
                raise UsageError(what, UTF8_CURE) from None
        return pa.array([line for line in lines if line], pa.string())

    def _by_pyarrow(self, numbers: list[str]) -> pa.Table | None:
        """The numbers; None where the text is not as simple as pyarrow wants it."""
        assert self.lines is not None
        if not len(self.lines):
            return self._schema.empty_table()
        fields: Any = [(name, pa.float64()) for name in numbers] or [("", pa.null())]
        schema = pa.schema([("at", pa.struct(fields))] if self._source.nested else fields)
        try:
            table = pyarrow.json.read_json(
                pa.BufferReader(self._text),
                read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(self._text) + 1),
                parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
            )
        except pa.ArrowInvalid:
            return None
        if len(table) != len(self.lines):
            return None
        if self._source.nested:
            columns = pa.Table.from_batches(table.select(["at"]).to_batches()).column("at").flatten()
            table = pa.Table.from_arrays(columns, names=[name for name, _ in fields])
        return table.select(self._schema.names)

    def _by_json(self, numbers: list[str], texts: list[str]) -> pa.Table:
        """Line by line. Raises UsageError, or if lenient leaves lines out."""
        assert self.lines is not None
        kept = []
        columns: dict[str, list[Any]] = {name: [] for name in self._schema.names}
        for k, line in enumerate(self.lines.to_pylist()):
            try:
                row = self._object(line)
                if texts and not self._lenient:
                    self._refuse_new(row, k)
                cells = [self._number(row, name, k) for name in numbers] + [_text(row.get(name)) for name in texts]
            except _RowError as error:
                what = f"row {self.start + k + 1} {error}"
                if not self._lenient:
                    raise UsageError(f"{self._source.label}, {what}", LINE_CURE) from None
                self.dropped.append((self.start + k + 1, str(error)))
                continue
            kept.append(k)
            for name, cell in zip([*numbers, *texts], cells, strict=True):
                columns[name].append(cell)
        if len(kept) < len(self.lines):
            self.lines = self.lines.take(pa.array(kept, pa.int64()))
        if not columns:
            return pa.table({"": pa.nulls(len(kept))}).select([])
        arrays = [pa.array(columns[field.name], field.type) for field in self._schema]
        return pa.Table.from_arrays(arrays, schema=self._schema)

    def _object(self, line: str) -> dict[str, Any]:
        try:
            row = _DECODER.decode(line)
        except _RowError:
            raise
        except (ValueError, RecursionError):
            raise _RowError("is no JSON") from None
        if not isinstance(row, dict):
            raise _RowError("is no JSON object")
        if self._source.nested:
            row = row.get("at")
        return row if isinstance(row, dict) else {}

    def _refuse_new(self, row: dict[str, Any], k: int) -> None:
        """Raises UsageError where a row has a key that the first one lacks: it would be lost."""
        for name in row.keys() - self._source.names:
            message = f"{self._source.label}, row {self.start + k + 1} has a key {shown(name)} that the first row lacks"
            raise UsageError(message, "--to jsonl keeps the lines as they are, --only leaves the input out")

    def _number(self, row: dict[str, Any], name: str, k: int) -> float | None:
        """The number of a variable; what is none is an error here, or if lenient missing."""
        value = row.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, str):  # a number is a str here too, `Number`
                return float(value)
        except ValueError:
            pass
        row_number = self.start + k + 1
        if isinstance(value, str) and not value.strip():
            what = MISSING
        else:
            what = f'"{shown(value)}"' if isinstance(value, str) else _KINDS.get(type(value), "this")
            what += " is not a number"
        if not self._lenient:
            raise UsageError(f"{self._source.label}, row {row_number}, column {shown(name)}: {what}", CURE)
        self.remarks.setdefault(name, (row_number, what))
        return None


class _RowError(ValueError):
    """A line that cannot be a row."""


_KINDS: dict[type, str] = {bool: "a boolean", list: "an array", dict: "an object"}


def _row(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RowError(f"has {shown(twice)} twice")
    return row


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_row)


def _text(value: Any) -> str | None:
    """A cell: text and numbers as they are, null, true and false, nested values as JSON."""
    if isinstance(value, str):
        if not value.isascii():
            _checked(value)
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _checked(_nested(value))


def _checked(text: str) -> str:
    """JSON can write half of a pair of surrogates, which is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _RowError("has half of a surrogate pair, which is no text") from None
    return text


def _nested(value: Any) -> str:
    """JSON of a list or an object, in which numbers keep their text."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_nested(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
