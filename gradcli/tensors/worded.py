"""Functions with words of PyTorch's that their row of the table does not have, and a few that are two rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.tensors.functions import FUNCTIONS as ROWS
from gradcli.tensors.record import renamed
from gradcli.tensors.shapes import flip
from gradcli.tensors.tensor import Tensor


def _scaled(name: str) -> Any:
    row = ROWS[name]

    def function(input: Any, other: Any, *, alpha: float = 1) -> Tensor:
        return row(input, other if alpha == 1 else other * alpha)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{name} of the first and alpha times the second."
    return function


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """The quotient, on request rounded: `trunc` towards 0, `floor` down. Raises RuntimeError for another mode."""
    quotient = ROWS["div"](input, other)
    if rounding_mode is None:
        return quotient
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '" + f"{rounding_mode}'"
        )
    rounded = renamed(ROWS[rounding_mode](quotient), "DivBackward2")
    given = [x.dtype.is_floating_point if isinstance(x, Tensor) else isinstance(x, float) for x in (input, other)]
    return rounded if any(given) else rounded.long()


def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest whole number, half to even; or to so many decimals."""
    if not decimals:
        return ROWS["round"](input)
    return renamed(ROWS["round"](input * 10.0**decimals) / 10.0**decimals, "RoundBackward1")


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """The larger of each element and min."""
    return renamed(ROWS["clamp"](input, min), "ClampMinBackward0")


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """The smaller of each element and max."""
    return renamed(ROWS["clamp"](input, -np.inf, max), "ClampMaxBackward0")


def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of products along the last axes."""
    return renamed(input @ other.transpose(-1, -2) if other.ndim > 1 else input @ other, "ViewBackward0")


def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product of two matrices."""
    (a, b), (c, d) = input.shape, other.shape
    return (input.reshape(a, 1, b, 1) * other.reshape(1, c, 1, d)).reshape(a * c, b * d)


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The sum of what is a number."""
    return input.masked_fill(input.isnan(), 0.0).sum(dim, keepdim)


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order."""
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order."""
    return flip(input, 0)


class finfo:  # noqa: N801 - PyTorch's name
    """The limits of a type of floats: `eps`, `max`, `min`, `tiny`."""

    def __init__(self, type: Any) -> None:
        found = np.finfo(type.numpy)
        self.bits, self.eps = found.bits, float(found.eps)
        self.max, self.min, self.tiny = float(found.max), float(found.min), float(found.tiny)


FUNCTIONS: dict[str, Any] = {
    "add": _scaled("add"), "sub": _scaled("sub"), "subtract": _scaled("sub"), "div": div, "divide": div,
    "round": round_, "clamp_min": clamp_min, "clamp_max": clamp_max, "inner": inner, "nansum": nansum,
    "fliplr": fliplr, "flipud": flipud,
}  # fmt: skip
NAMES: dict[str, Any] = {"kron": kron, "finfo": finfo, "detach": Tensor.detach}
