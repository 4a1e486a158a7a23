"""What the ball forms of the rows share.

A ball form answers NaN only where the operation surely has no value, and the whole line
where the precision does not decide: the caller then raises the precision.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def undecided(like: Any) -> Any:
    """The ball that holds every number."""
    return type(like)(0, math.inf)


def on_balls(
    compute: Callable[..., Any],
    outside: Callable[..., bool] | None = None,
    edges: Mapping[float, float] | None = None,
) -> Callable[..., Any]:
    """A ball form from a plain computation with Arb, which gives nan where it cannot tell.

    outside: is every point of these balls outside the domain?
    edges: the value at exact points (of one argument) where Arb does not know the convention.
    """
    points = tuple((edges or {}).items())

    def on_ball(*x: Any) -> Any:
        for v in x:
            if v.is_nan():
                return v
        for point, value in points:
            if x[0] == point:
                return type(x[0])(value)
        y = compute(*x)
        if y.is_nan() and not (outside is not None and outside(*x)):
            return undecided(y)
        return y

    return on_ball


def by_sign(x: Any, positive: Callable[[Any], Any], negative: Callable[[Any], Any]) -> Any:
    """One formula for x >= 0 and one for x <= 0, and both where the sign is not known."""
    if x >= 0:
        return positive(x)
    return negative(x) if x <= 0 else positive(x).union(negative(x))


def whole(n: Any) -> int | None:
    """The number that the ball is exactly, if that is one of 0, 1, ..., 999."""
    return int(n.unique_fmpz()) if n.is_exact() and n.is_integer() and 0 <= n < 1000 else None


def never_whole(n: Any) -> bool:
    """Is no number of the ball one of 0, 1, 2, ...?"""
    return bool(n < 0 or not n.contains_integer())


def rounded(on_ball: Callable[..., Any]) -> Callable[..., float]:
    """The float form from the ball form: at most 0.51 ulp, NaN where 16,000 bits do not suffice.

    For functions that `math` lacks. Python-flint is loaded by the first call.
    """

    def on_float(*x: float) -> float:
        import flint

        for bits in (80, 200, 600, 2000, 16000):
            with flint.ctx.workprec(bits):
                y = on_ball(*[flint.arb(v) for v in x])
                if y.is_nan() or y.is_exact() or y.rel_accuracy_bits() > 62:
                    return float(y.mid())
        return math.nan

    return on_float
