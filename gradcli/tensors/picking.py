"""Elements picked out of tensors: gather, split, repeat, masks and triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.creation import shape_of
from gradcli.tensors.indexing import get, viewed
from gradcli.tensors.record import apply, made, renamed
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


class Picked(NamedTuple):
    """(values, indices), as `max(x, dim)` and its kin give them."""

    values: Tensor
    indices: Tensor

    def __repr__(self) -> str:
        kind = type(self).__name__
        return f"torch.return_types.{kind}(\nvalues={self.values!r},\nindices={self.indices!r})"


def _kind(name: str) -> type[Picked]:
    return type(name, (Picked,), {"__slots__": (), "__module__": __name__})


_PICKING = ("max", "min", "sort", "median", "nanmedian", "mode", "topk", "kthvalue", "cummax", "cummin")
_KINDS = {name: _kind(name) for name in _PICKING}


def picked(name: str, values: Tensor, indices: Tensor) -> Picked:
    """(values, indices) under the name of the function that gives them."""
    return _KINDS[name](values, indices)


def axis_of(input: Tensor, dim: int) -> int:
    """An axis from 0. Raises IndexError where there is none."""
    count = max(input.ndim, 1)
    if not -count <= dim < count:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})")
    return dim % count


def along(input: Tensor, indices: np.ndarray, dim: int, name: str) -> Tensor:
    """The elements at these places along an axis."""
    if not input.ndim:
        return renamed(input.reshape(1)[made(np.asarray(indices).reshape(-1))].reshape(np.shape(indices)), name)
    grid = list(np.ogrid[tuple(slice(n) for n in indices.shape)])
    grid[dim] = indices
    op = bind(TABLE["index"], (HOLE,) * (1 + len(grid)), name)
    return apply(op, (input, *[made(np.asarray(g)) for g in grid]))


def _places(index: Any, name: str) -> np.ndarray:
    if not isinstance(index, Tensor):
        raise TypeError(f"{name}(): argument 'index' must be Tensor, not {type(index).__name__}")
    if index.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    return np.asarray(index.value)


def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Of each place of the index the element there along an axis. Raises RuntimeError, IndexError, TypeError.

    >>> import gradcli as torch
    >>> gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    dim, places = axis_of(input, dim), _places(index, "gather")
    if places.ndim != input.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    _check_bounds(places, input.shape[dim] if input.ndim else 1, dim, RuntimeError)
    return along(input, places, dim, "GatherBackward0")


def _check_bounds(places: np.ndarray, length: int, dim: int, error: type[Exception] = IndexError) -> None:
    beyond = places[(places < 0) | (places >= length)]
    if beyond.size:
        raise error(f"index {beyond[0]} is out of bounds for dimension {dim} with size {length}")


def take_along_dim(input: Tensor, indices: Tensor, dim: int) -> Tensor:
    """`gather` with an index that is broadcast."""
    shape = list(np.broadcast_shapes(tuple(input.shape), tuple(indices.shape)))
    wide = list(shape)
    wide[dim] = indices.shape[dim]
    shape[dim] = input.shape[dim]
    return gather(input.expand(*shape), dim, made(np.broadcast_to(indices.value, wide).copy()))


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The parts at these places along an axis. Raises RuntimeError, IndexError, TypeError."""
    dim, places = axis_of(input, dim), _places(index, "index_select")
    length = input.shape[dim] if input.ndim else 1
    beyond = places[(places < 0) | (places >= length)]
    if beyond.size:
        raise IndexError(f"index out of range in self: {beyond.flat[0]} along an axis of length {length}")
    return get(input, (*[slice(None)] * dim, index), "IndexSelectBackward0")


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where the mask holds, in one row."""
    shape = np.broadcast_shapes(tuple(input.shape), tuple(mask.shape))
    return get(input.expand(*shape), made(np.broadcast_to(mask.value, shape).copy()), "MaskedSelectBackward0")


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """The tensor with one number where the mask holds. Raises RuntimeError for a mask of numbers."""
    if not isinstance(mask, Tensor) or mask.dtype is not dtypes.bool_:
        found = mask.dtype.name if isinstance(mask, Tensor) else type(mask).__name__
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {found}")
    if isinstance(value, Tensor):
        return apply(bind(TABLE["where"], (HOLE, HOLE, HOLE), "MaskedFillBackward1"), (mask, value, input))
    value = float(value) if input.dtype.is_floating_point else value
    return apply(bind(TABLE["where"], (HOLE, value, HOLE), "MaskedFillBackward0"), (mask, input))


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The part at one place along an axis: a view."""
    return get(input, (*[slice(None)] * axis_of(input, dim), index), "SelectBackward0")


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """So many parts from a start along an axis: a view. Raises RuntimeError, IndexError where they are not there."""
    dim = axis_of(input, dim)
    size = input.shape[dim]
    start = int(start)
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [-{size}, {size}], but got {start})")
    start = start + size if start < 0 else start
    if start + length > size or length < 0:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return get(input, (*[slice(None)] * dim, slice(start, start + length)), "SliceBackward0")


def split(tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of so many parts each along an axis, or of the lengths given.

    Raises RuntimeError for lengths that do not fit.
    """
    dim = axis_of(tensor, dim)
    size = tensor.shape[dim]
    if isinstance(split_size_or_sections, int):
        step, name = split_size_or_sections, "SplitBackward0"
        if step == 0 < size:
            raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {size}")
        if step < 0:
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={step}")
        lengths = [min(step, size - k) for k in range(0, size, step or 1)] or [0]
    else:
        lengths, name = list(split_size_or_sections), "SplitWithSizesBackward0"
        if sum(lengths) != size:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size at dimension "
                f"{dim}), but got split_sizes={lengths}"
            )
    lead, start, parts = (slice(None),) * dim, 0, []
    for length in lengths:
        parts.append(get(tensor, (*lead, slice(start, start + length)), name))
        start += length
    return tuple(parts)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most so many views along an axis, all but the last of one length. Raises RuntimeError for no chunk."""
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    size = input.shape[axis_of(input, dim)]
    return split(input, max(-(-size // chunks), 1), dim)


def repeat(input: Tensor, *sizes: Any) -> Tensor:
    """The tensor so many times along each axis. Raises RuntimeError for fewer numbers than axes."""
    times = shape_of(sizes)
    if len(times) < input.ndim:
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    shape = (1,) * (len(times) - input.ndim) + tuple(input.shape)
    places = np.tile(np.arange(input.numel()).reshape(shape), times)
    return get(input.reshape(-1), made(places), "RepeatBackward0")


def tile(input: Tensor, *dims: Any) -> Tensor:
    """As `repeat`; for fewer numbers than axes the first axes stay."""
    times = shape_of(dims)
    return repeat(input, *(1,) * (input.ndim - len(times)), *times)


def repeat_interleave(input: Tensor, repeats: Any, dim: int | None = None) -> Tensor:
    """Each element, or each part along an axis, so many times."""
    source = input.reshape(-1) if dim is None else input
    counts = np.asarray(repeats.value) if isinstance(repeats, Tensor) else repeats
    axis = 0 if dim is None else axis_of(input, dim)
    found = index_select(source, axis, made(np.repeat(np.arange(source.shape[axis]), counts)))
    return found if isinstance(repeats, Tensor) else renamed(found, "ViewBackward0")


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """The elements moved along axes, those that leave at the end come back at the start."""
    places = np.roll(np.arange(input.numel()).reshape(input.shape), shifts, dims)
    return get(input.reshape(-1), made(places), "RollBackward0")


def _triangle(name: str) -> Any:
    def triangle(input: Tensor, diagonal: int = 0) -> Tensor:
        if input.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
        mask = getattr(np, name)(np.ones(input.shape[-2:], bool), diagonal)
        zero: Any = (False, 0, 0.0)[input.dtype.category]
        op = bind(TABLE["where"], (HOLE, HOLE, zero), f"{name.capitalize()}Backward0")
        return apply(op, (made(np.broadcast_to(mask, input.shape).copy()), input))

    triangle.__name__ = triangle.__qualname__ = name
    side = "lower" if name == "tril" else "upper"
    triangle.__doc__ = f"The {side} triangle of matrices, the rest 0. Raises RuntimeError for a vector."
    return triangle


tril, triu = _triangle("tril"), _triangle("triu")


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of matrices, a view; its axis is the last."""
    dim1, dim2 = axis_of(input, dim1), axis_of(input, dim2)
    rest = [k for k in range(input.ndim) if k not in (dim1, dim2)]
    moved = input.permute(*rest, dim1, dim2)
    rows, columns = moved.shape[-2:]
    start, across = max(-offset, 0), max(offset, 0)
    places = np.arange(max(min(rows - start, columns - across), 0))
    result = get(moved, (..., made(places + start), made(places + across)), "DiagonalBackward0")
    result.value = np.diagonal(input.array(), offset, dim1, dim2)
    result.value.flags.writeable = input.array().flags.writeable  # NumPy's is for reading alone
    return viewed(result, input)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Rows of zeros with a 1 at each class. Raises RuntimeError for a class that there is not."""
    if tensor.dtype.category != 1:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor: use .long()")
    places = _places(tensor, "one_hot")
    if (places < 0).any():
        raise RuntimeError("Class values must be non-negative.")
    least = int(places.max(initial=-1)) + 1
    if num_classes == -1:
        num_classes = least
    if least > num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return made((places[..., None] == np.arange(num_classes)).astype(np.int64))


FUNCTIONS: dict[str, Any] = {
    "gather": gather, "take_along_dim": take_along_dim, "index_select": index_select, "masked_select": masked_select,
    "masked_fill": masked_fill, "select": select, "narrow": narrow, "split": split, "chunk": chunk, "tile": tile,
    "repeat_interleave": repeat_interleave, "roll": roll, "tril": tril, "triu": triu, "diagonal": diagonal,
}  # fmt: skip
METHODS = {"repeat": repeat}
