"""Views taken again from their base, after a recorded change of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.ops import by_name
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.history import LEAF
from gradcli.tensors.tensor import Tensor, as_it_is

_new = object.__new__


def places_of(view: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each element of a view its index in the array whose memory it shows, an array an axis.

    >>> a = np.arange(6.0).reshape(2, 3)
    >>> [p.tolist() for p in places_of(a.T[1], a)]
    [[0, 1], [1, 1]]
    """
    low, high = np.lib.array_utils.byte_bounds(base)
    memory = np.zeros((high - low) // base.itemsize, np.int64)

    def laid(array: np.ndarray) -> np.ndarray:
        steps = [n // base.itemsize * memory.itemsize for n in array.strides]
        start = (array.__array_interface__["data"][0] - low) // base.itemsize
        return np.lib.stride_tricks.as_strided(memory[start:], array.shape, steps)

    laid(base)[...] = np.arange(base.size).reshape(base.shape)
    return tuple(np.asarray(p) for p in np.unravel_index(laid(view).copy(), base.shape))


def place_tensors(view: Tensor, base: Tensor) -> list[Tensor]:
    """`places_of` as tensors."""
    found = []
    for places in places_of(view.array(), base.array()):
        tensor = _new(Tensor)
        tensor.value = places
        found.append(tensor)
    return found


def taken(view: Tensor, base: Tensor, places: list[Tensor]) -> None:
    """Give a view the history of being taken from its base now."""
    count = base.counter.count
    view.op = bind(by_name("index"), (HOLE,) * (1 + len(places)), "AsStridedBackward0")
    view.operands, view.versions, view.born = (base, *places), (count, *[0] * len(places)), count


def fresh(tensor: Tensor) -> Any:
    """A tensor as it is, a view of a base that has a new history taken again."""
    base = tensor.base
    if base is not None and base.born > tensor.born and base.op is not None and base.op is not LEAF:
        before = as_it_is(tensor)
        tensor.past = [*(tensor.past or ()), (base.born, before)]
        taken(tensor, base, place_tensors(tensor, base))
    return tensor
