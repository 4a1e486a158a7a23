"""Files as bytes and as text, by the standard library: opened, looked at, unpacked, decoded."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager, suppress
from io import UnsupportedOperation

from gradcli.errors import UsageError
from gradcli.text import UTF8_CURE, UTF16_CURE, label_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

UTF16 = (b"\xff\xfe", b"\xfe\xff")  # with what such a text begins

LOOKED_AT = 2**16  # bytes by which a file without a name is judged
LONGEST = 16 * 2**20  # bytes of a line of text, or of a row
PIECE = 2**20

DAMAGED = "its compression is damaged"


def contents(label: str, file: Any, compression: str | None = None) -> str:
    """The whole text of an open file, a text without line ends refused before memory ends. Raises UsageError.

    compression: of what the file is unpacked from, see `spoilt`.
    """
    parts: list[bytes] = []
    length = 0  # of the last line
    with worded(label, DAMAGED, spoilt(compression)):
        while part := file.read(PIECE):
            if not parts and b"\0" in part and not part.startswith(UTF16):
                raise no_text(label)
            at = part.rfind(b"\n")
            length = len(part) - at if at >= 0 else length + len(part)
            if length > LONGEST:
                raise UsageError(f"{label} has a line of more than {length >> 20} MB", "the line ends may be missing")
            parts.append(part)
    return decoded(label, b"".join(parts))


def no_text(label: str) -> UsageError:
    """What is said of a file that is one of another kind, or of wide characters without a mark."""
    return UsageError(f"{label} is no text: it holds zero bytes")


def unpacked(file: Any, compression: str | None) -> Any:
    """What reads the text of a file that may be compressed; beside OSError it may raise what is `spoilt`."""
    if compression == "gzip":
        import gzip

        return gzip.GzipFile(fileobj=file)
    if compression == "bz2":
        import bz2

        return bz2.BZ2File(file)
    if compression is None:
        return file
    import pyarrow

    return pyarrow.CompressedInputStream(file, compression)


def spoilt(compression: str | None) -> tuple[type[Exception], ...]:
    """What is raised where a compressed text is damaged or cut off."""
    if compression is None:
        return ()
    import zlib

    return EOFError, zlib.error


@contextmanager
def worded(label: str, broken: str = "the file is damaged", kinds: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raises errors of the system and of these kinds as UsageErrors about a file."""
    kinds = (OSError, *kinds)
    try:
        yield
    except UsageError:
        raise
    except kinds as error:
        why = getattr(error, "strerror", None)
        if not why:
            said = str(error).strip().partition("\n")[0].rstrip(".")
            why = f"{broken} ({shown(said or type(error).__name__, 200)})"
        raise UsageError(f"{label} cannot be read: {why}") from None


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
    with worded(label):
        with suppress(UnsupportedOperation):  # of a stream that is no file
            refuse_endless(label, os.fstat(sys.stdin.fileno()) if path == "-" else os.stat(path))
        return sys.stdin.buffer if path == "-" else open(path, "rb")


def let_go(file: Any) -> None:
    """Close a file, but for standard input; None is none."""
    if file is not None and (sys.stdin is None or file is not sys.stdin.buffer):
        file.close()


def head_of(label: str, file: Any) -> bytes:
    """The first bytes of a file, which stay to be read. Raises UsageError."""
    try:
        with worded(label):
            if hasattr(file, "peek"):
                return bytes(file.peek(LOOKED_AT))
            head = bytes(file.read(LOOKED_AT))
            file.seek(0)
            return head
    except UsageError:
        let_go(file)
        raise


def refuse_endless(label: str, status: os.stat_result) -> None:
    """Raises UsageError where a file is a device that gives bytes for ever, as /dev/zero does."""
    if not stat.S_ISCHR(status.st_mode):
        return
    for name in ("/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
        if os.path.exists(name) and os.stat(name).st_rdev == status.st_rdev:
            raise UsageError(f"{label} is a device without an end", "name a file")
