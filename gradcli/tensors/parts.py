"""Copies of tensors with a part replaced, and slopes of tables by differences of neighbours."""

from __future__ import annotations

from typing import Any

from gradcli.tensors.functions import clone
from gradcli.tensors.picking import axis_of
from gradcli.tensors.record import made, renamed
from gradcli.tensors.shapes import cat
from gradcli.tensors.tensor import Tensor


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


def gradient(input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1) -> tuple[Tensor, ...]:
    """Slopes along each axis, by central differences: to the second order inside, at the ends to that of edge_order.

    spacing: the distance of places, one for all axes or one an axis, or for each axis the places themselves.
    Raises RuntimeError for other numbers of distances and for axes that are too short.
    """
    dims = list(range(input.ndim)) if dim is None else [dim] if isinstance(dim, int) else list(dim)
    spacings = list(spacing) if isinstance(spacing, (tuple, list)) else [spacing] * len(dims)
    if len(spacings) != len(dims):
        raise RuntimeError(
            f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
            f"'self.dim() = {len(dims)}', but got a list of length {len(spacings)}"
        )
    return tuple([_slope(input, axis_of(input, d), h, edge_order) for d, h in zip(dims, spacings, strict=True)])


def _slope(input: Tensor, axis: int, spacing: Any, order: int) -> Tensor:
    count = input.shape[axis]
    if count < order + 1:
        raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    if order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")

    def part(start: int, end: int) -> Tensor:
        return input.narrow(axis, start, end - start)

    if isinstance(spacing, Tensor):
        shape = [1] * input.ndim
        shape[axis] = -1
        steps = spacing[1:] - spacing[:-1]
        first, last = steps[:2], steps[-2:]
        left, right = steps[:-1].reshape(*shape), steps[1:].reshape(*shape)
        inside = left**2 * part(2, count) + (right**2 - left**2) * part(1, count - 1) - right**2 * part(0, count - 2)
        middle = inside / (left * right * (left + right))
    else:
        step = made(float(spacing))
        first = last = [step, step]
        middle = (part(2, count) - part(0, count - 2)) / (2 * step)
    if order == 1:
        ends = (part(1, 2) - part(0, 1)) / first[0], (part(count - 1, count) - part(count - 2, count - 1)) / last[-1]
    else:
        ends = (
            _edge([part(k, k + 1) for k in (0, 1, 2)], first[0], first[1]),
            -_edge([part(count - k, count - k + 1) for k in (1, 2, 3)], last[-1], last[-2]),
        )
    return cat([ends[0], middle, ends[1]], axis)


def _edge(values: list[Tensor], near: Tensor, far: Tensor) -> Tensor:
    """The slope at the first of three places, so far apart, to the second order."""
    f, g, h = values
    both = near + far
    return -(near + both) / (near * both) * f + both / (near * far) * g - near / (far * both) * h


FUNCTIONS: dict[str, Any] = {
    "select_scatter": select_scatter, "slice_scatter": slice_scatter, "diagonal_scatter": diagonal_scatter,
    "masked_scatter": masked_scatter,
}  # fmt: skip
NAMES: dict[str, Any] = {"gradient": gradient}
