"""Questions that elements and tensors answer, and whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.functions import named
from gradcli.tensors.record import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.tensor import Tensor


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


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements, or the parts along an axis, without those that equal the one before."""
    x = np.asarray(input.value)
    rows = x.reshape(-1) if dim is None else np.moveaxis(x, dim, 0)
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).reshape(max(len(rows) - 1, 0), -1).any(1)
    found = [made(rows[new] if dim is None else np.moveaxis(rows[new], 0, dim))]
    group = np.cumsum(new) - 1
    if return_inverse:
        found.append(made(group.reshape(x.shape) if dim is None else group))
    if return_counts:
        found.append(made(np.bincount(group, minlength=0)))
    return found[0] if len(found) == 1 else tuple(found)


FUNCTIONS: dict[str, Any] = {
    "signbit": _asked("signbit", "Has it a minus, -0 too?"), "isposinf": _asked("isposinf", "Is it +inf?"),
    "isneginf": _asked("isneginf", "Is it -inf?"), "isreal": _asked("isreal", "Is it a real number?"),
    "gcd": _of_two("gcd", "The greatest common divisor"), "lcm": _of_two("lcm", "The least common multiple"),
    "is_nonzero": is_nonzero, "is_complex": is_complex, "is_same_size": is_same_size,
    "unique_consecutive": unique_consecutive,
}  # fmt: skip
