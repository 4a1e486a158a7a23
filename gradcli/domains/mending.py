"""Functions of arrays from several forms: a quick one, and better ones where that is doubtful."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.domains.floats import SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 8192  # elements at a time: what is worked on stays in the caches


def mended(fast: Callable[..., Any], doubtful: Callable[..., Any], name: str) -> Callable[..., Any]:
    """`fast`, and the operation of this name at one point where `doubtful(y, *x)` says so; see `wide` for types."""
    exact = each(name)

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


def by_region(*regions: tuple[Callable[..., Any], Callable[..., Any]]) -> Callable[..., Any]:
    """A function of several forms: each serves the elements of which its condition is the first that holds.

    Where none holds the result is the last operand: NaN. See `wide` for types.
    """

    def function(*x: Any) -> Any:
        shape = np.broadcast_shapes(*[v.shape for v in x])
        x = tuple(np.broadcast_to(v, shape).ravel() for v in x)
        y = np.empty_like(x[-1])
        for k in range(0, y.size, _CHUNK):
            some = slice(k, k + _CHUNK)
            y[some] = _chunk(regions, [v[some] for v in x])
        return y.reshape(shape)

    return wide(function)


def _chunk(regions: tuple[tuple[Callable[..., Any], Callable[..., Any]], ...], x: list[Any]) -> Any:
    y, left = x[-1], np.True_
    for condition, form in regions:
        here = left & condition(*x)
        if here.all():
            return form(*x)
        if here.any():
            y = np.array(y) if y is x[-1] else y
            y[here] = form(*[v[here] for v in x])
            left = left & ~here
    return y
