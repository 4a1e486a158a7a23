"""Bounds on the errors of operations on whole arrays, and an operation's own rounding (gradcli.domains.array_bounds).

A bound is a signed error of first order and a bound on the rest, by element, or None where a number is exact.
"""

from __future__ import annotations

from math import inf

import numpy as np

from gradcli.core.op import LIKE, SHAPE
from gradcli.core.ops.arrays import axes_of
from gradcli.core.ops.reductions import along_last
from gradcli.core.table import by_name
from gradcli.core.trace import rule_of
from gradcli.domains.array_tape import function_of
from gradcli.domains.error_bounds import CLOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.op import Op

    Bound = tuple[Any, Any] | None

WIDE = np.longdouble
UNIT = float(np.finfo(WIDE).eps)
UNKNOWN = (0.0, inf)
LEAST = 5e-324
ERRORS = 2.0**-40  # of errors that are summed in doubles
NEAR = 2.0**-48  # of two quantiles: what the rounding of their places may exchange

MOVES = frozenset((
    "array", "index", "expand", "reshape", "reshape_like", "flatten", "squeeze", "unsqueeze", "transpose", "swapaxes",
    "permute", "permute_back", "flip", "concatenate", "stack", "to_last", "from_last", "vector", "diag", "diag_back",
    "if_same_shape", "ordered", "unordered",
))  # fmt: skip
SUMS = frozenset(("sum", "cumsum", "scatter", "match"))
PRODUCTS = frozenset(("matmul", "left_of_product", "right_of_product"))
SHAPES = frozenset(("count", "length", "eye_like", "class_axis"))
PLACES = frozenset(("any", "all", "argmax", "argmin", "any_like", "probabilities"))  # of what hangs on no rounding


def size(bound: Bound) -> Any:
    """How far the number may be at most."""
    return 0.0 if bound is None else np.abs(bound[0]) + bound[1]


def largest(x: Any) -> float:
    """The largest element; 0 of an empty array."""
    return float(np.max(x, initial=0.0))


def any_of(conditions: Sequence[Any]) -> Any:
    """Where one of them holds, broadcast."""
    return np.logical_or.reduce(np.broadcast_arrays(*conditions))


def are_whole(x: Sequence[Any], sizes: Any) -> bool:
    """Are sums and products of these whole numbers, and none too large for a float?"""
    return bool(np.all(sizes < 2.0**53)) and all(np.array_equal(v, np.rint(v)) for v in x)


def with_own(found: Bound, wide: Any, y: Any, rest: Any) -> tuple[Bound, Any]:
    """A bound with the result's own error, which is known from long doubles; these are off by `rest` at most."""
    error = np.asarray(wide - y, np.float64)
    rest = rest + np.where(np.not_equal(wide, y) & (error == 0), LEAST, 0.0)  # what underflowed is not 0
    own = np.abs(error) + rest
    if found is None:
        return ((error, rest + np.zeros_like(error)) if np.any(own) else None), own
    return (found[0] + error, found[1] + rest), own


def edges(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound], found: Bound) -> Bound:
    """Where the result is infinite or NaN: exact by convention at an exact edge, unknown where it overflowed."""
    odd = ~np.isfinite(y)
    unknown = False if found is None else ~np.isfinite(found[0] + found[1])
    if not np.any(odd) and not np.any(unknown):
        return found
    given = any(not np.all(np.isfinite(v)) for v in x) if op.whole else any_of([~np.isfinite(v) for v in x])
    by_rule = odd & (np.isnan(y) | given | (_at_pole(op, x) if odd.any() else False))
    for b in bounds:
        by_rule = by_rule & (b is None or (not np.any(size(b)) if op.whole else size(b) == 0))
    error, rest = found or (0.0, 0.0)
    return np.where(odd | unknown, 0.0, error), np.where(by_rule, 0.0, np.where(odd | unknown, inf, rest))


def _at_pole(op: Op, x: Sequence[Any]) -> Any:
    return np.vectorize(op.pole, otypes=[bool])(*x) if op.pole is not None and not op.whole else False


def of_whole(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """The bound of a result on whole arrays, and what of it is the operation's own; unknown where there is no rule."""
    read = [b for k, b in enumerate(bounds) if rule_of(op, k) not in (SHAPE, LIKE)]
    if op.name in SHAPES or (op.name in PLACES and all(b is None for b in read)):
        return None, 0.0
    if op.name in MOVES or op.name in SUMS:
        return _linear(op, x, y, bounds)
    if op.name in PRODUCTS:
        return _product(op, x, y, bounds)
    if op.name in ("amax", "amin"):
        return (None if bounds[0] is None else (0.0, _top(_spread(size(bounds[0]), x[0]), x[1], x[2]))), 0.0
    if op.name == "sort" and bounds[0] is not None and _is_order_sure(x[0], bounds[0], x[1]):
        order = function_of(by_name("ordered"))
        error, rest = (np.reshape(order(x[0], _spread(part, x[0]), *x[1:]), np.shape(y)) for part in bounds[0])
        return (error, rest), 0.0
    if op.name in ("sort", "median"):  # no element moves further than that which moves most
        return (None if bounds[0] is None else (0.0, np.broadcast_to(largest(size(bounds[0])), np.shape(y)))), 0.0
    if op.name in ("any", "all") and bounds[0] is not None:
        return _truth(op, x, bounds[0]), 0.0
    if op.name in ("argmax", "argmin") and bounds[0] is not None:
        return _place(x[0] if op.name == "argmax" else np.negative(x[0]), size(bounds[0]), *x[1:]), 0.0
    if op.name in ("softmax", "log_softmax") and np.size(_top(x[0], x[1])) == np.size(x[0]):
        return edges(op, x[:1], y, bounds, None), 0.0  # 1 and 0 of one number, whatever that is
    if op.name in ("centred", "less_share") and bounds[1] is None and np.all(np.asarray(x[1]) == 1):
        return edges(op, x[:1], y, bounds, None), 0.0
    if op.name == "quantile_slopes":
        beside = [function_of(op)(x[0] + sign * (size(bounds[0]) + NEAR), *x[1:]) for sign in (-1, 1)]
        return (None if all(np.array_equal(v, y) for v in beside) else UNKNOWN), 0.0
    rule = RULES.get(op.name)
    if rule is None:
        return UNKNOWN, 0.0
    scale, moved = rule
    numbers = [v if v is None else np.asarray(v, np.float64) for v in x]
    rest = (np.size(x[0]) + 16) * UNIT * scale(y, *numbers)
    wide = function_of(op)(*[v if isinstance(rule_of(op, k), str) else np.asarray(v, WIDE) for k, v in enumerate(x)])
    reach: Bound = None
    if any(b is not None for b in bounds):
        sizes = [_spread(size(b), v) for b, v in zip(bounds, x, strict=True)]
        first = SIGNED.get(op.name)
        far = moved(y, sizes, *numbers)
        reach = 0.0, far
        if first is not None and bounds[0] is not None:
            error, rest_of = (_spread(part, x[0]) for part in bounds[0])
            most = _top(sizes[0], *x[1:])
            beyond = (4 * most * most + ERRORS * most) * (y if op.name == "softmax" else 1.0)
            near, known = most <= CLOSE, first(error, y, *numbers)
            rest_of = moved(y, [rest_of, *sizes[1:]], *numbers) + beyond
            reach = np.where(near, known, 0.0), np.where(near, rest_of, far)
    found, own = with_own(reach, wide, y, rest)
    return edges(op, numbers[:1], y, bounds, found), own


def _is_order_sure(x: Any, bound: Bound, axis: Any) -> bool:
    """Do the elements of each row lie further apart than their bounds reach?"""
    rows, far = (along_last(np, v, axis)[0] for v in (x, _spread(size(bound), x)))
    order = np.argsort(rows, axis=-1)
    rows, far = (np.take_along_axis(v, order, -1) for v in (rows, far))
    return bool(np.all((rows - far)[..., 1:] > np.maximum.accumulate(rows + far, -1)[..., :-1]))


def _truth(op: Op, x: Sequence[Any], bound: Any) -> Bound:
    """Open where elements that may be 0 would change the answer."""
    number, far = np.asarray(x[0], np.float64), size(bound)
    least, most = (function_of(op)(v * 1.0, *x[1:]) for v in (np.abs(number) > far, (number != 0) | (far != 0)))
    return (0.0, np.where(np.equal(least, most), 0.0, inf)) if np.any(np.not_equal(least, most)) else None


def _place(x: Any, far: Any, axis: Any = None, keepdim: Any = 0) -> Bound:
    """Open where another element may be the largest."""
    least = np.max(x - far, axis=axes_of(axis), keepdims=True, initial=-inf)
    near = ~(x + far < least)  # so is what is NaN
    open_ = np.sum(near, axis=axes_of(axis), keepdims=bool(keepdim)) > 1
    return (0.0, np.where(open_, inf, 0.0)) if np.any(open_) else None


def _linear(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """What moves elements, or sums them."""
    if op.ranked and bounds[0] is not None and _is_order_sure(x[0], bounds[0], x[2]):
        bounds = [None, *bounds[1:]]
    marks = [rule_of(op, k) for k in range(len(x))]
    numeric = [not isinstance(mark, str) for mark in marks]
    if any(b is not None and m not in (SHAPE, LIKE) for b, m, n in zip(bounds, marks, numeric, strict=True) if not n):
        return UNKNOWN, 0.0  # a place hangs on rounding

    def of(part: Callable[[Any, Bound], Any]) -> Any:
        parts = [part(v, b) if n else v for v, b, n in zip(x, bounds, numeric, strict=True)]
        return function_of(op)(*parts)

    summed, found, own = [v for v, n in zip(x, numeric, strict=True) if n], None, 0.0
    if any(b is not None and n for b, n in zip(bounds, numeric, strict=True)):
        found = of(lambda v, b: _spread(b[0] if b else 0.0, v)), of(lambda v, b: _spread(b[1] if b else 0.0, v))
    # Of how many numbers each is the sum.
    count = np.size(x[0]) if op.name in ("cumsum", "scatter") else np.size(x[0]) / max(1, np.size(y))
    if op.name in SUMS and count > 1:
        sizes = of(lambda v, b: np.abs(v))
        if not are_whole(summed, sizes):
            wide = of(lambda v, b: np.asarray(v, WIDE))
            # Multiples of one unit whose sum is no more than long doubles hold of these are summed exactly.
            least = min(_least_unit(np.asarray(v, np.float64)) for v in summed)
            found, own = with_own(found, wide, y, np.where(sizes * UNIT <= least, 0.0, count * UNIT * sizes))
        found = edges(op, summed, y, bounds, found)
    return found, own


def _least_unit(x: Any) -> float:
    """The unit in the last place of the smallest element that is not 0."""
    return float(np.min(np.spacing(np.abs(x)), initial=inf, where=x != 0))


def _product(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """Of matrices: bilinear in two operands."""
    a, b = [k for k in range(len(x)) if rule_of(op, k) not in (SHAPE, LIKE)]
    u, v = np.asarray(x[a]), np.asarray(x[b])

    def of(left: Any, right: Any) -> Any:
        parts = list(x)
        parts[a], parts[b] = left, right
        return function_of(op)(*parts)

    most, found, own = of(np.abs(u), np.abs(v)), None, 0.0
    if bounds[a] is not None or bounds[b] is not None:
        (eu, ru), (ev, rv) = [[_spread(e, w) for e in bounds[k] or (0.0, 0.0)] for k, w in ((a, u), (b, v))]
        rest = of(np.abs(u), rv) + of(ru, np.abs(v)) + of(np.abs(eu) + ru, np.abs(ev) + rv)
        found = of(eu, v) + of(u, ev), rest
    if not are_whole([u, v], most):
        wide = of(np.asarray(u, WIDE), np.asarray(v, WIDE))
        found, own = with_own(found, wide, y, max(u.size, v.size) * UNIT * most)
    return edges(op, [u, v], y, bounds, found), own


def _spread(x: Any, like: Any) -> Any:
    """As an array of its own shape, so that it can be moved as the value is."""
    return None if like is None else np.broadcast_to(np.asarray(x, np.float64), np.shape(like))


def _top(x: Any, axis: Any, keepdim: Any = 1) -> Any:
    return np.max(x, axis=axes_of(axis), keepdims=bool(keepdim), initial=0.0)


def _range(x: Any, axis: Any, keepdim: Any = 1) -> Any:
    """How far the elements of a row lie apart: what exponentials are taken of is exact but for that."""
    return np.ptp(x, axis=axes_of(axis), keepdims=bool(keepdim)) if np.size(x) else 0.0


def _sum(x: Any, axis: Any, keepdim: Any = 1) -> Any:
    return np.sum(x, axis=axes_of(axis), keepdims=bool(keepdim))


def _softmax_moved(y: Any, b: Sequence[Any], x: Any, axis: Any) -> Any:
    return np.where(_top(b[0], axis) <= CLOSE, 2.1 * y * _top(b[0], axis), inf)


def _centred_moved(y: Any, b: Sequence[Any], x: Any, s: Any, axis: Any) -> Any:
    return 2 * (b[0] + _sum(b[0] * (s + b[1]), axis) + _sum(b[1], axis) * 2 * _top(np.abs(x), axis))


def _less_share_moved(y: Any, b: Sequence[Any], x: Any, s: Any, axis: Any) -> Any:
    return 2 * (b[0] + (s + b[1]) * _sum(b[0], axis) + _sum(b[1], axis) * _sum(np.abs(x), axis))


def _prod_moved(y: Any, b: Sequence[Any], x: Any, axis: Any, keepdim: Any) -> Any:
    relative = _sum(np.where(b[0] == 0, 0.0, b[0] / np.abs(x)), axis, keepdim)
    return np.where(relative <= CLOSE, 1.1 * np.abs(y) * relative, inf)


def _back_moved(y: Any, b: Sequence[Any], x: Any, g: Any, axis: Any) -> Any:
    """A sum of products grows with the sizes of its factors."""
    back, given = function_of(by_name("cumprod_back")), [np.abs(np.asarray(v, WIDE)) for v in (x, g)]
    larger = [np.nextafter(v + far, WIDE(inf)) for v, far in zip(given, b, strict=False)]
    sizes, grown = back(*given, axis), back(*larger, axis)
    return np.asarray(1.01 * (grown - sizes) + (np.size(x) + 16) * UNIT * grown, np.float64)


def _weights_moved(y: Any, b: Sequence[Any], like: Any, q: Any, axis: Any) -> Any:
    """As far as the place among the elements; what is further than that from each weight 0 stays 0."""
    weights, far = function_of(by_name("quantile_weights")), 1.01 * np.size(like) * b[1]
    beside = [weights(like, q + sign * (b[1] + NEAR), axis) for sign in (-1, 1)]
    return np.where((beside[0] == 0) & (beside[1] == 0) & (far < 0.5), 0.0, far)


def _quantile_moved(y: Any, b: Sequence[Any], x: Any, q: Any, *_: Any) -> Any:
    """With the elements no further than that which moves most; with q by the gaps between elements."""
    most, by = largest(b[0]), largest(b[1])
    along = 1.01 * np.size(x) * by * (np.ptp(x) + 2 * most) if by else 0.0
    within = not by or bool(np.all((q - by > 0) & (q + by < 1)))
    return np.full(np.shape(y), most + along if within else inf)


def _shares(x: Any, axis: Any) -> Any:
    grown = np.exp(x - np.max(x, axis=axes_of(axis), keepdims=True, initial=-inf))
    return grown / _sum(grown, axis)


# Of an operation on exact numbers, by what long doubles are off (times their unit and the number of elements), and how
# far the result moves with its operands: `(y, *x)` and `(y, bounds, *x)`. Shares are what softmax gives.
RULES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "norm": (lambda y, *x: np.abs(y), lambda y, b, x, axis, keepdim: np.sqrt(_sum(b[0] ** 2, axis, keepdim)) * 1.01),
    "logsumexp": (
        lambda y, x, axis, keepdim: np.abs(y) + np.log(np.size(x) + 1.0) * (2 + _range(x, axis, keepdim)),
        lambda y, b, x, axis, keepdim: _top(b[0], axis, keepdim),
    ),
    "log_softmax": (
        lambda y, x, axis: np.abs(y) * (2 + _range(x, axis)),
        lambda y, b, x, axis: 2 * _top(b[0], axis),
    ),
    "softmax": (lambda y, x, axis: (1 + 2 * _range(x, axis)) * y, _softmax_moved),
    "centred": (lambda y, x, s, axis: _top(np.abs(x), axis) + np.abs(x), _centred_moved),
    "less_share": (lambda y, x, s, axis: np.abs(x) + s * _sum(np.abs(x), axis), _less_share_moved),
    "prod": (lambda y, *x: np.abs(y), _prod_moved),
    "middle": (
        lambda y, x, axis, keepdim: _top(np.abs(x), axis, keepdim),
        lambda y, b, x, axis, keepdim: _top(b[0], axis, keepdim),
    ),
    "quantile": (
        lambda y, x, *_: largest(np.abs(x)),
        _quantile_moved,
    ),
    # The place among so many elements is a long double, exactly.
    "quantile_weights": (
        lambda y, like, *_: y if np.size(like) * UNIT <= 2.0**-52 else np.ones(np.shape(y)),
        _weights_moved,
    ),
    "others": (lambda y, *x: np.abs(y), lambda y, b, x, axis: _prod_moved(y, b, x, axis, 1)),
    "cumprod": (lambda y, *x: np.abs(y), lambda y, b, x, axis: _prod_moved(y, b, x, axis, axis is not None)),
    "cumprod_back": (
        lambda y, x, g, axis: 2 * function_of(by_name("cumprod_back"))(np.abs(x), np.abs(g), axis),
        _back_moved,
    ),
}
# The first-order error of a result by those e of the elements: `(e, y, *x)`.
SIGNED: dict[str, Callable[..., Any]] = {
    "softmax": lambda e, y, x, axis: y * (e - _sum(y * e, axis)),
    "log_softmax": lambda e, y, x, axis: e - _sum(np.exp(y) * e, axis),
    "logsumexp": lambda e, y, x, axis, keepdim: _sum(_shares(x, axis) * e, axis, keepdim),
}
