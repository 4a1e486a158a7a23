"""Steps: rounding, signs and remainders towards 0. Their gradient is 0 also at a step."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, Op
from gradcli.core.ops.arithmetic import is_multiple
from gradcli.core.trace import fn


def _is_whole(x: float) -> bool:
    return x.is_integer()


def _is_step_of_trunc(x: float) -> bool:
    return x != 0 and x.is_integer()


ROWS = (
    Op(
        "sign", "x",
        aliases="sgn", about="-1, 0 or 1", example="sign(-3)", edges="jump at 0",
        vjp=(DISCRETE,), jump=lambda x: x == 0,
        integral=True,
    ),
    Op(
        "floor", "x",
        about="the largest integer not above x", example="floor(2.7)", edges="jump at integers",
        vjp=(DISCRETE,), jump=_is_whole,
        integral=True,
    ),
    Op(
        "ceil", "x",
        about="the smallest integer not below x", example="ceil(2.3)", edges="jump at integers",
        vjp=(DISCRETE,), jump=_is_whole,
        integral=True,
    ),
    Op(
        "round", "x",
        aliases="rint around", about="the nearest integer, ties to even", example="round(2.5)",
        edges="jump at half-integers",
        vjp=(DISCRETE,), jump=lambda x: x % 1.0 == 0.5,
        integral=True,
    ),
    Op(
        "trunc", "x",
        aliases="fix", about="x without its decimals", example="trunc(-2.7)", edges="jump at integers but 0",
        vjp=(DISCRETE,), jump=_is_step_of_trunc,
        integral=True,
    ),
    Op(
        "frac", "x",
        about="the decimals of x, with its sign", example="frac(-2.7)", definition="x - trunc(x)",
        domain="finite numbers", edges="jump at integers but 0",
        vjp=(lambda g, y, x: g,), jump=_is_step_of_trunc,
    ),
    Op(
        "fmod", "x, y",
        about="the remainder x - trunc(x/y)*y, with the sign of x", example="fmod(-7, 3)",
        definition="x - trunc(x/y)*y",
        domain="x finite, y != 0", edges="jump where x/y is an integer but 0",
        # (x - r)/y is the quotient but for rounding; trunc(x/y) may be one too high
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -(g * fn.round((x - r) / y))),
        jump=lambda x, y: x != 0 and is_multiple(x, y),
        integral=True,
    ),
    Op(
        "heaviside", "x, values=0.5",
        about="0 below 0, 1 above, and `values` at 0", example="heaviside(2)", edges="jump at x = 0",
        definition="1 if x > 0 else 0 if x < 0 else values if x == 0 else x",
        vjp=(DISCRETE, lambda g, y, x, values: g), active=(None, lambda y, x, values: x == 0),
        jump=lambda x, values: x == 0,
    ),
)  # fmt: skip
