"""What the predicates of rows say of arrays: at which elements there is a kink, a step, a pole."""

from __future__ import annotations

from functools import reduce

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.op import Op

NUMBERS = np.ndarray | np.number | float


def marked(mark: Callable[..., bool], x: Sequence[Any]) -> Any:
    """Where a predicate on floats holds; nowhere beside a NaN."""
    x = [np.asarray(v, dtype=np.float64) for v in x]  # truths are numbers
    known = reduce(np.logical_and, [~np.isnan(v) for v in x])
    found: Any
    try:  # most are of arrays too
        found = mark(*x)
    except (TypeError, ValueError, ArithmeticError):
        found = np.asarray(np.frompyfunc(mark, len(x), 1)(*x)).astype(bool)
    return known & found


def marked_by(op: Op, mark: Callable[..., Any], x: Sequence[Any]) -> Any:
    """Where a predicate of an operation's row holds: on whole arrays it is of arrays itself."""
    return mark(*map(with_methods, x)) if op.whole else marked(mark, x)


def kinks_of(op: Op, x: list[Any]) -> Any:
    """At which elements of its result an operation has a kink."""
    return op.kink is not None and np.asarray(marked_by(op, op.kink, x), dtype=bool)


def is_infinite(op: Op, x: list[Any]) -> bool:
    """Is an operand infinite, or the operation at a pole?"""
    if any(np.isinf(v).any() for v in x if isinstance(v, NUMBERS)):
        return True
    return op.pole is not None and bool(np.any(marked_by(op, op.pole, x)))


def with_methods(x: Any) -> Any:
    """A constant is a plain float, which has none of the methods that predicates on arrays use."""
    return np.float64(x) if type(x) is float else x
