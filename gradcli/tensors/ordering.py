"""Elements in order: sorted, the largest, the middle ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.tensors.creation import finished
from gradcli.tensors.picking import Picked, along, axis_of, picked
from gradcli.tensors.record import made, renamed
from gradcli.tensors.tensor import Tensor


def _order(values: np.ndarray, dim: int, descending: bool) -> np.ndarray:
    """Places in order, equal ones as they stand; what is no number is the largest."""
    if not descending:
        return np.argsort(values, dim, kind="stable")
    last = values.shape[dim] - 1 if values.ndim else 0
    return last - np.flip(np.argsort(np.flip(values, dim), dim, kind="stable"), dim)


def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Picked:
    """(values, indices) in order along an axis."""
    dim = axis_of(input, dim)
    places = _order(np.asarray(input.value), dim, descending) if input.ndim else np.asarray(0)
    return picked("sort", along(input, places, dim, "SortBackward0"), made(places))


def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The places of the elements in order along an axis."""
    return sort(input.detach(), dim, descending).indices


def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Picked:
    """(values, indices) of the k largest along an axis. Raises RuntimeError where there are fewer."""
    dim = axis_of(input, dim)
    if not 0 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    places = np.take(_order(np.asarray(input.value), dim, largest), np.arange(k), dim)
    return picked("topk", along(input, places, dim, "TopkBackward0"), made(places))


def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> Picked:
    """(value, place) of the k-th smallest along an axis, counted from 1. Raises RuntimeError where there are fewer."""
    dim = axis_of(input, dim)
    if not 1 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}")
    return _one_of(input, k - 1, dim, keepdim, "kthvalue", "KthvalueBackward0")


def _one_of(input: Tensor, rank: int, dim: int, keepdim: bool, kind: str, name: str) -> Picked:
    order = _order(np.asarray(input.value), dim, False)
    return _at(input, np.take(order, [rank], dim), dim, keepdim, kind, name)


def _at(input: Tensor, places: np.ndarray, dim: int, keepdim: bool, kind: str, name: str) -> Picked:
    values = along(input, places, dim, name)
    if keepdim:
        return picked(kind, values, made(places))
    flat = renamed(values.squeeze(dim), name)
    return picked(kind, flat, finished(np.squeeze(places, dim)))


def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element, the lower one of two; along an axis (values, indices).

    A NaN is the median of what it is among.
    """
    if dim is None:
        flat = input.reshape(-1)
        middle = np.asarray(flat.value)[_middle(np.asarray(flat.value), 0)]
        if input.dtype.is_floating_point and np.isfinite(middle).all():  # what equals it has the same share
            flat = flat.masked_fill(made(np.asarray(flat.value) != middle), -np.inf)
            return renamed(flat.amax(), "MedianBackward0")
        return renamed(flat[made(_middle(np.asarray(flat.value), 0))].sum(), "MedianBackward0")
    dim = axis_of(input, dim)
    places = _middle(np.asarray(input.value), dim)
    return _at(input, places, dim, keepdim, "median", "MedianBackward1")


def _middle(values: np.ndarray, dim: int) -> np.ndarray:
    order = _order(values, dim, False)
    places = np.take(order, [(values.shape[dim] - 1) // 2], dim)
    if values.dtype.kind == "f" and np.isnan(values).any():
        bad = np.isnan(values)
        places = np.where(bad.any(dim, keepdims=True), np.argmax(bad, dim, keepdims=True), places)
    return places


FUNCTIONS: dict[str, Any] = {"sort": sort, "argsort": argsort, "topk": topk, "kthvalue": kthvalue, "median": median}
