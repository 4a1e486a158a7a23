"""Sums along axes in any order in memory, to a rounding or two, and what else depends on how floats are rounded."""

from __future__ import annotations

import math
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FEW = 8  # rows that may be added one after another


def is_rounded(y: Any) -> bool:
    """Are these floats? The numbers of other domains lose nothing on the way."""
    return getattr(getattr(y, "dtype", None), "kind", "") == "f"


def total(np: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.sum, but pairwise along any axes.

    NumPy adds pairwise along what lies together in memory, and elsewhere row after row: a sum of n rows then has an
    error of about sqrt(n) roundings.
    """
    x = np.asarray(x)
    if x.ndim < 2 or x.dtype.kind != "f":
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    axes, count, last = _summed(x.shape, axis)
    if count <= _FEW or (last and x.flags.c_contiguous):
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    if np.moveaxis(x, axes, range(-len(axes), 0)).flags.c_contiguous:
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    rows = np.moveaxis(x, axes, range(len(axes)))
    y = _pairwise(np, rows.reshape(count, -1)).reshape(rows.shape[len(axes) :])
    return (np.expand_dims(y, axes) if keepdims else y)[()]


@lru_cache(1024)
def _summed(shape: tuple[int, ...], axis: Any) -> tuple[tuple[int, ...], int, bool]:
    """The axes, how many elements make one sum, 0 for axes that are no axes; and whether these stand behind the others.

    >>> _summed((5, 9, 1, 7), (1, -1))
    ((1, -1), 63, True)
    """
    axes = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    known = {a % len(shape) for a in axes if -len(shape) <= a < len(shape)}
    wide = [k in known for k, n in enumerate(shape) if n > 1]
    count = math.prod(shape[k] for k in known) if len(known) == len(axes) else 0  # NumPy says why
    return axes, count, sorted(wide) == wide


def _pairwise(np: Any, rows: Any) -> Any:
    part = len(rows) // _FEW
    if part < 1:
        return np.add.reduce(rows, axis=0)
    y = _pairwise(np, np.add.reduce(rows[: _FEW * part].reshape(_FEW, part, -1), axis=0))
    return y + np.add.reduce(rows[_FEW * part :], axis=0) if len(rows) % _FEW else y
