"""Words for messages: a user's texts, lists of names, files; and the one way of a text to standard error."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO

# In the place of a character that cannot be printed.
MARK = "\N{REPLACEMENT CHARACTER}"

# What `gradcli grad --csv` calls the column of a variable named value: `value` is the result.
VALUE_VARIABLE = "value (variable)"

UTF8_CURE = "iconv -f LATIN1 -t UTF-8 converts a text from Latin-1"
UTF16_CURE = "iconv -f UTF-16 -t UTF-8 converts it"


def visible(text: str) -> str:
    """The same lines, with a mark for each character that cannot be printed: what a terminal may be given.

    Every stream for people asks this last, so no part of a message has to: `tell`, `Screen`, `StandardOutput`.
    """
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() or c == "\n" else " " if c.isspace() else MARK for c in text])


def speaks_utf8(stream: TextIO) -> bool:
    """Does a stream take any text? So does an io.StringIO, which has no encoding."""
    return (stream.encoding or "utf-8").lower() in ("utf-8", "utf8")


class Manner:
    """How this run speaks to people, which the edge of the program decides once.

    quiet: notes are not told; strict: they decide the exit status; noted: there was one, told or not, or NaN;
    colourless: nothing is coloured; painted: what gives a text for standard error its colours, or nothing.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A run about which nothing is decided and in which nothing was said."""
        self.quiet = self.strict = self.noted = self.colourless = False
        self.painted: Callable[[str], str] | None = None


MANNER = Manner()


def tell(text: str) -> None:
    """Print on standard error."""
    seen = visible(text)
    print(MANNER.painted(seen) if MANNER.painted else seen, file=sys.stderr)


def tell_note(text: str) -> None:
    """Print a note on standard error, unless notes are not wanted."""
    MANNER.noted = True
    if not MANNER.quiet:
        tell(text)


def shortened(text: str, width: int = 40) -> str:
    """A text that may have ten million characters: the first of them."""
    return f"{text[: width - 3]}..." if len(text) > width else text


def shown(text: str, width: int = 60) -> str:
    """A user's text for a message: one line, nothing invisible, not too long."""
    return shortened(visible(text).replace("\n", " "), width)


def listed(words: Sequence[str], link: str = "and") -> str:
    """`x`, `x and y`, `x, y and z`; of a long list the first ten."""
    if len(words) > 12:
        return f"{', '.join(map(shown, words[:10]))} and {len(words) - 10} more"
    *others, last = map(shown, words)
    return f"{', '.join(others)} {link} {last}" if others else last


def pieces(text: str, mark: str) -> Iterator[str]:
    """The text split at a mark, outside brackets."""
    depth = start = 0
    for k, c in enumerate(text):
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == mark and depth <= 0:
            yield text[start:k]
            start = k + 1
    yield text[start:]


def quoted(text: str) -> str:
    """A user's text as a word of the shell."""
    import shlex

    return shlex.quote(shown(text))


def label_of(path: str) -> str:
    """What messages call a file."""
    return "standard input" if path == "-" else shown(path, 1000)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None: a slip of a letter or two, an order, a longer form."""
    import difflib

    known = sorted(set(candidates))
    plain = {x.lower().strip("-_"): x for x in known}
    word = name.lower().strip("-_")
    if len(word) < 2 or len(word) > 100:
        return plain.get(word)
    longer = [x for x in plain if len(word) > 2 and x.startswith(word)]
    swapped = [x for x in plain if x[0] == word[0] and sorted(x) == sorted(word)]
    alike = [x for x in plain if len(word) > 3 or x[0] == word[0]]
    close = difflib.get_close_matches(word, alike, n=1, cutoff=0.75 if len(word) > 3 else 0.66)
    found = [word] * (word in plain) + swapped + close + longer
    return plain[found[0]] if found else None
