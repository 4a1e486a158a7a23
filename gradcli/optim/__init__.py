"""Optimisers: they change tensors by their gradients, as in PyTorch."""

from __future__ import annotations

from gradcli.optim import lr_scheduler
from gradcli.optim.lbfgs import LBFGS
from gradcli.optim.more_rules import ASGD, Adadelta, Adagrad, Adamax, NAdam, RAdam, Rprop
from gradcli.optim.optimizer import Optimizer
from gradcli.optim.rules import SGD, Adam, AdamW, RMSprop

__all__ = [
    "ASGD", "LBFGS", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "Optimizer", "RAdam", "RMSprop",
    "Rprop", "lr_scheduler",
]  # fmt: skip
