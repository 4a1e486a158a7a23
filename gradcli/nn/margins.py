"""Losses of pairs, triplets, margins and counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.nn.loss_functions import reduced
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.record import made

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor

_where = NAMES["where"]


def _above_0(x: Tensor) -> Tensor:
    return x.clamp(min=0)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = "mean"
) -> Tensor:
    """max(0, -target*(input1 - input2) + margin): target 1 where the first is to be the larger, else -1."""
    return reduced(_above_0(-target * (input1 - input2) + margin), reduction)


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    """The input where the target is 1, max(0, margin - input) where it is -1."""
    far = _where(target != 1, _above_0(margin - input), 0.0)
    near = _where(target != -1, input, 0.0)
    return reduced(far + near, reduction)


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = "mean"
) -> Tensor:
    """1 - cosine where the target is 1, max(0, cosine - margin) where it is -1."""
    small = 1e-12
    product = (input1 * input2).sum(-1)
    sizes = ((input1 * input1).sum(-1) + small) * ((input2 * input2).sum(-1) + small)
    cosine = product / sizes.sqrt()
    apart = _where(target == -1, _above_0(cosine - margin), 0.0)
    return reduced(_where(target == 1, 1 - cosine, 0.0) + apart, reduction)


def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2, eps: float = 1e-06,
    swap: bool = False, *, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """max(0, distance to the positive - distance to the negative + margin)."""
    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=lambda x, y: (x - y + eps).norm(p, -1), margin=margin, swap=swap,
        reduction=reduction,
    )  # fmt: skip


def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool = True, full: bool = False, eps: float = 1e-08, *,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """exp(input) - target*input, or input - target*log(input + eps); full: with Stirling's term of the target."""
    each = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        known = target.detach()
        stirling = known * known.log() - known + 0.5 * (2 * math.pi * known).log()
        each = each + stirling.masked_fill(known <= 1, 0.0)
    return reduced(each, reduction)


def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor, full: bool = False, eps: float = 1e-06, *, reduction: str = "mean"
) -> Tensor:
    """(log(var) + (input - target)**2/var)/2, the variance at least eps. Raises ValueError for a negative one."""
    if (np.asarray(var.value) < 0).any():
        raise ValueError("var has negative entry/entries")
    low = np.asarray(var.value) < eps
    bounded = _where(made(low), var - (var.detach() - eps), var)  # the slope of the variance itself
    each = 0.5 * (bounded.log() + (input - target) ** 2 / bounded)
    return reduced(each + 0.5 * math.log(2 * math.pi) if full else each, reduction)


def soft_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """log(1 + exp(-target*input))."""
    return reduced(NAMES["softplus"](-target * input), reduction, "SoftMarginLossBackward0")


def multi_margin_loss(
    input: Tensor, target: Tensor, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, *,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """The sum over the other classes of max(0, margin - input at the target + input)**p, over the number of classes.

    weight: of each class. Raises ValueError for a p that is not 1 or 2.
    """
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    table = input if input.ndim > 1 else input.unsqueeze(0)
    classes = target.reshape(-1)
    own = table.gather(1, classes.unsqueeze(1))
    each = _above_0(margin - own + table) ** p
    if weight is not None:
        each = each * weight[classes].unsqueeze(1)
    others = made(np.asarray(classes.value)[:, None] != np.arange(table.shape[1])).to(table.dtype)
    total = (each * others).sum(1) / table.shape[1]
    return reduced(total if input.ndim > 1 else total[0], reduction, "MultiMarginLossBackward0")


def multilabel_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """The sum over classes of a target and others of max(0, 1 - input at the one + at the other), over all classes.

    target: class numbers up to the first -1 of each row.
    """
    table = input if input.ndim > 1 else input.unsqueeze(0)
    classes = np.asarray(target.value).reshape(table.shape)
    listed = np.cumprod(classes >= 0, 1).astype(bool)
    own = np.zeros(table.shape, bool)
    own[np.nonzero(listed)[0], classes[listed]] = True
    each = _above_0(1 - table.gather(1, made(np.where(listed, classes, 0))).unsqueeze(2) + table.unsqueeze(1))
    counted = made(listed[:, :, None] & ~own[:, None, :]).to(table.dtype)
    total = (each * counted).sum((1, 2)) / table.shape[1]
    return reduced(total if input.ndim > 1 else total[0], reduction, "MultilabelMarginLossBackward0")


def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """The mean over the classes of -target*logsigmoid(input) - (1 - target)*logsigmoid(-input)."""
    each = -(target * NAMES["logsigmoid"](input) + (1 - target) * NAMES["logsigmoid"](-input))
    return reduced((each if weight is None else each * weight).mean(-1), reduction)


def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: Any = None, margin: float = 1.0,
    swap: bool = False, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """max(0, distance to the positive - distance to the negative + margin), by a distance of one's own."""
    far = distance_function or (lambda x, y: (x - y + 1e-06).norm(2, -1))
    near, away = far(anchor, positive), far(anchor, negative)
    if swap:
        away = NAMES["minimum"](away, far(positive, negative))
    return reduced(_above_0(margin + near - away), reduction)
