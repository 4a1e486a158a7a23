"""A terminal, a pipe or a file: colour by rich's rules, and lines that are never cut or folded.

Lines are plain text that never passes through rich, so nothing of a user's text is markup, no digit is folded, and a
million lines cost what they weigh.
"""

from __future__ import annotations

import sys

from gradcli.text import MANNER, visible
from gradcli.views.prose import GAP, columns, wrapped
from gradcli.views.terminal import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

ESCAPE = "\x1b["
WIDEST = 100  # columns of prose: longer lines are hard to read

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
    # The curves of a picture.
    "first": "bold cyan",
    "second": "bold yellow",
    "third": "bold green",
    "fourth": "bold magenta",
    "fifth": "bold blue",
    "sixth": "bold red",
}


class Screen:
    """Where a view prints.

    width: columns of a terminal, None where the lines go to a pipe or a file;
    prose: columns to which prose is folded, wherever it goes; ascii: the encoding has no line-drawing characters.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self.file = file or sys.stdout
        if hasattr(self.file, "reconfigure"):  # a name that the encoding does not have is no reason to fail
            self.file.reconfigure(errors="backslashreplace")
        terminal = Terminal(self.file)
        self.width = terminal.width
        self.prose = max(20, min(terminal.columns, WIDEST))
        self.ascii = terminal.ascii
        self._terminal = terminal
        self._begun = False
        self._codes: dict[str, tuple[str, str]] = {"": ("", "")}

    def line(self, text: str = "") -> None:
        """Print one line; blanks at its end are dropped, and of what is no text only the codes of our styles pass."""
        if not text.isprintable():
            codes = {code for pair in self._codes.values() for code in pair}
            first, *others = text.split(ESCAPE)
            parts = [_plain(first)]
            for part in others:
                end = part.find("m") + 1
                code = ESCAPE + part[:end]
                parts.append(code + _plain(part[end:]) if code in codes else _plain(ESCAPE + part))
            text = "".join(parts)
        self.file.write(text.rstrip() + "\n")
        self._begun = True

    def part(self) -> None:
        """Begin a part: an empty line, unless nothing stands above."""
        if self._begun:
            self.line()

    def fits(self, columns: int) -> bool:
        """Is it wide enough for a line of so many columns?"""
        return self.width is None or columns <= self.width

    def sentence(self, text: str, style: str = "", indent: str = "") -> None:
        """Print a sentence: on a terminal it breaks between words. indent: of its further lines."""
        for line in self.folded(text, indent):
            self.line(self.paint(line, style))

    def beside(self, parts: Sequence[tuple[str, str]], aside: str) -> None:
        """Print (text, style) in columns and what is said beside them: below them where there is no room."""
        painted = GAP.join([self.paint(text, style) for text, style in parts])
        if self.fits(columns(GAP.join([text for text, _ in parts] + [aside]).rstrip())):
            self.line(f"{painted}{GAP}{aside}")
            return
        self.line(painted)
        self.sentence(f"  {aside}", indent="  ")

    def labelled(self, label: str, text: str, style: str) -> None:
        """Print a text beside its label: the further lines of an array under the first."""
        for k, part in enumerate(text.split("\n")):
            self.line(f"{' ' * columns(label) if k else label}{GAP}{self.paint(part, style)}")

    def folded(self, text: str, indent: str = "") -> list[str]:
        """The lines of a sentence."""
        return [text] if self.fits(columns(text)) else wrapped(text, self.width or 0, indent)

    def say_rounded(self, digits: int | None) -> None:
        """Where a table was rounded to fit: how to see all digits."""
        if digits is not None:
            what = f"rounded to {digits} digits to fit the terminal; --round 17 shows all of them"
            self.sentence(what, "faint")

    def paint(self, text: str, style: str) -> str:
        """The text in one of STYLES, where there is colour; no style leaves it as it is."""
        codes = self._codes.get(style)
        if codes is None:
            codes = self._codes[style] = ("", "") if MANNER.colourless else self._terminal.codes(STYLES[style])
        return codes[0] + text + codes[1] if text and codes[1] else text


def _plain(text: str) -> str:
    return visible(text).replace("\n", " ")
