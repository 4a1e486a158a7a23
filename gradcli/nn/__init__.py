"""Layers of networks, and what they are made of."""

from __future__ import annotations

from typing import Any

from gradcli.nn import functional
from gradcli.nn.layers import CrossEntropyLoss, Flatten, Linear, MSELoss, ReLU, Sequential, Sigmoid, Tanh
from gradcli.nn.module import Module, Parameter


def __getattr__(name: str) -> Any:
    """Raises AttributeError: what is not here is left out, and no slip of the pen."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    layers = ", ".join(name for name in __all__ if name[0].isupper())
    raise AttributeError(f"nn.{name} is left out here: there are {layers} and nn.functional")


__all__ = [
    "CrossEntropyLoss", "Flatten", "Linear", "MSELoss", "Module", "Parameter", "ReLU", "Sequential", "Sigmoid", "Tanh",
    "functional",
]  # fmt: skip
