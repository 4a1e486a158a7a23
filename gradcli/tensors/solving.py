"""Linear systems and factors beside those of `linalg`: triangles, LU, the exponential of a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gradcli.tensors import lapack
from gradcli.tensors.custom import step
from gradcli.tensors.functions import FUNCTIONS as ROWS
from gradcli.tensors.record import made, renamed
from gradcli.tensors.shapes import cat

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor


class Triangles(NamedTuple):
    """What `lu` gives: P @ L @ U is the matrix."""

    P: Tensor
    L: Tensor
    U: Tensor

    def __repr__(self) -> str:
        return f"torch.return_types.linalg_lu(\nP={self.P!r},\nL={self.L!r},\nU={self.U!r})"


def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """X with A @ X = B (or X @ A = B) for the upper or lower triangle of A, on request with ones on its diagonal."""
    triangle = A.triu() if upper else A.tril()
    if unitriangular:
        eye = np.eye(A.shape[-1])
        triangle = triangle * made(1 - eye) + made(eye)
    solve = ROWS["solve"]
    found = solve(triangle, B) if left else solve(triangle.mT, B.mT).mT
    return renamed(found, "LinalgSolveTriangularBackward0")


def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """X with A @ X = B for the A of which L is the Cholesky factor. Raises RuntimeError for a vector."""
    if B.ndim < 2 or L.ndim < 2:
        raise RuntimeError(
            f"b should have at least 2 dimensions, but has {B.ndim} dimensions instead: use .unsqueeze(-1)"
        )
    lower = L.mT if upper else L
    half = solve_triangular(lower, B, upper=False)
    return renamed(solve_triangular(lower.mT, half, upper=True), "CholeskySolveBackward0")


def lu(A: Tensor) -> Triangles:
    """P, L and U of a square matrix."""
    p, lower, upper = lapack.lu(np.asarray(A.value))
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        left, right = outputs
        inner = (left.mT @ gradients[0]).tril(-1) + (gradients[1] @ right.mT).triu()
        by_right = solve_triangular(right, inner.mT, upper=True).mT
        return [made(p) @ solve_triangular(left.mT, by_right, upper=True, unitriangular=True)]

    outputs += step("LinalgLuBackward0", [lower, upper], (A,), backward)
    return Triangles(made(p), *outputs)


def matrix_exp(A: Tensor) -> Tensor:
    """The exponential of matrices: the sum of their powers over factorials."""

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        n = A.shape[-1]
        zeros = made(np.zeros(A.shape))
        top = cat([A.mT, gradients[0]], -1)
        block = cat([top, cat([zeros, A.mT], -1)], -2)
        return [matrix_exp(block)[..., :n, n:]]

    return step("LinalgMatrixExpBackward0", [lapack.exponential(np.asarray(A.value))], (A,), backward)[0]


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The sums of products along an axis."""
    return renamed((x * y).sum(dim), "LinalgVecdotBackward0")


FUNCTIONS: dict[str, Any] = {
    "solve_triangular": solve_triangular, "lu": lu, "matrix_exp": matrix_exp, "vecdot": vecdot,
}  # fmt: skip
