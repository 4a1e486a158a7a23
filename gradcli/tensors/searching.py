"""Where elements stand, how often, and among which others."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.tensors.creation import as_tensor, finished
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The places of the elements that are not 0, a row each."""
    places = np.nonzero(np.asarray(input.value))
    return tuple(map(made, places)) if as_tuple else made(np.stack(places, 1).astype(np.int64))


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not 0."""
    return finished(np.asarray(np.count_nonzero(input.value, dim), np.int64))


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The different elements, or parts along an axis, in order; on request where each stood and how often."""
    x = np.asarray(input.value)
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True, axis=dim)
    shape = input.shape if dim is None else (input.shape[dim],)
    more = [made(inverse.reshape(shape))] * return_inverse + [made(counts)] * return_counts
    return (made(values), *more) if more else made(values)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each whole number from 0 stands there."""
    return made(np.bincount(input.value, None if weights is None else weights.value, minlength))


def searchsorted(sorted_sequence: Tensor, values: Any, *, right: bool = False) -> Tensor:
    """Where values would stand in a sequence in order."""
    wanted = values.value if isinstance(values, Tensor) else values
    return finished(np.asarray(np.searchsorted(sorted_sequence.value, wanted, "right" if right else "left"), np.int64))


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements, or the parts along an axis, without those that equal the one before."""
    x = np.asarray(input.value)
    rows = x.reshape(-1) if dim is None else np.moveaxis(x, dim, 0)
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).reshape(max(len(rows) - 1, 0), -1).any(1)
    found = [made(rows[new] if dim is None else np.moveaxis(rows[new], 0, dim))]
    group = np.cumsum(new) - 1
    if return_inverse:
        found.append(made(group.reshape(x.shape) if dim is None else group))
    if return_counts:
        found.append(made(np.bincount(group, minlength=0)))
    return found[0] if len(found) == 1 else tuple(found)


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Of places in one row those along each axis. Raises ValueError for places that there are not."""
    found = np.unravel_index(np.asarray(indices.value), shape if isinstance(shape, int) else tuple(shape))
    return tuple(made(np.asarray(part, np.int64)) for part in found)


def argwhere(input: Tensor) -> Tensor:
    """The places of the elements that are not 0, a row each."""
    return input.nonzero()


def isin(elements: Any, test_elements: Any) -> Tensor:
    """Which elements are among others?"""
    return made(np.asarray(np.isin(as_tensor(elements).value, as_tensor(test_elements).value)))


def bucketize(input: Any, boundaries: Tensor, *, right: bool = False) -> Tensor:
    """Between which boundaries, in order, each number lies."""
    found = np.searchsorted(boundaries.value, as_tensor(input).value, "right" if right else "left")
    return made(np.asarray(found, np.int64))


FUNCTIONS: dict[str, Any] = {
    "nonzero": nonzero, "argwhere": argwhere, "count_nonzero": count_nonzero, "unique": unique,
    "unique_consecutive": unique_consecutive, "bincount": bincount,
}  # fmt: skip
NAMES: dict[str, Any] = {
    "searchsorted": searchsorted,
    "isin": isin,
    "bucketize": bucketize,
    "unravel_index": unravel_index,
}
