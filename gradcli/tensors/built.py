"""Tensors built of others: stacks, blocks, grids of places, diagonals, sections."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.creation import as_tensor, zeros
from gradcli.tensors.history import Size
from gradcli.tensors.indexing import get
from gradcli.tensors.picking import axis_of, split
from gradcli.tensors.record import made, renamed
from gradcli.tensors.shapes import cat, flip, stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.tensors.tensor import Tensor


def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Side by side: along the second axis, of vectors along the first."""
    parts = [x.reshape(1) if x.ndim == 0 else x for x in tensors]
    return cat(parts, 0 if parts[0].ndim == 1 else 1)


def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """One below the other; a vector is a row."""
    return cat([x.reshape(1, -1) if x.ndim < 2 else x for x in tensors], 0)


def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Vectors as the columns of a matrix."""
    return cat([x.reshape(-1, 1) if x.ndim < 2 else x for x in tensors], 1)


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """As `expand`."""
    return input.expand(*size)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Tensors brought to one shape."""
    shape = np.broadcast_shapes(*[tuple(x.shape) for x in tensors])
    return tuple(x.expand(*shape) for x in tensors)


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """A grid of vectors: of each its value at every point. Raises RuntimeError for another order of axes."""
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    given = list(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else list(tensors)
    for x in given:
        if x.ndim > 1:
            raise RuntimeError(
                f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x}; use .flatten()"
            )
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    shape = [x.numel() for x in given]
    grids = [
        x.reshape(*[-1 if k == axis else 1 for k in range(len(given))]).expand(*shape) for axis, x in enumerate(given)
    ]
    return tuple(g.transpose(0, 1) for g in grids) if indexing == "xy" and len(grids) > 1 else tuple(grids)


def _at_least(count: int) -> Callable[..., Any]:
    def widened(*tensors: Any) -> Any:
        given = tensors[0] if len(tensors) == 1 else tensors
        if isinstance(given, (tuple, list)):
            return tuple(widened(x) for x in given)
        x = given
        if x.ndim < 2 and count > 1:
            x = x.reshape(1, -1)
        return x.reshape(1) if not x.ndim else x.unsqueeze(-1) if x.ndim < count else x

    widened.__name__ = widened.__qualname__ = f"atleast_{count}d"
    widened.__doc__ = f"Tensors with at least {count} axes."
    return widened


atleast_1d, atleast_2d, atleast_3d = (_at_least(n) for n in (1, 2, 3))


def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """One behind the other: along the third axis."""
    return cat([atleast_3d(x) for x in tensors], 2)


def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with these matrices along its diagonal, the rest 0."""
    blocks = [atleast_2d(x) for x in tensors]
    width, rows, before = sum(b.shape[1] for b in blocks), [], 0
    for b in blocks:
        after = width - before - b.shape[1]
        rows.append(cat([zeros(b.shape[0], before, dtype=b.dtype), b, zeros(b.shape[0], after, dtype=b.dtype)], 1))
        before += b.shape[1]
    return cat(rows, 0)


def diag_embed(input: Tensor, offset: int = 0) -> Tensor:
    """Matrices with the last axis on a diagonal, the rest 0."""
    count = input.shape[-1]
    size = count + abs(offset)
    row = np.arange(size)[:, None] - max(-offset, 0)
    mask = (np.arange(size) - row - max(-offset, 0) == offset) & (row >= 0) & (row < count)
    spread = get(input, (..., made(np.clip(row, 0, max(count - 1, 0)) + np.zeros((1, size), np.int64))))
    return renamed(spread.masked_fill(made(~mask), False if not input.dtype.category else 0), "DiagEmbedBackward0")


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """A matrix with all elements on a diagonal."""
    return diag_embed(input.reshape(-1), offset)


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803 - PyTorch's name
    """A row of powers for each element, the highest first."""
    count = x.shape[0] if N is None else N
    powers = np.arange(count) if increasing else np.arange(count)[::-1]
    return x.unsqueeze(-1) ** made(powers.copy())


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Every choice of one element of each vector, a row each."""
    if len(tensors) == 1:
        return tensors[0]
    return stack([g.reshape(-1) for g in meshgrid(*tensors, indexing="ij")], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of r elements of a vector, in order, a row each."""
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(choose(range(input.shape[0]), r)), np.int64).reshape(-1, r)
    return input[made(places)]


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of nearly equal length along an axis, or cut at these places."""
    axis = axis_of(input, dim)
    pieces = np.array_split(np.arange(input.shape[axis]), _plain(indices_or_sections))
    return split(input, [len(p) for p in pieces], axis)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts side by side."""
    return tensor_split(input, indices_or_sections, 0 if input.ndim == 1 else 1)


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts one below the other."""
    return tensor_split(input, indices_or_sections, 0)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts along the third axis."""
    return tensor_split(input, indices_or_sections, 2)


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A matrix turned by k quarters, from the first of two axes to the second."""
    first, second = dims
    k %= 4
    if k == 2:
        return flip(input, first, second)
    turned = input.transpose(first, second) if k else input.clone()
    return flip(turned, first if k == 1 else second) if k else turned


def fill_diagonal(input: Tensor, fill_value: float) -> Tensor:
    """A matrix with one number on its diagonal."""
    return input.masked_fill(made(np.eye(*input.shape, dtype=bool)), fill_value)


def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows of so many elements along an axis, each a step after the last; they are the last axis.

    Raises RuntimeError for windows that are too long and a step that is not above 0.
    """
    axis = axis_of(self, dimension)
    length = self.shape[axis]
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if size > length:
        raise RuntimeError(f"maximum size for tensor at dimension {axis} is {length} but size is {size}")
    places = np.arange(0, length - size + 1, step)[:, None] + np.arange(size)
    found = get(self, (*[slice(None)] * axis, made(places)))
    return renamed(found.movedim(axis + 1, -1), "UnfoldBackward0")


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements at places in the tensor as one row. Raises TypeError for an index that is no tensor."""
    if not hasattr(index, "dtype"):
        raise TypeError(f"take(): argument 'index' must be Tensor, not {type(index).__name__}")
    return renamed(input.reshape(-1)[index], "TakeBackward0")


def tril_indices(row: int, col: int, offset: int = 0) -> Tensor:
    """The places of the lower triangle: a row of rows and a row of columns."""
    return made(np.array(np.tril_indices(row, offset, col)))


def triu_indices(row: int, col: int, offset: int = 0) -> Tensor:
    """The places of the upper triangle: a row of rows and a row of columns."""
    return made(np.array(np.triu_indices(row, offset, col)))


def msort(input: Tensor) -> Tensor:
    """In order along the first axis."""
    return input.sort(0).values


def adjoint(input: Tensor) -> Tensor:
    """Matrices with their last two axes swapped."""
    return input.transpose(-2, -1)


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes are broadcast to. Raises RuntimeError where there is none."""
    try:
        return Size(np.broadcast_shapes(*[(s,) if isinstance(s, int) else tuple(s) for s in shapes]))
    except ValueError:
        raise RuntimeError(
            "Shape mismatch: objects cannot be broadcast to a single shape: "
            + ", ".join(str(list(s) if not isinstance(s, int) else [s]) for s in shapes)
        ) from None


FUNCTIONS: dict[str, Any] = {
    "diag_embed": diag_embed, "diagflat": diagflat, "tensor_split": tensor_split, "hsplit": hsplit, "vsplit": vsplit,
    "dsplit": dsplit,
    "rot90": rot90, "take": take, "msort": msort, "adjoint": adjoint,
    "fill_diagonal": fill_diagonal, "broadcast_to": broadcast_to,
}  # fmt: skip
METHODS: dict[str, Any] = {
    "unfold": unfold, "H": property(adjoint), "mH": property(adjoint),
    "storage_offset": lambda self: 0 if self._base is None
    else (self.array().ctypes.data - self._base.array().ctypes.data) // self.element_size(),
}  # fmt: skip
NAMES: dict[str, Any] = {
    "hstack": hstack, "vstack": vstack, "row_stack": vstack, "column_stack": column_stack, "meshgrid": meshgrid,
    "broadcast_tensors": broadcast_tensors,
    "atleast_1d": atleast_1d, "atleast_2d": atleast_2d, "atleast_3d": atleast_3d, "dstack": dstack,
    "block_diag": block_diag, "vander": vander, "cartesian_prod": cartesian_prod, "combinations": combinations,
    "tril_indices": tril_indices, "triu_indices": triu_indices, "broadcast_shapes": broadcast_shapes,
    "asarray": as_tensor, "scalar_tensor": as_tensor,
}  # fmt: skip
