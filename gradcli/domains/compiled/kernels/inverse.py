"""asin, acos, atan and atan2."""

from __future__ import annotations

from math import inf, nan

from gradcli.domains.compiled.kernels.exponentials import limited
from gradcli.domains.compiled.writer import Pair, Vector, Writer, exact_sum, ordered_sum, polynomial, quotient

_PI = (3.141592653589793, 1.2246467991473532e-16)
_HALF = (1.5707963267948966, 6.123233995736766e-17)
_QUARTER = (0.7853981633974483, 3.061616997868383e-17)
# (asin(x) - x)/x in powers of x*x up to 1/4: numerator (after a factor x*x) and denominator; fdlibm, e_asin.c.
_ABOVE = (
    *(1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01),
    *(-4.00555345006794114027e-02, 7.91534994289814532176e-04, 3.47933107596021167570e-05),
)
_BELOW = (
    *(1.0, -2.40339491173441421878e00, 2.02094576023350569471e00, -6.88283971605453293030e-01),
    7.70381505559019352791e-02,
)
# (x - atan(x))/x**3 in powers of x*x for abs(x) <= 7/16: fdlibm, s_atan.c.
_ATAN = (
    *(3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01),
    *(-1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02),
    *(6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02),
    *(-3.65315727442169155270e-02, 1.62858201153657823623e-02),
)
_EIGHTH = 0.41421356237309503  # tan(pi/8)


def _arc(m: Writer, x: Vector) -> tuple[Vector, Vector, Vector, Vector]:
    """Whether abs(x) < 1/2; there abs(x), 0 and asin - abs(x); else r = sqrt((1 - abs(x))/2), its rest, asin(r) - r."""
    size = m.abs(x)
    small = size < 0.5
    z = m.where(small, x * x, (1.0 - size) * 0.5)
    root = m.sqrt(z)
    rest = m.where(z == 0.0, 0.0, m.fma(-root, root, z) * (0.5 / root))
    r, rest = m.where(small, size, root), m.where(small, 0.0, rest)
    return small, r, rest, r * (z * polynomial(m, z, *_ABOVE) / polynomial(m, z, *_BELOW))


def asin(m: Writer, x: Vector) -> Vector:
    """Beyond 1/2 as pi/2 - 2*asin(sqrt((1 - x)/2)); 0.8 ulp."""
    small, r, rest, tail = _arc(m, x)
    total, error = ordered_sum(m.constant(_HALF[0]), -2.0 * r)
    other = total + (error + (_HALF[1] - 2.0 * (rest + tail)))
    found = m.where(m.abs(x) < 1e-9, m.abs(x), m.where(small, r + tail, other))
    return m.copysign(found, x)


def acos(m: Writer, x: Vector) -> Vector:
    """pi/2 - asin(x), beyond 1/2 as 2*asin(sqrt((1 - x)/2)), below -1/2 pi less that; 0.8 ulp."""
    small, r, rest, tail = _arc(m, x)
    total, error = ordered_sum(m.constant(_HALF[0]), -x)
    middle = total + (error + (_HALF[1] - m.copysign(tail, x)))
    right = 2.0 * (r + (rest + tail))
    total, error = ordered_sum(m.constant(_PI[0]), -2.0 * r)
    left = total + (error + (_PI[1] - 2.0 * (rest + tail)))
    return m.where(small, middle, m.where(x > 0.0, right, m.where(x == x, left, nan)))


def _near_zero(m: Writer, r: Pair, base: Pair) -> Pair:
    """base + atan(r) in two parts, for r up to tan(pi/8), or a base that is larger than it."""
    z = r[0] * r[0]
    tail = r[1] - r[0] * (z * polynomial(m, z, *_ATAN))
    total, error = ordered_sum(base[0], r[0])
    return total, error + (base[1] + tail)


def atan(m: Writer, x: Vector) -> Vector:
    """Beyond tan(pi/8) as pi/4 + atan((x - 1)/(x + 1)), beyond tan(3*pi/8) as pi/2 - atan(1/x); 0.8 ulp."""
    size = limited(m, m.abs(x), 0.0, 1e300)
    large, small = size > 1.0 / _EIGHTH, size <= _EIGHTH
    (less, less_low), (more, more_low) = (exact_sum(size, m.constant(v)) for v in (-1.0, 1.0))
    above = m.where(large, -1.0, m.where(small, size, less)), m.where(large | small, 0.0, less_low)
    below = m.where(large, size, m.where(small, 1.0, more)), m.where(large | small, 0.0, more_low)
    base = [m.where(large, _HALF[k], m.where(small, 0.0, _QUARTER[k])) for k in (0, 1)]
    total, error = _near_zero(m, quotient(m, above, below), (base[0], base[1]))
    return m.copysign(m.where(size < 1e-9, size, total + error), x)


def atan2(m: Writer, y: Vector, x: Vector) -> Vector:
    """The angle of the quotient that is at most 1, then of the octant; all in two parts; 1.2 ulp."""
    a, b = m.abs(y), m.abs(x)
    steep = a > b
    most, least = m.where(steep, a, b), m.where(steep, b, a)
    least = m.where((most == inf) & (least < inf), 0.0, least)
    most, least = (m.where(v == inf, 1e300, v) for v in (most, least))
    scale = m.where(most > 2.0**1000, 2.0**-40, m.where(most < 2.0**-900, 2.0**100, 1.0))
    most, least = most * scale, least * scale
    wide = least > _EIGHTH * most
    (less, less_low), (more, more_low) = exact_sum(least, -most), exact_sum(least, most)
    above = m.where(wide, less, least), m.where(wide, less_low, 0.0)
    below = m.where(wide, more, most), m.where(wide, more_low, 0.0)
    q, rest = quotient(m, above, below)
    rest = m.where(m.abs(q) < 1e-290, 0.0, rest)
    base = m.where(wide, _QUARTER[0], 0.0), m.where(wide, _QUARTER[1], 0.0)
    total, error = _near_zero(m, (q, rest), base)
    total, error = m.where(most == 0.0, 0.0, total), m.where(most == 0.0, 0.0, error)
    other, lost = ordered_sum(m.constant(_HALF[0]), -total)
    total, error = m.where(steep, other, total), m.where(steep, lost + (_HALF[1] - error), error)
    other, lost = ordered_sum(m.constant(_PI[0]), -total)
    left = m.bits(x) < 0
    total, error = m.where(left, other, total), m.where(left, lost + (_PI[1] - error), error)
    found = m.copysign(total + error, y)
    return m.where((x != x) | (y != y), nan, found)
