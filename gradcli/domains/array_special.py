"""Special functions of NumPy arrays, to 2 units in the last place.

Each is a few short polynomials (see `gradcli.domains.array_pieces`) of what is smooth in it: beside a pole the product
with the distance, beside a zero the quotient. Where digits are lost by a difference, and at the rare elements that no
other region takes, the function of one point serves. Its erfc is the C library's, up to 2.7 units off in glibc, so
that the two may differ by 4.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import flint
import numpy as np

from gradcli.domains.array_pieces import Pair, Pieces, minus, near, over
from gradcli.domains.mending import by_region, each, mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "gamma", "gelu", "lgamma", "logaddexp", "ndtr", "polygamma", "sinc_derivative",
]  # fmt: skip

_HUGE = 2.0**52  # from here on the leading term of an asymptotic series is all


def _is_number(*x: Any) -> Any:
    return x[-1] == x[-1]


class _BesidePoles:
    """Of a function with poles at 0, -1, -2, ... what is smooth below 1/2, and the distance to the nearest pole."""

    def __init__(self, series: Callable[[Any, Any], Any], last: int, order: int, count: int) -> None:
        """series: of s and of s less the pole; last, order, count: as in Pieces."""
        self._pieces = Pieces(lambda s: series(s, s - _whole(s)), last + 0.5 / count, 0.5, order, count)
        self._last = last

    def takes(self, x: Any) -> Any:
        return (x > self._last) & (x < 0.5) & (np.rint(x) != x) & (np.abs(x) > 1e-90)

    def __call__(self, x: Any) -> tuple[Pair, Any]:
        return self._pieces(x), x - np.rint(self._pieces.centre(x))


def _whole(s: Any) -> int:
    """The whole number beside the centre of a series."""
    return round(float(s[0]))


# The gamma function and its kin

_gamma = Pieces(lambda s: s.gamma(), 0.5, 171.5, 11, 32)
_gamma_poles = _BesidePoles(lambda s, t: t * s.gamma(), -170, 18, 16)


def _gamma_below(x: Any) -> Any:
    product, t = _gamma_poles(x)
    return near(product) / t


gamma = by_region(
    (lambda x: (x >= 0.5) & (x < 171.5), lambda x: near(_gamma(x))),
    (lambda x: x > 171.7, lambda x: np.full_like(x, np.inf)),
    (_gamma_poles.takes, _gamma_below),
    (_is_number, each("gamma")),
)


def _lgamma_below_zero(s: Any, t: Any) -> Any:
    """log(abs(t*gamma(s))) by reflection: Arb has no logarithm of gamma there."""
    sine = s.sin_pi() * (1 - 2 * (_whole(s) % 2)) / t
    return (sine.inv() * s[0].pi()).log() - (1 - s).lgamma()


_log = Pieces(lambda s: s.log(), 1e-26, 0.75, 9)
_lgamma = Pieces(lambda s: s.lgamma() / (s - (1 if s[0] < 1.5 else 2)), 0.5, _HUGE, 10)
_lgamma_poles = _BesidePoles(_lgamma_below_zero, -1000, 13, 64)


def _lgamma_below(x: Any) -> Any:
    smooth, t = _lgamma_poles(x)
    return minus(smooth, _log(np.abs(t)))


lgamma = by_region(
    (lambda x: (x >= 0.5) & (x < _HUGE), lambda x: (x - 1.0 - (x >= 1.5)) * near(_lgamma(x)) + 0.0),
    (lambda x: x >= _HUGE, lambda x: x * (np.log(x) - 1.0)),
    (lambda x: (np.abs(x) < 1e-25) & (x != 0.0), lambda x: -np.log(np.abs(x))),
    (_lgamma_poles.takes, mended(_lgamma_below, lambda y, x: np.abs(y) < 2.0**-4, "lgamma")),
    (_is_number, each("lgamma")),
)

_ZERO, _ZERO_REST = 1.4616321449683622, 9.549995429965697e-17  # of digamma

_digamma = Pieces(lambda s: s.lgamma().derivative() / (s - _ZERO - _ZERO_REST), 0.5, _HUGE, 10)
_digamma_poles = _BesidePoles(lambda s, t: _lgamma_below_zero(s, t).derivative(), -1000, 13, 64)


def _digamma_below(x: Any) -> Any:
    smooth, t = _digamma_poles(x)
    return minus(smooth, over((1.0, 0.0), t))


digamma = by_region(
    (lambda x: (x >= 0.5) & (x < _HUGE), lambda x: ((x - _ZERO) - _ZERO_REST) * near(_digamma(x))),
    (lambda x: x >= _HUGE, np.log),
    (_digamma_poles.takes, mended(_digamma_below, lambda y, x: np.abs(y) < 2.0**-4, "digamma")),
    (_is_number, each("digamma")),
)


def _polygamma(n: int) -> tuple[tuple[Callable[..., Any], Callable[..., Any]], ...]:
    """The regions of one order. Of an even order it has zeros below 0, which the last region of all takes."""

    def derivative(series: Any) -> Any:
        for _ in range(n + 1):
            series = series.derivative()
        return series

    def below_zero(s: Any, t: Any) -> Any:
        return t ** (n + 1) * derivative(_lgamma_below_zero(s, t)) + (-1) ** (n + 1) * factorial(n)

    above = Pieces(lambda s: derivative(s.lgamma()), 0.5, _HUGE, 11)
    poles = _BesidePoles(below_zero, -1000, 18, 16)

    def below(_: Any, x: Any) -> Any:
        y, t = poles(x)
        for _ in range(n + 1):
            y = over(y, t)
        return near(y)

    return (
        (lambda m, x: (m == n) & (x >= 0.5) & (x < _HUGE), lambda _, x: near(above(x))),
        (lambda m, x: (m == n) & poles.takes(x) & ((x > 0.0) | (n % 2 == 1)), below),
    )


polygamma = by_region(*_polygamma(1), *_polygamma(2), (_is_number, each("polygamma")))


# The error function and its kin

erf_by_x = Pieces(lambda s: s.erf() / s, 1 / 512, 6.0, 8, 256)
_erfc = Pieces(lambda s: s.erfc(), -6.0, 26.25, 10, 256)
_ndtr = Pieces(lambda s: (s * -(s[0] * 0 + 0.5).sqrt()).erfc() / 2, -37.0, 8.5, 9, 256)

erf = by_region(
    (lambda x: np.abs(x) < 6.0, lambda x: x * near(erf_by_x(np.abs(x)))),
    (_is_number, lambda x: np.copysign(1.0, x)),
)
erfc = by_region(
    (lambda x: (x >= -6.0) & (x < 26.25), lambda x: near(_erfc(x))),
    (lambda x: x < 0.0, lambda x: np.full_like(x, 2.0)),
    (lambda x: x > 28.0, np.zeros_like),
    (_is_number, each("erfc")),
)
ndtr = by_region(
    (lambda x: (x >= -37.0) & (x < 8.5), lambda x: near(_ndtr(x))),
    (lambda x: x > 0.0, np.ones_like),
    (lambda x: x < -40.0, np.zeros_like),
    (_is_number, each("ndtr")),
)
gelu = by_region((lambda x: x == -np.inf, lambda x: np.full_like(x, -0.0)), (_is_number, lambda x: x * ndtr(x)))
logaddexp = mended(
    np.logaddexp,
    lambda y, *x: (np.abs(y) < 0.25) & (np.maximum(*x) > -0.7) & (np.maximum(*x) < 0.0),
    "logaddexp",
)

# The inverse of erf and of erfc


def _inverse(series: Callable[[Any], Any], y: Any, terms: int) -> Any:
    """The inverse function about its value y."""
    _, *others = series(flint.arb_series([y, 1], terms)).coeffs()
    return flint.arb_series([0, *others], terms).reversion() + y


_erfinv = Pieces(lambda s: _inverse(lambda y: y.erf(), s[0].erfinv(), s.prec) / s, 1 / 128, 0.5, 12, 64)
_erfcinv = Pieces(lambda s: _inverse(lambda y: y.erfc(), (1 - s[0]).erfinv(), s.prec), 2.0**-54, 0.5, 10)

erfinv = by_region(
    (lambda x: np.abs(x) < 0.5, lambda x: x * near(_erfinv(np.abs(x)))),
    (lambda x: np.abs(x) < 1.0, lambda x: np.copysign(near(_erfcinv(1.0 - np.abs(x))), x)),
    (_is_number, each("erfinv")),
)


# The derivative of sinc

_sinc_near = Pieces(lambda s: (s.cos_pi() - s.sin_pi() / (s * s[0].pi())) / (s * s), 1 / 64, 1.25, 12, 32)
_cosine = Pieces(lambda s: s.cos_pi(), -0.5 + 1 / 2048, 0.5, 6, 1024)
_sine = Pieces(lambda s: s.sin_pi() / s[0].pi(), -0.5 + 1 / 2048, 0.5, 6, 1024)


def _sinc_beyond(n: Any, x: Any) -> Any:
    """(cos(pi*x) - sin(pi*x)/(pi*x))/x"""
    whole = np.rint(x)
    t = x - whole
    return minus(_cosine(t), over(_sine(t), x)) / np.where(np.fmod(whole, 2.0), -x, x)


sinc_derivative = by_region(
    (lambda n, x: (n == 1) & (np.abs(x) < 1.25), lambda _, x: x * near(_sinc_near(np.abs(x)))),
    (
        lambda n, x: (n == 1) & (np.abs(x) < _HUGE),
        mended(_sinc_beyond, lambda y, n, x: np.abs(y * x) < 2.0**-8, "sinc_derivative"),
    ),
    (_is_number, each("sinc_derivative")),
)
