"""Linear algebra: factors, eigenvalues, singular values and norms of matrices, with their gradients.

The gradients are those of Giles, 2008, "An extended collection of matrix derivative results", and PyTorch's.
"""

from __future__ import annotations

import math
import types
from typing import Any, NamedTuple

import numpy as np

from gradcli.tensors import dtypes, shapes, solving
from gradcli.tensors.bound_op import settled
from gradcli.tensors.custom import step
from gradcli.tensors.methods import FUNCTIONS
from gradcli.tensors.names import LinAlgError
from gradcli.tensors.record import made, renamed
from gradcli.tensors.tensor import Tensor

_inv, _solve = FUNCTIONS["inv"], FUNCTIONS["solve"]


class Eigen(NamedTuple):
    """What `eigh` gives."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class Singular(NamedTuple):
    """What `svd` gives: U diag(S) Vh is the matrix."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class SignedLog(NamedTuple):
    """What `slogdet` gives."""

    sign: Tensor
    logabsdet: Tensor


class Orthogonal(NamedTuple):
    """What `qr` gives."""

    Q: Tensor
    R: Tensor


class Least(NamedTuple):
    """What `lstsq` gives."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor


def _shown(self: Any) -> str:
    """As PyTorch prints its results."""
    kind = {Eigen: "linalg_eigh", Singular: "linalg_svd", SignedLog: "linalg_slogdet", Orthogonal: "linalg_qr",
            Least: "linalg_lstsq"}[type(self)]  # fmt: skip
    return f"torch.return_types.{kind}(\n" + ",\n".join(f"{k}={v!r}" for k, v in self._asdict().items()) + ")"


for _named in (Eigen, Singular, SignedLog, Orthogonal, Least):
    _named.__repr__ = _shown  # type: ignore[method-assign]


def _matrix(x: Tensor, name: str, square: bool = True) -> np.ndarray:
    value = np.asarray(x.value)
    if value.ndim < 2:
        raise RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    if square and value.shape[-1] != value.shape[-2]:
        raise RuntimeError(
            f"linalg.{name}: A must be batches of square matrices, but they are {value.shape[-2]} by "
            f"{value.shape[-1]} matrices"
        )
    return value


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangle L with L @ L.T = A. Raises LinAlgError for what is not positive-definite.

    >>> import gradcli as torch
    >>> cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    value = _matrix(A, "cholesky")
    try:
        lower = np.linalg.cholesky(value)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.cholesky: The factorization could not be completed because the input is not positive-definite "
            f"(the leading minor of order {_first_bad(value)} is not positive-definite)."
        ) from None
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        factor = outputs[0]
        phi = (factor.mT @ gradients[0]).tril()
        phi = phi - 0.5 * phi * made(np.eye(value.shape[-1]))
        whole = _solve(factor.mT, _solve(factor.mT, phi.mT).mT)
        return [(whole + whole.mT) / 2]

    outputs += step("LinalgCholeskyExBackward0", [lower], (A,), backward)
    return outputs[0].mT if upper else outputs[0]


def _first_bad(value: np.ndarray) -> int:
    for k in range(1, value.shape[-1]):
        try:
            np.linalg.cholesky(value[..., :k, :k])
        except np.linalg.LinAlgError:
            return k
    return value.shape[-1]


def _safe_inverse(differences: Tensor) -> Tensor:
    """1/x off the diagonal, 0 on it."""
    eye = made(np.broadcast_to(np.eye(differences.shape[-1], dtype=bool), differences.shape).copy())
    return differences.masked_fill(eye, math.inf) ** -1


def eigh(A: Tensor, UPLO: str = "L") -> Eigen:
    """Eigenvalues, in order, and eigenvectors of a symmetric matrix."""
    value = _matrix(A, "eigh")
    w, v = np.linalg.eigh(value, "U" if UPLO == "U" else "L")
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        values, vectors = outputs
        by_value, by_vector = gradients
        inner = (vectors.mT @ by_vector) * _safe_inverse(values.unsqueeze(-2) - values.unsqueeze(-1))
        whole = vectors @ (inner + by_value.unsqueeze(-1) * made(np.eye(value.shape[-1]))) @ vectors.mT
        return [(whole + whole.mT) / 2]

    outputs += step("LinalgEighBackward0", [w, v], (A,), backward)
    return Eigen(*outputs)


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """Eigenvalues of a symmetric matrix, in order."""
    return eigh(A, UPLO).eigenvalues


def svd(A: Tensor, full_matrices: bool = True) -> Singular:
    """U, S and Vh with U @ diag(S) @ Vh = A; of full matrices the gradient is that by S."""
    value = _matrix(A, "svd", square=False)
    u, s, vh = np.linalg.svd(value, full_matrices=False)
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        left, sizes, right = outputs[0], outputs[1], outputs[2].mT
        by_left, by_sizes, by_right = gradients[0], gradients[1], gradients[2].mT
        square = sizes * sizes
        gap = _safe_inverse(square.unsqueeze(-2) - square.unsqueeze(-1))
        first, second = left.mT @ by_left, right.mT @ by_right
        inner = (first - first.mT) * gap * sizes.unsqueeze(-2) + sizes.unsqueeze(-1) * (second - second.mT) * gap
        inner = inner + by_sizes.unsqueeze(-1) * made(np.eye(s.shape[-1]))
        total = left @ inner @ right.mT
        beside = (by_left - left @ first) / sizes.unsqueeze(-2)
        below = (by_right - right @ second) / sizes.unsqueeze(-2)
        return [total + beside @ right.mT + left @ below.mT]

    outputs += step("LinalgSvdBackward0", [u, s, vh], (A,), backward)
    if not full_matrices or value.shape[-1] == value.shape[-2]:
        return Singular(*outputs)
    whole = np.linalg.svd(value)
    return Singular(made(whole[0]), outputs[1], made(whole[2]))


def svdvals(A: Tensor) -> Tensor:
    """Singular values, the largest first."""
    return svd(A, full_matrices=False).S


def qr(A: Tensor, mode: str = "reduced") -> Orthogonal:
    """Q with columns at right angles and a triangle R with Q @ R = A, of as many rows as columns or more."""
    value = _matrix(A, "qr", square=False)
    q, r = np.linalg.qr(value, "reduced")
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        unit, triangle = outputs
        inner = triangle @ gradients[1].mT - gradients[0].mT @ unit
        symmetric = inner.tril() + inner.tril(-1).mT
        return [_solve(triangle, (gradients[0] + unit @ symmetric).mT).mT]

    outputs += step("LinalgQrBackward0", [q, r], (A,), backward)
    return Orthogonal(*outputs)


def slogdet(A: Tensor) -> Any:
    """The sign of the determinant, and the logarithm of its size."""
    sign, log = np.linalg.slogdet(_matrix(A, "slogdet"))

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        return [gradients[1].unsqueeze(-1).unsqueeze(-1) * _inv(A).mT]

    return SignedLog(*step("LinalgSlogdetBackward0", [settled(sign), settled(log)], (A,), backward))


def pinv(A: Tensor, rcond: float | None = None, *, rtol: float | None = None) -> Tensor:
    """The pseudo-inverse of Moore and Penrose; its gradient where the rank stays."""
    value = _matrix(A, "pinv", square=False)
    given = rcond if rtol is None else rtol
    least = max(value.shape[-2:]) * np.finfo(value.dtype).eps if given is None else given
    outputs: list[Tensor] = []

    def backward(gradients: list[Tensor]) -> list[Tensor]:
        p, g = outputs[0], gradients[0].mT
        beside = g - (A @ p) @ g
        below = g - g @ (p @ A)
        return [-(p.mT @ gradients[0] @ p.mT) + beside @ p @ p.mT + p.mT @ p @ below]

    outputs += step("LinalgPinvBackward0", [np.linalg.pinv(value, least)], (A,), backward)
    return outputs[0]


def matrix_rank(A: Tensor, tol: float | None = None) -> Tensor:
    """How many singular values are not 0 to rounding."""
    return made(np.asarray(np.linalg.matrix_rank(np.asarray(A.value), tol)))


def lstsq(A: Tensor, B: Tensor) -> Least:
    """The solution with the least squares of A @ X - B, for a matrix of full rank."""
    solution = pinv(A) @ B
    tall = A.shape[-2] > A.shape[-1]
    left = ((A @ solution - B) ** 2).sum(-2) if tall else made(np.zeros(0))
    return Least(solution, left, matrix_rank(A))


def vector_norm(x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The p-norm of all elements, or along axes; of `inf` the largest, of 0 how many are not 0.

    Raises RuntimeError for whole numbers.
    """
    if not x.dtype.is_floating_point:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{dtypes.SCALAR[x.dtype.name]}: use .double() first"
        )
    if ord in (math.inf, -math.inf):
        x = x.reshape(-1) if dim is None and not keepdim else x
        largest = FUNCTIONS["amax" if ord > 0 else "amin"](abs(x), dim, keepdim)
        return renamed(largest, "LinalgVectorNormBackward0")
    if ord == 0:
        return x.ne(0).to(x.dtype).sum(dim, keepdim)
    return shapes.norm(x, ord, dim, keepdim)


def matrix_norm(A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False) -> Tensor:
    """The Frobenius norm, the nuclear one, or that of 1, 2 or inf. Raises ValueError for another one."""
    if ord == "fro":
        return shapes.norm(A, 2, dim, keepdim)
    if ord in (1, -1, math.inf, -math.inf):
        sums = abs(A).sum(-2 if abs(ord) == 1 else -1)
        return FUNCTIONS["amax" if ord > 0 else "amin"](sums, -1)
    if ord in (2, -2, "nuc"):
        sizes = svdvals(A)
        return sizes.sum(-1) if ord == "nuc" else FUNCTIONS["amax" if ord > 0 else "amin"](sizes, -1)
    raise ValueError(f"linalg.matrix_norm: Order {ord} not supported.")


def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The norm of a vector, or with an order of a matrix that of matrices."""
    if isinstance(ord, str) or (ord is not None and A.ndim == 2 and dim is None):
        return matrix_norm(A, ord)
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim)


def cond(A: Tensor, p: Any = None) -> Tensor:
    """The condition number."""
    if p in (None, 2):
        sizes = svdvals(A)
        return renamed(sizes.amax(-1) / sizes.amin(-1), "SqueezeBackward1")
    return matrix_norm(A, p) * matrix_norm(_inv(A), p)


def matrix_power(A: Tensor, n: int) -> Tensor:
    """A times itself; of a negative number the inverse."""
    base, count = (_inv(A), -n) if n < 0 else (A, n)
    result = None
    while count:
        if count & 1:
            result = base if result is None else result @ base
        count >>= 1
        base = base @ base if count else base
    return made(np.broadcast_to(np.eye(A.shape[-1]), A.shape).copy()) if result is None else result


def multi_dot(tensors: Any) -> Tensor:
    """The product of matrices, from the left to the right."""
    first, *rest = tensors
    for other in rest:
        first = first @ other
    return first


class OldSingular(NamedTuple):
    """What `torch.svd` gives: U diag(S) V.T is the matrix."""

    U: Tensor
    S: Tensor
    V: Tensor


def old_svd(input: Tensor, some: bool = True) -> OldSingular:
    """The singular values as `torch.svd` has them, with V and not its transpose."""
    u, s, vh = svd(input, full_matrices=not some)
    return OldSingular(u, s, vh.mT)


linalg = types.SimpleNamespace(
    **{name: FUNCTIONS[name] for name in ("det", "inv", "solve", "diagonal", "matmul")},
    cross=lambda input, other, *, dim=-1: FUNCTIONS["cross"](input, other, dim),
    cholesky=cholesky, eigh=eigh, eigvalsh=eigvalsh, svd=svd, svdvals=svdvals, qr=qr, slogdet=slogdet, pinv=pinv,
    matrix_rank=matrix_rank, lstsq=lstsq, vector_norm=vector_norm, matrix_norm=matrix_norm, norm=norm, cond=cond,
    matrix_power=matrix_power, multi_dot=multi_dot, LinAlgError=LinAlgError, **solving.FUNCTIONS,
)  # fmt: skip
