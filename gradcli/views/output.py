"""Standard output for programs: UTF-8, many lines at a time."""

from __future__ import annotations

import sys

from gradcli.errors import UsageError
from gradcli.text import speaks_utf8, visible
from gradcli.views.forms import Form


def speak_utf8() -> None:
    """Formats for programs are UTF-8 whatever the terminal speaks."""
    if not speaks_utf8(sys.stdout):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]


class StandardOutput:
    """Lines are gathered and written in growing batches, so that the first are seen at once."""

    __slots__ = ("_batch", "_lines")

    def __init__(self) -> None:
        speak_utf8()
        self._lines: list[str] = []
        self._batch = 1

    def line(self, text: str) -> None:
        """The next line, without its end."""
        self._lines.append(visible(text))
        if len(self._lines) >= self._batch:
            self.flush()
            self._batch = min(2 * self._batch, 1000)

    def flush(self) -> None:
        """Write what is left."""
        if self._lines:
            self._lines.append("")
            sys.stdout.write("\n".join(self._lines))
            self._lines.clear()


def deliver(text: str, path: str | None) -> None:
    """Write a text to a file, or to standard output where there is none, or it is called -."""
    if path is not None and path != "-":
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    output = StandardOutput()
    for line in text.splitlines():
        output.line(line)
    output.flush()


def deliver_bytes(data: bytes, path: str | None) -> None:
    """The same for what is no text. Raises UsageError where it would go to a terminal."""
    if path is None or path == "-":
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None or sys.stdout.isatty():
            raise UsageError("a PNG is no text for a terminal", "write it into a file: -o FILE.png")
        stream.write(data)
        return
    with open(path, "wb") as file:
        file.write(data)


class Lines(Form):
    """A form of lines for programs."""

    def __init__(self, points: int | None = None, digits: int | None = None) -> None:
        super().__init__(points, digits)
        output = StandardOutput()
        self.line = output.line
        self.end = output.flush  # type: ignore[method-assign]
