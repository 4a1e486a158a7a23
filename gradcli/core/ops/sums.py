"""Sums along axes in any order in memory, to a rounding or two, and what else depends on how floats are rounded."""

from __future__ import annotations

import math

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
    if x.ndim < 2 or x.dtype.kind != "f" or (axis in (None, -1, x.ndim - 1) and x.flags.c_contiguous):
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    known = {a % x.ndim for a in axes if -x.ndim <= a < x.ndim}
    count = math.prod(x.shape[a] for a in known)
    whole = count == x.size and x.flags.c_contiguous
    if whole or count <= _FEW or len(known) < len(axes):  # of axes that are no axes NumPy says why
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    if np.moveaxis(x, axes, range(-len(axes), 0)).flags.c_contiguous:
        return np.add.reduce(x, axis=axis, keepdims=keepdims)
    rows = np.moveaxis(x, axes, range(len(axes)))
    y = _pairwise(np, rows.reshape(count, -1)).reshape(rows.shape[len(axes) :])
    return (np.expand_dims(y, axes) if keepdims else y)[()]


def _pairwise(np: Any, rows: Any) -> Any:
    part = len(rows) // _FEW
    if part < 1:
        return np.add.reduce(rows, axis=0)
    y = _pairwise(np, np.add.reduce(rows[: _FEW * part].reshape(_FEW, part, -1), axis=0))
    return y + np.add.reduce(rows[_FEW * part :], axis=0) if len(rows) % _FEW else y
