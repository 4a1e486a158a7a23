"""Questions that elements and tensors answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.functions import named
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


def _asked(name: str, about: str) -> Callable[[Tensor], Tensor]:
    function = getattr(np, name)
    return named(lambda input: made(np.asarray(function(input.value))), name, about)


def _of_two(name: str, about: str) -> Callable[[Tensor, Tensor], Tensor]:
    function = getattr(np, name)
    return named(lambda input, other: made(np.asarray(function(input.value, other.value))), name, about)


def is_nonzero(input: Tensor) -> bool:
    """Is the one element not 0? Raises RuntimeError for more elements, or none."""
    if input.numel() != 1:
        raise RuntimeError("Boolean value of Tensor with " + ("more than one" if input.numel() else "no")
                           + " value is ambiguous")  # fmt: skip
    return bool(input.item())


def is_complex(input: Tensor) -> bool:
    """Are the elements complex? They never are here."""
    return False


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Have two tensors the same shape?"""
    return input.shape == other.shape


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Which elements are equal to within atol + rtol*abs(other)."""
    return made(np.asarray(np.isclose(input.value, other.value, rtol, atol, equal_nan)))


def allclose(x: Tensor, y: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Are all elements equal to within atol + rtol*abs(y)?"""
    return bool(np.allclose(x.value, y.value, rtol, atol, equal_nan))


def equal(x: Tensor, y: Tensor) -> bool:
    """Do two tensors have one shape and the same elements?"""
    return bool(np.array_equal(x.value, y.value))


def is_floating_point(input: Tensor) -> bool:
    """Are the elements floats?"""
    return input.dtype.is_floating_point


def numel(input: Tensor) -> int:
    """How many elements."""
    return input.numel()


def stride(self: Tensor, dim: int | None = None) -> Any:
    """How far apart in memory neighbours along each axis are, in elements."""
    value = self.array()
    steps = tuple(n // value.itemsize for n in value.strides)
    return steps if dim is None else steps[dim]


FUNCTIONS: dict[str, Any] = {
    "signbit": _asked("signbit", "Has it a minus, -0 too?"), "isposinf": _asked("isposinf", "Is it +inf?"),
    "isneginf": _asked("isneginf", "Is it -inf?"), "isreal": _asked("isreal", "Is it a real number?"),
    "isnan": _asked("isnan", "Is it no number?"), "isinf": _asked("isinf", "Is it infinite?"),
    "isfinite": _asked("isfinite", "Is it a finite number?"), "equal": equal, "allclose": allclose,
    "gcd": _of_two("gcd", "The greatest common divisor"), "lcm": _of_two("lcm", "The least common multiple"),
    "is_nonzero": is_nonzero, "is_complex": is_complex, "is_same_size": is_same_size,
    "isclose": isclose,
}  # fmt: skip
NAMES: dict[str, Any] = {"is_floating_point": is_floating_point, "numel": numel}
METHODS: dict[str, Any] = {
    "stride": stride, "is_contiguous": lambda self: self.array().flags.c_contiguous, "nelement": Tensor.numel,
    "ndimension": Tensor.dim, "element_size": lambda self: self.dtype.itemsize,
    "is_floating_point": is_floating_point, "data_ptr": lambda self: self.array().ctypes.data,
}  # fmt: skip
