"""Arithmetic: the operators of the language."""

from __future__ import annotations

from gradcli.core import simplify
from gradcli.core.op import Op, not_zero
from gradcli.core.trace import fn


def is_multiple(x: float, y: float) -> bool:
    """Is x a whole multiple of y?"""
    return y != 0 and x - x == 0 and y - y == 0 and x % y == 0


ROWS = (
    Op(
        "add", "x, y",
        about="the sum", example="2 + 3", symbol="+", precedence=6,
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: g),
        rules=(("sum rule",) * 2,) * 2,
        simplify=simplify.add, chain="add",
        integral=True,
    ),
    Op(
        "sub", "x, y",
        aliases="subtract", about="the difference", example="5 - 3", symbol="-", precedence=6,
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -g),
        rules=(("difference rule",) * 2,) * 2,
        simplify=simplify.sub, chain="add",
        integral=True,
        relates=True,
    ),
    Op(
        "mul", "x, y",
        aliases="multiply", about="the product", example="2*3", symbol="*", precedence=7,
        vjp=(lambda g, r, x, y: g * y, lambda g, r, x, y: g * x),
        rules=(("product rule", "constant multiple rule"),) * 2,
        simplify=simplify.mul, chain="mul",
        integral=True,
        underflow=not_zero,
    ),
    Op(
        "div", "x, y",
        aliases="divide true_divide", about="the quotient", ulp=0.5, example="6/3", symbol="/", precedence=7,
        domain="y != 0", edges="infinite at y = 0",
        # -(g/y)*r: no square that could overflow, and g/y is shared
        vjp=(lambda g, r, x, y: g / y, lambda g, r, x, y: -((g / y) * r)),
        rules=(("quotient rule", "constant multiple rule"), ("quotient rule", "reciprocal rule")),
        simplify=simplify.div, chain="mul",
        pole=lambda x, y: y == 0,
        underflow=not_zero,
    ),
    Op(
        "mod", "x, y",
        aliases="remainder", about="the remainder x - floor(x/y)*y, with the sign of y", ulp=0.6, example="7 % 3",
        symbol="%", precedence=7, definition="x - floor(x/y)*y",
        domain="y != 0", edges="jump where x/y is an integer",
        # (x - r)/y is the quotient but for rounding; floor(x/y) may be one too high
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -(g * fn.round((x - r) / y))),
        jump=is_multiple,
        integral=True,
        torch="Remainder",
    ),
    Op(
        "neg", "x",
        aliases="negative", about="minus x", example="-3", symbol="-", precedence=8,
        vjp=(lambda g, r, x: -g,),
        rules=(("constant multiple rule",) * 2,),
        simplify=simplify.neg,
        integral=True,
    ),
    Op(
        "positive", "x",
        about="x itself, with -0 as 0; serves the rules of sqrt and log", example="positive(3)",
        definition="x + 0",
        vjp=(lambda g, r, x: g,),
        integral=True, internal=True,
        fresh=False,
    ),
    Op(
        "pow", "x, y",
        aliases="power float_power", about="x to the power y", ulp=0.6, example="2**10", symbol="**", precedence=9,
        domain="x >= 0, or y an integer", edges="infinite at x = 0 for y < 0, slope infinite at x = 0 for 0 < y < 1; "
        "jump by y at x = y = 0",
        vjp=(lambda g, r, x, y: g * (y * x ** (y - 1)), lambda g, r, x, y: g * (r * fn.log(x))),
        rules=(("power rule",) * 2, ("exponential rule",) * 2),
        # 0**0 has slope 0; so has 0**y for y >= 0. x**0 and 1**y are 1 also where the other is NaN or infinite.
        active=(
            lambda r, x, y: fn.logical_or(y != 0, fn.logical_and(x != 0, x - x == 0)),
            lambda r, x, y: fn.logical_and(
                fn.logical_not(fn.logical_and(x == 0, y >= 0)), fn.logical_or(x != 1, y - y == 0)
            ),
        ),
        simplify=simplify.pow,
        pole=lambda x, y: (y < 1) & (y != 0) & (x == 0), end=lambda x, y: (y > 1) & (y % 1 != 0) & (x == 0),
        jump=lambda x, y: (y == 0) & (x == 0), isolated=(None, lambda x, y: x < 0),
        integral=True,
        underflow=not_zero,
    ),
)  # fmt: skip
