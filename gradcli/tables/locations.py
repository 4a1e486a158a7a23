"""Where files are: on this machine, in a store that a URI names, or standard input."""

from __future__ import annotations

import io
import os
import re
import stat
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
from pyarrow import fs

from gradcli.errors import UsageError
from gradcli.tables.files import LOOKED_AT, head_of, let_go, opened, refuse_endless
from gradcli.text import label_of

SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]+://")

SAFE = "%/:=&?~+!$,;'@()*#"  # of a URI; what else there is in one as typed is quoted


@dataclass(slots=True, weakref_slot=True, eq=False, repr=False)
class Location:
    """A file, which need not exist.

    label: what messages call it (a password in a URI is starred out). path: inside the file system.
    local: the path on this machine, or None. size: in bytes, stamp: time of the last change in ns, each None
    where not known. Locations can be pickled; standard input is the same in no other process.
    """

    label: str
    path: str
    local: str | None = None
    root: str | None = None  # a URI that gives the file system, None for this machine
    size: int | None = None
    stamp: int | None = None
    _held: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Location, (self.label, self.path, self.local, self.root, self.size, self.stamp)

    def __repr__(self) -> str:
        return f"Location({self.label!r})"

    @property
    def name(self) -> str:
        """The last part of the path."""
        path = self.path.rstrip("/")
        return os.path.basename(path) if self.local is not None else path.partition("?")[0].rpartition("/")[2]

    @property
    def filesystem(self) -> fs.FileSystem:
        """Where it is, for pyarrow."""
        return fs.LocalFileSystem() if self.root is None else filesystem_of(self.root)[0]

    @property
    def standard_input(self) -> bool:
        """Is it what is piped in?"""
        return self.path == "-" and self.local is None and self.root is None

    @property
    def seekable(self) -> bool:
        """Whether it can be read from any byte on, as a pipe cannot."""
        return self.size is not None if self.local is not None else self.root is not None

    def open(self) -> pa.NativeFile:
        """The bytes: random access where `seekable`, else a stream. Raises UsageError."""
        if (self.local is None and self.root is None) or not self.seekable:
            file, self._held = self._stream(), None
            return pa.PythonFile(StandardInput(file), mode="r")
        try:
            if self.local is None:
                with reached(self.label):
                    return self.filesystem.open_input_file(self.path)
            return pa.OSFile(self.local, "rb")
        except OSError as error:
            raise UsageError(f"{self.label} cannot be read: {reason(error)}") from None

    def hold(self, file: Any) -> None:
        """Give it its open file, of which the first bytes were looked at."""
        self._held = file

    def _stream(self) -> Any:
        """The open file of what can be read only once."""
        if self._held is None:
            self._held = opened(self.path)
        return self._held

    def head(self) -> bytes:
        """The first bytes. Raises UsageError."""
        if not self.seekable:
            return head_of(self.label, self._stream())
        if self.local is not None:
            with opened(self.local) as file:
                return head_of(self.label, file)
        with self.stream() as remote, reached(self.label):
            return bytes(remote.read(LOOKED_AT))

    def stream(self) -> pa.NativeFile:
        """The bytes from the first to the last. Raises UsageError."""
        if not self._on_the_web():
            return self.open()
        with reached(self.label):
            return pa.PythonFile(self.filesystem.handler.fs.open(self.path, "rb", block_size=0), mode="r")

    def _on_the_web(self) -> bool:
        return self.root is not None and self.root.lower().startswith("http")

    def _gives_parts(self) -> bool:
        """Whether bytes from the middle can be had; many a web server gives a file only as a whole."""
        if not self._on_the_web():
            return self.seekable
        try:
            with self.open() as file:
                return len(file.read_at(1, 1)) == 1
        except Exception:  # what the client raises is of any class
            return False

    def spooled(self) -> Location:
        """This location, or where it gives no parts a copy of it in a temporary file, which goes with the location."""
        return self if self._gives_parts() else self.copied(self._parts())

    def copied(self, parts: Iterable[bytes]) -> Location:
        """A temporary file of these bytes under this label, which goes with the location."""
        import tempfile

        handle, path = tempfile.mkstemp(prefix="gradcli-")
        copy = Location(self.label, path, path)
        weakref.finalize(copy, os.unlink, path)
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        return stated(copy)

    def _parts(self) -> Iterator[bytes]:
        with self.stream() as stream, reached(self.label):
            while part := stream.read(2**20):
                yield part


class StandardInput(io.RawIOBase):
    """Standard input without the lock of its buffer, which a thread that waits for a slow pipe would hold at exit."""

    def __init__(self, stream: Any) -> None:
        raw = getattr(stream, "raw", None)
        # What was looked at already.
        self._head = stream.read1(len(stream.peek())) if hasattr(stream, "peek") and raw is not None else b""
        self._raw = stream if raw is None else raw
        self._stream = stream  # whose end would close the raw one
        self._read = 0

    def close(self) -> None:
        let_go(self._stream)
        super().close()

    def tell(self) -> int:
        return self._read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """What was looked at first, then the stream."""
        if self._head:
            count = min(len(buffer), len(self._head))
            buffer[:count] = self._head[:count]
            self._head = self._head[count:]
        else:
            count = int(self._raw.readinto(buffer) or 0)
        self._read += count
        return count


def location_of(path: str) -> Location:
    """The location of a path, a URI or `-`; whether something is there is not asked. Raises UsageError."""
    if path == "-":
        return Location(label_of("-"), "-")
    if "\0" in path:
        raise UsageError(f"{label_of(path)} is no name of a file")
    if not SCHEME.match(path):
        return Location(label_of(path), path, path)
    filesystem, inside = filesystem_of(path)
    if isinstance(filesystem, fs.LocalFileSystem):
        return Location(label_of(path), inside, inside)
    return Location(without_password(path), inside, None, path)


def reason(error: OSError) -> str:
    """Why, in a few words."""
    return os.strerror(error.errno) if error.errno else str(error).partition("\n")[0].strip().rstrip(".")


def why(error: Exception) -> str:
    """The same for what a store's client raises."""
    return reason(error) if isinstance(error, OSError) else _first_line(error)


def stated(location: Location) -> Location:
    """With its size and stamp. Raises UsageError where it cannot be read."""
    assert location.local is not None
    try:
        status = os.stat(location.local)
        refuse_endless(location.label, status)
        if not os.access(location.local, os.R_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as error:
        raise UsageError(f"{location.label} cannot be read: {reason(error)}") from None
    if stat.S_ISREG(status.st_mode):
        location.size, location.stamp = status.st_size, status.st_mtime_ns
    return location


# --- stores that a URI names


@lru_cache(maxsize=64)
def filesystem_of(uri: str) -> tuple[fs.FileSystem, str]:
    """(file system, path in it). pyarrow's own where it has one, else fsspec's. Raises UsageError."""
    from urllib.parse import quote

    label = without_password(uri)
    try:
        return fs.FileSystem.from_uri(quote(uri, safe=SAFE))
    except pa.ArrowInvalid as error:
        if "Unrecognized filesystem type" not in str(error):
            raise UsageError(f"{label} is no URI that can be read: {_first_line(error)}") from None
    except ImportError as error:  # of a package that pyarrow hands the scheme to
        raise _package(uri, label, error) from None
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{label} cannot be reached: {_first_line(error)}") from None
    return _from_fsspec(uri, label)


def _from_fsspec(uri: str, label: str) -> tuple[fs.FileSystem, str]:
    scheme = uri.partition("://")[0]
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        what = f"{label}: {scheme}:// needs fsspec, which is not installed"
        raise UsageError(what, "pip install fsspec and the package for the store") from None
    try:
        filesystem, path = url_to_fs(uri)
    except ImportError as error:
        raise _package(uri, label, error) from None
    except ValueError as error:
        what = f"{label}: {scheme}:// is not a kind of store that is known here ({_first_line(error)})"
        raise UsageError(what, "s3://, gs://, hdfs://, abfs://, http:// and what fsspec knows can be read") from None
    return fs.PyFileSystem(fs.FSSpecHandler(filesystem)), path


def _package(uri: str, label: str, error: ImportError) -> UsageError:
    scheme = uri.partition("://")[0]
    return UsageError(f"{label}: {scheme}:// needs another package: {_first_line(error)}")


@contextmanager
def reached(label: str) -> Iterator[None]:
    """Raises errors of a store's client, which can be of any class, as UsageErrors."""
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(f"{label} cannot be reached: {_first_line(error)}") from None


def without_password(uri: str) -> str:
    """A URI for messages."""
    return label_of(re.sub(r"(://[^/:@]*:)[^/@]*@", r"\1***@", uri))


def _first_line(error: BaseException) -> str:
    return label_of(str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__)
