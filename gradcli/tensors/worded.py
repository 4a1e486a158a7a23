"""Functions with words of PyTorch's that their row of the table does not have, and a few that are two rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradcli.tensors.detached import detach
from gradcli.tensors.dtypes import Default
from gradcli.tensors.functions import FUNCTIONS as ROWS
from gradcli.tensors.record import made, renamed
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
    if not input.dtype.is_floating_point:
        return input.clone()
    if not decimals:
        return ROWS["round"](input)
    return renamed(ROWS["round"](input * 10.0**decimals) / 10.0**decimals, "RoundBackward1")


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Each element, but at least min and at most max. Raises RuntimeError without both."""
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    ends: Any = (-np.inf, np.inf)
    if input.dtype.category == 1:
        known = np.iinfo(input.dtype.numpy)
        ends = (int(known.min), int(known.max))
    return ROWS["clamp"](input, ends[0] if min is None else min, ends[1] if max is None else max)


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """The larger of each element and min."""
    return renamed(clamp(input, min), "ClampMinBackward0")


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """The smaller of each element and max."""
    return renamed(clamp(input, max=max), "ClampMaxBackward0")


def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of products along the last axes."""
    return renamed(input @ other.transpose(-1, -2) if other.ndim > 1 else input @ other, "ViewBackward0")


def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product."""
    n = max(input.ndim, other.ndim)
    x, y = [(1,) * (n - t.ndim) + t.shape for t in (input, other)]
    spread = [input.reshape([k for a in x for k in (a, 1)]), other.reshape([k for b in y for k in (1, b)])]
    return (spread[0] * spread[1]).reshape([a * b for a, b in zip(x, y, strict=True)])


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The sum of what is a number."""
    return (input.masked_fill(input.isnan(), 0.0) if input.dtype.is_floating_point else input).sum(dim, keepdim)


def copysign(input: Any, other: Any) -> Tensor:
    """The size of the first with the sign of the second."""
    sign = np.copysign(1.0, other.value if isinstance(other, Tensor) else other)
    return renamed(abs(input) * (made(sign) if np.ndim(sign) else float(sign)), "CopysignBackward0")


def _extreme(name: str, sign: str) -> Any:
    compared = ROWS[sign]

    def extreme(input: Tensor, other: Tensor) -> Tensor:
        first = ROWS["logical_or"](compared(input, other), other.isnan())  # of equals it is the first
        return renamed(input.where(first, other), f"F{name}Backward0")

    extreme.__name__ = extreme.__qualname__ = f"f{name}"
    extreme.__doc__ = f"The {name} of two, or of one that is a number."
    return extreme


def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the gamma function of p dimensions. Raises RuntimeError where x <= (p - 1)/2."""
    if (np.asarray(input.value) <= (p - 1) / 2).any():
        raise RuntimeError("All elements must be greater than (p-1)/2")
    terms = ROWS["lgamma"](input.unsqueeze(-1) - made((np.arange(p) / 2).astype(input.dtype.numpy))).sum(-1)
    return renamed(terms + p * (p - 1) / 4 * math.log(math.pi), "MvlgammaBackward0")


def ldexp(input: Any, other: Any) -> Tensor:
    """input times 2 to the power other."""
    return input * ROWS["exp2"](other if isinstance(other, Tensor) else made(float(other)))


def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """log2(2**input + 2**other) without overflow."""
    both = ROWS["logaddexp"](input * math.log(2), other * math.log(2))
    return renamed(both / math.log(2), "Logaddexp2Backward0")


def rsub(input: Tensor, other: Any, *, alpha: float = 1) -> Tensor:
    """other less alpha times the tensor."""
    return other - (input if alpha == 1 else input * alpha)


def positive(input: Tensor) -> Tensor:
    """The tensor itself. Raises RuntimeError for truths."""
    if not input.dtype.category:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """The tensor with each part along an axis brought to a p-norm of at most maxnorm."""
    rest = tuple(k for k in range(input.ndim) if k != dim % input.ndim)
    sizes = input.norm(p, rest, True)
    factor = ROWS["where"](sizes > maxnorm, maxnorm / (sizes + 1e-7), 1.0)
    return renamed(input * factor, "RenormBackward0")


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order."""
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order."""
    return flip(input, 0)


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """input + weight*(end - input)."""
    return renamed(input + weight * (end - input), "LerpBackward1" if isinstance(weight, Tensor) else "LerpBackward0")


def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Numbers in place of NaN and the infinities."""
    if not input.dtype.is_floating_point:
        return input.clone()
    value, limits = np.asarray(input.value), np.finfo(input.dtype.numpy)
    for mask, put in (
        (np.isnan(value), nan),
        (value == math.inf, float(limits.max) if posinf is None else posinf),
        (value == -math.inf, float(limits.min) if neginf is None else neginf),
    ):
        input = input.masked_fill(made(np.asarray(mask)), put)
    return renamed(input, "NanToNumBackward0")


class finfo:  # noqa: N801 - PyTorch's name
    """The limits of a type of floats: `eps`, `max`, `min`, `tiny`. Raises TypeError for other types."""

    def __init__(self, type: Any = None) -> None:
        type = Default.dtype if type is None else type
        if not type.is_floating_point:
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle '{type!r}'")
        found = np.finfo(type.numpy)
        self.dtype, self.bits, self.eps, self.resolution = (
            type.name,
            found.bits,
            float(found.eps),
            10.0**-found.precision,
        )
        self.max, self.min, self.tiny = float(found.max), float(found.min), float(found.tiny)
        self.smallest_normal = self.tiny

    def __repr__(self) -> str:
        shown = [f"{k}={getattr(self, k):g}" for k in ("resolution", "min", "max", "eps", "smallest_normal", "tiny")]
        return f"finfo({', '.join(shown)}, dtype={self.dtype})"


class iinfo:  # noqa: N801 - PyTorch's name
    """The limits of a type of integers: `min`, `max`, `bits`. Raises TypeError for other types."""

    def __init__(self, type: Any) -> None:
        if type.is_floating_point:
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{type!r}'")
        found = np.iinfo(type.numpy)
        self.dtype, self.bits, self.min, self.max = type.name, found.bits, int(found.min), int(found.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


FUNCTIONS: dict[str, Any] = {
    "ldexp": ldexp, "logaddexp2": logaddexp2, "rsub": rsub, "renorm": renorm, "positive": positive,
    "add": _scaled("add"), "sub": _scaled("sub"), "subtract": _scaled("sub"), "div": div, "divide": div,
    "round": round_, "clamp": clamp, "clip": clamp, "clamp_min": clamp_min, "clamp_max": clamp_max, "inner": inner,
    "nansum": nansum, "mvlgamma": mvlgamma, "copysign": copysign, "fmax": _extreme("max", "ge"),
    "fmin": _extreme("min", "le"), "fliplr": fliplr, "flipud": flipud,
    "lerp": lerp, "nan_to_num": nan_to_num, "kron": kron,
}  # fmt: skip
NAMES: dict[str, Any] = {"finfo": finfo, "iinfo": iinfo, "detach": detach}
