"""Weights as a length and a direction, and weights of norm 1: parametrizations that are ready made."""

from __future__ import annotations

from typing import Any

from gradcli.nn import functional as F  # noqa: N812 - its usual name
from gradcli.nn.module import Module
from gradcli.nn.utils.parametrize import register_parametrization
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_
from gradcli.tensors.linalg import linalg
from gradcli.tensors.random import randn
from gradcli.tensors.record import renamed
from gradcli.tensors.tensor import Tensor


def lengths(v: Tensor, dim: int) -> Tensor:
    """The norms of a tensor along all axes but dim; of dim -1 the norm of all of it."""
    if dim == -1:
        return v.norm()
    axes = [k for k in range(v.ndim) if k != dim % v.ndim]
    return linalg.vector_norm(v, dim=axes, keepdim=True)


def scaled(g: Tensor, v: Tensor, dim: int) -> Tensor:
    """The direction of v with these lengths."""
    return renamed(v * (g / lengths(v, dim)), "WeightNormInterfaceBackward0")


class _WeightNorm(Module):
    """A tensor as its norms along all axes but one, and its direction."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return scaled(weight_g, weight_v, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """The norms and the tensor itself."""
        return lengths(weight, self.dim), weight


@no_grad()
def iterate(matrix: Tensor, u: Tensor, v: Tensor, count: int, eps: float) -> None:
    """Bring u, then v, nearer to the singular vectors of the largest singular value, in place."""
    for _ in range(count):
        copy_(u, F.normalize(matrix @ v, dim=0, eps=eps))
        copy_(v, F.normalize(matrix.t() @ u, dim=0, eps=eps))


def over_largest(weight: Tensor, matrix: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """A weight, and it as a matrix: over the singular value of these vectors."""
    return weight / (u.clone() @ (matrix @ v.clone()))


class _SpectralNorm(Module):
    """A matrix over its largest singular value, which power iterations estimate (Miyato and others, 2018)."""

    def __init__(self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        self.dim, self.n_power_iterations, self.eps = dim, n_power_iterations, eps
        if weight.ndim > 1:
            matrix = self._matrix(weight)
            rows, columns = matrix.shape
            u, v = randn(rows), randn(columns)
            self.register_buffer("_u", F.normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(v, dim=0, eps=eps))
            iterate(matrix, self._u, self._v, 15, eps)

    def _matrix(self, weight: Tensor) -> Tensor:
        moved = weight if self.dim == 0 else weight.movedim(self.dim, 0)
        return moved.flatten(1)

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            iterate(matrix, self._u, self._v, self.n_power_iterations, self.eps)
        return over_largest(weight, matrix, self._u, self._v)

    def right_inverse(self, value: Tensor) -> Tensor:
        """The value itself, taken for one of norm 1."""
        return value


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Let a weight be `original0` (norms along all axes but dim) times the direction of `original1`.

    >>> from gradcli import nn
    >>> [(name, tuple(p.shape)) for name, p in weight_norm(nn.Linear(3, 2)).named_parameters()][1:]
    [('parametrizations.weight.original0', (2, 1)), ('parametrizations.weight.original1', (2, 3))]
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


def spectral_norm(
    module: Any, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Any:
    """Let a weight be `original` over its largest singular value. Raises ValueError for what is no tensor of it."""
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    return register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim or 0, eps))


__all__ = ["spectral_norm", "weight_norm"]
