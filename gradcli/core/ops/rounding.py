"""Steps: rounding, signs and remainders towards 0. Their gradient is 0 also at a step."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.arithmetic import is_multiple
from gradcli.core.ops.balls import by_sign, on_balls
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan

FIXED = {INF: INF, -INF: -INF}


def _step(name):
    """The sympy form: sympy's own step functions leave their derivatives unevaluated."""

    def to_sympy(s, *x):
        from gradcli.witness import steps

        return getattr(steps, name)(*x)

    return to_sympy


def _sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x + 0.0


def _floor(x: float) -> float:
    r = x // 1.0
    return r if r == r else x


def _ceil(x: float) -> float:
    r = -(-x // 1.0)
    return r if r == r else x


def _round(x: float) -> float:
    return math.copysign(round(x), x)


def _trunc(x: float) -> float:
    return math.copysign(math.trunc(x), x)


def _same(x: float) -> float:
    """Infinities, which Python's integers cannot hold, are rounded already."""
    return x


def _ball_round(x):
    up = (x + 0.5).floor()
    if x.is_exact() and (x + 0.5).is_integer() and not (up / 2).is_integer():
        return up - 1
    return up


def _ball_trunc(x):
    if abs(x) < 1:
        return x * 0
    return by_sign(x, lambda v: v.floor(), lambda v: v.ceil())


def _ball_fmod(x, y):
    if abs(x) < abs(y):
        return x
    return x - _ball_trunc(x / y) * y


def _no_remainder(x, y):
    return y.is_zero() or abs(x) == INF


def _heaviside(x: float, values: float) -> float:
    return 1.0 if x > 0 else 0.0 if x < 0 else values if x == 0 else x


def _ball_heaviside(x, values):
    if x.is_zero():
        return values
    one, zero = type(x)(1), type(x)(0)
    return one if x > 0 else zero if x < 0 else one.union(zero).union(values)


def _is_whole(x: float) -> bool:
    return x.is_integer()


def _is_step_of_trunc(x: float) -> bool:
    return x != 0 and x.is_integer()


ROWS = (
    Op(
        "sign", "x",
        aliases="sgn", about="-1, 0 or 1", example="sign(-3)", edges="jump at 0",
        on_array=array_forms.sign,
        on_float=_sign, on_ball=on_balls(lambda x: x.sgn()), to_sympy=_step("Sign"),
        vjp=(None,), jump=lambda x: x == 0,
    ),
    Op(
        "floor", "x",
        about="the largest integer not above x", example="floor(2.7)", edges="jump at integers",
        on_array="floor",
        on_float=_floor, on_ball=on_balls(lambda x: x.floor(), edges=FIXED), to_sympy=_step("Floor"),
        vjp=(None,), jump=_is_whole,
    ),
    Op(
        "ceil", "x",
        about="the smallest integer not below x", example="ceil(2.3)", edges="jump at integers",
        on_array="ceil",
        on_float=_ceil, on_ball=on_balls(lambda x: x.ceil(), edges=FIXED), to_sympy=_step("Ceil"),
        vjp=(None,), jump=_is_whole,
    ),
    Op(
        "round", "x",
        aliases="rint around", about="the nearest integer, ties to even", example="round(2.5)",
        edges="jump at half-integers",
        on_array="rint",
        on_float=_round, safe=_same, on_ball=on_balls(_ball_round, edges=FIXED), to_sympy=_step("Round"),
        vjp=(None,), jump=lambda x: x % 1.0 == 0.5,
    ),
    Op(
        "trunc", "x",
        aliases="fix", about="x without its decimals", example="trunc(-2.7)", edges="jump at integers but 0",
        on_array="trunc",
        on_float=_trunc, safe=_same, on_ball=on_balls(_ball_trunc, edges=FIXED), to_sympy=_step("Trunc"),
        vjp=(None,), jump=_is_step_of_trunc,
    ),
    Op(
        "frac", "x",
        about="the decimals of x, with its sign", example="frac(-2.7)", formula="x - trunc(x)",
        domain="finite numbers", edges="jump at integers but 0",
        on_array=array_forms.frac,
        on_float=lambda x: math.fmod(x, 1.0),
        on_ball=on_balls(lambda x: x - _ball_trunc(x), edges={INF: NAN, -INF: NAN}),
        to_sympy=lambda s, x: x - _step("Trunc")(s, x),
        vjp=(lambda g, y, x: g,), jump=_is_step_of_trunc,
    ),
    Op(
        "fmod", "x, y",
        about="the remainder x - trunc(x/y)*y, with the sign of x", example="fmod(-7, 3)",
        domain="x finite, y != 0", edges="jump where x/y is an integer but 0",
        on_array="fmod",
        on_float=math.fmod, on_ball=on_balls(_ball_fmod, _no_remainder),
        to_sympy=lambda s, x, y: x - _step("Trunc")(s, x / y) * y,
        # (x - r)/y is the quotient but for rounding; trunc(x/y) may be one too high
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -(g * fn.round((x - r) / y))),
        jump=lambda x, y: x != 0 and is_multiple(x, y),
    ),
    Op(
        "heaviside", "x, values=0.5",
        about="0 below 0, 1 above, and `values` at 0", example="heaviside(2)", edges="jump at x = 0",
        on_array="heaviside",
        on_float=_heaviside, on_ball=on_balls(_ball_heaviside), to_sympy=_step("heaviside"),
        vjp=(None, lambda g, y, x, values: g), active=(None, lambda y, x, values: x == 0),
        jump=lambda x, values: x == 0,
    ),
)  # fmt: skip
