"""Special functions: the error function, the gamma function and their kin."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, Op, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _is_pole(x: Array) -> bool:
    return x <= 0 and x % 1 == 0


def _split(m: Any, x: Array) -> Array:
    """x as a sum of two floats of half the digits, whose products are exact (Veltkamp; Dekker 1971)."""
    c = m.splitter * x
    high = c - (c - x)
    return high, x - high


def _bell(m: Any, x: Array, scale: Array) -> Array:
    """exp(-scale*x*x) for a scale that is a power of 2; the rounding of x*x does not count."""
    h, _ = _split(m, m.clamp(x, -64.0, 64.0))
    y = m.exp(-scale * h * h)
    return y + y * m.expm1(scale * (h - x) * (h + x))


def _ndtr(m: Any, x: Array) -> Array:
    """The rounding of the argument of erfc does not count: z + error is -x*sqrt(1/2)."""
    z = -x * m.root_half
    a, b = _split(m, -x)
    error = ((a * m.root_half_high - z) + a * m.root_half_low + b * m.root_half_high) + b * m.root_half_low
    tail = m.erfc(z)
    return 0.5 * m.where(m.abs(z) <= 30, tail - error * m.bell * m.exp(-z * z), tail)


ROWS = (
    Op(
        "erf", "x",
        about="the error function", ulp=1.2, example="erf(1)",
        vjp=(lambda g, y, x: g * fn.erf_slope(x),),
    ),
    Op(
        "erfc", "x",
        about="1 - erf(x), precise far out", example="erfc(10)", definition="1 - erf(x)", ulp=3,
        vjp=(lambda g, y, x: -(g * fn.erf_slope(x)),),
        underflow=not_zero,
    ),
    Op(
        "erf_slope", "x",
        about="the derivative of erf; serves its rule", example="erf_slope(1)", definition="2/sqrt(pi)*exp(-x*x)",
        precise=lambda m, x: m.bell * _bell(m, x, 1.0), ulp=3,
        vjp=(lambda g, y, x: -(g * (2 * (x * y))),),
        internal=True,
        underflow=not_zero,
    ),
    Op(
        "erfinv", "x",
        about="the inverse of erf", ulp=0.6, example="erfinv(0.5)", domain="-1 <= x <= 1", edges="infinite at -1 and 1",
        vjp=(lambda g, y, x: g / fn.erf_slope(y),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "ndtr", "x",
        about="the normal distribution function", example="ndtr(1)",
        definition="erfc(-x/sqrt(2))/2", precise=_ndtr, ulp=3,
        vjp=(lambda g, y, x: g * fn.norm_pdf(x),),
        underflow=not_zero,
    ),
    Op(
        "norm_pdf", "x",
        about="the normal density", example="norm_pdf(0)",
        definition="exp(-x*x/2)/sqrt(2*pi)",
        precise=lambda m, x: m.normal * _bell(m, x, 0.5), ulp=3,
        vjp=(lambda g, y, x: -(g * (x * y)),),
        underflow=not_zero,
    ),
    Op(
        "gamma", "x",
        about="the gamma function, (x - 1)!", ulp=0.6, example="gamma(5)", domain="all numbers but 0, -1, -2, ...",
        edges="infinite at 0, no value at -1, -2, ...",
        vjp=(lambda g, y, x: (g * y) * fn.digamma(x),),
        pole=_is_pole,
        underflow=not_zero,
    ),
    Op(
        "lgamma", "x",
        aliases="gammaln loggamma", about="log(abs(gamma(x))) without overflow", ulp=0.6, example="lgamma(1000)",
        edges="infinite at 0, -1, -2, ...",
        vjp=(lambda g, y, x: g * fn.digamma(x),),
        pole=_is_pole,
    ),
    Op(
        "digamma", "x",
        aliases="psi", about="the derivative of lgamma", ulp=0.6, example="digamma(1)",
        domain="all numbers but 0, -1, -2, ...", edges="infinite at 0, no value at -1, -2, ...",
        vjp=(lambda g, y, x: g * fn.polygamma(1, x),),
        pole=_is_pole,
    ),
    Op(
        "polygamma", "n, x",
        about="the n-th derivative of digamma", ulp=0.6, example="polygamma(1, 2)",
        domain="n = 0, 1, ..., 999", edges="infinite at x = 0, and for odd n at x = -1, -2, ...",
        vjp=(DISCRETE, lambda g, y, n, x: g * fn.polygamma(n + 1, x)),
        pole=lambda n, x: _is_pole(x),
        underflow=not_zero,
    ),
)  # fmt: skip
