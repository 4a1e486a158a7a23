"""The rules of Adagrad, Adamax, Adadelta, NAdam, RAdam, Rprop and ASGD, with PyTorch's defaults."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from gradcli.optim.optimizer import Optimizer, checked, need

_PLAIN = {"foreach": None, "capturable": False, "differentiable": False}


class Adagrad(Optimizer):
    """Steps over the root of the sum of the squares of all gradients (Duchi, Hazan and Singer, 2011).

    Raises ValueError for options out of range.
    """

    options = "lr lr_decay eps weight_decay initial_accumulator_value foreach maximize differentiable fused"
    keeps = "step sum"
    shows: ClassVar[dict[str, Any]] = {"foreach": None, "differentiable": False, "fused": None}

    def __init__(
        self, params: Any, lr: float = 0.01, lr_decay: float = 0, weight_decay: float = 0,
        initial_accumulator_value: float = 0, eps: float = 1e-10, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr/(1 + steps*lr_decay) * gradient / (root of the sum of squares + eps)."""
        n = state["step"] = state.get("step", 0.0) + 1
        total = state["sum"] = state.get("sum", group["initial_accumulator_value"]) + g * g
        return x - group["lr"] / (1 + (n - 1) * group["lr_decay"]) * (g / (np.sqrt(total) + group["eps"]))


class Adamax(Optimizer):
    """Adam with the largest gradient, decaying, in place of the mean square (Kingma and Ba, 2015)."""

    options = "lr betas eps weight_decay foreach maximize differentiable capturable"
    keeps = "step exp_avg exp_inf"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 0.002, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-08,
        weight_decay: float = 0, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr * mean / (largest gradient), the mean corrected for its start at 0."""
        first, second = group["betas"]
        n = state["step"] = state.get("step", 0.0) + 1
        mean = state.get("exp_avg", 0.0)
        mean = state["exp_avg"] = mean + (1 - first) * (g - mean)
        largest = state["exp_inf"] = np.maximum(state.get("exp_inf", 0.0) * second, np.abs(g) + group["eps"])
        return x - group["lr"] / (1 - first**n) * (mean / largest)


class Adadelta(Optimizer):
    """Steps scaled by the running mean square of the steps over that of the gradients (Zeiler, 2012)."""

    options = "lr rho eps weight_decay maximize capturable foreach differentiable"
    keeps = "step square_avg acc_delta"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06, weight_decay: float = 0, *,
        maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        need(0 <= rho <= 1, "rho value", rho)
        super().__init__(params, checked({
            "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr * gradient * (root of the mean square of steps) / (root of that of gradients)."""
        rho, eps = group["rho"], group["eps"]
        state["step"] = state.get("step", 0.0) + 1
        square = state["square_avg"] = state.get("square_avg", 0.0) * rho + (1 - rho) * (g * g)
        before = state.get("acc_delta", 0.0)
        delta = np.sqrt(before + eps) / np.sqrt(square + eps) * g
        state["acc_delta"] = before * rho + (1 - rho) * (delta * delta)
        return x - group["lr"] * delta


class NAdam(Optimizer):
    """Adam with Nesterov's momentum (Dozat, 2016)."""

    options = (
        "lr betas eps weight_decay momentum_decay decoupled_weight_decay maximize foreach capturable differentiable"
    )
    keeps = "step mu_product exp_avg exp_avg_sq"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 0.002, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-08,
        weight_decay: float = 0, momentum_decay: float = 0.004, decoupled_weight_decay: bool = False, *,
        maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """Adam's step with the momentum of the step to come."""
        first, second = group["betas"]
        n, mean, square = _averages(group, g, state)
        now, after = (first * (1.0 - 0.5 * 0.96 ** (k * group["momentum_decay"])) for k in (n, n + 1))
        product = state["mu_product"] = state.get("mu_product", 1.0) * now
        root = np.sqrt(square / (1 - second**n)) + group["eps"]
        x = x - group["lr"] * (1.0 - now) / (1.0 - product) * (g / root)
        return x - group["lr"] * after / (1.0 - product * after) * (mean / root)


class RAdam(Optimizer):
    """Adam without the root of the mean square until that is known well enough (Liu et al., 2020)."""

    options = "lr betas eps weight_decay maximize foreach capturable decoupled_weight_decay differentiable"
    keeps = "step exp_avg exp_avg_sq"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-08,
        weight_decay: float = 0, decoupled_weight_decay: bool = False, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - lr * mean, over the root of the mean square once the length of its average is over 5."""
        first, second = group["betas"]
        n, mean, square = _averages(group, g, state)
        step = mean / (1 - first**n) * group["lr"]
        longest = 2 / (1 - second) - 1
        length = longest - 2 * n * second**n / (1 - second**n)
        if length <= 5:
            return x - step
        share = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        return x - step * ((1 - second**n) ** 0.5 / (np.sqrt(square) + group["eps"])) * share**0.5


class ASGD(Optimizer):
    """Steps of the gradient that become shorter, and the average of where they led (Polyak and Juditsky, 1992)."""

    options = "lr lambd alpha t0 weight_decay foreach maximize differentiable capturable"
    keeps = "step eta mu ax"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, t0: float = 1000000.0,
        weight_decay: float = 0, *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize,
        }), shown)  # fmt: skip

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x*(1 - lambd*eta) - eta*gradient; eta falls with the steps, from t0 on the mean of all x is kept."""
        n = state["step"] = state.get("step", 0.0) + 1
        eta, mu = state.get("eta", group["lr"]), state.get("mu", 1.0)
        x = x * (1 - group["lambd"] * eta) - eta * g
        mean = state.get("ax", 0.0)
        state["ax"] = x if mu == 1 else mean + (x - mean) * mu
        state["eta"] = group["lr"] / (1 + group["lambd"] * group["lr"] * n) ** group["alpha"]
        state["mu"] = 1 / max(1, n - group["t0"])
        return x


class Rprop(Optimizer):
    """Steps by the sign of the gradient, longer while it stays (Riedmiller and Braun, 1993)."""

    options = "lr etas step_sizes foreach maximize differentiable capturable"
    keeps = "step prev step_size"
    shows: ClassVar[dict[str, Any]] = _PLAIN

    def __init__(
        self, params: Any, lr: float = 0.01, etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-06, 50), *, maximize: bool = False, **shown: Any,
    ) -> None:  # fmt: skip
        need(0 < etas[0] < 1 < etas[1], "eta values", f"{etas[0]}, {etas[1]}")
        super().__init__(params, checked({"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize}))

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """x - sign(gradient) * step; where the sign changed the step is not made."""
        less, more = group["etas"]
        turned = np.sign(g * state.get("prev", 0.0))
        factor = np.where(turned > 0, more, np.where(turned < 0, less, 1.0))
        step = state["step_size"] = np.clip(state.get("step_size", group["lr"]) * factor, *group["step_sizes"])
        g = state["prev"] = np.where(turned < 0, 0.0, g)
        state["step"] = state.get("step", 0.0) + 1
        return x - np.sign(g) * step


def _averages(group: dict[str, Any], g: Any, state: dict[str, Any]) -> tuple[float, Any, Any]:
    """The number of the step, and the averages of the gradients and of their squares."""
    first, second = group["betas"]
    n = state["step"] = state.get("step", 0.0) + 1
    mean = state.get("exp_avg", 0.0)
    mean = state["exp_avg"] = mean + (1 - first) * (g - mean)
    square = state["exp_avg_sq"] = state.get("exp_avg_sq", 0.0) * second + (1 - second) * (g * g)
    return n, mean, square
