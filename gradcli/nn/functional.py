"""The functions of layers and losses."""

from __future__ import annotations

import warnings

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors.bound_op import HOLE, bind, plain
from gradcli.tensors.dtypes import SCALAR
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.record import apply, operation
from gradcli.tensors.shapes import linear
from gradcli.tensors.tensor import Tensor

relu = NAMES["relu"]
leaky_relu = NAMES["leaky_relu"]
elu = NAMES["elu"]
gelu = NAMES["gelu"]
silu = NAMES["silu"]
sigmoid = NAMES["sigmoid"]
logsigmoid = NAMES["logsigmoid"]
softplus = NAMES["softplus"]
softsign = NAMES["softsign"]
tanh = NAMES["tanh"]
softmax = NAMES["softmax"]
log_softmax = NAMES["log_softmax"]


_MSE = plain("mse_loss", 2)


def _reduced(each: Tensor, reduction: str, name: str = "") -> Tensor:
    """The mean or the sum, shown under PyTorch's name of the whole loss."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'mean', 'sum' or 'none'")
    return each if reduction == "none" else apply(bind(TABLE[reduction], (HOLE, None, 0), name), (each,))


def _check_sizes(input: Tensor, target: Tensor, *, refuse: bool = False) -> None:
    """As in PyTorch: shapes that are made equal by broadcasting are mostly a slip."""
    shapes = f"(torch.Size({list(target.shape)})) that is different to the input size (torch.Size({list(input.shape)}))"
    if target.shape == input.shape:
        return
    if refuse:
        raise ValueError(f"Using a target size {shapes} is deprecated. Please ensure they have the same size.")
    message = f"Using a target size {shapes}. This will likely lead to incorrect results due to broadcasting. "
    warnings.warn(f"{message}Please ensure they have the same size.", UserWarning, stacklevel=3)


def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of the squares of input - target; where their shapes differ a UserWarning says so."""
    _check_sizes(input, target)
    if reduction == "mean":
        return apply(_MSE, (input, target))
    return _reduced((input - target) ** 2, reduction, "MseLossBackward0")


def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of abs(input - target); where their shapes differ a UserWarning says so."""
    _check_sizes(input, target)
    return _reduced(abs(input - target), reduction)


def cross_entropy(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -log_softmax(input) at the target: class numbers, or probabilities in the shape of the input.

    Raises RuntimeError for classes that are not whole numbers, IndexError for a class that there is not.
    """
    _check_classes(input, target)
    if reduction == "mean":
        return operation(TABLE["cross_entropy"], (input, target))
    axis = 0 if input.ndim == 1 else 1
    weights = operation(TABLE["probabilities"], (target, input))
    return _reduced(-(log_softmax(input, axis) * weights).sum(axis), reduction, "NllLossBackward0")


def _check_classes(input: Tensor, target: Tensor) -> None:
    if not isinstance(target, Tensor):
        raise TypeError(
            f"cross_entropy_loss(): argument 'target' (position 2) must be Tensor, not {type(target).__name__}"
        )
    if target.shape == input.shape:
        return
    if target.dtype.category != 1:
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {SCALAR[target.dtype.name]}: use .long() for classes"
        )
    classes = input.shape[0 if input.ndim == 1 else 1] if input.ndim else 0
    value = np.asarray(target.value)
    beyond = value[(value < 0) | (value >= classes)]
    if beyond.size:
        raise IndexError(f"Target {beyond[0]} is out of bounds: a class is a whole number from 0 to {classes - 1}")


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -target*logsigmoid(input) - (1 - target)*logsigmoid(-input).

    Raises ValueError where the shapes differ.
    """
    _check_sizes(input, target, refuse=True)
    return _reduced(
        target * softplus(-input) + (1 - target) * softplus(input), reduction, "BinaryCrossEntropyWithLogitsBackward0"
    )


def binary_cross_entropy(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -target*log(input) - (1 - target)*log(1 - input). Raises ValueError where the shapes differ."""
    _check_sizes(input, target, refuse=True)
    logs, rest = NAMES["log"](input), NAMES["log1p"](-input)
    low = -100.0  # PyTorch's bound, so that a certain and wrong answer has a finite loss
    each = target * NAMES["clamp"](logs, low) + (1 - target) * NAMES["clamp"](rest, low)
    return _reduced(-each, reduction, "BinaryCrossEntropyBackward0")


__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "elu", "gelu", "l1_loss", "leaky_relu",
    "linear", "log_softmax", "logsigmoid", "mse_loss", "relu", "sigmoid", "silu", "softmax", "softplus", "softsign",
    "tanh",
]  # fmt: skip
