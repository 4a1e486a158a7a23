"""The softmax family: each keeps the small part of its result beside the large one."""

from __future__ import annotations

from gradcli.core.op import FLAG, STRUCTURE, Op
from gradcli.core.ops.arrays import axes_of
from gradcli.core.ops.reductions import of_its_row
from gradcli.core.ops.sums import total
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _of_the_row(g: Array, y: Array, x: Array, *others: Array) -> Array:
    """Each element depends on its row along the axis, which is the last parameter."""
    return fn.expand(fn.any(g, others[-1], 1), x, others[-1], 1)


def _top(np: Any, x: Array, axes: Any) -> Array:
    return np.max(x, axis=axes, keepdims=True) if np.size(x) else 0.0


def _below_top(np: Any, x: Array, top: Array, axes: Any, keepdim: Any = True) -> Array:
    """log(sum(exp(x - top))) where top is the largest: what the others add to exp(0) is not lost beside it."""
    d = np.subtract(x, top)
    first = d == 0
    rest = total(np, np.where(first, 0, np.exp(d)), axis=axes, keepdims=keepdim)
    if getattr(getattr(first, "dtype", None), "kind", "") == "b" and first.sum() == np.size(rest):
        whole = rest.sum()
        if whole == whole:  # no row has a NaN, so each has one that is the largest
            return np.log1p(rest)
    return np.log1p(rest + (np.sum(first, axis=axes, keepdims=keepdim, dtype=np.result_type(d)) - 1))


def _logsumexp(np: Any, x: Array, axis: Any, keepdim: Any) -> Array:
    axes = axes_of(axis)
    if not np.size(x):
        return np.log(total(np, x, axis=axes, keepdims=bool(keepdim)))
    top = _top(np, x, axes)
    top = np.where(np.isfinite(top), top, 0.0)
    return _below_top(np, x, top, axes, bool(keepdim)) + (top if keepdim else np.squeeze(top, axes))


def _softmax(np: Any, x: Array, axis: Any) -> Array:
    axes = axes_of(axis)
    e = np.exp(np.subtract(x, _top(np, x, axes)))
    return e / total(np, e, axis=axes, keepdims=True)


def log_softmax_on_arrays(np: Any, x: Any, axis: Any) -> Any:
    """x less the logarithm of the sum of exp(x) along an axis."""
    axes = axes_of(axis)
    top = _top(np, x, axes)
    return np.subtract(x, top) - _below_top(np, x, top, axes)


def _centred(np: Any, g: Array, s: Array, axis: Any) -> Array:
    """From g less its value at the largest share: what the others weigh is not lost beside it."""
    axes = axes_of(axis)
    top = s == _top(np, s, axes)
    number = np.sum(top, axis=axes, keepdims=True, dtype=np.result_type(s))
    h = g - total(np, np.where(top, g, 0), axis=axes, keepdims=True) / np.maximum(number, 1)
    return h - total(np, h * s, axis=axes, keepdims=True)


def _less_share(np: Any, g: Array, s: Array, axis: Any) -> Array:
    """At a largest share, 1 - s is the sum of the others."""
    axes = axes_of(axis)
    top = s > 0.5  # there is one at most: together they are 1
    rest, others = (total(np, np.where(top, 0, v), axis=axes, keepdims=True) for v in (s, g))
    return np.where(top, g * rest - s * others, g - s * total(np, g, axis=axes, keepdims=True))


ROWS = (
    Op(
        "logsumexp", "x, axis=None, keepdim=0",
        about="log(sum(exp(x))) without overflow", example="logsumexp([1000, 1000])", whole=True,
        on_array=_logsumexp,
        reach=(of_its_row,),
        vjp=(lambda g, y, x, axis, keepdim: fn.expand(g, x, axis, keepdim) * fn.softmax(x, axis), STRUCTURE, FLAG),
        definition="log(sum(exp(x), axis, keepdim))",
    ),
    Op(
        "softmax", "x, axis=-1",
        about="exp(x) divided by its sum along an axis", example="softmax([1, 2, 3])", whole=True,
        on_array=_softmax,
        reach=(_of_the_row,),
        vjp=(lambda g, y, x, axis: y * fn.centred(g, y, axis), STRUCTURE),
        definition="exp(x)/sum(exp(x), axis, 1)",
        underflow=lambda x, axis: x - x == 0,
    ),
    Op(
        "log_softmax", "x, axis=-1",
        about="log(softmax(x)) without overflow", example="log_softmax([1, 2, 3])", whole=True,
        on_array=log_softmax_on_arrays,
        reach=(_of_the_row,),
        vjp=(lambda g, y, x, axis: fn.less_share(g, fn.softmax(x, axis), axis), STRUCTURE),
        definition="x - log(sum(exp(x), axis, 1))",
    ),
    Op(
        "centred", "x, share, axis=-1",
        about="x less its mean, weighted by shares that add up to 1; serves the rule of softmax",
        example="centred([1, 2, 3], [0.2, 0.3, 0.5])", whole=True,
        on_array=_centred,
        reach=(_of_the_row, _of_the_row),
        vjp=(
            lambda g, y, x, share, axis: fn.less_share(g, share, axis),
            lambda g, y, x, share, axis: -(x * fn.sum(g, axis, 1)),
            STRUCTURE,
        ),
        definition="x - sum(x*share, axis, 1)",
        internal=True,
    ),
    Op(
        "less_share", "x, share, axis=-1",
        about="x less its sum, dealt out in shares that add up to 1; serves the rule of log_softmax",
        example="less_share([1, 2, 3], [0.2, 0.3, 0.5])", whole=True,
        on_array=_less_share,
        reach=(_of_the_row, _of_the_row),
        vjp=(
            lambda g, y, x, share, axis: fn.centred(g, share, axis),
            lambda g, y, x, share, axis: -(g * fn.sum(x, axis, 1)),
            STRUCTURE,
        ),
        definition="x - share*sum(x, axis, 1)",
        internal=True,
    ),
)  # fmt: skip
