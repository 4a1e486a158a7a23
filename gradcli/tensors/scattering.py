"""Tensors with elements of others written at places of theirs, along an axis or in a part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.custom import step
from gradcli.tensors.functions import clone
from gradcli.tensors.indexing import get
from gradcli.tensors.picking import axis_of
from gradcli.tensors.record import apply, made, operation, renamed
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


def _grid(index: Tensor, dim: int, name: str = "scatter") -> list[Tensor]:
    """The places of elements on all axes. Raises RuntimeError for an index that is not of whole numbers."""
    if index.dtype.category != 1:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index: use .long()")
    places = np.asarray(index.value)
    grid: list[Any] = list(np.ogrid[tuple(slice(n) for n in places.shape)])
    grid[dim] = places
    return [made(np.asarray(g)) for g in grid]


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """The tensor with each element of src added at its place along an axis."""
    source = get(src, tuple(slice(0, n) for n in index.shape)) if src.shape != index.shape else src
    added = operation(TABLE["scatter"], (source, input, *_grid(index, axis_of(input, dim))))
    return renamed(input + added, "ScatterAddBackward0")


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None) -> Tensor:
    """The tensor with elements of src, or one number, put at places along an axis.

    Raises RuntimeError for a place beyond its end.
    """
    given = value if src is None else src
    grid = _grid(index, axis_of(input, dim))
    mask = np.zeros(input.shape, bool)
    try:
        mask[tuple(g.value for g in grid)] = True
    except IndexError as error:
        raise RuntimeError(str(error).replace("axis", "dimension")) from None
    if isinstance(given, Tensor):
        given = get(given, tuple(slice(0, n) for n in index.shape)) if given.shape != index.shape else given
        won = _last(input.shape, [g.value for g in grid])
        given = given if won.all() else given.masked_fill(made(~won), 0)
        spread = operation(TABLE["scatter"], (given, input, *grid)).to(input.dtype)
    else:
        spread = made(np.full(input.shape, given, input.dtype.numpy))
    op = bind(
        TABLE["where"], (HOLE, HOLE, HOLE), "ScatterBackward0" if isinstance(given, Tensor) else "ScatterBackward1"
    )
    return apply(op, (made(mask), spread, input))


def _last(shape: tuple[int, ...], grid: list[np.ndarray]) -> np.ndarray:
    """Which of the elements that are put at these places stay: the last one at each."""
    flat = np.ravel_multi_index(np.broadcast_arrays(*grid), shape, mode="wrap")
    number = np.arange(flat.size).reshape(flat.shape)
    stays = np.zeros(int(np.prod(shape, dtype=int)), np.int64)
    stays[flat] = number
    return stays[flat] == number


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: float = 1) -> Tensor:
    """The tensor with the parts of source added at places along an axis."""
    lead = [made(g) for g in np.ogrid[tuple(slice(n) for n in source.shape)]]
    dim = axis_of(input, dim)
    lead[dim] = made(np.asarray(index.value).reshape([-1 if k == dim else 1 for k in range(input.ndim)]))
    added = operation(TABLE["scatter"], (source * alpha if alpha != 1 else source, input, *lead))
    return renamed(input + added, "IndexAddBackward0")


def index_fill(input: Tensor, dim: int, index: Tensor, value: float) -> Tensor:
    """The tensor with one number in the parts at places along an axis."""
    mask = np.zeros(input.shape, bool)
    np.moveaxis(mask, axis_of(input, dim), 0)[np.asarray(index.value)] = True
    return renamed(input.masked_fill(made(mask), value), "IndexFillBackward0")


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """The tensor with the parts of source put at places along an axis."""
    shape = [-1 if k == axis_of(input, dim) else 1 for k in range(input.ndim)]
    places = made(np.broadcast_to(np.asarray(index.value).reshape(shape), source.shape).copy())
    return renamed(scatter(input, dim, places, source), "IndexCopyBackward0")


def index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
    """The tensor with values put, or added, at places: an index for each of its first axes."""
    if accumulate:
        fitted = values.expand(*get(input, tuple(indices)).shape)
        added = operation(TABLE["scatter"], (fitted, input, *indices))
        return renamed(input + added, "IndexPutBackward0")
    result = input.clone()
    result[tuple(indices)] = values
    return result


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """The sum, prod, mean, amax or amin of what src puts at each place along an axis, and of what stood there.

    Raises RuntimeError for another reduction.
    """
    axis = axis_of(input, dim)
    kept = input if include_self else scatter(input, dim, index, value=_NEUTRAL.get(reduce, 0))
    if reduce == "sum":
        return renamed(scatter_add(kept, axis, index, src), "ScatterReduceBackward0")
    if reduce == "mean":
        kind = input.dtype.numpy
        ones = made(np.ones(index.shape, kind))
        count = scatter_add(made(np.full(input.shape, include_self, kind)), axis, index, ones)
        return renamed(scatter_add(kept, axis, index, src) / count.clamp(min=1), "ScatterReduceBackward0")
    if reduce not in ("amax", "amin", "prod"):
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}.")
    source = get(src, tuple(slice(0, n) for n in index.shape)) if src.shape != index.shape else src
    grid = tuple(g.value for g in _grid(index, axis))
    value = np.array(kept.value)
    {"amax": np.maximum, "amin": np.minimum, "prod": np.multiply}[reduce].at(value, grid, source.value)
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        if reduce == "prod":
            product = made(value) * gradients[0]
            return [product / kept, get(product, tuple(map(made, grid))) / source]
        own, other = made(kept.value == value), made(source.value == value[grid])
        count = scatter_add(own.double(), axis, index, other.double())
        share = gradients[0] / count
        return [share * own, get(share, tuple(map(made, grid))) * other]

    outputs += step("ScatterReduceBackward0", [value], (kept, source), backward)
    return outputs[0]


_NEUTRAL = {"amax": -math.inf, "amin": math.inf, "prod": 1}


# -- a part replaced


def _replaced(input: Tensor, part: Any, src: Tensor, name: str) -> Tensor:
    """A copy whose part, a view that `part` takes of it, is another tensor. Raises RuntimeError where it does not fit.

    The copy is changed in place, as PyTorch's rule for a view that is written to has it.
    """
    whole = clone(input)
    view = part(whole)
    if view.shape != src.shape:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(src.shape)}, "
            f"slice size = {list(view.shape)}"
        )
    view.copy_(src)
    return renamed(whole, name)


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy with another part at one place of an axis."""
    return _replaced(input, lambda x: x.select(dim, index), src, "SelectScatterBackward0")


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A copy with another part along a slice of an axis."""
    axis = axis_of(input, dim)
    place = (*[slice(None)] * axis, slice(start, end, step))
    return _replaced(input, lambda x: x[place], src, "SliceScatterBackward0")


def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy with another diagonal."""
    return _replaced(input, lambda x: x.diagonal(offset, dim1, dim2), src, "DiagonalScatterBackward0")


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy with the first elements of a source, in their order, where the mask holds.

    Raises RuntimeError where the source has too few.
    """
    where = mask.expand(*input.shape) if mask.shape != input.shape else mask
    count = int(where.sum().item())
    if source.numel() < count:
        raise RuntimeError(
            f"masked_scatter: expected the source to have at least {count} elements, as the mask has places, but it "
            f"has {source.numel()}"
        )
    whole = clone(input)
    whole[where] = source.reshape(-1)[:count]
    return renamed(whole, "MaskedScatterBackward0")


FUNCTIONS: dict[str, Any] = {
    "scatter": scatter, "scatter_add": scatter_add, "index_add": index_add, "index_fill": index_fill,
    "index_copy": index_copy, "index_put": index_put, "scatter_reduce": scatter_reduce,
    "select_scatter": select_scatter, "slice_scatter": slice_scatter, "diagonal_scatter": diagonal_scatter,
    "masked_scatter": masked_scatter,
}  # fmt: skip
