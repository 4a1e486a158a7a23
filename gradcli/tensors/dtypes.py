"""The types of elements, and PyTorch's rules for operands of different types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.table import by_name

if TYPE_CHECKING:
    from collections.abc import Sequence


class dtype:  # noqa: N801 - PyTorch's name
    """A type of elements: `float64`, `float32`, `int64` or `bool`."""

    def __init__(self, name: str, category: int) -> None:
        self.name = name
        self.numpy = np.dtype(name)
        self.category = category  # 0 bool, 1 integers, 2 floats: the higher wins

    @property
    def is_floating_point(self) -> bool:
        """Are its elements floats?"""
        return self.category == 2

    @property
    def itemsize(self) -> int:
        """Bytes an element."""
        return self.numpy.itemsize

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return of, (self.numpy,)


float64 = dtype("float64", 2)
float32 = dtype("float32", 2)
int64 = dtype("int64", 1)
bool_ = dtype("bool", 0)

ALL = {row.numpy: row for row in (float64, float32, int64, bool_)}
F64 = float64.numpy
# PyTorch's names in its messages and types.
LEGACY = {"float64": "DoubleTensor", "float32": "FloatTensor", "int64": "LongTensor", "bool": "BoolTensor"}
SCALAR = {"float64": "Double", "float32": "Float", "int64": "Long", "bool": "Bool"}


class Default:
    """The type of floats where nothing says otherwise."""

    dtype = float64


def get_default_dtype() -> dtype:
    """The type that `tensor(2.5)`, `zeros(3)` and `randn(3)` have: float64 until it is set."""
    return Default.dtype


def set_default_dtype(d: dtype) -> None:
    """Let floats be `float64` or `float32` where nothing says otherwise. Raises TypeError for others."""
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type: torch.float64 or torch.float32")
    Default.dtype = d


def of(numpy_dtype: Any) -> dtype:
    """The type of a NumPy array's elements; raises TypeError for one that is not supported."""
    found = ALL.get(np.dtype(numpy_dtype))
    if found is None:
        raise TypeError(
            f"elements of type {np.dtype(numpy_dtype)} are not supported; use float64, float32, int64 or bool"
        )
    return found


def kept(array: np.ndarray) -> np.ndarray:
    """An array of a supported type: other integers become int64, other floats float64. Raises TypeError."""
    if array.dtype in ALL:
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.int64)
    if array.dtype.kind == "f":
        return array.astype(np.float64)
    raise TypeError(f"cannot make a tensor of elements of type {array.dtype}; numbers and booleans are supported")


def promoted(name: str, values: list[Any], literals: Sequence[Any] = ()) -> list[Any]:
    """Operands of an elementwise operation brought to the type of the result; literals: its other operands.

    Floats win over integers and these over bool; within one of these three, tensors with
    dimensions win over numbers and tensors without.
    """
    fixed = 1 if name == "where" else 0  # a condition keeps its type
    target = _common([*values[fixed:], *literals])
    if target.category < 2 and not by_name(name).integral:
        target = Default.dtype
    numpy = target.numpy
    return values[:fixed] + [
        v.astype(numpy) if isinstance(v, np.ndarray) and v.dtype != numpy else v for v in values[fixed:]
    ]


def _common(values: list[Any]) -> dtype:
    arrays = [(v.ndim > 0, of(v.dtype)) for v in values if isinstance(v, np.ndarray)]
    ranks = [[d for has, d in arrays if has], [d for has, d in arrays if not has]]
    ranks.append([of_number(v) for v in values if not isinstance(v, np.ndarray)])
    result = None
    for rank in ranks:
        if not rank:
            continue
        top = max(d.category for d in rank)
        if result is None or top > result.category:
            best = np.result_type(*[d.numpy for d in rank if d.category == top])
            result = of(best)
    assert result is not None
    return result


def of_number(value: Any) -> dtype:
    """The type that a Python number stands for beside tensors."""
    return bool_ if isinstance(value, bool) else int64 if isinstance(value, int) else Default.dtype
