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


def _is_zero_of_binomial(m: Array, k: Array) -> bool:
    """Is k a negative integer, or m - k, and m none?"""
    return (k < 0 and k % 1 == 0) or (m < k and m % 1 == k % 1 and (m >= 0 or m % 1 != 0))


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
        period=1,
        edges="infinite at 0, no value at -1, -2, ...",
        vjp=(lambda g, y, x: (g * y) * fn.digamma(x),),
        pole=_is_pole,
        underflow=not_zero,
    ),
    Op(
        "lgamma", "x",
        aliases="gammaln loggamma", about="log(abs(gamma(x))) without overflow", ulp=0.6, example="lgamma(1000)",
        period=1,
        edges="infinite at 0, -1, -2, ...",
        vjp=(lambda g, y, x: g * fn.digamma(x),),
        pole=_is_pole,
    ),
    Op(
        "digamma", "x",
        aliases="psi", about="the derivative of lgamma", period=1, ulp=0.6, example="digamma(1)",
        domain="all numbers but 0, -1, -2, ...", edges="infinite at 0, no value at -1, -2, ...",
        vjp=(lambda g, y, x: g * fn.polygamma(1, x),),
        pole=_is_pole,
    ),
    Op(
        "polygamma", "n, x",
        about="the n-th derivative of digamma", period=1, ulp=0.6, example="polygamma(1, 2)",
        domain="n = 0, 1, ..., 999", edges="infinite at x = 0, and for odd n at x = -1, -2, ...",
        vjp=(DISCRETE, lambda g, y, n, x: g * fn.polygamma(n + 1, x)),
        pole=lambda n, x: _is_pole(x),
        underflow=not_zero,
    ),
    Op(
        "erfcinv", "x",
        about="the inverse of erfc", ulp=0.6, example="erfcinv(0.5)", definition="erfinv(1 - x)",
        domain="0 <= x <= 2", edges="infinite at 0 and 2",
        vjp=(lambda g, y, x: -(g / fn.erf_slope(y)),),
        pole=lambda x: x in (0, 2),
    ),
    Op(
        "erfcx", "x",
        torch="SpecialErfcx",
        about="exp(x*x)*erfc(x) without overflow", ulp=0.6, example="erfcx(100)", definition="exp(x*x)*erfc(x)",
        vjp=(lambda g, y, x: g * fn.erfcx_slope(x),),
        underflow=not_zero,
    ),
    Op(
        "erfcx_slope", "x",
        about="the derivative of erfcx; serves its rule", ulp=0.6, example="erfcx_slope(1)",
        definition="2*x*erfcx(x) - 2/sqrt(pi)",
        vjp=(lambda g, y, x: g * (2 * (fn.erfcx(x) + x * y)),),
        internal=True,
        underflow=not_zero,
    ),
    Op(
        "ndtri", "x",
        torch="SpecialNdtri",
        aliases="norm_ppf", about="the inverse of ndtr: the normal quantile", ulp=0.6, example="ndtri(0.975)",
        definition="sqrt(2)*erfinv(2*x - 1)", domain="0 <= x <= 1", edges="infinite at 0 and 1",
        vjp=(lambda g, y, x: g / fn.norm_pdf(y),),
        pole=lambda x: x in (0, 1),
    ),
    Op(
        "log_ndtr", "x",
        torch="SpecialLogNdtr",
        about="log(ndtr(x)) without underflow", ulp=0.6, example="log_ndtr(-50)", definition="log(ndtr(x))",
        vjp=(lambda g, y, x: g * fn.log_ndtr_slope(x),),
        underflow=lambda x: x - x == 0,
    ),
    Op(
        "log_ndtr_slope", "x",
        about="the derivative of log_ndtr, norm_pdf(x)/ndtr(x); serves its rule", ulp=0.6,
        example="log_ndtr_slope(-50)", definition="norm_pdf(x)/ndtr(x)",
        vjp=(lambda g, y, x: -((g * y) * (x + y)),),
        internal=True,
        underflow=lambda x: x - x == 0,
    ),
    Op(
        "factorial", "n",
        about="n!, which is gamma(n + 1)", period=1, ulp=0.6, example="factorial(5)", definition="gamma(n + 1)",
        domain="all numbers but -1, -2, ...", edges="infinite at -1, no value at -2, -3, ...",
        vjp=(lambda g, y, n: (g * y) * fn.digamma(n + 1),),
        pole=lambda n: n < 0 and n % 1 == 0,
        underflow=lambda n: n - n == 0,
    ),
    Op(
        "binomial", "m, k",
        aliases="binom", about="the binomial coefficient, m over k", ulp=0.6, example="binomial(5, 2)",
        definition="gamma(m + 1)/(gamma(k + 1)*gamma(m - k + 1))",
        domain="m not in -1, -2, ..., or k = 0, 1, 2, ...", edges="no slope at m = -1, -2, ...",
        vjp=(
            lambda g, y, m, k: (g * y) * fn.binomial_by_m(m, k),
            lambda g, y, m, k: (g * y) * fn.binomial_by_k(m, k),
        ),
        pole=lambda m, k: m < 0 and m % 1 == 0,
        underflow=lambda m, k: not _is_zero_of_binomial(m, k),
    ),
    Op(
        "beta", "a, b",
        about="the beta function, gamma(a)*gamma(b)/gamma(a + b)", ulp=0.6, example="beta(2, 3)",
        definition="gamma(a)*gamma(b)/gamma(a + b)", domain="a and b not in 0, -1, -2, ...",
        edges="infinite at a = 0 or b = 0",
        vjp=(
            lambda g, y, a, b: -((g * y) * fn.digamma_step(a, b)),
            lambda g, y, a, b: -((g * y) * fn.digamma_step(b, a)),
        ),
        pole=lambda a, b: _is_pole(a) or _is_pole(b),
        underflow=lambda a, b: not (a + b <= 0 == (a + b) % 1),
    ),
    Op(
        "betaln", "a, b",
        aliases="lbeta", about="log(abs(beta(a, b))) without overflow", ulp=0.6, example="betaln(1000, 1000)",
        definition="lgamma(a) + lgamma(b) - lgamma(a + b)", domain="a and b not in 0, -1, -2, ...",
        edges="infinite at a = 0 or b = 0 and where a + b is 0, -1, -2, ...",
        vjp=(
            lambda g, y, a, b: -(g * fn.digamma_step(a, b)),
            lambda g, y, a, b: -(g * fn.digamma_step(b, a)),
        ),
        pole=lambda a, b: _is_pole(a) or _is_pole(b) or _is_pole(a + b),
    ),
    Op(
        "binomial_by_m", "m, k",
        about="the derivative of log(abs(binomial(m, k))) by m; serves its rule", ulp=0.6,
        example="binomial_by_m(5, 2)", definition="digamma(m + 1) - digamma(m - k + 1)",
        domain="m and m - k not in -1, -2, ...", edges="infinite at m = -1 or m - k = -1",
        vjp=(
            lambda g, y, m, k: g * (fn.polygamma(1, m + 1) - fn.polygamma(1, m - k + 1)),
            lambda g, y, m, k: g * fn.polygamma(1, m - k + 1),
        ),
        pole=lambda m, k: _is_pole(m + 1) or _is_pole(m - k + 1),
        internal=True,
        underflow=lambda m, k: k != 0,
    ),
    Op(
        "binomial_by_k", "m, k",
        about="the derivative of log(abs(binomial(m, k))) by k; serves its rule", ulp=0.6,
        example="binomial_by_k(5, 2)", definition="digamma(m - k + 1) - digamma(k + 1)",
        domain="k and m - k not in -1, -2, ...", edges="infinite at k = -1 or m - k = -1",
        vjp=(
            lambda g, y, m, k: g * fn.polygamma(1, m - k + 1),
            lambda g, y, m, k: -(g * (fn.polygamma(1, m - k + 1) + fn.polygamma(1, k + 1))),
        ),
        pole=lambda m, k: _is_pole(k + 1) or _is_pole(m - k + 1),
        internal=True,
        underflow=lambda m, k: m != 2 * k,
    ),
    Op(
        "digamma_step", "x, d",
        about="digamma(x + d) - digamma(x), precise for a small d; serves the rules of beta and betaln", ulp=0.6,
        example="digamma_step(2, 1e-9)", definition="digamma(x + d) - digamma(x)",
        domain="x and x + d not in 0, -1, -2, ...", edges="infinite at x = 0 or x + d = 0",
        vjp=(
            lambda g, y, x, d: g * (fn.polygamma(1, x + d) - fn.polygamma(1, x)),
            lambda g, y, x, d: g * fn.polygamma(1, x + d),
        ),
        pole=lambda x, d: _is_pole(x) or _is_pole(x + d),
        internal=True,
        underflow=lambda x, d: d != 0,
    ),
    Op(
        "lambertw", "x, k=0",
        about="the w with w*exp(w) = x; the branch k is 0 or -1", ulp=0.6, example="lambertw(1)",
        domain="x >= -1/e, for k = -1 also x <= 0", edges="infinite at x = 0 for k = -1",
        vjp=(lambda g, y, x, k: g / (fn.exp(y) + x), DISCRETE),
        pole=lambda x, k: k == -1 and x == 0,
        underflow=not_zero,
    ),
)  # fmt: skip
