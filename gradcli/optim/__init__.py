"""Optimisers: they change tensors by their gradients, as in PyTorch."""

from __future__ import annotations

from typing import Any

from gradcli.optim import lr_scheduler, swa_utils
from gradcli.optim.lbfgs import LBFGS
from gradcli.optim.more_rules import ASGD, Adadelta, Adagrad, Adamax, NAdam, RAdam, Rprop
from gradcli.optim.optimizer import Optimizer
from gradcli.optim.rules import SGD, Adam, AdamW, RMSprop
from gradcli.tensors.left_out import missing


def __getattr__(name: str) -> Any:
    """Raises AttributeError: what is not here is left out, and no slip of the pen."""
    raise AttributeError(missing("optim", name, __all__))


__all__ = [
    "ASGD", "LBFGS", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "Optimizer", "RAdam", "RMSprop",
    "Rprop", "lr_scheduler", "swa_utils",
]  # fmt: skip
