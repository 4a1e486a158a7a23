"""Texts of instruments, on their way to a reader of CSV: without comments, and with one blank between cells."""

from __future__ import annotations

from gradcli.tables.files import LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from gradcli.tables.formats import Format


def cleaned(stream: Any, form: Format) -> Any:
    """The stream of a text, without what is no cell of this form."""
    return Cleaned(stream, form) if form.comment or form.delimiter == " " else stream


class Cleaned:
    """A stream of whole lines. Those of comments stay as empty ones, so that a line keeps its number."""

    def __init__(self, stream: Any, form: Format) -> None:
        import re

        self._stream = stream
        self._rest = b""
        self._steps: list[tuple[re.Pattern[bytes], bytes]] = []
        if form.comment:
            sign = re.escape(form.comment.encode())
            self._steps.append((re.compile(rb"(?m)^(\xef\xbb\xbf)?[ \t]*" + sign + rb"[^\r\n]*"), b""))
        if form.delimiter == " ":
            self._steps.append((re.compile(rb"(?m)^[ \t]+|[ \t]+(?=[\r\n]|\Z)"), b""))
            self._steps.append((re.compile(rb"[ \t]+"), b" "))

    def read(self, size: int) -> bytes:
        """About so many bytes, none at the end."""
        while True:
            parts, missing = [self._rest], size
            while missing > 0 and (part := self._stream.read(missing)):
                parts.append(part)
                missing -= len(part)
            text = b"".join(parts)
            # A line without an end is the reader's to refuse.
            whole = len(text) if missing > 0 or len(text) > LONGEST else text.rfind(b"\n") + 1
            self._rest, text = text[whole:], text[:whole]
            for pattern, instead in self._steps:
                text = pattern.sub(instead, text)
            if text or missing > 0:
                return text

    def close(self) -> None:
        """Let go of the stream."""
        self._stream.close()
