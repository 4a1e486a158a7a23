"""What all schedules of learning rates share."""

from __future__ import annotations

import warnings
from typing import Any

from gradcli.optim.optimizer import Optimizer


class LRScheduler:
    """Changes `lr` of an optimiser's groups at each `step`. A subclass has `get_lr`.

    Raises TypeError for what is no optimiser.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._step_count = 0
        self._is_initial = False
        self._get_lr_called_within_step = False
        self.began = optimizer.steps
        self.step()

    def get_lr(self) -> list[float]:
        """The rates of the epoch `last_epoch`, a group each."""
        raise NotImplementedError

    def _rates(self) -> list[float]:
        return [group["lr"] for group in self.optimizer.param_groups]

    def get_last_lr(self) -> list[float]:
        """The rates now."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Go on to the next epoch; a UserWarning says if the optimiser has made no step before."""
        own = not type(self.optimizer).__module__.startswith("gradcli.")  # whose steps nothing counts
        if self._step_count == 1 and self.optimizer.steps == self.began and not own:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you "
                "should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to "
                "do this will result in PyTorch skipping the first value of the learning rate schedule.",
                UserWarning,
                stacklevel=2,
            )
        self._step_count += 1
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr
        self._last_lr = self._rates()

    def state_dict(self) -> dict[str, Any]:
        """All but the optimiser, under PyTorch's names."""
        return {k: v for k, v in self.__dict__.items() if k not in ("optimizer", "began")}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.__dict__.update(state_dict)
