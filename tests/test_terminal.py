"""What a stream shows is told by rich's rules without rich."""

from __future__ import annotations

import io
import itertools
import os
import sys

import pytest
from rich.console import Console
from rich.text import Text

from gradcli.views.screen import STYLES
from gradcli.views.terminal import Terminal

SETTINGS = {
    "TERM": (None, "xterm-256color", "dumb"),
    "NO_COLOR": (None, "1", ""),
    "FORCE_COLOR": (None, "1", ""),
    "TTY_COMPATIBLE": (None, "0", "1"),
    "COLUMNS": (None, "20", "x"),
    "LINES": (None, "10"),
}


class Stream(io.StringIO):
    """A stream of this encoding that may be a terminal."""

    def __init__(self, encoding: str | None, terminal: bool) -> None:
        super().__init__()
        self.name_of_encoding, self.terminal = encoding, terminal

    @property
    def encoding(self) -> str | None:  # type: ignore[override]
        return self.name_of_encoding

    def isatty(self) -> bool:
        if self.terminal is None:
            raise ValueError("I/O operation on closed file")
        return self.terminal


def in_rich(file: io.StringIO) -> tuple[object, ...]:
    console = Console(file=file, highlight=False)
    found = []
    for style in STYLES.values():
        with console.capture() as capture:
            console.print(Text("x", style=style), end="")
        found.append(capture.get().split("x"))
    return console.width if console.is_terminal else None, console.options.ascii_only, found


@pytest.mark.skipif(sys.platform == "win32", reason="there rich is asked")
@pytest.mark.parametrize("terminal", [True, False, None])
def test_as_rich_sees_it(terminal, monkeypatch):
    for values in itertools.product(*SETTINGS.values()):
        for name, value in zip(SETTINGS, values, strict=True):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        file = Stream("utf-8", terminal)
        ours = Terminal(file)
        codes = [list(ours.codes(style)) for style in STYLES.values()]
        assert (ours.width, ours.ascii, codes) == in_rich(file), dict(os.environ)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "ascii", "latin-1", None])
def test_what_has_no_line_drawing_characters(encoding):
    assert Terminal(Stream(encoding, False)).ascii == in_rich(Stream(encoding, False))[1]


@pytest.mark.parametrize("settings", [{"TERM": "Unknown"}, {"COLORTERM": "truecolor"}, {"TERM": "xterm-16color"}])
def test_terminals_of_other_names(settings, monkeypatch):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ours = Terminal(Stream("utf-8", True))
    assert [list(ours.codes(style)) for style in STYLES.values()] == in_rich(Stream("utf-8", True))[2]
