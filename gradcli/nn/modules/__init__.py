"""Where PyTorch keeps its layers: old programs import from here."""

from __future__ import annotations

from gradcli.nn.containers import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from gradcli.nn.layers import Dropout, Embedding, Flatten, Identity, Linear
from gradcli.nn.module import Module
from gradcli.nn.modules import module

__all__ = [
    "Dropout", "Embedding", "Flatten", "Identity", "Linear", "Module", "ModuleDict", "ModuleList", "ParameterDict",
    "ParameterList", "Sequential", "module",
]  # fmt: skip
