"""Tables of numbers: differences of neighbours, slopes and integrals."""

from __future__ import annotations

from typing import Any

from gradcli.tensors.picking import axis_of
from gradcli.tensors.record import made
from gradcli.tensors.shapes import cat
from gradcli.tensors.tensor import Tensor


def diff(input: Tensor, n: int = 1, dim: int = -1) -> Tensor:
    """The differences of neighbours along an axis."""
    for _ in range(n):
        length = input.shape[dim]
        input = input.narrow(dim, 1, length - 1) - input.narrow(dim, 0, length - 1)
    return input


def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1.0, dim: int = -1) -> Tensor:
    """The integral by the trapezoidal rule."""
    length = y.shape[dim]
    pairs = y.narrow(dim, 1, length - 1) + y.narrow(dim, 0, length - 1)
    return ((pairs * diff(x)).sum(dim) if x is not None else pairs.sum(dim) * dx) / 2


def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1.0, dim: int = -1) -> Tensor:
    """The integral up to each place but the first, by the trapezoidal rule."""
    length = y.shape[dim]
    pairs = y.narrow(dim, 1, length - 1) + y.narrow(dim, 0, length - 1)
    return ((pairs * diff(x) if x is not None else pairs * dx) / 2).cumsum(dim)


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


FUNCTIONS: dict[str, Any] = {"diff": diff}
NAMES: dict[str, Any] = {
    "gradient": gradient, "trapezoid": trapezoid, "trapz": trapezoid, "cumulative_trapezoid": cumulative_trapezoid,
}  # fmt: skip
