"""Where text comes from: an argument, a file, or standard input."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.words import UTF8_CURE, UTF16_CURE, label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def expression(command: str, parameters: dict[str, Any]) -> str:
    """The text of EXPR or of `--file`. Raises UsageError."""
    given, path = parameters["EXPR"], parameters["file"]
    if given is not None and path is not None:
        raise UsageError("EXPR and --file are both given", "leave one of them out")
    if given is None and path is None:
        raise UsageError(
            f"{command} needs an expression",
            f'write gradcli {command} "x**2 + 3*x + 1" --at x=2, or --file FILE, or - for standard input',
        )
    path = "-" if given == "-" else path
    if path == "-" and parameters.get("points") == "-":
        raise UsageError(
            "the expression and --points are both to come from standard input", "put one of them in a file"
        )
    text = given if path is None else read_text(path)
    if not text.strip():
        where = "" if path is None else f" in {label_of(path)}"
        raise UsageError(f"the expression{where} is empty", f'write gradcli {command} "x**2 + 3*x + 1" --at x=2')
    return text


def read_text(path: str) -> str:
    """The whole text of a file, or of standard input for `-`. Raises UsageError."""
    label = label_of(path)
    if "\0" in path:
        raise UsageError(f"{label} is no name of a file")
    try:
        data = _standard_input() if path == "-" else _file(path)
    except OSError as error:
        raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None
    try:
        # The mark at the start is what Windows programs write.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UsageError(f"{label} is UTF-16, not UTF-8", UTF16_CURE) from None
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{label} is not UTF-8: byte 0x{data[error.start]:02x} in line {line}"
        raise UsageError(what, UTF8_CURE) from None


def _file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _standard_input() -> bytes:
    import sys

    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read()
