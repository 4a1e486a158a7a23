"""The formats of table files, by name and by the ending of a file's name."""

from __future__ import annotations

from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = ("csv", "tsv", "jsonl", "npz", "parquet", "arrow")

TEXT = ("csv", "tsv", "jsonl")

EXTENSIONS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".npz": "npz",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}

# With what files begin.
MARKS = {b"PAR1": "parquet", b"ARROW1": "arrow", b"\xff\xff\xff\xff": "arrow", b"PK": "npz"}
MARKS_OF_COMPRESSION = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2"}
LOOKED_AT = 2**16

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}  # by pyarrow's names


def format_of(path: str, given: str | None, flag: str) -> tuple[str, str | None]:
    """(format, compression) of a file.

    path: its name as typed, `-`, or a URI; given: the value of `flag` (`--from`, `--to`), which
    wins over the name. The compression is one of pyarrow's names, and only of a text format.
    Raises UsageError.
    """
    kind, compression = by_name(path)
    if given is not None:
        if given not in NAMES:
            raise UsageError(f"{flag} {given} is not a format", f"the formats are {', '.join(NAMES)}")
        kind = given
    if kind is None:
        named = f"one of {', '.join(NAMES)}"
        if path == "-":
            raise UsageError(f"the format of {_name(path)} is not known", f"name it with {flag}: {named}")
        cure = f"{flag} names the format: {named}; or end the name in {', '.join(EXTENSIONS)}"
        raise UsageError(f"{_name(path)} does not end in the name of a format", cure)
    if compression and kind not in TEXT:
        raise UsageError(
            f"{_name(path)}: {kind} is not read or written inside another compression",
            f"it compresses by itself; {', '.join(COMPRESSIONS)} go with {', '.join(TEXT)}",
        )
    return kind, compression


def known(path: str) -> bool:
    """Whether the name ends as that of a table does."""
    return by_name(path)[0] is not None


def sniffed(stdin: Any) -> tuple[str, str | None]:
    """The format and compression of what waits on standard input, by its first bytes, which stay there."""
    head = _head(stdin)
    for mark, compression in MARKS_OF_COMPRESSION.items():
        if head.startswith(mark):
            return "csv", compression
    for mark, kind in MARKS.items():
        if head.startswith(mark):
            return kind, None
    line = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    return "jsonl" if line.startswith(b"{") else "tsv" if b"\t" in line else "csv", None


def _head(stdin: Any) -> bytes:
    if stdin is None:
        return b""
    if hasattr(stdin.buffer, "peek"):
        return bytes(stdin.buffer.peek(LOOKED_AT))
    head = bytes(stdin.buffer.read(LOOKED_AT))
    stdin.buffer.seek(0)
    return head


def need_pyarrow(what: str = "reading and writing tables") -> None:
    """Raises UsageError where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise UsageError(f"{what} needs pyarrow, which is not installed", "pip install 'gradcli[data]'") from None


def by_name(path: str) -> tuple[str | None, str | None]:
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
    from gradcli.words import shown

    return "standard input or output" if path == "-" else shown(path, 1000)
