"""Array forms of the rows that take more than one NumPy call: each a factory `np -> function`.

They mirror the forms for floats, which say why each is written as it is.
"""

from __future__ import annotations

import math

INF = math.inf


def positive(np):
    return lambda x: np.add(x, 0.0)


def _pairwise(name):
    def make(np):
        function = getattr(np, name)

        def extreme(*x):
            y = x[0]
            for v in x[1:]:
                y = function(y, v)
            return y

        return extreme

    return make


max = _pairwise("maximum")
min = _pairwise("minimum")


def clamp(np):
    return lambda x, low, high: np.minimum(np.maximum(x, low), high)


def each(function):
    """A function of floats on every element: for what NumPy and scipy lack."""
    return lambda np: np.vectorize(function, otypes=[float])


# Powers and logarithms


def exp10(np):
    return lambda x: np.power(10.0, x)


def log_base(np):
    def log(x, base):
        x, base = np.asarray(x), np.asarray(base)
        y = np.log(x) / (np.log(base) + 0.0)
        near = np.rint(y)
        return np.where((np.abs(y - near) < 1e-9) & (np.power(base, near) == x), near, y)

    return log


def rsqrt(np):
    return lambda x: 1.0 / np.sqrt(x)


def hypot1(np):
    return lambda x: np.hypot(1.0, x)


def xlogy(np):
    return lambda x, y: np.where((x == 0) & (y == y), 0.0, np.multiply(x, np.log(y)))


def logaddexp(np):
    """Where the sum is much smaller than both of its terms the form for floats mends it."""
    from gradcli.core.ops.elementary import logaddexp_on_float

    mend = np.vectorize(logaddexp_on_float, otypes=[float])

    def logaddexp(x, y):
        r, top = np.logaddexp(x, y), np.maximum(x, y)
        thin = (np.abs(r) < 0.25) & (top > -0.7) & (top < 0)
        if not thin.any():
            return r
        x, y, r = np.broadcast_arrays(x, y, r)
        r = np.array(r)
        r[thin] = mend(x[thin], y[thin])
        return r

    return logaddexp


def logit(np):
    return lambda x: np.where(
        (x > 0.25) & (x < 0.75), 2.0 * np.arctanh(2.0 * np.asarray(x) - 1.0), np.log(x) - np.log1p(np.negative(x))
    )


# Trigonometry


def sec(np):
    return lambda x: 1.0 / np.cos(x)


def csc(np):
    return lambda x: 1.0 / np.sin(x)


def cot(np):
    return lambda x: 1.0 / np.tan(x)


def over_squares(np):
    def over(z, x, y):
        s = np.square(x) + np.square(y)
        r = np.hypot(x, y)
        return np.where((s > 1e-290) & (s < 1e300), z / s, z / r / r)

    return over


def sinc(np):
    def sinc(x):
        near = np.pi * np.asarray(x)
        r = x - 2.0 * np.rint(x / 2.0)
        a = np.abs(r)
        a = np.where(a > 0.5, 1.0 - a, a)
        s = np.copysign(np.where(a <= 0.25, np.sin(np.pi * a), np.cos(np.pi * (0.5 - a))), r)
        y = np.where(np.abs(x) <= 0.5, np.sin(near) / near, s / near)
        return np.where(x == 0, 1.0, np.where(np.isinf(x), 0.0, y))

    return sinc


def sinc_derivative(np):
    from gradcli.core.ops.trigonometry import sinc_derivative_on_float

    return each(sinc_derivative_on_float)(np)


def degrees(np):
    return lambda x: x * 57.295779513082316 + x * 5.117577790543373e-15


def radians(np):
    return lambda x: x * 0.017453292519943295 + x * 2.9486522708701687e-19


# Hyperbolic functions


def sech(np):
    return lambda x: np.where(np.abs(x) > 710.0, 2.0 * np.exp(-np.abs(x)), 1.0 / np.cosh(x))


def csch(np):
    return lambda x: np.where(np.abs(x) > 710.0, np.copysign(2.0 * np.exp(-np.abs(x)), x), 1.0 / np.sinh(x))


def coth(np):
    return lambda x: 1.0 / np.tanh(x)


# Steps


def sign(np):
    return lambda x: np.sign(x) + 0.0


def frac(np):
    return lambda x: np.fmod(x, 1.0)


# Activations


def relu(np):
    return lambda x: np.maximum(x, 0.0)


def leaky_relu(np):
    return lambda x, slope: np.where(x >= 0, x, np.multiply(slope, x))


def elu(np):
    return lambda x, alpha: np.where(x >= 0, x, alpha * np.expm1(x))


def sigmoid(np):
    def sigmoid(x):
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, 1.0, e) / (1.0 + e)

    return sigmoid


def silu(np):
    logistic = sigmoid(np)
    return lambda x: np.where(x == -INF, -0.0, x * logistic(x))


def gelu(np):
    normal = ndtr(np)
    return lambda x: np.where(x == -INF, -0.0, x * normal(x))


def softplus(np):
    return lambda x: np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def logsigmoid(np):
    return lambda x: np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))


def softsign(np):
    return lambda x: np.where(np.isinf(x), np.copysign(1.0, x), x / (1.0 + np.abs(x)))


# Special functions


def _exp_minus_square(np):
    def function(x, scale):
        x = np.clip(x, -64.0, 64.0)  # beyond them the value is 0 too
        c = 134217729.0 * x
        high = c - (c - x)
        y = np.exp(-scale * np.square(high))
        return y + y * np.expm1(scale * ((high - x) * (high + x)))

    return function


def erf_slope(np):
    bell = _exp_minus_square(np)
    return lambda x: 1.1283791670955126 * bell(x, 1.0)


def norm_pdf(np):
    bell = _exp_minus_square(np)
    return lambda x: 0.3989422804014327 * bell(x, 0.5)


def ndtr(np):
    """0.5*erfc(-x*sqrt(1/2)), mended by what the rounding of the argument lost."""
    from scipy.special import erfc

    half, rest = 0.7071067811865476, -4.833646656726457e-17  # sqrt(1/2) in two parts

    def split(x):
        c = 134217729.0 * x
        high = c - (c - x)
        return high, x - high

    c, d = split(half)

    def ndtr(x):
        x = np.asarray(x)
        z = -x * half
        a, b = split(-x)
        error = ((a * c - z) + a * d + b * c) + b * d - x * rest
        mended = erfc(z) - error * (2.0 / math.sqrt(math.pi)) * np.exp(-z * z)
        return 0.5 * np.where((x <= 0.0) & (z <= 30.0), mended, erfc(z))

    return ndtr


def lgamma(np):
    from scipy.special import gammaln

    return lambda x: np.where(x == -INF, INF, gammaln(x))


def digamma(np):
    """By reflection below 0, where scipy loses digits near the poles."""
    from scipy.special import psi

    def digamma(x):
        x = np.asarray(x)
        r = x - np.rint(x)
        below = psi(1.0 - x) - np.pi / np.tan(np.pi * r)
        return np.where(x < 0, np.where(r == 0, np.nan, below), psi(x))

    return digamma


def polygamma(np):
    from gradcli.core.ops.special import polygamma_on_float

    return each(polygamma_on_float)(np)
