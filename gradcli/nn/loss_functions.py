"""The functions of losses."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.tensors.bound_op import HOLE, bind, plain
from gradcli.tensors.dtypes import SCALAR
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.record import apply, apply_two, made, operation, renamed
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

_MSE = plain("mse_loss", 2)
_log, _log1p, _clamp, _where = (NAMES[name] for name in ("log", "log1p", "clamp", "where"))


def legacy(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, or the `__init__`, with the words of old programs in the place of `reduction`."""

    @functools.wraps(function)
    def wrapper(*args: Any, size_average: bool | None = None, reduce: bool | None = None, **options: Any) -> Any:
        if size_average is not None or reduce is not None:
            kind = "none" if reduce is False else "sum" if size_average is False else "mean"
            warnings.warn(
                f"size_average and reduce args will be deprecated, please use reduction='{kind}' instead.",
                UserWarning,
                stacklevel=2,
            )
            options["reduction"] = kind
        return function(*args, **options)

    return wrapper


def reduced(each: Tensor, reduction: str, name: str = "") -> Tensor:
    """The mean or the sum, shown under PyTorch's name of the whole loss. Raises ValueError for another reduction."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'mean', 'sum' or 'none'")
    if reduction == "none":
        return renamed(each, name) if name else each
    return apply(bind(TABLE[reduction], (HOLE, None, 0), name), (each,))


def _check_sizes(input: Tensor, target: Tensor, *, refuse: bool = False) -> None:
    """As in PyTorch: shapes that are made equal by broadcasting are mostly a slip."""
    x, y = input.value, target.value
    if type(x) is type(y) and (type(x) is float or x.shape == y.shape):
        return
    wanted, given = input.shape, target.shape
    shapes = f"(torch.Size({list(given)})) that is different to the input size (torch.Size({list(wanted)}))"
    if refuse:
        raise ValueError(f"Using a target size {shapes} is deprecated. Please ensure they have the same size.")
    message = f"Using a target size {shapes}. This will likely lead to incorrect results due to broadcasting. "
    warnings.warn(f"{message}Please ensure they have the same size.", UserWarning, stacklevel=3)


def _weighted(each: Tensor, weight: Tensor | None) -> Tensor:
    return each if weight is None else each * weight


@legacy
def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of the squares of input - target; where their shapes differ a UserWarning says so."""
    _check_sizes(input, target)
    if reduction == "mean":
        return apply_two(_MSE, input, target)
    return reduced((input - target) ** 2, reduction, "MseLossBackward0")


@legacy
def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The mean of abs(input - target); where their shapes differ a UserWarning says so."""
    _check_sizes(input, target)
    return reduced(abs(input - target), reduction)


@legacy
def smooth_l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """The mean of d**2/(2*beta) where abs(d) < beta and of abs(d) - beta/2 elsewhere, d = input - target.

    Raises ValueError for a negative beta.
    """
    if beta < 0:
        raise ValueError("smooth_l1_loss does not support negative values for beta.")
    _check_sizes(input, target)
    if beta == 0:
        return reduced(abs(input - target), reduction)
    d = input - target
    size = abs(d)
    each = _where(size < beta, d * d * (0.5 / beta), size - 0.5 * beta)
    return reduced(each, reduction, "SmoothL1LossBackward0")


def huber_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """The mean of d**2/2 where abs(d) < delta and of delta*(abs(d) - delta/2) elsewhere, d = input - target.

    Raises RuntimeError for a delta that is not above 0.
    """
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    _check_sizes(input, target)
    d = input - target
    size = abs(d)
    each = _weighted(_where(size < delta, d * d * 0.5, (size - 0.5 * delta) * delta), weight)
    return reduced(each, reduction, "HuberLossBackward0")


@legacy
def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:  # fmt: skip
    """The mean of -log_softmax(input) at the target: class numbers, or probabilities in the shape of the input.

    Raises RuntimeError for classes that are not whole numbers, IndexError for a class that there is not.
    """
    shape = np.shape(input.value)
    if len(shape) == 1 and isinstance(target, Tensor) and target.shape == (1,) != shape:
        target = target.reshape(())
    ignores = _check_classes(input, target, ignore_index)
    by_class = np.shape(target.value) != shape
    if reduction == "mean" and weight is None and not label_smoothing and not ignores:
        name = "DivBackward1" if not by_class else "NllLoss2DBackward0" if len(shape) > 2 else ""
        return operation(TABLE["cross_entropy"], (input, target), name)
    axis = 0 if input.ndim == 1 else 1
    logs = NAMES["log_softmax"](input, axis)
    if by_class and not label_smoothing:
        return nll_loss(logs, target, weight, ignore_index=ignore_index, reduction=reduction)
    classes = input.shape[axis]
    kept = made(np.asarray(target.value) != ignore_index).to(input.dtype) if by_class else None
    chances = operation(TABLE["probabilities"], (target.clamp(min=0) if by_class else target, input))
    scale = None if weight is None else weight.reshape(*[-1 if k == axis else 1 for k in range(input.ndim)])
    smooth = chances * (1 - label_smoothing) + label_smoothing / classes
    each = -(_weighted(logs * smooth, scale)).sum(axis)
    if kept is not None:
        each = each * kept
    if reduction != "mean":
        return reduced(each, reduction)
    count: Any = max(each.numel(), 1)
    if kept is not None:
        count = (kept if scale is None else kept * (chances * scale).sum(axis)).sum()
    return renamed(each.sum() / count, "AddBackward0")


@legacy
def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """The mean of -input at the target, input being logarithms of probabilities, classes on its second axis.

    weight: of each class; the mean is weighted by it. Raises RuntimeError, IndexError as `cross_entropy`.
    """
    _check_classes(input, target, ignore_index, "nll_loss")
    axis = 0 if input.ndim == 1 else 1
    classes = np.asarray(target.value)
    kept = classes != ignore_index
    places = np.where(kept, classes, 0)
    each = -input.gather(axis, made(np.expand_dims(places, axis))).squeeze(axis)
    scale = made(kept.astype(input.dtype.numpy)) if weight is None else weight[made(places)] * made(kept)
    if weight is not None or not kept.all():
        each = each * scale
    name = "NllLossBackward0" if input.ndim < 3 else "NllLoss2DBackward0"
    if reduction != "mean":
        return reduced(each, reduction, "ViewBackward0" if input.ndim == 3 and reduction == "none" else name)
    return renamed(each.sum() / scale.sum(), name)


def _check_classes(input: Tensor, target: Any, ignored: int, name: str = "cross_entropy_loss") -> bool:
    """Is a class among them that is to be ignored?"""
    if not isinstance(target, Tensor):
        raise TypeError(f"{name}(): argument 'target' (position 2) must be Tensor, not {type(target).__name__}")
    value, shape = np.asarray(target.value), np.shape(input.value)
    if value.shape == shape and name == "cross_entropy_loss":
        return False
    if target.dtype.category != 1:
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {SCALAR[target.dtype.name]}: use .long() for classes"
        )
    axis = 0 if len(shape) == 1 else 1
    if shape and value.shape != shape[:axis] + shape[axis + 1 :]:
        if target.ndim and input.shape[:1] != target.shape[:1] and axis:
            raise ValueError(
                f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]})."
            )
        if input.ndim == 2 and target.ndim > 1:
            raise RuntimeError(
                "0D or 1D target tensor expected, multi-target not supported: a class for each row, as .squeeze(1) "
                "gives"
            )
        raise RuntimeError(
            f"the target of classes has one axis less than the input: {list(input.shape)} goes with "
            f"{list(input.shape[:axis] + input.shape[axis + 1 :])}, not with {list(target.shape)}; try .squeeze()"
        )
    classes = shape[axis] if shape else 0
    if ignored < 0 and value.size and value.min() >= 0 and value.max() < classes:
        return False
    beyond = value[((value < 0) | (value >= classes)) & (value != ignored)]
    if beyond.size:
        raise IndexError(f"Target {beyond[0]} is out of bounds: a class is a whole number from 0 to {classes - 1}")
    return bool((value == ignored).any())


@legacy
def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The mean of -target*logsigmoid(input) - (1 - target)*logsigmoid(-input).

    pos_weight: how much the first of the two counts. Raises ValueError where the shapes differ.
    """
    if target.shape != input.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    softplus = NAMES["softplus"]
    positive = target if pos_weight is None else target * pos_weight
    each = _weighted(positive * softplus(-input) + (1 - target) * softplus(input), weight)
    return reduced(each, reduction, "BinaryCrossEntropyWithLogitsBackward0")


@legacy
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """The mean of -target*log(input) - (1 - target)*log(1 - input).

    Raises ValueError where the shapes differ, RuntimeError for what is no probability.
    """
    _check_sizes(input, target, refuse=True)
    if not target.dtype.is_floating_point:
        kinds = [SCALAR[x.dtype.name] for x in (target, input)]
        raise RuntimeError(f"Found dtype {kinds[0]} but expected {kinds[1]}: use target.to(input.dtype)")
    value = np.asarray(input.value)
    if ((value < 0) | (value > 1)).any():
        raise RuntimeError("all elements of input should be between 0 and 1: use binary_cross_entropy_with_logits")
    logs, rest = _log(input), _log1p(-input)
    low = -100.0  # PyTorch's bound, so that a certain and wrong answer has a finite loss
    each = target * _clamp(logs, low) + (1 - target) * _clamp(rest, low)
    return reduced(_weighted(-each, weight), reduction, "BinaryCrossEntropyBackward0")


@legacy
def kl_div(input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """The mean of target*(log(target) - input), input being logarithms; `batchmean` divides by the samples alone."""
    each = target.exp() * (target - input) if log_target else NAMES["xlogy"](target, target) - target * input
    if reduction == "batchmean":
        return each.sum() / input.shape[0]
    return reduced(each, reduction)
