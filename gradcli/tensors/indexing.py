"""Elements of tensors: `x[0]`, `x[:, 1:]`, `x[x > 0]`, and assignment to them."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.ops import by_name
from gradcli.core.structure import SLICE
from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.inplace import may_change, rebase, written
from gradcli.tensors.record import apply, apply_one, made, operation
from gradcli.tensors.tensor import Tensor, share_versions

_INDEX, _SCATTER, _WHERE, _MATCH = by_name("index"), by_name("scatter"), by_name("where"), by_name("match")


def get(tensor: Tensor, index: Any, name: str = "") -> Tensor:
    """The elements at an index; without arrays in the index they share memory with the tensor.

    >>> import gradcli as torch
    >>> x = torch.zeros(3)
    >>> x[1:].fill_(2.0)
    tensor([2., 2.])
    >>> x
    tensor([0., 2., 2.])
    """
    parts = [index] if type(index) is int else [_part(p) for p in _places(index)]
    tensors = [p for p in parts if isinstance(p, Tensor)]
    if tensors:
        _check_masks(tensor, parts)
        flags = [k for k, p in enumerate(parts) if isinstance(p, Tensor) and p.dtype is dtypes.bool_ and not p.ndim]
        if flags:
            return _flagged(tensor, parts, flags)
        literals = tuple([HOLE if isinstance(p, Tensor) else p for p in parts])
        return apply(bind(_INDEX, (HOLE, *literals), name or "IndexBackward0"), (tensor, *tensors))
    return viewed(apply_one(bind(_INDEX, (HOLE, *parts), name or _name(parts)), tensor), tensor)


def _places(index: Any) -> tuple[Any, ...]:
    """An index by its axes: as in PyTorch a list of lists, slices or tensors is one too."""
    if isinstance(index, tuple):
        return index
    if (
        isinstance(index, list)
        and len(index) < 32
        and any(x is None or x is Ellipsis or isinstance(x, (list, tuple, slice, Tensor, np.ndarray)) for x in index)
    ):
        return tuple(index)
    return (index,)


def _check_masks(tensor: Tensor, parts: list[Any]) -> None:
    """Raises IndexError where a mask has another shape than the axes that it stands for."""
    axis = 0
    for part in parts:
        if part is Ellipsis:
            return
        if isinstance(part, Tensor) and part.dtype is dtypes.bool_:
            for k, n in enumerate(part.shape):
                if axis + k >= tensor.ndim or n != tensor.shape[axis + k]:
                    raise IndexError(
                        f"The shape of the mask {list(part.shape)} at index {k} does not match the shape of the "
                        f"indexed tensor {list(tensor.shape)} at index {axis + k}"
                    )
            axis += part.ndim
        elif part is not None:
            axis += 1


def _flagged(tensor: Tensor, parts: list[Any], flags: list[int]) -> Tensor:
    """`x[True]` is a copy with a new axis of length 1, `x[False]` one of length 0."""
    if len(flags) > 1 or any(isinstance(p, Tensor) for k, p in enumerate(parts) if k not in flags):
        raise IndexError("True or False beside other tensors in an index is left out: use unsqueeze and a mask")
    opened = get(tensor, tuple(None if k in flags else p if not isinstance(p, tuple) else slice(*p[1:])
                               for k, p in enumerate(parts)))  # fmt: skip
    axis = sum(1 for p in parts[: flags[0]] if not isinstance(p, int))
    places = made(np.arange(1 if parts[flags[0]].item() else 0))
    return get(opened, (*[slice(None)] * axis, places))


def viewed(result: Tensor, of: Tensor) -> Tensor:
    """Note that a result shares memory with its operand."""
    if type(of.value) is np.ndarray:
        result.counter = share_versions(of)
        result.born = result.counter.count
        result.base = of if of.base is None else of.base
        result.counter.add(result)
    return result


def _part(part: Any) -> Any:
    """One place of an index: a literal, or a tensor of places or of yes and no."""
    if isinstance(part, slice):
        bounds = [None if b is None else _whole(b) for b in (part.start, part.stop, part.step)]
        if bounds[2] is not None and bounds[2] <= 0:
            raise ValueError("step must be greater than zero: use .flip(0) to reverse")
        return (SLICE, *bounds)
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, (list, tuple, np.ndarray, range)):
        part = made(dtypes.kept(np.asarray(part, None if len(part) else np.int64)))
    if isinstance(part, Tensor):
        if part.dtype.is_floating_point:
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors: use .long()")
        return part.item() if part.ndim == 0 and part.dtype.category == 1 else part
    if isinstance(part, bool):
        return made(np.asarray(part))
    return _whole(part)


def _whole(part: Any) -> int:
    try:
        return part.__index__()
    except AttributeError:
        raise (TypeError if isinstance(part, str) else IndexError)(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(part).__name__})"
        ) from None


def _name(literals: list[Any]) -> str:
    """PyTorch's name: it applies an index from the left to the right, the last step is seen."""
    name = "SliceBackward0"
    for part in literals:
        if part is None:
            name = "UnsqueezeBackward0"
        elif isinstance(part, int):
            name = "SelectBackward0"
        elif part is not Ellipsis and part[1:] != (None, None, None):  # x[0, :] is seen as x[0]
            name = "SliceBackward0"
    return name


def put(tensor: Tensor, index: Any, value: Any) -> None:
    """`x[index] = value`. Raises ValueError, IndexError where the value does not fit."""
    recorded = may_change(tensor, value, "view of a ")
    parts = [_part(p) for p in _places(index)]
    places = tuple(_for_numpy(p) for p in parts)
    given = value if isinstance(value, Tensor) else made(np.asarray(value, dtype=tensor.dtype.numpy))
    if not recorded:
        try:
            tensor.array()[places] = given.value
        except (ValueError, IndexError) as error:
            raise type(error)(f"shape mismatch in assignment: {error}") from None
        written(tensor)
        return
    mask = np.zeros(tensor.shape, bool)
    name = "IndexPutBackward0" if any(isinstance(p, Tensor) for p in parts) else "CopySlices"
    mask[places] = True

    def build(old: Tensor) -> Tensor:
        fitted = operation(_MATCH, (given, get(old, index)))
        spread = operation(_SCATTER, (fitted, old, *parts))
        return apply(bind(_WHERE, (HOLE, HOLE, HOLE), name), (made(mask), spread, old))

    rebase(tensor, build)


def _for_numpy(part: Any) -> Any:
    if isinstance(part, Tensor):
        return part.value
    return slice(*part[1:]) if isinstance(part, tuple) else part


METHODS = {"__getitem__": lambda self, index: get(self, index), "__setitem__": put}
