"""Hyperbolic functions and their inverses."""

from __future__ import annotations

from gradcli.core.op import Op, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _sech(m: Any, x: Array) -> Array:
    e = m.exp(-m.abs(x))
    return 2 * e / (1 + e * e)


def _csch(m: Any, x: Array) -> Array:
    e = m.exp(-m.abs(x))
    return m.where(m.abs(x) < 1, 1 / m.sinh(x), m.sign(x) * 2 * e / (1 - e * e))


def _tanh_slope(g: Array, y: Array, x: Array) -> Array:
    """sech(x)**2: 1 - y*y would lose all digits far out."""
    s = fn.sech(x)
    return (g * s) * s


def _coth_slope(g: Array, y: Array, x: Array) -> Array:
    s = fn.csch(x)
    return -((g * s) * s)


def _asech(m: Any, x: Array) -> Array:
    """1/x - 1 is lost near 1, and x near 0."""
    s = m.sqrt((1 - x) * (1 + x))
    return m.where(x < 0.5, m.log1p(s) - m.log(x), m.log1p((1 - x + s) / x))


def _acsch(m: Any, x: Array) -> Array:
    """Where 1/x is no float, log(2/x)."""
    a = m.abs(x)
    return m.where(m.logical_and(a < 1e-37, a > 0), m.sign(x) * (m.log(0 * a + 2) - m.log(a)), m.asinh(1 / x))


ROWS = (
    Op(
        "sinh", "x",
        about="the hyperbolic sine", example="sinh(1)",
        vjp=(lambda g, y, x: g * fn.cosh(x),),
    ),
    Op(
        "cosh", "x",
        about="the hyperbolic cosine", ulp=2, example="cosh(1)",
        vjp=(lambda g, y, x: g * fn.sinh(x),),
    ),
    Op(
        "tanh", "x",
        about="the hyperbolic tangent", example="tanh(1)",
        vjp=(_tanh_slope,),
    ),
    Op(
        "sech", "x",
        about="the hyperbolic secant", example="sech(1)", definition="1/cosh(x)",
        precise=_sech,
        vjp=(lambda g, y, x: -(g * (y * fn.tanh(x))),),
        underflow=not_zero,
    ),
    Op(
        "csch", "x",
        about="the hyperbolic cosecant", example="csch(1)", definition="1/sinh(x)", precise=_csch, ulp=3,
        domain="x != 0", edges="infinite at 0",
        vjp=(lambda g, y, x: -((g * y) * fn.coth(x)),),
        pole=lambda x: x == 0,
        underflow=not_zero,
    ),
    Op(
        "coth", "x",
        about="the hyperbolic cotangent", ulp=3, example="coth(1)", definition="1/tanh(x)", domain="x != 0",
        edges="infinite at 0",
        vjp=(_coth_slope,),
        pole=lambda x: x == 0,
    ),
    Op(
        "asinh", "x",
        aliases="arcsinh", about="the inverse hyperbolic sine", example="asinh(1)",
        vjp=(lambda g, y, x: g / fn.hypot1(x),),
    ),
    Op(
        "acosh", "x",
        aliases="arccosh", about="the inverse hyperbolic cosine", example="acosh(2)",
        domain="x >= 1", edges="slope infinite at 1",
        vjp=(lambda g, y, x: g / fn.sqrt(x - 1) / fn.sqrt(x + 1),),
        pole=lambda x: x == 1,
    ),
    Op(
        "atanh", "x",
        aliases="arctanh", about="the inverse hyperbolic tangent", example="atanh(0.5)",
        domain="-1 <= x <= 1", edges="infinite at -1 and 1",
        vjp=(lambda g, y, x: fn.over_circle(g, x),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "over_circle", "z, x",
        about="z over 1 - x*x, precise near 1; serves the rule of atanh", example="over_circle(1, 0.6)",
        definition="z/(1 - x)/(1 + x)", domain="x != 1 and x != -1", edges="infinite at -1 and 1",
        vjp=(
            lambda g, r, z, x: fn.over_circle(g, x),
            lambda g, r, z, x: fn.over_circle(2 * (g * r) * x, x),
        ),
        pole=lambda z, x: abs(x) == 1,
        underflow=lambda z, x: z != 0 and x - x == 0,
        internal=True,
    ),
    Op(
        "asech", "x",
        aliases="arcsech", about="the inverse hyperbolic secant", example="asech(0.5)", definition="acosh(1/x)",
        precise=_asech, ulp=4, domain="0 <= x <= 1", edges="infinite at 0, slope infinite at 1",
        vjp=(lambda g, y, x: -(g / fn.positive(x) / fn.circle(x)),),
        pole=lambda x: x in (0, 1),
    ),
    Op(
        "acsch", "x",
        aliases="arccsch", about="the inverse hyperbolic cosecant", example="acsch(1)", definition="asinh(1/x)",
        precise=_acsch, ulp=3, domain="x != 0", edges="infinite at 0",
        vjp=(lambda g, y, x: -(g / fn.abs(x) / fn.hypot1(x)),),
        pole=lambda x: x == 0,
        underflow=not_zero,
    ),
    Op(
        "acoth", "x",
        aliases="arccoth", about="the inverse hyperbolic cotangent", example="acoth(2)", definition="atanh(1/x)",
        precise=lambda m, x: m.sign(x) * 0.5 * m.log1p(2 / (m.abs(x) - 1)), ulp=4,
        domain="x <= -1 or x >= 1", edges="infinite at -1 and 1",
        vjp=(lambda g, y, x: fn.over_circle(g, x),),
        pole=lambda x: abs(x) == 1,
        underflow=not_zero,
    ),
)  # fmt: skip
