"""Gradients of tensors: `grad`, `backward`, `gradcheck`, and the matrices of derivatives in `functional`."""

from __future__ import annotations

from typing import Any

from gradcli.autograd import functional
from gradcli.autograd.check import GradcheckError, gradcheck
from gradcli.tensors import backward as _backward
from gradcli.tensors.backward import grad
from gradcli.tensors.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from gradcli.tensors.tensor import Tensor


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of these tensors to `.grad` of the leaves; grad_tensors: the weights of their elements."""
    outputs = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    seeds = [grad_tensors] if isinstance(grad_tensors, Tensor) else grad_tensors
    _backward.backward(outputs, seeds, retain_graph, create_graph, inputs)


__all__ = [
    "GradcheckError", "backward", "enable_grad", "functional", "grad", "gradcheck", "inference_mode", "no_grad",
    "set_grad_enabled",
]  # fmt: skip
