"""Gradients kept small, and parameters as one vector."""

from __future__ import annotations

import math
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_
from gradcli.tensors.left_out import missing
from gradcli.tensors.record import made
from gradcli.tensors.shapes import cat
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable


def _gradients(parameters: Any) -> list[Tensor]:
    given = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [p._grad for p in given if p._grad is not None]


def get_total_norm(tensors: Iterable[Tensor], norm_type: float = 2.0) -> Tensor:
    """The p-norm of all elements of several tensors together."""
    norms = [np.linalg.norm(np.reshape(g.value, -1), norm_type) for g in tensors]
    return made(np.asarray(np.linalg.norm(norms, norm_type) if norms else 0.0))


@no_grad()
def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """Scale gradients down so that all together have at most this norm; returns the norm before.

    Raises RuntimeError for one that is not finite, if asked to.
    """
    gradients = _gradients(parameters)
    total = get_total_norm(gradients, norm_type)
    if error_if_nonfinite and not math.isfinite(total.item()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, "
            "so it cannot be clipped."
        )
    factor = min(max_norm / (total.item() + 1e-6), 1.0)
    for g in gradients:
        g.mul_(factor)
    return total


@no_grad()
def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Bring every element of the gradients between -clip_value and clip_value."""
    for g in _gradients(parameters):
        copy_(g, g.clamp(-clip_value, clip_value))


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All elements in one row.

    >>> import gradcli as torch
    >>> parameters_to_vector([torch.ones(2), torch.zeros(1, 2)])
    tensor([1., 1., 0., 0.])
    """
    return cat([p.reshape(-1) for p in parameters])


@no_grad()
def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Write the elements of one row into the parameters."""
    start = 0
    for p in parameters:
        copy_(p, vec[start : start + p.numel()].reshape(*p.shape))
        start += p.numel()


def __getattr__(name: str) -> Any:
    """The modules within, loaded when they are asked for. Raises AttributeError for other names."""
    homes = {
        "parametrize": "", "parametrizations": "", "rnn": "",
        **dict.fromkeys(("weight_norm", "remove_weight_norm", "spectral_norm", "remove_spectral_norm"), "norms"),
    }  # fmt: skip
    if name not in homes:
        raise AttributeError(missing("nn.utils", name, [*__all__, *homes]))
    home = import_module(f"gradcli.nn.utils.{homes[name] or name}")
    return getattr(home, name) if homes[name] else home


__all__ = [
    "clip_grad_norm_", "clip_grad_value_", "get_total_norm", "parameters_to_vector", "vector_to_parameters",
]  # fmt: skip
