"""Activations in pieces: straight lines and thresholds, and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.nn.written import may_write
from gradcli.tensors.creation import full
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.random import uniform_
from gradcli.tensors.record import made, renamed

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor

_clamp, _where, _elu = NAMES["clamp"], NAMES["where"], NAMES["elu"]


@may_write
def threshold(input: Tensor, threshold: float, value: float) -> Tensor:
    """x above the threshold, else the value."""
    return renamed(_where(input > threshold, input, value), "ThresholdBackward0")


@may_write
def hardsigmoid(input: Tensor) -> Tensor:
    """x/6 + 1/2 between 0 and 1; flat at both ends."""
    inside = (input > -3) & (input < 3)
    return renamed(_where(inside, input / 6 + 0.5, (input >= 3).to(input.dtype)), "HardsigmoidBackward0")


@may_write
def hardswish(input: Tensor) -> Tensor:
    """x*hardsigmoid(x)."""
    middle = _where(input <= -3, input * 0, input * (input + 3) / 6)
    return renamed(_where(input >= 3, input, middle), "HardswishBackward0")


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x, 0 from -lambd to lambd."""
    inside = (input >= -lambd) & (input <= lambd)
    return renamed(input.masked_fill(inside, 0.0), "HardshrinkBackward0")


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved by lambd towards 0, 0 from -lambd to lambd. Raises RuntimeError for a negative lambd."""
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")
    inside = (input >= -lambd) & (input <= lambd)
    moved = _where(inside, input * 0, input - lambd * input.detach().sign())
    return renamed(moved, "SoftshrinkBackward0")


@may_write
def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x above 0, alpha*(exp(x/alpha) - 1) below. Raises RuntimeError for an alpha of 0."""
    if not alpha:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return renamed(_elu(input / alpha) * alpha if alpha != 1 else _elu(input), "CeluBackward0")


@may_write
def rrelu(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """x above 0, below times a number from lower to upper, drawn for each element in training, else the middle one.

    Raises RuntimeError where lower is above upper (Xu and others, 2015).
    """
    if lower > upper:
        raise RuntimeError(f"Lower bound should be less than or equal to the upper bound, but got {lower} > {upper}")
    slope: Any = (lower + upper) / 2
    if training:
        below = np.asarray(input.value) <= 0
        slopes = np.ones(below.shape, input.dtype.numpy)
        slopes[below] = uniform_(full((int(below.sum()),), 0.0), lower, upper).array()
        slope = made(slopes)
    return renamed(_where(input > 0, input, input * slope), "RreluWithNoiseBackward0")


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """x above 0, weight*x below; several weights are one a channel (second axis). Raises RuntimeError."""
    if weight.numel() != 1:
        channels = input.shape[1] if input.ndim > 1 else 1
        if weight.numel() != channels:
            raise RuntimeError(
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {weight.numel()} "
                f"and channel size = {channels}."
            )
        weight = weight.reshape(*[-1 if k == 1 else 1 for k in range(input.ndim)])
    return renamed(_where(input > 0, input, weight * input), "PreluKernelBackward0")


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along an axis times the sigmoid of the second. Raises RuntimeError for an odd length."""
    if input.shape[dim] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {dim % input.ndim} is size {input.shape[dim]}"
        )
    first, second = input.chunk(2, dim)
    return renamed(first * NAMES["sigmoid"](second), "GluBackward0")


def softmin(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """softmax(-x) along an axis."""
    return NAMES["softmax"](-input if dtype is None else -input.to(dtype), dim)


def tanhshrink(input: Tensor) -> Tensor:
    """x - tanh(x)."""
    return input - NAMES["tanh"](input)
