"""The table of table formats: names, endings, first bytes, readers and writers. A new format is a row and a file.

Nothing else in the code knows a format by its name.
"""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Format:
    """One format of tables.

    name: as `--from` and `--to` take it. title: for messages. endings: of the names of its files, the first
    of which is written. reader, writer: "module:name" of `reader(place, format, compression)`, a ChunkSource, and of
    `writer(format, compression, folder, schema, added, state)`, a Writer. marks: with what such a file begins.
    plain: "module:name" of the reader of the standard library, `plain(label, text, path)`, a Source, and text: of an
    Encoder, `text(schema, added, delimiter)`; both "" where rows are no text. delimiter: between cells.
    typed: a column is of numbers or of texts; without it all cells are texts. lines: a row is a line that other
    members can be put into. arrays: a column may be an array of any shape, which numpy.load reads.
    """

    marks: tuple[bytes, ...] = ()
    plain = text = delimiter = ""
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
        vars(self).update(further)

    def __reduce__(self) -> tuple[Any, ...]:
        return format_named, (self.name,)

    def __repr__(self) -> str:
        return f"<{self.name}>"


def format_named(name: str) -> Format:
    return FORMATS[name]


CELLS: dict[str, Any] = {
    "reader": "delimited:DelimitedSource", "writer": "textout:TextWriter", "plain": "plain:PlainCells",
    "text": "textout:Delimited", "typed": False,
}  # fmt: skip

ROWS = (
    Format("csv", "CSV", (".csv",), delimiter=",", **CELLS),
    Format("tsv", "TSV", (".tsv", ".tab"), delimiter="\t", **CELLS),
    Format(
        "jsonl", "JSON", (".jsonl", ".ndjson", ".json"), "jsonlines:JsonSource", "textout:TextWriter",
        plain="plain:PlainObjects", text="textout:JsonLines", lines=True,
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

LOOKED_AT = 2**16  # bytes by which a file without a name is judged


def format_of(
    path: str, given: str | None, flag: str, head: bytes | None = None
) -> tuple[Format, str | None]:  # fmt: skip
    """(format, compression) of a file.

    path: its name as typed, `-`, or a URI; given: the value of `flag` (`--from`, `--to`), which wins over the name;
    head: with what the file begins, where it can be looked at. A name that does not tell is then judged by it, and
    it says how a text is compressed. The compression is one of pyarrow's names. Raises UsageError.
    """
    form, compression = by_name(path)
    if given is not None and given not in FORMATS:
        raise UsageError(f"{flag} {given} is not a format", f"the formats are {', '.join(FORMATS)}")
    form = FORMATS[given] if given is not None else form
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
    return form, compression


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
    """The start of a compressed text, as far as the standard library can read it."""
    import bz2
    import zlib

    try:
        if compression == "gzip":
            return zlib.decompressobj(31).decompress(head, LOOKED_AT)
        return bz2.BZ2Decompressor().decompress(head, LOOKED_AT) if compression == "bz2" else b""
    except (zlib.error, OSError):
        return b""


def resolved(name: str) -> Any:
    """What "module:name" of a row stands for, imported now."""
    module, _, attribute = name.partition(":")
    return getattr(__import__(f"gradcli.tables.{module}", fromlist=[attribute]), attribute)


def need_pyarrow(what: str = "reading and writing tables") -> None:
    """Raises UsageError where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise UsageError(f"{what} needs pyarrow, which is not installed", "pip install 'gradcli[data]'") from None


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
