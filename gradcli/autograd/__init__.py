"""Gradients of tensors: `grad`, `backward`, `gradcheck`, and the matrices of derivatives in `functional`."""

from __future__ import annotations

from typing import Any

from gradcli.autograd import forward_ad, function, functional, graph
from gradcli.autograd.anomaly import detect_anomaly, set_detect_anomaly
from gradcli.autograd.check import GradcheckError, gradcheck, gradgradcheck
from gradcli.autograd.function import Function
from gradcli.tensors import backward as _backward
from gradcli.tensors.backward import grad
from gradcli.tensors.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from gradcli.tensors.settings import is_anomaly_enabled
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


class Variable(Tensor):
    """`Variable(x)` is the tensor x, as in old programs; requires_grad makes it a leaf that requires grad."""

    def __new__(cls, data: Tensor, requires_grad: bool = False) -> Any:
        found = data.detach() if data.is_leaf else data
        return found.requires_grad_() if requires_grad else found


__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "detect_anomaly", "enable_grad", "forward_ad", "function",
    "functional", "grad", "gradcheck", "gradgradcheck", "graph", "inference_mode", "is_anomaly_enabled", "no_grad",
    "set_detect_anomaly", "set_grad_enabled",
]  # fmt: skip
