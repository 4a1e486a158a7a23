"""Trigonometric functions and their inverses."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import never_whole, on_balls, rounded, whole
from gradcli.core.ops.precise import sin_pi
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan

NOWHERE = {INF: NAN, -INF: NAN}
POLE = {0.0: INF, INF: NAN, -INF: NAN}


def _at_pole(x: float) -> float:
    return math.copysign(INF, x) if x == 0 else NAN


def _above_one(x):
    return abs(x) > 1


def _over_squares(z: float, x: float, y: float) -> float:
    s = x * x + y * y
    if 1e-290 < s < 1e300:
        return z / s
    r = math.hypot(x, y)
    return z / r / r


def _ball_over_squares(z, x, y):
    s = x * x + y * y
    return z / s if not s.is_zero() else z.pos_inf() if z > 0 else z.neg_inf() if z < 0 else z.nan()


def _no_quotient(z, x, y):
    return (z.is_zero() and x.is_zero() and y.is_zero()) or (abs(z) == INF and INF in (abs(x), abs(y)))


def _ball_atan2(y, x):
    """Arb lacks the corners at infinity."""
    if abs(y) == INF and abs(x) == INF:
        y, x = y.sgn(), x.sgn()
    return type(y).atan2(y, x)


def _origin(r, y, x):
    return fn.logical_or(y != 0, x != 0)


def _sinc(x: float) -> float:
    if abs(x) <= 0.5:
        z = math.pi * x
        return math.sin(z) / z if z else 1.0
    return sin_pi(x) / (math.pi * x)


def _ball_sinc_derivative(n, x):
    """The integral of (pi*t)**n * cos(pi*x*t + n*pi/2) over t from 0 to 1, as Kummer's function."""
    order = whole(n)
    if order is None:
        return n.nan()
    if order == 0:
        return x.sinc_pi()
    if abs(x) == INF:
        return type(x)(0)
    import flint

    pi = x.pi()
    value = flint.acb(0, pi * x).hypgeom_1f1(order + 1, order + 2)
    part = (value.real, -value.imag, -value.real, value.imag)[order % 4]
    return pi**order * part / (order + 1)


_sinc_derivative = on_balls(_ball_sinc_derivative, lambda n, x: never_whole(n))
sinc_derivative_on_float = rounded(_sinc_derivative)


def _sympy_sinc_derivative(s, n, x):
    u = s.Symbol("u", real=True)
    return s.sinc(s.pi * u).diff(u, int(n)).subs(u, x)


def _degrees(x: float) -> float:
    return x * 57.295779513082316 + x * 5.117577790543373e-15  # 180/pi in two parts


def _radians(x: float) -> float:
    return x * 0.017453292519943295 + x * 2.9486522708701687e-19  # pi/180 in two parts


ROWS = (
    Op(
        "sin", "x",
        about="the sine", example="sin(pi/6)", domain="finite numbers",
        on_array="sin",
        on_float=math.sin, on_ball=on_balls(lambda x: x.sin(), edges=NOWHERE), to_sympy=lambda s, x: s.sin(x),
        vjp=(lambda g, y, x: g * fn.cos(x),),
    ),
    Op(
        "cos", "x",
        about="the cosine", example="cos(pi/3)", domain="finite numbers",
        on_array="cos",
        on_float=math.cos, on_ball=on_balls(lambda x: x.cos(), edges=NOWHERE), to_sympy=lambda s, x: s.cos(x),
        vjp=(lambda g, y, x: -(g * fn.sin(x)),),
    ),
    Op(
        "tan", "x",
        about="the tangent", example="tan(pi/4)", domain="finite numbers",
        on_array="tan",
        on_float=math.tan, on_ball=on_balls(lambda x: x.tan(), edges=NOWHERE), to_sympy=lambda s, x: s.tan(x),
        vjp=(lambda g, y, x: g * (1 + y * y),),
    ),
    Op(
        "sec", "x",
        about="the secant", example="sec(pi/3)", domain="finite numbers", formula="1/cos(x)",
        on_array=array_forms.sec,
        on_float=lambda x: 1.0 / math.cos(x), on_ball=on_balls(lambda x: x.sec(), edges=NOWHERE),
        to_sympy=lambda s, x: s.sec(x),
        vjp=(lambda g, y, x: g * (y * fn.tan(x)),),
    ),
    Op(
        "csc", "x",
        about="the cosecant", example="csc(pi/6)", domain="finite numbers but 0", edges="infinite at 0",
        formula="1/sin(x)",
        on_array=array_forms.csc,
        on_float=lambda x: 1.0 / math.sin(x), safe=_at_pole, on_ball=on_balls(lambda x: x.csc(), edges=POLE),
        to_sympy=lambda s, x: s.csc(x),
        vjp=(lambda g, y, x: -((g * y) * fn.cot(x)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "cot", "x",
        about="the cotangent", example="cot(pi/4)", domain="finite numbers but 0", edges="infinite at 0",
        formula="1/tan(x)",
        on_array=array_forms.cot,
        on_float=lambda x: 1.0 / math.tan(x), safe=_at_pole, on_ball=on_balls(lambda x: x.cot(), edges=POLE),
        to_sympy=lambda s, x: s.cot(x),
        vjp=(lambda g, y, x: -(g + (g * y) * y),),  # no square of y alone that could overflow
        pole=lambda x: x == 0,
    ),
    Op(
        "asin", "x",
        aliases="arcsin", about="the inverse sine", example="asin(0.5)",
        domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        on_array="arcsin",
        on_float=math.asin, on_ball=on_balls(lambda x: x.asin(), _above_one), to_sympy=lambda s, x: s.asin(x),
        vjp=(lambda g, y, x: g / fn.circle(x),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "acos", "x",
        aliases="arccos", about="the inverse cosine", example="acos(0.5)",
        domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        on_array="arccos",
        on_float=math.acos, on_ball=on_balls(lambda x: x.acos(), _above_one), to_sympy=lambda s, x: s.acos(x),
        vjp=(lambda g, y, x: -(g / fn.circle(x)),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "circle", "x",
        about="the half circle over x; serves the rules of asin and acos", example="circle(0.6)",
        formula="sqrt(1 - x*x)", domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        on_array=lambda np: lambda x: np.sqrt((1 - x) * (1 + x)),
        on_float=lambda x: math.sqrt((1.0 - x) * (1.0 + x)),
        on_ball=on_balls(lambda x: ((1 - x) * (1 + x)).sqrt(), _above_one), to_sympy=lambda s, x: s.sqrt(1 - x**2),
        vjp=(lambda g, y, x: -(g * (x / y)),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "atan", "x",
        aliases="arctan", about="the inverse tangent", example="atan(1)",
        on_array="arctan",
        on_float=math.atan, on_ball=on_balls(lambda x: x.atan()), to_sympy=lambda s, x: s.atan(x),
        vjp=(lambda g, y, x: fn.over_squares(g, 1, x),),
    ),
    Op(
        "atan2", "y, x",
        aliases="arctan2", about="the angle of the point (x, y), from -pi to pi", example="atan2(1, -1)",
        edges="jump at y = 0 for x <= 0; at the origin slope 0 used",
        on_array="arctan2",
        on_float=math.atan2, on_ball=on_balls(_ball_atan2), to_sympy=lambda s, y, x: s.atan2(y, x),
        vjp=(
            lambda g, r, y, x: fn.over_squares(g * x, x, y),
            lambda g, r, y, x: -fn.over_squares(g * y, x, y),
        ),
        active=(_origin, _origin),
        jump=lambda y, x: y == 0 and x <= 0,
    ),
    Op(
        "over_squares", "z, x, y",
        about="z over the square of hypot(x, y), without overflow; serves the rules of atan and atan2",
        example="over_squares(1, 3, 4)", formula="z/(x*x + y*y)",
        domain="x and y not both 0", edges="infinite at x = y = 0",
        on_array=array_forms.over_squares,
        on_float=_over_squares, safe=lambda z, x, y: math.copysign(INF, z) if z else NAN,
        on_ball=on_balls(_ball_over_squares, _no_quotient), to_sympy=lambda s, z, x, y: z / (x**2 + y**2),
        vjp=(
            lambda g, r, z, x, y: fn.over_squares(g, x, y),
            lambda g, r, z, x, y: -fn.over_squares(2 * (g * r) * x, x, y),
            lambda g, r, z, x, y: -fn.over_squares(2 * (g * r) * y, x, y),
        ),
        pole=lambda z, x, y: x == 0 and y == 0,
    ),
    Op(
        "sinc", "x",
        about="the normalised sine cardinal, 1 at 0", example="sinc(0.5)", formula="sin(pi*x)/(pi*x)",
        on_array=array_forms.sinc,
        on_float=_sinc, safe=lambda x: 0.0, on_ball=on_balls(lambda x: x.sinc_pi()),
        to_sympy=lambda s, x: s.sinc(s.pi * x),
        vjp=(lambda g, y, x: g * fn.sinc_derivative(1, x),),
    ),
    Op(
        "sinc_derivative", "n, x",
        about="the n-th derivative of sinc; serves its rule", example="sinc_derivative(1, 0.5)",
        domain="n = 0, 1, ..., 999",
        on_array=array_forms.sinc_derivative,
        on_float=sinc_derivative_on_float, on_ball=_sinc_derivative,
        to_sympy=_sympy_sinc_derivative,
        vjp=(None, lambda g, y, n, x: g * fn.sinc_derivative(n + 1, x)),
    ),
    Op(
        "degrees", "x",
        aliases="rad2deg", about="radians to degrees", example="degrees(pi)", formula="x*180/pi",
        on_array=array_forms.degrees,
        on_float=_degrees, on_ball=on_balls(lambda x: x * 180 / x.pi()), to_sympy=lambda s, x: x * 180 / s.pi,
        vjp=(lambda g, y, x: fn.degrees(g),),
    ),
    Op(
        "radians", "x",
        aliases="deg2rad", about="degrees to radians", example="radians(180)", formula="x*pi/180",
        on_array=array_forms.radians,
        on_float=_radians, on_ball=on_balls(lambda x: x * x.pi() / 180), to_sympy=lambda s, x: x * s.pi / 180,
        vjp=(lambda g, y, x: fn.radians(g),),
    ),
)  # fmt: skip
