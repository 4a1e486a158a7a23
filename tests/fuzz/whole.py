"""Operations on arrays of balls: what the table does elementwise, and whole arrays each by its definition.

Where the NumPy form of an operation compares its elements, or does not work on objects, its definition stands here, so
that it is also a second opinion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, arb_mat

from gradcli.core.table import by_name
from gradcli.domains.array_tape import function_of
from gradcli.domains.balls import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.op import Op


BY_ORDER = {"sort", "ordered", "unordered", "median", "quantile"}


class UndecidedError(Exception):
    """Balls cannot carry an operation on arrays out, or do not decide which element it takes."""


def apply(op: Op, x: list[Any], truths: list[bool]) -> Any:
    """An operation on balls and arrays of them; truths: which operands are comparisons. Raises UndecidedError."""
    if not op.whole:
        return elementwise(lambda *of: evaluate(op, of), x)
    first = 0 if op.signature.startswith("axis") else 1
    x = [_structural(op, v, t) if k >= first else v for k, (v, t) in enumerate(zip(x, truths, strict=True))]
    if op.name in BY_ORDER and any(_ball(v).is_nan() for v in np.ravel(x[0])):
        raise UndecidedError(op.name)  # NumPy puts a float that is NaN last, and a ball anywhere
    try:
        if op.name in WHOLE:
            return WHOLE[op.name](*x)
        y = function_of(op)(*[np.full((), v, dtype=object) if isinstance(v, arb) else v for v in x])
    except (TypeError, ValueError, AttributeError, NotImplementedError, ArithmeticError, IndexError) as error:
        raise UndecidedError(op.name) from error
    return y[()] if isinstance(y, np.ndarray) and not y.ndim else y


def _structural(op: Op, v: Any, truth: bool) -> Any:
    """An axis, a length or an index as NumPy takes it."""
    if truth and op.name in ("index", "scatter"):
        return _truth(v)
    if isinstance(v, arb) and v.is_exact() and arb(float(v)) == v:
        return float(v)
    return v


def elementwise(function: Callable[..., Any], x: Sequence[Any]) -> Any:
    """A function of balls on numbers and arrays of balls, broadcast."""
    if not any(isinstance(v, np.ndarray) for v in x):
        return function(*map(_ball, x))
    of = []
    for v in x:
        a = v if isinstance(v, np.ndarray) else np.full((), v, dtype=object)
        of.append(a if a.dtype == object else as_balls(a))
    return np.frompyfunc(lambda *e: function(*map(_ball, e)), len(of), 1)(*of)


def _ball(v: Any) -> arb:
    return v if isinstance(v, arb) else arb(float(v))


def as_balls(a: Any) -> Any:
    """An array of floats as an array of exact balls."""
    return np.frompyfunc(lambda v: arb(float(v)), 1, 1)(np.asarray(a))


def _truth(v: Any) -> Any:
    """Balls of 0 and 1 as booleans for an index."""
    if isinstance(v, np.ndarray):
        return np.array([_truth(e) for e in v.ravel()], dtype=bool).reshape(v.shape)
    if v is None or isinstance(v, (float, slice)):
        return v
    if not v.is_exact():
        raise UndecidedError("index")
    return not v.is_zero()


def _axes(a: Any, axis: Any) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(np.ndim(a)))
    given = axis if isinstance(axis, tuple) else (axis,)
    return tuple(int(k) % np.ndim(a) for k in given)


def _folded(function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """A reduction by a function of a list of balls."""

    def reduce(x: Any, axis: Any = None, keepdim: Any = 0) -> Any:
        a = x if isinstance(x, np.ndarray) else np.full((), x, dtype=object)
        axes = _axes(a, axis)
        rest = [k for k in range(a.ndim) if k not in axes]
        turned = np.transpose(a, [*rest, *axes]).reshape(*[a.shape[k] for k in rest], -1)
        out = np.empty(turned.shape[:-1], dtype=object)
        for place in np.ndindex(*out.shape):
            out[place] = function([*map(_ball, turned[place])])
        if keepdim:
            out = out.reshape([1 if k in axes else n for k, n in enumerate(a.shape)])
        return out if out.ndim else out[()]

    return reduce


def _extreme(name: str) -> Callable[[list[Any]], Any]:
    op = by_name(name)
    return lambda v: v[0] if len(v) == 1 else evaluate(op, v)


def _place(sign: int) -> Callable[[list[Any]], Any]:
    def place(v: list[Any]) -> Any:
        for k, x in enumerate(v):
            if all(sign * x > sign * y for y in v[:k]) and all(sign * x >= sign * y for y in v[k + 1 :]):
                return arb(k)
        raise UndecidedError("argmax")

    return place


def _logic(name: str) -> Callable[[list[Any]], Any]:
    op = by_name(name)

    def fold(v: list[Any]) -> Any:
        found = evaluate(op, [v[0], v[0]])
        for x in v[1:]:
            found = evaluate(op, [found, x])
        return found

    return fold


def _sum(x: Any, axis: Any, keepdim: Any = 0) -> Any:
    return np.sum(x, axis=None if axis is None else _axes(x, axis), keepdims=bool(keepdim))


def _each(name: str) -> Callable[..., Any]:
    op = by_name(name)
    return lambda *x: elementwise(lambda *of: evaluate(op, of), x)


_exp, _log, _abs, _pow, _sqrt = (_each(name) for name in ("exp", "log", "abs", "pow", "sqrt"))


def _log_softmax(x: Any, axis: Any) -> Any:
    """-log(sum(exp(x - x[i]))), in which the term of i itself is 1 also where balls are wide."""
    axes = _axes(x, axis)
    rest = [k for k in range(np.ndim(x)) if k not in axes]
    turned = np.transpose(x, [*rest, *axes])
    flat = turned.reshape(*[np.shape(x)[k] for k in rest], -1)
    out = np.empty(flat.shape, dtype=object)
    for place in np.ndindex(*flat.shape[:-1]):
        v = flat[place]
        none = any(x == np.inf for x in v)  # no share of an infinity is defined
        out[place] = [arb("nan") if none else -_log_sum(v, i) for i in range(len(v))]
    return np.transpose(out.reshape(turned.shape), np.argsort([*rest, *axes]))


def _log_sum(v: Sequence[Any], i: int) -> Any:
    return evaluate(
        by_name("log"), [sum(((w - v[i]).exp() for k, w in enumerate(v) if k != i), v[i] if v[i].is_nan() else arb(1))]
    )


def _top(v: list[Any]) -> Any:
    """log(sum(exp(v)))."""
    if not any(x.is_nan() for x in v) and any(x == np.inf for x in v):
        return arb(np.inf)
    i = max(range(len(v)), key=lambda k: float(v[k]))
    return v[i] + _log_sum(v, i)


def _array(*x: Any) -> Any:
    if x[0] is None:
        return np.zeros(0)
    out = np.empty((len(x), *np.shape(x[0])), dtype=object)
    for k, v in enumerate(x):
        out[k] = elementwise(lambda e: e, [v])
    return out


def _pnorm(x: Any, p: Any, axis: Any, keepdim: Any) -> Any:
    if abs(p) == float("inf"):
        return WHOLE["amax" if p > 0 else "amin"](_abs(x), axis, keepdim)
    if not p:
        raise UndecidedError("pnorm")
    return _pow(_sum(_pow(_abs(x), p), axis, keepdim), 1 / arb(p))


def _var(x: Any, axis: Any, correction: Any, keepdim: Any) -> Any:
    count = arb(int(np.prod([np.shape(x)[k] for k in _axes(x, axis)])))
    rest = count - correction
    mean = _sum(x, axis, 1) / count
    return _each("div")(_sum((x - mean) * (x - mean), axis, keepdim), arb(0) if rest <= 0 else rest)


def _cross_entropy(x: Any, target: Any) -> Any:
    axis = 0 if np.ndim(x) == 1 else 1
    logs = _log_softmax(x, axis)
    if np.shape(target) == np.shape(x):
        return -np.sum(target * logs) / (np.size(x) // np.shape(x)[axis])
    places = np.asarray(target, dtype=float).astype(int)
    taken = np.take_along_axis(logs, np.expand_dims(places, axis), axis=axis)
    return -np.sum(taken) / taken.size


def _matrix(function: Callable[..., Any]) -> Callable[..., Any]:
    def on_matrices(*x: Any) -> Any:
        if any(np.ndim(v) != 2 for v in x):
            raise UndecidedError("matrix")
        found = function(*[arb_mat([[*map(_ball, row)] for row in v]) for v in x])
        if isinstance(found, arb):
            return found
        out = np.empty((found.nrows(), found.ncols()), dtype=object)
        for place in np.ndindex(*out.shape):
            out[place] = found[place]
        return out

    return on_matrices


def _solve(a: Any, b: Any) -> Any:
    vector = np.ndim(b) == 1
    found = _matrix(lambda m, v: m.solve(v))(a, b[:, None] if vector else b)
    return found[:, 0] if vector else found


def _any_like(x: Any, like: Any) -> Any:
    """By truths: every ball is one for NumPy."""
    found = function_of(by_name("any_like"))(_truth(x), like)
    return as_balls(found) if np.ndim(found) else arb(int(found))


WHOLE: dict[str, Callable[..., Any]] = {
    "amax": _folded(_extreme("max")),
    "amin": _folded(_extreme("min")),
    "argmax": _folded(_place(1)),
    "argmin": _folded(_place(-1)),
    "any": _folded(_logic("logical_or")),
    "all": _folded(_logic("logical_and")),
    "any_like": _any_like,
    "softmax": lambda x, axis: _exp(_log_softmax(x, axis)),
    "log_softmax": _log_softmax,
    "logsumexp": _folded(_top),
    "array": _array,
    "norm": lambda x, axis, keepdim: _sqrt(_sum(x * x, axis, keepdim)),
    "pnorm": _pnorm,
    "var": _var,
    "std": lambda *x: _sqrt(_var(*x)),
    "cross_entropy": _cross_entropy,
    "det": _matrix(lambda m: m.det()),
    "inv": _matrix(lambda m: m.inv()),
    "solve": _solve,
}
