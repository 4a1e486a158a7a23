"""The primitives of ball arithmetic, on python-flint's Arb at the precision of `flint.ctx`.

Each answers NaN only where the operation surely has no value, and the whole line where the precision does not
decide: the caller then raises the precision. At points where Arb does not know the convention it is written here.
"""

from __future__ import annotations

import math
import operator
from contextlib import contextmanager
from functools import reduce, wraps
from threading import RLock

import flint
from flint import arb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

INF, NAN = math.inf, math.nan
LINE = arb(0, INF)  # any number
CONTEXT = RLock()  # python-flint's context is one for all threads: who computes beside others holds this


def guarded(
    compute: Callable[..., arb],
    outside: Callable[..., bool] | None = None,
    edges: Mapping[float, float] | None = None,
) -> Callable[..., arb]:
    """A primitive from a plain computation with Arb, which gives nan where it cannot tell.

    outside: is every point of these balls outside the domain?
    edges: the value at exact points (of one argument) where Arb does not know the convention. The computation itself
    is its `__wrapped__`.
    """
    points = tuple((edges or {}).items())

    @wraps(compute)
    def on_ball(*x: arb) -> arb:
        for v in x:
            if v.is_nan():
                return v
        for point, value in points:
            if x[0] == point:
                return arb(value)
        y = compute(*x)
        return LINE if y.is_nan() and not (outside is not None and outside(*x)) else y

    return on_ball


def _whole(n: arb) -> int | None:
    """The number that the ball is exactly, if that is one of 0, 1, ..., 999."""
    return int(n.unique_fmpz()) if n.is_exact() and n.is_integer() and 0 <= n < 1000 else None


def _never_whole(n: arb) -> bool:
    """Is no number of the ball one of 0, 1, 2, ...?"""
    return bool(n < 0 or not n.contains_integer())


# Arithmetic


def _sum(x: arb, y: arb) -> arb:
    """Arb knows no infinity beside a number that is not exact."""
    z = x + y
    if z.is_finite() or x.is_finite() == y.is_finite():
        return z
    return y if x.is_finite() else x


def _no_product(x: arb, y: arb) -> bool:
    return bool((x.is_zero() and abs(y) == INF) or (y.is_zero() and abs(x) == INF))


def _div(x: arb, y: arb) -> arb:
    """x/0 is infinite where the sign of x is known."""
    if not y.is_zero():
        return x / y
    return x.pos_inf() if x > 0 else x.neg_inf() if x < 0 else x.nan()


def _no_quotient(x: arb, y: arb) -> bool:
    return bool((x.is_zero() and y.is_zero()) or abs(x) == abs(y) == INF)


def _pow(x: arb, y: arb) -> arb:
    if y.is_zero() or x == 1:
        return arb(1)
    if x.is_nan() or y.is_nan():
        return x.nan()
    if x.is_zero():
        return x if y > 0 else x.pos_inf() if y < 0 else LINE
    if y.is_exact() and (y.is_integer() or abs(y) == INF or abs(x) == INF):
        power = _power_of_size(abs(x), y)
        odd = y.is_integer() and not (y / 2).is_integer()
        return (power if x > 0 else -power if x < 0 else power.union(-power)) if odd else power
    if x > 0:
        power = x**y
        return LINE if power.is_nan() else power
    if x == -INF and not y.contains_integer():
        return _power_of_size(abs(x), y)
    return x.nan() if x < 0 and not y.contains_integer() else LINE


def _power_of_size(size: arb, y: arb) -> arb:
    """abs(x)**y for a y that is exact, where Arb has no answer for balls that reach 0, nor for infinities."""
    if abs(y) == INF:
        if size == 1:
            return arb(1)
        if not (size > 1 or size < 1):
            return LINE
        return y.pos_inf() if (size > 1) == (y > 0) else arb(0)
    if size == INF:
        return y.pos_inf() if y > 0 else arb(0)
    if not size > 0:
        return (size.abs_upper() ** y).union(arb(0)) if y > 0 else LINE
    return size**y


def _mod(x: arb, y: arb) -> arb:
    if abs(y) != INF or abs(x) == INF:
        return x - (x / y).floor() * y
    if x.is_zero() or (x > 0 and y > 0) or (x < 0 and y < 0):
        return x
    return y if x > 0 or x < 0 else LINE


def _no_remainder(x: arb, y: arb) -> bool:
    return bool(y.is_zero() or abs(x) == INF)


# Comparisons and logic: 1 or 0, or the ball from 0 to 1 where the precision does not decide.


def _truth(yes: bool, no: bool) -> arb:
    return arb(1) if yes else arb(0) if no else arb(0.5, 0.5)


def _comparison(name: str, opposite: str) -> Callable[[arb, arb], arb]:
    holds, fails = getattr(operator, name), getattr(operator, opposite)

    def on_ball(x: arb, y: arb) -> arb:
        if x.is_nan() or y.is_nan():
            return arb(1 if name == "ne" else 0)
        return _truth(holds(x, y), fails(x, y))

    return on_ball


def _chosen(x: arb) -> tuple[bool, bool]:
    """Is a ball surely not 0, and is it surely 0?"""
    return bool(x != 0) or x.is_nan(), bool(x.is_zero())


def _and(x: arb, y: arb) -> arb:
    (x_yes, x_no), (y_yes, y_no) = _chosen(x), _chosen(y)
    return _truth(x_yes and y_yes, x_no or y_no)


def _or(x: arb, y: arb) -> arb:
    (x_yes, x_no), (y_yes, y_no) = _chosen(x), _chosen(y)
    return _truth(x_yes or y_yes, x_no and y_no)


def _not(x: arb) -> arb:
    yes, no = _chosen(x)
    return _truth(no, yes)


def _where(c: arb, x: arb, y: arb) -> arb:
    if c.is_zero():
        return y
    if c != 0 or c.is_nan():
        return x
    both = x.union(y)
    return LINE if both.is_nan() and not (x.is_nan() and y.is_nan()) else both


# Functions


def _root(x: arb) -> arb:
    """Arb has no cube root of negative numbers."""
    if x >= 0:
        return x.root(3) if x > 0 else x
    if x <= 0:
        return -((-x).root(3))
    bound = x.abs_upper().root(3)
    return bound.union(-bound)


def _hypot(x: arb, y: arb) -> arb:
    """Infinite beside an infinity, also where the other number is NaN (IEEE 754)."""
    return x.pos_inf() if INF in (abs(x), abs(y)) else _length(x, y)


@guarded
def _length(x: arb, y: arb) -> arb:
    square = x * x + y * y
    if square >= 0:
        return square.sqrt()
    bound = square.abs_upper().sqrt()
    return bound.union(-bound)


def _atan2(y: arb, x: arb) -> arb:
    """Arb lacks the corners at infinity."""
    if abs(y) == INF and abs(x) == INF:
        y, x = y.sgn(), x.sgn()
    return arb.atan2(y, x)


def _round(x: arb) -> arb:
    up = (x + 0.5).floor()
    return up - 1 if x.is_exact() and (x + 0.5).is_integer() and not (up / 2).is_integer() else up


def _trunc(x: arb) -> arb:
    if abs(x) < 1:
        return x * 0
    return x.floor() if x >= 0 else x.ceil() if x <= 0 else x.floor().union(x.ceil())


def _fmod(x: arb, y: arb) -> arb:
    return x if abs(x) < abs(y) else x - _trunc(x / y) * y


def _sinc_derivative(n: arb, x: arb) -> arb:
    """The integral of (pi*t)**n * cos(pi*x*t + n*pi/2) over t from 0 to 1, as Kummer's function."""
    order = _whole(n)
    if order is None:
        return n.nan()
    if order == 0:
        return x.sinc_pi()
    if abs(x) == INF:
        return arb(0)
    pi = arb.pi()
    value = flint.acb(0, pi * x).hypgeom_1f1(order + 1, order + 2)
    part = (value.real, -value.imag, -value.real, value.imag)[order % 4]
    return pi**order * part / (order + 1)


def _logaddexp(x: arb, y: arb) -> arb:
    if x == -INF or y == INF:
        return y
    if y == -INF or x == INF:
        return x
    return x.max(y) + (-abs(x - y)).exp().log1p()


# The gamma function and its kin


def is_pole(x: arb) -> bool:
    """Is the ball one of 0, -1, -2, ...?"""
    return bool(x <= 0 and x.is_integer())


def _lgamma(x: arb) -> arb:
    """log(abs(gamma(x))): by reflection below 0, where Arb's is nan."""
    if x > 0:
        return x.lgamma()
    if is_pole(x):
        return x.pos_inf()
    return arb.pi().log() - abs(x.sin_pi()).log() - (1 - x).lgamma()


@contextmanager
def terms(count: int) -> Iterator[int]:
    """Power series of so many terms: flint drops what is beyond its `cap`, ten terms by default, without a word."""
    cap, flint.ctx.cap = flint.ctx.cap, count
    try:
        yield count
    finally:
        flint.ctx.cap = cap


def _polygamma(n: arb, x: arb) -> arb:
    order = _whole(n)
    if order is None:
        return n.nan()
    if order == 0:
        return PRIMITIVES["digamma"](x)
    if abs(x) == INF:
        return arb(0) if x > 0 else x.nan()
    if is_pole(x):
        return x.pos_inf() if order % 2 else x.neg_inf() if x.is_zero() else x.nan()
    return _reflected(order, x) if x < -20 else flint.acb(x).polygamma(order).real


def _no_polygamma(n: arb, x: arb) -> bool:
    two_sided = x < 0 and x.is_integer() and n.is_integer() and (n / 2).is_integer()
    return bool(_never_whole(n) or x == -INF or two_sided)


def _reflected(order: int, x: arb) -> arb:
    """(-1)**n polygamma(n, 1 - x) - pi * the n-th derivative of cot(pi*x): DLMF 5.15.6."""
    pi = arb.pi()
    with terms(order + 1) as count:
        z = flint.arb_series([pi * x, pi], count)
        sine = z.sin()
        if sine[0].contains(0):
            return x.nan()
        slope = (z.cos() / sine)[order] * arb(order).fac() * pi
    value = flint.acb(1 - x).polygamma(order).real
    return (-value if order % 2 else value) - slope


def _below_zero(x: arb) -> bool:
    return bool(x < 0)


def _above_one(x: arb) -> bool:
    return bool(abs(x) > 1)


_NOWHERE, _FIXED = {INF: NAN, -INF: NAN}, {INF: INF, -INF: -INF}
COMPARISONS = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}

PRIMITIVES: dict[str, Callable[..., arb]] = {
    "add": _sum, "sub": lambda x, y: _sum(x, -y), "neg": operator.neg, "pow": _pow,
    "mul": guarded(operator.mul, _no_product),
    "div": guarded(_div, _no_quotient),
    "mod": guarded(_mod, _no_remainder),
    **{name: _comparison(name, opposite) for name, opposite in COMPARISONS.items()},
    "logical_and": _and, "logical_or": _or, "logical_not": _not, "where": _where,
    "max": lambda *x: reduce(arb.max, x), "min": lambda *x: reduce(arb.min, x), "abs": abs, "detach": lambda x: x,
    **{name: guarded(getattr(arb, name)) for name in ("exp", "expm1", "tanh", "atan")},
    **{name: guarded(getattr(arb, name), edges=_NOWHERE) for name in ("sin", "cos", "tan")},
    **{name: guarded(getattr(arb, name), edges=_FIXED) for name in ("sinh", "asinh", "floor", "ceil")},
    **{name: guarded(getattr(arb, name), _above_one) for name in ("asin", "acos")},
    "cosh": guarded(arb.cosh, edges={INF: INF, -INF: INF}),
    "acosh": guarded(arb.acosh, lambda x: bool(x < 1)),
    "atanh": guarded(arb.atanh, _above_one, {1.0: INF, -1.0: -INF}),
    "log": guarded(arb.log, _below_zero, {0.0: -INF}),
    "log1p": guarded(arb.log1p, lambda x: bool(x < -1), {-1.0: -INF}),
    "sqrt": guarded(arb.sqrt, _below_zero),
    "cbrt": guarded(_root, edges=_FIXED),
    "hypot": _hypot, "atan2": guarded(_atan2), "logaddexp": guarded(_logaddexp),
    "sign": guarded(arb.sgn),
    "round": guarded(_round, edges=_FIXED),
    "trunc": guarded(_trunc, edges=_FIXED),
    "fmod": guarded(_fmod, _no_remainder),
    "sinc": guarded(arb.sinc_pi),
    "sinc_derivative": guarded(_sinc_derivative, lambda n, x: _never_whole(n)),
    "erf": guarded(arb.erf, edges={INF: 1.0, -INF: -1.0}),
    "erfc": guarded(arb.erfc, edges={INF: 0.0, -INF: 2.0}),
    "erfinv": guarded(arb.erfinv, _above_one, {1.0: INF, -1.0: -INF}),
    "gamma": guarded(arb.gamma, is_pole, {0.0: INF, INF: INF, -INF: NAN}),
    "lgamma": guarded(_lgamma, edges={INF: INF, -INF: INF}),
    "digamma": guarded(arb.digamma, is_pole, {0.0: -INF, INF: INF, -INF: NAN}),
    "polygamma": guarded(_polygamma, _no_polygamma),
}  # fmt: skip
