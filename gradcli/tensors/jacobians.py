"""Gradients where there may be none, and Jacobians row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcli.tensors.backward import grad
from gradcli.tensors.creation import zeros_like
from gradcli.tensors.record import made
from gradcli.tensors.shapes import stack
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


def grads(output: Tensor, inputs: Sequence[Tensor], weight: Tensor | None, create_graph: bool) -> list[Tensor]:
    """The gradients of an output, zeros where it does not depend on an input."""
    if output.op is None:
        return [zeros_like(x) for x in inputs]
    found = grad(output, inputs, weight, retain_graph=True, create_graph=create_graph, allow_unused=True)
    return [zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)]


def along(
    output: Tensor, inputs: Sequence[Tensor], directions: Sequence[Tensor | None], create_graph: bool
) -> tuple[Tensor, Tensor]:
    """The derivative of an output along directions of the inputs, and the leaf that its history ends in.

    What weighs the gradients takes them in linearly: the gradient by it is the derivative.
    """
    weight = zeros_like(output).detach().requires_grad_()
    total = sum((g * d).sum() for g, d in zip(grads(output, inputs, weight, True), directions, strict=True))
    return (grads(total, [weight], None, create_graph)[0] if isinstance(total, Tensor) else zeros_like(output)), weight


def rows(output: Tensor, inputs: Sequence[Tensor], create_graph: bool = True) -> list[Tensor]:
    """The Jacobian of one output by each input: the output's shape followed by the input's."""
    columns: list[list[Tensor]] = [[] for _ in inputs]
    for k in range(output.numel()):
        weight = np.zeros(output.shape, output.dtype.numpy)
        weight.reshape(-1)[k] = 1.0
        for column, g in zip(columns, grads(output, inputs, made(weight), create_graph), strict=True):
            column.append(g)
    return [
        (stack(column) if column else zeros_like(x)).reshape(*output.shape, *x.shape)
        for column, x in zip(columns, inputs, strict=True)
    ]
