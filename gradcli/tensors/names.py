"""PyTorch's names and messages: backward functions, shape errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors import lapack

if TYPE_CHECKING:
    from gradcli.core.op import Op


class LinAlgError(RuntimeError):
    """A matrix that has no inverse or no such factor."""


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"  # as PyTorch shows it

# How a matrix product is carried out, by the axes of its operands.
_PRODUCTS = {(1, 1): "Dot", (2, 1): "Mv", (1, 2): "Squeeze", (2, 2): "Mm"}


def product(x: int, y: int) -> str:
    """PyTorch's name of the backward function of a matrix product of arrays with so many axes."""
    stem = _PRODUCTS.get((x, y), "UnsafeView")
    return f"{stem}Backward{4 if stem == 'Squeeze' else 0}"


def layer(x: int, bias: bool) -> str:
    """PyTorch's name of the backward function of `linear`."""
    if x == 2:
        return "AddmmBackward0" if bias else "MmBackward0"
    if bias:
        return "ViewBackward0"
    return product(x, 2)


def backward(row: Op, literals: tuple[Any, ...], hole: object) -> str:
    """The name that PyTorch gives to the backward function of an operation."""
    name = row.name
    stem = row.torch or "".join(part.capitalize() for part in name.split("_"))
    return f"{stem}Backward{_overload(name, literals, hole)}"


def _overload(name: str, literals: tuple[Any, ...], hole: object) -> int:
    """Which of PyTorch's overloads it is."""
    if name == "pow":
        return 0 if literals[1] is not hole else 2 if literals[0] is not hole else 1
    if name in ("sum", "mean", "prod"):
        return int(len(literals) > 1 and literals[1] is not None)
    if name == "clamp":
        return 1
    if name in ("mod", "fmod"):
        return int(literals[1] is hole)
    if name == "squeeze":
        return int(len(literals) > 1 and literals[1] is not None)
    return 0


def explained(row: Op, values: list[Any], error: Exception) -> Exception:
    """PyTorch's error for what NumPy refused."""
    shapes = [np.shape(v) for v in values]
    if isinstance(error, np.linalg.LinAlgError):
        return _not_invertible(row.name, np.asarray(values[0]), error)
    if isinstance(error, IndexError):
        if "too many indices" in str(error):
            return IndexError(f"too many indices for tensor of dimension {len(shapes[0])}")
        return IndexError(str(error).replace("axis", "dimension").replace("array", "tensor"))
    if row.name in ("matmul", "linear") and len(shapes) >= 2:
        if row.name == "linear":  # a vector is a table of one row
            return RuntimeError(_matmul((1,) * (len(shapes[0]) == 1) + shapes[0], shapes[1][::-1]))
        return RuntimeError(_matmul(shapes[0], shapes[1]))
    if (not row.whole or row.name == "mse_loss") and len(shapes) > 1:
        clash = _clash(shapes)
        if clash:
            return RuntimeError(clash)
    if row.name in ("inv", "solve", "det") and "square" in str(error):
        return _not_invertible(row.name, np.asarray(values[0]), error)
    return RuntimeError(f"{row.name}: {error}")


def _not_invertible(name: str, matrix: np.ndarray, error: Exception) -> Exception:
    if matrix.ndim < 2:
        return RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    rows, columns = matrix.shape[-2:]
    if rows != columns:
        return RuntimeError(
            f"linalg.{name}: A must be batches of square matrices, but they are {rows} by {columns} matrices"
        )
    if name == "solve":
        return LinAlgError("torch.linalg.solve: The solver failed because the input matrix is singular.")
    if name != "inv":
        return LinAlgError(f"linalg.{name}: {error}")
    k, place = lapack.zero_pivot(matrix)
    batch = f"(Batch element {k}): " if matrix.ndim > 2 else ""
    return LinAlgError(
        f"linalg.inv: {batch}The diagonal element {place} is zero, the inversion could not be completed because the "
        "input matrix is singular."
    )


def _matmul(x: tuple[int, ...], y: tuple[int, ...]) -> str:
    if len(x) == 2 and len(y) == 2:
        return (
            f"mat1 and mat2 shapes cannot be multiplied ({x[0]}x{x[1]} and {y[0]}x{y[1]}): "
            f"the {x[1]} columns of the first meet the {y[0]} rows of the second"
        )
    if len(x) == 1 and len(y) == 1:
        return (
            f"inconsistent tensor size, expected tensor {list(x)} and src {list(y)} to have the same number of "
            f"elements, but got {x[0]} and {y[0]} elements respectively"
        )
    if len(x) == 2 and len(y) == 1:
        return (
            f"size mismatch, got input ({x[0]}), mat ({x[0]}x{x[1]}), vec ({y[0]}): {x[1]} columns meet {y[0]} numbers"
        )
    if len(x) == 1 and len(y) == 2:
        return _matmul((1, *x), y)
    if len(x) == len(y) == 3 and x[0] == y[0]:
        return (
            f"Expected size for first two dimensions of batch2 tensor to be: [{x[0]}, {x[2]}] but got: "
            f"[{y[0]}, {y[1]}]."
        )
    if not x or not y:
        return "both arguments to matmul need to be at least 1D; use * to multiply by a number"
    return f"matmul: shapes {list(x)} and {list(y)} do not fit: {x[-1]} meets {y[max(len(y) - 2, 0)]}"


def _clash(shapes: list[tuple[int, ...]]) -> str:
    """Where shapes do not broadcast, in PyTorch's words."""
    first = shapes[0]
    for other in shapes[1:]:
        for back in range(1, min(len(first), len(other)) + 1):
            a, b = first[-back], other[-back]
            if a != b and 1 not in (a, b):
                dim = max(len(first), len(other)) - back
                return (
                    f"The size of tensor a ({a}) must match the size of tensor b ({b}) "
                    f"at non-singleton dimension {dim}: "
                    f"shapes {list(first)} and {list(other)} do not broadcast"
                )
        first = np.broadcast_shapes(first, other)
    return ""
