"""What a stream shows: colour, and how wide, by rich's rules. To ask rich takes longer than a short answer does.

The tests hold this against rich; on Windows, where consoles differ, rich is asked.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

# The numbers of a style in the codes of a terminal: those of a font, and those of a colour, which NO_COLOR leaves out.
FONTS = {"bold": "1", "dim": "2"}
COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36"}


class Terminal:
    """A stream as it looks.

    columns: as it seems, also of a pipe; width: of a terminal, None where the lines go to a pipe or a file; ascii: the
    encoding has no line-drawing characters; fonts, colours: does it show them?
    """

    def __init__(self, file: TextIO) -> None:
        self.ascii = not (getattr(file, "encoding", None) or "utf-8").lower().startswith("utf")
        self.columns = _columns()
        self.width: int | None = None
        self.fonts = self.colours = False
        if _is_terminal(file):
            dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
            sized = all(os.environ.get(name, "").isdigit() for name in ("COLUMNS", "LINES"))
            self.width = 80 if dumb and not sized else self.columns
            self.fonts = not dumb and not _is_old_console()
            self.colours = self.fonts and not os.environ.get("NO_COLOR")

    def codes(self, style: str) -> tuple[str, str]:
        """What stands before and after a text of this style, such as "bold cyan"."""
        shown = {**(FONTS if self.fonts else {}), **(COLOURS if self.colours else {})}
        numbers = [shown[word] for word in style.split() if word in shown]
        return (f"\x1b[{';'.join(numbers)}m", "\x1b[0m") if numbers else ("", "")


def _is_terminal(file: TextIO) -> bool:
    environ = os.environ
    if getattr(sys.stdin, "__module__", "").startswith("idlelib"):  # it claims to be one
        return False
    if environ.get("TTY_COMPATIBLE") in ("0", "1"):
        return environ["TTY_COMPATIBLE"] == "1"
    if "FORCE_COLOR" in environ:
        return environ["FORCE_COLOR"] != ""
    try:
        return file.isatty()
    except ValueError:  # it is closed
        return False


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isdigit():
        return int(told) - _is_old_console() or 80
    for stream in (0, 1, 2):
        try:
            return os.get_terminal_size(stream).columns or 80
        except (AttributeError, ValueError, OSError):
            continue
    return 80


def _is_old_console() -> bool:
    """A console of Windows that takes no codes."""
    if sys.platform != "win32":
        return False
    from rich.console import detect_legacy_windows

    return detect_legacy_windows()
