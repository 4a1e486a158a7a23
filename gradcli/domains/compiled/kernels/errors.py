"""The error function, its complement and its slope, the normal density, and gelu."""

from __future__ import annotations

from typing import Any

from gradcli.domains.blocks.erf import ABOVE, BELOW, SCALE, SLOPE
from gradcli.domains.compiled.kernels.exponentials import BIAS, exp_parts, less_one, limited, scaled, times_power
from gradcli.domains.compiled.writer import Vector, Writer, exact_product, exact_sum, ordered_sum, polynomial, quotient
from gradcli.domains.floats import FORMAT

# (1 + 2*x)*exp(x*x)*erfc(x) in powers of t = (x - 4)/(x + 4), for x from 0.49 to 28: the form is that of M. M. Shepherd
# and J. G. Laframboise, Math. Comp. 36 (1981); the coefficients are a least-squares fit (mpmath), to 5e-17.
NEAR = 0.5
FAR, FAR_NORMAL = 26.0, 36.0  # up to here exp(-x*x) and exp(-x*x/2) are ordinary numbers
# (1 - exp(x*x)*erfc(x))/x as 2/sqrt(pi) and x times a rational function: least squares with the weight
# x*exp(-x*x)/erf(x) at 120 Chebyshev nodes from 0 to 6, where erf is 1 to rounding (mpmath), to 1.3e-17 of erf.
_ABOVE = (
    *(-0.9999999999999963, -1.6625785667669941, -1.2695386732832614, -0.5578365062181291, -0.14792563462522468),
    *(-0.02243413509001133, -0.001525932312727576),
)
_BELOW = (
    *(1.0, 2.4148313448305254, 2.586102260989521, 1.5967245551962437, 0.6159737550798733, 0.1491007250522642),
    *(0.021080239802271614, 0.0013523210077862466),
)
_ROOT_HALF = (0.7071067811865476, -4.833646656726457e-17)
_CENTRE = (1.2329951186255526, -4.625318921008717e-17)
_TAIL = (
    *(-0.1396211168405616, 0.015379652102615394, 0.06809705425457874, -0.10103906603597498, 0.09373283500257155),
    *(-0.06633036582077191, 0.037167515465539834, -0.016197733948833712, 0.005031970654049302),
    *(-0.0007577740764710543, -0.000199260528735664, 0.000150625144885318, -2.4385511800366025e-05),
    *(-1.123159674717686e-05, 5.6785530770545736e-06, 3.102394830957315e-07, -7.812853843964947e-07),
    *(5.7865152050461966e-08, 7.394141624105308e-08, -8.898409850766253e-09),
)


def _exponent(m: Writer, size: Vector) -> Vector:
    """L with erfc(size) = exp(-L), as gradcli.domains.blocks.erf has it."""
    above, below = (polynomial(m, size, *reversed(c), 1.0) for c in (ABOVE, BELOW))
    return size * m.fma(size * SCALE, above / below, SLOPE)


def _bell(m: Writer, x: Vector, most: float, factor: float) -> tuple[Vector, Vector, Vector]:
    """size = abs(x) up to `most`, and exp(-factor*size**2) as `less_one` has it: erf and its slope share them."""
    size = m.abs(x)
    size = m.where(size > most, most, size)
    square, lost = exact_product(m, size, size)
    return size, *less_one(m, -factor * square, -factor * lost)


def erf(m: Writer, x: Vector) -> Vector:
    """q + (1 - exp(-x*x))*(1 - q) with q = 1 - exp(x*x)*erfc(x) = x*R(x), R rational: nothing cancels; 1.9 ulp."""
    size, shifted, u = _bell(m, x, FAR, 1.0)
    above, below = (polynomial(m, size, *c) for c in (_ABOVE, _BELOW))
    q = size * (SLOPE + size * above / below)
    power = m.of_bits((m.bits(shifted) << 52) + (BIAS << 52))
    return m.copysign(m.fma((1.0 - power) - power * u, 1.0 - q, q), x)


def erfc_parts(m: Writer, size: Vector, rest: Any = 0.0) -> tuple[Vector, Vector, Vector]:
    """erfc(size + rest) for size from 0 to 28, as a number in two parts and a power of 2 (as bits)."""
    near = size < NEAR
    square, lost = exact_product(m, size, size)
    lost = m.fma(2.0 * size, rest, lost)
    exponent = m.where(near, _exponent(m, m.where(near, size, 0.0)), square)
    e, low, bits = exp_parts(m, -exponent, m.where(near, -SLOPE * m.number(rest), -lost))
    t = (size - 4.0) / (size + 4.0)
    smooth, low_smooth = ordered_sum(m.constant(_CENTRE[0]), t * polynomial(m, t, *_TAIL))
    product, error = exact_product(m, e, smooth)
    error = error + m.fma(e, low_smooth + _CENTRE[1], low * smooth)
    below, lacking = exact_sum(2.0 * size, m.constant(1.0))
    q, left = quotient(m, (product, error), (below, lacking + 2.0 * m.number(rest)))
    return m.where(near, e, q), m.where(near, low, left), bits


def erfc(m: Writer, x: Vector) -> Vector:
    """exp(-L) below 1/2, then exp(-x*x) times a smooth function, all in two parts; of -x 2 less that; 1.6 ulp."""
    tail, low, bits = erfc_parts(m, limited(m, m.abs(x), 0.0, 28.0))
    found = scaled(m, tail + low, bits)
    return m.where(x < 0.0, 2.0 - found, found)


def erf_slope(m: Writer, x: Vector) -> Vector:
    """2/sqrt(pi)*exp(-x*x), the square in two parts; 1.3 ulp."""
    size, shifted, u = _bell(m, x, FAR, 1.0)
    near = times_power(m, m.fma(u, FORMAT["bell"], FORMAT["bell"]), shifted)
    return m.elsewhere(~(size < FAR), (x,), near, far_slope)


def far_slope(m: Writer, x: Vector) -> Vector:
    """The same to where it is 0."""
    square, lost = _square(m, x, 28.0)
    e, low, bits = exp_parts(m, -square, -lost)
    return scaled(m, FORMAT["bell"] * (e + low), bits)


def norm_pdf(m: Writer, x: Vector) -> Vector:
    """exp(-x*x/2)/sqrt(2*pi), the square in two parts; 1.9 ulp."""
    size, shifted, u = _bell(m, x, FAR_NORMAL, 0.5)
    near = times_power(m, m.fma(u, FORMAT["normal"], FORMAT["normal"]), shifted)
    return m.elsewhere(~(size < FAR_NORMAL), (x,), near, far_normal)


def far_normal(m: Writer, x: Vector) -> Vector:
    """The same to where it is 0."""
    square, lost = _square(m, x, 39.5)
    e, low, bits = exp_parts(m, -0.5 * square, -0.5 * lost)
    return scaled(m, FORMAT["normal"] * (e + low), bits)


def _square(m: Writer, x: Vector, most: float) -> tuple[Vector, Vector]:
    """x*x in two parts; beyond this size that of this size."""
    size = limited(m, m.abs(x), 0.0, most)
    return exact_product(m, size, size)


def gelu(m: Writer, x: Vector) -> Vector:
    """x*erfc(-x/sqrt(2))/2, the quotient in two parts, and a power of 2 last; 2 ulp."""
    size = limited(m, m.abs(x), 0.0, 39.5)
    u = size * _ROOT_HALF[0]
    tail, low, bits = erfc_parts(m, u, m.fma(size, _ROOT_HALF[1], m.fma(size, _ROOT_HALF[0], -u)))
    product, error = exact_product(m, tail, size)
    below = scaled(m, 0.5 * (product + m.fma(low, size, error)), bits)
    above = m.abs(x) * (1.0 - scaled(m, 0.5 * (tail + low), bits))
    return m.where(x > 0.0, above, m.where(x == x, m.copysign(below, x), x))
