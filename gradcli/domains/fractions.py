"""Exact fractions: what stays rational. A function that leaves the rationals gives None."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

from gradcli.domains.domain import Domain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_POWER = 64


def _pow(x: Fraction, y: Fraction) -> Fraction | None:
    return x**y.numerator if y.denominator == 1 and abs(y) <= LARGEST_POWER and (x != 0 or y > 0) else None


def _exact(function: Callable[..., int]) -> Callable[..., Fraction]:
    return lambda *x: Fraction(function(*x))


PRIMITIVES: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "pow": _pow,
    "div": lambda x, y: x / y if y else None,
    **{name: _exact(getattr(operator, name)) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    "logical_and": lambda x, y: Fraction(bool(x and y)), "logical_or": lambda x, y: Fraction(bool(x or y)),
    "logical_not": lambda x: Fraction(not x),
    "where": lambda c, x, y: x if c else y,
    "max": max, "min": min, "abs": abs, "detach": lambda x: x, "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "floor": _exact(math.floor), "ceil": _exact(math.ceil), "round": _exact(round), "trunc": _exact(math.trunc),
}  # fmt: skip

FRACTIONS = Domain(PRIMITIVES, Fraction)


def evaluate(name: str, operands: list[Fraction]) -> Fraction | None:
    """One operation, exactly; None where the result is not rational, or not known to be.

    >>> evaluate("div", [Fraction(1), Fraction(3)])
    Fraction(1, 3)
    """
    try:
        return FRACTIONS[name](*operands)
    except (ArithmeticError, ValueError, TypeError, KeyError):
        return None
