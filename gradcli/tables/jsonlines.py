"""JSON lines: an object a row, `{"x": 1}` or gradcli's own `{"at": {"x": 1}, ...}`.

pyarrow reads the numbers of the variables; the json module reads other columns, and every block that pyarrow
refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.chunksource import Wanted
from gradcli.tables.files import UTF16, decoded
from gradcli.tables.formats import Format
from gradcli.tables.jsonrows import LINE_CURE, RowError, lines_of, row_of, text_of
from gradcli.tables.locations import Location
from gradcli.tables.source import ROW_CURE, no_number
from gradcli.tables.textsource import TextBlock, TextSource, TextStream
from gradcli.text import UTF8_CURE, UTF16_CURE, shown


class JsonSource(TextSource):
    """A table of one JSON object a line; its columns are the keys of the first. Blank lines are no rows.

    Raises UsageError.
    """

    def __init__(self, location: Location, form: Format, compression: str | None) -> None:
        super().__init__(location, form, compression, last_line)
        block = self._stream.first()
        if block.lstrip().startswith(b"["):
            self._stream = self._by_lines(location, form)
            block = self._stream.first()
        line = block.lstrip().partition(b"\n")[0]
        if not line:
            raise UsageError(f"{self.label} is empty", LINE_CURE)
        row = self._first(line)
        self.nested = isinstance(row.get("at"), dict)  # the columns are in "at"
        self.names = tuple(row["at"] if self.nested else row)
        self.keys = tuple(row)

    def _by_lines(self, location: Location, form: Format) -> TextStream:
        """The elements of an array as lines: the text of each stays as it is."""
        text = decoded(self.label, b"".join(part for part, _ in self._stream.blocks(0)))
        self._stream.close()
        self.total = None
        lines = (part.encode() + b"\n" for _, part in lines_of(self.label, text))
        return TextStream(location.copied(lines), form, None, last_line)

    def _first(self, line: bytes) -> dict[str, Any]:
        if line.startswith(UTF16):
            raise UsageError(f"{self.label} is UTF-16, not UTF-8", UTF16_CURE)
        try:
            return row_of(line.decode())
        except UnicodeDecodeError:
            raise UsageError(f"{self.label}, row 1 is not UTF-8", UTF8_CURE) from None
        except RowError as error:
            raise UsageError(f"{self.label}, row 1 {error}", LINE_CURE) from None

    def schema(self, wanted: Wanted) -> pa.Schema:
        self.places(wanted)
        return pa.schema([(x, pa.float64() if x in wanted.numbers else pa.string()) for x in wanted.columns])

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        schema = self.schema(wanted)

        def block(text: bytes, start: int, position: int) -> JsonBlock:
            return JsonBlock(self, text, start, position, schema, wanted.lenient)

        yield from self._gathered(0, block, (2, 8 * (wanted.width + len(wanted.columns))), first, stop)


def last_line(text: bytes) -> tuple[int, int]:
    """(end of the last whole line, no quote is open)."""
    return text.rfind(b"\n") + 1, -1


class JsonBlock(TextBlock):
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
        try:
            text = self._text.decode()
        except UnicodeDecodeError as error:
            before = [line for line in self._text[: error.start].split(b"\n")[:-1] if line.strip()]
            what = f"row {self.start + len(before) + 1} is not UTF-8: byte 0x{self._text[error.start]:02x}"
            raise UsageError(f"{self._source.label}, {what}", UTF8_CURE) from None
        lines = pc.split_pattern(pa.array([text.replace("\r\n", "\n")], pa.string()), "\n").flatten()
        return lines.filter(pc.and_not(pc.not_equal(lines, ""), pc.utf8_is_space(lines)))

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
                cells = [self._number(row, name, k) for name in numbers] + [text_of(row.get(name)) for name in texts]
            except RowError as error:
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
        row = row_of(line)
        if self._source.nested:
            row = row.get("at")  # type: ignore[assignment]
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
        row_number, what = self.start + k + 1, no_number(value)
        if not self._lenient:
            raise UsageError(f"{self._source.label}, row {row_number}, column {shown(name)}: {what}", ROW_CURE)
        self.remarks.setdefault(name, (row_number, what))
        return None
