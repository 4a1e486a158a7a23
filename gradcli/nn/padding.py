"""Tensors made wider at their ends: `functional.pad`, and the modules that do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.nn.module import Module
from gradcli.tensors.creation import full
from gradcli.tensors.indexing import get
from gradcli.tensors.record import made, renamed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.tensors.tensor import Tensor


def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """More elements at the ends of the last axes: `(before, after)` of the last, then of the last but one, ...

    mode: `constant` (the value, 0), `reflect`, `replicate` or `circular`; a negative number takes elements away.
    Raises RuntimeError, NotImplementedError, ValueError for what does not fit.

    >>> import gradcli as torch
    >>> pad(torch.tensor([[1.0, 2.0]]), (1, 2), value=9.0)
    tensor([[9., 1., 2., 9., 9.]])
    """
    ends = [int(n) for n in pad]
    _check(input, ends, mode, value)
    pairs = list(zip(ends[::2], ends[1::2], strict=True))[::-1]
    lead = input.ndim - len(pairs)
    lengths = [n + before + after for n, (before, after) in zip(input.shape[lead:], pairs, strict=True)]
    if min(lengths, default=0) < 0:
        raise RuntimeError(
            f"The input size {list(input.shape)}, plus negative padding {ends}, resulted in a negative output size: "
            f"{[*input.shape[:lead], *lengths]}"
        )
    if not input.numel():
        return full((*input.shape[:lead], *lengths), value or 0, dtype=input.dtype)
    places = [_places(n, before, after, mode) for n, (before, after) in zip(input.shape[lead:], pairs, strict=True)]
    inside = [np.clip(p, 0, n - 1) for p, n in zip(places, input.shape[lead:], strict=True)]
    found = get(input, (..., *map(made, np.ix_(*inside)))) if inside else input.clone()
    if mode != "constant":
        name = {"reflect": "Reflection", "replicate": "Replication"}.get(mode)
        return renamed(found, f"{name}Pad{len(pairs)}DBackward0") if name else found
    outside: Any = np.zeros((1,) * len(pairs), bool)
    for p, q in zip(np.ix_(*places), np.ix_(*inside), strict=True):
        outside = outside | (p != q)
    return renamed(found.masked_fill(made(outside), value or 0), "ConstantPadNdBackward0")


def _places(length: int, before: int, after: int, mode: str) -> np.ndarray:
    """Where each element of a wider axis comes from; beyond the ends for what comes from nowhere."""
    places = np.arange(-before, length + after)
    if mode == "reflect":
        places = np.abs(places)
        return np.where(places >= length, 2 * (length - 1) - places, places)
    return places % length if mode == "circular" else places


def _check(input: Tensor, ends: list[int], mode: str, value: float | None) -> None:
    if len(ends) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(ends) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(ends)} and input of dimension {input.ndim}"
        )
    if mode == "constant":
        return
    if value:
        raise ValueError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in ("reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if input.ndim - len(ends) // 2 not in (1, 2):
        raise NotImplementedError("Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now")
    for k in range(0, len(ends), 2):
        axis = input.ndim - 1 - k // 2
        if mode == "reflect" and max(ends[k], ends[k + 1]) >= input.shape[axis]:
            raise RuntimeError(
                f"Argument #{4 + k}: Padding size should be less than the corresponding input dimension, but got: "
                f"padding ({ends[k]}, {ends[k + 1]}) at dimension {axis} of input {list(input.shape)}"
            )
        if mode == "circular" and max(ends[k], ends[k + 1]) > input.shape[axis]:
            raise RuntimeError("Padding value causes wrapping around more than once.")


class _Pad(Module):
    """Padding of the last axes, of the same width at all ends or of these."""

    _axes = 1
    _mode = "constant"

    def __init__(self, padding: Any) -> None:
        super().__init__()
        self.padding = (padding,) * (2 * self._axes) if isinstance(padding, int) else tuple(padding)
        self.value = 0.0

    def extra_repr(self) -> str:
        return f"{self.padding}"

    def forward(self, input: Tensor) -> Tensor:
        return pad(input, self.padding, self._mode, self.value if self._mode == "constant" else None)


class ConstantPad1d(_Pad):
    """One number at the ends of the last axis."""

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad2d(ConstantPad1d):
    """One number at the ends of the last two axes."""

    _axes = 2


class ZeroPad1d(_Pad):
    """Zeros at the ends of the last axis."""


class ZeroPad2d(_Pad):
    """Zeros at the ends of the last two axes."""

    _axes = 2


class ReflectionPad1d(_Pad):
    """The last axis mirrored at its ends."""

    _mode = "reflect"


class ReflectionPad2d(ReflectionPad1d):
    """The last two axes mirrored at their ends."""

    _axes = 2


class ReplicationPad1d(_Pad):
    """The last axis with its ends repeated."""

    _mode = "replicate"


class ReplicationPad2d(ReplicationPad1d):
    """The last two axes with their ends repeated."""

    _axes = 2


class CircularPad1d(_Pad):
    """The last axis going round."""

    _mode = "circular"
