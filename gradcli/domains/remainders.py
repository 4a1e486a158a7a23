"""What the float of one operation lacks to its number: its own rounding, for sharp bounds.

The operation runs in numbers of 160 bits (gradcli.domains.wide), by its precise form where it has one. That proves
nothing, so it counts only within the row's own limit; a test holds it against mpmath.
"""

from __future__ import annotations

import math
from math import ulp

from gradcli.domains.domain import Domain
from gradcli.domains.floats import FORMAT, ROUNDED
from gradcli.domains.wide import (
    BITS,
    CIRCLE,
    FIXED,
    INFINITY,
    LOG_2,
    ONE,
    PI,
    Wide,
    atan2,
    cos,
    exp,
    expm1,
    log,
    log1p,
    power,
    sin,
    sqrt,
    wide,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.op import Op

SMALL = 2.0**-960
SURE = 2.0**-20  # what a remainder may be off by, in units in the last place
# What floats take from balls: these give the remainder too.
BY_BALLS = ROUNDED | {"erfinv", "gamma", "digamma", "polygamma", "lgamma", "sinc_derivative"}


def _sinh(x: Wide) -> Wide:
    grown = expm1(abs(x))
    y = (grown + grown / (grown + 1)) / 2
    return -y if x.m < 0 else y


def _asinh(x: Wide) -> Wide:
    size = abs(x)
    y = log1p(size + size * size / (1 + sqrt(1 + size * size)))
    return -y if x.m < 0 else y


def _acosh(x: Wide) -> Wide:
    t = x - 1
    return log1p(t + sqrt(t * (t + 2)))


def _tanh(x: Wide) -> Wide:
    if abs(x) > 100:
        return Wide(-1 if x.m < 0 else 1)
    grown = expm1(2 * x)
    return grown / (grown + 2)


def _cbrt(x: Wide) -> Wide:
    if not x.m:
        return x
    shift = x.e + x.m.bit_length()
    shift -= shift % 3
    part = Wide(x.m, x.e - shift)
    y = wide(math.cbrt(float(part)))
    y = y + (part - y * y * y) / (3 * y * y)
    y = y + (part - y * y * y) / (3 * y * y)
    return Wide(y.m, y.e + shift // 3)


def _erf(x: Wide) -> Wide:
    """By the series of positive terms (DLMF 7.6.2), to 10."""
    size = float(abs(x))
    if size > 10:
        return Wide(-1 if x.m < 0 else 1)
    square = (x * x).fixed()
    total, term, k = 0, ONE, 1
    while term:
        total += term
        k += 2
        term = (2 * term * square >> FIXED) // k
    return exp(-(x * x)) * x * Wide(total, -FIXED) * 2 / sqrt(_PI)


def _erfc(x: Wide) -> Wide:
    if x > 5:
        raise ValueError  # of 1 - erf too little is left
    return 1 - _erf(x)


def _fmod(x: Wide, y: Wide) -> Wide:
    low = min(x.e, y.e)
    if not y.m or max(x.e, y.e) - low > 2200:
        raise ValueError
    a, b = abs(x.m) << x.e - low, abs(y.m) << y.e - low
    return Wide((a % b) * (-1 if x.m < 0 else 1), low)


def _mod(x: Wide, y: Wide) -> Wide:
    rest = _fmod(x, y)
    return rest + y if rest.m and (rest.m < 0) != (y.m < 0) else rest


def _floor(x: Wide) -> Wide:
    return Wide(x.fixed(0))


def _round(x: Wide) -> Wide:
    """Half to even."""
    low = _floor(x)
    above = x - low - 0.5
    return low + int(above > 0 or (above == 0 and low.fixed(0) % 2))


def _truth(holds: Callable[[Wide, Wide], bool]) -> Callable[[Any, Any], Wide]:
    return lambda x, y: Wide(int(holds(wide(x), wide(y))))


def _literal(value: Any) -> Wide:
    if isinstance(value, str):
        return CONSTANTS[value] if value in CONSTANTS else wide(FORMAT[value])
    return wide(float(value))


_PI = Wide(PI, -CIRCLE)
# Also what FORMAT has as floats, or in two parts.
CONSTANTS = {
    "pi": _PI, "tau": 2 * _PI, "e": exp(Wide(1)), "inf": INFINITY, "bell": 2 / sqrt(_PI), "normal": 1 / sqrt(2 * _PI),
    "degree": 180 / _PI, "degree_rest": Wide(0), "radian": _PI / 180, "radian_rest": Wide(0),
    "root_half": sqrt(wide(0.5)), "root_half_low": sqrt(wide(0.5)) - FORMAT["root_half_high"],
}  # fmt: skip

PRIMITIVES: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "pow": power, "abs": abs, "detach": lambda x: x, "positive": lambda x: x,
    "lt": _truth(Wide.__lt__), "le": _truth(Wide.__le__), "gt": _truth(Wide.__gt__), "ge": _truth(Wide.__ge__),
    "eq": _truth(Wide.__eq__), "ne": _truth(Wide.__ne__),
    "logical_and": lambda x, y: Wide(int(bool(x) and bool(y))), "logical_or": lambda x, y: Wide(int(bool(x or y))),
    "logical_not": lambda x: Wide(int(not x)),
    "where": lambda c, x, y: wide(x if c else y), "max": lambda *x: max(map(wide, x)),
    "min": lambda *x: min(map(wide, x)), "sign": lambda x: Wide((x.m > 0) - (x.m < 0)),
    "exp": exp, "expm1": expm1, "log": log, "log1p": log1p, "sqrt": sqrt, "cbrt": _cbrt,
    "log2": lambda x: log(x) / Wide(LOG_2, -FIXED), "log10": lambda x: log(x) / log(Wide(10)),
    "hypot": lambda x, y: sqrt(x * x + y * y),
    "sin": sin, "cos": cos, "tan": lambda x: sin(x) / cos(x),
    "atan2": lambda y, x: atan2(wide(y), wide(x)), "atan": lambda x: atan2(x, Wide(1)),
    "asin": lambda x: atan2(x, sqrt((1 - x) * (1 + x))), "acos": lambda x: atan2(sqrt((1 - x) * (1 + x)), x),
    "sinh": _sinh, "cosh": lambda x: (exp(x) + exp(-x)) / 2, "tanh": _tanh,
    "asinh": _asinh, "acosh": _acosh, "atanh": lambda x: log1p(2 * x / (1 - x)) / 2,
    "erf": _erf, "erfc": _erfc, "mod": lambda x, y: _mod(wide(x), wide(y)),
    "fmod": lambda x, y: _fmod(wide(x), wide(y)),
    "floor": _floor, "round": _round,
    "ceil": lambda x: -_floor(-x), "trunc": lambda x: -_floor(-x) if x.m < 0 else _floor(x),
}  # fmt: skip

WIDE = Domain(PRIMITIVES, _literal, rounds=True)


def remainder(op: Op, x: Sequence[float], y: float) -> float | None:
    """What the float of an operation lacks to its number, to a millionth of a unit; None where that is not known."""
    if abs(y) < SMALL:
        return None  # what it lacks is perhaps no float
    try:
        lacks = _of_balls(op.name, x, y) if op.name in BY_BALLS else float(WIDE[op.name](*map(wide, x)) - y)
    except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return lacks if abs(lacks) <= op.ulp * ulp(y) else None


def _of_balls(name: str, x: Sequence[float], y: float) -> float:
    """By flint, which gave the float already."""
    from flint import arb, ctx

    from gradcli.domains import arb_special

    with ctx.workprec(BITS):
        lacks = arb_special.PRIMITIVES[name](*map(arb, x)) - y
        if not lacks.rad() < SURE * ulp(y):
            raise ValueError
        return float(lacks.mid())
