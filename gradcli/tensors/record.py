"""Carrying out an operation and writing it down: the way of everything that is computed with tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import HOLE, BoundOp, bind, settled
from gradcli.tensors.dtypes import F64
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.history import LEAF, NEVER, UNCOUNTED
from gradcli.tensors.packing import HOOKS
from gradcli.tensors.tensor import Tensor, watch
from gradcli.tensors.views import fresh

if TYPE_CHECKING:
    from gradcli.core.op import Op

_new = object.__new__


def made(value: Any) -> Tensor:
    """A tensor without history of a value that is settled."""
    tensor = _new(Tensor)
    tensor.value = value
    if MODE.inference:
        tensor.counter = UNCOUNTED
    return tensor


def apply(op: BoundOp, tensors: tuple[Tensor, ...]) -> Tensor:
    """The result of an operation, recorded where grad mode is on and an operand requires grad."""
    if len(tensors) == 1:
        return apply_one(op, tensors[0])
    if len(tensors) == 2:
        return apply_two(op, *tensors)
    result = _new(Tensor)
    result.value = op.compute([t.value for t in tensors])
    if MODE.recording:
        for t in tensors:
            if t.op is not None:
                return record(result, op, tensors)
    elif MODE.inference:
        result.counter = UNCOUNTED
    return result


def apply_one(op: BoundOp, tensor: Tensor) -> Tensor:
    """`apply` for one operand, unrolled for speed. Raises RuntimeError, IndexError."""
    result = _new(Tensor)
    value = result.value = op.value_at(tensor.value)
    if MODE.recording:
        if tensor.op is not None:
            if op.constant or HOOKS or (type(value) is ndarray and value.dtype is not F64):
                return record(result, op, (tensor,))
            if tensor.counter is not NEVER:
                if tensor.base is not None or tensor.counter is UNCOUNTED:
                    return record(result, op, (tensor,))
                result.versions = (tensor.counter.count,)
            result.op = op
            result.operands = (tensor,)
    elif MODE.inference:
        result.counter = UNCOUNTED
    return result


def apply_two(op: BoundOp, first: Tensor, second: Tensor) -> Tensor:
    """`apply` for two operands, unrolled for speed."""
    result = _new(Tensor)
    value = result.value = op.value_of(first.value, second.value)
    if MODE.recording:
        if first.op is not None or second.op is not None:
            if op.constant or HOOKS or (type(value) is ndarray and value.dtype is not F64):
                return record(result, op, (first, second))
            one, other = first.counter, second.counter
            if one is not NEVER or other is not NEVER:
                if first.base is not None or second.base is not None or one is UNCOUNTED or other is UNCOUNTED:
                    return record(result, op, (first, second))
                result.versions = (one.count, other.count)
            result.op = op
            result.operands = (first, second)
    elif MODE.inference:
        result.counter = UNCOUNTED
    return result


def record(result: Tensor, op: BoundOp, tensors: tuple[Tensor, ...]) -> Tensor:
    """Write down what a result came from."""
    if op.constant or not (type(result.value) is float or result.value.dtype is F64 or result.value.dtype.kind == "f"):
        return result
    for t in tensors:
        if t.base is not None or t.counter is UNCOUNTED:
            check_operand(t)
    result.op = op
    result.operands = tensors
    result.versions = tuple([t.counter.count for t in tensors])
    if HOOKS:
        _pack(result, op, tensors)
    return result


def _pack(result: Tensor, op: BoundOp, tensors: tuple[Tensor, ...]) -> None:
    """Call the user's function for each value that the rules will read."""
    watch(result)
    hooks = HOOKS[:]
    HOOKS.clear()  # they are not asked of what they do themselves
    try:
        asked = [p for p, t in enumerate(tensors) if t.op is not None]
        read = dict.fromkeys(k for p in asked for k in sorted(op.saves((p,)), reverse=True))
        kept = [k for k in read if k < 0 or not tensors[k].number]
        result.packed = (hooks[-1][1], {k: hooks[-1][0](result if k < 0 else tensors[k]) for k in kept})
    finally:
        HOOKS.extend(hooks)


def renamed(result: Tensor, name: str) -> Tensor:
    """A result whose last step is shown under PyTorch's name of the whole."""
    op = result.op
    if op is not None and op is not LEAF:
        result.op = bind(op.row, op.literals, name)
    return result


def check_operand(tensor: Tensor) -> None:
    """Take a view again whose base has a new history. Raises RuntimeError for what backward could not follow."""
    if tensor.base is not None:
        fresh(tensor)
    if tensor.counter is UNCOUNTED:
        raise RuntimeError(
            "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
            "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use "
            "it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
        )


def operand(value: Any, beside: Tensor) -> Tensor | None:
    """A number or an array beside a tensor as a tensor; None where it is neither."""
    if isinstance(value, (bool, int)):
        value = float(value) if type(beside.value) is float else value
    elif isinstance(value, float):
        value = float(value)
    elif isinstance(value, np.generic):
        return operand(value.item(), beside)
    elif isinstance(value, np.ndarray):
        value = dtypes.kept(value)
    else:
        return None
    tensor = _new(Tensor)
    tensor.value = value
    tensor.number = type(value) is not ndarray
    return tensor


def operation(row: Op, operands: tuple[Any, ...], name: str = "") -> Tensor:
    """A row of the table on tensors, numbers and arrays in any mixture. Raises TypeError where none is a tensor."""
    if not row.active and not row.whole:
        first = next((x for x in operands if isinstance(x, Tensor)), None)
        if first is not None:
            operands = tuple(x if isinstance(x, Tensor) else _number(x, first) for x in operands)
    elif any(isinstance(x, np.ndarray) for x in operands):
        operands = tuple(made(dtypes.kept(x)) if isinstance(x, np.ndarray) else x for x in operands)
    if row.name == "where" and not isinstance(operands[1], Tensor) and not isinstance(operands[2], Tensor):
        # Of two literals NumPy would choose the type by its own rules.
        operands = (operands[0], *[made(settled(np.asarray(x, dtypes.of_number(x).numpy))) for x in operands[1:]])
    tensors = tuple(x for x in operands if isinstance(x, Tensor))
    if not tensors:
        raise TypeError(f"{row.name}() needs a tensor among its arguments: make one with torch.tensor(...)")
    return apply(bind(row, tuple(HOLE if isinstance(x, Tensor) else x for x in operands), name), tensors)


def _number(value: Any, beside: Tensor) -> Any:
    found = operand(value, beside)
    return value if found is None else found
