"""The functions of layers and losses."""

from __future__ import annotations

from gradcli.core.ops import TABLE
from gradcli.tensors.form import plain
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


def _reduced(each: Tensor, reduction: str) -> Tensor:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'mean', 'sum' or 'none'")
    return each if reduction == "none" else each.mean() if reduction == "mean" else each.sum()


def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of the squares of input - target."""
    if reduction == "mean":
        return apply(_MSE, (input, target))
    return _reduced((input - target) ** 2, reduction)


def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of abs(input - target)."""
    return _reduced(abs(input - target), reduction)


def cross_entropy(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -log_softmax(input) at the target: class numbers, or probabilities in the shape of the input."""
    if reduction == "mean":
        return operation(TABLE["cross_entropy"], (input, target))
    axis = 0 if input.ndim == 1 else 1
    weights = operation(TABLE["probabilities"], (target, input))
    return _reduced(-(log_softmax(input, axis) * weights).sum(axis), reduction)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -target*logsigmoid(input) - (1 - target)*logsigmoid(-input)."""
    return _reduced(softplus(input) - input * target, reduction)


def binary_cross_entropy(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of -target*log(input) - (1 - target)*log(1 - input)."""
    logs, rest = NAMES["log"](input), NAMES["log1p"](-input)
    low = -100.0  # PyTorch's bound, so that a certain and wrong answer has a finite loss
    each = target * NAMES["clamp"](logs, low) + (1 - target) * NAMES["clamp"](rest, low)
    return _reduced(-each, reduction)


__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "elu", "gelu", "l1_loss", "leaky_relu",
    "linear", "log_softmax", "logsigmoid", "mse_loss", "relu", "sigmoid", "silu", "softmax", "softplus", "softsign",
    "tanh",
]  # fmt: skip
