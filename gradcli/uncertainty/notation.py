"""How a value with its uncertainty is written: `2±0.1`, `2+-0.1`, `5±2%`, `2.00(12)e-3`, `rect(1,2)`, `t(0,1,5)`."""

from __future__ import annotations

import math
import re

from gradcli.errors import UsageError
from gradcli.text import pieces, shown
from gradcli.uncertainty.inputs import BOUNDED, Input, bounded, of_t

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Constant = Callable[[str, str], float]  # the number that a text stands for; the place, for messages

_SHORT = re.compile(
    r"([-+−]?)([0-9]+(?:\.([0-9]*))?|\.([0-9]+))\(([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\)((?:[eE][-+]?[0-9]+)?)"
)
_LATE = re.compile(r"([-+−]?[0-9]*\.?[0-9]+)([eE][-+]?[0-9]+)\(([0-9.]+)\)")
_MARK = re.compile(r"±|\+/?[-−]")
# Distributions by the names that others use, and how they are written here.
_OTHERS = {
    "uniform": "rect(a,b)", "normal": "m±s", "gauss": "m±s", "triangular": "tri(a,b)", "student": "t(m,s,nu)",
    "ushaped": "arcsine(a,b)", "u-shaped": "arcsine(a,b)",
}  # fmt: skip
CURE = "write 2±0.1, 5±2%, 2.00(12)e-3, rect(1,2), tri(1,2), arcsine(1,2) or t(m,s,nu)"


def input_of(place: str, text: str, constant: Constant) -> Input:
    """The input that a text stands for, a constant where it names no uncertainty. Raises UsageError."""
    text = text.strip()
    if found := _SHORT.fullmatch(text):
        return _short(found)
    if late := _LATE.fullmatch(text):
        number, power, digits = late.groups()
        message = f"{place}: {shown(text)} has its power before the digits in brackets"
        raise UsageError(message, f"write {shown(f'{number}({digits}){power}')}")
    if mark := _between(text):
        _mind_sides(place, text, mark)
        value, percent = constant(place, text[: mark[0]]), text[mark[1] :].strip()
        relative = percent.endswith("%")
        u = constant(place, percent.removesuffix("%"))
        if not 0 <= u < math.inf:
            raise UsageError(f"{place}: {shown(text)} has no uncertainty: it is {u:g}", "write a number from 0: 2±0.1")
        return Input(_finite(place, text, value), abs(value) * u / 100 if relative else u)
    name, bracket, inside = text.partition("(")
    name = name.strip()
    if bracket and name in (*BOUNDED, "t", *_OTHERS) and (text.endswith(")") or _depth(text)):
        if _depth(text):
            raise UsageError(f"{place}: {shown(text)} has a bracket that is not closed", CURE)
        return _distribution(place, text, name, [constant(place, x) for x in pieces(inside[:-1], ",")])
    return Input(_finite(place, text, constant(place, text)))


def decimal(place: str, text: str) -> float:
    """A number as Python's float reads it. Raises UsageError, which names the place."""
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        raise UsageError(f'{place}: "{shown(text)}" is not a number', CURE) from None


def _short(found: re.Match[str]) -> Input:
    """`2.00(12)e-3`: the digits in brackets are of the last places, unless they have a point of their own."""
    sign, number, after, fraction, digits, power = found.groups()
    places = len(after or fraction or "")
    value = float(f"{'-' if sign in '-−' and sign else ''}{number}{power}")
    shift = 0 if "." in digits else -places
    return Input(value, float(f"{digits}e{int(power[1:] or 0) + shift}"))


def _between(text: str) -> tuple[int, int] | None:
    """Where `±` stands outside of brackets, half-open."""
    marks = (m for m in _MARK.finditer(text) if m.start() or m[0] == "±")  # +-1 is a number
    found = next((m for m in marks if not _depth(text[: m.start()])), None)
    return found.span() if found else None


def _mind_sides(place: str, text: str, mark: tuple[int, int]) -> None:
    """Raises UsageError where there is nothing on one side of `±`, or another one."""
    start, end = mark
    if not text[:start].strip():
        raise UsageError(f"{place}: {shown(text)} has no value before {text[start:end]}", "write 2±0.1")
    if not text[end:].strip(" %"):
        raise UsageError(f"{place}: {shown(text)} has no uncertainty after {text[start:end]}", "write 2±0.1")
    if _between(text[end:]):
        raise UsageError(f"{place}: {shown(text)} has more than one uncertainty", "write one: 2±0.1")


def _depth(text: str) -> int:
    return sum(text.count(c) for c in "([") - sum(text.count(c) for c in ")]")


def _distribution(place: str, text: str, name: str, numbers: list[float]) -> Input:
    if name in _OTHERS:
        raise UsageError(f"{place}: there is no distribution {name}", f"write {_OTHERS[name]}")
    wanted = 3 if name == "t" else 2
    if len(numbers) != wanted or not all(map(math.isfinite, numbers)):
        form = "t(m,s,nu)" if name == "t" else f"{name}(a,b)"
        raise UsageError(f"{place}: {shown(text)} is no distribution", f"write {form} with {wanted} finite numbers")
    if name == "t":
        mean, scale, nu = numbers
        if not (scale >= 0 and nu > 2):
            what = f"{place}: {shown(text)} has no standard deviation"
            raise UsageError(what, "t(m,s,nu) needs a scale s from 0 and more than 2 degrees of freedom nu")
        return of_t(mean, scale, nu)
    low, high = numbers
    if low > high:
        raise UsageError(
            f"{place}: {low:g} is not below {high:g}", f"write the lower end first: {name}({high:g},{low:g})"
        )
    return bounded(name, low, high)


def _finite(place: str, text: str, value: float) -> float:
    if not math.isfinite(value):
        raise UsageError(f"{place}: {shown(text)} is no finite number", CURE)
    return value
