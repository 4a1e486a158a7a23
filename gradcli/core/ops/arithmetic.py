"""Arithmetic: the operators of the language."""

from __future__ import annotations

import math
import operator

from gradcli.core import simplify
from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import on_balls, undecided
from gradcli.core.trace import fn

INF = math.inf


def _safe_div(x: float, y: float) -> float:
    if x == 0 or x != x:
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def _is_odd(y: float) -> bool:
    return math.fmod(y, 2.0) in (1.0, -1.0)


def _safe_pow(x: float, y: float) -> float:
    if x == 0:  # only a negative y raises
        return math.copysign(math.inf, x) if _is_odd(y) else math.inf
    if x < 0 and not y.is_integer():
        return math.nan
    return -math.inf if x < 0 and _is_odd(y) else math.inf


def _no_product(x, y):
    return (x.is_zero() and abs(y) == INF) or (y.is_zero() and abs(x) == INF)


def _ball_div(x, y):
    """x/0 is infinite where the sign of x is known."""
    if not y.is_zero():
        return x / y
    return x.pos_inf() if x > 0 else x.neg_inf() if x < 0 else x.nan()


def _no_quotient(x, y):
    return (x.is_zero() and y.is_zero()) or abs(x) == abs(y) == INF


def _ball_pow(x, y):
    if y.is_zero() or x == 1:
        return type(x)(1)
    if x.is_nan() or y.is_nan():
        return x.nan()
    if x.is_zero():
        return x if y > 0 else x.pos_inf() if y < 0 else undecided(x)
    if y.is_exact() and (y.is_integer() or abs(y) == INF or abs(x) == INF):
        power = _ball_power_of_size(abs(x), y)
        odd = y.is_integer() and not (y / 2).is_integer()
        return (power if x > 0 else -power if x < 0 else power.union(-power)) if odd else power
    if x > 0:
        power = x**y
        return undecided(x) if power.is_nan() else power
    return x.nan() if x < 0 and not y.contains_integer() else undecided(x)


def _ball_power_of_size(size, y):
    """abs(x)**y for a y that is exact, where Arb has no answer for balls that reach 0, nor for infinities."""
    if abs(y) == INF:
        if size == 1:
            return type(y)(1)
        if not (size > 1 or size < 1):
            return undecided(y)
        return y.pos_inf() if (size > 1) == (y > 0) else type(y)(0)
    if size == INF:
        return y.pos_inf() if y > 0 else type(y)(0)
    if not size > 0:
        return (size.abs_upper() ** y).union(type(y)(0)) if y > 0 else undecided(y)
    return size**y


def _floor_mod(x: float, y: float) -> float:
    if y == 0 or x - x != 0 or y != y:
        return math.nan
    if y - y != 0:
        return x if x == 0 or (x > 0) == (y > 0) else y
    return x % y


def _ball_mod(x, y):
    if abs(y) != INF or abs(x) == INF:
        return x - (x / y).floor() * y
    if x.is_zero() or (x > 0 and y > 0) or (x < 0 and y < 0):
        return x
    return y if x > 0 or x < 0 else undecided(x)


def _no_remainder(x, y):
    return y.is_zero() or abs(x) == INF


def _sympy_mod(s, x, y):
    from gradcli.witness.steps import Floor

    return x - Floor(x / y) * y


def is_multiple(x: float, y: float) -> bool:
    return y != 0 and x - x == 0 and y - y == 0 and math.fmod(x, y) == 0


ROWS = (
    Op(
        "add", "x, y",
        about="the sum", example="2 + 3", symbol="+", precedence=6,
        on_array="add",
        on_float=operator.add, on_ball=operator.add, to_sympy=lambda s, x, y: x + y,
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: g),
        simplify=simplify.add,
    ),
    Op(
        "sub", "x, y",
        aliases="subtract", about="the difference", example="5 - 3", symbol="-", precedence=6,
        on_array="subtract",
        on_float=operator.sub, on_ball=operator.sub, to_sympy=lambda s, x, y: x - y,
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -g),
        simplify=simplify.sub,
    ),
    Op(
        "mul", "x, y",
        aliases="multiply", about="the product", example="2*3", symbol="*", precedence=7,
        on_array="multiply",
        on_float=operator.mul, on_ball=on_balls(operator.mul, _no_product), to_sympy=lambda s, x, y: x * y,
        vjp=(lambda g, r, x, y: g * y, lambda g, r, x, y: g * x),
        simplify=simplify.mul,
    ),
    Op(
        "div", "x, y",
        aliases="divide true_divide", about="the quotient", example="6/3", symbol="/", precedence=7,
        domain="y != 0", edges="infinite at y = 0",
        on_array="divide",
        on_float=operator.truediv, safe=_safe_div, on_ball=on_balls(_ball_div, _no_quotient),
        to_sympy=lambda s, x, y: x / y,
        # -(g/y)*r: no square that could overflow, and g/y is shared
        vjp=(lambda g, r, x, y: g / y, lambda g, r, x, y: -((g / y) * r)),
        simplify=simplify.div,
        pole=lambda x, y: y == 0,
    ),
    Op(
        "mod", "x, y",
        aliases="remainder", about="the remainder x - floor(x/y)*y, with the sign of y", example="7 % 3",
        symbol="%", precedence=7,
        domain="y != 0", edges="jump where x/y is an integer",
        on_array="mod",
        on_float=_floor_mod, on_ball=on_balls(_ball_mod, _no_remainder), to_sympy=_sympy_mod,
        # (x - r)/y is the quotient but for rounding; floor(x/y) may be one too high
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -(g * fn.round((x - r) / y))),
        jump=is_multiple,
    ),
    Op(
        "neg", "x",
        aliases="negative", about="minus x", example="-3", symbol="-", precedence=8,
        on_array="negative",
        on_float=operator.neg, on_ball=operator.neg, to_sympy=lambda s, x: -x,
        vjp=(lambda g, r, x: -g,),
        simplify=simplify.neg,
    ),
    Op(
        "positive", "x",
        about="x itself, with -0 as 0; serves the rules of sqrt and log", example="positive(3)",
        on_array=array_forms.positive,
        on_float=lambda x: x + 0.0, on_ball=lambda x: x, to_sympy=lambda s, x: x,
        vjp=(lambda g, r, x: g,),
    ),
    Op(
        "pow", "x, y",
        aliases="power float_power", about="x to the power y", example="2**10", symbol="**", precedence=9,
        domain="x >= 0, or y an integer", edges="infinite at x = 0 for y < 0, slope infinite at x = 0 for 0 < y < 1",
        on_array="power",
        on_float=math.pow, safe=_safe_pow, on_ball=_ball_pow, to_sympy=lambda s, x, y: x**y,
        vjp=(lambda g, r, x, y: g * (y * x ** (y - 1)), lambda g, r, x, y: g * (r * fn.log(x))),
        # 0**0 has slope 0; so has 0**y for y >= 0
        active=(
            lambda r, x, y: fn.logical_or(y != 0, fn.abs(x) > 0),  # false for NaN: NaN**0 is 1
            lambda r, x, y: fn.logical_not(fn.logical_and(x == 0, y >= 0)),
        ),
        simplify=simplify.pow,
        pole=lambda x, y: x == 0 and y < 1 and y != 0,
    ),
)  # fmt: skip
