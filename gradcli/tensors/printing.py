"""Tensors as text, exactly as PyTorch prints them by default: 4 decimals, lines of 80, 1000 elements in full."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.history import LEAF
from gradcli.tensors.tensor import Tensor

PREFIX = "tensor("


class Options:
    """How tensors are printed; `set_printoptions` changes it."""

    precision = 4
    threshold = 1_000  # beyond this many elements only the edges are shown
    edgeitems = 3
    linewidth = 80
    sci_mode: bool | None = None  # None: where the sizes of the numbers ask for it


_PROFILES: dict[str, tuple[int, float, int, int]] = {
    "default": (4, 1_000, 3, 80), "short": (2, 1_000, 2, 80), "full": (4, math.inf, 3, 80),
}  # fmt: skip


def set_printoptions(
    precision: int | None = None, threshold: float | None = None, edgeitems: int | None = None,
    linewidth: int | None = None, profile: str | None = None, sci_mode: bool | None = None,
) -> None:  # fmt: skip
    """Say how tensors are printed: digits, from how many elements on in part, how many at the edges, the line's width.

    profile: `default`, `short` or `full` begin anew; sci_mode: with an exponent always (True) or never (False).
    """
    if profile is not None:
        Options.precision, Options.threshold, Options.edgeitems, Options.linewidth = _PROFILES[profile]  # type: ignore[assignment]
    for name, value in (
        ("precision", precision), ("threshold", threshold), ("edgeitems", edgeitems), ("linewidth", linewidth),
    ):  # fmt: skip
        if value is not None:
            setattr(Options, name, value)
    Options.sci_mode = sci_mode


def text_of(tensor: Tensor) -> str:
    """`tensor([1., 2.], requires_grad=True)`, as PyTorch writes it."""
    value = np.asarray(tensor.value)
    dtype = tensor.dtype
    suffixes = []
    if value.size == 0:
        body = "[]"
        if value.ndim != 1:
            suffixes.append(f"size={value.shape}")
        if dtype is not dtypes.Default.dtype:
            suffixes.append(f"dtype={dtype}")
    else:
        summarize = value.size > Options.threshold
        number = _Number(_edges(value) if summarize else value)
        body = _nested(value, len(PREFIX), summarize, number)
        if dtype not in (dtypes.Default.dtype, dtypes.int64, dtypes.bool_):
            suffixes.append(f"dtype={dtype}")
    if tensor.op is LEAF:
        suffixes.append("requires_grad=True")
    elif tensor.op is not None:
        suffixes.append(f"grad_fn=<{tensor.grad_fn.shown()}>")
    return _with_suffixes(PREFIX + body, suffixes)


class _Number:
    """How the numbers of one tensor are written: all in one way, to one width."""

    def __init__(self, values: np.ndarray) -> None:
        self.is_float = values.dtype.kind == "f"
        self.whole, self.scientific = True, False
        self.width = 1
        if not self.is_float:
            self.width = max(len(str(v)) for v in values.ravel().tolist())
            return
        shown = values[np.isfinite(values) & (values != 0)].astype(np.float64)
        if not shown.size:
            return
        sizes = np.abs(shown)
        smallest, largest = float(sizes.min()), float(sizes.max())
        self.whole = bool((shown == np.ceil(shown)).all())
        self.scientific = largest > 1000.0 * smallest or largest > 1.0e8 or smallest < 1.0e-4
        if Options.sci_mode is not None:
            self.scientific = Options.sci_mode
        texts = [self._text(v) for v in shown.tolist()]
        self.width = max(map(len, texts))

    def _text(self, value: float) -> str:
        if self.scientific:
            return f"{value:.{Options.precision}e}"
        if self.whole:
            return f"{value:.0f}" + ("." if math.isfinite(value) else "")
        return f"{value:.{Options.precision}f}"

    def text(self, value: Any) -> str:
        return (self._text(value) if self.is_float else str(value)).rjust(self.width)


def _edges(values: np.ndarray) -> np.ndarray:
    """The elements that are shown of a large array."""
    for axis, n in enumerate(values.shape):
        if n > 2 * Options.edgeitems:
            values = np.take(values, [*range(Options.edgeitems), *range(n - Options.edgeitems, n)], axis=axis)
    return values


def _nested(values: np.ndarray, indent: int, summarize: bool, number: _Number) -> str:
    if values.ndim == 0:
        return number.text(values.item())
    cut = summarize and len(values) > 2 * Options.edgeitems
    rows = [*values[: Options.edgeitems], *values[-Options.edgeitems :]] if cut else list(values)
    if values.ndim == 1:
        parts = [number.text(v.item()) for v in rows]
        if cut:
            parts.insert(Options.edgeitems, " ...")
        room = max(1, (Options.linewidth - indent) // (number.width + 2))
        lines = [", ".join(parts[i : i + room]) for i in range(0, len(parts), room)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    parts = [_nested(row, indent + 1, summarize, number) for row in rows]
    if cut:
        parts.insert(Options.edgeitems, "...")
    return "[" + ("," + "\n" * (values.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def _with_suffixes(text: str, suffixes: list[str]) -> str:
    length = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if length + len(suffix) + 2 > Options.linewidth:
            text += ",\n" + " " * len(PREFIX) + suffix
            length = len(PREFIX) + len(suffix)
        else:
            text += ", " + suffix
            length += len(suffix) + 2
    return text + ")"


METHODS = {"__repr__": text_of}
