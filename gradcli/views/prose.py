"""Texts of so many columns: padded, folded between words alone, and a word beside what is said of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What is never folded: a word, with the code in it, which may hold blanks; and the blanks before it.
WORD = r"\s*(?:`[^`]*`|[^\s`]|`)+"
GAP = "   "  # between columns
LEAST = 24  # columns for what is said beside a word; with fewer it stands below


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
    width = max(map(columns, texts), default=0)
    return [pad(text, width) for text in texts]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of a text of so many columns; a word that is wider has a line of its own. indent: of further lines.

    >>> wrapped("a word and `code of it`, too", 13)
    ['a word and', '`code of it`,', 'too']
    """
    from re import findall

    first, *others = findall(WORD, text) or [""]
    lines = [first]
    for word in others:
        if columns(lines[-1] + word) <= width:
            lines[-1] += word
        else:
            lines.append(indent + word.lstrip())
    return lines


def continued(line: str, width: int) -> list[str]:
    """A command line as lines that a shell reads as one; quotes, and an option and its value, stay together.

    >>> continued('gradcli grad "x**2 + 1" --at x=2', 28)
    ['gradcli grad "x**2 + 1" \\\\', '  --at x=2']
    """
    from re import findall

    if columns(line) <= width:
        return [line]
    word = r"""(?:"[^"]*"|'[^']*'|\S)+"""
    first, *others = findall(rf"(?:>+\s+|--\S+\s+(?![->]))?{word}", line)
    lines = [first]
    for word in others:
        if columns(f"{lines[-1]} {word} ") < width:
            lines[-1] += f" {word}"
        else:
            lines[-1] += " \\"
            lines.append(f"  {word}")
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
