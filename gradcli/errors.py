"""Errors that a user can cause. The core raises them, the edge of the program reports them."""

from __future__ import annotations

from gradcli.text import visible


class ExpressionError(ValueError):
    """Something is wrong in the text of an expression.

    text: the whole text; span: the place, half-open, in code points; message: what is wrong,
    one sentence without a full stop; cure: what to write instead, or "".
    `str(error)` shows the line with carets under the place.
    """

    def __init__(self, message: str, text: str, span: tuple[int, int], cure: str = "") -> None:
        self.message = message
        self.text = text
        self.span = span
        self.cure = cure
        super().__init__(message)

    def __reduce__(self) -> tuple[type, tuple[str, str, tuple[int, int], str]]:
        return ExpressionError, (self.message, self.text, self.span, self.cure)

    def __str__(self) -> str:
        cure = f"\n{self.cure}" if self.cure else ""
        return f"{self.message}\n{excerpt(self.text, self.span)}{cure}"


class NoSeriesError(ExpressionError):
    """There is no Taylor series at a point: a kink, a step or a pole is there, or nothing is decided."""


class UsageError(ValueError):
    """The command line, a file or a value is wrong. `cure`: what to do instead, or ""."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message = message
        self.cure = cure
        super().__init__(message + (f"\n{cure}" if cure else ""))


WIDTH = 72  # of an excerpt


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The line of the text that holds the place, and under it carets.

    A long line is cut around the place; `...` stands for what is left out.
    """
    start, end = span
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    end = max(start + 1, min(end, last))
    left = first if last - first <= WIDTH else max(first, min(start - WIDTH // 2, last - WIDTH))
    right = min(last, left + WIDTH)
    before, after = "..." if left > first else "", "..." if right < last else ""
    seen = visible(text[left:right])  # as many characters
    number = text.count("\n", 0, first) + 1
    label = f"line {number}: " if "\n" in text.strip("\n") else ""
    pad = len(label) + len(before) + _width(seen[: start - left])
    marks = "^" * (_width(seen[start - left : min(end, right) - left]) or 1)
    return f"  {label}{before}{seen}{after}\n  {' ' * pad}{marks}"


def _width(text: str) -> int:
    """How many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    width = 0
    for c in text:
        # Marks stand on the letter before them, as do the vowels and finals of a syllable of Hangul.
        if unicodedata.category(c) not in ("Mn", "Me") and not "\u1160" <= c <= "\u11ff":
            width += 1 + (unicodedata.east_asian_width(c) in "WF")
    return width
