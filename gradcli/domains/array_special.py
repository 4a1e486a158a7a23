"""Special functions of NumPy arrays, to 2 units in the last place: scipy's where they are good, mended elsewhere.

For erfc the substitution of M. M. Shepherd and J. G. Laframboise, Math. Comp. 36 (1981) 249; the polynomial is a
Chebyshev interpolation, made with mpmath at 60 digits, to 5e-18. The errors of erfc and ndtr are below 1.5 units;
at one point the C library's erfc serves, which is up to 2.7 off in glibc, so that they may differ by 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special
from scipy.special import erf

from gradcli.domains import pairs
from gradcli.domains.array_gamma import digamma, gamma, lgamma
from gradcli.domains.mending import each, mended, polynomial, wide

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "gamma", "gelu", "lgamma", "logaddexp", "ndtr", "polygamma", "sinc_derivative",
]  # fmt: skip

_ERFC_CENTRE = 3.75
_ERFC_FIRST, _ERFC_REST = 1.2375126308378275, 1.0550774632608599e-16
_ERFC = (
    *(-0.14024059858554702, 0.0035854154854636426, 0.0822767384901503, -0.10880393014170528, 0.09230432116023247),
    *(-0.0586933985905724, 0.028362277420785797, -0.009746579547820697, 0.001755625841047659, 0.0002937136017378498),
    *(-0.0002901540413870561, 5.1649338923333266e-05, 2.238419869268635e-05, -1.1444677802248756e-05),
    *(-9.73717272427936e-07, 1.7522164287415956e-06, -5.6545127860449994e-08, -2.585833102018535e-07),
    *(2.2136527780044747e-08, 3.7638659863175025e-08, -2.8149509299337332e-09, -4.0371067709977384e-09),
)


def _tail(x: Any, rest: Any, size: Any, scale: float) -> Any:
    """erfc(x + rest) = exp(-scale*size**2) * G/(1 + 2*x) for 0.46 < x < 27, where scale*size**2 is its square."""
    t = (x - _ERFC_CENTRE) / (x + _ERFC_CENTRE)
    more = t * polynomial(t, _ERFC) + _ERFC_REST
    g, g_rest = pairs.two_sum(_ERFC_FIRST, more)
    d, d_rest = pairs.two_sum(1.0, 2.0 * x)
    high, low = pairs.split(size)
    e = np.exp(-scale * (high * high))
    p, p_rest = pairs.two_product(e, g)
    y = p / d
    q, q_rest = pairs.two_product(y, d)
    lost = ((p - q) - q_rest + p_rest) / d  # of the division and the product
    return y + (lost + y * (np.expm1(-scale * low * (size + high)) + g_rest / g - (d_rest + 2.0 * rest) / d))


def _erfc_beyond(x: Any) -> Any:
    """Where results are subnormal the float function of one point serves; it is 0 from 28 on."""
    y = _tail(x, 0.0, x, 1.0)
    last = x > 26.0
    if last.any():
        y[last] = each("erfc")(x[last])
    return y


erfc = mended(special.erfc, lambda y, x: (x > 0.46) & (x < 28.0), _erfc_beyond)


_ROOT_HALF: pairs.Pair = (0.7071067811865476, -4.833646656726457e-17)


def _ndtr_beyond(x: Any) -> Any:
    z, rest = pairs.two_product(-x, _ROOT_HALF[0])
    y = 0.5 * _tail(z, rest - x * _ROOT_HALF[1], -x, 0.5)
    last = x < -37.0
    if last.any():
        y[last] = each("ndtr")(x[last])
    return y


ndtr = mended(lambda x: 0.5 * special.erfc(-x * _ROOT_HALF[0]), lambda y, x: (x < -0.66) & (x > -40.0), _ndtr_beyond)


gelu = wide(lambda x: np.where(x == -np.inf, -0.0, x * ndtr(x)))


polygamma = each("polygamma")
sinc_derivative = each("sinc_derivative")
erfinv = mended(special.erfinv, lambda y, x: x == 0.0, lambda x: x)
logaddexp = mended(
    np.logaddexp,
    lambda y, *x: (np.abs(y) < 0.25) & (np.maximum(*x) > -0.7) & (np.maximum(*x) < 0.0),
    each("logaddexp"),
)
