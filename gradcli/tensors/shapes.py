"""Functions on whole tensors whose parameters are PyTorch's own: shapes, reductions, products."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors import dtypes, names, products
from gradcli.tensors.bound_op import HOLE, BoundOp, bind
from gradcli.tensors.creation import shape_of
from gradcli.tensors.functions import clone, named, owned
from gradcli.tensors.indexing import get, viewed
from gradcli.tensors.operators import matmul
from gradcli.tensors.picking import picked
from gradcli.tensors.record import apply, apply_one, made, operation
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _view(tensor: Tensor, row: str, *literals: Any, name: str = "") -> Tensor:
    """An operation whose result may share memory with its operand."""
    if type(tensor.value) is float:
        tensor.array()
    result = apply_one(bind(TABLE[row], (HOLE, *literals), name), tensor)
    value = result.value
    if type(value) is np.ndarray and (value.base is not None or value is tensor.value):
        viewed(result, tensor)
    return result


def reshape(input: Tensor, *shape: Any) -> Tensor:
    """The same elements in another shape; -1 stands for the length that remains.

    Raises RuntimeError where they do not fit.
    """
    wanted = shape_of(shape)
    if wanted.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    try:
        return _view(input, "reshape", *wanted)
    except RuntimeError:
        raise RuntimeError(f"shape '{list(wanted)}' is invalid for input of size {input.numel()}") from None


def view(input: Tensor, *shape: Any) -> Tensor:
    """The same memory in another shape. Raises RuntimeError where that would need a copy."""
    result = reshape(input, *shape)
    if type(result.value) is np.ndarray and input.numel() and not np.may_share_memory(result.value, input.array()):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return result


def contiguous(input: Tensor) -> Tensor:
    """The tensor itself, or a copy of it whose elements lie in the order of its axes."""
    value = input.value
    return input if type(value) is float or value.flags.c_contiguous else clone(input)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The elements of these axes in one row. Raises RuntimeError, IndexError for axes in the wrong order or none."""
    first, last = (d % max(input.ndim, 1) for d in _axes(input, (start_dim, end_dim)))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    return _view(input, "flatten", start_dim, end_dim)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without the axes of length 1, or without this one if it has length 1."""
    if dim is None:
        return _view(input, "squeeze", None)
    dims = (dim,) if isinstance(dim, int) else tuple(dim)
    single = tuple(d for d in _axes(input, dims) if input.ndim and input.shape[d] == 1)
    if not single:
        return _view(input, "reshape", *input.shape, name="SqueezeBackward1")
    return _view(input, "squeeze", single if len(single) > 1 else single[0])


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new axis of length 1 at this place. Raises IndexError where there is no such place."""
    if not -input.ndim - 1 <= dim <= input.ndim:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-input.ndim - 1}, {input.ndim}], but got {dim})"
        )
    return _view(input, "unsqueeze", dim)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes swapped."""
    return _view(input, "swapaxes", *_axes(input, (dim0, dim1)))


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The axes in this order. Raises RuntimeError where they are not all of them."""
    order = shape_of(dims)
    if len(order) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(order)}"
        )
    if len({d % max(len(order), 1) for d in _axes(input, order)}) < len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return _view(input, "permute", *order)


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Axes moved to other places, the rest in their order: a view."""
    axes = np.moveaxis(np.empty((1,) * input.ndim), source, destination)  # for its errors
    where = list(range(axes.ndim))
    sources = [s % input.ndim for s in ((source,) if isinstance(source, int) else source)]
    targets = [d % input.ndim for d in ((destination,) if isinstance(destination, int) else destination)]
    rest = [k for k in where if k not in sources]
    for target, origin in sorted(zip(targets, sources, strict=True)):
        rest.insert(target, origin)
    return permute(input, *rest)


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """One axis as several. Raises RuntimeError for lengths that do not multiply to its own."""
    dim = _axes(input, (dim,))[0] % max(input.ndim, 1)
    length, known = input.shape[dim], math.prod(n for n in sizes if n != -1)
    if (known != length) if -1 not in sizes else (not known or length % known):
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} ({length}) in the "
            "input tensor"
        )
    return reshape(input, *input.shape[:dim], *sizes, *input.shape[dim + 1 :])


def t(input: Tensor) -> Tensor:
    """A matrix with its axes swapped; a vector as it is. Raises RuntimeError for more axes."""
    if input.ndim > 2:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D: use .transpose(0, 1)"
        )
    return _view(input, "transpose", name="TBackward0")


def expand(input: Tensor, *sizes: Any) -> Tensor:
    """Axes of length 1 repeated; -1 keeps a length. Raises RuntimeError where another length would have to change."""
    wanted = shape_of(sizes)
    lead = len(wanted) - input.ndim
    shape = tuple(input.shape[k - lead] if n == -1 else n for k, n in enumerate(wanted))
    try:
        like = made(np.broadcast_to(np.broadcast_to(0.0, shape), np.broadcast_shapes(shape, input.shape)))
    except ValueError:
        clash = [(k, n, m) for k, (n, m) in enumerate(zip(shape[lead:], input.shape, strict=False)) if m not in (1, n)]
        k, n, m = clash[-1] if clash else (0, len(shape), input.ndim)
        raise RuntimeError(
            f"The expanded size of the tensor ({n}) must match the existing size ({m}) at non-singleton dimension "
            f"{k + lead}.  Target sizes: {list(shape)}.  Tensor sizes: {list(input.shape)}"
        ) from None
    result = apply(bind(TABLE["match"], (HOLE, HOLE), "ExpandBackward0"), (input, like))
    return viewed(result, input)


def _check_listed(tensors: Sequence[Any]) -> None:
    for k, t in enumerate(tensors):
        if not isinstance(t, Tensor):
            raise TypeError(f"expected Tensor as element {k} in argument 0, but got {type(t).__name__}")


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors end to end along an axis.

    Raises ValueError for none, RuntimeError where they differ in the number of axes.
    """
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    _check_listed(tensors)
    for other in tensors[1:]:
        if other.ndim != tensors[0].ndim:
            raise RuntimeError(f"Tensors must have same number of dimensions: got {tensors[0].ndim} and {other.ndim}")
    first = tensors[0].shape
    for k, other in enumerate(tensors):
        for axis, (n, m) in enumerate(zip(first, other.shape, strict=True)):
            if n != m and axis != dim % len(first):
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size {n} but got size {m} for "
                    f"tensor number {k} in the list."
                )
    return operation(TABLE["concatenate"], (dim, *tensors))


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors of one shape along a new axis. Raises RuntimeError for none and where shapes differ."""
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    _check_listed(tensors)
    for k, other in enumerate(tensors):
        if other.shape != tensors[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at entry 0 "
                f"and {list(other.shape)} at entry {k}"
            )
    return operation(TABLE["stack"], (dim, *tensors))


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts along an axis. Raises IndexError for a number."""
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    dim = _axes(input, (dim,))[0]
    lead = (slice(None),) * (dim % input.ndim)
    return tuple(get(input, (*lead, i), "UnbindBackward0") for i in range(input.shape[dim]))


def _reduced(row: str) -> Callable[..., Tensor]:
    """sum and mean: the call without an axis is the common one, and is ready."""
    whole = bind(TABLE[row], (HOLE, None, 0))

    def reduce(
        input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, axis: Any = None,
        keepdims: bool = False,
    ) -> Tensor:  # fmt: skip
        keepdim = keepdim or keepdims
        if dim is None and axis is None and not keepdim and dtype is None:
            value = input.value
            if type(value) is float or value.dtype is dtypes.F64:
                return apply_one(whole, input)
        dim = axis if dim is None else dim
        if dtype is not None:
            input = input.to(dtype)
        if row == "mean" and not input.dtype.is_floating_point:
            raise RuntimeError(
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
                f"Got: {dtypes.SCALAR[input.dtype.name]}; use .double().mean()"
            )
        if dim is None and not keepdim:
            return apply(whole, (input,))
        return apply(bind(TABLE[row], (HOLE, _axes(input, dim), int(keepdim))), (input,))

    return named(reduce, row, TABLE[row].about)


def _axes(input: Tensor, dim: Any) -> Any:
    """An axis that exists, or several."""
    axes = tuple(dim) if isinstance(dim, list) else dim
    for d in axes if isinstance(axes, tuple) else () if axes is None else (axes,):
        low, high = -max(input.ndim, 1), max(input.ndim, 1) - 1
        if not low <= d <= high:
            raise IndexError(f"Dimension out of range (expected to be in range of [{low}, {high}], but got {d})")
    return axes


def _extreme(row: str, place: str, elementwise: str) -> Callable[..., Any]:
    name = elementwise.capitalize()

    def extreme(input: Tensor, dim: Any = None, keepdim: bool = False, *, keepdims: bool = False) -> Any:
        if isinstance(dim, Tensor):
            return operation(TABLE[elementwise], (input, dim))
        if dim is None:
            if not input.numel():
                raise RuntimeError(
                    f"{elementwise}(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
                    "reduction dim with the 'dim' argument."
                )
            return apply(bind(TABLE[row], (HOLE, None, 0), f"{name}Backward1"), (input,))
        indices = np.expand_dims(getattr(np, place)(input.value, axis=_axes(input, dim)), dim)
        grid = list(np.ogrid[tuple(slice(n) for n in input.shape)])
        grid[dim] = indices
        op = bind(TABLE["index"], (HOLE,) * (1 + len(grid)), f"{name}Backward0")
        values = apply(op, (input, *map(made, grid)))
        found = made(indices)
        if not (keepdim or keepdims):
            values = apply(bind(TABLE["squeeze"], (HOLE, dim), f"{name}Backward0"), (values,))
            found = made(np.asarray(np.squeeze(indices, dim)))
        return picked(elementwise, values, found)

    about = f"The {elementwise} of all elements, (values, indices) along an axis, or of two tensors"
    return named(extreme, elementwise, about)


def _place(row: str) -> Callable[..., Tensor]:
    def place(input: Tensor, dim: int | None = None, keepdim: bool = False, *, keepdims: bool = False) -> Tensor:
        if dim is None and not input.numel():
            raise IndexError(f"{row}(): Expected reduction dim to be specified for input.numel() == 0.")
        operands = (input.detach(), _axes(input, dim), int(keepdim or keepdims))
        return operation(TABLE[row], operands).to(dtypes.int64)

    return named(place, row, TABLE[row].about)


def _spread(row: str) -> Callable[..., Tensor]:
    def spread(
        input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *, correction: float = 1,
        keepdims: bool = False,
    ) -> Tensor:  # fmt: skip
        if not input.dtype.is_floating_point:
            raise RuntimeError("std and var only support floating point and complex dtypes: use .double() first")
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        if unbiased is not None:
            correction = int(unbiased)
        return operation(TABLE[row], (input, _axes(input, dim), correction, int(keepdim or keepdims)))

    return named(spread, row, TABLE[row].about)


def norm(input: Tensor, p: Any = 2, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The length of a vector, or its p-norm."""
    axes = _axes(input, dim)
    if p in (2, "fro", None):
        return operation(TABLE["norm"], (input, axes, int(keepdim)))
    return operation(TABLE["pnorm"], (input, float(p), axes, int(keepdim)))


def _along(row: str) -> Callable[..., Tensor]:
    def along(
        input: Tensor, dim: int | None = None, keepdim: bool | None = None, *, keepdims: bool | None = None
    ) -> Tensor:
        keepdim = keepdims if keepdim is None else keepdim
        if dim is None:
            raise TypeError(f'{row}() missing 1 required positional arguments: "dim", the axis along which to go')
        rest = (int(keepdim),) if keepdim is not None else (0,) if row == "logsumexp" else ()
        return operation(TABLE[row], (input, _axes(input, dim), *rest))

    return named(along, row, TABLE[row].about)


def flip(input: Tensor, *axes: Any, dims: Any = None) -> Tensor:
    """The elements in reverse order along these axes."""
    chosen = shape_of(axes if dims is None else (dims,))
    return owned(operation(TABLE["flip"], (input, chosen)), (input,))


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """A layer of a network: input @ weight.T + bias."""
    x = input.value
    key = (x.ndim if type(x) is np.ndarray else 0, bias is not None)
    op = _layers.get(key)
    if op is None:
        literals = (HOLE, HOLE, 0.0 if bias is None else HOLE)
        op = _layers[key] = bind(TABLE["linear"], literals, names.layer(*key))
    return apply(op, (input, weight) if bias is None else (input, weight, bias))


_layers: dict[tuple[int, bool], BoundOp] = {}


FUNCTIONS: dict[str, Any] = {
    "reshape": reshape, "flatten": flatten, "ravel": flatten, "squeeze": squeeze, "unsqueeze": unsqueeze,
    "transpose": transpose, "swapaxes": transpose, "swapdims": transpose, "permute": permute, "movedim": movedim,
    "moveaxis": movedim, "unflatten": unflatten, "t": t, "cat": cat,
    "concat": cat, "concatenate": cat, "stack": stack, "unbind": unbind, "sum": _reduced("sum"),
    "mean": _reduced("mean"),
    "max": _extreme("amax", "argmax", "max"), "min": _extreme("amin", "argmin", "min"), "argmax": _place("argmax"),
    "argmin": _place("argmin"), "std": _spread("std"), "var": _spread("var"), "norm": norm,
    "softmax": _along("softmax"), "log_softmax": _along("log_softmax"), "logsumexp": _along("logsumexp"),
    "cumsum": _along("cumsum"), "flip": flip, "matmul": matmul, **products.FUNCTIONS,
}  # fmt: skip

METHODS: dict[str, Any] = {
    "view": view, "expand": expand,
    "view_as": lambda self, other: view(self, other.shape),
    "reshape_as": lambda self, other: reshape(self, other.shape),
    "expand_as": lambda self, other: expand(self, other.shape),
    "T": property(lambda self: _view(self, "transpose")),
    "mT": property(lambda self: transpose(self, -2, -1)),
    "contiguous": contiguous,
}  # fmt: skip
