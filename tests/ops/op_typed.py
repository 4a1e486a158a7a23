"""The same for what people type: factorials and their kin, angles, inverses, Bessel functions, zeta."""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf

EXACT = 1200  # bits of a value that others are held against; what is slow in mpmath has 350


def _root(x, n):
    if not x and n <= 0:
        raise ValueError
    size = mpmath.exp(mpmath.log(abs(x)) / n) if x else mpf(0)
    if x < 0 and n % 2 != 1:
        raise ValueError
    return size if x >= 0 else -size


def _turned(function, degrees):
    """Sine or cosine of degrees, exact where these are whole quarters."""
    with mp.extraprec(1200):
        return function((degrees % 360) / 180)


def _log_ndtr(x):
    z = -x / mpmath.sqrt(2)
    if x > -1e3:
        return mpmath.log1p(-mpmath.erfc(-z) / 2) if x > 0 else mpmath.log(mpmath.erfc(z) / 2)
    return mpmath.log(_erfcx(z) / 2) - z * z


def _erfcx(x):
    """Far out by its continued fraction: DLMF 7.9.1."""
    if x < 1e3:
        return mpmath.exp(x * x) * mpmath.erfc(x)
    y = x
    for k in range(150, 0, -1):
        y = x + mpf(k) / 2 / y
    return 1 / y / mpmath.sqrt(mp.pi)


def _erfcx_slope(x):
    with mp.extraprec(4000 if x > 1e3 else 200):
        if x < 1e3:
            return 2 * x * _erfcx(x) - 2 / mpmath.sqrt(mp.pi)
        y, total, term = 1 / (2 * x * x), mpf(0), mpf(1)
        for k in range(1, 150):  # DLMF 7.12.1
            term *= -(2 * k - 1) * y
            total += term
        return 2 * total / mpmath.sqrt(mp.pi)


def _log_ndtr_slope(x):
    return mpmath.sqrt(2 / mp.pi) / _erfcx(-x / mpmath.sqrt(2)) if x < 1e3 else mpf(0)


def _erfcinv(x):
    """By Newton's steps from the nearest float."""
    if not 0 < x < 2:
        raise ValueError
    if x > 1:
        return -_erfcinv(2 - x)
    y = mpmath.sqrt(-mpmath.log(x)) if x < 0.1 else mpmath.erfinv(mpf(float(1 - x)))
    for bits in (*[80] * 12, *[mp.prec] * 5):
        with mp.workprec(bits):
            tail = mpmath.erfc(y)
            y += mpmath.log(tail / x) * tail * mpmath.sqrt(mp.pi) / 2 * mpmath.exp(y * y)
    return y


def _lambertw(x, k):
    if k not in (0, -1) or x < -mpmath.exp(-1) or (k == -1 and not x < 0):
        raise ValueError
    return mpmath.lambertw(x, int(k))


def _binomial(n, k):
    if n < 0 and n % 1 == 0 and not (k >= 0 and k % 1 == 0):
        raise ValueError
    return mpmath.binomial(n, k)


def _beta(a, b):
    if any(x <= 0 and x % 1 == 0 for x in (a, b)):
        raise ValueError
    return mpmath.gamma(a) * mpmath.gamma(b) * mpmath.rgamma(a + b)


def _betaln(a, b):
    """With digits to spare: one of two huge numbers is lost beside the other."""
    with mp.extraprec(300):
        a, b, both = (mpmath.re(mpmath.loggamma(x)) for x in (a, b, a + b))
        return a + b - both


def _ordered(function, least=None):
    """A function of a whole order, and of numbers from `least` on."""

    def of_order(n, x):
        if n % 1 or abs(n) > 1000 or (least is not None and x < least):
            raise ValueError
        with mp.workprec(350 if mp.prec == EXACT else mp.prec):
            return mpmath.re(function(int(n), x))

    return of_order


def _expi(x):
    return mpf(0) if x < -1e9 else mpmath.ei(x)


def _zeta(s, q, n=0):
    if q <= 0 or abs(s) > 1000:
        raise ValueError
    with mp.workprec(350 if mp.prec == EXACT else mp.prec):
        return mpmath.zeta(s, q, int(n))


def _few(function):
    """With bits enough, where mpmath takes long for more."""

    def of(*x):
        with mp.workprec(350 if mp.prec == EXACT else mp.prec):
            return function(*x)

    return of


def _gammainc(a, x, upper=False):
    """By mpmath's own; NaN where a probability has no meaning."""
    if a < 0 or x < 0 or (a == 0 == x) or a > 1e17:
        raise ValueError
    if a == 0 or x == 0:
        return mpf(upper == (x == 0))
    return mpmath.gammainc(a, x, regularized=True) if upper else mpmath.gammainc(a, 0, x, regularized=True)


def _betainc(a, b, x):
    if not (0 < a <= 1e8 and 0 < b <= 1e8 and 0 <= x <= 1):
        raise ValueError
    return mpmath.betainc(a, b, 0, x, regularized=True)


def _density(start, end, *parameters):
    """A power of x and one of 1 - x, or exp(-x), over gamma functions."""

    def of(*x):
        if not start <= x[-1] <= end or (len(x) == 4 and x[0] <= 0):
            raise ValueError
        return parameters[0](*x)

    return of


TYPED = {
    "gammainc": _few(_gammainc),
    "gammaincc": _few(lambda a, x: _gammainc(a, x, upper=True)),
    "betainc": _few(_betainc),
    "gamma_density": _density(0, mp.inf, lambda a, x: x ** (a - 1) * mpmath.exp(-x) * mpmath.rgamma(a)),
    "beta_density": _density(
        0, 1, lambda s, a, b, x: x ** (a - 1) * (1 - x) ** (b - 1) * mpmath.gammaprod([s], [a, b])
    ),
    "xlog1py": lambda x, y: x * mpmath.log1p(y) if x else mpf(0),
    "root": _root,
    "sinpi": mpmath.sinpi,
    "cospi": mpmath.cospi,
    "sind": lambda x: _turned(mpmath.sinpi, x),
    "cosd": lambda x: _turned(mpmath.cospi, x),
    "tand": lambda x: _turned(mpmath.sinpi, x) / _turned(mpmath.cospi, x),
    "asec": mpmath.asec,
    "acsc": mpmath.acsc,
    "over_secant": lambda z, x: z / abs(x) / mpmath.sqrt((x - 1) * (x + 1)),
    "acot": lambda x: mpmath.atan(1 / x),
    "asech": mpmath.asech,
    "acsch": mpmath.acsch,
    "acoth": mpmath.acoth,
    "erfcinv": _erfcinv,
    "erfcx": _erfcx,
    "erfcx_slope": _erfcx_slope,
    "ndtri": lambda x: -mpmath.sqrt(2) * _erfcinv(2 * x),
    "log_ndtr": _log_ndtr,
    "log_ndtr_slope": _log_ndtr_slope,
    "factorial": mpmath.factorial,
    "binomial": _binomial,
    "beta": _beta,
    "betaln": _betaln,
    "binomial_by_m": lambda m, k: mpmath.digamma(m + 1) - mpmath.digamma(m - k + 1),
    "binomial_by_k": lambda m, k: mpmath.digamma(m - k + 1) - mpmath.digamma(k + 1),
    "digamma_step": lambda x, d: mpmath.digamma(x + d) - mpmath.digamma(x),
    "lambertw": _lambertw,
    "jv": _ordered(mpmath.besselj),
    "yv": _ordered(mpmath.bessely, 0),
    "iv": _ordered(mpmath.besseli),
    "kv": _ordered(mpmath.besselk, 0),
    "j0": lambda x: mpmath.besselj(0, x),
    "j1": lambda x: mpmath.besselj(1, x),
    "y0": lambda x: _ordered(mpmath.bessely, 0)(0, x),
    "y1": lambda x: _ordered(mpmath.bessely, 0)(1, x),
    "i0": lambda x: mpmath.besseli(0, x),
    "i1": lambda x: mpmath.besseli(1, x),
    "k0": lambda x: _ordered(mpmath.besselk, 0)(0, x),
    "k1": lambda x: _ordered(mpmath.besselk, 0)(1, x),
    "expint": _ordered(mpmath.expint, 0),
    "expi": _expi,
    "zeta": _zeta,
    "zeta_derivative": lambda n, s, q: _zeta(s, q, n),
}
