"""Bound operations: a row of the table with its literal operands in place, as `functools.partial` of a function.

`x.sum(axis=0)` is the row `sum` with the literals `(axis 0, keepdim no)` and one place for a
tensor. A bound operation is made once and then serves every call, so that a call is one NumPy function.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from gradcli.core.graph import Builder
from gradcli.core.op import VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.ops.arrays import index_of
from gradcli.core.structure import ELLIPSIS, NOTHING, SLICE, TUPLE
from gradcli.core.trace import read_by, replay, seen, template
from gradcli.domains import array_tape as arrays
from gradcli.domains.float_tape import call
from gradcli.domains.floats import FLOATS
from gradcli.tensors import lapack, names
from gradcli.tensors.dtypes import F16, F32, F64, Default, kept, promoted, widened
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.op import Op

HOLE = object()  # where a tensor stands among the literals

_OPERATORS = ("_operator", "builtins")  # these work on arrays too, and are quick on scalars
_MOST = 4_096  # bound operations kept; literals that change at every call must not fill the memory


class BoundOp:
    """What a recorded operation is: compared and hashed by identity.

    literals: for each operand of the row its value, or HOLE.
    name: PyTorch's name of the backward function.
    floats: the row's function on floats, None where an operand is none.
    array: the row's function on arrays, of the operands that are not literal.
    mark: the tensor that stands for its freed results, None before the first.
    """

    __slots__ = (
        "_chooses",
        "array",
        "constant",
        "decides",
        "floats",
        "holes",
        "literals",
        "mark",
        "name",
        "row",
        "saved",
    )

    def __init__(self, row: Op, literals: tuple[Any, ...], name: str = "") -> None:
        self.row = row
        self.literals = literals
        self.holes = tuple(k for k, v in enumerate(literals) if v is HOLE)
        self.name = name or names.backward(row, literals, HOLE)
        self.decides = row.decides
        self._chooses: bool | None = None if row.active else False
        self.constant = row.decides or row.name == "detach"  # the result never requires grad
        self.mark: Any = None
        self.saved: dict[tuple[int, ...], frozenset[int]] = {}
        self.floats = _on_floats(row, literals)
        self.array: Callable[..., Any] = self._bind

    def __repr__(self) -> str:
        return f"<bound {self.row.name}{tuple('_' if v is HOLE else v for v in self.literals)}>"

    @property
    def chooses(self) -> bool:
        """Does the result depend on one of its tensors at some places alone? `x**2` does so everywhere."""
        if self._chooses is None:
            builder = Builder()
            ids = [builder.intern((VARIABLE, k)) if v is HOLE else literal_node(builder, v)
                   for k, v in enumerate(self.literals)]  # fmt: skip
            result, count = builder.intern((VARIABLE, -1)), len(ids)
            rules = [(k, template(self.row, "active", k, count)) for k in self.holes]
            found = [replay(builder, rule, [result, *seen(self.row, ids, k)]) for k, rule in rules if rule is not None]
            self._chooses = not all(builder.literals.get(condition) for condition in found)
        return self._chooses

    def compute(self, values: list[Any]) -> Any:
        """The value: a float for a 0-d float64, else an array. Raises RuntimeError, IndexError as PyTorch does."""
        floats, row = self.floats, self.row
        if floats is not None and ONLY_FLOATS.issuperset(map(type, values)):
            try:
                result = floats(*values)
            except (ArithmeticError, ValueError):
                result = self._exceptional(values)
            return np.asarray(bool(result)) if self.decides else result
        for v in values:
            if type(v) is ndarray and v.dtype is not F64:
                break
        else:
            return self.on_arrays(*values)
        if row.promotes:
            values = promoted(row.name, values, () if row.whole else [v for v in self.literals if v is not HOLE])
        kinds = {v.dtype if type(v) is ndarray else F64 for v in values}
        if F16 in kinds:
            return self._on_halves(values)
        result = self.on_arrays(*values)
        if F64 in kinds or not (type(result) is float or result.dtype is F64):
            return result
        return np.asarray(result, F32 if F32 in kinds else Default.dtype.numpy)

    def _on_halves(self, values: list[Any]) -> Any:
        """Computed in 32 bits and rounded to 16, as PyTorch does; what shows its operand's memory shows it still."""
        wide = widened(values)
        result = self.on_arrays(*wide)
        if type(result) is not ndarray or any(np.may_share_memory(result, v) for v in wide):
            return self.on_arrays(*values)
        if result.dtype is not F32:
            return result
        token = set_errors(IGNORE)
        try:
            return result.astype(F16)
        finally:
            reset_errors(token)

    def _on_singles(self, *values: Any) -> Any:
        """Of 32 bits, whatever type the numbers of the function have."""
        result = self.on_arrays(*values)
        return result if type(result) is ndarray and result.dtype is not F64 else np.asarray(result, F32)

    def value_at(self, x: Any) -> Any:
        """`compute` for one operand, unrolled for speed. Raises RuntimeError, IndexError."""
        if type(x) is float:
            if self.floats is not None and not self.decides:
                try:
                    return self.floats(x)
                except (ArithmeticError, ValueError):
                    return self._exceptional([x])
        elif x.dtype is F64:
            token = set_errors(IGNORE)
            try:
                result = self.array(x)
            except (ValueError, IndexError, np.linalg.LinAlgError) as error:
                raise names.explained(self.row, [x], error) from None
            finally:
                reset_errors(token)
            return result if type(result) is ndarray and not self.decides else settled(result, self.decides)
        elif x.dtype is F32:
            return self._on_singles(x)
        return self.compute([x])

    def value_of(self, x: Any, y: Any) -> Any:
        """`compute` for two operands, unrolled for speed. Raises RuntimeError, IndexError."""
        if type(x) is ndarray:
            kind = x.dtype
            alike = y.dtype is kind if type(y) is ndarray else type(y) is float and (kind is F64 or x.ndim)
        elif type(x) is not float:
            return self.compute([x, y])
        elif type(y) is ndarray:
            kind = y.dtype
            alike = kind is F64 or y.ndim
        elif type(y) is float and self.floats is not None and not self.decides:
            try:
                return self.floats(x, y)
            except (ArithmeticError, ValueError):
                return self._exceptional([x, y])
        else:
            return self.compute([x, y])
        if alike and kind is F64:
            token = set_errors(IGNORE)
            try:
                result = self.array(x, y)
            except (ValueError, IndexError, np.linalg.LinAlgError) as error:
                raise names.explained(self.row, [x, y], error) from None
            finally:
                reset_errors(token)
            return result if type(result) is ndarray and not self.decides else settled(result, self.decides)
        return self._on_singles(x, y) if alike and kind is F32 else self.compute([x, y])

    def _exceptional(self, values: list[float]) -> float:
        """The IEEE value where `floats` raised."""
        rest = iter(values)
        return call(self.row, [next(rest) if v is HOLE else float(v) for v in self.literals])

    def on_arrays(self, *values: Any) -> Any:
        """The value of operands of one type, not all floats. Raises RuntimeError, IndexError as PyTorch does."""
        token = set_errors(IGNORE)
        try:
            result = self.array(*values)
        except (ValueError, IndexError, np.linalg.LinAlgError) as error:
            raise names.explained(self.row, list(values), error) from None
        finally:
            reset_errors(token)
        return result if type(result) is ndarray and not self.decides else settled(result, self.decides)

    def _bind(self, *values: Any) -> Any:
        """What `array` is until it is needed: some functions load scipy."""
        self.array = bound(self.row, self.literals)
        return self.array(*values)

    def saves(self, wanted: tuple[int, ...]) -> frozenset[int]:
        """What the rules read for these of its tensors: operands by their place, -1 for the result."""
        known = self.saved.get(wanted)
        if known is None:
            known = self.saved[wanted] = self._saves(wanted)
        return known

    def _saves(self, wanted: tuple[int, ...]) -> frozenset[int]:
        row, count = self.row, len(self.literals)
        place = {k: p for p, k in enumerate(self.holes)}
        found: set[int] = set()
        for p in wanted:
            k = self.holes[p]
            for kind, first in (("share", 1), ("vjp", 1), ("active", 0)):
                if not getattr(row, kind):
                    continue
                traced = template(row, kind, k, count)
                if traced is None:
                    continue
                sees = range(count) if kind == "share" else seen(row, range(count), k)
                inputs = [-1, *[place.get(j, -2) for j in sees]]
                found.update(inputs[i - first] for i in read_by(traced, first + 1 + len(sees)) if i >= first)
        return frozenset(found - {-2})


ONLY_FLOATS = frozenset((float,))


def settled(result: Any, decides: bool = False) -> Any:
    """What a NumPy function gave, as the value of a tensor."""
    if type(result) is np.ndarray:
        return result.astype(bool) if decides and result.dtype != bool else result
    if type(result) is float:
        return result
    if decides:
        return np.asarray(bool(result))
    return float(result) if result.dtype is F64 else kept(np.asarray(result))


@cache
def function_of(row: Op) -> Callable[..., Any]:
    """A row's function on arrays."""
    if not row.whole and getattr(FLOATS[row.name], "__module__", "") in _OPERATORS:
        return FLOATS[row.name]
    return arrays.function_of(row)


def bound(row: Op, literals: tuple[Any, ...]) -> Callable[..., Any]:
    """The function of the operands that are not literal."""
    return _quick(row.name, literals) or _filled(function_of(row), tuple(map(_for_numpy, literals)))


def _filled(function: Callable[..., Any], literals: tuple[Any, ...]) -> Callable[..., Any]:
    holes = [k for k, v in enumerate(literals) if v is HOLE]
    if len(holes) == len(literals):
        return function
    if holes == [0]:
        rest = literals[1:]
        return lambda x: function(x, *rest)

    def fill(*values: Any) -> Any:
        operands = list(literals)
        for k, v in zip(holes, values, strict=True):
            operands[k] = v
        return function(*operands)

    return fill


def _quick(name: str, literals: tuple[Any, ...]) -> Callable[..., Any] | None:
    """Shorter ways to the same values for what every training loop does."""
    first, *rest = literals
    if name == "index" and HOLE not in rest:
        place = index_of(np, (*map(_for_numpy, rest), *([] if Ellipsis in rest else [Ellipsis])))
        return lambda x: np.asarray(x)[place]  # a number too is the place in memory, so that it can be a view
    if name == "reshape" and all(type(n) is int for n in rest):
        return lambda x: np.reshape(x, rest)
    if name == "clamp" and first is HOLE and rest[1:] == [np.inf] and rest[0] is not HOLE:
        return lambda x: np.maximum(x, rest[0])
    if name == "pow" and first is HOLE and rest[0] is not HOLE:
        exponent = rest[0]  # a single call has no graph that `strength` could see
        return (lambda x: x * x * x) if exponent == 3 else (lambda x: x**exponent)
    if name == "relu":
        return lambda x: np.maximum(x, 0.0 if x.dtype.kind == "f" else 0)
    if name == "det":
        return lapack.determinant
    if name in ("inv", "solve"):
        return _checked(function_of(by_name(name)))
    if name == "linear" and HOLE not in literals[3:]:
        return _layer if literals[2] is HOLE else lambda x, weight: np.matmul(x, weight.T)
    if name == "mse_loss":
        return _mean_square
    if name == "matmul":
        return _product
    if name in ("sum", "mean") and rest[:1] == [None] and not rest[1]:
        return _total if name == "sum" else _mean
    return None


def _checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """The language gives infinities for a singular matrix; here it is an error, as in PyTorch."""

    def call(*values: Any) -> Any:
        result = function(*values)
        if not np.isfinite(result).all() and np.isfinite(values[0]).all():
            raise np.linalg.LinAlgError("the input matrix is singular")
        return result

    return call


def _mean(x: Any) -> Any:
    return _total(x, None) / (x.size if type(x) is ndarray else 1)


def _layer(x: Any, weight: Any, bias: Any) -> Any:
    return np.matmul(x, weight.T) + bias


def _product(x: Any, y: Any) -> Any:
    return np.dot(x, y) if type(x) is ndarray and type(y) is ndarray and x.ndim == y.ndim == 2 else np.matmul(x, y)


def _mean_square(x: Any, target: Any) -> Any:
    d = x - target
    return _total(d * d, None) / (d.size if type(d) is ndarray else 1)


def _total(x: Any, axis: None = None) -> Any:
    return np.add.reduce(x, axis)


def _for_numpy(value: Any) -> Any:
    if type(value) is tuple and value and value[0] is SLICE:
        return slice(*value[1:])
    return value


def encoded(value: Any) -> Any:
    """A literal in a shape that can be part of a key: Python's slices have no hash before 3.12."""
    if isinstance(value, slice):
        return (SLICE, value.start, value.stop, value.step)
    return value


def _on_floats(row: Op, literals: tuple[Any, ...]) -> Callable[..., Any] | None:
    if row.whole or not all(v is HOLE or type(v) in (int, float) for v in literals):
        return None
    return _filled(FLOATS[row.name], tuple([v if v is HOLE else float(v) for v in literals]))


def literal_node(builder: Builder, value: Any) -> int:
    """The node of a literal operand."""
    if value is None:
        return builder.intern((NOTHING,))
    if value is Ellipsis:
        return builder.intern((ELLIPSIS,))
    if type(value) is tuple:
        if value and value[0] is SLICE:
            return builder.intern((SLICE, *[literal_node(builder, v) for v in value[1:]]))
        return builder.intern((TUPLE, *[literal_node(builder, v) for v in value]))
    return builder.number(value)


_bound: dict[Any, BoundOp] = {}


def bind(row: Op, literals: tuple[Any, ...], name: str = "") -> BoundOp:
    """The row bound to these literals; the same object each time."""
    key = (row, literals, tuple(map(type, literals)), name)
    known = _bound.get(key)
    if known is None:
        if len(_bound) >= _MOST:
            _bound.clear()
        known = _bound[key] = BoundOp(row, literals, name)
    return known


def plain(name: str, count: int) -> BoundOp:
    """The row without literals."""
    return bind(by_name(name), (HOLE,) * count)
