"""Dual numbers: a value with a tangent. Tangents of results come from the rules of the reverse sweep, run twice.

>>> import gradcli as torch
>>> with dual_level():
...     x = make_dual(torch.tensor(2.0), torch.tensor(1.0))
...     unpack_dual(x**3).tangent
tensor(12.)
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gradcli.tensors.backward import grad
from gradcli.tensors.creation import zeros_like
from gradcli.tensors.grad_mode import enable_grad
from gradcli.tensors.tensor import Tensor

_levels: list[list[tuple[Tensor, Tensor, bool]]] = []  # (dual, tangent, is its value differentiated too)


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` gives."""

    primal: Tensor
    tangent: Tensor | None


class dual_level:  # noqa: N801 - PyTorch's name
    """Within it tensors may have tangents."""

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *error: object) -> None:
        exit_dual_level()


def enter_dual_level() -> int:
    """Begin a level. Raises RuntimeError where there is one."""
    if _levels:
        raise RuntimeError("Nested forward mode AD is not supported at the moment: use torch.func.jvp within itself")
    _levels.append([])
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End a level. Raises RuntimeError where there is none."""
    if not _levels:
        raise RuntimeError("Trying to exit a forward AD level that was not entered")
    _levels.pop()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """The tensor with this tangent. Raises RuntimeError outside of a level, or for another shape; ValueError."""
    if not _levels:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    if tangent.shape != tensor.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not "
            f"supported. Tensor is of size {list(tensor.shape)} while the given forward gradient is of size "
            f"{list(tangent.shape)}."
        )
    for what, x in (("primal", tensor), ("tangent", tangent)):
        if not x.dtype.is_floating_point:
            raise ValueError(f"Expected {what} to be floating point or complex, but got: {x.dtype}")
    differentiated = tensor.requires_grad
    with enable_grad():
        dual = tensor.view_as(tensor) if differentiated else tensor.detach().requires_grad_()
    _levels[-1].append((dual, tangent, differentiated))
    return dual


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """(value, tangent), the tangent None where the tensor depends on no dual one."""
    duals = _levels[-1] if _levels else []
    further = any(asked for _, _, asked in duals) or any(t.requires_grad for _, t, _ in duals)
    primal = tensor if further else tensor.detach()
    for dual, tangent, _ in duals:
        if dual is tensor:
            return UnpackedDualTensor(primal, tangent)
    if not duals or not tensor.requires_grad:
        return UnpackedDualTensor(primal, None)
    with enable_grad():
        weight = zeros_like(tensor).requires_grad_()
        found: Any = grad(tensor, [d for d, _, _ in duals], weight, True, True, allow_unused=True)
        parts = [(g * t).sum() for g, (_, t, _) in zip(found, duals, strict=True) if g is not None]
        if not parts:
            return UnpackedDualTensor(primal, None)
        along = sum(parts[1:], parts[0])
        if not along.requires_grad:
            return UnpackedDualTensor(primal, zeros_like(tensor))
        return UnpackedDualTensor(primal, grad(along, weight, create_graph=further, retain_graph=True)[0])


__all__ = ["dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual"]
