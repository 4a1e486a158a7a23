"""Special functions: the error function, the gamma function and their kin."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import never_whole, on_balls, rounded, whole
from gradcli.core.ops.precise import exp_minus_square, ndtr
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan


def _is_pole(x):
    return x <= 0 and x.is_integer()


def _with_sign_of_zero(on_float):
    """Balls know no -0: mend the sign of an infinite value at -0."""

    def mended(x: float) -> float:
        y = on_float(x)
        return -y if x == 0 and math.copysign(1.0, x) < 0 else y

    return mended


def _ball_lgamma(x):
    """log(abs(gamma(x))): by reflection below 0, where Arb's is nan."""
    if x > 0:
        return x.lgamma()
    if _is_pole(x):
        return x.pos_inf()
    return x.pi().log() - abs(x.sin_pi()).log() - (1 - x).lgamma()


def _sympy_lgamma(s, x):
    return s.Piecewise((s.loggamma(x), x > 0), (s.log(s.Abs(s.gamma(x))), True))


def _ball_polygamma(n, x):
    order = whole(n)
    if order is None:
        return n.nan()
    if order == 0:
        return _ball_digamma(x)
    if abs(x) == INF:
        return type(x)(0) if x > 0 else x.nan()
    if _is_pole(x):
        return x.pos_inf() if order % 2 else x.neg_inf() if x.is_zero() else x.nan()
    import flint

    if x < -20:
        return _reflected(flint, order, x)
    return flint.acb(x).polygamma(order).real


def _no_polygamma(n, x):
    two_sided = x < 0 and x.is_integer() and n.is_integer() and (n / 2).is_integer()
    return never_whole(n) or x == -INF or two_sided


def _reflected(flint, order, x):
    """(-1)**n polygamma(n, 1 - x) - pi * the n-th derivative of cot(pi*x): DLMF 5.15.6."""
    pi = x.pi()
    z = flint.arb_series([pi * x, pi], order + 1)
    sine = z.sin()
    if sine[0].contains(0):
        return x.nan()
    slope = (z.cos() / sine)[order] * flint.arb(order).fac() * pi
    value = flint.acb(1 - x).polygamma(order).real
    return (-value if order % 2 else value) - slope


def polygamma_on_float(n: float, x: float) -> float:
    y = _polygamma_rounded(n, x)
    return -y if x == 0 and n % 2 == 0 and math.copysign(1.0, x) < 0 else y


def _sympy_polygamma(s, n, x):
    return s.polygamma(int(n) if n.is_number else n, x)


_ball_gamma = on_balls(lambda x: x.gamma(), _is_pole, {0.0: INF, INF: INF, -INF: NAN})
_ball_lgamma_all = on_balls(_ball_lgamma, edges={INF: INF, -INF: INF})
_ball_digamma = on_balls(lambda x: x.digamma(), _is_pole, {0.0: -INF, INF: INF, -INF: NAN})
_ball_erfinv = on_balls(lambda x: x.erfinv(), lambda x: abs(x) > 1, {1.0: INF, -1.0: -INF})
_ball_polygamma_all = on_balls(_ball_polygamma, _no_polygamma)
_polygamma_rounded = rounded(_ball_polygamma_all)
_erfinv_rounded = rounded(_ball_erfinv)


ROWS = (
    Op(
        "erf", "x",
        about="the error function", example="erf(1)",
        on_array="special.erf",
        on_float=math.erf, on_ball=on_balls(lambda x: x.erf(), edges={INF: 1.0, -INF: -1.0}),
        to_sympy=lambda s, x: s.erf(x),
        vjp=(lambda g, y, x: g * fn.erf_slope(x),),
    ),
    Op(
        "erfc", "x",
        about="1 - erf(x), precise far out", example="erfc(10)", formula="1 - erf(x)",
        on_array="special.erfc",
        on_float=math.erfc, on_ball=on_balls(lambda x: x.erfc(), edges={INF: 0.0, -INF: 2.0}),
        to_sympy=lambda s, x: s.erfc(x),
        vjp=(lambda g, y, x: -(g * fn.erf_slope(x)),),
    ),
    Op(
        "erf_slope", "x",
        about="the derivative of erf; serves its rule", example="erf_slope(1)", formula="2/sqrt(pi)*exp(-x*x)",
        on_array=array_forms.erf_slope,
        on_float=lambda x: 1.1283791670955126 * exp_minus_square(x, 1.0),
        on_ball=on_balls(lambda x: 2 * (-(x * x)).exp() / x.const_sqrt_pi()),
        to_sympy=lambda s, x: 2 * s.exp(-(x**2)) / s.sqrt(s.pi),
        vjp=(lambda g, y, x: -(g * (2 * (x * y))),),
    ),
    Op(
        "erfinv", "x",
        about="the inverse of erf", example="erfinv(0.5)", domain="-1 <= x <= 1", edges="infinite at -1 and 1",
        on_array="special.erfinv",
        on_float=lambda x: _erfinv_rounded(x) if x else x,
        on_ball=_ball_erfinv,
        to_sympy=lambda s, x: s.erfinv(x),
        vjp=(lambda g, y, x: g / fn.erf_slope(y),),
        pole=lambda x: abs(x) == 1,
    ),
    Op(
        "ndtr", "x",
        about="the normal distribution function", example="ndtr(1)",
        formula="erfc(-x/sqrt(2))/2",
        on_array=array_forms.ndtr,
        on_float=ndtr, to_sympy=lambda s, x: s.erfc(-x / s.sqrt(2)) / 2,
        on_ball=on_balls(lambda x: (-x / type(x)(2).sqrt()).erfc() / 2, edges={INF: 1.0, -INF: 0.0}),
        vjp=(lambda g, y, x: g * fn.norm_pdf(x),),
    ),
    Op(
        "norm_pdf", "x",
        about="the normal density", example="norm_pdf(0)",
        formula="exp(-x*x/2)/sqrt(2*pi)",
        on_array=array_forms.norm_pdf,
        on_float=lambda x: 0.3989422804014327 * exp_minus_square(x, 0.5),
        on_ball=on_balls(lambda x: (-(x * x) / 2).exp() / (2 * x.pi()).sqrt()),
        to_sympy=lambda s, x: s.exp(-(x**2) / 2) / s.sqrt(2 * s.pi),
        vjp=(lambda g, y, x: -(g * (x * y)),),
    ),
    Op(
        "gamma", "x",
        about="the gamma function, (x - 1)!", example="gamma(5)", domain="all numbers but 0, -1, -2, ...",
        edges="infinite at 0, no value at -1, -2, ...",
        on_array="special.gamma",
        on_float=_with_sign_of_zero(rounded(_ball_gamma)), on_ball=_ball_gamma, to_sympy=lambda s, x: s.gamma(x),
        vjp=(lambda g, y, x: (g * y) * fn.digamma(x),),
        pole=_is_pole,
    ),
    Op(
        "lgamma", "x",
        aliases="gammaln loggamma", about="log(abs(gamma(x))) without overflow", example="lgamma(1000)",
        edges="infinite at 0, -1, -2, ...",
        on_array=array_forms.lgamma,
        on_float=rounded(_ball_lgamma_all), on_ball=_ball_lgamma_all, to_sympy=_sympy_lgamma,
        vjp=(lambda g, y, x: g * fn.digamma(x),),
        pole=_is_pole,
    ),
    Op(
        "digamma", "x",
        aliases="psi", about="the derivative of lgamma", example="digamma(1)",
        domain="all numbers but 0, -1, -2, ...", edges="infinite at 0, no value at -1, -2, ...",
        on_array=array_forms.digamma,
        on_float=_with_sign_of_zero(rounded(_ball_digamma)), on_ball=_ball_digamma,
        to_sympy=lambda s, x: s.polygamma(0, x),
        vjp=(lambda g, y, x: g * fn.polygamma(1, x),),
        pole=_is_pole,
    ),
    Op(
        "polygamma", "n, x",
        about="the n-th derivative of digamma", example="polygamma(1, 2)",
        domain="n = 0, 1, ..., 999", edges="infinite at x = 0, and for odd n at x = -1, -2, ...",
        on_array=array_forms.polygamma,
        on_float=polygamma_on_float, on_ball=_ball_polygamma_all, to_sympy=_sympy_polygamma,
        vjp=(None, lambda g, y, n, x: g * fn.polygamma(n + 1, x)),
        pole=lambda n, x: _is_pole(x),
    ),
)  # fmt: skip
