"""Optimisers: they change tensors by their gradients, as in PyTorch."""

from __future__ import annotations

from gradcli.optim.optimizer import Optimizer
from gradcli.optim.rules import SGD, Adam, AdamW, RMSprop

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop"]
