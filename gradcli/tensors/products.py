"""Products of matrices and vectors under the names that ask for so many axes."""

from __future__ import annotations

from typing import Any

from gradcli.tensors.operators import matmul
from gradcli.tensors.record import renamed
from gradcli.tensors.tensor import Tensor


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices. Raises RuntimeError for others."""
    _needs(input, 2, "self must be a matrix")
    _needs(mat2, 2, "mat2 must be a matrix")
    return matmul(input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix and a vector. Raises RuntimeError for others."""
    if (input.ndim, vec.ndim) != (2, 1):
        raise RuntimeError(
            f"vector + matrix @ vector expected, got {vec.ndim}, {input.ndim}, {vec.ndim}: use matmul or mm"
        )
    return matmul(input, vec)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of as many matrices of both. Raises RuntimeError for others."""
    _needs(input, 3, "batch1 must be a 3D tensor")
    _needs(mat2, 3, "batch2 must be a 3D tensor")
    return renamed(matmul(input, mat2), "BmmBackward0")


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The sum of the products of two vectors. Raises RuntimeError for others."""
    if (input.ndim, tensor.ndim) != (1, 1):
        raise RuntimeError(
            f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors: use matmul, or (x * y).sum()"
        )
    return matmul(input, tensor)


def _needs(x: Tensor, axes: int, message: str) -> None:
    if not isinstance(x, Tensor):
        raise TypeError(f"expected a Tensor, not {type(x).__name__}")
    if x.ndim != axes:
        raise RuntimeError(f"{message}: this tensor has {x.ndim} axes, matmul takes any number")


FUNCTIONS: dict[str, Any] = {"mm": mm, "mv": mv, "bmm": bmm, "dot": dot, "vdot": dot}
