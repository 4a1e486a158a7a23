"""Tables opened, for reading and for writing, by the rows of the table of formats."""

from __future__ import annotations

from io import BytesIO

from gradcli.errors import UsageError
from gradcli.tables.cleaning import cleaned
from gradcli.tables.files import contents, head_of, let_go, opened, unpacked
from gradcli.tables.formats import FORMATS, by_name, format_of, has_pyarrow, need_pyarrow, resolved
from gradcli.text import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import pyarrow as pa

    from gradcli.tables.chunksource import ChunkSource
    from gradcli.tables.formats import Format
    from gradcli.tables.locations import Location
    from gradcli.tables.source import Source
    from gradcli.tables.textout import Encoder
    from gradcli.tables.writing import Writer


SHORT = 2**20  # bytes of a text that the standard library reads before pyarrow would be loaded


class TableFile:
    """A file that is open, and known by its first bytes. path: a path, a URI, or `-` for standard input."""

    def __init__(self, path: str, layout: dict[str, Any], given: str | None = None) -> None:
        """layout, given: as in `format_of`. Raises UsageError."""
        self.label = label_of(path)
        self._path = path
        form = by_name(path)[0] if given is None else FORMATS.get(given)
        self._file: Any = None
        self.head = b""
        if "://" not in path and (form is None or form.text or path == "-"):
            self._file = opened(path)
            self.head = head_of(self.label, self._file)
        try:
            head = self.head if self._file else None
            self.form, self._compression = format_of(path, given, "--from", head, layout)
        except UsageError:
            let_go(self._file)
            raise

    @property
    def plain(self) -> bool:
        """Is it a text on this machine?"""
        return self._file is not None and bool(self.form.plain)

    def text(self) -> str:
        """All of it, once. Raises UsageError."""
        try:
            return contents(self.label, cleaned(unpacked(self._file, self._compression), self.form), self._compression)
        finally:
            let_go(self._file)

    def seekable(self) -> Any:
        """What numpy.load takes, to be closed by the caller. Raises UsageError."""
        if self._file is None:
            return opened(self._path)
        try:
            return BytesIO(self._file.read())
        finally:
            let_go(self._file)

    def table(self, text: str | None = None, bare: bool = False) -> Source:
        """text: of the file, where it is read already; bare: a text may be without a header. Raises UsageError."""
        if self.plain:
            found: Source = resolved(self.form.plain)(
                self.label, self.text() if text is None else text, self.form, bare
            )
            return found
        return self._chunked()

    def stream(self) -> Source:
        """The same for one pass over the rows: a long text is read in chunks too, where pyarrow is installed.

        Raises UsageError.
        """
        if self.plain and (self._is_short() or not has_pyarrow()):
            return self.table()
        return self._chunked()

    def _is_short(self) -> bool:
        import os
        from stat import S_ISREG

        try:
            status = os.fstat(self._file.fileno())
        except OSError:  # bytes in memory
            return True
        return S_ISREG(status.st_mode) and status.st_size < SHORT

    def _chunked(self) -> ChunkSource:
        need_pyarrow(f"reading {self.label}")
        from gradcli.tables.finding import find

        location, *others = find([self._path])
        if others:
            raise UsageError(f"{self.label} is {len(others) + 1} tables", "name one of them")
        if not location.seekable:
            location.hold(self._file)
        else:
            let_go(self._file)
        return open_table(location, self.form, self._compression)


def open_table(location: Location, form: Format, compression: str | None = None) -> ChunkSource:
    """The table in a file of this format, to be read in chunks by pyarrow. Raises UsageError."""
    found: ChunkSource = resolved(form.reader)(location, form, compression)
    return found


def open_writer(
    form: Format,
    compression: str | None,
    folder: str,
    schema: pa.Schema,
    added: int,
    state: dict[str, Any] | None = None,
) -> Writer:
    """A writer of this format into the folder, which must exist.

    compression: None, "gzip", "zstd" or "bz2", of text.
    added: so many columns at the schema's end are results. state: of an earlier process, to go on
    from; None begins anew, over what may be there.
    UsageError where the format cannot hold a column, or where the folder has lost what the state
    speaks of; OSError where the folder cannot be written.
    """
    found: Writer = resolved(form.writer)(form, compression, folder, schema, added, state)
    return found


def encoder(form: Format, schema: pa.Schema, added: int) -> Encoder:
    """Rows as the text of a format; see open_writer."""
    found: Encoder = resolved(form.text)(schema, added, form.delimiter)
    return found
