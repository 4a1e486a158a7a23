"""Models whose parameters are means of another model's, and the schedule that goes with them.

>>> from gradcli import nn
>>> model = nn.Linear(1, 1)
>>> mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
>>> mean.update_parameters(model)
>>> mean.n_averaged
tensor(1)
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

from gradcli.nn.module import Module
from gradcli.nn.norms import BatchNorm1d
from gradcli.optim.schedule import LRScheduler
from gradcli.tensors.creation import ones, tensor, zeros
from gradcli.tensors.dtypes import int64
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gradcli.optim.optimizer import Optimizer
    from gradcli.tensors.tensor import Tensor


def get_ema_avg_fn(decay: float = 0.999) -> Callable[..., Any]:
    """The mean that forgets: decay times the old one. Raises ValueError for a decay that is not from 0 to 1."""
    if not 0.0 <= decay <= 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")
    return no_grad()(lambda mean, now, count: decay * mean + (1 - decay) * now)


def get_swa_avg_fn() -> Callable[..., Any]:
    """The plain mean of all."""
    return no_grad()(lambda mean, now, count: mean + (now - mean) / (count + 1))


def _of_lists(one: Callable[..., Any]) -> Callable[..., None]:
    @no_grad()
    def update(means: list[Tensor], values: list[Tensor], count: Any) -> None:
        for mean, value in zip(means, values, strict=True):
            copy_(mean, one(mean, value, count))

    return update


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[..., None]:
    """`get_ema_avg_fn` for lists of tensors. Raises ValueError."""
    return _of_lists(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> Callable[..., None]:
    """`get_swa_avg_fn` for lists of tensors."""
    return _of_lists(get_swa_avg_fn())


class AveragedModel(Module):
    """A copy of a model whose parameters are means of its; the plain mean if no function says else.

    avg_fn: `(mean, value, count)` to the new mean; multi_avg_fn: the same in place for lists of tensors.
    use_buffers: buffers are averaged too. Raises AssertionError for both functions.
    """

    def __init__(
        self, model: Module, device: Any = None, avg_fn: Callable[..., Any] | None = None,
        multi_avg_fn: Callable[..., None] | None = None, use_buffers: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        self.register_buffer("n_averaged", tensor(0, dtype=int64))
        self.use_buffers = use_buffers
        self._average = multi_avg_fn or _of_lists(avg_fn or get_swa_avg_fn())

    def forward(self, *args: Any, **options: Any) -> Any:
        return self.module(*args, **options)

    def _all(self, model: Module) -> list[Tensor]:
        return [*model.parameters(), *(model.buffers() if self.use_buffers else ())]

    def update_parameters(self, model: Module) -> None:
        """Bring the model's parameters as they are now into the means; the first ones are copied."""
        pairs = list(zip(self._all(self.module), self._all(model), strict=True))
        with no_grad():
            if self.n_averaged.item() == 0:
                for mean, value in pairs:
                    copy_(mean, value)
            else:
                self._average([m for m, _ in pairs], [v.detach() for _, v in pairs], self.n_averaged)
            if not self.use_buffers:
                for mean, value in zip(self.module.buffers(), model.buffers(), strict=True):
                    copy_(mean, value)
            self.n_averaged.add_(1)


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Let the running means of BatchNorm layers be those of all batches of a loader."""
    layers = [m for m in model.modules() if isinstance(m, BatchNorm1d)]
    if not layers:
        return
    shares = [layer.momentum for layer in layers]
    for layer in layers:
        copy_(layer.running_mean, zeros(layer.num_features))
        copy_(layer.running_var, ones(layer.num_features))
        layer.num_batches_tracked.zero_()
        layer.momentum = None
    was_training = model.training
    model.train()
    for batch in loader:
        model(batch[0] if isinstance(batch, (list, tuple)) else batch)
    for layer, share in zip(layers, shares, strict=True):
        layer.momentum = share
    model.train(was_training)


class SWALR(LRScheduler):
    """From the rate now to swa_lr within anneal_epochs steps, and then no more.

    Raises ValueError for another strategy than "cos" and "linear".
    """

    def __init__(
        self, optimizer: Optimizer, swa_lr: Any, anneal_epochs: int = 10, anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must by one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        rates = list(swa_lr) if isinstance(swa_lr, (list, tuple)) else [swa_lr] * len(optimizer.param_groups)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        self.anneal_epochs, self.cosine = anneal_epochs, anneal_strategy == "cos"
        super().__init__(optimizer, last_epoch)

    def _share(self, t: float) -> float:
        return (1 - math.cos(math.pi * t)) / 2 if self.cosine else t

    def get_lr(self) -> list[float]:
        n = self._step_count - 1
        before = self._share(max(0, min(1, (n - 1) / max(1, self.anneal_epochs))))
        now = self._share(max(0, min(1, n / max(1, self.anneal_epochs))))
        rates = []
        for group in self.optimizer.param_groups:
            end, lr = group["swa_lr"], group["lr"]
            first = end if before == 1 else (lr - before * end) / (1 - before)
            rates.append(end * now + first * (1 - now))
        return rates


__all__ = [
    "SWALR", "AveragedModel", "get_ema_avg_fn", "get_ema_multi_avg_fn", "get_swa_avg_fn", "get_swa_multi_avg_fn",
    "update_bn",
]  # fmt: skip
