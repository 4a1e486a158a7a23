"""Words for messages: a user's texts, lists of names, files."""

from __future__ import annotations

# What `gradcli grad --csv` calls the column of a variable named value: `value` is the result.
VALUE_VARIABLE = "value (variable)"

UTF8_CURE = "iconv -f LATIN1 -t UTF-8 converts a text from Latin-1"
UTF16_CURE = "iconv -f UTF-16 -t UTF-8 converts it"


def shown(text: str, width: int = 60) -> str:
    """A user's text for a message: one line, nothing invisible, not too long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f"{text[: width - 3]}..." if len(text) > width else text


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`x`, `x and y`, `x, y and z`; of a long list the first ten."""
    if len(words) > 12:
        return f"{', '.join(map(shown, words[:10]))} and {len(words) - 10} more"
    *others, last = map(shown, words)
    return f"{', '.join(others)} and {last}" if others else last


def quoted(text: str) -> str:
    """A user's text as a word of the shell."""
    import shlex

    return shlex.quote(shown(text))


def label_of(path: str) -> str:
    """What messages call a file."""
    return "standard input" if path == "-" else shown(path, 1000)
