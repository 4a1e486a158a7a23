"""Making tensors."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import settled
from gradcli.tensors.dtypes import Default, dtype
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor


def tensor(data: Any, *, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
    """A new tensor of these numbers, copied: integers are int64, floats the default type, float64."""
    return finished(_array(data, dtype, copy=True), requires_grad)


def as_tensor(data: Any, dtype: dtype | None = None) -> Tensor:
    """The tensor itself, or one on an array's memory where the type fits; else a copy."""
    if isinstance(data, Tensor):
        return data if dtype is None or dtype is data.dtype else data.to(dtype)
    return finished(_array(data, dtype, copy=False), False)


def from_numpy(array: np.ndarray) -> Tensor:
    """A tensor on the memory of an array. Raises TypeError for what is none."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    dtypes.of(array.dtype)
    return made(array)


def finished(array: Any, requires_grad: bool = False) -> Tensor:
    """A tensor on this value."""
    result = made(settled(array[()] if isinstance(array, np.ndarray) and not array.ndim else array))
    return result.requires_grad_() if requires_grad else result


def _array(data: Any, wanted: dtype | None, copy: bool) -> Any:
    if type(data) is float and (wanted or Default.dtype) is dtypes.float64:
        return data
    if isinstance(data, Tensor):
        data = data.value
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str': a tensor is made of numbers")
    if isinstance(data, (list, tuple)):
        data = _nested(data)
    if wanted is None and not isinstance(data, (np.ndarray, np.generic)):
        found = np.asarray(data)
        if found.dtype.kind == "O":
            raise RuntimeError(f"Could not infer dtype of {type(data).__name__}: a tensor is made of numbers")
        wanted = Default.dtype if found.dtype.kind == "f" and type(data) is not np.ndarray else None
        data = found
    array = np.asarray(data) if wanted is None else np.asarray(data).astype(wanted.numpy, copy=False)
    array = dtypes.kept(array)
    return array.copy() if copy and (array is data or array.base is not None) else array


def _nested(data: Any, depth: int = 0) -> Any:
    """Lists of numbers, and of tensors, as one array."""
    plain = [_plain(x, depth) for x in data]
    try:
        array = np.array(plain) if plain else np.zeros(0)
    except ValueError:
        lengths = [len(x) for x in data if isinstance(x, (list, tuple))]
        shown, other = ", ".join(map(str, sorted(set(lengths)))), next((n for n in lengths if n != lengths[0]), None)
        raise ValueError(
            f"expected sequence of length {lengths[0]} at dim {depth + 1} (got {other}): "
            f"the rows have the lengths {shown}"
            if other is not None
            else "expected sequences of equal length: numbers and sequences are mixed"
        ) from None
    if array.dtype.kind not in "fiub":
        kind = _odd_one(data)
        if kind == "str":
            raise ValueError("too many dimensions 'str': a tensor is made of numbers")
        raise RuntimeError(f"Could not infer dtype of {kind}: a tensor is made of numbers")
    return array.astype(Default.dtype.numpy) if array.dtype.kind == "f" else array


def _plain(x: Any, depth: int) -> Any:
    if isinstance(x, Tensor):
        return x.item() if x.numel() == 1 else np.asarray(x.value)  # as in PyTorch one element is a number
    return _nested(x, depth + 1) if isinstance(x, (list, tuple)) else x


def _odd_one(data: Any) -> str:
    for x in data:
        if isinstance(x, (list, tuple)):
            found = _odd_one(x)
            if found:
                return found
        elif not isinstance(x, (bool, int, float, np.generic, np.ndarray, Tensor)):
            return type(x).__name__
    return ""


def shape_of(size: Any) -> tuple[int, ...]:
    """Lengths given one by one or as one sequence. Raises TypeError for what is no whole number."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    try:
        return tuple([operator.index(n) for n in size])
    except TypeError:
        raise TypeError(f"a shape is made of whole numbers, such as (2, 3), not of {size!r:.60}") from None


def _filled(name: str, value: float) -> Any:
    def make(*lengths: Any, size: Any = None, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
        shape = shape_of(lengths if size is None else size)
        if min(shape, default=0) < 0:
            said = "zeros: Dimension size must be non-negative." if name == "zeros" else ""
            raise RuntimeError(said or f"Trying to create tensor with negative dimension {min(shape)}: {list(shape)}")
        return finished(np.full(shape, value, (dtype or Default.dtype).numpy), requires_grad)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"{'Ones' if value else 'Zeros'} of this shape."
    return make


def _like(make: Any, *more: str) -> Any:
    def make_like(input: Any, *args: Any, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
        return make(input.shape, *args, dtype=dtype or input.dtype, requires_grad=requires_grad)

    return make_like


zeros, ones, empty = _filled("zeros", 0.0), _filled("ones", 1.0), _filled("empty", 0.0)


def full(size: Any, fill_value: Any, *, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor filled with one number; its type is that of the number."""
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    if dtype is None:
        kind = type(fill_value)
        dtype = dtypes.bool_ if kind is bool else dtypes.int64 if kind is int else Default.dtype
    return finished(
        np.full(shape_of((size,) if isinstance(size, int) else size), fill_value, dtype.numpy), requires_grad
    )


def arange(
    *bounds: float, start: float = 0, end: float | None = None, step: float = 1, dtype: dtype | None = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """start, start + step, ... below end: `arange(end)`, `arange(start, end)`, `arange(start, end, step)`.

    Raises RuntimeError for a step of 0 or away from the end.
    """
    if end is not None:
        bounds = (*(bounds or (start,)), end, step)
    elif len(bounds) < 3:
        bounds = (*((start, *bounds) if len(bounds) == 1 else bounds), step)
    values = [b.item() if isinstance(b, Tensor) else b for b in bounds]
    if values[2] == 0:
        raise RuntimeError("step must be nonzero")
    if (values[1] - values[0]) * values[2] < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    kind = dtypes.int64 if all(isinstance(b, int) for b in values) else Default.dtype
    found = np.arange(*values)
    if found.dtype.kind == "f":
        start, step, count = *map(float, values[::2]), np.arange(len(found))
        lane = np.where(count < len(found) // 8 * 8, count % 4, 0)  # PyTorch works in fours, and on the rest singly
        found = _steps(_steps(start, step, count - lane), step, lane)
    return finished(found.astype((dtype or kind).numpy), requires_grad)


def _steps(start: Any, step: float, count: np.ndarray) -> np.ndarray:
    """start + step*count with one rounding, as PyTorch's fused instruction has it."""
    halves = [float(np.float32(step)), step - float(np.float32(step))]  # times a count below 2**29 both are exact
    high, low = halves[0] * count, halves[1] * count
    product = high + low
    missed = low - (product - high)
    total = start + product
    back = total - start
    return total + ((start - (total - back)) + (product - back) + missed)


def range_(
    start: float, end: float | None = None, step: float = 1, *, dtype: dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """start, start + step, ... up to end, which is included: floats, unlike `arange`'s."""
    first, last = (0, start) if end is None else (start, end)
    count = int((last - first) / step + 1)
    return finished((first + np.arange(count) * step).astype((dtype or Default.dtype).numpy), requires_grad)


def linspace(
    start: float, end: float, steps: int, *, dtype: dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """So many numbers from start to end, both included, evenly apart. Raises RuntimeError for less than none."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    steps, kind = int(steps), (dtype or Default.dtype).numpy
    number = kind.type if kind.kind == "f" else float
    first, last = number(start), number(end)
    step, count = (last - first) / number(max(steps - 1, 1)), np.arange(steps)
    from_end = _steps(float(last), -float(step), count[::-1])  # as in PyTorch the second half is counted from the end
    found = np.where(count < steps // 2, _steps(float(first), float(step), count), from_end)
    return finished((found if steps > 1 else np.full(steps, first)).astype(kind), requires_grad)


def eye(n: int, m: int | None = None, *, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal. Raises RuntimeError for a negative length."""
    for name, length in (("n", n), ("m", n if m is None else m)):
        if length < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {length}")
    return finished(np.eye(n, m, dtype=(dtype or Default.dtype).numpy), requires_grad)


zeros_like, ones_like, empty_like = _like(zeros), _like(ones), _like(empty)


def full_like(input: Tensor, fill_value: Any, *, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of the same shape and type, filled with one number."""
    return full(input.shape, fill_value, dtype=dtype or input.dtype, requires_grad=requires_grad)


def new(kind: type[Tensor], *data: Any, **options: Any) -> Tensor:
    """`torch.Tensor([1, 2])`, of the default type, and `torch.Tensor(2, 3)`, which is filled with zeros.

    Raises TypeError for a number that is no length, and for options.
    """
    if kind is not Tensor:  # a parameter sets its value itself
        return object.__new__(kind)
    if options:
        raise TypeError(f"new() got an unexpected keyword argument '{next(iter(options))}': use torch.tensor(...)")
    if len(data) == 1 and (isinstance(data[0], np.ndarray) or not hasattr(data[0], "__index__")):
        if not hasattr(data[0], "__len__"):
            raise TypeError(f"new(): data must be a sequence (got {type(data[0]).__name__})")
        return tensor(data[0], dtype=Default.dtype)
    return zeros(*(data or (0,)))


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


NAMES: dict[str, Any] = {
    **{name: _of_type(name, dtypes.NAMED[kind]) for kind, name in dtypes.LEGACY.items()},
}
METHODS: dict[str, Any] = {
    "__new__": staticmethod(new),
    "new_zeros": _new(0.0), "new_ones": _new(1.0), "new_empty": _new(0.0), "new_full": _new(None),
    "new_tensor": new_tensor,
}  # fmt: skip
