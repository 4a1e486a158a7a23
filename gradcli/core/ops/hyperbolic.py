"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import on_balls
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan

POLE = {0.0: INF}


def _safe_sinh(x: float) -> float:
    return math.copysign(INF, x)


def _safe_csch(x: float) -> float:
    """Only 0 and what overflows sinh come here."""
    return math.copysign(2.0 * math.exp(-abs(x)) if x else INF, x)


def _tanh_slope(g, y, x):
    """sech(x)**2: 1 - y*y would lose all digits far out."""
    s = fn.sech(x)
    return (g * s) * s


def _coth_slope(g, y, x):
    s = fn.csch(x)
    return -((g * s) * s)


def _ball_over_circle(z, x):
    d = (1 - x) * (1 + x)
    return z / d if not d.is_zero() else z.pos_inf() if z > 0 else z.neg_inf() if z < 0 else z.nan()


def _no_over_circle(z, x):
    return (z.is_zero() and abs(x) == 1) or abs(z) == abs(x) == INF


ROWS = (
    Op(
        "sinh", "x",
        about="the hyperbolic sine", example="sinh(1)",
        on_array="sinh",
        on_float=math.sinh, safe=_safe_sinh, on_ball=on_balls(lambda x: x.sinh(), edges={INF: INF, -INF: -INF}),
        to_sympy=lambda s, x: s.sinh(x),
        vjp=(lambda g, y, x: g * fn.cosh(x),),
    ),
    Op(
        "cosh", "x",
        about="the hyperbolic cosine", example="cosh(1)",
        on_array="cosh",
        on_float=math.cosh, on_ball=on_balls(lambda x: x.cosh(), edges={INF: INF, -INF: INF}),
        to_sympy=lambda s, x: s.cosh(x),
        vjp=(lambda g, y, x: g * fn.sinh(x),),
    ),
    Op(
        "tanh", "x",
        about="the hyperbolic tangent", example="tanh(1)",
        on_array="tanh",
        on_float=math.tanh, on_ball=on_balls(lambda x: x.tanh()), to_sympy=lambda s, x: s.tanh(x),
        vjp=(_tanh_slope,),
    ),
    Op(
        "sech", "x",
        about="the hyperbolic secant", example="sech(1)", formula="1/cosh(x)",
        on_array=array_forms.sech,
        on_float=lambda x: 1.0 / math.cosh(x), safe=lambda x: 2.0 * math.exp(-abs(x)),
        on_ball=on_balls(lambda x: x.sech()), to_sympy=lambda s, x: s.sech(x),
        vjp=(lambda g, y, x: -(g * (y * fn.tanh(x))),),
    ),
    Op(
        "csch", "x",
        about="the hyperbolic cosecant", example="csch(1)", formula="1/sinh(x)", domain="x != 0",
        edges="infinite at 0",
        on_array=array_forms.csch,
        on_float=lambda x: 1.0 / math.sinh(x), safe=_safe_csch,
        on_ball=on_balls(lambda x: x.csch(), edges={0.0: INF, INF: 0.0, -INF: 0.0}), to_sympy=lambda s, x: s.csch(x),
        vjp=(lambda g, y, x: -((g * y) * fn.coth(x)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "coth", "x",
        about="the hyperbolic cotangent", example="coth(1)", formula="1/tanh(x)", domain="x != 0",
        edges="infinite at 0",
        on_array=array_forms.coth,
        on_float=lambda x: 1.0 / math.tanh(x), safe=_safe_sinh, on_ball=on_balls(lambda x: x.coth(), edges=POLE),
        to_sympy=lambda s, x: s.coth(x),
        vjp=(_coth_slope,),
        pole=lambda x: x == 0,
    ),
    Op(
        "asinh", "x",
        aliases="arcsinh", about="the inverse hyperbolic sine", example="asinh(1)",
        on_array="arcsinh",
        on_float=math.asinh, on_ball=on_balls(lambda x: x.asinh(), edges={INF: INF, -INF: -INF}),
        to_sympy=lambda s, x: s.asinh(x),
        vjp=(lambda g, y, x: g / fn.hypot1(x),),
    ),
    Op(
        "acosh", "x",
        aliases="arccosh", about="the inverse hyperbolic cosine", example="acosh(2)",
        domain="x >= 1", edges="slope infinite at 1",
        on_array="arccosh",
        on_float=math.acosh, on_ball=on_balls(lambda x: x.acosh(), lambda x: x < 1), to_sympy=lambda s, x: s.acosh(x),
        vjp=(lambda g, y, x: g / fn.sqrt(x - 1) / fn.sqrt(x + 1),),
        pole=lambda x: x == 1,
    ),
    Op(
        "atanh", "x",
        aliases="arctanh", about="the inverse hyperbolic tangent", example="atanh(0.5)",
        domain="-1 <= x <= 1", edges="infinite at -1 and 1",
        on_array="arctanh",
        on_float=math.atanh, safe=lambda x: math.copysign(INF, x) if abs(x) == 1 else NAN,
        on_ball=on_balls(lambda x: x.atanh(), lambda x: abs(x) > 1, {1.0: INF, -1.0: -INF}),
        to_sympy=lambda s, x: s.atanh(x),
        vjp=(lambda g, y, x: fn.over_circle(g, x),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "over_circle", "z, x",
        about="z over 1 - x*x, precise near 1; serves the rule of atanh", example="over_circle(1, 0.6)",
        formula="z/(1 - x*x)", domain="x != 1 and x != -1", edges="infinite at -1 and 1",
        on_array=lambda np: lambda z, x: z / (1 - x) / (1 + x),
        on_float=lambda z, x: z / (1.0 - x) / (1.0 + x), safe=lambda z, x: math.copysign(INF, z) if z else NAN,
        on_ball=on_balls(_ball_over_circle, _no_over_circle), to_sympy=lambda s, z, x: z / (1 - x**2),
        vjp=(
            lambda g, r, z, x: fn.over_circle(g, x),
            lambda g, r, z, x: fn.over_circle(2 * (g * r) * x, x),
        ),
        pole=lambda z, x: abs(x) == 1,
    ),
)  # fmt: skip
