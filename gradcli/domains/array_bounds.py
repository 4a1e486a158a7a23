"""What rounding did to a run on arrays: for each node a signed error of first order and a bound on the rest.

As gradcli.domains.error_bounds does it for plain floats, by element. The own error of an operation is its result in
NumPy's long double less its float: where that has 64 bits or more, this is known to a fraction of a unit in the last
place (where it is a double too, the whole unit is bound). A slope counts as constant within errors that are small
against their operands and against 1; beyond these the slopes at the corners tell. Of what has no rule nothing is known,
and balls decide.
"""

from __future__ import annotations

from math import inf

import numpy as np

from gradcli.core.graph import CONSTANT, reachable
from gradcli.core.trace import rule_of, seen, template
from gradcli.domains.array_tape import function_of
from gradcli.domains.arrays import ARRAYS
from gradcli.domains.domain import parameters, steps_of
from gradcli.domains.error_bounds import CHANGE, CLOSE, FAR, LACKING, NORMAL, corners_of
from gradcli.domains.matrix_bounds import RULES as MATRICES
from gradcli.domains.matrix_bounds import matrix_bound
from gradcli.domains.transformations import ROUNDING, SECOND, rounding
from gradcli.domains.whole_bounds import (
    LEAST,
    RULES,
    UNIT,
    WIDE,
    any_of,
    are_whole,
    edges,
    largest,
    of_whole,
    size,
    with_own,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.core.op import Op
    from gradcli.domains.whole_bounds import Bound

# What the long functions of a C library may be off by, in their own units; and NumPy's own, in those of a double.
WIDE_ULPS, NUMPY_ULPS = 16.0, 4.0
RING = frozenset(("add", "sub", "neg", "mul", "square"))
UNITS, HALF = 2.0**-48, 0.5  # of rounding in what is computed here; of a number that bounds must not reach
ROUNDED = RING | {"div", "sqrt", "reciprocal", "fmod"}  # correctly, by IEEE 754


def _is_number(value: Any) -> bool:
    """A number or an array, and no slice, shape or empty place."""
    return isinstance(value, np.ndarray | np.generic | float)


class ArrayBounds:
    """How far the numbers of a run may be from what they stand for.

    nodes, values: the graph and the value of each node; bounds: of each node; own: how much each operation added
    by its own rounding, at most.
    """

    def __init__(self, graph: Graph, values: Sequence[Any]) -> None:
        self.nodes, self.values = graph.nodes, values
        self.bounds: list[Bound] = [None] * len(values)
        self.own = [0.0] * len(values)
        live = reachable(graph.nodes, graph.outputs)
        with np.errstate(all="ignore"):
            for i, node in enumerate(graph.nodes):
                if node[0] is CONSTANT and node[1] in LACKING:
                    self.bounds[i] = (LACKING[node[1]], 0.0)
                elif live[i] and not node[0].leaf:
                    self._step(i, node[0], node[1:])

    def holds(self, i: int, ulps: float) -> bool:
        """Are the elements of a node surely its numbers to so many units in the last place?"""
        bound = self.bounds[i]
        if bound is None:
            return True
        with np.errstate(all="ignore"):
            return bool(np.all((size(bound) == 0) | (size(bound) <= ulps * np.spacing(np.abs(self.values[i])))))

    def blamed(self, output: int) -> tuple[int, str]:
        """The node whose own rounding has the largest share in an output's error, and in words how it got there."""
        i, cancels = output, False
        while True:
            op, *operands = self.nodes[i]
            most = self._largest(i)
            if most == inf:
                endless = [k for k in operands if self._largest(k) == inf] if not op.leaf else []
                if not endless:
                    return i, "a number on the way is beyond float64"
                i = endless[0]
                continue
            if op.name in ("add", "sub"):
                cancels |= most < max(map(self._largest, operands)) / 16
            brought = self._brought(i)
            k = max(brought, key=brought.__getitem__, default=-1)
            if k < 0 or self.nodes[k][0].leaf or brought[k] <= self.own[i]:
                break
            i = k
        return i, "subtraction of nearly equal numbers" if cancels else "rounding that the next steps magnify"

    def _largest(self, i: int) -> float:
        """The magnitude of a node's largest element; 0 of what is no number."""
        return largest(np.abs(self.values[i])) if _is_number(self.values[i]) else 0.0

    def _step(self, i: int, op: Op, operands: Sequence[int]) -> None:
        x, y, bounds = [self.values[k] for k in operands], self.values[i], [self.bounds[k] for k in operands]
        if not _is_number(y):
            self.bounds[i] = None if all(b is None for b in bounds) else (0.0, inf)
            return
        tie = self._extreme_of(op, operands)
        self.bounds[i], own = (_tied(x, bounds, tie), 0.0) if tie is not None else bound_of(op, x, y, bounds)
        self.own[i] = largest(own)

    def _brought(self, i: int) -> dict[int, float]:
        """How much each operand of a node brought, by their ids."""
        op, *operands = self.nodes[i]
        x, y, found = [self.values[k] for k in operands], self.values[i], {}
        if op.leaf or not _is_number(y):
            return {}
        with np.errstate(all="ignore"):
            for k, node in enumerate(operands):
                if self.bounds[node] is not None:
                    slope = slope_of(op, k, x, y) if not op.whole and not isinstance(rule_of(op, k), str) else 1.0
                    found[node] = largest(np.abs(slope) * size(self.bounds[node]))
        return found

    def _extreme_of(self, op: Op, operands: Sequence[int]) -> list[Any] | None:
        """Where an array is compared with its own extreme: the axis and `keepdim` of that."""
        if op.name != "eq" or self.nodes[operands[1]][0].name != "expand":
            return None
        extreme = self.nodes[self.nodes[operands[1]][1]]
        is_own = extreme[0].name in ("amax", "amin", "median") and extreme[1] == operands[0]
        return [self.values[k] for k in extreme[2:]] if is_own else None


def _tied(x: Sequence[Any], bounds: Sequence[Bound], rows: Sequence[Any]) -> Bound:
    """Which elements are the extreme hangs on the bounds where two of a row may be."""
    near = np.abs(np.subtract(x[0], x[1])) <= size(bounds[0]) + size(bounds[1])
    count = ARRAYS["expand"](ARRAYS["sum"](near * 1.0, *rows), x[0], *rows)
    open_ = near & (count > 1) & (size(bounds[0]) > 0)
    return (0.0, np.where(open_, inf, 0.0)) if np.any(open_) else None


def bound_of(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """The bound of a result of these operands, and what of it is the operation's own."""
    if op.name in MATRICES:
        return matrix_bound(op, x, y, bounds)
    if op.whole and op.definition and op.name not in RULES:
        return _composed(op, x, y, bounds)
    if op.whole:
        return of_whole(op, x, y, bounds)
    if op.decides:
        return _decided(op, x, bounds), 0.0
    if op.name in CHOICES:
        return None if all(b is None for b in bounds) else CHOICES[op.name](x, y, bounds), 0.0
    found, own = _own(op, x, y)
    return edges(op, x, y, bounds, _moved(op, x, y, bounds, found)), own


def _own(op: Op, x: Sequence[Any], y: Any) -> tuple[Bound, Any]:
    """The rounding of an elementwise operation itself."""
    if op.ulp == 0:
        return None, 0.0
    error = rounding(op.name, x, y)
    if error is not None:
        own = np.abs(error)
        rest = ROUNDING * own + (SECOND * np.abs(y) if op.name == "pow" else 0.0)
        return ((error, rest) if np.any(own) else None), own
    if op.name in RING and are_whole(x, np.abs(y)):
        return None, 0.0
    function, unit = function_of(op), np.spacing(np.abs(y))
    if isinstance(function, np.ufunc) and (UNIT < 2.0**-60 or op.name in ROUNDED):
        return with_own(None, function(*[np.asarray(v, WIDE) for v in x]), y, WIDE_ULPS * UNIT * np.abs(y))
    own = (max(op.ulp, NUMPY_ULPS) if isinstance(function, np.ufunc) else op.ulp + NUMPY_ULPS / 2) * unit
    if op.definition and not isinstance(function, np.ufunc):
        by_steps, _ = _composed(op, x, y, [None] * len(x))
        reach = size(by_steps)
        if by_steps is None or np.any(reach < own):
            error, rest = by_steps or (0.0, 0.0)
            known = reach < own
            return (np.where(known, error, 0.0), np.where(known, rest, own)), np.minimum(reach, own)
    return (0.0, own), own


def _moved(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound], own: Bound) -> Bound:
    """What the bounds of operands add to that of an elementwise operation: by the slopes of its rules."""
    if all(b is None for b in bounds):
        return own
    error, rest = own or (0.0, 0.0)
    carried = ARITHMETIC.get(op.name)
    if carried is not None:
        parts = [b or (0.0, 0.0) for b in bounds]
        moved, beyond = carried(x, y, parts)
        return error + moved, rest + beyond
    for k, (v, bound) in enumerate(zip(x, bounds, strict=True)):
        if bound is None:
            continue
        b = size(bound)
        moves = b != 0
        slope = slope_of(op, k, x, y)
        if isinstance(rule_of(op, k), str) or (op.jump is not None and not _is_whole_power(op, x, bounds)):
            # A step lies between where the sides are not where the slope leads.
            reach = np.maximum(b, np.spacing(np.abs(v)))
            beside = [_as_far(v, s * reach) for s in (-1.0, 1.0)]
            apart = [np.abs(function_of(op)(*x[:k], there, *x[k + 1 :]) - y - slope * (there - v)) for there in beside]
            lacks = 2 * op.ulp * np.spacing(np.abs(y)) if k in op.missing else 0.0  # it is known from floats alone
            rest = rest + np.where(moves, np.maximum(*apart) + lacks, 0.0)
        error = error + np.where(moves, slope * bound[0], 0.0)
        # A slope that underflows is none that is known.
        lost = np.where((np.abs(slope) < NORMAL) & (not op.active), 1.0 + b, slope != 0) * LEAST
        rest = rest + np.where(moves, np.abs(slope) * bound[1] + lost, 0.0)
        change, far = CHANGE * (np.abs(slope) + 1.0), ~(b <= CLOSE * np.minimum(1.0, np.abs(v)))
        if op.kink is not None:  # it may lie at any number, as that of clamp
            far = far | True
        if np.any(far & moves):
            change = np.where(far, _change(op, k, x, slope, bounds), change)
            # Perhaps a pole lies between.
            is_lost = (4 * change > np.maximum(1.0, np.abs(slope))) & (4 * change * b > np.abs(y))
            is_lost = is_lost | ((b > FAR) & (b > FAR * np.abs(v)))
            change = np.where(far & is_lost, inf, change)
        if op.period:
            change = np.where(b > op.period / 16, inf, change)
        rest = rest + np.where(moves, change * b, 0.0)
    return error, rest


def _as_far(x: Any, by: Any) -> Any:
    """x + by, or where no float is there the next one farther off."""
    y = x + by
    return np.where(np.abs(y - x) >= np.abs(by), y, np.nextafter(y, np.copysign(inf, by)))


def _of_sum(x: Sequence[Any], y: Any, parts: Sequence[Any]) -> tuple[Any, Any]:
    (e, r), (f, s) = parts
    return e + f, r + s


def _of_difference(x: Sequence[Any], y: Any, parts: Sequence[Any]) -> tuple[Any, Any]:
    (e, r), (f, s) = parts
    return e - f, r + s


def _of_product(x: Sequence[Any], y: Any, parts: Sequence[Any]) -> tuple[Any, Any]:
    (u, v), ((e, r), (f, s)) = x, parts
    near, far = np.abs(e) + r, np.abs(f) + s
    rest = np.abs(v) * r + np.abs(u) * s + near * far
    # What underflowed on the way is not 0.
    moves = ((near != 0) & ((v != 0) | (far != 0))) | ((far != 0) & (u != 0))
    return v * e + u * f, rest + (2 + near + far) * LEAST * moves


def _of_quotient(x: Sequence[Any], y: Any, parts: Sequence[Any]) -> tuple[Any, Any]:
    v, ((e, r), (f, s)) = x[1], parts
    far, below = np.abs(f) + s, np.abs(v)
    reach = (np.abs(e) + r + np.abs(y) * far) / below + UNITS * np.abs(y)
    moves = (far != 0) | (e != 0) | (r != 0)
    rest = (r + np.abs(y) * s + reach * far + 4 * LEAST) / (below - far) + 4 * LEAST
    error = (e - y * f) / v
    rest = np.where(far < HALF * below, rest + UNITS * np.abs(error), inf)
    return np.where(moves, error, 0.0), np.where(moves, rest, 0.0)


def _of_root(x: Sequence[Any], y: Any, parts: Sequence[Any]) -> tuple[Any, Any]:
    ((e, r),) = parts
    far = np.abs(e) + r
    reach, error = far / y + UNITS * y, e / (2 * y)
    rest = np.where(far < HALF * x[0], (r + reach * reach) / y + UNITS * np.abs(error), inf)
    return np.where(far != 0, error, 0.0), np.where(far != 0, rest, 0.0)


# What bounds of operands add: `(x, y, parts)` to an error and a rest. Those of others go by their slopes.
ARITHMETIC: dict[str, Callable[..., tuple[Any, Any]]] = {
    "add": _of_sum, "sub": _of_difference, "neg": lambda x, y, parts: (-parts[0][0], parts[0][1]), "mul": _of_product,
    "square": lambda x, y, parts: _of_product([x[0], x[0]], y, [parts[0], parts[0]]),
    "div": _of_quotient, "sqrt": _of_root,
    "reciprocal": lambda x, y, parts: _of_quotient([1.0, x[0]], y, [(0.0, 0.0), parts[0]]),
}  # fmt: skip


def _change(op: Op, k: int, x: Sequence[Any], slope: Any, bounds: Sequence[Bound]) -> Any:
    """By how much a slope differs at the corners of what the operands may be."""
    moving = [j for j, bound in enumerate(bounds) if bound is not None]
    change: Any = 0.0
    for signs in corners_of(len(moving)):
        beside = list(x)
        for j, sign in zip(moving, signs, strict=True):
            beside[j] = x[j] + sign * size(bounds[j])
        there = slope_of(op, k, beside, function_of(op)(*beside))
        change = np.maximum(change, np.where(np.isfinite(there), np.abs(there - slope), inf))
    return change


def _is_whole_power(op: Op, x: Sequence[Any], bounds: Sequence[Bound]) -> bool:
    return op.name == "pow" and bounds[1] is None and bool(np.all(x[1] == np.rint(x[1])))


def slope_of(op: Op, k: int, x: Sequence[Any], y: Any) -> Any:
    """The partial of an elementwise operation by an operand, by its rule; 0 where it does not depend on it there."""
    key = ("arrays", k, len(x))
    if key not in op.templates:
        found: list[Callable[..., Any] | None] = []
        for kind, some, inputs in (("share", op.share, len(x) + 2), ("vjp", op.vjp, 0), ("active", op.active, 0)):
            traced = template(op, kind, 0 if kind == "share" else k, len(x)) if some else None
            inputs = inputs or (1 if op.variadic else len(x)) + (2 if kind == "vjp" else 1)
            found.append(None if traced is None else ARRAYS.run(traced, inputs))
        op.templates[key] = tuple(found)
    share, rule, active = op.templates[key]
    if rule is None:
        return 0.0
    operands, one = [np.asarray(v, np.float64)[()] for v in seen(op, x, k)], np.float64(1.0)
    slope = rule(one if share is None else share(one, y, *x), y, *operands)
    return slope if active is None else np.where(active(y, *operands), slope, 0.0)


def _composed(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """Step by step of the definition; what runs on arrays may be another float of the same number."""
    (answer, steps), missing = steps_of(op), len(parameters(op)) - len(x)
    values, known, own = [*x, *[None] * missing], [*bounds, *[None] * missing], 0.0
    for row, what in steps:
        if row is None:
            values.append(None if what is None else ARRAYS.literal(what))
            known.append((LACKING[what], 0.0) if what in LACKING else None)
            continue
        operands = [values[k] for k in what]
        values.append(ARRAYS[row.name](*operands))
        bound, own = bound_of(row, operands, values[-1], [known[k] for k in what])
        known.append(bound)
    found, other = known[answer], values[answer]
    if np.array_equal(other, y, equal_nan=True):
        return found, own
    return with_own(found, other, y, 0.0)


def _decided(op: Op, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    """Infinite where a comparison or a truth hangs on the bounds."""
    if all(b is None for b in bounds):
        return None
    if op.jump is not None:
        reach = size(bounds[0]) + size(bounds[1])
        open_ = (reach > 0) & ~(np.abs(np.subtract(x[0], x[1], dtype=np.float64)) > reach)
    else:
        open_ = any_of([(size(b) > 0) & ~(np.abs(v * 1.0) > size(b)) for v, b in zip(x, bounds, strict=True)])
    return (0.0, np.where(open_, inf, 0.0)) if np.any(open_) else None


def _abs(x: Sequence[Any], y: Any, bounds: Sequence[Any]) -> Bound:
    b = size(bounds[0])
    return np.where(b > y, 0.0, np.copysign(1.0, x[0]) * bounds[0][0]), np.where(b > y, 2 * b, bounds[0][1])


def _extreme(x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> Bound:
    """As far as the bound of any operand."""
    most: Any = 0.0
    for bound in bounds:
        most = np.maximum(most, size(bound))
    return 0.0, most


def _where(x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> Bound:
    c, a, b = bounds
    (ea, ra), (eb, rb) = a or (0.0, 0.0), b or (0.0, 0.0)
    chosen = np.not_equal(x[0], 0)
    error, rest = np.where(chosen, ea, eb), np.where(chosen, ra, rb)
    if c is None:
        return error, rest
    open_ = (size(c) > 0) & ~(np.abs(x[0] * 1.0) > size(c))
    reach = np.where(np.equal(x[1], x[2]), 0.0, np.abs(np.subtract(x[1], x[2]))) + np.maximum(size(a), size(b))
    return np.where(open_, 0.0, error), np.where(open_, reach, rest)


def _same(x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> Bound:
    return bounds[0]


CHOICES: dict[str, Callable[..., Bound]] = {
    "abs": _abs, "max": _extreme, "min": _extreme, "where": _where, "positive": _same, "detach": _same,
}  # fmt: skip
