"""A table in a file as chunks of rows, whatever its format."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from gradcli.errors import UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.places import Place
from gradcli.words import VALUE_VARIABLE, shown


class Source:
    """A table that can be read in chunks; the base of the formats.

    label: what messages call it. names: all its columns. keys: of a JSON line itself, whose columns may be inside
    one of them. units: "rows" or "bytes", what `total` and the
    positions of chunks count; total: None where it is not known, as of standard input.
    """

    units = "rows"
    _schema: pa.Schema  # of the file, where it has one

    def __init__(self, label: str) -> None:
        self.label = label
        self.names: tuple[str, ...] = ()
        self.keys: tuple[str, ...] = ()
        self.total: int | None = None

    def schema(self, columns: Sequence[str], numbers: Sequence[str] = ()) -> pa.Schema:
        """The schema of what `chunks` gives, known before any row is read; here that of a file with types."""
        return pa.schema([self._schema.field(k) for k in indices(self.label, self.names, columns, numbers)])

    def count(self, columns: Sequence[str], width: int, numbers: Sequence[str] = ()) -> int | None:
        """How many chunks there will be; None where only reading tells."""
        return None

    def chunks(
        self,
        columns: Sequence[str],
        width: int,
        first: int = 0,
        stop: int | None = None,
        lenient: bool = False,
        numbers: Sequence[str] = (),
    ) -> Iterator[Chunk]:
        """Chunks first..stop (half-open; None: to the end) of the file.

        columns: what to read, in this order; the k-th mention of a name is the k-th column of it. width: how
        many numbers will be added to each row. numbers: those of the columns that are variables.
        lenient: rows that cannot be read are left out, and listed in the chunk's `dropped`.
        Where chunks begin and end depends on the file and on these arguments, all but first and stop.
        Raises UsageError.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_table(place: Place, kind: str, compression: str | None = None) -> Source:
    """The table in a file of this format. Raises UsageError."""
    if kind in ("csv", "tsv"):
        from gradcli.tables.delimited import DelimitedSource

        return DelimitedSource(place, "," if kind == "csv" else "\t", compression)
    if kind == "jsonl":
        from gradcli.tables.jsonlines import JsonSource

        return JsonSource(place, compression)
    if kind == "parquet":
        from gradcli.tables.columnar import ParquetSource

        return ParquetSource(place)
    if kind == "arrow":
        from gradcli.tables.columnar import arrow_source

        return arrow_source(place)
    from gradcli.tables.npzfile import NpzSource

    return NpzSource(place)


def column_of(names: Sequence[str], variable: str) -> str | None:
    """The name as the file has it of the column that holds a variable of an expression; None: there is none.

    Names are compared as the language does, blanks around them off and in Unicode's form NFKC. What
    `gradcli grad --csv` calls `value (variable)` is the variable `value`.
    """
    import unicodedata

    if variable == "value" and VALUE_VARIABLE in names:
        return VALUE_VARIABLE
    wanted = unicodedata.normalize("NFKC", variable)
    for name in names:
        if unicodedata.normalize("NFKC", name.strip()) == wanted:
            return name
    return None


def indices(label: str, names: Sequence[str], columns: Sequence[str], numbers: Sequence[str] = ()) -> list[int]:
    """Where the columns are among the names; the k-th mention of a name is its k-th place. Raises UsageError."""
    places: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        places.setdefault(name, []).append(k)
    for name in numbers:
        if len(places.get(name, ())) > 1:
            raise UsageError(f"{label} has two columns {shown(name)}", "rename one of them")
    found = []
    for name in columns:
        left = places.get(name)
        if not left:
            raise UsageError(f"{label} has no column {shown(name)}", _columns_cure(names))
        found.append(left.pop(0))
    return found


def _columns_cure(names: Sequence[str]) -> str:
    from gradcli.words import listed

    return f"its columns are {listed(tuple(names))}" if names else ""


@contextmanager
def worded(
    place: Place, broken: str = "the file is damaged", kinds: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Errors of pyarrow, of the system and of these kinds as UsageErrors about this file.

    The client of a store may raise anything, so of a file elsewhere all errors are.
    """
    kinds = (pa.ArrowException, *kinds) if place.root is None else (Exception,)
    try:
        yield
    except UsageError:
        raise
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else f"{broken} ({_line(error)})"
        raise UsageError(f"{place.label} cannot be read: {reason}") from None
    except kinds as error:
        what = broken if isinstance(error, pa.ArrowException) or place.root is None else "the store fails"
        raise UsageError(f"{place.label} cannot be read: {what} ({_line(error)})") from None


def _line(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0].rstrip(".")
    return shown(text or type(error).__name__, 200)
