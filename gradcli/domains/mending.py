"""Functions of arrays from several forms: a quick one, and better ones where that is doubtful."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.domains.floats import SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def mended(fast: Callable[..., Any], doubtful: Callable[..., Any], exact: Callable[..., Any]) -> Callable[..., Any]:
    """`fast` on all elements, and `exact` on those of which `doubtful(y, *x)` says so; see `wide` for types."""

    def function(*x: Any) -> Any:
        y = fast(*x)
        where = doubtful(y, *x)
        if where.any():
            y = np.array(y)
            y[where] = exact(*[v[where] for v in np.broadcast_arrays(*x)])
        return y

    return wide(function)


def wide(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function computed in float64, with a result of the type that NumPy gives to the operands."""
    return lambda *operands: _of_type(function(*[np.asarray(v, np.float64) for v in operands]), operands)


def _of_type(y: Any, operands: tuple[Any, ...]) -> Any:
    return y.astype(np.float32) if np.result_type(*operands) == np.float32 else y[()]


def each(name: str) -> Callable[..., Any]:
    """The operation of this name as it is at one point, on every element."""
    return wide(np.vectorize(SAFE[name], otypes=[float]))


def polynomial(x: Any, coefficients: tuple[float, ...]) -> Any:
    """Coefficients of rising powers."""
    *others, last = coefficients
    y = last
    for c in reversed(others):
        y = y * x + c
    return y


def by_region(*regions: tuple[Callable[..., Any], Callable[..., Any]]) -> Callable[..., Any]:
    """A function of several forms: each serves the elements of which its condition is the first that holds."""

    def function(x: Any) -> Any:
        y, left = np.empty_like(x), np.ones(x.shape, bool)
        for here, form in regions:
            some = left & here(x)
            if some.any():
                y[some] = form(x[some])
                left &= ~some
        return y

    return function
