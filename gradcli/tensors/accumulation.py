"""Gradients in the shape of their tensor, and how they are added to `.grad`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradcli.tensors.grad_mode import set_grad_enabled
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor, share_versions


def shaped(value: Any, like: Tensor, fresh: bool = False) -> Any:
    """A gradient in the shape and type of its tensor, in memory of its own."""
    x = like.value
    if type(x) is float:
        return float(value)
    if type(value) is np.ndarray and value.dtype is x.dtype and value.shape == x.shape:
        return value if fresh and value.base is None else value.copy()
    out = np.empty(x.shape, x.dtype)
    out[...] = value
    return out


def accumulate(tensor: Tensor, gradient: Any, fresh: bool, create_graph: bool) -> None:
    """Add a gradient to `.grad`: into its memory, but where the sum may be differentiated again."""
    known = tensor._grad
    if create_graph:
        gradient = gradient if isinstance(gradient, Tensor) else made(shaped(gradient, tensor))
        with set_grad_enabled(True):
            tensor._grad = gradient if known is None else known + gradient
        return
    value = gradient.value if isinstance(gradient, Tensor) else gradient
    if known is None:
        tensor._grad = made(shaped(value, tensor, fresh))
        return
    if type(known.value) is float:
        known.value += float(value)
    else:
        total = known.value
        total += value
    share_versions(known).count += 1


def all_finite(values: list[Any]) -> bool:
    """False too where a sum of squares is beyond the largest float."""
    return all(math.isfinite(v if type(v) is float else np.vdot(v, v)) for v in values)
