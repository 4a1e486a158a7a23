"""Jacobians, Hessians, and their products with vectors, of functions of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.creation import zeros_like
from gradcli.tensors.grad_mode import enable_grad
from gradcli.tensors.jacobians import along, grads, rows
from gradcli.tensors.record import made
from gradcli.tensors.running import collect
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


_OUTPUTS = "outputs of the user-provided function"


def _tuple(values: Any, what: str, of: str) -> tuple[tuple[Tensor, ...], bool]:
    """Tensors as a tuple, and whether they were one. Raises TypeError for what is none."""
    several = isinstance(values, (tuple, list))
    found = tuple(values) if several else (values,)
    for k, x in enumerate(found):
        if not isinstance(x, Tensor):
            place = f"value at index {k}" if several else f"given {what}"
            raise TypeError(
                f"The {what} given to {of} must be either a Tensor or a tuple of Tensors but the {place} has type "
                f"{type(x)}."
            )
    return found, several


def _strictly(
    outputs: tuple[Tensor, ...], inputs: tuple[Tensor, ...], strict: bool, what: str = "The output", first: int = 0
) -> None:
    """Raises RuntimeError, if strict, where an output depends on nothing, or nothing on an input."""
    if not strict:
        return
    for k, output in enumerate(outputs, first):
        if output.op is None:
            raise RuntimeError(
                f"Output {k} of the user-provided function does not require gradients. The outputs must be computed "
                "in a differentiable manner from the input when running in strict mode."
            )
    reached = {t for output in outputs for t in collect(output)[0]}
    for k, x in enumerate(inputs):
        if x not in reached:
            raise RuntimeError(
                f"{what} of the user-provided function is independent of input {k}. This is not allowed in strict mode."
            )


def _fresh(inputs: Any, create_graph: bool, of: str) -> tuple[tuple[Tensor, ...], bool]:
    """The inputs as leaves of their own, or where the caller differentiates further as views of the given ones."""
    given, several = _tuple(inputs, "inputs", of)
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
        given, several_inputs = _fresh(inputs, create_graph, "jacobian")
        outputs, several_outputs = _tuple(func(*given), _OUTPUTS, "jacobian")
        found = []
        for k, output in enumerate(outputs):
            _strictly((output,), given, strict, f"Output {k}", k)
            found.append(_given(tuple(rows(output, given, create_graph)), several_inputs))
    return _given(tuple(found), several_outputs)


def hessian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """The second derivatives of a function of one number; a tuple of tuples for several inputs."""
    _, several = _tuple(inputs, "inputs", "hessian")

    def gradient(*x: Tensor) -> Any:
        with enable_grad():
            output = _scalar(func(*x), "hessian")
            _strictly((output,), x, strict)
            return _given(tuple(grads(output, x, None, True)), several)

    return jacobian(gradient, inputs, create_graph, strict)


def _scalar(output: Any, of: str) -> Tensor:
    (found, *more), _ = _tuple(output, _OUTPUTS, of)
    if more:
        raise RuntimeError(f"The function given to {of} should return a single Tensor")
    if found.numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {of} should contain a single element: this one has the "
            f"shape {list(found.shape)}"
        )
    return found


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """(outputs, v times the Jacobian)."""
    with enable_grad():
        given, several = _fresh(inputs, create_graph, "vjp")
        outputs, many = _tuple(func(*given), _OUTPUTS, "vjp")
        _strictly(outputs, given, strict)
        weights = _weights(outputs, v, "vjp", many)
        totals = [zeros_like(x) for x in given]
        for output, weight in zip(outputs, weights, strict=True):
            totals = [a + b for a, b in zip(totals, grads(output, given, weight, create_graph), strict=True)]
    found = outputs if create_graph else tuple(y.detach() for y in outputs)
    return _given(found, many), _given(tuple(totals), several)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """(outputs, the Jacobian times v), by differentiating v times the Jacobian once more."""
    with enable_grad():
        given, several = _fresh(inputs, create_graph, "jvp")
        directions = _weights(given, v, "jvp", several)
        outputs, many = _tuple(func(*given), _OUTPUTS, "jvp")
        _strictly(outputs, given, strict)
        answers = [along(output, given, directions, create_graph)[0] for output in outputs]
    found = outputs if create_graph else tuple(y.detach() for y in outputs)
    return _given(found, many), _given(tuple(answers), many)


def _of_hessian(name: str) -> Callable[..., Any]:
    def product(
        func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
    ) -> Any:
        with enable_grad():
            given, several = _fresh(inputs, create_graph, name)
            directions = _weights(given, v, name, several)
            output = _scalar(func(*given), name)
            _strictly((output,), given, strict)
            slopes = grads(output, given, None, True)
            total = sum((g * d).sum() for g, d in zip(slopes, directions, strict=True))
            products = tuple(grads(total, given, None, create_graph))
        return output if create_graph else output.detach(), _given(products, several)

    product.__name__ = product.__qualname__ = name
    product.__doc__ = "(output, the Hessian times v) of a function of one number; v times it is the same."
    return product


hvp, vhp = _of_hessian("hvp"), _of_hessian("vhp")


def _weights(like: tuple[Tensor, ...], v: Any, of: str, several: bool) -> list[Tensor | None]:
    """v as tensors of these shapes; without v there must be one number."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            what = "user-provided function returns" if of == "vjp" else "input to the user-provided function is"
            raise RuntimeError(f"The vector v can only be None if the {what} a single Tensor with a single element.")
        return [made(np.ones(like[0].shape))]
    given, _ = _tuple(v, "v", of)
    if len(given) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(given)}."
            if several
            else "The given v should contain a single Tensor."
        )
    for k, (x, w) in enumerate(zip(like, given, strict=True)):
        if x.shape != w.shape:
            entry = f"Entry {k} in " if several else ""
            raise RuntimeError(f"{entry}v has invalid size: should be {x.shape} but got {w.shape}.")
    return list(given)
