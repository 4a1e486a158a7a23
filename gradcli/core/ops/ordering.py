"""Arrays in order: sorted elements, medians and quantiles; and products along the way."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, FLAG, LIKE, STRUCTURE, Op
from gradcli.core.ops.arrays import axes_of
from gradcli.core.ops.reductions import along_last, of_its_row, others_slope, reduced, summed_back, tied, tied_slope
from gradcli.core.structure import ArrayMisuseError, whole_number
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _order(np: Any, x: Array, descending: Any) -> Array:
    """The places of the last axis in order; equal elements as they stand, and NaN as the largest."""
    if not descending:
        return np.argsort(x, axis=-1, kind="stable")
    backwards = np.argsort(np.flip(x, -1), axis=-1, kind="stable")
    return np.shape(x)[-1] - 1 - np.flip(backwards, -1)


def _in_order(np: Any, x: Array) -> Array:
    return np.take_along_axis(x, np.argsort(x, axis=-1, kind="stable"), -1)


def _sort(np: Any, x: Array, axis: Any, descending: Any) -> Array:
    x = np.reshape(x, -1) if axis is None else np.asarray(x)
    rows, back = along_last(np, x, -1 if axis is None else whole_number(axis))
    return back(np.take_along_axis(rows, _order(np, rows, descending), -1))


def _ordered(np: Any, x: Array, v: Array, axis: Any, descending: Any) -> Array:
    rows, _ = along_last(np, x, axis)
    moved, back = along_last(np, v, axis)
    return back(np.take_along_axis(moved, _order(np, rows, descending), -1))


def _unordered(np: Any, x: Array, v: Array, axis: Any, descending: Any) -> Array:
    rows, _ = along_last(np, x, axis)
    moved, back = along_last(np, v, axis)
    ranks = np.argsort(_order(np, rows, descending), axis=-1, kind="stable")
    return back(np.take_along_axis(moved, ranks, -1))


def _rows_in_order(np: Any, x: Array, axis: Any, what: str) -> Array:
    rows, _ = along_last(np, x, axis)
    if not rows.shape[-1]:
        raise ArrayMisuseError(f"an empty array has no {what}")
    return _in_order(np, rows)


def _kept(np: Any, y: Array, like: Array, axis: Any, keepdim: Any) -> Array:
    if not keepdim or not np.ndim(like):
        return y[()]
    return np.expand_dims(y, tuple(range(np.ndim(like))) if axis is None else axes_of(axis))


def _median(np: Any, x: Array, axis: Any, keepdim: Any) -> Array:
    rows = _rows_in_order(np, x, axis, "median")
    last = rows[..., -1]
    return _kept(np, np.where(np.isnan(last), last, rows[..., (rows.shape[-1] - 1) // 2]), x, axis, keepdim)


def _hat(np: Any, place: Array, count: int) -> Array:
    """The weights of the ordered elements in the quantile at a place: 1 there, 0 from the neighbours on."""
    return np.maximum(1.0 - abs(np.arange(float(count)) - place), 0.0)


def _quantile(np: Any, x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    rows = _rows_in_order(np, x, axis, "quantile")
    weights = _hat(np, q * (rows.shape[-1] - 1.0), rows.shape[-1])
    last = rows[..., -1]
    y = np.sum(np.where(weights == 0, 0.0, rows) * weights, axis=-1)
    y = np.where(np.isnan(last), last, y)
    return _kept(np, np.where((q >= 0) & (q <= 1), y, np.nan), x, axis, keepdim)


def _weights(np: Any, like: Array, q: Array, axis: Any) -> Array:
    rows, back = along_last(np, like, axis)
    return back(np.broadcast_to(_hat(np, q * (rows.shape[-1] - 1.0), rows.shape[-1]), rows.shape))


def _weight_slopes(np: Any, q: Array, like: Array, axis: Any) -> Array:
    """At an element itself 0: there the slopes on both sides are of different neighbours."""
    rows, back = along_last(np, like, axis)
    steps = rows.shape[-1] - 1.0
    away = np.arange(rows.shape[-1] * 1.0) - q * steps
    return back(np.broadcast_to(np.less(abs(away), 1.0) * np.sign(away) * steps, rows.shape))


def _is_level(x: Array, axis: Any, descending: Any) -> Array:
    """Which elements of the sorted array are equal to one beside them?"""
    if not x.ndim:
        return x != x
    y = (x.reshape(-1) if axis is None else x).copy()
    axis = -1 if axis is None else whole_number(axis)
    y.sort(axis=axis)
    rows, found = y.swapaxes(axis, -1), (y != y) & False
    same, marked = rows[..., 1:] == rows[..., :-1], found.swapaxes(axis, -1)
    marked[..., 1:] |= same
    marked[..., :-1] |= same
    return found[tuple(slice(None, None, -1 if descending and k == axis % y.ndim else 1) for k in range(y.ndim))]


def _rows_of(x: Array, axis: Any) -> Array:
    """The reduced axes as one last axis, in order."""
    axes = reduced(axis, x.ndim)
    kept = [a for a in range(x.ndim) if a not in axes]
    rows = x.transpose([*kept, *axes]).reshape([*[x.shape[a] for a in kept], -1]).copy()
    rows.sort(axis=-1)
    return rows


def _is_median_tied(x: Array, axis: Any, keepdim: Any) -> Array:
    rows = _rows_of(x, axis)
    middle = rows[..., (rows.shape[-1] - 1) // 2]
    shape = x.sum(axis=axes_of(axis), keepdims=bool(keepdim)).shape
    return (rows == middle[..., None]).sum(axis=-1).reshape(shape) > 1


def _is_quantile_tied(x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    """Have two elements of different weights the same size?"""
    rows = _rows_of(x, axis)
    count = rows.shape[-1]
    place = float(q) * (count - 1)
    weights = [max(0.0, 1.0 - abs(k - place)) for k in range(count)]
    found = (x.sum(axis=axes_of(axis), keepdims=bool(keepdim)) != 0) & False
    for k in range(count - 1):
        if weights[k] != weights[k + 1]:
            found = found | (rows[..., k] == rows[..., k + 1]).reshape(found.shape)
    return found


def _bends(x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    """Is the quantile an element, and another one beside that?"""
    rows = _rows_of(x, axis)
    last = rows.shape[-1] - 1
    place = float(q) * last
    found = x.sum(axis=axes_of(axis), keepdims=bool(keepdim)) != 0
    if not (place.is_integer() and 0 <= place <= last):
        return found & False
    before, behind = max(int(place) - 1, 0), min(int(place) + 1, last)
    return (rows[..., before] < rows[..., behind]).reshape(found.shape)


def _unsorted(g: Array, y: Array, x: Array, axis: Any, descending: Any) -> Array:
    return fn.unordered(x, fn.reshape_like(g, x), axis, descending)


def _quantile_by_x(g: Array, y: Array, x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    return fn.unordered(x, fn.quantile_weights(x, q, axis), axis, 0) * fn.expand(g, x, axis, keepdim)


def _quantile_by_q(g: Array, y: Array, x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    slopes = fn.unordered(x, fn.quantile_slopes(q, x, axis), axis, 0)
    return fn.sum(fn.where(slopes != 0, fn.expand(g, x, axis, keepdim) * x * slopes, 0), None, 0)


def _is_used(y: Array, x: Array, q: Array, axis: Any, keepdim: Any) -> Array:
    return fn.unordered(x, fn.quantile_weights(x, q, axis), axis, 0) != 0


def _matrix_of(x: Array, axis: Any) -> tuple[Array, Array]:
    """A row of x for each of its elements, and which of them count: those up to that element."""
    row = fn.unsqueeze(fn.to_last(x, axis), -2)
    return row, fn.cumsum(fn.eye_like(fn.swapaxes(row, -1, -2) + row), -2)


def _products(x: Array, axis: Any) -> tuple[Array, Array]:
    """For each product along the way its partials by all elements, and which of these count."""
    row, lower = _matrix_of(x, axis)
    return fn.where(lower, fn.others(fn.where(lower, row, 1), -1), 0), lower


def _column(v: Array, axis: Any) -> Array:
    return fn.unsqueeze(fn.to_last(v, axis), -1)


def _cumprod_back(np: Any, x: Array, g: Array, axis: Any) -> Array:
    """The products before an element, times what those after it make of the gradient: also beside zeros."""
    rows, back = along_last(np, x, axis)
    later = np.array(along_last(np, g, axis)[0])
    before = np.ones_like(rows)
    before[..., 1:] = np.cumprod(rows[..., :-1], axis=-1)
    for k in range(rows.shape[-1] - 2, -1, -1):
        later[..., k] = later[..., k] + rows[..., k + 1] * later[..., k + 1]
    return back(before * later)


def _back_by_x(h: Array, y: Array, x: Array, g: Array, axis: Any) -> Array:
    """The sum over j, i of g[j]*h[i] times the second partials of the j-th product."""
    row, lower = _matrix_of(x, axis)
    pairs = fn.where(lower, _column(g, axis) * fn.unsqueeze(fn.to_last(h, axis), -2), 0)
    second = others_slope(pairs, y, fn.where(lower, row, 1), -1)
    return fn.from_last(fn.sum(fn.where(lower, second, 0), -2, 0), x, axis)


def _back_by_g(h: Array, y: Array, x: Array, g: Array, axis: Any) -> Array:
    partials, _ = _products(x, axis)
    moved = fn.sum(partials * fn.unsqueeze(fn.to_last(h, axis), -2), -1, 0)
    return fn.from_last(moved, g, axis)


ROWS = (
    Op(
        "sort", "x, axis=-1, descending=0",
        about="the elements in order along an axis, NaN last", example="sort([3, 1, 2])", whole=True, on_array=_sort,
        edges="kink where two elements are equal; they count as they stand",
        vjp=(_unsorted, STRUCTURE, FLAG),
        kink=_is_level, fresh=True,
    ),
    Op(
        "ordered", "x, v, axis, descending",
        about="v in the order of x; serves the rules of sort", example="ordered([3, 1, 2], [4, 5, 6], 0, 0)",
        whole=True,
        on_array=_ordered,
        vjp=(DISCRETE, lambda g, y, x, v, axis, descending: fn.unordered(x, g, axis, descending), STRUCTURE, FLAG),
        reach=(None, lambda g, y, x, v, axis, descending: fn.unordered(x, g, axis, descending)),
        internal=True, fresh=True, ranked=True,
    ),
    Op(
        "unordered", "x, v, axis, descending",
        about="the v that is this in the order of x; serves the rules of sort, median and quantile",
        example="unordered([3, 1, 2], [4, 5, 6], 0, 0)", whole=True,
        on_array=_unordered,
        vjp=(DISCRETE, lambda g, y, x, v, axis, descending: fn.ordered(x, g, axis, descending), STRUCTURE, FLAG),
        reach=(None, lambda g, y, x, v, axis, descending: fn.ordered(x, g, axis, descending)),
        internal=True, fresh=True, ranked=True,
    ),
    Op(
        "median", "x, axis=None, keepdim=0",
        about="the middle element, of two the lower; np.median takes their mean", example="median([3, 1, 2])",
        whole=True,
        edges="kink where the middle two are equal; the gradient is split evenly", on_array=_median,
        reach=(of_its_row,),
        vjp=(tied_slope, STRUCTURE, FLAG),
        active=(lambda y, x, axis, keepdim: tied(x, axis, keepdim, y), None, None),
        kink=_is_median_tied,
    ),
    Op(
        "quantile", "x, q, axis=None, keepdim=0",
        about="the q-th quantile, linear between neighbours", example="quantile([3, 1, 2], 0.25)",
        domain="0 <= q <= 1", edges="kink where two elements that count are equal, by q at an element", whole=True,
        single=(1,), on_array=_quantile,
        reach=(lambda g, y, x, q, *how: of_its_row(g, y, x, *how),),
        vjp=(_quantile_by_x, _quantile_by_q, STRUCTURE, FLAG),
        active=(_is_used, None, None, None),
        kink=_is_quantile_tied, turns=(None, ("kink", _bends), None, None),
    ),
    Op(
        "middle", "x, axis=None, keepdim=0",
        about="the median, of two middle elements their mean: what np.median(x) means", example="middle([3, 1, 2, 6])",
        whole=True, definition="quantile(x, 0.5, axis, keepdim)",
        edges="kink where two elements that count are equal",
        reach=(of_its_row,),
        vjp=(lambda g, y, x, axis, keepdim: _quantile_by_x(g, y, x, 0.5, axis, keepdim), STRUCTURE, FLAG),
        active=(lambda y, x, axis, keepdim: _is_used(y, x, 0.5, axis, keepdim), None, None),
        kink=lambda x, axis, keepdim: _is_quantile_tied(x, 0.5, axis, keepdim),
    ),
    Op(
        "quantile_weights", "like, q, axis",
        about="the weights of the elements in order; serves the rule of quantile",
        example="quantile_weights([3, 1, 2], 0.25, 0)", whole=True, single=(1,), on_array=_weights,
        vjp=(LIKE, lambda g, y, like, q, axis: fn.sum(g * fn.quantile_slopes(q, like, axis), None, 0), STRUCTURE),
        internal=True,
    ),
    Op(
        "quantile_slopes", "q, like, axis",
        about="how the weights of the elements in order change with q; serves the rule of quantile",
        example="quantile_slopes(0.25, [3, 1, 2], 0)", whole=True, single=(0,), on_array=_weight_slopes,
        vjp=(DISCRETE, LIKE, STRUCTURE),
        internal=True,
    ),
    Op(
        "cumprod", "x, axis=None",
        about="the products up to each element, along an axis", example="cumprod([1, 2, 3])", whole=True,
        on_array=lambda np, x, axis: np.cumprod(x, axis=None if axis is None else whole_number(axis)),
        vjp=(lambda g, y, x, axis: fn.cumprod_back(x, fn.reshape_like(g, x), axis), STRUCTURE),
        reach=(summed_back,),
        fresh=True,
    ),
    Op(
        "cumprod_back", "x, g, axis",
        about="the gradient of sum(g*cumprod(x)); serves its rule", example="cumprod_back([1, 2, 3], [1, 1, 1], 0)",
        whole=True, on_array=_cumprod_back,
        vjp=(_back_by_x, _back_by_g, STRUCTURE),
        internal=True, fresh=True,
    ),
)  # fmt: skip
