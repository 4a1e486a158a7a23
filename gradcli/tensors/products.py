"""Products of matrices and vectors under the names that ask for so many axes, and what adds them to others."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradcli.tensors.functions import FUNCTIONS as ROWS
from gradcli.tensors.functions import named
from gradcli.tensors.operators import matmul
from gradcli.tensors.record import made, renamed
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


# -- added to others


def _added(name: str, product: str, multiply: Any) -> Any:
    def added(input: Tensor, first: Tensor, second: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
        product = multiply(first, second)
        return renamed(_times(input, beta) + _times(product, alpha), f"{name.capitalize()}Backward0")

    return named(added, name, f"beta*input + alpha*{product}(first, second)")


addmm, addmv, baddbmm, addr = (
    _added(*how)
    for how in (("addmm", "mm", mm), ("addmv", "mv", mv), ("baddbmm", "bmm", bmm), ("addr", "outer", ROWS["outer"]))
)


def _times(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1 else x * factor


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value*tensor1*tensor2."""
    return renamed(input + _times(tensor1 * tensor2, value), "AddcmulBackward0")


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value*tensor1/tensor2. Raises TypeError for numbers."""
    if not isinstance(tensor2, Tensor):
        raise TypeError(f"addcdiv(): argument 'tensor2' must be Tensor, not {type(tensor2).__name__}")
    return renamed(input + _times(tensor1 / tensor2, value), "AddcdivBackward0")


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross product of vectors of length 3 along an axis, by default the first of that length."""
    if dim is None:
        dim = next((k for k, n in enumerate(input.shape) if n == 3), -1)
    a, b = input.movedim(dim, -1), other.movedim(dim, -1)
    x, y = a.roll(-1, -1), b.roll(-1, -1)
    return renamed((a * y - x * b).roll(-1, -1).movedim(-1, dim), "LinalgCrossBackward0")


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of the difference."""
    return renamed((input - other).norm(p), "DistBackward0")


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm of the difference of each row of one with each row of the other."""
    return renamed((x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1), "CdistBackward0")


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm of the difference of each two rows, in order, a number each. Raises RuntimeError for no matrix."""
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    first, second = np.triu_indices(input.shape[0], 1)
    return renamed((input[made(first)] - input[made(second)]).norm(p, 1), "PdistBackward0")


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The product over some axes of both."""
    first, second = (
        (list(range(a.ndim - dims, a.ndim)), list(range(dims))) if isinstance(dims, int) else map(list, dims)
    )
    keep_a = [k for k in range(a.ndim) if k not in [d % a.ndim for d in first]]
    keep_b = [k for k in range(b.ndim) if k not in [d % b.ndim for d in second]]
    count = math.prod(a.shape[d] for d in first)
    left = a.permute(*keep_a, *first).reshape(-1, count)
    right = b.permute(*second, *keep_b).reshape(count, -1)
    return (left @ right).reshape(*[a.shape[k] for k in keep_a], *[b.shape[k] for k in keep_b])


FUNCTIONS: dict[str, Any] = {
    "mm": mm, "mv": mv, "bmm": bmm, "dot": dot, "vdot": dot, "addmm": addmm, "addmv": addmv, "baddbmm": baddbmm,
    "addr": addr, "addcmul": addcmul, "addcdiv": addcdiv, "cross": cross, "dist": dist,
}  # fmt: skip
NAMES: dict[str, Any] = {"cdist": cdist, "pdist": pdist, "tensordot": tensordot}
