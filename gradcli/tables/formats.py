"""The table of table formats: names, endings, first bytes, readers and writers. A new format is a row and a file.

Nothing else in the code knows a format by its name.
"""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.tables.files import LOOKED_AT, spoilt, unpacked
from gradcli.text import label_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Format:
    """One format of tables.

    name: as `--from` and `--to` take it. title: for messages. endings: of the names of its files, the first
    of which is written. reader, writer: "module:name" of `reader(location, format, compression)`, a ChunkSource, and of
    `writer(format, compression, folder, schema, added, state)`, a Writer. marks: with what such a file begins.
    plain: "module:name" of the reader of the standard library, `plain(label, text, path)`, a Source, and text: of an
    Encoder, `text(schema, added, delimiter)`; both "" where rows are no text. delimiter: between cells.
    comment: with what a line begins that is no row; header: the names of the columns where the file has none, () where
    they are numbered; decimal: the sign before decimals. typed: a column is of numbers or of texts; without it all
    cells are texts. lines: a row is a line that other
    members can be put into. arrays: a column may be an array of any shape, which numpy.load reads.
    """

    marks: tuple[bytes, ...] = ()
    plain = text = delimiter = comment = ""
    header: tuple[str, ...] | None = None
    decimal = "."
    typed = True
    lines = arrays = False

    def __init__(
        self, name: str, title: str, endings: tuple[str, ...], reader: str, writer: str, **further: Any
    ) -> None:
        self.name = name
        self.title = title
        self.endings = endings
        self.reader = reader
        self.writer = writer
        self.layout: dict[str, Any] = {}  # what differs from the row of the table
        vars(self).update(further)

    def __reduce__(self) -> tuple[Any, ...]:
        return laid_out, (self.name, self.layout)

    def __repr__(self) -> str:
        return f"<{self.name}>"


def laid_out(name: str, layout: dict[str, Any]) -> Format:
    """The format of this name with another delimiter, comment, header or decimal."""
    if not layout:
        return FORMATS[name]
    found = Format.__new__(Format)
    vars(found).update(vars(FORMATS[name]) | layout, layout=layout)
    return found


CELLS: dict[str, Any] = {
    "reader": "delimited:DelimitedSource", "writer": "textout:TextWriter", "plain": "plain:PlainCells",
    "text": "textout:Delimited", "typed": False,
}  # fmt: skip

ROWS = (
    Format("csv", "CSV", (".csv",), delimiter=",", **CELLS),
    Format("tsv", "TSV", (".tsv", ".tab"), delimiter="\t", **CELLS),
    Format(
        "jsonl", "JSON", (".jsonl", ".ndjson", ".json"), "jsonlines:JsonSource", "textout:TextWriter",
        plain="jsonrows:PlainObjects", text="textout:JsonLines", lines=True,
    ),
    Format(
        "npz", "an NPZ archive", (".npz",), "npzfile:NpzSource", "npzout:NpzWriter",
        marks=(b"PK\x03\x04", b"PK\x05\x06"), arrays=True,
    ),
    Format(
        "parquet", "Parquet", (".parquet", ".pq"), "columnar:ParquetSource", "parquetout:ParquetWriter",
        marks=(b"PAR1\x15", b"PARE"),
    ),
    Format(
        "arrow", "Arrow", (".arrow", ".feather", ".ipc"), "columnar:arrow_source", "arrowout:ArrowWriter",
        marks=(b"ARROW1", b"\xff\xff\xff\xff"),
    ),
)  # fmt: skip

FORMATS = {row.name: row for row in ROWS}

CSV = ROWS[0]  # what a text of no other sort is, and what is written where nothing else is asked for

EXTENSIONS = {ending: form for form in FORMATS.values() for ending in form.endings}

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}  # by pyarrow's names
MARKS_OF_COMPRESSION = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2"}


def format_of(
    path: str, given: str | None, flag: str, head: bytes | None = None, layout: dict[str, Any] | None = None
) -> tuple[Format, str | None]:  # fmt: skip
    """(format, compression) of a file.

    path: its name as typed, `-`, or a URI; given: the value of `flag` (`--from`, `--to`), which wins over the name;
    head: with what the file begins, where it can be looked at. A name that does not tell is then judged by it, and
    it says how a text is compressed. layout: what is laid out otherwise than in CSV or TSV, by the names of a Format.
    The compression is one of pyarrow's names. Raises UsageError.

    >>> form, compression = format_of("data.csv.gz", None, "--from")
    >>> form.name, compression
    ('csv', 'gzip')
    """
    form, compression = by_name(path)
    form = FORMATS[given] if given is not None else form or (CSV if layout else None)
    if head is not None:
        found, packed = sniffed(head)
        form = form or found
        if form.text:
            compression = packed
            if found is not form and not found.text:
                ending = found.endings[0]
                cure = f"--from {found.name} reads it as such, and so does a name that ends in {ending}"
                raise UsageError(f"{_name(path)} is {found.title}, not {form.title}", cure)
    if form is None:
        named = f"one of {', '.join(FORMATS)}"
        if path == "-":
            raise UsageError(f"the format of {_name(path)} is not known", f"name it with {flag}: {named}")
        cure = f"{flag} names the format: {named}; or end the name in {', '.join(EXTENSIONS)}"
        raise UsageError(f"{_name(path)} does not end in the name of a format", cure)
    if compression and not form.text:
        texts = ", ".join(x.name for x in FORMATS.values() if x.text)
        raise UsageError(
            f"{_name(path)}: {form.name} is not read or written inside another compression",
            f"it compresses by itself; {', '.join(COMPRESSIONS)} go with {texts}",
        )
    return _with(form, layout or {}, path), compression


def _with(form: Format, layout: dict[str, Any], path: str) -> Format:
    if layout and not form.delimiter:
        what = f"{label_of(path)} is {form.title}, and --{next(iter(layout))} is for cells of a text"
        raise UsageError(what, f"leave it out, or read it as {CSV.title}")
    found = laid_out(form.name, layout)
    if layout and found.decimal == found.delimiter:
        what = f"{label_of(path)}: cells and decimals are both separated by {found.decimal}"
        raise UsageError(what, "--delimiter ';' names the sign between cells, --decimal . that before decimals")
    return found


def known(path: str) -> bool:
    """Whether the name ends as that of a table does."""
    return by_name(path)[0] is not None


def sniffed(head: bytes) -> tuple[Format, str | None]:
    """The format and compression of what begins so; a text of unknown sort is CSV."""
    for mark, compression in MARKS_OF_COMPRESSION.items():
        if head.startswith(mark):
            return sniffed(_unpacked(head, compression))[0], compression
    for form in FORMATS.values():
        if head.startswith(form.marks):
            return form, None
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").partition(b"\n")[0].decode("latin-1")
    if line.startswith(("{", "[")):
        return next(form for form in ROWS if form.lines), None
    return max(ROWS, key=lambda form: line.count(form.delimiter) if form.delimiter else -1), None


def _unpacked(head: bytes, compression: str) -> bytes:
    """The start of a compressed text, as far as it can be read."""
    from contextlib import suppress
    from io import BytesIO

    text = b""
    with suppress(OSError, ImportError, *spoilt(compression)):
        stream = unpacked(BytesIO(head), compression)
        while len(text) < LOOKED_AT and (part := stream.read1(LOOKED_AT)):
            text += part
    return text


def resolved(name: str) -> Any:
    """What "module:name" of a row stands for, imported now."""
    module, _, attribute = name.partition(":")
    return getattr(__import__(f"gradcli.tables.{module}", fromlist=[attribute]), attribute)


def need_pyarrow(what: str = "reading and writing tables") -> None:
    """Raises UsageError where pyarrow is not installed."""
    if not has_pyarrow():
        raise UsageError(f"{what} needs pyarrow, which is not installed", "pip install 'gradcli[data]'")


def has_pyarrow() -> bool:
    """Is it installed?"""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True


def by_name(path: str) -> tuple[Format | None, str | None]:
    """(format, compression), each None where the name does not tell."""
    name = path.partition("?")[0] if "://" in path else path
    stem, ending = _split(name)
    compression = COMPRESSIONS.get(ending)
    if compression:
        _, ending = _split(stem)
    return EXTENSIONS.get(ending), compression


def _split(name: str) -> tuple[str, str]:
    """(`data.csv`, `.gz`) of `data.csv.gz`; the ending in lower case."""
    name = name.replace("\\", "/").rpartition("/")[2]
    dot = name.rfind(".")
    return (name[:dot], name[dot:].lower()) if dot >= 0 else (name, "")


def _name(path: str) -> str:
    return "standard input or output" if path == "-" else shown(path, 1000)
