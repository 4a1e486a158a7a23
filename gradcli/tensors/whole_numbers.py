"""Operators of whole numbers and truths, which nothing is differentiated by: bits, shifts, floor division."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.functions import named
from gradcli.tensors.inplace import replaced
from gradcli.tensors.record import made, operand
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

_BITS: dict[str, tuple[str, str]] = {
    "and": ("bitwise_and", "&"), "or": ("bitwise_or", "|"), "xor": ("bitwise_xor", "^"),
    "lshift": ("left_shift", "<<"), "rshift": ("right_shift", ">>"),
}  # fmt: skip


def _combined(function: Any, x: Any, y: Any, *, floats: str = "") -> Any:
    """The NumPy function of two operands of one type. Raises NotImplementedError for floats where `floats` is a name.

    NotImplemented where an operand is no number.
    """
    first = x if isinstance(x, Tensor) else y
    values = []
    for v in (x, y):
        given = v if isinstance(v, Tensor) else operand(v, first)
        if given is None:
            return NotImplemented
        values.append(given.value)
    kind = dtypes.common([np.asarray(v) if type(v) is float or isinstance(v, np.ndarray) else v for v in values])
    if floats and kind.is_floating_point:
        raise NotImplementedError(f"\"{floats}_cpu\" not implemented for '{dtypes.SCALAR[kind.name]}'")
    token = set_errors(IGNORE)
    try:
        result = np.asarray(function(*[np.asarray(v).astype(kind.numpy) for v in values]))
    except TypeError:
        raise RuntimeError(f"\"{function.__name__}_cpu\" not implemented for '{dtypes.SCALAR[kind.name]}'") from None
    finally:
        reset_errors(token)
    return made(float(result) if not result.ndim and result.dtype == dtypes.F64 else result)


def floor_divide(input: Any, other: Any) -> Any:
    """The quotient rounded down. Raises RuntimeError for whole numbers over 0."""
    divisor = other.value if isinstance(other, Tensor) else other
    given = [v.dtype.category if isinstance(v, Tensor) else 2 * isinstance(v, float) for v in (input, other)]
    if max(given) < 2 and not isinstance(divisor, str) and np.any(np.asarray(divisor) == 0):
        raise RuntimeError("ZeroDivisionError")
    return _combined(np.floor_divide, input, other)


def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned; of truths the opposite. Raises TypeError for floats."""
    if input.dtype.is_floating_point:
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return made(np.asarray(np.invert(input.value)))


def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Is just one of two not 0?"""
    return made(np.asarray(np.logical_xor(input.value, other.value)))


def _bitwise(name: str, sign: str) -> Callable[..., Any]:
    function = getattr(np, name)
    called = f"bitwise_{name}" if "shift" in name else name
    return named(
        lambda input, other: _combined(function, input, other, floats=called), called, f"x {sign} y, bit by bit"
    )


def _swapped(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: function(other, self)


def _written(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: replaced(self, lambda old: function(old, other))


_OPERATORS = {**{key: _bitwise(*names) for key, names in _BITS.items()}, "floordiv": floor_divide}

FUNCTIONS: dict[str, Any] = {
    **{f.__name__: f for f in _OPERATORS.values()}, "bitwise_not": bitwise_not, "logical_xor": logical_xor,
}  # fmt: skip
METHODS: dict[str, Any] = {
    **{f"__{key}__": f for key, f in _OPERATORS.items()},
    **{f"__r{key}__": _swapped(f) for key, f in _OPERATORS.items()},
    **{f"__i{key}__": _written(f) for key, f in _OPERATORS.items()},
    "__invert__": bitwise_not,
    "__imod__": _written(lambda old, other: old % other),
    "__imatmul__": _written(lambda old, other: old @ other),
}
