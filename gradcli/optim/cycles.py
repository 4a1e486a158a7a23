"""Learning rates that go up and down, and the momentum against them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gradcli.optim.schedule import LRScheduler

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.optim.optimizer import Optimizer


def _must_have_momentum(optimizer: Optimizer) -> None:
    if not {"momentum", "betas"} & optimizer.defaults.keys():
        raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")


def _set_momentum(group: dict[str, Any], momentum: float) -> None:
    group.update({"betas": (momentum, *group["betas"][1:])} if "betas" in group else {"momentum": momentum})


class CyclicLR(LRScheduler):
    """From base_lr to max_lr and back along lines, over and over (Smith, 2017).

    mode: "triangular"; "triangular2", half as high at each cycle; "exp_range", gamma**epoch as high. scale_fn: the
    height as a function of the cycle (from 1) or of the epoch, as scale_mode says ("cycle" or "iterations").
    Raises ValueError for another mode, or for an optimiser without momentum.
    """

    def __init__(
        self, optimizer: Optimizer, base_lr: Any, max_lr: Any, step_size_up: int = 2000,
        step_size_down: int | None = None, mode: str = "triangular", gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None, scale_mode: str = "cycle", cycle_momentum: bool = True,
        base_momentum: float = 0.8, max_momentum: float = 0.9, last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        if cycle_momentum:
            _must_have_momentum(optimizer)
        count = len(optimizer.param_groups)
        lows, self.max_lrs = _of_groups("base_lr", base_lr, count), _of_groups("max_lr", max_lr, count)
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size = float(step_size_up + down)
        self.step_ratio = step_size_up / self.total_size
        self.mode, self.gamma, self.scale_fn, self.scale_mode = mode, gamma, scale_fn, scale_mode
        self._momenta = (base_momentum, max_momentum) if cycle_momentum else None
        for group, low in zip(optimizer.param_groups, lows, strict=True):
            group["lr"] = group["initial_lr"] = low
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        turns = 1 + self.last_epoch / self.total_size
        cycle = math.floor(turns)
        x = turns - cycle
        share = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        height = share * self._height(cycle)
        if self._momenta is not None:
            low, high = self._momenta
            for group in self.optimizer.param_groups:
                _set_momentum(group, high - (high - low) * height)
        return [low + (high - low) * height for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]

    def _height(self, cycle: int) -> float:
        if self.scale_fn is not None:
            return self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.mode == "exp_range":
            return self.gamma**self.last_epoch
        return 0.5 ** (cycle - 1) if self.mode == "triangular2" else 1.0

    def state_dict(self) -> dict[str, Any]:
        return {k: v for k, v in super().state_dict().items() if k != "scale_fn"}


def _of_groups(name: str, value: Any, count: int) -> list[float]:
    """A number for each group. Raises ValueError for another count."""
    if not isinstance(value, (list, tuple)):
        return [value] * count
    if len(value) != count:
        raise ValueError(f"{name} must have the same length as optimizer.param_groups. "
                         f"{name} has {len(value)} values, param_groups has {count}.")  # fmt: skip
    return list(value)


class OneCycleLR(LRScheduler):
    """Up to max_lr within pct_start of the steps, and then far down, along cosines (Smith and Topin, 2018).

    Raises ValueError where the number of steps is missing, or for an optimiser without momentum.
    """

    def __init__(
        self, optimizer: Optimizer, max_lr: float, total_steps: int | None = None, epochs: int | None = None,
        steps_per_epoch: int | None = None, pct_start: float = 0.3, anneal_strategy: str = "cos",
        cycle_momentum: bool = True, base_momentum: float = 0.85, max_momentum: float = 0.95,
        div_factor: float = 25.0, final_div_factor: float = 1e4, last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if total_steps is None and (epochs is None or steps_per_epoch is None):
            raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
        self.total_steps = total_steps or epochs * steps_per_epoch  # type: ignore[operator]
        self.anneal, self._top = anneal_strategy, float(pct_start * self.total_steps) - 1
        low = max_lr / div_factor
        self._corners = (low, max_lr, low / final_div_factor)
        self._momenta = (max_momentum, base_momentum, max_momentum) if cycle_momentum else None
        if cycle_momentum:
            _must_have_momentum(optimizer)
        for group in optimizer.param_groups:
            group.update(zip(("initial_lr", "max_lr", "min_lr"), self._corners, strict=True))
            if cycle_momentum:
                group.update(max_momentum=max_momentum, base_momentum=base_momentum)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of the epoch. Raises ValueError after the last step."""
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"Tried to step {self.last_epoch} times. The specified number of total steps is {self.total_steps}"
            )
        for group in self.optimizer.param_groups if self._momenta else ():
            _set_momentum(group, self._between(self._momenta))
        return [self._between(self._corners)] * len(self.base_lrs)

    def _between(self, corners: Any) -> float:
        low, top, end = corners
        n = self.last_epoch
        rising = n <= self._top
        start, stop = (low, top) if rising else (top, end)
        share = n / self._top if rising else (n - self._top) / (self.total_steps - 1 - self._top)
        if self.anneal == "cos":
            return stop + (start - stop) / 2.0 * (math.cos(math.pi * share) + 1)
        return (stop - start) * share + start
