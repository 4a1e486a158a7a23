"""cbrt and hypot."""

from __future__ import annotations

from math import inf, nan

from gradcli.domains.compiled.kernels.exponentials import BIAS, whole
from gradcli.domains.compiled.kernels.logarithms import split
from gradcli.domains.compiled.writer import Vector, Writer, exact_product, polynomial

# The cube root from 0.35 to 2.83, to 1e-3 of it: weighted least squares (mpmath).
_CUBE_ROOT = (
    *(0.42029314434173537, 1.0256303064527905, -0.7135616853312268, 0.3499586474556293),
    *(-0.09150194945354463, 0.00960971973217238),
)


def cbrt(m: Writer, x: Vector) -> Vector:
    """A polynomial, a step of Halley and one of Newton with the residual in two parts; 0.6 ulp."""
    size = m.abs(x)
    k, f, _ = split(m, size)
    third, bits = whole(m, k, 1 / 3)
    left = m.fma(third, -3.0, k)
    f = m.where(left > 0.5, 2.0 * f, m.where(left < -0.5, 0.5 * f, f))
    y = polynomial(m, f, *_CUBE_ROOT)
    cube = y * y * y
    y = y * ((cube + 2.0 * f) / (2.0 * cube + f))
    square, lost = exact_product(m, y, y)
    cube, error = exact_product(m, square, y)
    y = y - ((cube - f) + m.fma(lost, y, error)) / (3.0 * square)
    found = m.copysign(y * m.of_bits((bits + BIAS) << 52), x)
    return m.where((size > 0.0) & (size < inf), found, x)


def hypot(m: Writer, x: Vector, y: Vector) -> Vector:
    """sqrt(x*x + y*y), scaled so that no square is lost; 1 ulp. Infinite beside NaN, too."""
    a, b = m.abs(x), m.abs(y)
    most, least = m.where(a > b, a, b), m.where(a > b, b, a)
    large, small = most > 2.0**500, most < 2.0**-500
    scale = m.where(large, 2.0**-600, m.where(small, 2.0**600, 1.0))
    back = m.where(large, 2.0**600, m.where(small, 2.0**-600, 1.0))
    most, least = most * scale, least * scale
    found = m.sqrt(m.fma(most, most, least * least)) * back
    found = m.where((x != x) | (y != y), nan, found)
    return m.where((a == inf) | (b == inf), inf, found)
