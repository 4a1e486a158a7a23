"""What is known up to each place along an axis: extremes, products, sums of exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors.picking import Picked, along, axis_of, picked
from gradcli.tensors.record import made, operation, renamed
from gradcli.tensors.tensor import Tensor


def _running(kind: str) -> Any:
    better = np.greater_equal if kind == "cummax" else np.less_equal

    def running(input: Tensor, dim: int) -> Picked:
        dim = axis_of(input, dim)
        values = np.moveaxis(np.asarray(input.value), dim, 0)
        places = np.zeros(values.shape, np.int64)
        for k in range(1, len(values)):
            best = np.take_along_axis(values, places[k - 1 : k], 0)[0]
            places[k] = np.where(better(values[k], best) | (values[k] != values[k]), k, places[k - 1])
        places = np.moveaxis(places, 0, dim)
        return picked(kind, along(input, places, dim, f"{kind.capitalize()}Backward0"), made(places))

    running.__name__ = running.__qualname__ = kind
    running.__doc__ = f"(values, indices) of the {kind[3:]}imum up to each place along an axis."
    return running


def _rows(input: Tensor, axis: int, beyond: float) -> Tensor:
    """For each place along an axis, as the last, the elements up to it, and beyond it this number."""
    moved = input.movedim(axis, -1)
    count = moved.shape[-1]
    mask = made(np.broadcast_to(np.tri(count, dtype=bool), (*moved.shape, count)).copy())
    return operation(TABLE["where"], (mask, moved.unsqueeze(-2).expand(*moved.shape[:-1], count, count), beyond))


def cumprod(input: Tensor, dim: int) -> Tensor:
    """The products up to each place along an axis."""
    axis = axis_of(input, dim)
    rows = _rows(input, axis, 1.0)
    rows = rows if input.dtype.is_floating_point else rows.to(input.dtype)
    return renamed(rows.prod(-1).movedim(-1, axis), "CumprodBackward0")


def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """log(cumsum(exp(x))) along an axis, without overflow."""
    axis = axis_of(input, dim)
    return renamed(_rows(input, axis, -np.inf).logsumexp(-1).movedim(-1, axis), "LogcumsumexpBackward0")


FUNCTIONS: dict[str, Any] = {
    "cummax": _running("cummax"), "cummin": _running("cummin"), "cumprod": cumprod, "logcumsumexp": logcumsumexp,
}  # fmt: skip
