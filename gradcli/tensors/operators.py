"""The operators of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import by_name
from gradcli.tensors import names
from gradcli.tensors.bound_op import HOLE, BoundOp, bind
from gradcli.tensors.dtypes import F64, kept
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.history import UNCOUNTED
from gradcli.tensors.record import apply_one, apply_two, made, operand, operation
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

_new = object.__new__


def _binary(op: BoundOp, swapped: bool = False) -> Callable[[Tensor, Any], Tensor]:
    """The method of an operator; a number beside a tensor becomes a tensor only where that is written down."""

    def method(self: Tensor, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return apply_two(op, other, self) if swapped else apply_two(op, self, other)
        kind = type(other)
        if kind is int and (type(self.value) is float or self.value.dtype is F64):
            other = float(other)
        if (kind is not float and kind is not int) or (self.op is not None and MODE.recording) or op.decides:
            if kind is float and other:
                number = _numbers.get(other)
                other = _kept(other) if number is None else number
            else:
                other = operand(other, self)
                if other is None:
                    return NotImplemented
            return apply_two(op, other, self) if swapped else apply_two(op, self, other)
        result = _new(Tensor)
        result.value = op.value_of(other, self.value) if swapped else op.value_of(self.value, other)
        if MODE.inference:
            result.counter = UNCOUNTED
        return result

    return method


# Floats beside tensors as tensors. The collector walks all of a history again and again while it grows: a loop shall
# not add a tensor for its number at every turn. Zeros, of two signs, are not among them.
_numbers: dict[float, Tensor] = {}


def _kept(number: float) -> Tensor:
    if len(_numbers) >= 64:
        _numbers.clear()
    tensor = _numbers[number] = _new(Tensor)  # in no mode, as it is for all
    tensor.value, tensor.number = number, True
    return tensor


def _unary(op: BoundOp) -> Callable[[Tensor], Tensor]:
    return lambda self: apply_one(op, self)


def _two(name: str, called: str = "") -> BoundOp:
    return bind(by_name(name), (HOLE, HOLE), called)


_exponents: dict[tuple[type, float], BoundOp] = {}


def _pow(self: Tensor, exponent: Any) -> Tensor:
    if isinstance(exponent, (int, float)):
        key = (type(exponent), exponent)
        op = _exponents.get(key)
        if op is None:
            op = bind(_POW, (HOLE, exponent))
            if len(_exponents) < 64:
                _exponents[key] = op
        return apply_one(op, self)
    if isinstance(exponent, Tensor) or operand(exponent, self) is not None:
        return operation(_POW, (self, exponent))
    return NotImplemented


def _rpow(self: Tensor, base: Any) -> Tensor:
    return operation(_POW, (base, self)) if operand(base, self) is not None else NotImplemented


def matmul(self: Tensor, other: Any) -> Tensor:
    """The matrix product."""
    if not isinstance(other, Tensor):
        return NotImplemented
    x, y = self.value, other.value
    key = (0 if type(x) is float else x.ndim, 0 if type(y) is float else y.ndim)
    op = _products.get(key)
    if op is None:
        op = _products[key] = bind(by_name("matmul"), (HOLE, HOLE), names.product(*key))
    return apply_two(op, self, other)


_products: dict[tuple[int, int], BoundOp] = {}
_POW = by_name("pow")


def _tensor(value: Any) -> Any:
    return made(kept(value)) if isinstance(value, np.ndarray) else value


METHODS: dict[str, Callable[..., Any]] = {
    "__add__": _binary(_two("add")),
    "__radd__": _binary(_two("add")),
    "__sub__": _binary(_two("sub")),
    "__rsub__": _binary(_two("sub", "RsubBackward1"), swapped=True),
    "__mul__": _binary(_two("mul")),
    "__rmul__": _binary(_two("mul")),
    "__truediv__": _binary(_two("div")),
    # PyTorch multiplies by the reciprocal, and shows that.
    "__rtruediv__": _binary(_two("div", "MulBackward0"), swapped=True),
    "__mod__": _binary(_two("mod", "RemainderBackward0")),
    "__rmod__": _binary(_two("mod", "RemainderBackward1"), swapped=True),
    "__pow__": _pow,
    "__rpow__": _rpow,
    "__matmul__": lambda self, other: matmul(self, _tensor(other)),
    "__rmatmul__": lambda self, other: matmul(_tensor(other), self),
    "__neg__": _unary(bind(by_name("neg"), (HOLE,))),
    "__pos__": lambda self: self,
    "__abs__": _unary(bind(by_name("abs"), (HOLE,))),
    "__lt__": _binary(_two("lt")),
    "__le__": _binary(_two("le")),
    "__gt__": _binary(_two("gt")),
    "__ge__": _binary(_two("ge")),
    "__eq__": _binary(_two("eq")),
    "__ne__": _binary(_two("ne")),
}
