"""The functions of the table of operations on tensors, with PyTorch's parameters; methods are the same functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.language.names import parameters
from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import HOLE, BoundOp, bind, plain
from gradcli.tensors.creation import finished
from gradcli.tensors.devices import check
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.inplace import of_itself
from gradcli.tensors.outputs import into
from gradcli.tensors.record import apply, apply_one, apply_two, made, operation
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from gradcli.core.op import Op

    F = TypeVar("F", bound=Callable[..., Any])

_REQUIRED = object()
_RENAMED = {"input": 0, "self": 0, "other": 1, "exponent": 1}  # PyTorch's names of the first operands
_AXIS = {"dim": "axis", "keepdims": "keepdim", "unbiased": "correction"}


def function_of_row(row: Op) -> Callable[..., Tensor]:
    """`sin(x)`, `clamp(x, min=0)`, `cumsum(x, dim=0)`: the row called with PyTorch's words."""
    arguments = _arguments(row)
    literal = row.whole or bool(row.active) or len(parameters(row)) == 1  # numbers are part of the operation
    of_two = not row.whole and len(parameters(row)) == 2
    known: dict[Any, BoundOp] = {}

    def function(*args: Any, **options: Any) -> Tensor:
        key = None
        if args and isinstance(args[0], Tensor):
            if len(args) == 1 and not options:
                key = () if literal else None
            elif of_two and len(args) == 2 and not options and isinstance(args[1], Tensor):
                return apply_two(plain(row.name, 2), *args)
            elif literal:
                key = _key(args, options)
        op = known.get(key)
        if op is not None:
            result = apply_one(op, args[0])
            return owned(result, args) if row.whole and type(result.value) is np.ndarray else result
        if "out" in options:
            out = options.pop("out")
            result = function(*args, **options)
            return result if out is None else into(row.name, result, out)
        given = tuple([tuple(v) if isinstance(v, list) else v for v in arguments(args, options)])
        if key is not None:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[key] = bind(row, (HOLE, *given[1:]))
        result = operation(row, given)
        return owned(result, args) if row.whole else result

    function.takes_out = True  # type: ignore[attr-defined]
    return named(function, row.name, f"{row.name}({row.signature}): {row.about}")


_MOST_KNOWN = 64


def _key(args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What a call gives beside a first tensor, where that is numbers alone; else None."""
    rest = (*args[1:], *options.values())
    kinds = tuple([type(v) for v in rest])
    return (rest, kinds, tuple(options)) if _NUMBERS.issuperset(kinds) else None


_NUMBERS = frozenset((int, float, bool, type(None)))


def _arguments(row: Op) -> Callable[[tuple[Any, ...], dict[str, Any]], list[Any]]:
    """From what a call gives, a value for each parameter of the row."""
    names = [parameter.name for parameter in parameters(row)]
    defaults = [_default(parameter.default) for parameter in parameters(row)]
    count, said = len(names), f"{row.name}({row.signature})"

    def place_of(name: str) -> int:
        name = _AXIS.get(name, name)
        place = names.index(name) if name in names else _RENAMED.get(name, count)
        if place >= count:
            raise TypeError(f"{said} has no parameter {name!r}")
        return place

    def arguments(args: tuple[Any, ...], options: dict[str, Any]) -> list[Any]:
        if len(args) > count:
            raise TypeError(f"{said} takes {count} arguments, not {len(args)}")
        given = [*args, *defaults[len(args) :]]
        for name, value in options.items():
            place = place_of(name)
            if place < len(args):
                raise TypeError(f"{said} got two values for {names[place]}")
            given[place] = value
        if _REQUIRED in given:
            raise TypeError(f"{said} needs {names[given.index(_REQUIRED)]}")
        return [default if v is None and k else v for k, (v, default) in enumerate(zip(given, defaults, strict=True))]

    return arguments


def _default(text: str | None) -> Any:
    if text is None or text == "None":
        return _REQUIRED if text is None else None
    value = {"-inf": -np.inf, "inf": np.inf, "e": np.e}.get(text)
    return value if value is not None else float(text) if "." in text else int(text)


def named(function: F, name: str, about: str) -> F:
    """The function with a name and a line of what it does."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = about if about.endswith("?") else f"{about}."
    return function


def owned(result: Tensor, operands: Sequence[Any]) -> Tensor:
    """A result in memory of its own, where NumPy gave a view and PyTorch gives none."""
    value = result.value
    if any(isinstance(x, Tensor) and np.may_share_memory(value, x.value) for x in operands):
        result.value = value.copy()
    return result


def _rows() -> dict[str, Op]:
    """Every row that is not there for the rules alone, by each of its names."""
    found = {}
    for row in TABLE.values():
        if row.internal or row.torch is None:
            continue
        if any(parameter.name.startswith("*") for parameter in parameters(row)):
            continue
        for name in (row.name, *row.aliases):
            found[name] = row
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {name: function_of_row(row) for name, row in _rows().items()}


def _in_place(row: Op) -> Callable[..., Tensor]:
    arguments = _arguments(row)

    def method(self: Tensor, *args: Any, **options: Any) -> Tensor:
        return of_itself(self, bind(row, tuple(arguments((HOLE, *args), options))))

    return named(method, row.name + "_", f"{row.about}, written into the tensor")


# `exp_` and its kin, which change the tensor itself: of the elementwise rows that need nothing beside it.
IN_PLACE: dict[str, Callable[..., Tensor]] = {
    name + "_": _in_place(row)
    for name, row in _rows().items()
    if not row.whole and all(parameter.default is not None for parameter in parameters(row)[1:])
}


# -- what is not one row


def where(condition: Tensor, x: Any = None, y: Any = None) -> Any:
    """x where the condition holds, else y; with the condition alone the places where it holds.

    Raises TypeError where the condition is no tensor, RuntimeError where it is one of numbers.
    """
    if x is None and y is None:
        return tuple(made(places) for places in np.nonzero(np.asarray(condition.value)))
    if not isinstance(condition, Tensor):
        raise TypeError(f"where(): argument 'condition' must be a bool Tensor, not {type(condition).__name__}")
    if condition.dtype not in (dtypes.bool_, dtypes.uint8):
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{dtypes.SCALAR[condition.dtype.name]}: compare it, as in x > 0, or use .bool()"
        )
    return operation(TABLE["where"], (condition, x, y))


def maximum(x: Tensor, y: Tensor) -> Tensor:
    """The larger of two, element by element; a tie is split evenly."""
    return operation(TABLE["max"], (x, y))


def minimum(x: Tensor, y: Tensor) -> Tensor:
    """The smaller of two, element by element; a tie is split evenly."""
    return operation(TABLE["min"], (x, y))


def is_tensor(value: Any) -> bool:
    """Is this a tensor?"""
    return isinstance(value, Tensor)


def result_type(tensor1: Any, tensor2: Any) -> dtypes.dtype:
    """The type of a result of two tensors or numbers."""
    return dtypes.common([np.asarray(x.value) if isinstance(x, Tensor) else x for x in (tensor1, tensor2)])


def clone(input: Tensor) -> Tensor:
    """A copy; gradients flow through it."""
    value = input.value
    result = apply(_CLONE, (input, input))
    result.value = value if type(value) is float else value.copy()
    return result


_CLONE = bind(TABLE["match"], (HOLE, HOLE), "CloneBackward0")
_CAST = bind(TABLE["match"], (HOLE, HOLE), "ToCopyBackward0")


def to(
    self: Tensor, *where: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False, copy: bool = False
) -> Tensor:
    """The tensor with elements of another type, itself where it has that type; a device is the CPU."""
    for given in where:
        if isinstance(given, bool):  # non_blocking, and copy
            continue
        if isinstance(given, (Tensor, dtypes.dtype, type)):
            dtype = given.dtype if isinstance(given, Tensor) else given
        else:
            check(given)
    check(device)
    dtype = dtypes.chosen(dtype)
    if dtype is None:
        return clone(self) if copy else self
    if dtype is self.dtype:
        return clone(self) if copy else self
    token = set_errors(IGNORE)  # a number too large for the type is an infinity, without a word
    cast = finished(np.asarray(self.value).astype(dtype.numpy))
    reset_errors(token)
    if MODE.recording and self.op is not None and dtype.is_floating_point:
        result = apply(_CAST, (self, self))
        result.value = cast.value
        return result
    return cast


def type_(self: Tensor, dtype: Any = None) -> Any:
    """The tensor with elements of another type; without one the name of its own, as `'torch.DoubleTensor'`.

    Raises ValueError for an unknown name.
    """
    if isinstance(dtype, str):
        kinds = {f"torch.{legacy}": dtypes.NAMED[name] for name, legacy in dtypes.LEGACY.items()}
        if dtype not in kinds:
            raise ValueError(f"invalid type: '{dtype}'")
        dtype = kinds[dtype]
    return f"torch.{dtypes.LEGACY[self.dtype.name]}" if dtype is None else to(self, dtype)
