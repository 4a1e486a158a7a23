"""The rules of SGD, Adam, AdamW and RMSprop, with PyTorch's defaults and order of operations."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradcli.optim.optimizer import Optimizer, checked, need


class SGD(Optimizer):
    """Gradient descent. momentum: how much of the last step is kept; weight_decay: pulls towards 0.

    Raises ValueError for options out of range.

    >>> import gradcli as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> (w**2).sum().backward()
    >>> SGD([w], lr=0.25).step()
    >>> w
    tensor([0.5000], requires_grad=True)
    """

    options = "lr momentum dampening weight_decay nesterov maximize foreach differentiable fused"
    keeps = "momentum_buffer"
    shows: ClassVar[dict[str, Any]] = {"foreach": None, "differentiable": False, "fused": None}

    def __init__(
        self, params: Any, lr: float = 0.001, momentum: float = 0, dampening: float = 0, weight_decay: float = 0,
        nesterov: bool = False, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, checked({
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay, "nesterov": nesterov,
            "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr*d, where d is the gradient, with momentum the decaying sum of the gradients."""
        momentum = group["momentum"]
        if momentum:
            last = state.get("momentum_buffer")
            now = g * 1.0 if last is None else momentum * last + (1 - group["dampening"]) * g
            state["momentum_buffer"] = now
            g = g + momentum * now if group["nesterov"] else now
        return x - group["lr"] * g


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square (Kingma and Ba, 2015)."""

    options = (
        "lr betas eps weight_decay amsgrad maximize foreach capturable differentiable fused decoupled_weight_decay"
    )
    keeps = "step exp_avg exp_avg_sq max_exp_avg_sq"
    shows: ClassVar[dict[str, Any]] = {
        "capturable": False, "decoupled_weight_decay": False, "differentiable": False, "foreach": None, "fused": None,
    }  # fmt: skip

    def __init__(
        self, params: Any, lr: float = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-08,
        weight_decay: float = 0, amsgrad: bool = False, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr * mean / (root of the mean square + eps), both means corrected for their start at 0."""
        first, second = group["betas"]
        n = state["step"] = state.get("step", 0.0) + 1
        mean = state["exp_avg"] = state.get("exp_avg", 0.0) * first + (1 - first) * g
        square = state["exp_avg_sq"] = state.get("exp_avg_sq", 0.0) * second + (1 - second) * (g * g)
        if group["amsgrad"]:
            square = state["max_exp_avg_sq"] = np.maximum(state.get("max_exp_avg_sq", 0.0), square)
        root = np.sqrt(square) / math.sqrt(1 - second**n) + group["eps"]
        return x - group["lr"] / (1 - first**n) * (mean / root)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019)."""

    shows: ClassVar[dict[str, Any]] = {**Adam.shows, "decoupled_weight_decay": True}

    def __init__(
        self, params: Any, lr: float = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-08,
        weight_decay: float = 0.01, amsgrad: bool = False, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, **shown)


class RMSprop(Optimizer):
    """Steps scaled by a running mean of the gradient's square (Hinton's lecture 6e)."""

    options = "lr momentum alpha eps centered weight_decay capturable foreach maximize differentiable"
    keeps = "step square_avg momentum_buffer grad_avg"
    shows: ClassVar[dict[str, Any]] = {"foreach": None, "capturable": False, "differentiable": False}

    def __init__(
        self, params: Any, lr: float = 0.01, alpha: float = 0.99, eps: float = 1e-08, weight_decay: float = 0,
        momentum: float = 0, centered: bool = False, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        need(alpha >= 0, "alpha value", alpha)
        super().__init__(params, checked({
            "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum,
            "centered": centered, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr * gradient / (root of the mean square + eps)."""
        alpha = group["alpha"]
        state["step"] = state.get("step", 0.0) + 1
        square = state["square_avg"] = state.get("square_avg", 0.0) * alpha + (1 - alpha) * (g * g)
        if group["centered"]:
            mean = state["grad_avg"] = state.get("grad_avg", 0.0) * alpha + (1 - alpha) * g
            square = square - mean * mean
        step = g / (np.sqrt(square) + group["eps"])
        if group["momentum"]:
            step = state["momentum_buffer"] = group["momentum"] * state.get("momentum_buffer", 0.0) + step
        return x - group["lr"] * step
