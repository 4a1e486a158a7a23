"""Reductions of arrays: sums, means, extremes; and sums along the way."""

from __future__ import annotations

import math

from gradcli.core.op import DISCRETE, FLAG, LIKE, SHAPE, STRUCTURE, Op
from gradcli.core.ops.arrays import axes_of
from gradcli.core.ops.sums import is_rounded, total
from gradcli.core.structure import ArrayMisuseError, whole_number
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.core.op import Array


def of_its_row(g: Array, y: Array, x: Array, axis: Any, *others: Array) -> Array:
    """What a reduction depends on: the row that it is of. The last parameter is `keepdim`."""
    return fn.expand(g, x, axis, others[-1])


def summed_back(g: Array, y: Array, x: Array, axis: Any) -> Array:
    """Of each element the sum of g from its place on along the axis: where what is cumulative takes it in."""
    return fn.reshape_like(fn.flip(fn.cumsum(fn.flip(g, axis), axis), axis), x)


def _reduce(name: str) -> Callable[..., Array]:
    return lambda np, x, axis, keepdim: getattr(np, name)(x, axis=axes_of(axis), keepdims=bool(keepdim))


def _extreme(name: str) -> Callable[..., Array]:
    def extreme(np: Any, x: Array, axis: Any, keepdim: Any) -> Array:
        if not np.size(x):
            raise ArrayMisuseError("an empty array has no largest and no smallest element")
        return getattr(np, name)(x, axis=axes_of(axis), keepdims=bool(keepdim))

    return extreme


def _place(name: str) -> Callable[..., Array]:
    return lambda np, x, axis, keepdim: np.float64(
        getattr(np, name)(x, axis=None if axis is None else whole_number(axis), keepdims=bool(keepdim))
    )


def reduced(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that a reduction takes away, counted from the front. A number has the axis 0, as in NumPy.

    Raises ArrayMisuseError for an axis that is not there.
    """
    axes = axes_of(axis)
    if axes is None:
        return tuple(range(ndim))
    axes = (axes,) if isinstance(axes, int) else axes
    for a in axes:
        if not -max(ndim, 1) <= a < max(ndim, 1):
            raise ArrayMisuseError(f"axis {a} is out of bounds for array of dimension {ndim}")
    return tuple(a % ndim for a in axes) if ndim else ()


def _count(np: Any, x: Array, axis: Any) -> Array:
    """How many elements go into one of the reduction, in the type of x."""
    shape = np.shape(x)
    number = 1.0
    for a in reduced(axis, len(shape)):
        number *= shape[a]
    return (np.float32 if np.result_type(x) == np.float32 else np.float64)(number)


def _spread_slope(g: Array, x: Array, axis: Any, correction: Array, keepdim: Any) -> Array:
    """g * 2*(x - mean)/(n - correction)"""
    around = x - fn.mean(x, axis, 1)
    return fn.expand(g / (fn.count(x, axis) - correction), x, axis, keepdim) * (2 * around)


def along_last(np: Any, x: Any, axis: Any) -> tuple[Any, Callable[[Any], Any]]:
    """x with the reduced axes as one last axis, and the way back."""
    x = np.asarray(x)
    axes = reduced(axis, x.ndim)
    order = [a for a in range(x.ndim) if a not in axes] + list(axes)
    turned = np.transpose(x, order)
    kept = x.ndim - len(axes)
    flat = turned.reshape(*turned.shape[:kept], math.prod(turned.shape[kept:]))
    return flat, lambda y: np.transpose(y.reshape(turned.shape), np.argsort(order))


_MOST = 1e290  # where the factors below 1 or those above it make more, digits may be lost on the way
_MANY = 1_000  # so many fractions of at least 1/2 have a product that is none of these


def _prod(np: Any, x: Array, axis: Any, keepdim: Any) -> Array:
    y = np.prod(x, axis=axes_of(axis), keepdims=bool(keepdim))
    if not is_rounded(y):
        return y
    flat, _ = along_last(np, x, axis)
    doubtful = _strays(np, flat)
    if not np.any(doubtful):
        return y
    fraction, exponent = np.frexp(flat)
    exponent = np.sum(exponent, axis=-1, dtype=np.int64)
    while fraction.shape[-1] > 1:
        if fraction.shape[-1] % 2:
            fraction = np.concatenate([fraction, np.ones_like(fraction[..., :1])], axis=-1)
        fraction, more = np.frexp(fraction[..., ::2] * fraction[..., 1::2])
        exponent = exponent + np.sum(more, axis=-1)
    found = np.ldexp(np.prod(fraction, axis=-1), np.clip(exponent, -10_000, 10_000).astype(np.int32))
    return np.reshape(np.where(doubtful, found, np.reshape(y, np.shape(found))), np.shape(y))[()]


def _strays(np: Any, x: Array) -> Array:
    """Of which rows may the product of some elements be far from 1?"""
    size = np.abs(x)
    least, most = np.prod(np.minimum(size, 1.0), axis=-1), np.prod(np.maximum(size, 1.0), axis=-1)
    return ~((least >= 1 / _MOST) & (most <= _MOST))


def products_of_others(np: Any, x: Any) -> Any:
    """For each element of the last axis the product of all others of it."""
    y = _others_plainly(np, x)
    if not is_rounded(y):
        return y
    doubtful = _strays(np, x)[..., None]
    if np.shape(x)[-1] > _MANY or not np.any(doubtful):
        return y
    fraction, exponent = np.frexp(x)
    exponent = np.sum(exponent, axis=-1, keepdims=True) - exponent
    return np.where(doubtful, np.ldexp(_others_plainly(np, fraction), exponent), y)


def _others_plainly(np: Any, x: Any) -> Any:
    before, after = np.ones_like(x), np.ones_like(x)
    np.cumprod(x[..., :-1], axis=-1, out=before[..., 1:])
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after


def _others(np: Any, x: Array, axis: Any) -> Array:
    flat, back = along_last(np, x, axis)
    return back(products_of_others(np, flat))


def others_slope(g: Array, y: Array, x: Array, axis: Any) -> Array:
    """The product of all but two, for each two: `others` of rows in each of which one element is replaced by 1."""
    row = fn.unsqueeze(fn.to_last(x, axis), -2)
    one = fn.eye_like(fn.swapaxes(row, -1, -2) + row)
    by_each = fn.unsqueeze(fn.to_last(g, axis), -1) * fn.others(fn.where(one, 1, row), -1)
    return fn.from_last(fn.sum(fn.where(one, 0, by_each), -2, 0), x, axis)


def tied(x: Array, axis: Any, keepdim: Any, y: Array) -> Array:
    """Which elements are the one that a reduction picked."""
    return x == fn.expand(y, x, axis, keepdim)


def tied_slope(g: Array, y: Array, x: Array, axis: Any, keepdim: Any) -> Array:
    """A tie is split evenly (PyTorch and JAX agree)."""
    return fn.expand(g / fn.sum(tied(x, axis, keepdim, y), axis, keepdim), x, axis, keepdim)


def is_tie(extreme: str) -> Callable[..., Array]:
    """A predicate on the operands of a reduction: are the leading two equal?"""

    def tie(x: Array, axis: Any, keepdim: Any) -> Array:
        top = getattr(x, extreme)(axis=axes_of(axis), keepdims=True)
        return (x == top).sum(axis=axes_of(axis), keepdims=bool(keepdim)) > 1

    return tie


def _has_no_freedom(x: Array, axis: Any, correction: Array, keepdim: Any) -> Array:
    """Are there not more elements than the correction?"""
    y = x.sum(axis=axes_of(axis), keepdims=bool(keepdim))
    return (y == y) & (x.size <= correction * y.size)


def _is_level(x: Array, axis: Any, keepdims: Array) -> bool:
    """Are all elements equal?"""
    return x.max(axis=axis, keepdims=keepdims) == x.min(axis=axis, keepdims=keepdims)


def _extreme_row(name: str, word: str) -> Op:
    return Op(
        f"a{name}", "x, axis=None, keepdim=0",
        about=f"the {word} element, or along an axis: what {name}(x) means", example=f"a{name}([1, 3, 2])",
        edges=f"kink where the {word} two are equal; the gradient is split evenly", whole=True,
        on_array=_extreme(name),
        reach=(of_its_row,),
        vjp=(tied_slope, STRUCTURE, FLAG),
        active=(lambda y, x, axis, keepdim: tied(x, axis, keepdim, y), None, None),
        kink=is_tie(name),
    )  # fmt: skip


def _place_row(name: str, word: str) -> Op:
    return Op(
        f"arg{name}", "x, axis=None, keepdim=0",
        about=f"the place of the {word} element", example=f"arg{name}([1, 3, 2])", whole=True,
        edges=f"jump where the {word} two are equal", on_array=_place(f"arg{name}"),
        vjp=(DISCRETE, STRUCTURE, FLAG), jump=is_tie(name),
    )  # fmt: skip


ROWS = (
    Op(
        "sum", "x, axis=None, keepdim=0",
        about="the sum of the elements, or along an axis", example="sum([1, 2, 3])", whole=True,
        on_array=lambda np, x, axis, keepdim: total(np, x, axes_of(axis), bool(keepdim)),
        vjp=(lambda g, y, x, axis, keepdim: fn.expand(g, x, axis, keepdim), STRUCTURE, FLAG),
        fresh=True,
    ),
    Op(
        "mean", "x, axis=None, keepdim=0",
        aliases="average", about="the mean of the elements, or along an axis", example="mean([1, 2, 3])", whole=True,
        vjp=(lambda g, y, x, axis, keepdim: fn.expand(g / fn.count(x, axis), x, axis, keepdim), STRUCTURE, FLAG),
        definition="sum(x, axis, keepdim)/count(x, axis)",
    ),
    Op(
        "prod", "x, axis=None, keepdim=0",
        about="the product of the elements, or along an axis", example="prod([2, 3, 4])", whole=True,
        on_array=_prod,
        reach=(of_its_row,),
        vjp=(lambda g, y, x, axis, keepdim: fn.expand(g, x, axis, keepdim) * fn.others(x, axis), STRUCTURE, FLAG),
        underflow=lambda x, axis, keepdim: ((x != 0) & (x - x == 0)).all(axis=axes_of(axis), keepdims=bool(keepdim)),
    ),
    Op(
        "others", "x, axis=None",
        about="for each element the product of all others; serves the rule of prod", example="others([2, 3, 4])",
        whole=True, on_array=_others, vjp=(others_slope, STRUCTURE),
        internal=True,
    ),
    Op(
        "to_last", "x, axis",
        about="x with some axes as one last axis; serves the rule of others", example="to_last([[1, 2], [3, 4]], 0)",
        whole=True,
        on_array=lambda np, x, axis: along_last(np, x, axis)[0],
        vjp=(lambda g, y, x, axis: fn.from_last(g, x, axis), STRUCTURE),
        internal=True,
    ),
    Op(
        "from_last", "x, like, axis",
        about="the inverse of to_last; serves its rule", example="from_last([[1, 3], [2, 4]], [[1, 2], [3, 4]], 0)",
        whole=True,
        on_array=lambda np, g, like, axis: along_last(np, like, axis)[1](np.asarray(g)),
        vjp=(lambda g, y, x, like, axis: fn.to_last(g, axis), LIKE, STRUCTURE),
        internal=True,
    ),
    _extreme_row("max", "largest"),
    _extreme_row("min", "smallest"),
    _place_row("max", "largest"),
    _place_row("min", "smallest"),
    Op(
        "any", "x, axis=None, keepdim=0",
        about="is an element true (not 0)?", example="any([0, 2])", whole=True, decides=True,
        edges="jump where all elements are 0", on_array=_reduce("any"),
        vjp=(DISCRETE, STRUCTURE, FLAG),
        jump=lambda x, axis, keepdim: (x == 0).all(axis=axes_of(axis), keepdims=bool(keepdim)),
    ),
    Op(
        "all", "x, axis=None, keepdim=0",
        about="are all elements true (not 0)?", example="all([0, 2])", whole=True, decides=True,
        edges="jump where an element is 0", on_array=_reduce("all"),
        vjp=(DISCRETE, STRUCTURE, FLAG),
        jump=lambda x, axis, keepdim: (x == 0).any(axis=axes_of(axis), keepdims=bool(keepdim)),
    ),
    Op(
        "count", "x, axis=None",
        about="how many elements go into one of a reduction", example="count([1, 2, 3])", whole=True,
        on_array=_count, vjp=(SHAPE, STRUCTURE),
        torch=None,
    ),
    Op(
        "var", "x, axis=None, correction=1, keepdim=0",
        about="the variance, divided by n - correction; np.var divides by n", example="var([1, 2, 4])", whole=True,
        single=(2,),
        domain="more than `correction` elements", edges="infinite where correction is the count",
        reach=(of_its_row,),
        vjp=(
            lambda g, y, x, axis, correction, keepdim: _spread_slope(g, x, axis, correction, keepdim),
            STRUCTURE,
            lambda g, y, x, axis, correction, keepdim: g * y / (fn.count(x, axis) - correction),
            FLAG,
        ),
        definition="sum(square(x - mean(x, axis, 1)), axis, keepdim)/max(count(x, axis) - correction, 0)",
        pole=_has_no_freedom,
        underflow=lambda x, axis, correction, keepdim: ~_is_level(x, axes_of(axis), bool(keepdim)),
    ),
    Op(
        "std", "x, axis=None, correction=1, keepdim=0",
        about="the standard deviation, the root of var; np.std divides by n", example="std([1, 2, 4])", whole=True,
        single=(2,),
        domain="more than `correction` elements", edges="kink where all elements are equal, slope 0 used",
        reach=(of_its_row,),
        vjp=(
            lambda g, y, x, axis, correction, keepdim: _spread_slope(g / (2 * y), x, axis, correction, keepdim),
            STRUCTURE,
            lambda g, y, x, axis, correction, keepdim: g * y / (2 * (fn.count(x, axis) - correction)),
            FLAG,
        ),
        active=(lambda y, x, axis, correction, keepdim: fn.expand(y, x, axis, keepdim) != 0, None, None, None),
        kink=lambda x, axis, correction, keepdim: _is_level(x, axes_of(axis), bool(keepdim)),
        definition="sqrt(var(x, axis, correction, keepdim))",
        pole=_has_no_freedom,
        underflow=lambda x, axis, correction, keepdim: ~_is_level(x, axes_of(axis), bool(keepdim)),
    ),
    Op(
        "cumsum", "x, axis=None",
        about="the sums up to each element, along an axis", example="cumsum([1, 2, 3])", whole=True,
        on_array=lambda np, x, axis: np.cumsum(x, axis=None if axis is None else whole_number(axis)),
        vjp=(summed_back, STRUCTURE),
        reach=(summed_back,),
    ),
)  # fmt: skip
