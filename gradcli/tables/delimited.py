"""CSV and TSV: pyarrow reads the cells as text; where rows end, and what is wrong with one, is found here."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

import numpy as np
import pyarrow as pa
import pyarrow.csv

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.chunksource import Wanted
from gradcli.tables.files import UTF16, no_text
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location
from gradcli.tables.source import EMPTY_CURE, WIDTH_CURE, cells_of, names_of
from gradcli.tables.textsource import TextBlock, TextSource
from gradcli.text import UTF8_CURE, UTF16_CURE, shown

BLANK = b" \t\r\n"


class DelimitedSource(TextSource):
    """A table in CSV or TSV, with a header. Blank lines are no rows; cells are text. Raises UsageError."""

    def __init__(self, location: Location, form: Format, compression: str | None) -> None:
        super().__init__(location, form, compression, Rows(form.delimiter).end)
        self.delimiter = form.delimiter
        self._given = form.header
        block = self._stream.first()
        if block.startswith(UTF16):
            raise UsageError(f"{self.label} is UTF-16, not UTF-8", UTF16_CURE)
        self._body = self._header(block)

    def _header(self, block: bytes) -> int:
        """Read the names; where the rows begin in the first block."""
        start = len(block) - len(block.lstrip(BLANK if self.delimiter != "\t" else b" \r\n"))
        if start == len(block):
            raise UsageError(f"{self.label} is empty", EMPTY_CURE)
        end = Rows(self.delimiter).first_end(block, start)
        text = _decoded(self.label, block[start:end])
        row = next(csv.reader(StringIO(text, newline=""), delimiter=self.delimiter, skipinitialspace=True))
        self.names = names_of(self.label, row, self._given)
        return end if self._given is None else start

    def schema(self, wanted: Wanted) -> pa.Schema:
        self.places(wanted)
        return pa.schema([(name, pa.string()) for name in wanted.columns])

    def chunks(self, wanted: Wanted, first: int = 0, stop: int | None = None) -> Iterator[Chunk]:
        places = self.places(wanted)

        def block(text: bytes, start: int, position: int) -> DelimitedBlock:
            return DelimitedBlock(self, text, start, position, places, wanted)

        row = 4 * len(wanted.columns) + 8 * (wanted.width + len(wanted.numbers))
        yield from self._gathered(self._body, block, (1, row), first, stop)


class DelimitedBlock(TextBlock):
    """Rows of cells."""

    def __init__(
        self, source: DelimitedSource, text: bytes, start: int, position: int, places: list[int], wanted: Wanted
    ) -> None:
        super().__init__(text, start, position)
        self._source = source
        self._places = places
        self._columns = wanted.columns
        self._lenient = wanted.lenient

    def count(self) -> None:
        """Find the rows without making texts of the cells."""
        self.rows = self._parse([0]).num_rows

    def read(self) -> None:
        table = self._parse(self._places or [0])
        self.rows = table.num_rows
        columns = [table.column(str(place)) for place in self._places]
        schema = pa.schema([(name, pa.string()) for name in self._columns])
        self._table = pa.Table.from_arrays(columns, schema=schema) if columns else table.select([])
        self._text = b""

    def _parse(self, places: list[int]) -> pa.Table:
        """The columns at these places, named by their numbers."""
        names = [str(place) for place in range(len(self._source.names))]
        wrong: list[tuple[int, int, str]] = []

        def invalid(row: pyarrow.csv.InvalidRow) -> str:
            wrong.append((row.number, row.actual_columns, row.text[:200]))
            return "skip" if self._lenient or not row.text.strip() else "error"

        if not self._text.strip(b"\r\n"):
            return pa.table({str(place): pa.array([], pa.string()) for place in places})
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(self._text),
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False, block_size=len(self._text) + 1, column_names=names
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self._source.delimiter, newlines_in_values=True, invalid_row_handler=invalid
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={str(place): pa.string() for place in places},
                    include_columns=[str(place) for place in dict.fromkeys(places)],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            self._width_errors(wrong)
            if wrong and not self._lenient:
                row, message = self.dropped[-1]
                raise UsageError(f"{self._source.label}, row {row} {message}", WIDTH_CURE) from None
            raise self._refused(error) from None
        self._width_errors(wrong)
        return table

    def _width_errors(self, wrong: list[tuple[int, int, str]]) -> None:
        """List the rows of the wrong width; those of blanks alone are no rows."""
        blank = 0
        self.dropped = []
        width = len(self._source.names)
        for number, cells, text in wrong:
            if not text.strip():
                blank += 1
                continue
            self.dropped.append((self.start + number - blank, f"has {cells_of(cells)}, the header has {width}"))

    def _refused(self, error: pa.ArrowInvalid) -> UsageError:
        """What pyarrow refuses, which is text that is not UTF-8."""
        found = re.search(r"column #(\d+): Row #(\d+): .*invalid UTF8", str(error))
        label = self._source.label
        if found:
            name = shown(self._source.names[int(found[1])])
            where = f"{label}, row {self.start + int(found[2])}, column {name}"
            return UsageError(f"{where} is not UTF-8", UTF8_CURE)
        return UsageError(f"{label}, near row {self.start + 1}: {shown(str(error).partition(chr(10))[0], 200)}")


class Rows:
    """Where the rows of a text end, as pyarrow's reader sees it.

    A quote opens a quoted cell only where the cell begins; in one, two quotes stand for one; after the
    quote that closes it, quotes are signs like others. `\\n`, `\\r` and both end a row outside of quotes.
    """

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter.encode())
        self._quoted = re.compile(rb'(?<![^%b\r\n])"[^"]*+(?:""[^"]*+)*+("|\Z)' % mark)
        self.delimiter = ord(delimiter)

    def end(self, text: bytes) -> tuple[int, int]:
        """(end of the last row that is whole, place of a quote that is left open or -1)."""
        if b'"' not in text:
            return _last_line(text, 0, len(text)), -1
        signs = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(signs == 34)
        opening = quotes[::2]
        before = signs[opening - 1]  # that of a quote at 0 is the last sign, whatever it is
        begins = (before == self.delimiter) | (before == 10) | (before == 13) | (before == 34) | (opening == 0)
        if not begins.all():
            return self._end_by_cells(text)
        end = len(text)
        while end:
            end = _last_line(text, 0, end)
            if np.searchsorted(quotes, end) % 2 == 0:
                break
            end -= 1
        if len(quotes) % 2 == 0:
            return end, -1
        fresh = np.flatnonzero(opening[1:] - quotes[1::2] != 1)  # the others are second ones of two
        return end, int(opening[fresh[-1] + 1 if len(fresh) else 0])

    def _end_by_cells(self, text: bytes) -> tuple[int, int]:
        end = last = 0
        for cell in self._quoted.finditer(text):
            end = _last_line(text, last, cell.start()) or end
            last = cell.end()
            if not cell[1]:
                return end, cell.start()
        return _last_line(text, last, len(text)) or end, -1

    def first_end(self, text: bytes, start: int) -> int:
        """Where the row that begins at `start` ends."""
        for cell in re.compile(self._quoted.pattern + rb"|\r\n|\n|\r").finditer(text, start):
            if not cell[0].startswith(b'"'):
                return cell.end()
        return len(text)


def _last_line(text: bytes, start: int, end: int) -> int:
    """The end of the last line in text[start:end], 0 if none ends there."""
    return max(text.rfind(b"\n", start, end), text.rfind(b"\r", start, end)) + 1


def _decoded(label: str, header: bytes) -> str:
    if b"\0" in header:
        raise no_text(label)
    try:
        return header.decode()
    except UnicodeDecodeError as error:
        what = f"{label} is not UTF-8: byte 0x{header[error.start]:02x} in its header"
        raise UsageError(what, UTF8_CURE) from None
