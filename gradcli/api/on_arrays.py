"""A function on arrays: what a caller gives and gets. Each array is one tensor variable, its gradient has its shape."""

from __future__ import annotations

import numpy as np

from gradcli.api.array_notes import ArrayObserver
from gradcli.api.compiled import Arithmetic
from gradcli.api.on_floats import NotANumberError, as_float
from gradcli.domains.array_tape import ArrayError, ArrayTape
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def plain(y: Any) -> Any:
    """A float where there are no axes, else an array of its own; None for what is no number."""
    if not isinstance(y, np.ndarray | np.generic | float):
        return None
    return float(y) if np.ndim(y) == 0 else np.array(y, dtype=np.float64)


def one(value: Any) -> float | None:
    """An array of one element as a number."""
    return float(np.reshape(value, ())) if np.size(value) == 1 else None


def slope(value: float, partial: Any, x: Any) -> Any:
    """A partial in the shape of its variable; where the value is NaN all partials are NaN."""
    if value != value:
        partial = np.nan
    return float(partial) if np.ndim(x) == 0 else np.array(np.broadcast_to(partial, np.shape(x)), dtype=np.float64)


def as_array(name: str, value: Any) -> Any:
    """A value as float64: a number of NumPy where it has no axes, else an array. Raises UsageError."""
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biufO":
            raise TypeError
        if found.dtype.kind == "O":
            found = _of_objects(name, found)
        found = found.astype(np.float64)
    except (ValueError, TypeError):
        message = f"{name} is neither a number nor an array of numbers: {value!r:.60}"
        raise UsageError(message, "give nested lists with rows of one length, or a NumPy array") from None
    return found[()]


def _of_objects(name: str, found: Any) -> Any:
    """Numbers of other types, each by the rule for a single one: too large is infinite, None is no number."""
    try:
        return np.reshape([as_float(name, v) for v in found.ravel().tolist()], found.shape)
    except (NotANumberError, UsageError):
        raise TypeError from None


ARRAYS = Arithmetic(ArrayTape, ArrayObserver, as_array, slope, plain, one, arrays=True, failure=ArrayError)
