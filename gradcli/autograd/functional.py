"""Jacobians, Hessians, and their products with vectors, of functions of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.creation import zeros_like
from gradcli.tensors.grad_mode import enable_grad
from gradcli.tensors.jacobians import along, grads, rows
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


def _tuple(values: Any, of: str) -> tuple[tuple[Tensor, ...], bool]:
    """Tensors as a tuple, and whether they were one."""
    several = isinstance(values, (tuple, list))
    found = tuple(values) if several else (values,)
    for k, x in enumerate(found):
        if not isinstance(x, Tensor):
            raise TypeError(f"The {of} must be a Tensor or a tuple of Tensors, but item {k} is a {type(x).__name__}")
    return found, several


def _fresh(inputs: Any, create_graph: bool) -> tuple[tuple[Tensor, ...], bool]:
    """The inputs as leaves of their own, or where the caller differentiates further as views of the given ones."""
    given, several = _tuple(inputs, "inputs")
    if create_graph:
        return tuple(x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in given), several
    return tuple(x.detach().requires_grad_() for x in given), several


def _given(values: tuple[Any, ...], several: bool) -> Any:
    return values if several else values[0]


def jacobian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """The derivatives of every element of the outputs by every element of the inputs, whatever the strategy.

    Of one output and one input a tensor of the output's shape followed by the input's; a tuple for several.
    Raises RuntimeError, if strict, where an output does not depend on an input.

    >>> import gradcli as torch
    >>> jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    with enable_grad():
        given, several_inputs = _fresh(inputs, create_graph)
        outputs, several_outputs = _tuple(func(*given), "outputs of the function given to jacobian")
        found = []
        for output in outputs:
            if strict and output.op is None:
                raise RuntimeError(
                    "Output 0 of the user-provided function does not require gradients. The outputs must be computed "
                    "in a differentiable manner from the input when running in strict mode."
                )
            found.append(_given(tuple(rows(output, given, create_graph)), several_inputs))
    return _given(tuple(found), several_outputs)


def hessian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """The second derivatives of a function of one number; a tuple of tuples for several inputs."""
    _, several = _tuple(inputs, "inputs")

    def gradient(*x: Tensor) -> Any:
        with enable_grad():
            output = _scalar(func(*x), "hessian")
            return _given(tuple(grads(output, x, None, True)), several)

    return jacobian(gradient, inputs, create_graph, strict)


def _scalar(output: Any, of: str) -> Tensor:
    if not isinstance(output, Tensor) or output.numel() != 1:
        shape = list(output.shape) if isinstance(output, Tensor) else type(output).__name__
        raise RuntimeError(
            f"The Tensor returned by the function given to {of} should have a single element, not {shape}"
        )
    return output


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """(outputs, v times the Jacobian)."""
    with enable_grad():
        given, several = _fresh(inputs, create_graph)
        outputs, many = _tuple(func(*given), "outputs of the function given to vjp")
        weights = _weights(outputs, v, "vjp")
        totals = [zeros_like(x) for x in given]
        for output, weight in zip(outputs, weights, strict=True):
            totals = [a + b for a, b in zip(totals, grads(output, given, weight, create_graph), strict=True)]
    found = outputs if create_graph else tuple(y.detach() for y in outputs)
    return _given(found, many), _given(tuple(totals), several)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """(outputs, the Jacobian times v), by differentiating v times the Jacobian once more."""
    with enable_grad():
        given, _ = _fresh(inputs, create_graph)
        directions = _weights(given, v, "jvp")
        outputs, many = _tuple(func(*given), "outputs of the function given to jvp")
        answers = [along(output, given, directions, create_graph)[0] for output in outputs]
    found = outputs if create_graph else tuple(y.detach() for y in outputs)
    return _given(found, many), _given(tuple(answers), many)


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """(output, the Hessian times v) of a function of one number."""
    with enable_grad():
        given, several = _fresh(inputs, create_graph)
        directions = _weights(given, v, "hvp")
        output = _scalar(func(*given), "hvp")
        slopes = grads(output, given, None, True)
        total = sum((g * d).sum() for g, d in zip(slopes, directions, strict=True))
        products = tuple(grads(total, given, None, create_graph))
    return output if create_graph else output.detach(), _given(products, several)


vhp = hvp  # a Hessian is symmetric


def _weights(like: tuple[Tensor, ...], v: Any, of: str) -> list[Tensor | None]:
    """v as tensors of these shapes; without v there must be one number."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if the function given to {of} has one number there: give v"
            )
        return [made(np.ones(like[0].shape))]
    given, _ = _tuple(v, f"vector v of {of}")
    for x, w in zip(like, given, strict=False):
        if x.shape != w.shape:
            raise RuntimeError(f"v has the wrong size: {list(w.shape)} where {list(x.shape)} is needed")
    if len(given) != len(like):
        raise RuntimeError(f"v has {len(given)} parts where {len(like)} are needed")
    return list(given)
