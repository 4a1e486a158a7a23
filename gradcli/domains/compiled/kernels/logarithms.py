"""log and its kin, and the power that is made of it."""

from __future__ import annotations

from math import inf, nan
from typing import Any

from gradcli.domains.compiled.kernels.exponentials import (
    BIAS,
    LN2,
    SHIFT,
    SHIFT_BITS,
    exp_of_pair,
    less_one,
    times_power,
)
from gradcli.domains.compiled.kernels.quotients import near_half
from gradcli.domains.compiled.writer import (
    Pair,
    Vector,
    Writer,
    exact_product,
    exact_sum,
    ordered_sum,
    polynomial,
    quotient,
)

LARGEST = 8  # of whole powers by products
FAR = 2.0**60  # from here on 1 is nothing beside the square
_ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
_LN2_SHORT = (6.93147180369123816490e-01, 1.90821492927058770002e-10)  # the first has 32 bits: k times it is exact
# (log(1 + f) - f + f*f/2 - s*f*f/2)/s with s = f/(2 + f), in powers of s*s: fdlibm, e_log.c.
_LOG = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01),
    *(1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01),
)
# (log((1 + s)/(1 - s)) - 2*s - 2*s**3/3)/s**5 in powers of s*s: weighted least squares (mpmath), to 2e-20.
_LOG_TAIL = (
    *(0.39999999999999974, 0.28571428571445845, 0.22222222217384283, 0.18181818886736845, 0.15384555865587196),
    *(0.13336352669625315, 0.116741584602601, 0.1199413333024839),
)
_TWO_THIRDS = (0.6666666666666666, 3.700743415417188e-17)


def split(m: Writer, x: Vector) -> tuple[Vector, Vector, Vector]:
    """x = f*2**k for positive x: k as a number, f from sqrt(1/2) to sqrt(2), and k + BIAS as bits."""
    tiny = x < 2.0**-1022
    k, f, exponent = _parts(m, m.where(tiny, x * 2.0**54, x))
    return k - m.where(tiny, 54.0, 0.0), f, exponent


def is_ordinary(x: Vector) -> Vector:
    """Are these positive numbers, not subnormal and not infinite?"""
    return (x >= 2.0**-1022) & (x < inf)


def _parts(m: Writer, x: Vector) -> tuple[Vector, Vector, Vector]:
    """As `split`, for an ordinary positive number."""
    shifted = m.bits(x) + ((BIAS << 52) - _ROOT_HALF)
    exponent = shifted >> 52
    k = m.of_bits(exponent + (SHIFT_BITS - BIAS)) - SHIFT
    return k, m.of_bits((shifted & (2**52 - 1)) + _ROOT_HALF), exponent


def _series(m: Writer, f: Vector) -> tuple[Vector, Vector]:
    """f*f/2, and log(1 + f) - f + f*f/2."""
    half = 0.5 * (f * f)
    s = f * near_half(m, f)
    z = s * s
    return half, s * (half + z * polynomial(m, z, *_LOG))


def at_edges(m: Writer, x: Vector, found: Vector, pole: float = 0.0) -> Vector:
    """A logarithm with its values at the pole, at infinity, below the pole and of NaN."""
    found = m.where(x == inf, inf, found)
    found = m.where(x == pole, -inf, found)
    return m.where(x >= pole, found, nan)


def log(m: Writer, x: Vector) -> Vector:
    """As fdlibm, e_log.c: k*log(2) and a series in f/(2 + f); 0.9 ulp."""
    return m.elsewhere(~is_ordinary(x), (x,), _log(m, *_parts(m, x)), log_anywhere)


def log_anywhere(m: Writer, x: Vector) -> Vector:
    """The same, also of subnormal numbers and at the edges."""
    return at_edges(m, x, _log(m, *split(m, x)))


def _log(m: Writer, k: Vector, scaled: Vector, _: Vector) -> Vector:
    f = scaled - 1.0
    half, tail = _series(m, f)
    return m.fma(k, _LN2_SHORT[0], f - (half - m.fma(k, _LN2_SHORT[1], tail)))


def _log1p_of(m: Writer, x: Vector, rest: Any, more: Any = 0.0) -> Vector:
    """log(1 + x + rest) + more*log(2), for x above -1 and rest small beside it."""
    total, lost = exact_sum(m.constant(1.0), x)
    k, scaled, exponent = _parts(m, total)
    by = m.of_bits(m.where(exponent < 2 * BIAS, (2 * BIAS - exponent) << 52, 0))  # 2**-k
    f = (scaled - 1.0) + (lost + rest) * by
    half, tail = _series(m, f)
    k = k + more
    return k * _LN2_SHORT[0] - ((half - (tail + k * _LN2_SHORT[1])) - f)


def log1p(m: Writer, x: Vector) -> Vector:
    """log of 1 + x in two parts, the second divided by the scale of the first; 1.2 ulp."""
    ordinary = (x > -1.0) & (x < inf)
    return m.elsewhere(~ordinary, (x,), m.copysign(_log1p_of(m, x, 0.0), x), log1p_anywhere)


def log1p_anywhere(m: Writer, x: Vector) -> Vector:
    """The same, also at the edges."""
    return at_edges(m, x, m.copysign(_log1p_of(m, x, 0.0), x), -1.0)


def _root_of_pair(m: Writer, x: Vector, rest: Vector) -> Pair:
    """sqrt(x + rest) in two parts; 0 of 0."""
    r = m.sqrt(x)
    return r, m.where(x == 0.0, 0.0, (m.fma(-r, r, x) + rest) * (0.5 / r))


def asinh(m: Writer, x: Vector) -> Vector:
    """log1p of s + s*s/(1 + sqrt(1 + s*s)) with s = abs(x), in two parts; far out log(2*s); 1.4 ulp."""
    size = m.abs(x)
    far = size > FAR
    s = m.where(far, 1.0, size)
    square, error = exact_product(m, s, s)
    total, lost = exact_sum(m.constant(1.0), square)
    r, low = _root_of_pair(m, total, lost + error)
    whole, part = exact_sum(m.constant(1.0), r)
    q, rest = quotient(m, (square, error), (whole, part + low))
    t, lost = exact_sum(s, q)
    found = _log1p_of(m, m.where(far, size, t), m.where(far, 0.0, lost + rest), m.where(far, 1.0, 0.0))
    found = m.where(size == inf, inf, found)
    return m.where(size < 1e-9, x, m.copysign(found, x))


def acosh(m: Writer, x: Vector) -> Vector:
    """log1p of t + sqrt(t*(t + 2)) with t = x - 1, in two parts; far out log(2*x); 1.4 ulp."""
    far = x > FAR
    s = m.where(far, 1.0, x)
    t, low = exact_sum(s, m.constant(-1.0))
    more, less = exact_sum(s, m.constant(1.0))
    product, error = exact_product(m, t, more)
    r, rest = _root_of_pair(m, product, m.fma(t, less, m.fma(low, more, error)))
    total, lost = exact_sum(t, r)
    found = _log1p_of(m, m.where(far, x, total), m.where(far, 0.0, lost + (rest + low)), m.where(far, 1.0, 0.0))
    found = m.where(x == inf, inf, found)
    return m.where(x >= 1.0, found, nan)


def atanh(m: Writer, x: Vector) -> Vector:
    """log1p(2*s/(1 - s))/2 with s = abs(x), the quotient in two parts; 1.4 ulp."""
    size = m.abs(x)
    q, rest = quotient(m, (2.0 * size, m.constant(0.0)), exact_sum(m.constant(1.0), -size))
    found = 0.5 * _log1p_of(m, q, rest)
    found = m.where(size == 1.0, inf, m.where(size < 1.0, found, nan))
    return m.where(size < 1e-9, x, m.copysign(found, x))


def _to_base(m: Writer, x: Vector, inverse: tuple[float, float], of_two: tuple[float, float]) -> Vector:
    """log(x)*inverse, where k of log(2)*inverse = of_two; all in two parts."""
    k, scaled, _ = split(m, x)
    f = scaled - 1.0
    half, tail = _series(m, f)
    high = f - half
    low = ((f - high) - half) + tail
    product, error = exact_product(m, high, inverse[0])
    error = error + m.fma(low, inverse[0], high * inverse[1])
    whole, lost = exact_product(m, k, of_two[0])
    total, rest = ordered_sum(whole, product)
    return at_edges(m, x, total + (rest + (error + m.fma(k, of_two[1], lost))))


def log2(m: Writer, x: Vector) -> Vector:
    """log(f)/log(2) in two parts beside k; 0.7 ulp."""
    return _to_base(m, x, (1.4426950408889634, 2.0355273740931033e-17), (1.0, 0.0))


def log10(m: Writer, x: Vector) -> Vector:
    """log(f)/log(10) in two parts beside k*log10(2) in two; 0.7 ulp."""
    inverse = (0.4342944819032518, 1.098319650216765e-17)
    return _to_base(m, x, inverse, (0.3010299956639812, -2.8037281277851704e-18))


def log_pair(m: Writer, k: Vector, f: Vector, _: Vector) -> Pair:
    """log(f*2**k) in two parts, to 2**-64 of it: as logk of SLEEF (N. Shibata)."""
    less, more = f - 1.0, ordered_sum(m.constant(1.0), f)  # nothing is lost: f is at most sqrt(2)
    s, low = quotient(m, (less, m.constant(0.0)), more)
    s, low = ordered_sum(s, low)
    z, error = exact_product(m, s, s)
    error = m.fma(s + s, low, error)
    # 2*s + s*z*(2/3 + z*tail)
    tail = polynomial(m, z, *_LOG_TAIL)
    product, lost = exact_product(m, z, tail)
    inner, rest = ordered_sum(m.constant(_TWO_THIRDS[0]), product)
    rest = rest + (m.fma(error, tail, lost) + _TWO_THIRDS[1])
    cube, left = exact_product(m, s, z)
    left = m.fma(s, error, m.fma(low, z, left))
    third, beyond = exact_product(m, cube, inner)
    beyond = m.fma(cube, rest, m.fma(left, inner, beyond))
    whole, lacking = exact_product(m, k, LN2[0])
    lacking = m.fma(k, LN2[1], lacking)
    first, e1 = ordered_sum(whole, 2.0 * s)
    second, e2 = ordered_sum(first, third)
    return ordered_sum(second, e1 + (e2 + ((beyond + 2.0 * low) + lacking)))


def power(m: Writer, x: Vector, y: Vector) -> Vector:
    """exp(y*log(abs(x))), the logarithm and the product in two parts; 1.1 ulp. Edges as C99, annex F."""
    size = m.abs(x)
    ordinary = (size > 0.0) & (size < inf)
    high, low = log_pair(m, *split(m, m.where(ordinary, size, 1.0)))
    edge = m.where(size == 0.0, -inf, size)
    product, rest = _times(m, (m.where(ordinary, high, edge), m.where(ordinary, low, 0.0)), y)
    rest = m.where(m.abs(product) < 800.0, rest, 0.0)
    found = exp_of_pair(m, product, rest)
    # a negative base: its sign where y is odd, no number where y is no whole number
    whole = m.call("floor", y) == y
    halved = y * 0.5
    odd = whole & (m.call("floor", halved) != halved) & (m.abs(y) < 2.0**53)
    negative = m.bits(x) < 0
    found = m.where(negative & odd, -found, found)
    found = m.where((x < 0.0) & (size < inf) & ~whole, nan, found)
    found = m.where((x == -1.0) & (m.abs(y) == inf), 1.0, found)
    return m.where((x == 1.0) | (y == 0.0), 1.0, found)


def _times(m: Writer, x: Pair, y: Vector) -> Pair:
    product = x[0] * y
    return product, m.fma(x[0], y, -product) + x[1] * y


def root(m: Writer, x: Vector) -> Vector:
    """x**0.5, which differs from sqrt(x) at -0 and at -inf."""
    return m.where(x == -inf, inf, m.sqrt(x + 0.0))


def pow_of(m: Writer, x: Any, y: Any) -> Vector:
    """x**y; small whole literals by products, a half, or a whole number and a half, by the square root."""
    x, given = m.number(x), m.number(y)
    if isinstance(y, float):
        if y == 0:
            return m.constant(1.0)
        if abs(y) == 0.5:
            found = root(m, x)
            return found if y > 0 else 1.0 / found
        if y.is_integer() and abs(y) <= LARGEST:
            within = 2.0 ** (960 // abs(y))
            ordinary = (m.abs(x) > 1 / within) & (m.abs(x) < within)
            return m.elsewhere(~ordinary, (x, given), _of_whole(m, x, int(y)), power)
        if y.is_integer():
            near, ordinary = _of_ordinary(m, m.abs(x), given)
            return m.elsewhere(~ordinary, (x, given), m.copysign(near, x) if y % 2 else near, power)
        if (2.0 * y).is_integer() and abs(y) < 4.0:
            return m.elsewhere(~((x > 2.0**-200) & (x < 2.0**200)), (x, given), _of_half(m, x, y), power)
    near, ordinary = _of_ordinary(m, x, given)
    return m.elsewhere(~ordinary, (x, given), near, power)


def _of_ordinary(m: Writer, x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """x**y for ordinary positive numbers x, and where they and the result are ordinary."""
    product, rest = _times(m, log_pair(m, *_parts(m, x)), y)
    shifted, u = less_one(m, product, rest)
    return times_power(m, u + 1.0, shifted), is_ordinary(x) & (m.abs(product) < 700.0)


def _of_whole(m: Writer, x: Vector, y: int) -> Vector:
    """x**y by products in two parts; 1.0 ulp."""
    high, low = x, m.constant(0.0)
    for digit in f"{abs(y):b}"[1:]:
        square, lost = exact_product(m, high, high)
        high, low = square, m.fma(2.0 * high, low, lost)
        if digit == "1":
            high, low = _times(m, (high, low), x)
    return high + low if y > 0 else _inverse(m, high, low)


def _inverse(m: Writer, high: Vector, low: Vector) -> Vector:
    found = 1.0 / high
    return m.fma(found * -low, found, found)


def _of_half(m: Writer, x: Vector, y: float) -> Vector:
    """x**y for a whole number and a half from -4 to 4: products with the square root, in two parts; 1.8 ulp."""
    high, low = x, m.constant(0.0)
    for _ in range(int(abs(y)) - 1):
        high, low = _times(m, (high, low), x)
    high, low = _times(m, (high, low), m.sqrt(x))
    return high + low if y > 0 else _inverse(m, high, low)
