"""The numbers and arrays that a user gives: constants of our language, each with its text.

A number is a pair (float64, text): floats compute with the first, `--digits` with the second.
Where arrays may stand the first is a float64 array of NumPy.
"""

from __future__ import annotations

from gradcli.errors import ExpressionError, UsageError, excerpt
from gradcli.text import pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.commands.inputs.layout import ArrayFiles

Number = tuple[float, str]

_DECIMAL = r"[-+−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?"

MOST_POINTS = 10**10  # of one run: hours

VALUE_CURE = "write a number, such as 2, 1/3 or pi/4"


def constant(place: str, text: str) -> Number:
    """The number that an expression of constants stands for. Raises UsageError, which names the place."""
    value, text = number_or_array(place, text)
    if not isinstance(value, float):
        raise UsageError(f'{place}: "{shown(text)}" is more than one number', "write one number")
    return value, text


def number_or_array(place: str, text: str, files: ArrayFiles | None = None) -> tuple[Any, str]:
    """The same, where the expression may stand for an array and `@FILE` for one in a file. Raises UsageError."""
    text = text.strip()
    if not text:
        raise UsageError(f"{place}: the value is missing", VALUE_CURE)
    # A plain decimal needs no parser: nearly every value is one.
    if text.isascii() and text[-1] in "0123456789." and (text[0] in ".-" or text[0].isdigit()):
        try:
            return float(text), text
        except ValueError:
            pass
    if text[0] == "@" and files is not None:
        from gradcli.commands.inputs.arrayfile import array_in

        return array_in(place, text[1:].strip(), files), text
    _mind_foreign(place, text)
    return _evaluated(place, text), text


def vanishes(value: Any, text: str) -> bool:
    """Is a value that is 0 as a float a plain decimal that is not?"""
    mantissa = text.lower().partition("e")[0].lstrip("-").replace(".", "", 1)
    return type(value) is float and value == 0 and mantissa.isdecimal() and mantissa.strip("0") != ""


def _mind_foreign(place: str, text: str) -> None:
    """`0:1:11` is a sweep; `1.000+-0.002`, `5±2%`, `2.00(12)e-3` are no sum and no product, but an uncertainty."""
    if not {*text} & {*":±+("}:
        return
    import re

    if place.startswith("--at") and re.fullmatch(r"[^\[\]()]+:[^\[\]()]+", text):
        raise UsageError(f"{place}: {shown(text)} is a range", f"write --sweep {place.removeprefix('--at ')}=0:1:11")
    found = re.fullmatch(
        rf"({_DECIMAL})\s*(?:(?:±|\+/?[-−])\s*{_DECIMAL}\s*%?|\([0-9.]+\)(?P<power>e[-+]?[0-9]+)?)"
        rf"|(?P<law>rect|tri|arcsine|uniform|normal|t)\(\s*({_DECIMAL})\s*,\s*({_DECIMAL})?.*\)",
        text, re.IGNORECASE,
    )  # fmt: skip
    if found:
        number = f"{found[1] or found[4]}{found['power'] or ''}"
        if found[5] and found["law"] not in ("normal", "t"):  # these are bounds, and the value is their middle
            number = f"({found[4]}+{found[5]})/2"
        raise UsageError(
            f"{place}: {shown(text)} is a number with its uncertainty",
            f"write {number} alone, or give it to gradcli propagate",
        )


def _evaluated(place: str, text: str) -> Any:
    from gradcli.api.function import Function
    from gradcli.language.parser import parse

    if len(list(pieces(text, ";"))) > 1 or "\n" in text:
        raise UsageError(f'{place}: "{shown(text)}" is several statements', "put commas between values: x=1,y=2")
    try:
        program = parse(text)
        if program.variables:
            name = program.variables[0]
            message = f"{place}: {name} is no constant"
            meant = constant_like(name)
            cure = f"did you mean {meant}?" if meant else "a value is a number, as in 2, 1/3 or pi/4"
            raise ExpressionError(message, text, program.span(program.leaf[name]), cure)
        value = Function(program).evaluate_at({}, gradient=False).value
    except ExpressionError as error:
        message = error.message if error.message.startswith(place) else f"{place}: {error.message}"
        raise UsageError(f"{message}\n{excerpt(text, error.span)}", error.cure) from None
    if isinstance(value, tuple):
        raise UsageError(f'{place}: "{shown(text)}" is more than one number', "write one number")
    return value


def constant_like(name: str) -> str | None:
    """The constant that others call so, or nothing."""
    from gradcli.core.graph import CONSTANTS

    folded = name.lower()
    folded = "inf" if folded in ("infinity", "infty", "oo") else folded
    return folded if folded in CONSTANTS else None


def name_of(place: str, text: str, cure: str = "") -> str:
    """A variable's name as the language knows it. Raises UsageError."""
    text = text.strip()
    if not text.isidentifier():
        raise UsageError(f'{place}: "{shown(text)}" is not the name of a variable', cure)
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFKC", text)
