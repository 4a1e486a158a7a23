"""Special functions for languages that lack them, in plain Python: `translate` turns them into C and JavaScript.

Nothing here raises, and nothing but `math` and floats is used. Errors are a few units in the last place where the
function is well-conditioned; `tests/test_export.py` holds them against python-flint.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _mod(x: float, y: float) -> float:
    """The remainder with the sign of y."""
    if y == 0.0 or x - x != 0.0 or y != y:
        return math.nan
    if y - y != 0.0:
        if x == 0.0:
            return math.copysign(0.0, y)
        return x if (x > 0.0) == (y > 0.0) else y
    r = math.fmod(x, y)
    if r == 0.0:
        return math.copysign(0.0, y)
    if (r > 0.0) != (y > 0.0):
        r += y
    return r


def _sign(x: float) -> float:
    """-1, 0 or 1."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return x + 0.0


def _stirling(x: float) -> float:
    """log(gamma(x)) - ((x - 1/2)*log(x) - x + log(2*pi)/2) for x >= 10: NIST DLMF 5.11.1."""
    z = 1.0 / (x * x)
    s = 1.0 / 156.0 - z * 3617.0 / 122400.0
    s = 1.0 / 1188.0 - z * (691.0 / 360360.0 - z * s)
    return (1.0 / 12.0 - z * (1.0 / 360.0 - z * (1.0 / 1260.0 - z * (1.0 / 1680.0 - z * s)))) / x


def _sin_pi(x: float) -> float:
    """sin(pi*x), exact at multiples of 1/2."""
    r = math.fmod(x, 2.0)
    if r > 1.0:
        r -= 2.0
    if r < -1.0:
        r += 2.0
    if r > 0.5:
        r = 1.0 - r
    if r < -0.5:
        r = -1.0 - r
    if abs(r) <= 0.25:
        return math.sin(math.pi * r)
    return math.copysign(math.cos(math.pi * (0.5 - abs(r))), r)


def _gamma(x: float) -> float:
    """The gamma function: Stirling's series from 10 on, below by the recurrence."""
    if x != x or x == math.inf:
        return x
    if x == 0.0:
        return math.copysign(math.inf, x)
    if x < 0.0 and (x < -1e16 or x == math.floor(x)):
        return math.nan
    if x > 172.0:
        return math.inf
    if x < -190.0:
        return 0.0 * _sin_pi(x)
    first = 1.0
    product = 1.0
    if x > 0.0 and x < 24.0 and x == math.floor(x):
        while x > 1.0:
            x -= 1.0
            product *= x
        return product
    y = x
    lost = 0.0
    while y < 10.0:
        if abs(product) > 1e150:
            first *= product
            product = 1.0
        product *= y
        up = y + 1.0
        lost += y - (up - 1.0)  # what y + 1 rounds away
        y = up
    power = math.pow(y, 0.5 * y - 0.25)  # twice: once overflows
    value = power * math.exp(-y) * power * math.sqrt(2.0 * math.pi)
    value += value * math.expm1(_stirling(y) + lost * (math.log(y) - 0.5 / y))
    return value / first / product


def _lgamma(x: float) -> float:
    """log(abs(gamma(x)))."""
    if x != x:
        return x
    if x - x != 0.0:
        return math.inf
    if x <= 0.0:
        if x == math.floor(x):
            return math.inf
        if x > -1e-17:
            return -math.log(-x)
        return math.log(math.pi / abs(_sin_pi(x))) - _lgamma(1.0 - x)
    if x < 1e-17:
        return -math.log(x)
    if x < 10.0:
        return math.log(_gamma(x))
    return (x - 0.5) * (math.log(x) - 1.0) + (0.41893853320467274 + _stirling(x))  # (log(2*pi) - 1)/2


def _digamma(x: float) -> float:
    """The derivative of lgamma: NIST DLMF 5.11.2 from 10 on, below by the recurrence, below 0 by reflection."""
    if x != x or x == math.inf:
        return x
    if x == -math.inf:
        return math.nan
    if x == 0.0:
        return -math.copysign(math.inf, x)
    if x < 0.0:
        r = x - math.floor(x + 0.5)
        if r == 0.0:
            return math.nan
        return _digamma(1.0 - x) - math.pi / math.tan(math.pi * r)
    s = 0.0
    y = x
    while y < 10.0:
        s -= 1.0 / y if y > 1e-308 else math.inf
        y += 1.0
    z = 1.0 / (y * y)
    tail = 1.0 / 132.0 - z * (691.0 / 32760.0 - z * (1.0 / 12.0 - z * 3617.0 / 8160.0))
    tail = z * (1.0 / 12.0 - z * (1.0 / 120.0 - z * (1.0 / 252.0 - z * (1.0 / 240.0 - z * tail))))
    return s + (math.log(y) - 0.5 / y - tail)


def _polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma: NIST DLMF 5.15.8 far out, below by the recurrence."""
    if n == 0.0:
        return _digamma(x)
    if n < 0.0 or n != math.floor(n) or n > 150.0 or x != x or x == -math.inf:
        return math.nan
    odd = math.fmod(n, 2.0) != 0.0
    if x == 0.0:
        return math.inf if odd else -math.copysign(math.inf, x)
    if x < 0.0 and x == math.floor(x):
        return math.inf if odd else math.nan
    if x < -1e6:
        return math.nan
    factorial = 1.0
    k = 2.0
    while k <= n:
        factorial *= k
        k += 1.0
    s = 0.0
    y = x
    while y < 12.0 + 2.5 * n:
        power = math.pow(abs(y), n + 1.0)
        term = factorial / power if power > 0.0 else math.inf
        s += -term if y < 0.0 and not odd else term
        y += 1.0
    z = 1.0 / (y * y)
    r = factorial / n * math.pow(y, -n)
    s += r + 0.5 * n * r / y
    r *= 0.5 * n * (n + 1.0) * z
    s += r / 6.0
    r *= (n + 2.0) * (n + 3.0) / 12.0 * z
    s -= r / 30.0
    r *= (n + 4.0) * (n + 5.0) / 30.0 * z
    s += r / 42.0
    r *= (n + 6.0) * (n + 7.0) / 56.0 * z
    s -= r / 30.0
    r *= (n + 8.0) * (n + 9.0) / 90.0 * z
    s += r * 5.0 / 66.0
    r *= (n + 10.0) * (n + 11.0) / 132.0 * z
    s -= r * 691.0 / 2730.0
    r *= (n + 12.0) * (n + 13.0) / 182.0 * z
    s += r * 7.0 / 6.0
    return s if odd else 0.0 - s


def _bell(x: float) -> float:
    """exp(-x*x); the rounding of x*x does not count."""
    c = 134217729.0 * x
    high = c - (c - x)
    return math.exp(-high * high) * math.exp((high - x) * (high + x))


def _erf(x: float) -> float:
    """The error function: NIST DLMF 7.6.2, a series without cancellation."""
    if x != x:
        return x
    if abs(x) > 1.0:
        return math.copysign(1.0 - _erfc(abs(x)), x)
    term = 2.0 * x
    s = term
    k = 1.0
    while abs(term) > 1e-18 * abs(s):
        term *= 2.0 * x * x / (2.0 * k + 1.0)
        s += term
        k += 1.0
    return s * _bell(x) / math.sqrt(math.pi)


def _erfc(x: float) -> float:
    """1 - erf(x): below 0.7 so, above by the continued fraction NIST DLMF 7.9.1."""
    if x != x:
        return x
    if x < 0.7:
        return 1.0 - _erf(x)
    if x > 28.0:
        return 0.0
    k = 30.0 + 200.0 / (x * x)
    k -= math.fmod(k, 1.0)
    f = x
    while k > 0.0:
        f = x + 0.5 * k / f
        k -= 1.0
    return _bell(x) / f / math.sqrt(math.pi)


def _erfinv(x: float) -> float:
    """The inverse of erf: Winitzki's estimate, and Newton's steps with the second derivative (Halley)."""
    a = abs(x)
    if a != a or a > 1.0:
        return math.nan
    if a == 1.0:
        return math.copysign(math.inf, x)
    if a < 1e-20:
        return 0.886226925452758 * x
    w = math.log((1.0 - a) * (1.0 + a))
    u = 4.330746750799873 + 0.5 * w
    y = math.sqrt(math.sqrt(u * u - w / 0.147) - u) if a > 1e-3 else 0.886226925452758 * a
    k = 0.0
    while k < 4.0:
        error = (_erf(y) - a) if a < 0.5 else (1.0 - a) - _erfc(y)
        step = error / (1.1283791670955126 * _bell(y))
        y -= step / (1.0 + y * step)
        k += 1.0
    return math.copysign(y, x)


def _sinc_derivative(n: float, x: float) -> float:
    """The n-th derivative of sin(pi*x)/(pi*x): the power series near 0, the recurrence of the product rule beyond."""
    if x != x:
        return x
    if x - x != 0.0:
        return 0.0
    if abs(x) < 0.5 + 0.5 * n:
        term = 1.0  # of x**(2*k - n), with the factors of n derivatives
        power = 0.0
        while power < n:
            power += 2.0
            term *= -math.pi * math.pi / (power * (power + 1.0))
        k = 0.0
        while k < n:
            term *= power - k
            k += 1.0
        term *= math.pow(x, power - n)
        s = term
        while abs(term) > 1e-19 * abs(s):
            term *= (
                -math.pi * x * math.pi * x / ((power + 3.0) * (power + 2.0 - n)) * ((power + 1.0) / (power + 1.0 - n))
            )
            power += 2.0
            s += term
        return s + 0.0
    turned = math.fmod(x, 2.0)
    f = _sin_pi(turned) / (math.pi * x)
    k = 1.0
    scale = 1.0
    while k <= n:
        f = (scale * _sin_pi(turned + 0.5 * k) - k * f) / x
        scale *= math.pi
        k += 1.0
    return f


SPECIAL: dict[str, Callable[..., float]] = {
    "mod": _mod, "sign": _sign, "gamma": _gamma, "lgamma": _lgamma, "digamma": _digamma, "polygamma": _polygamma,
    "erf": _erf, "erfc": _erfc, "erfinv": _erfinv, "sinc_derivative": _sinc_derivative,
    "stirling": _stirling, "sin_pi": _sin_pi, "bell": _bell,
}  # fmt: skip
