"""Further primitives of ball arithmetic: factorials and their kin, inverses, and what is exact at multiples.

The conventions are those of gradcli.domains.arb: NaN only where there surely is no value.
"""

from __future__ import annotations

from flint import arb

from gradcli.domains import arb as basic
from gradcli.domains import arb_incomplete, arb_integrals
from gradcli.domains.arb import INF, LINE, guarded, is_pole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _is_odd(n: arb) -> bool:
    return bool(n.is_exact() and n.is_integer() and not (n / 2).is_integer())


def _is_whole(n: arb) -> bool:
    return bool(n.is_exact() and n.is_integer())


def _xlog1py(x: arb, y: arb) -> arb:
    if x.is_zero():
        return x
    return PRIMITIVES["mul"](x, PRIMITIVES["log1p"](y))


def _root(x: arb, n: arb) -> arb:
    """By the size of x, with its sign where n is odd."""
    if n.is_zero():
        return x.nan()
    if x.is_zero():
        return x if n > 0 else x.pos_inf() if n < 0 else x.nan()
    if not (x > 0) and _is_odd(n):
        if x < 0:
            return -_root(-x, n)
        bound = _root(x.abs_upper(), n) if n > 0 else LINE
        return bound.union(-bound)
    if x < 0 and (_is_whole(n) or not n.contains_integer()):
        return x.nan()
    if _is_whole(n) and 0 < n < 10**9 and x > 0 and x != INF:
        return x.root(int(n.unique_fmpz()))
    if n == INF and not x > 0:
        return LINE  # none below 0, and 0 there
    return basic.PRIMITIVES["pow"](x, 1 / n)


def _no_root(x: arb, n: arb) -> bool:
    return bool(n.is_zero() or (x < 0 and (_is_whole(n) or not n.contains_integer()) and not _is_odd(n)))


# Angles: exact at multiples of a twelfth of a turn

_SINES = (0.0, 0.5, None, 1.0, None, 0.5, 0.0, -0.5, None, -1.0, None, -0.5)


def _twelfths(x: arb) -> int | None:
    """The number of twelfths of a turn that an angle in degrees is exactly, up to whole turns."""
    n = (x / 30).unique_fmpz() if x.is_exact() and x.is_finite() else None
    return int(n) % 12 if n is not None and x == arb(n) * 30 else None


def _sind(x: arb) -> arb:
    n = _twelfths(x)
    exact = None if n is None else _SINES[n]
    return (x / 180).sin_pi() if exact is None else arb(exact)


def _cosd(x: arb) -> arb:
    n = _twelfths(x)
    exact = None if n is None else _SINES[(n + 3) % 12]
    return (x / 180).cos_pi() if exact is None else arb(exact)


def _tand(x: arb) -> arb:
    n = (x / 45).unique_fmpz() if x.is_exact() and x.is_finite() else None
    if n is None or x != arb(n) * 45:
        return (x / 180).tan_pi()
    return (arb(0), arb(1), arb(INF), arb(-1))[int(n) % 4]


# The error function and its kin


def _scaled(x: arb, a: float) -> arb:
    """Tricomi's U(a, 1/2, x*x)/sqrt(pi): for a = 1/2 erfcx(x), for a = 1 minus its derivative; DLMF 7.18."""
    return (x * x).hypgeom_u(arb(a), arb(0.5)) / arb.pi().sqrt()


def _erfcx(x: arb) -> arb:
    return _scaled(x, 0.5) if x > 1 else (x * x).exp() * x.erfc()


def _erfcx_slope(x: arb) -> arb:
    return -_scaled(x, 1.0) if x > 1 else 2 * x * _erfcx(x) - 2 / arb.pi().sqrt()


def _log_ndtr(x: arb) -> arb:
    z = -x / arb(2).sqrt()
    return (_erfcx(z) / 2).log() - z * z if z > 1 else (-(-z).erfc() / 2).log1p()


def _log_ndtr_slope(x: arb) -> arb:
    return (2 / arb.pi()).sqrt() / _erfcx(-x / arb(2).sqrt())


def _ndtri(p: arb) -> arb:
    root = arb(2).sqrt()
    return -root * (2 * p).erfcinv() if p < 0.5 else root * (2 * (1 - p)).erfcinv()


def _lambertw(x: arb, k: arb) -> arb:
    if k.is_zero():
        return x if x == INF else x.lambertw()
    if k != -1 or not k.is_exact():
        return arb("nan")  # another branch is complex, or which one it is is open
    return x.neg_inf() if x.is_zero() else x.lambertw(-1)


def _no_lambertw(x: arb, k: arb) -> bool:
    if k.is_zero():
        return bool(x < -(arb(-1).exp()))
    if not k.contains(-1):
        return not k.contains(0)
    return bool(k == -1 and (x < -(arb(-1).exp()) or x > 0))


# The gamma function and its kin


def _factorial(n: arb) -> arb:
    return basic.PRIMITIVES["gamma"](n + 1)


def _binomial(n: arb, k: arb) -> arb:
    """DLMF 1.2.6; at a negative whole n by its reflection."""
    if n < 0 and _is_whole(n):
        if not (_is_whole(k) and k >= 0):
            return n.nan()
        value = _binomial(k - n - 1, k)
        return -value if _is_odd(k) else value
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _no_binomial(n: arb, k: arb) -> bool:
    if abs(n) == INF or abs(k) == INF:
        return True
    return bool(
        n < 0
        and _is_whole(n)
        and (k < 0 or (not _is_whole(k) and not k.contains_integer()) or (k.is_exact() and not k.is_integer()))
    )


def _beta(a: arb, b: arb) -> arb:
    for x, other in ((a, b), (b, a)):
        if x.is_zero() and other > 0:
            return x.pos_inf()
    return a.gamma() * b.gamma() * (a + b).rgamma()


def _no_beta(a: arb, b: arb) -> bool:
    return is_pole(a) or is_pole(b) or abs(a) == INF or abs(b) == INF


def _betaln(a: arb, b: arb) -> arb:
    lgamma = basic.PRIMITIVES["lgamma"]
    if is_pole(a) or is_pole(b):
        return a.pos_inf() if not (is_pole(a + b) and not (is_pole(a) and is_pole(b))) else a.nan()
    return a.neg_inf() if is_pole(a + b) else lgamma(a) + lgamma(b) - lgamma(a + b)


def _no_step(x: arb, y: arb) -> bool:
    return is_pole(x) or is_pole(y) or y.is_nan() or abs(x) == INF or abs(y) == INF


def _digamma_step(x: arb, d: arb) -> arb:
    """digamma(x + d) - digamma(x)"""
    digamma = basic.PRIMITIVES["digamma"]
    if _no_step(x, x + d):
        return x.nan()
    if d.is_zero() and x.is_exact():
        return d
    return digamma(x + d) - digamma(x)


_NOWHERE = {INF: basic.NAN, -INF: basic.NAN}

PRIMITIVES: dict[str, Callable[..., arb]] = {
    **basic.PRIMITIVES,
    **arb_integrals.PRIMITIVES,
    **arb_incomplete.PRIMITIVES,
    "xlog1py": guarded(_xlog1py, lambda x, y: bool(y < -1 or (abs(x) == INF and y.is_zero()))),
    "root": guarded(_root, _no_root),
    "sinpi": guarded(arb.sin_pi, edges=_NOWHERE), "cospi": guarded(arb.cos_pi, edges=_NOWHERE),
    "sind": guarded(_sind, edges=_NOWHERE), "cosd": guarded(_cosd, edges=_NOWHERE),
    "tand": guarded(_tand, edges=_NOWHERE),
    "erfcinv": guarded(arb.erfcinv, lambda x: bool(x < 0 or x > 2), {0.0: INF, 2.0: -INF}),
    "erfcx": guarded(_erfcx, edges={INF: 0.0, -INF: INF}),
    "erfcx_slope": guarded(_erfcx_slope, edges={INF: 0.0, -INF: -INF}),
    "ndtri": guarded(_ndtri, lambda x: bool(x < 0 or x > 1), {0.0: -INF, 1.0: INF}),
    "log_ndtr": guarded(_log_ndtr, edges={INF: 0.0, -INF: -INF}),
    "log_ndtr_slope": guarded(_log_ndtr_slope, edges={INF: 0.0, -INF: INF}),
    "factorial": _factorial,
    "binomial": guarded(_binomial, _no_binomial),
    "beta": guarded(_beta, _no_beta),
    "betaln": guarded(_betaln, lambda a, b: abs(a) == INF or abs(b) == INF or is_pole(a) or is_pole(b)),
    "binomial_by_m": guarded(lambda m, k: -_digamma_step(m + 1, -k), lambda m, k: _no_step(m + 1, m - k + 1)),
    "binomial_by_k": guarded(lambda m, k: _digamma_step(k + 1, m - 2 * k), lambda m, k: _no_step(k + 1, m - k + 1)),
    "digamma_step": guarded(_digamma_step, lambda x, d: _no_step(x, x + d)),
    "lambertw": guarded(_lambertw, _no_lambertw),
}  # fmt: skip
