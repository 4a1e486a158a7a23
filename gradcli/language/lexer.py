"""Text to tokens: one regular expression, one pass.

A token is its own text; where it stands is found again when somebody asks (an error, a
note, a view), because most runs never do and a million positions cost more than the tokens.
"""

from __future__ import annotations

import re
from array import array
from itertools import islice

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")

_DIGITS = r"[0-9](?:_?[0-9])*+"
_NUMBER = rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
# What may stand in a name: no ASCII but letters, digits and _, and none of the signs that are operators.
# `str.isidentifier` has the last word.
_NO_NAME = r"\s\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa0−×·÷≤≥≠⋅∙∗∕⁰¹²³⁴-⁹⁺⁻√"
_NAME = rf"[^{_NO_NAME}0-9][^{_NO_NAME}]*+"
_SIGN = r"\*\*|//|<=|>=|==|!=|=<|&&|\|\||:=|->|=>|<>|\.\.\.|[⁰¹²³⁴-⁹⁺⁻]+|."
# A comment runs to the end of its line, so blanks and one comment are all that can stand before a token.
TOKEN = re.compile(rf"[^\S\n]*+(?:#[^\n]*+)?({_NUMBER}|{_NAME}|{_SIGN})", re.DOTALL)


def split(text: str) -> list[str]:
    """The tokens of the text; the last one is the newline that ends the last statement."""
    return TOKEN.findall(text + "\n")


def locate(text: str, first: int, last: int) -> tuple[int, int]:
    """Where the tokens from `first` to `last` stand, for one error: nothing behind them is read."""
    found = [match.span(1) for match in islice(TOKEN.finditer(text + "\n"), first, last + 1)]
    return min(found[0][0], len(text)), min(found[-1][1], len(text))


def positions(text: str) -> tuple[array[int], array[int]]:
    """Where each token starts and ends, in code points."""
    starts, ends = array("q"), array("q")
    for match in TOKEN.finditer(text + "\n"):
        start, end = match.span(1)
        starts.append(start)
        ends.append(end)
    return starts, ends
