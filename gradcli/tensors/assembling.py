"""Tensors put together of others, written into others, counted and compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.creation import finished, tensor
from gradcli.tensors.custom import step
from gradcli.tensors.functions import FUNCTIONS as ROWS
from gradcli.tensors.functions import named
from gradcli.tensors.indexing import get
from gradcli.tensors.picking import axis_of
from gradcli.tensors.products import FUNCTIONS as PRODUCTS
from gradcli.tensors.record import apply, made, operation, renamed
from gradcli.tensors.shapes import cat, stack
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    shape = [x.numel() for x in given]
    grids = [
        x.reshape(*[-1 if k == axis else 1 for k in range(len(given))]).expand(*shape) for axis, x in enumerate(given)
    ]
    return tuple(g.transpose(0, 1) for g in grids) if indexing == "xy" and len(grids) > 1 else tuple(grids)


# -- written into


def _grid(index: Tensor, dim: int) -> list[Tensor]:
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
    """The tensor with elements of src, or one number, put at places along an axis."""
    given = value if src is None else src
    grid = _grid(index, axis_of(input, dim))
    if isinstance(given, Tensor):
        given = get(given, tuple(slice(0, n) for n in index.shape)) if given.shape != index.shape else given
    else:
        given = made(np.full(index.shape, given, input.dtype.numpy))
    mask = np.zeros(input.shape, bool)
    mask[tuple(g.value for g in grid)] = True
    spread = operation(TABLE["scatter"], (given, input, *grid))
    op = bind(TABLE["where"], (HOLE, HOLE, HOLE), "ScatterBackward0" if src is not None else "ScatterBackward1")
    return apply(op, (made(mask), spread.to(input.dtype), input))


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
    """The sum, mean, amax or amin of what src puts at each place along an axis, and of what stood there.

    Raises RuntimeError for another reduction.
    """
    axis = axis_of(input, dim)
    kept = input if include_self else scatter(input, dim, index, value=_NEUTRAL.get(reduce, 0))
    if reduce == "sum":
        return renamed(scatter_add(kept, axis, index, src), "ScatterReduceBackward0")
    if reduce == "mean":
        ones = made(np.ones(index.shape))
        count = scatter_add(made(np.full(input.shape, float(include_self))), axis, index, ones)
        return renamed(scatter_add(kept, axis, index, src) / count.clamp(min=1), "ScatterReduceBackward0")
    if reduce not in ("amax", "amin"):
        raise RuntimeError(f"reduce argument must be either sum, mean, amax or amin here, got {reduce}.")
    source = get(src, tuple(slice(0, n) for n in index.shape)) if src.shape != index.shape else src
    grid = tuple(g.value for g in _grid(index, axis))
    value = np.array(kept.value)
    (np.maximum if reduce == "amax" else np.minimum).at(value, grid, source.value)
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        own, other = made(kept.value == value), made(source.value == value[grid])
        count = scatter_add(own.double(), axis, index, other.double())
        share = gradients[0] / count
        return [share * own, get(share, tuple(map(made, grid))) * other]

    outputs += step("ScatterReduceBackward0", [value], (kept, source), backward)
    return outputs[0]


_NEUTRAL = {"amax": -math.inf, "amin": math.inf}


# -- sums and products of several


def _added(name: str, product: str) -> Any:
    multiply = PRODUCTS[product] if product in PRODUCTS else ROWS[product]

    def added(input: Tensor, first: Tensor, second: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
        product = multiply(first, second)
        return renamed(_times(input, beta) + _times(product, alpha), f"{name.capitalize()}Backward0")

    return named(added, name, f"beta*input + alpha*{product}(first, second)")


addmm, addmv, baddbmm, addr = (
    _added(name, product) for name, product in (("addmm", "mm"), ("addmv", "mv"), ("baddbmm", "bmm"), ("addr", "outer"))
)


def _times(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1 else x * factor


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value*tensor1*tensor2."""
    return renamed(input + _times(tensor1 * tensor2, value), "AddcmulBackward0")


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value*tensor1/tensor2. Raises TypeError for numbers."""
    if not isinstance(tensor2, Tensor):
        raise TypeError(f"addcdiv(): argument 'tensor2' must be Tensor, not {type(tensor2).__name__}")
    return renamed(input + _times(tensor1 / tensor2, value), "AddcdivBackward0")


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """input + weight*(end - input)."""
    return renamed(input + weight * (end - input), "LerpBackward1" if isinstance(weight, Tensor) else "LerpBackward0")


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross product of vectors of length 3 along an axis, by default the first of that length."""
    if dim is None:
        dim = next((k for k, n in enumerate(input.shape) if n == 3), -1)
    a, b = input.movedim(dim, -1), other.movedim(dim, -1)
    x, y = a.roll(-1, -1), b.roll(-1, -1)
    return renamed((a * y - x * b).roll(-1, -1).movedim(-1, dim), "LinalgCrossBackward0")


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of the difference."""
    return (input - other).norm(p)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm of the difference of each row of one with each row of the other."""
    return renamed((x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1), "CdistBackward0")


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The product over some axes of both."""
    first, second = (
        (list(range(a.ndim - dims, a.ndim)), list(range(dims))) if isinstance(dims, int) else map(list, dims)
    )
    keep_a = [k for k in range(a.ndim) if k not in [d % a.ndim for d in first]]
    keep_b = [k for k in range(b.ndim) if k not in [d % b.ndim for d in second]]
    count = math.prod(a.shape[d] for d in first)
    left = a.permute(*keep_a, *first).reshape(-1, count)
    right = b.permute(*second, *keep_b).reshape(count, -1)
    return (left @ right).reshape(*[a.shape[k] for k in keep_a], *[b.shape[k] for k in keep_b])


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


def quantile(input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The q-th quantile, linear between neighbours. Raises RuntimeError for a q that is not from 0 to 1."""
    at = q.item() if isinstance(q, Tensor) and not q.ndim else q
    if isinstance(at, Tensor):
        return renamed(stack([quantile(input, float(v), dim, keepdim) for v in at.tolist()]), "SqueezeBackward4")
    if not 0 <= at <= 1:
        raise RuntimeError("quantile() q must be in the range [0, 1]")
    source, axis = (input.reshape(-1), 0) if dim is None else (input, axis_of(input, dim))
    ordered = source.sort(axis).values
    place = at * (source.shape[axis] - 1)
    low, high = ordered.select(axis, math.floor(place)), ordered.select(axis, math.ceil(place))
    result = low + (high - low) * (place - math.floor(place))
    return renamed(result.unsqueeze(axis) if keepdim and dim is not None else result, "SqueezeBackward4")


# -- counted and compared


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The places of the elements that are not 0, a row each."""
    places = np.nonzero(np.asarray(input.value))
    return tuple(map(made, places)) if as_tuple else made(np.stack(places, 1).astype(np.int64))


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not 0."""
    return finished(np.asarray(np.count_nonzero(input.value, dim), np.int64))


def unique(input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False) -> Any:
    """The different elements in order; on request where each stood and how often."""
    values, inverse, counts = np.unique(np.asarray(input.value), return_inverse=True, return_counts=True)
    more = [made(inverse.reshape(input.shape))] * return_inverse + [made(counts)] * return_counts
    return (made(values), *more) if more else made(values)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each whole number from 0 stands there."""
    return made(np.bincount(input.value, None if weights is None else weights.value, minlength))


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Which elements are equal to within atol + rtol*abs(other)."""
    return made(np.asarray(np.isclose(input.value, other.value, rtol, atol, equal_nan)))


def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Numbers in place of NaN and the infinities."""
    value, limits = np.asarray(input.value), np.finfo(input.dtype.numpy)
    for mask, put in (
        (np.isnan(value), nan),
        (value == math.inf, float(limits.max) if posinf is None else posinf),
        (value == -math.inf, float(limits.min) if neginf is None else neginf),
    ):
        input = input.masked_fill(made(np.asarray(mask)), put)
    return renamed(input, "NanToNumBackward0")


def searchsorted(sorted_sequence: Tensor, values: Any, *, right: bool = False) -> Tensor:
    """Where values would stand in a sequence in order."""
    wanted = values.value if isinstance(values, Tensor) else values
    return finished(np.asarray(np.searchsorted(sorted_sequence.value, wanted, "right" if right else "left"), np.int64))


def std_mean(input: Tensor, dim: Any = None, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """(standard deviation, mean)."""
    return _with_mean(input.std(dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim=keepdim), "Std")


def var_mean(input: Tensor, dim: Any = None, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """(variance, mean)."""
    return _with_mean(input.var(dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim=keepdim), "Var")


def _with_mean(spread: Tensor, mean: Tensor, name: str) -> tuple[Tensor, Tensor]:
    return renamed(spread, f"{name}MeanBackward0"), renamed(mean, f"{name}MeanBackward0")


def is_floating_point(input: Tensor) -> bool:
    """Are the elements floats?"""
    return input.dtype.is_floating_point


def numel(input: Tensor) -> int:
    """How many elements."""
    return input.numel()


def logspace(
    start: float, end: float, steps: int, base: float = 10.0, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """base**start to base**end, so many numbers, each the same multiple of the last."""
    kind = (dtype or dtypes.Default.dtype).numpy
    return finished((base ** np.linspace(float(start), float(end), int(steps))).astype(kind), requires_grad)


def _of_type(name: str, kind: dtypes.dtype) -> Any:
    def make(*data: Any) -> Tensor:
        if len(data) == 1 and not isinstance(data[0], int):
            return tensor(data[0], dtype=kind)
        return finished(np.zeros(data or (0,), kind.numpy))

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"A tensor of {kind.name}: of numbers, or of zeros where lengths are given."
    return make


def _new(fill: float | None) -> Any:
    def make(self: Tensor, *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
        *lengths, value = (*size, fill) if fill is not None else size
        shape = lengths[0] if len(lengths) == 1 and isinstance(lengths[0], (tuple, list)) else lengths
        return finished(np.full(tuple(shape), value, (dtype or self.dtype).numpy), requires_grad)

    return make


def new_tensor(self: Tensor, data: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of these numbers, of the same type."""
    return tensor(data, dtype=dtype or self.dtype, requires_grad=requires_grad)


def stride(self: Tensor, dim: int | None = None) -> Any:
    """How far apart in memory neighbours along each axis are, in elements."""
    value = self.array()
    steps = tuple(n // value.itemsize for n in value.strides)
    return steps if dim is None else steps[dim]


FUNCTIONS: dict[str, Any] = {
    "broadcast_to": broadcast_to, "scatter": scatter, "scatter_add": scatter_add, "index_add": index_add,
    "index_fill": index_fill, "index_copy": index_copy, "index_put": index_put, "scatter_reduce": scatter_reduce,
    "addmm": addmm, "addmv": addmv, "baddbmm": baddbmm, "addr": addr, "addcmul": addcmul, "addcdiv": addcdiv,
    "lerp": lerp, "cross": cross, "dist": dist, "diff": diff, "quantile": quantile, "nonzero": nonzero,
    "count_nonzero": count_nonzero, "unique": unique, "bincount": bincount, "isclose": isclose,
    "nan_to_num": nan_to_num,
}  # fmt: skip
NAMES: dict[str, Any] = {
    "hstack": hstack, "vstack": vstack, "row_stack": vstack, "column_stack": column_stack, "meshgrid": meshgrid,
    "broadcast_tensors": broadcast_tensors, "cdist": cdist, "tensordot": tensordot, "trapezoid": trapezoid,
    "trapz": trapezoid, "cumulative_trapezoid": cumulative_trapezoid,
    "searchsorted": searchsorted, "std_mean": std_mean, "var_mean": var_mean,
    "logspace": logspace, "is_floating_point": is_floating_point, "numel": numel,
    **{name: _of_type(name, dtypes.NAMED[kind]) for kind, name in dtypes.LEGACY.items()},
}  # fmt: skip
METHODS: dict[str, Any] = {
    "new_zeros": _new(0.0), "new_ones": _new(1.0), "new_empty": _new(0.0), "new_full": _new(None),
    "new_tensor": new_tensor, "stride": stride, "is_contiguous": lambda self: self.array().flags.c_contiguous,
    "nelement": Tensor.numel, "ndimension": Tensor.dim, "element_size": lambda self: self.dtype.itemsize,
    "is_floating_point": is_floating_point,
    "data_ptr": lambda self: self.array().ctypes.data,
}  # fmt: skip
