"""Trigonometric functions and their inverses."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, Op, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _over_squares(m: Any, z: Array, x: Array, y: Array) -> Array:
    s, r = x * x + y * y, m.hypot(x, y)
    return m.where(m.logical_and(s > m.least, s < m.most), z / s, z / r / r)


def _origin(r: Array, y: Array, x: Array) -> Array:
    return fn.logical_or(y != 0, x != 0)


def _sinc(m: Any, x: Array) -> Array:
    """sin(pi*x) is exact at integers and half-integers; far out nothing is left of it."""
    a = m.abs(x)
    turned = a - 2 * m.round(a / 2)
    r = m.abs(turned)
    r = m.where(r > 0.5, 1 - r, r)
    s = m.sign(turned) * m.where(r <= 0.25, m.sin(m.pi * r), m.cos(m.pi * (0.5 - r)))
    return m.where(a > m.most, 0.0, m.where(x == 0, 1.0, s / m.where(x == 0, 1.0, m.pi * a)))


def _quarters(m: Any, x: Array, turn: float, quarter: float) -> tuple[Array, Array]:
    """How many quarters of a turn are nearest to x, up to whole turns, and what is left, exactly."""
    t = m.fmod(x, turn)
    k = m.round(t / quarter)
    return k, t - k * quarter


def _turned(m: Any, k: Array, s: Array, c: Array) -> Array:
    """The sine of k quarters of a turn and an angle of this sine and cosine."""
    y = m.where(m.fmod(k, 2.0) == 0, s, c)
    return m.where(m.fmod(m.floor(k / 2), 2.0) == 0, y, 0 - y)


def _sinpi(m: Any, x: Array) -> Array:
    k, r = _quarters(m, x, 2.0, 0.5)
    return _turned(m, k, m.sin(m.pi * r), m.cos(m.pi * r))


def _cospi(m: Any, x: Array) -> Array:
    k, r = _quarters(m, x, 2.0, 0.5)
    return _turned(m, k + 1, m.sin(m.pi * r), m.cos(m.pi * r))


def _of_degrees(m: Any, r: Array) -> tuple[Array, Array]:
    """Sine and cosine of at most 45 degrees."""
    a = r * m.radian
    return m.where(m.abs(r) == 30, r / 60, m.sin(a)), m.cos(a)


def _sind(m: Any, x: Array) -> Array:
    k, r = _quarters(m, x, 360.0, 90.0)
    return _turned(m, k, *_of_degrees(m, r))


def _cosd(m: Any, x: Array) -> Array:
    k, r = _quarters(m, x, 360.0, 90.0)
    return _turned(m, k + 1, *_of_degrees(m, r))


def _tand(m: Any, x: Array) -> Array:
    k, r = _quarters(m, x, 360.0, 90.0)
    s, c = _of_degrees(m, r)
    t = m.where(m.abs(r) == 45, r / 45, s / c)
    return m.where(m.fmod(k, 2.0) == 0, t, 1 / (0 - t))


_TURN = 6.283185307179586

ROWS = (
    Op(
        "sin", "x",
        about="the sine", period=_TURN, ulp=0.6, example="sin(pi/6)", domain="finite numbers",
        vjp=(lambda g, y, x: g * fn.cos(x),),
    ),
    Op(
        "cos", "x",
        about="the cosine", period=_TURN, ulp=0.6, example="cos(pi/3)", domain="finite numbers",
        vjp=(lambda g, y, x: -(g * fn.sin(x)),),
    ),
    Op(
        "tan", "x",
        about="the tangent", period=_TURN / 2, ulp=0.7, example="tan(pi/4)", domain="finite numbers",
        vjp=(lambda g, y, x: g * (1 + y * y),),
    ),
    Op(
        "sec", "x",
        about="the secant", period=_TURN, example="sec(pi/3)", domain="finite numbers", definition="1/cos(x)",
        vjp=(lambda g, y, x: g * (y * fn.tan(x)),),
    ),
    Op(
        "csc", "x",
        about="the cosecant", period=_TURN, example="csc(pi/6)", domain="finite numbers but 0", edges="infinite at 0",
        definition="1/sin(x)",
        vjp=(lambda g, y, x: -((g * y) * fn.cot(x)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "cot", "x",
        about="the cotangent", example="cot(pi/4)", domain="finite numbers but 0", edges="infinite at 0",
        period=_TURN / 2,
        definition="cos(x)/sin(x)",
        vjp=(lambda g, y, x: -(g + (g * y) * y),),  # no square of y alone that could overflow
        pole=lambda x: x == 0,
    ),
    Op(
        "asin", "x",
        aliases="arcsin", about="the inverse sine", ulp=0.6, example="asin(0.5)",
        domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        vjp=(lambda g, y, x: g / fn.circle(x),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "acos", "x",
        aliases="arccos", about="the inverse cosine", ulp=0.6, example="acos(0.5)",
        domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        vjp=(lambda g, y, x: -(g / fn.circle(x)),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "circle", "x",
        about="the half circle over x; serves the rules of asin and acos", example="circle(0.6)",
        definition="sqrt((1 - x)*(1 + x))", domain="-1 <= x <= 1", edges="slope infinite at -1 and 1",
        vjp=(lambda g, y, x: -(g * (x / y)),),
        pole=lambda x: abs(x) == 1,
        internal=True,
    ),
    Op(
        "atan", "x",
        aliases="arctan", about="the inverse tangent", ulp=0.6, example="atan(1)",
        vjp=(lambda g, y, x: fn.over_squares(g, 1, x),),
    ),
    Op(
        "atan2", "y, x",
        aliases="arctan2", about="the angle of the point (x, y), from -pi to pi", ulp=0.6, example="atan2(1, -1)",
        edges="jump at y = 0 for x <= 0; at the origin slope 0 used",
        vjp=(
            lambda g, r, y, x: fn.over_squares(g * x, x, y),
            lambda g, r, y, x: -fn.over_squares(g * y, x, y),
        ),
        active=(_origin, _origin),
        jump=lambda y, x: (y == 0) & (x <= 0),
        underflow=not_zero,
    ),
    Op(
        "over_squares", "z, x, y",
        about="z over the square of hypot(x, y), without overflow; serves the rules of atan and atan2",
        example="over_squares(1, 3, 4)", definition="z/(x*x + y*y)", precise=_over_squares,
        domain="x and y not both 0", edges="infinite at x = y = 0",
        vjp=(
            lambda g, r, z, x, y: fn.over_squares(g, x, y),
            lambda g, r, z, x, y: -fn.over_squares(2 * (g * r) * x, x, y),
            lambda g, r, z, x, y: -fn.over_squares(2 * (g * r) * y, x, y),
        ),
        pole=lambda z, x, y: x == 0 and y == 0,
        internal=True,
        underflow=lambda z, x, y: z != 0 and x - x == y - y == 0,
    ),
    Op(
        "sinc", "x",
        about="the normalised sine cardinal, 1 at 0", period=2, example="sinc(0.5)", definition="sin(pi*x)/(pi*x)",
        precise=_sinc,
        vjp=(lambda g, y, x: g * fn.sinc_derivative(1, x),),
    ),
    Op(
        "sinc_derivative", "n, x",
        about="the n-th derivative of sinc; serves its rule", period=2, example="sinc_derivative(1, 0.5)",
        domain="n = 0, 1, ..., 999",
        vjp=(DISCRETE, lambda g, y, n, x: g * fn.sinc_derivative(n + 1, x)),
        internal=True,
    ),
    Op(
        "degrees", "x",
        aliases="rad2deg", about="radians to degrees", example="degrees(pi)", definition="x*180/pi",
        precise=lambda m, x: x * m.degree + x * m.degree_rest,
        vjp=(lambda g, y, x: fn.degrees(g),),
        torch="Rad2Deg",
    ),
    Op(
        "radians", "x",
        aliases="deg2rad", about="degrees to radians", example="radians(180)", definition="x*pi/180",
        precise=lambda m, x: x * m.radian + x * m.radian_rest,
        vjp=(lambda g, y, x: fn.radians(g),),
        torch="Deg2Rad",
        underflow=not_zero,
    ),
    Op(
        "sinpi", "x",
        about="sin(pi*x), exact at multiples of 1/2", example="sinpi(1)", definition="sin(pi*x)", precise=_sinpi,
        period=2,
        domain="finite numbers",
        vjp=(lambda g, y, x: (g * fn.cospi(x)) * fn.pi,),
        underflow=lambda x: x % 1 != 0,
    ),
    Op(
        "cospi", "x",
        about="cos(pi*x), exact at multiples of 1/2", example="cospi(0.5)", definition="cos(pi*x)", precise=_cospi,
        period=2,
        domain="finite numbers",
        vjp=(lambda g, y, x: -((g * fn.sinpi(x)) * fn.pi),),
    ),
    Op(
        "sind", "x",
        about="the sine of degrees, exact at multiples of 30", example="sind(30)", definition="sin(x*pi/180)",
        period=360,
        precise=_sind, domain="finite numbers",
        vjp=(lambda g, y, x: fn.radians(g) * fn.cosd(x),),
        underflow=lambda x: x % 180 != 0,
    ),
    Op(
        "cosd", "x",
        about="the cosine of degrees, exact at multiples of 30", example="cosd(60)", definition="cos(x*pi/180)",
        period=360,
        precise=_cosd, domain="finite numbers",
        vjp=(lambda g, y, x: -(fn.radians(g) * fn.sind(x)),),
    ),
    Op(
        "tand", "x",
        about="the tangent of degrees, exact at multiples of 45", period=180, ulp=4, example="tand(45)",
        definition="tan(x*pi/180)", precise=_tand, domain="finite numbers", edges="infinite at 90, 270, ...",
        vjp=(lambda g, y, x: fn.radians(g) * (1 + y * y),),
        pole=lambda x: x % 180 == 90,
        underflow=lambda x: x % 180 != 0,
    ),
    Op(
        "asec", "x",
        aliases="arcsec", about="the inverse secant", example="asec(2)", definition="acos(1/x)",
        precise=lambda m, x: m.atan2(m.sqrt(m.abs(x) - 1) * m.sqrt(m.abs(x) + 1), m.sign(x)), ulp=4,
        domain="x <= -1 or x >= 1", edges="slope infinite at -1 and 1",
        vjp=(lambda g, y, x: fn.over_secant(g, x),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "acsc", "x",
        aliases="arccsc", about="the inverse cosecant", example="acsc(2)", definition="asin(1/x)",
        precise=lambda m, x: m.sign(x) * m.atan2(1.0, m.sqrt(m.abs(x) - 1) * m.sqrt(m.abs(x) + 1)), ulp=4,
        domain="x <= -1 or x >= 1", edges="slope infinite at -1 and 1",
        vjp=(lambda g, y, x: -fn.over_secant(g, x),),
        pole=lambda x: abs(x) == 1,
        underflow=not_zero,
    ),
    Op(
        "over_secant", "z, x",
        about="z over abs(x)*sqrt(x*x - 1); serves the rules of asec and acsc", example="over_secant(1, 2)",
        definition="z/abs(x)/(sqrt(abs(x) - 1)*sqrt(abs(x) + 1))", domain="x <= -1 or x >= 1", ulp=4,
        edges="infinite at -1 and 1",
        vjp=(
            lambda g, r, z, x: fn.over_secant(g, x),
            lambda g, r, z, x: -((g * r) * (1 / x + x / (fn.abs(x) - 1) / (fn.abs(x) + 1))),
        ),
        pole=lambda z, x: abs(x) == 1,
        internal=True,
        underflow=not_zero,
    ),
    Op(
        "acot", "x",
        aliases="arccot", about="the inverse cotangent, atan(1/x)", example="acot(2)", definition="atan(1/x)",
        edges="jump at 0",
        vjp=(lambda g, y, x: -fn.over_squares(g, 1, x),),
        jump=lambda x: x == 0,
        underflow=not_zero,
    ),
)  # fmt: skip
