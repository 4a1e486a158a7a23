"""The incomplete gamma and beta functions of balls, regularised.

Below the bulk of a distribution by power series of positive terms, whose remainder is bounded by a geometric series;
elsewhere by what is left of 1. Arb's own lower functions lose all digits for large parameters.
"""

from __future__ import annotations

import math

from flint import arb, ctx

from gradcli.domains.arb import INF, guarded, is_pole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TERMS = 400_000  # half a second
LARGEST, LARGEST_BETA = 1e17, 1e8  # parameters: beyond these the series are too long
SHORT = 1e6  # up to this parameter the series is short everywhere below it
AT_ONCE = 16  # terms between two looks at the remainder
ANY = arb(0.5, 0.5)  # any probability


def _probability(y: arb) -> arb:
    """A ball of what is known to lie between 0 and 1."""
    return y if y.is_nan() or 0 <= y <= 1 else y.intersection(ANY) if y.overlaps(ANY) else y


def _sum(ratio: Callable[[int], arb]) -> arb:
    """1 + r(1) + r(1)*r(2) + ... of ratios that fall, or are below 1 and no longer grow, from some term on."""
    total, term, least = arb(1), arb(1), arb(2) ** -(ctx.prec + 8)
    for k in range(1, MOST_TERMS):
        term = term * ratio(k)
        total = total + term
        if k % AT_ONCE == 0:
            bound = ratio(k + 1).max(ratio(10**30))
            if bound < 1 and term < least * total:
                return total + (term * bound / (1 - bound)).union(arb(0))
            if not term.is_finite():
                break
    return arb(0, INF)


def _lower_series(a: arb, x: arb) -> arb:
    """DLMF 8.7.1: the terms x**k/((a + 1)...(a + k))."""
    return (a * x.log() - x - (a + 1).lgamma()).exp() * _sum(lambda k: x / (a + k))


def _lower(a: arb, x: arb) -> arb:
    if _no_gamma(a, x):
        return x.nan()
    if a.is_zero() and x > 0:
        return arb(1)
    if not a > 0:
        return ANY
    if x.is_zero() or x == INF:
        return arb(0 if x.is_zero() else 1)
    if not x > 0:
        return ANY
    size, at = float(a.mid()), float(x.mid())
    below = at < size and (size < SHORT or size - at > 4 * math.sqrt(size))
    return _probability(_lower_series(a, x) if below else 1 - x.gamma_upper(a, 1))


def _upper(a: arb, x: arb) -> arb:
    if _no_gamma(a, x):
        return x.nan()
    if a.is_zero() and x > 0:
        return arb(0)
    if not a > 0:
        return ANY
    if x.is_zero() or x == INF:
        return arb(1 if x.is_zero() else 0)
    return _probability(x.gamma_upper(a, 1)) if x > 0 else ANY


def _no_gamma(a: arb, x: arb) -> bool:
    return bool(a < 0 or x < 0 or a > LARGEST or (a.is_zero() and x.is_zero()))


def _no_beta(a: arb, b: arb, x: arb) -> bool:
    return bool(a <= 0 or b <= 0 or x < 0 or x > 1 or a > LARGEST_BETA or b > LARGEST_BETA)


def _terms(a: float, b: float, x: float) -> float:
    """About how many terms the series of I(a, b, x) takes: those are like the exponential of a parabola."""
    start, bend = math.log1p(a) - math.log(a + b) - math.log(x), (b - 1) / ((a + b) * (a + 1))
    digits = 0.7 * ctx.prec
    straight = digits / -math.log(x) if x < 1 else INF
    if bend <= 0:
        return straight
    return min((math.sqrt(start * start + 2 * bend * digits) - start) / bend, straight + (a + b if start < 0 else 0.0))


def _beta_series(a: arb, b: arb, x: arb, rest: arb) -> arb:
    """DLMF 8.17.8: the terms (a + b)...(a + b + k - 1)*x**k/((a + 1)...(a + k)); rest: 1 - x."""
    both = a + b
    front = a * x.log() + b * rest.log() + both.lgamma() - (a + 1).lgamma() - b.lgamma()
    return front.exp() * _sum(lambda k: (both + (k - 1)) * x / (a + k))


def _betainc(a: arb, b: arb, x: arb) -> arb:
    if _no_beta(a, b, x):
        return x.nan()
    if not (a > 0 and b > 0):
        return ANY
    if x.is_zero() or x == 1:
        return x
    if not 0 < x < 1:
        return ANY
    rest = 1 - x
    p, q, s, t = (float(v.mid()) for v in (a, b, x, rest))
    inner = 0 < s < 1 and 0 < t < 1
    direct = _terms(p, q, s) <= _terms(q, p, t) if inner else s < 0.5
    return _probability(_beta_series(a, b, x, rest) if direct else 1 - _beta_series(b, a, rest, x))


# Densities


def _power(x: arb, p: arb) -> arb:
    """x**p, also at 0."""
    if not x.is_zero():
        return (p * x.log()).exp()
    return arb(1) if p.is_zero() else arb(0) if p > 0 else x.pos_inf() if p < 0 else x.nan()


def _over_gamma(front: arb, a: arb) -> arb:
    """exp(front)/gamma(a); 0 at the poles of gamma."""
    return arb(0) if is_pole(a) else (front - a.lgamma()).exp() if a > 1 else front.exp() * a.rgamma()


def _gamma_density(a: arb, x: arb) -> arb:
    if x == INF or is_pole(a):
        return arb(0)
    if x.is_zero():
        return _power(x, a - 1) * a.rgamma()
    return _over_gamma((a - 1) * x.log() - x, a)


def _no_gamma_density(a: arb, x: arb) -> bool:
    return bool(x < 0 or abs(a) == INF)


def _beta_density(s: arb, a: arb, b: arb, x: arb) -> arb:
    if is_pole(a) or is_pole(b):
        return arb(0)
    rest = 1 - x
    if x.is_zero() or rest.is_zero():
        return s.gamma() * _power(x, a - 1) * _power(rest, b - 1) * a.rgamma() * b.rgamma()
    front = s.lgamma() + (a - 1) * x.log() + (b - 1) * rest.log()
    return _over_gamma(front, a) * _over_gamma(arb(0), b) if a > b else _over_gamma(front, b) * _over_gamma(arb(0), a)


def _no_beta_density(s: arb, a: arb, b: arb, x: arb) -> bool:
    return bool(s <= 0 or x < 0 or x > 1 or INF in (abs(s), abs(a), abs(b)))


PRIMITIVES: dict[str, Callable[..., arb]] = {
    "gammainc": guarded(_lower, _no_gamma),
    "gammaincc": guarded(_upper, _no_gamma),
    "betainc": guarded(_betainc, _no_beta),
    "gamma_density": guarded(_gamma_density, _no_gamma_density),
    "beta_density": guarded(_beta_density, _no_beta_density),
}
