"""Text to tokens: one regular expression, one pass.

A token is its own text; where it stands is found again when somebody asks (an error, a
note, a view), because most runs never do and a million positions cost more than the tokens.
"""

from __future__ import annotations

from itertools import islice

from gradcli.core.integers import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from gradcli.core.integers import Integers

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")

_DIGITS = r"[0-9](?:_?[0-9])*+"
_NUMBER = rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
# What may stand in a name: no ASCII but letters, digits and _, and none of the signs that are operators.
# `str.isidentifier` has the last word.
_NO_NAME = r"\s\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa0−×·÷≤≥≠⋅∙∗∕⁰¹²³⁴-⁹⁺⁻√"
_NAME = rf"[^{_NO_NAME}0-9][^{_NO_NAME}]*+"
_LONG = ("...", "**", "//", "<=", ">=", "==", "!=", "=<", "&&", "||", ":=", "->", "=>", "<>")
_ALONE = r"[()+,;\n]"  # signs that begin no longer one, and are most of those in a long text
_SIGN = rf"{'|'.join(''.join(f'[{c}]' for c in sign) for sign in _LONG)}|[⁰¹²³⁴-⁹⁺⁻]+|."
# A comment runs to the end of its line, so blanks and one comment are all that can stand before a token.
_TOKEN = rf"[^\S\n]*+(?:#[^\n]*+)?({_NAME}|{_ALONE}|{_NUMBER}|{_SIGN})"
# How many characters may still be scanned by hand: to load `re` and to compile the expression takes longer.
_left = 4_000


def _token() -> re.Pattern[str]:
    import re

    return re.compile(_TOKEN, re.DOTALL)  # which `re` keeps


def split(text: str) -> list[str]:
    """The tokens of the text; the last one is the newline that ends the last statement."""
    if _is_by_hand(text):
        return [text[start:end] or "\n" for start, end in scanned(text + "\n")]
    return _token().findall(text + "\n")


def _is_by_hand(text: str) -> bool:
    global _left
    if len(text) >= _left or not text.isascii():
        return False
    _left -= len(text) + 1
    return True


def scanned(text: str) -> Iterator[tuple[int, int]]:
    """Where the tokens of an ASCII text stand that ends in a newline, without `re`."""
    i = 0
    while i < len(text):
        sign = text[i]
        if sign == "#":
            i = text.index("\n", i)
        elif sign.isspace() and sign != "\n":
            i += 1
        else:
            end = _end(text, i)
            yield i, end
            i = end


def _end(text: str, i: int) -> int:
    """Where the token ends that begins here."""
    if text[i].isdigit() or (text[i] == "." and text[i + 1].isdigit()):
        return _number_end(text, i)
    if text[i].isalpha() or text[i] == "_":
        while text[i].isalnum() or text[i] == "_":
            i += 1
        return i
    return i + next((len(sign) for sign in _LONG if text.startswith(sign, i)), 1)


def _number_end(text: str, i: int) -> int:
    i = _digits_end(text, i)
    if text[i] == ".":
        i = _digits_end(text, i + 1)
    if text[i] in "eE":
        first = i + 1 + (text[i + 1] in "+-")
        i = _digits_end(text, first) if text[first].isdigit() else i
    return i


def _digits_end(text: str, i: int) -> int:
    """Past the digits that begin here, if any, and what is between them: single underscores."""
    while text[i].isdigit() or (text[i] == "_" and text[i - 1].isdigit() and text[i + 1].isdigit()):
        i += 1
    return i


def locate(text: str, first: int, last: int) -> tuple[int, int]:
    """Where the tokens from `first` to `last` stand, for one error: nothing behind them is read."""
    found = list(islice(_spans(text), first, last + 1))
    return min(found[0][0], len(text)), min(found[-1][1], len(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    if _is_by_hand(text):
        return scanned(text + "\n")
    return (match.span(1) for match in _token().finditer(text + "\n"))


def positions(text: str) -> tuple[Integers, Integers]:
    """Where each token starts and ends, in code points."""
    starts, ends = integers(len(text)), integers(len(text))
    for start, end in _spans(text):
        starts.append(start)
        ends.append(end)
    return starts, ends
