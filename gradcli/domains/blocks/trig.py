"""Sine and cosine of a block together: NumPy has no vector code for either in float64.

Where its tangent has vector code (0.5 ulp at any size), two tangents give both: with t = tan(x/2) the sine is
2*t/(1 + t**2), and the cosine is sine/tangent, which keeps its digits beside its zeros. The errors are below
2.2 and 3.3 ulp. Elsewhere polynomials serve: reduction by pi/2 in three parts and the polynomials on
[-pi/4, pi/4] are those of fdlibm (k_sin.c, k_cos.c, e_rem_pio2.c). The error is below 2.5 ulp up to
LIMIT (the reduction rounds twice); beyond it, and where there is no number, the functions of NumPy serve.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.domains.blocks.vectorcode import is_vectorised

FAST_TANGENT = is_vectorised("tan")
LIMIT = 1e5
SMALL = 1e-300  # the sine is the number itself, and half of it may lose a bit
CHUNK = 32768  # shorter ones lose to the interpreter's lock on two threads (measured: 16,384 takes a third longer)

_TWO_BY_PI = 0.6366197723675814
_PI_HALVES = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # of 33, 33 and 53 bits
_SHIFT = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the last bits
_SINE = (
    *(1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06),
    *(-1.98412698298579493134e-04, 8.33333333332248946124e-03, -1.66666666666666324348e-01),
)
_COSINE = (
    *(-1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07),
    *(2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02),
)


def sin_cos(x: Any, sine: Any, cosine: Any, work: Any) -> None:
    """Write the sine and the cosine of x; all four are different arrays of one length."""
    way = by_tangents if FAST_TANGENT else by_polynomials
    way(x, sine, cosine, work)


def sin_alone(x: Any, sine: Any, work: Any) -> Any:
    """Write the sine of x, to the same bits as sin_cos where that goes by tangents. Returns where x is tiny."""
    np.multiply(x, 0.5, work)
    np.tan(work, work)
    np.square(work, sine)
    np.add(sine, 1.0, sine)
    tiny = np.equal(sine, 1.0)
    np.add(work, work, work)
    np.divide(work, sine, sine)
    if tiny.any():
        np.copyto(sine, x, where=np.abs(x) < SMALL)
    return tiny


def by_tangents(x: Any, sine: Any, cosine: Any, work: Any) -> None:
    """sin(x) = 2*t/(1 + t*t) with t = tan(x/2), and cos(x) = sin(x)/tan(x)."""
    np.tan(x, cosine)
    tiny = sin_alone(x, sine, work)
    np.divide(sine, cosine, cosine)
    cosine[tiny] = 1.0  # also where it is 0/0


def by_polynomials(x: Any, sine: Any, cosine: Any, work: Any) -> None:
    """By polynomials, after the nearest multiple of a quarter turn is taken off; far out by libm."""
    far = None
    if not (x.size == 0 or (x.max() <= LIMIT and x.min() >= -LIMIT)):
        far = ~(np.abs(x) <= LIMIT)
        there = x[far]
    reduced, k, z = np.empty((3, min(CHUNK, x.size)))
    for start in range(0, x.size, CHUNK):
        part = slice(start, start + CHUNK)
        size = x[part].size
        _chunk(x[part], sine[part], cosine[part], (reduced[:size], k[:size], z[:size], work[part]))
    if far is not None:
        sine[far], cosine[far] = np.sin(there), np.cos(there)


def _chunk(x: Any, sine: Any, cosine: Any, work: tuple[Any, ...]) -> None:
    r, k, z, t = work
    np.multiply(x, _TWO_BY_PI, t)
    np.add(t, _SHIFT, t)
    np.subtract(t, _SHIFT, k)
    quadrant = t.view(np.int64)
    np.copyto(r, x)
    for part in _PI_HALVES:
        np.multiply(k, part, z)
        np.subtract(r, z, r)
    np.square(r, z)
    _polynomial(z, _SINE, sine)
    np.multiply(sine, z, sine)
    np.multiply(sine, r, sine)
    np.add(sine, r, sine)
    np.copysign(sine, r, sine)  # the sum is +0 at -0
    _polynomial(z, _COSINE, cosine)
    np.multiply(cosine, z, cosine)
    np.multiply(cosine, z, cosine)
    np.multiply(z, 0.5, z)
    np.subtract(z, cosine, cosine)
    np.subtract(1.0, cosine, cosine)
    _turn(sine.view(np.int64), cosine.view(np.int64), quadrant, k.view(np.int64), z.view(np.int64))


def _polynomial(z: Any, coefficients: tuple[float, ...], out: Any) -> None:
    first, *others, last = coefficients
    np.multiply(z, first, out)
    for c in others:
        np.add(out, c, out)
        np.multiply(out, z, out)
    np.add(out, last, out)


def _turn(sine: Any, cosine: Any, quadrant: Any, odd: Any, differ: Any) -> None:
    """Exchange the two in odd quadrants, then set their signs; all on bits."""
    np.bitwise_and(quadrant, 1, odd)
    np.negative(odd, odd)
    np.bitwise_xor(sine, cosine, differ)
    np.bitwise_and(differ, odd, differ)
    np.bitwise_xor(sine, differ, sine)
    np.bitwise_xor(cosine, differ, cosine)
    for values, turns in ((sine, 0), (cosine, 1)):
        if turns:
            np.add(quadrant, turns, quadrant)
        np.bitwise_and(quadrant, 2, odd)
        np.left_shift(odd, 62, odd)
        np.bitwise_xor(values, odd, values)
