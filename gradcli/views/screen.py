"""A terminal, a pipe or a file: colour by rich's rules, and lines that are never cut or folded.

Rich decides whether there is colour (NO_COLOR, FORCE_COLOR, TERM=dumb, a pipe) and how a style
looks. The lines themselves are plain text that never passes through rich, so nothing of a
user's text is markup, no digit is folded, and a million lines cost what they weigh.
"""

from __future__ import annotations

import re
import sys

from gradcli.text import MANNER, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

GAP = "   "  # between columns

# What the views mark, and how it looks.
STYLES = {
    "value": "bold",
    "partial": "bold cyan",
    "operation": "bold",
    "variable": "green",
    "constant": "magenta",
    "number": "blue",
    "faint": "dim",
    "head": "bold",
    "good": "green",
    "bad": "bold red",
    "doubt": "yellow",
}


class Screen:
    """Where a view prints.

    width: columns of a terminal, None where the lines go to a pipe or a file;
    ascii: the encoding has no line-drawing characters.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        from rich.console import Console

        self.file = file or sys.stdout
        if hasattr(self.file, "reconfigure"):  # a name that the encoding does not have is no reason to fail
            self.file.reconfigure(errors="backslashreplace")
        console = Console(file=self.file, highlight=False, color_system=None if MANNER.colourless else "auto")
        self.width = console.width if console.is_terminal else None
        self.ascii = console.options.ascii_only
        self._console = console
        self._codes: dict[str, tuple[str, str]] = {"": ("", "")}

    def line(self, text: str = "") -> None:
        """Print one line; blanks at its end are dropped, and of what is no text only the codes of our styles pass."""
        if not text.isprintable():
            codes = {code for pair in self._codes.values() for code in pair if code}
            parts = re.split(f"({'|'.join(map(re.escape, codes))})", text) if codes else [text]
            text = "".join([part if part in codes else visible(part).replace("\n", " ") for part in parts])
        self.file.write(text.rstrip() + "\n")

    def paint(self, text: str, style: str) -> str:
        """The text in one of STYLES, where there is colour; no style leaves it as it is."""
        codes = self._codes.get(style)
        if codes is None:
            codes = self._codes[style] = self._measure(STYLES[style])
        return codes[0] + text + codes[1] if text and codes[1] else text

    def _measure(self, style: str) -> tuple[str, str]:
        """What rich writes before and after a text of this style."""
        from rich.text import Text

        if self._console.legacy_windows:  # colours by calls of the system, not by characters
            return "", ""
        with self._console.capture() as capture:
            self._console.print(Text("x", style=style), end="")
        before, _, after = capture.get().partition("x")
        return before, after


def columns(text: str) -> int:
    """How many columns the text takes on a terminal (without styles)."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, width: int) -> str:
    """The text with blanks up to this width."""
    return text + " " * (width - columns(text))


def padded(texts: Sequence[str]) -> list[str]:
    """The texts of a column, each as wide as the widest."""
    width = max(map(columns, texts))
    return [pad(text, width) for text in texts]
