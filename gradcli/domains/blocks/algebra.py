"""Cheaper calls for what a plan is about to compute: to the same bits, but for what a product of two literals rounds.

The value as written comes this way too, so nothing here may lose a digit or move an edge: a
factor 1 goes, signs move outwards, a division by a power of two is a product.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.domains.blocks.plan import Plan

LARGEST, SMALLEST = 2.0**100, 2.0**-100  # of literals that are made here, for narrow numbers too


def simpler(plan: Plan, function: Any, operands: Sequence[int]) -> int | None:
    """The value of a ufunc on numbers by a cheaper way, or None."""
    rule = _RULES.get(function)
    return rule(plan, *operands) if rule is not None else None


def _negated(plan: Plan, i: int) -> int | None:
    """The value of which i is the negative."""
    function, operands = plan.made.get(i, (None, ()))
    return operands[0] if function is np.negative else None


def _multiply(plan: Plan, x: int, y: int) -> int | None:
    if y in plan.literals:
        x, y = y, x
    a = plan.literals.get(x)
    if a is not None:
        return _scaled(plan, a, y)
    for u, v in ((x, y), (y, x)):
        bare = _negated(plan, u)
        if bare is not None:
            return plan.ufunc(np.negative, (plan.ufunc(np.multiply, (bare, v)),))
    return None


def _scaled(plan: Plan, a: float, x: int) -> int | None:
    if a == 1.0:
        return x
    if a == -1.0:
        return plan.ufunc(np.negative, (x,))
    bare = _negated(plan, x)
    if bare is not None:
        return plan.ufunc(np.multiply, (plan.literal(-a), bare))
    function, operands = plan.made.get(x, (None, ()))
    b = plan.literals.get(operands[0]) if function is np.multiply else None
    # One rounding fewer; factors on either side of 1 could hide an overflow.
    if b is None or not SMALLEST <= abs(a * b) <= LARGEST or min(abs(a), abs(b)) < 1.0 < max(abs(a), abs(b)):
        return None
    return plan.ufunc(np.multiply, (plan.literal(a * b), operands[1]))


def _add(plan: Plan, x: int, y: int) -> int | None:
    for u, v in ((x, y), (y, x)):
        if plan.literals.get(u) == 0.0 and (math.copysign(1.0, plan.literals[u]) < 0 or never_minus_zero(plan, v)):
            return v
        bare = _negated(plan, u)
        if bare is not None:
            return plan.ufunc(np.subtract, (v, bare))
    return None


def _subtract(plan: Plan, x: int, y: int) -> int | None:
    bare = _negated(plan, y)
    return None if bare is None else plan.ufunc(np.add, (x, bare))


def _negative(plan: Plan, x: int) -> int | None:
    function, operands = plan.made.get(x, (None, ()))
    if function is np.negative:
        return operands[0]
    if function in (np.multiply, np.divide) and operands[0] in plan.literals:
        return plan.ufunc(function, (plan.literal(-plan.literals[operands[0]]), operands[1]))
    return None


def _divide(plan: Plan, x: int, y: int) -> int | None:
    b = plan.literals.get(y)
    if b is not None and SMALLEST <= abs(b) <= LARGEST and abs(math.frexp(b)[0]) == 0.5:
        return plan.ufunc(np.multiply, (plan.literal(1.0 / b), x))
    for u, others in ((x, lambda bare: (bare, y)), (y, lambda bare: (x, bare))):
        bare = _negated(plan, u)
        if bare is not None:
            return plan.ufunc(np.negative, (plan.ufunc(np.divide, others(bare)),))
    return None


def _reciprocal(plan: Plan, x: int) -> int:
    return plan.ufunc(np.divide, (plan.literal(1.0), x))  # the same bits in half of the time


def never_minus_zero(plan: Plan, i: int) -> bool:
    """Is it known that the value is never -0? Looks only at the last operations."""
    for _ in range(4):
        if i in plan.literals:
            return plan.literals[i] != 0.0 or math.copysign(1.0, plan.literals[i]) > 0
        function, operands = plan.made.get(i, (None, ()))
        if function in (np.exp, np.absolute, np.log) or (function is np.multiply and operands[0] == operands[1]):
            return True  # log(1) is 0
        if function is np.add:
            if any(plan.literals.get(k, 0.0) != 0.0 for k in operands):
                return True
        elif function is not np.sqrt:
            return False
        i = operands[-1]
    return False


_RULES: dict[Any, Any] = {
    np.multiply: _multiply, np.add: _add, np.subtract: _subtract, np.negative: _negative, np.divide: _divide,
    np.reciprocal: _reciprocal,
}  # fmt: skip
