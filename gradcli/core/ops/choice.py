"""Operations that choose among their arguments. What was not chosen is not differentiated."""

from __future__ import annotations

import math

from gradcli.core import simplify
from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import undecided
from gradcli.core.trace import fn


def _where(c: float, x: float, y: float) -> float:
    return x if c else y


def _ball_where(c, x, y):
    if c.is_zero():
        return y
    if c != 0 or c.is_nan():
        return x
    both = x.union(y)
    return undecided(c) if both.is_nan() and not (x.is_nan() and y.is_nan()) else both


def _max(*x: float) -> float:
    largest = x[0]
    for v in x:
        if v != v:
            return v
        if v > largest:
            largest = v
    return largest


def _min(*x: float) -> float:
    smallest = x[0]
    for v in x:
        if v != v:
            return v
        if v < smallest:
            smallest = v
    return smallest


def _ball_max(*x):
    largest = x[0]
    for v in x[1:]:
        largest = largest.max(v)
    return largest


def _ball_min(*x):
    smallest = x[0]
    for v in x[1:]:
        smallest = smallest.min(v)
    return smallest


def _share(g, r, *x):
    """A tie is split evenly (PyTorch and JAX agree)."""
    ties = x[0] == r
    for v in x[1:]:
        ties = ties + (v == r)
    return g / ties


def _clamp(x: float, low: float, high: float) -> float:
    if x != x or low != low or high != high:
        return math.nan
    return min(max(x, low), high)


def _abs_kink(x: float) -> bool:
    return x == 0


def _sympy_detach(s, x):
    from gradcli.witness.steps import Detach

    return Detach(x)


ROWS = (
    Op(
        "where", "condition, x, y",
        about="x where the condition is true (not 0), else y; also x if condition else y",
        example="where(1 < 2, 3, 4)",
        on_array="where",
        on_float=_where, on_ball=_ball_where,
        to_sympy=lambda s, c, x, y: s.Piecewise((x, s.Ne(c, 0)), (y, True)),
        vjp=(None, lambda g, r, c, x, y: g, lambda g, r, c, x, y: g),
        active=(None, lambda r, c, x, y: fn.ne(c, 0), lambda r, c, x, y: fn.eq(c, 0)),
        simplify=simplify.where,
    ),
    Op(
        "max", "*x",
        aliases="maximum", about="the largest argument", example="max(2, 3)",
        edges="kink where the largest two are equal; the gradient is split evenly",
        on_array=array_forms.max,
        on_float=_max, on_ball=_ball_max, to_sympy=lambda s, *x: s.Max(*x),
        share=_share, vjp=(lambda g, r, x: g,), active=(lambda r, x: x == r,),
        kink=lambda *x: x.count(max(x)) > 1,
    ),
    Op(
        "min", "*x",
        aliases="minimum", about="the smallest argument", example="min(2, 3)",
        edges="kink where the smallest two are equal; the gradient is split evenly",
        on_array=array_forms.min,
        on_float=_min, on_ball=_ball_min, to_sympy=lambda s, *x: s.Min(*x),
        share=_share, vjp=(lambda g, r, x: g,), active=(lambda r, x: x == r,),
        kink=lambda *x: x.count(min(x)) > 1,
    ),
    Op(
        "clamp", "x, min=-inf, max=inf",
        aliases="clip", about="x kept between min and max; max wins where they cross", example="clamp(5, 0, 1)",
        edges="kink at x = min and x = max, slope 1 used",
        on_array=array_forms.clamp,
        on_float=_clamp, on_ball=lambda x, low, high: x.max(low).min(high),
        to_sympy=lambda s, x, low, high: s.Min(s.Max(x, low), high),
        vjp=(lambda g, r, x, low, high: g, lambda g, r, x, low, high: g, lambda g, r, x, low, high: g),
        active=(
            lambda r, x, low, high: fn.logical_and(x >= low, x <= high),
            lambda r, x, low, high: fn.logical_and(x < low, low < high),
            lambda r, x, low, high: fn.logical_or(x > high, high < low),
        ),
        kink=lambda x, low, high: x in (low, high) or low == high,
    ),
    Op(
        "abs", "x",
        aliases="absolute fabs", about="the absolute value", example="abs(-3)", edges="kink at 0, slope 0 used",
        on_array="absolute",
        on_float=abs, on_ball=abs, to_sympy=lambda s, x: s.Abs(x),
        vjp=(lambda g, r, x: fn.where(x > 0, g, -g),), active=(lambda r, x: x != 0,),
        kink=_abs_kink,
    ),
    Op(
        "detach", "x",
        aliases="stop_gradient", about="x as a constant: its gradient is 0", example="detach(3)",
        on_array="positive",
        on_float=lambda x: x, on_ball=lambda x: x, to_sympy=_sympy_detach, vjp=(None,),
    ),
)  # fmt: skip
