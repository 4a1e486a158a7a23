"""What SciPy's LAPACK computes for tensors: determinants by pivots, LU, the exponential of a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Matrix = np.ndarray


def determinant(x: Any) -> Any:
    """The product of the pivots, as PyTorch's; NumPy's goes by way of a logarithm. Raises LinAlgError."""
    from scipy.linalg import det

    if np.ndim(x) < 2 or x.shape[-1] != x.shape[-2]:
        raise np.linalg.LinAlgError("no square matrix")
    return np.asarray(det(x))


def lu(x: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """P, L and U."""
    from scipy.linalg import lu as factors

    return factors(x)


def exponential(x: Matrix) -> Matrix:
    """The exponential of matrices."""
    from scipy.linalg import expm

    return np.asarray(expm(x))


def zero_pivot(x: Matrix) -> tuple[int, int]:
    """(which matrix, which pivot of it from 1) is the first that is 0."""
    from scipy.linalg.lapack import dgetrf

    for k, matrix in enumerate(x.reshape(-1, *x.shape[-2:])):
        place = dgetrf(matrix)[2]
        if place:
            return k, place
    return 0, x.shape[-1]
