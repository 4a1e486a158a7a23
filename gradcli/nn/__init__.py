"""Layers of networks, and what they are made of."""

from __future__ import annotations

from gradcli.nn import functional
from gradcli.nn.layers import CrossEntropyLoss, Flatten, Linear, MSELoss, ReLU, Sequential, Sigmoid, Tanh
from gradcli.nn.module import Module, Parameter

__all__ = [
    "CrossEntropyLoss", "Flatten", "Linear", "MSELoss", "Module", "Parameter", "ReLU", "Sequential", "Sigmoid", "Tanh",
    "functional",
]  # fmt: skip
