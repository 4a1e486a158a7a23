"""Prose for a terminal: lines that are folded between words alone, and a word beside what is said of it."""

from __future__ import annotations

import re

from gradcli.views.screen import columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What is never folded: a word, with the code in it, which may hold blanks.
_WORD = re.compile(r"(?:`[^`]*`|[^\s`]|`)+")
LEAST = 24  # columns for what is said beside a word; with fewer it stands below


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text of so many columns; a word that is wider has a line of its own.

    >>> wrapped("a word and `code of it`, too", 13)
    ['a word and', '`code of it`,', 'too']
    """
    lines = [""]
    for word in _WORD.findall(text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def definitions(rows: Sequence[tuple[str, str]], width: int) -> Iterator[tuple[str, str]]:
    """Lines of two parts, a word and what is said of it: side by side, or below where such lines are too short.

    >>> list(definitions([("x", "a name"), ("3", "a number")], 80))
    [('x   ', 'a name'), ('3   ', 'a number')]
    """
    fitting = [columns(term) for term, _ in rows if columns(term) + 3 + max(LEAST, width // 2) <= width]
    column = max(fitting, default=0) + 3
    beside = 5 * len(fitting) >= 4 * len(rows)
    for term, text in rows:
        first, *rest = wrapped(text, width - (column if beside else 2))
        if beside and columns(term) < column - 2:
            yield term + " " * (column - columns(term)), first
        else:
            yield from ((line, "") for line in wrapped(term, width))
            rest = [first, *rest]
        yield from ((" " * (column if beside else 2), line) for line in rest if line)
