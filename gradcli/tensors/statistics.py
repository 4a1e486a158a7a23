"""Statistics of samples: covariances, spreads, quantiles, counts, what is without NaN."""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors import dtypes
from gradcli.tensors.creation import finished
from gradcli.tensors.picking import along, axis_of, picked
from gradcli.tensors.record import made, operation, renamed
from gradcli.tensors.shapes import stack
from gradcli.tensors.tensor import Tensor
from gradcli.tensors.worded import nansum


class Extremes(NamedTuple):
    """What `aminmax` gives."""

    min: Tensor
    max: Tensor

    def __repr__(self) -> str:
        return f"torch.return_types.aminmax(\nmin={self.min!r},\nmax={self.max!r})"


def _observations(input: Tensor, weights: Tensor | None, name: str) -> None:
    """Raises RuntimeError for weights that are not one number an observation."""
    if weights is None:
        return
    count = input.shape[-1] if input.ndim else 1
    if weights.ndim > 1:
        raise RuntimeError(f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
                           f"{weights.ndim} dimensions")  # fmt: skip
    if weights.numel() != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{weights.numel()} != {count}"
        )
    if (np.asarray(weights.value) < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(
    input: Tensor, *, correction: float = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """The covariances of variables (rows) over observations (columns); a vector is one variable.

    fweights: how often each observation stands there; aweights: how much it counts. Raises RuntimeError for more than
    two axes and weights that do not fit.

    >>> import gradcli as torch
    >>> cov(torch.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if input.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions"
        )
    if input.dtype is dtypes.bool_:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    _observations(input, fweights, "fweights")
    _observations(input, aweights, "aweights")
    x = input if input.ndim == 2 else input.reshape(1, -1)
    weights = fweights if aweights is None else aweights if fweights is None else fweights * aweights
    if weights is None:
        mean, factor = x.sum(1) / x.shape[1], x.shape[1] - correction
    else:
        total = weights.sum()
        mean = (x * weights).sum(1) / total
        shrink = 1 if aweights is None or not correction else (weights * aweights).sum() / total
        factor = total - correction * shrink
    if float(factor) <= 0:
        warnings.warn(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.",
            UserWarning,
            stacklevel=2,
        )
        factor = 0
    centred = x - mean.unsqueeze(1)
    product = centred @ (centred if weights is None else centred * weights).t()
    return (product / factor).squeeze()


def corrcoef(input: Tensor) -> Tensor:
    """The correlations of variables (rows) over observations (columns). Raises RuntimeError for more than two axes."""
    if input.ndim > 2:
        raise RuntimeError(
            f"corrcoef(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions"
        )
    c = cov(input)
    if not c.ndim:
        return c / c
    spread = c.diagonal().sqrt()
    return renamed((c / spread.reshape(-1, 1) / spread.reshape(1, -1)).clamp(-1, 1), "ClampBackward1")


def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The mean of what is a number."""
    numbers = input.isnan().logical_not()
    return nansum(input, dim, keepdim) / numbers.sum(dim, keepdim)


def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element of what is a number, the lower one of two; along an axis (values, indices)."""
    source = input.reshape(-1) if dim is None else input
    axis = 0 if dim is None else axis_of(input, dim)
    values = np.asarray(source.value)
    counts = (values == values).sum(axis, keepdims=True)
    order = np.argsort(values, axis, kind="stable")
    places = np.take_along_axis(order, np.maximum(counts - 1, 0) // 2, axis)
    name = f"NanmedianBackward{int(dim is not None)}"
    found = along(source, places, axis, name)
    if dim is None:
        return renamed(found.sum(), name)
    flat = found if keepdim else renamed(found.squeeze(axis), name)
    return picked("nanmedian", flat, finished(places if keepdim else np.squeeze(places, axis)))


def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Any:
    """(values, indices) of the most frequent element along an axis: the smallest of several, its last place."""
    axis = axis_of(input, dim)
    moved = np.moveaxis(np.asarray(input.value), axis, -1)
    places = np.empty(moved.shape[:-1], np.int64)
    for at in np.ndindex(places.shape):
        values, counts = np.unique(moved[at], return_counts=True)
        places[at] = np.flatnonzero(moved[at] == values[np.argmax(counts)])[-1]
    places = np.expand_dims(places, axis)
    found = along(input, places, axis, "ModeBackward0")
    flat = found if keepdim else renamed(found.squeeze(axis), "ModeBackward0")
    return picked("mode", flat, finished(places if keepdim else np.squeeze(places, axis)))


def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Extremes:
    """(smallest, largest) of all elements or along an axis."""
    ends = [operation(TABLE[row], (input, dim, int(keepdim)), "AminmaxBackward0") for row in ("amin", "amax")]
    return Extremes(*ends)


def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements are in each of so many equal parts of min to max; without these of all of them.

    Raises RuntimeError where max is below min.
    """
    values = np.asarray(input.value).ravel()
    low, high = (min, max) if min != max else (values.min(initial=np.inf), values.max(initial=-np.inf))
    if low == high:
        low, high = low - 1, high + 1
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return made(np.histogram(values, bins, (low, high))[0].astype(input.dtype.numpy))


def quantile(input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The q-th quantile, linear between neighbours. Raises RuntimeError for a q that is not from 0 to 1."""
    at = q.item() if isinstance(q, Tensor) and not q.ndim else q
    if isinstance(at, Tensor):
        return renamed(stack([quantile(input, float(v), dim, keepdim) for v in at.tolist()]), "SqueezeBackward4")
    if not 0 <= at <= 1:
        raise RuntimeError("quantile() q must be in the range [0, 1]")
    source, axis = (input.reshape(-1), 0) if dim is None else (input, axis_of(input, dim))
    ordered = source.sort(axis).values
    place = at * (source.shape[axis] - 1)
    low, high = ordered.select(axis, math.floor(place)), ordered.select(axis, math.ceil(place))
    result = low + (high - low) * (place - math.floor(place))
    return renamed(result.unsqueeze(axis) if keepdim and dim is not None else result, "SqueezeBackward4")


def std_mean(input: Tensor, dim: Any = None, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """(standard deviation, mean)."""
    return _with_mean(input.std(dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim=keepdim), "Std")


def var_mean(input: Tensor, dim: Any = None, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """(variance, mean)."""
    return _with_mean(input.var(dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim=keepdim), "Var")


def _with_mean(spread: Tensor, mean: Tensor, name: str) -> tuple[Tensor, Tensor]:
    return renamed(spread, f"{name}MeanBackward0"), renamed(mean, f"{name}MeanBackward0")


FUNCTIONS: dict[str, Any] = {
    "cov": cov, "corrcoef": corrcoef, "nanmean": nanmean, "nanmedian": nanmedian, "mode": mode, "aminmax": aminmax,
    "histc": histc, "quantile": quantile,
}  # fmt: skip
NAMES: dict[str, Any] = {"std_mean": std_mean, "var_mean": var_mean}
