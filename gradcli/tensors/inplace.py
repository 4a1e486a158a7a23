"""Changes in place, by PyTorch's rules: versions are counted, so that backward notices what it cannot follow."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import by_name
from gradcli.tensors import dtypes, rebasing
from gradcli.tensors.bound_op import HOLE, BoundOp, bind
from gradcli.tensors.dtypes import F32, F64
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.history import LEAF, NEVER, UNCOUNTED
from gradcli.tensors.record import apply, made, operand
from gradcli.tensors.tensor import Tensor, share_versions

if TYPE_CHECKING:
    from collections.abc import Callable


def may_change(tensor: Tensor, other: Any = None, part: str = "") -> bool:
    """Is a change in place to be recorded? Raises RuntimeError where PyTorch refuses it.

    part: what is changed where it is not the whole tensor.
    """
    if tensor.counter is UNCOUNTED and not MODE.inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get a "
            "normal tensor before doing inplace update."
        )
    if tensor.base is not None and type(tensor.value) is np.ndarray and not tensor.value.flags.writeable:
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory "
            "location. Please clone() the tensor before performing the operation."
        )
    if not MODE.recording:
        return False
    base = tensor.base
    if tensor.op is LEAF and base is None:
        raise RuntimeError(
            f"a {part}leaf Variable that requires grad is being used in an in-place operation: do it within "
            "`with torch.no_grad():`, or write `x = x + ...`"
        )
    if base is not None and (
        base.op is LEAF or (tensor.op is not None and base.op is None)
    ):  # None: the leaf is a view
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation: do it within "
            "`with torch.no_grad():`"
        )
    tracked = tensor.op is not None or (isinstance(other, Tensor) and other.op is not None)
    if tracked and base is not None:
        _check_view(tensor, base)
    return tracked


def _check_view(view: Tensor, base: Tensor) -> None:
    """Raises RuntimeError for views whose change cannot be followed."""
    if view.op is None and base.op is not None:
        raise RuntimeError(
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this "
            "use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view "
            "and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or "
            "both outside (if you want the inplace to be tracked)."
        )
    name = getattr(view.op, "name", "")
    if name in ("UnbindBackward0", "SplitBackward0", "SplitWithSizesBackward0"):
        place = next((p for p in view.op.literals if isinstance(p, int)), 0)
        raise RuntimeError(
            f"Output {place} of {name.removesuffix('Backward0')} is a view and is being modified inplace. This view is "
            "the output of a function that returns multiple views. Such functions do not allow the output views to be "
            "modified inplace. You should replace the inplace operation by an out-of-place one."
        )


def written(tensor: Tensor) -> None:
    """Count a change of the value."""
    counter = tensor.counter
    if counter is NEVER:
        counter = share_versions(tensor)
    counter.count += 1


def rebase(tensor: Tensor, build: Callable[[Tensor], Tensor]) -> Tensor:
    """A recorded change in place."""
    return rebasing.rebase(tensor, build, _write)


def _write(tensor: Tensor, value: Any) -> None:
    """Put a value into the tensor's memory."""
    old = tensor.value
    if type(value) is np.ndarray and type(old) is np.ndarray and value.dtype is old.dtype and value.shape == old.shape:
        old[...] = value
        return
    shape, dtype = tensor.shape, tensor.dtype
    found = np.shape(value)
    if found != shape and np.broadcast_shapes(found, shape) != shape:
        raise RuntimeError(f"output with shape {list(shape)} doesn't match the broadcast shape {list(found)}")
    if (type(value) is not float and value.dtype is not F64) or not dtype.is_floating_point:
        kind = dtypes.float64 if type(value) is float else dtypes.of(value.dtype)
        if kind.category > dtype.category:
            raise RuntimeError(
                f"result type {dtypes.SCALAR[kind.name]} can't be cast "
                f"to the desired output type {dtypes.SCALAR[dtype.name]}"
            )
    if type(tensor.value) is float:
        tensor.value = float(value)
    else:
        tensor.value[...] = value


def change(tensor: Tensor, op: BoundOp, other: Any, quick: Any = None) -> Tensor:
    """`tensor op= other`."""
    if not isinstance(other, Tensor):
        given = operand(other, tensor)
        if given is None:
            return NotImplemented
        other = given
    if (MODE.recording or tensor.counter is UNCOUNTED or tensor.base is not None) and may_change(tensor, other):
        return rebase(tensor, lambda old: apply(op, (old, other)))
    x, y = tensor.value, other.value
    if type(x) is float and type(y) is float:
        tensor.value = op.value_of(x, y)
    elif quick is not None and type(x) is np.ndarray and _fits(x, y):
        token = set_errors(IGNORE)
        try:
            quick(x, y)
        finally:
            reset_errors(token)
    else:
        _write(tensor, op.value_of(x, y))
    written(tensor)
    return tensor


def _fits(x: np.ndarray, y: Any) -> bool:
    """Does NumPy's own change in place give what PyTorch gives?"""
    if x.dtype is not F64 and x.dtype is not F32:
        return False
    if type(y) is float:
        return x.dtype is F64 or x.ndim > 0
    return type(y) is np.ndarray and y.dtype is x.dtype and (y.shape == x.shape or not y.ndim)


def _operator(name: str, quick: Any) -> Callable[[Tensor, Any], Tensor]:
    op = bind(by_name(name), (HOLE, HOLE))
    return lambda self, other: change(self, op, other, quick)


def _scaled(name: str, quick: Any) -> Callable[..., Tensor]:
    """`add_` and `sub_`, which take a factor."""
    plain = _operator(name, quick)
    return lambda self, other, *, alpha=1: plain(self, other if alpha == 1 else other * alpha)


def _ipow(self: Tensor, exponent: Any) -> Tensor:
    if isinstance(exponent, Tensor):
        return change(self, bind(by_name("pow"), (HOLE, HOLE)), exponent)
    return of_itself(self, bind(by_name("pow"), (HOLE, exponent)))


def of_itself(tensor: Tensor, op: BoundOp) -> Tensor:
    """`tensor.function_()`."""
    if may_change(tensor):
        return rebase(tensor, lambda old: apply(op, (old,)))
    _write(tensor, op.compute([tensor.value]))
    written(tensor)
    return tensor


def replaced(tensor: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """A tensor with the value of a function of it."""
    trial = function(tensor)
    if may_change(tensor, trial):
        return rebase(tensor, function)
    _write(tensor, trial.value)
    written(tensor)
    return tensor


_COPY = bind(by_name("match"), (HOLE, HOLE), "CopyBackwards")
_FILL = bind(by_name("match"), (HOLE, HOLE), "FillBackward2")
_ZERO = bind(by_name("match"), (HOLE, HOLE), "ZeroBackward0")


def copy_(self: Tensor, source: Any) -> Tensor:
    """Write these values into the memory of the tensor."""
    source = source if isinstance(source, Tensor) else made(dtypes.kept(np.asarray(source)))
    if may_change(self, source):
        return rebase(self, lambda old: apply(_COPY, (source, old)))
    value = source.value
    _write(self, value if type(value) is float else value.astype(self.dtype.numpy))
    written(self)
    return self


def fill_(self: Tensor, value: Any) -> Tensor:
    """Write one number into every element."""
    if (MODE.recording or self.counter is UNCOUNTED or self.base is not None) and may_change(self, value):
        filled = value if isinstance(value, Tensor) else made(float(value))
        return rebase(self, lambda old: apply(_FILL if value else _ZERO, (filled, old)))
    value = value.item() if isinstance(value, Tensor) else value
    if type(self.value) is float:
        self.value = float(value)
    else:
        self.value.fill(value)
    written(self)
    return self


METHODS: dict[str, Callable[..., Any]] = {
    "__iadd__": _operator("add", operator.iadd),
    "__isub__": _operator("sub", operator.isub),
    "__imul__": _operator("mul", operator.imul),
    "__itruediv__": _operator("div", operator.itruediv),
    "__ipow__": _ipow,
    "add_": _scaled("add", operator.iadd),
    "sub_": _scaled("sub", operator.isub),
    "mul_": _operator("mul", operator.imul),
    "div_": _operator("div", operator.itruediv),
    "pow_": _ipow,
    "copy_": copy_,
    "fill_": fill_,
    "zero_": lambda self: fill_(self, 0.0),
}
