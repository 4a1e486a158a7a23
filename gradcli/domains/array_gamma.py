"""gamma, lgamma and digamma of NumPy arrays, to 2 units in the last place: scipy's where they are good.

Formulas: the NIST Digital Library of Mathematical Functions, 5.5 (recurrence and reflection) and 5.11 (Stirling's
series). The polynomials are Chebyshev interpolations, made with mpmath at 60 digits, to 6e-17 of their function.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from gradcli.domains import pairs
from gradcli.domains.mending import by_region, each, mended, polynomial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LARGE = 10.0  # from here on Stirling's series serves
_FAR = -20.0  # below it reflection serves, between them the recurrence
_BERNOULLI = (
    *(1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6),
    *(-3617 / 510, 43867 / 798, -174611 / 330, 854513 / 138),
)
_LOG_ROOT_TAU: pairs.Pair = (0.9189385332046728, -3.8782941580672414e-17)  # log(2*pi)/2
_LOG_PI: pairs.Pair = (1.1447298858494002, 1.0265951162707826e-17)


def _steps_up(x: Any, last: float) -> Any:
    """How many times 1 has to be added to reach `last` at least."""
    return np.maximum(np.ceil(last - x), 0.0)


def _along(x: Any, count: Any, start: pairs.Pair, step: Callable[..., pairs.Pair], sign: float = 1.0) -> pairs.Pair:
    """Take `start` on by step(value, factor) for the factors x, x + 1, ... (or x - 1, x - 2, ...), `count` of each."""
    high, low = (np.full_like(x, v) for v in start)
    for k in range(int(count.max(initial=0.0))):
        (some,) = np.nonzero(count > k)
        factor = pairs.two_sum(x[some], float(k)) if sign > 0 else pairs.two_sum(x[some], -1.0 - k)
        high[some], low[some] = step((high[some], low[some]), factor)
    return high, low


def _up(x: Any, count: Any) -> pairs.Pair:
    """x + count, which may have more digits than a float."""
    return pairs.two_sum(x, count)


def _series(x: Any, coefficients: list[float]) -> Any:
    """The sum of c[k]/x**(2*k + 1)."""
    return polynomial(1.0 / (x * x), tuple(coefficients)) / x


def _stirling(x: pairs.Pair) -> pairs.Pair:
    """log(gamma(x)) for x >= 10: (x - 1/2)*(log(x) - 1) - 1/2 + log(2*pi)/2 + the series."""
    main = pairs.times(pairs.plus(x, (-0.5, 0.0)), pairs.plus(pairs.log(x), (-1.0, 0.0)))
    coefficients = [b / ((2 * k + 1) * (2 * k + 2)) for k, b in enumerate(_BERNOULLI)]
    return pairs.plus(pairs.plus(main, pairs.plus(_LOG_ROOT_TAU, (-0.5, 0.0))), (_series(x[0], coefficients), 0.0))


def _log_gamma(x: Any) -> pairs.Pair:
    """log(abs(gamma(x))) for -20 < x < 1e17, to 2**-60 or so of its largest term."""
    count = _steps_up(x, _LARGE)
    high, low = _along(x, count, (1.0, 0.0), pairs.times)
    sign = np.sign(high)
    return pairs.minus(_stirling(_up(x, count)), pairs.log((sign * high, sign * low)))


def _sin_pi(x: Any) -> Any:
    """sin(pi*x) for |x| <= 1/2; the rounding of pi*x does not count."""
    z, rest = pairs.two_product(x, pairs.PI[0])
    return np.sin(z) + np.cos(z) * (rest + x * pairs.PI[1])


_LGAMMA_CENTRE = 1.25
_LGAMMA_FIRST = 0.5241164609163369
_LGAMMA = (
    *(-0.46139596109204006, 0.1296399016142564, -0.15859622433241735, 0.08634870698788198),
    *(-0.09697900089357822, 0.06438030102277018, -0.06988500395748833, 0.05124968247594081, -0.05462674677579499),
    *(0.04254918069343317, -0.04483786415512862, 0.03638801342371652, -0.03800590680398351, 0.03151780109014322),
    *(-0.033188661909271396, 0.030246529235067175, -0.027731662490547784, 0.01327965904856459, -0.033518517564432894),
    *(0.06830084203070176, 0.0004192296549905411, -0.08040942312032648, -0.06325343619805478, 0.12921742108553227),
)


def _lgamma_near(x: Any) -> Any:
    """(x - 1)*(x - 2) times a smooth function, between 0.45 and 3.1."""
    u = (x - _LGAMMA_CENTRE) / (x + _LGAMMA_CENTRE)
    smooth = pairs.two_sum(_LGAMMA_FIRST, u * polynomial(u, _LGAMMA))
    return pairs.times(pairs.times(pairs.two_sum(x, -1.0), pairs.two_sum(x, -2.0)), smooth)[0]


def _lgamma_reflected(x: Any) -> Any:
    """log(pi/abs(x*sin(pi*x))) - lgamma(-x)"""
    p = pairs.two_product(x, _sin_pi(x - np.rint(x)))
    sign = np.sign(p[0])
    return pairs.minus(pairs.minus(_LOG_PI, pairs.log((sign * p[0], sign * p[1]))), _stirling((-x, 0.0)))[0]


def _lgamma_huge(x: Any) -> Any:
    return x * (np.log(x) - 1.0)


def _lgamma_between(x: Any) -> Any:
    y = _log_gamma(x)[0]
    lost = np.abs(y) < 2.0**-6
    if lost.any():
        y[lost] = each("lgamma")(x[lost])
    return y


def _is_whole(x: Any) -> Any:
    return np.rint(x) == x


_lgamma_exact = by_region(
    (lambda x: np.abs(x) < 1e-17, lambda x: -np.log(np.abs(x))),
    (lambda x: (x > 0.0) & (x < 0.45), lambda x: _lgamma_near(x + 1.0) - np.log(x)),
    (lambda x: (x > 0.0) & (x < 2.5), _lgamma_near),
    (lambda x: (x > 0.0) & (x < 3.1), lambda x: _lgamma_near(x - 1.0) + np.log(x - 1.0)),
    (lambda x: x > 1e17, _lgamma_huge),
    (lambda x: x < _FAR, _lgamma_reflected),
    (lambda x: np.isfinite(x), _lgamma_between),
)


def _lgamma_fast(x: Any) -> Any:
    return np.where(x == -np.inf, np.inf, special.gammaln(x))


lgamma = mended(
    _lgamma_fast,
    lambda y, x: (((x < 3.1) & ((x > 0.0) | ~_is_whole(x))) | (x > 13.0)) & np.isfinite(x),
    _lgamma_exact,
)


_GAMMA_FIRST = 1.329340388179137
_GAMMA = (
    *(0.9347345216260858, 0.6545585779813367, 0.253871246841081, 0.10967323400218487),
    *(0.028360780598296692, 0.010392403424525895, 0.001607400398278153, 0.0007544741634534283, 3.942933739732899e-06),
    *(6.132951527532448e-05, -1.2810259356350584e-05, 7.257335209971111e-06, -2.5237611386457594e-06),
    *(1.0675361551610872e-06, -5.060382483924732e-07, 2.038631996005556e-07),
)


def _gamma_near(x: Any) -> Any:
    """By the recurrence from [2, 3), for -20 < x < 20."""
    floor = np.floor(x)
    t = (x - floor) - 0.5
    y, rest = pairs.two_sum(_GAMMA_FIRST, t * polynomial(t, _GAMMA))
    below = _along(x, np.maximum(2.0 - floor, 0.0), (1.0, 0.0), pairs.times)
    above = _along(x, np.maximum(floor - 2.0, 0.0), (1.0, 0.0), pairs.times, -1.0)
    high, low = pairs.over(above, below)
    return y * high + (y * low + rest * high)


def _gamma_far(x: Any) -> Any:
    high, low = _stirling((x, 0.0))
    y = np.exp(high)
    return y + y * low


def _gamma_reflected(x: Any) -> Any:
    """-pi/(x*sin(pi*x)*gamma(-x)), computed 2**128 times as large."""
    high, low = pairs.minus(_stirling((-x, 0.0)), pairs.times((128.0, 0.0), pairs.LOG_2))
    near = np.rint(x)
    odd = 1.0 - 2.0 * np.abs(np.fmod(near, 2.0))
    c, rest = pairs.over(pairs.PI, pairs.two_product(-odd * x, _sin_pi(x - near)))
    y, lost = pairs.two_product(c, np.exp(-high))
    return np.copysign((y + (lost + y * (rest / c - low))) * 2.0**-128, c)


gamma = mended(
    special.gamma,
    lambda y, x: (
        ((x < 2.0) | (x > 3.0)) & (x < 190.0) & (x > -(2.0**53)) & ~(_is_whole(x) & (x <= 0)) & (np.abs(x) > 1e-300)
    ),
    by_region(
        (lambda x: x < _FAR, _gamma_reflected), (lambda x: x < -_FAR, _gamma_near), (lambda x: x == x, _gamma_far)
    ),
)


def _digamma_between(x: Any) -> Any:
    """psi(x + n) - 1/x - 1/(x + 1) - ..., for -20 < x."""
    count = _steps_up(x, _LARGE)
    high, low = _up(x, count)
    inverse = pairs.over((1.0, 0.0), (high, low))
    coefficients = [b / (2 * k + 2) for k, b in enumerate(_BERNOULLI)]
    y = pairs.minus(pairs.log((high, low)), (0.5 * inverse[0], 0.5 * inverse[1]))
    y = pairs.plus(y, (-_series(high, coefficients) / high, 0.0))
    sums = _along(x, count, (0.0, 0.0), lambda value, factor: pairs.plus(value, pairs.over((1.0, 0.0), factor)))
    found = pairs.minus(y, sums)[0]
    lost = np.abs(found) < 2.0**-9
    if lost.any():
        found[lost] = each("digamma")(x[lost])
    return found


_DIGAMMA_ZERO: pairs.Pair = (1.4616321449683622, 9.549995429965697e-17)
_DIGAMMA_LOW = (
    *(0.7262427849760034, -0.964158206424478, 0.6383234945806285, -0.6539798979573399, 0.6061934336297976),
    *(-0.6197407151318984, 0.6040676364856659, -0.6128398195635292, 0.605163382751699, -0.6107827812823231),
    *(0.6061097756864153, -0.609872778175378, 0.6062926583826544, -0.6100379416184434, 0.6153051200535832),
    *(-0.5959601192129139, 0.5120775341518312, -0.7532745196979189, 1.1222854385297552),
)
_DIGAMMA_HIGH = (
    *(0.3759319920575074, -0.5145701076777144, 0.32581583993908425, -0.3053000970878985, 0.26770152946437015),
    *(-0.2609134201370698, 0.24619015366845445, -0.2437912796222612, 0.23667646868764458, -0.23601090779434655),
    *(0.23217273384496973, -0.23218120454591515, 0.2298373304786827, -0.23118994866767129, 0.23134463929735424),
    *(-0.217393492671737, 0.20299932087353278, -0.314477493579734, 0.36189360741847026),
)


def _digamma_near(centre: float, coefficients: tuple[float, ...]) -> Callable[..., Any]:
    """x less the zero of digamma, times a smooth function: up to 3.5 around 9/4, up to 10 around 6."""

    def form(x: Any, rest: Any = 0.0) -> Any:
        u = (x - centre) / (x + centre)
        smooth = pairs.two_sum(coefficients[0], u * polynomial(u, coefficients[1:]))
        return pairs.times(pairs.minus((x, rest), _DIGAMMA_ZERO), smooth)[0]

    return form


def _digamma_reflected(x: Any) -> Any:
    """psi(-x) - 1/x - pi/tan(pi*x)"""
    r = x - np.rint(x)
    first, second = special.psi(1.0 - x), np.pi * _sin_pi(0.5 - np.abs(r)) / _sin_pi(r)
    found = first - second
    lost = np.abs(found) < np.maximum(np.abs(first), np.abs(second))
    if lost.any():
        found[lost] = each("digamma")(x[lost])
    return found


_digamma_low = _digamma_near(2.25, _DIGAMMA_LOW)
digamma = mended(
    lambda x: np.where((x < 0) & _is_whole(x), np.nan, special.psi(x)),
    lambda y, x: (((x < 0) & ~_is_whole(x)) | ((x > 1.4) & (x < 10.0)) | ((x > 0.4) & (x < 1.0))) & (np.abs(x) > 1e-17),
    by_region(
        (lambda x: x < _FAR, _digamma_reflected),
        (lambda x: x < 0.0, _digamma_between),
        (lambda x: x < 1.0, lambda x: _digamma_low(*pairs.two_sum(x, 1.0)) - 1.0 / x),
        (lambda x: x < 3.5, _digamma_low),
        (lambda x: x < 10.0, _digamma_near(6.0, _DIGAMMA_HIGH)),
    ),
)
