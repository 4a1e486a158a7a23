"""The types of elements, and PyTorch's rules for operands of different types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.table import by_name

if TYPE_CHECKING:
    from collections.abc import Sequence


class dtype:  # noqa: N801 - PyTorch's name
    """A type of elements: `float64`, `float32`, `float16`, `int64` to `int8`, `uint8` or `bool`."""

    def __init__(self, name: str, category: int) -> None:
        self.name = name
        self.numpy = np.dtype(name)
        self.category = category  # 0 bool, 1 integers, 2 floats: the higher wins

    @property
    def is_floating_point(self) -> bool:
        """Are its elements floats?"""
        return self.category == 2

    @property
    def is_signed(self) -> bool:
        """Are there negative numbers of it?"""
        return self.numpy.kind in "fi"

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
float16 = dtype("float16", 2)
int64 = dtype("int64", 1)
int32 = dtype("int32", 1)
int16 = dtype("int16", 1)
int8 = dtype("int8", 1)
uint8 = dtype("uint8", 1)
bool_ = dtype("bool", 0)

# PyTorch's names in its messages.
SCALAR = {"float64": "Double", "float32": "Float", "float16": "Half", "int64": "Long", "int32": "Int",
          "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}  # fmt: skip
_IN_C = {"Double": "double", "Float": "float", "Half": "c10::Half", "Long": "long int", "Int": "int",
         "Short": "short int", "Char": "signed char", "Byte": "unsigned char", "Bool": "bool"}  # fmt: skip
NAMED = {row.name: row for row in (float64, float32, float16, int64, int32, int16, int8, uint8, bool_)}
ALL = {row.numpy: row for row in NAMED.values()}
# `torch.FloatTensor` and `x.float()` of each type, and the types that have a second name.
LEGACY = {name: f"{SCALAR[name]}Tensor" for name in NAMED}
CASTS = {SCALAR[name].lower(): row for name, row in NAMED.items()}
SHORT = {name: CASTS[name] for name in ("double", "float", "half", "long", "int", "short")}
_PYTHONS: dict[Any, dtype] = {float: float64, int: int64, bool: bool_}
F64, F16, F32 = float64.numpy, float16.numpy, float32.numpy


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


def chosen(given: Any) -> Any:
    """A type as it is asked for: Python's float, int and bool stand for float64, int64 and bool.

    Raises TypeError for what is none.
    """
    if given is None or isinstance(given, dtype):
        return given
    if given in _PYTHONS:
        return _PYTHONS[given]
    raise TypeError(f"dtype must be torch.dtype, not {getattr(given, '__name__', type(given).__name__)}")


def of(numpy_dtype: Any) -> dtype:
    """The type of a NumPy array's elements; raises TypeError for one that is not supported."""
    found = ALL.get(np.dtype(numpy_dtype))
    if found is None:
        raise TypeError(f"elements of type {np.dtype(numpy_dtype)} are not supported; use one of {', '.join(NAMED)}")
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


def widened(values: list[Any]) -> list[Any]:
    """Halves as floats of 32 bits, which is what they are computed in."""
    return [v.astype(F32) if isinstance(v, np.ndarray) and v.dtype is F16 else v for v in values]


def promoted(name: str, values: list[Any], literals: Sequence[Any] = ()) -> list[Any]:
    """Operands of an elementwise operation brought to the type of the result; literals: its other operands.

    Floats win over integers and these over bool; within one of these three, tensors with
    dimensions win over numbers and tensors without.
    """
    fixed = 1 if name == "where" else 0  # a condition keeps its type
    target = common([*values[fixed:], *literals])
    if name in ("sub", "neg"):
        _refuse_truths(name, values)
    if name in ("matmul", "linear"):
        _refuse_mixtures(name, values)
    if target.category < 2 and not by_name(name).integral:
        target = Default.dtype
    numpy = target.numpy
    return values[:fixed] + [
        v.astype(numpy) if isinstance(v, np.ndarray) and v.dtype != numpy else v for v in values[fixed:]
    ]


def _refuse_truths(name: str, values: list[Any]) -> None:
    """Raises RuntimeError: the opposite of a truth is not its negative."""
    truths = [isinstance(v, np.ndarray) and v.dtype == bool for v in values]
    if not any(truths):
        return
    if name == "sub" and all(truths):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    kind = "Subtraction, the `-` operator, with a" if name == "sub" else "Negation, the `-` operator, on a"
    raise RuntimeError(
        f"{kind} bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` "
        "operator instead."
    )


def _refuse_mixtures(name: str, values: list[Any]) -> None:
    """Raises RuntimeError where matrices are of different types."""
    first, *rest = [float64 if isinstance(v, float) else of(v.dtype) for v in values]
    for other in rest:
        if other is not first:
            a, b = SCALAR[first.name], SCALAR[other.name]
            words: dict[Any, str] = {
                (2, 2): f"expected m1 and m2 to have the same dtype, but got: {_IN_C[a]} != {_IN_C[b]}",
                (2, 1): f"addmv input tensors must have the same dtype, but got {b}, {a}, and {b}",
                (1, 1): f"dot : expected both vectors to have same dtype, but found {a} and {b}",
            }
            said = words.get(tuple(map(np.ndim, values))) if name == "matmul" else None
            wider = max(first, other, key=lambda d: (d.category, d.itemsize)).name
            said = said or f"mat1 and mat2 must have the same dtype, but got {a} and {b}"
            raise RuntimeError(f"{said}: use .to(torch.{wider})")


def common(values: list[Any]) -> dtype:
    """The type of a result of operands: arrays and Python's numbers."""
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


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest type that holds the numbers of both."""
    if type1.category != type2.category:
        return max(type1, type2, key=lambda d: d.category)
    return of(np.result_type(type1.numpy, type2.numpy))


def can_cast(from_: dtype, to: dtype) -> bool:
    """Does PyTorch cast to this type without being asked: not from floats to integers, nor from these to bool."""
    return from_.category <= to.category and not (to.name == "uint8" and from_.is_signed)
