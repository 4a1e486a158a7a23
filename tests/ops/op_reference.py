"""What each operation of the table should compute, in mpmath; a row without an entry fails its tests."""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf


def _sign(x):
    return mpf(mpmath.sign(x))


def _trunc(x):
    return mpmath.floor(x) if x > 0 else mpmath.ceil(x)


def _sinc_derivative(n, x):
    """From the power series, in enough digits for its cancellation."""
    n = int(n)
    with mp.extraprec(int(6 * abs(x)) + 40):
        z = mp.pi * x
        total, k, term = mpf(0), (n + 1) // 2, mpf(1)
        while k < 20 or abs(term) > mpf(2) ** (-3 * mp.prec):
            term = (-1) ** k * z ** (2 * k - n) / (mpmath.factorial(2 * k - n) * (2 * k + 1))
            total += term
            k += 1
            if x == 0 and k > n:
                break
        return mp.pi**n * total


def _polygamma(n, x):
    """mpmath's own needs n steps where x is far below 0."""
    if x > -30 or n == 0:
        return mpmath.psi(int(n), x)
    cot = mpmath.diff(lambda t: mp.pi * mpmath.cot(mp.pi * t), x, int(n))
    return (-1) ** int(n) * mpmath.psi(int(n), 1 - x) - cot


def _softplus(x):
    return mpmath.log1p(mpmath.exp(x)) if x < 0 else x + mpmath.log1p(mpmath.exp(-x))


REFERENCE = {
    # arithmetic
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "mod": lambda x, y: x - mpmath.floor(x / y) * y,
    "neg": lambda x: -x,
    "positive": lambda x: x,
    "pow": lambda x, y: x**y,
    # logic
    "lt": lambda x, y: mpf(x < y),
    "le": lambda x, y: mpf(x <= y),
    "gt": lambda x, y: mpf(x > y),
    "ge": lambda x, y: mpf(x >= y),
    "eq": lambda x, y: mpf(x == y),
    "ne": lambda x, y: mpf(x != y),
    "logical_and": lambda x, y: mpf(bool(x) and bool(y)),
    "logical_or": lambda x, y: mpf(bool(x) or bool(y)),
    "logical_not": lambda x: mpf(not x),
    # choice
    "where": lambda c, x, y: x if c else y,
    "max": max,
    "min": min,
    "clamp": lambda x, low, high: min(max(x, low), high),
    "abs": abs,
    "detach": lambda x: x,
    # elementary
    "exp": mpmath.exp,
    "exp2": lambda x: mpf(2) ** x,
    "exp10": lambda x: mpf(10) ** x,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "log_base": lambda x, base: mpmath.log(x) / mpmath.log(base),
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "cbrt": lambda x: _sign(x) * mpmath.cbrt(abs(x)),
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / mpmath.sqrt(x),
    "hypot": mpmath.hypot,
    "hypot1": lambda x: mpmath.hypot(1, x),
    "xlogy": lambda x, y: x * mpmath.log(y) if x else mpf(0),
    "logaddexp": lambda x, y: x + _softplus(y - x),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    # trigonometry
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "cot": mpmath.cot,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "atan2": mpmath.atan2,
    "sinc": mpmath.sincpi,
    "sinc_derivative": _sinc_derivative,
    "degrees": lambda x: x * 180 / mp.pi,
    "radians": lambda x: x * mp.pi / 180,
    # hyperbolic
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech": mpmath.sech,
    "csch": mpmath.csch,
    "coth": mpmath.coth,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    # rounding
    "sign": _sign,
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "round": mpmath.nint,
    "trunc": _trunc,
    "frac": lambda x: x - _trunc(x),
    "fmod": lambda x, y: x - _trunc(x / y) * y,
    "heaviside": lambda x, values: mpf(x > 0) if x else values,
    # activation
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x),
    "gelu": lambda x: x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "logsigmoid": lambda x: -_softplus(-x),
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    # special
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erf_slope": lambda x: 2 / mpmath.sqrt(mp.pi) * mpmath.exp(-x * x),
    "erfinv": mpmath.erfinv,
    "ndtr": lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "norm_pdf": lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi),
    "gamma": mpmath.gamma,
    "lgamma": lambda x: mpmath.re(mpmath.loggamma(x)),
    "digamma": mpmath.digamma,
    "polygamma": _polygamma,
}
