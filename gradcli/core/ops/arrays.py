"""Arrays: their making, shape and elements."""

from __future__ import annotations

from gradcli.core import simplify
from gradcli.core.op import DISCRETE, FLAG, LIKE, SHAPE, STRUCTURE, Op
from gradcli.core.ops.sums import total
from gradcli.core.structure import SLICE, ArrayMisuseError, whole_number
from gradcli.core.trace import apply, fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _is_list(v: Array) -> bool:
    """Is it a tuple or an array with an axis?"""
    return isinstance(v, tuple) or bool(getattr(v, "shape", None))


def axes_of(axis: Any) -> Any:
    """An axis or several as NumPy wants them; None is all of them."""
    if axis is None:
        return None
    if _is_list(axis):
        return tuple(whole_number(a) for a in axis)
    return whole_number(axis)


def narrowed(np: Any, c: Any, shape: Any, joined: Any = total) -> Any:
    """c with `joined`, a sum or any, over the axes that broadcasting repeated; what has to be repeated is left."""
    c = np.asarray(c)
    if c.ndim > len(shape):
        c = np.asarray(joined(np, c, axis=tuple(range(c.ndim - len(shape)))))
    lead = len(shape) - c.ndim
    narrow = tuple(k for k, n in enumerate(c.shape) if shape[lead + k] == 1 and n != 1)
    return joined(np, c, axis=narrow, keepdims=True) if narrow else c


def _any(np: Any, c: Array, **axes: Any) -> Array:
    return np.any(c, **axes)


def _match(np: Any, c: Array, like: Array) -> Array:
    shape = np.shape(like)
    if np.shape(c) == shape:
        return c
    c = narrowed(np, c, shape)
    return c if c.shape == shape else np.broadcast_to(c, shape)


def _expand(np: Any, x: Array, like: Array, axis: Any, keepdim: Any) -> Array:
    axes = axes_of(axis)
    if not keepdim and axes is None:
        x = np.asarray(x).reshape((1,) * np.ndim(like))
    elif not keepdim and np.ndim(like):
        x = np.expand_dims(x, axes)
    return np.broadcast_to(x, np.shape(like))


def _array(np: Any, *x: Array) -> Array:
    if x[0] is None:
        return np.zeros(0)
    shapes = dict.fromkeys(np.shape(v) for v in x)
    if len(shapes) > 1:
        first, second, *_ = shapes
        raise ArrayMisuseError(f": the elements have one shape, not {first} and {second}", told=True)
    return np.array(x)


def index_of(np: Any, index: Any) -> tuple[Any, ...]:
    """What stands in brackets, for NumPy: floats that are whole numbers become integers."""
    return tuple(_place(np, i) for i in index)


def _place(np: Any, i: Array) -> Array:
    if i is None or i is Ellipsis or isinstance(i, slice):
        return i
    if isinstance(i, np.ndarray) and i.shape:
        if i.dtype.kind in "bi":
            return i
        places = i.astype(np.intp)
        if (places != i).any():
            raise ArrayMisuseError("an index is a whole number")
        return places
    return bool(i) if isinstance(i, (bool, np.bool_)) else whole_number(i)


def _scatter(np: Any, g: Array, like: Array, *index: Any) -> Array:
    out = np.zeros(np.shape(like), dtype=np.result_type(g))
    places = index_of(np, index)
    if any(isinstance(i, np.ndarray) and i.dtype != bool for i in places):
        np.add.at(out, places, g)  # an element may be taken more than once
    else:
        out[places] = g
    return out


def _shape(shape: Any) -> Array:
    """The lengths: several numbers, or one array or tuple of them."""
    if len(shape) == 1 and _is_list(shape[0]):
        shape = tuple(shape[0])
    return tuple(whole_number(n) for n in shape)


def _flatten(np: Any, x: Array, start: Array, end: Array) -> Array:
    x = np.asarray(x)
    first, last = whole_number(start) % max(x.ndim, 1), whole_number(end) % max(x.ndim, 1)
    return x.reshape(*x.shape[:first], -1, *x.shape[last + 1 :]) if x.size else x.reshape(-1)


def _cut_of(place: int) -> Any:
    """The rule of concatenate for its operand at this place; the first is the axis."""
    if place == 0:
        return STRUCTURE

    def rule(g: Array, y: Array, axis: Any, *x: Array) -> Array:
        start: Any = 0
        for v in x[: place - 1]:
            start = fn.length(v, axis) + start
        inside = apply(SLICE, (start, fn.length(x[place - 1], axis) + start, None))
        return fn.swapaxes(fn.index(fn.swapaxes(g, 0, axis), inside), 0, axis)

    return rule


def _part_of(place: int) -> Any:
    """The rule of stack for its operand at this place; the first is the axis."""
    if place == 0:
        return STRUCTURE

    def rule(g: Array, y: Array, axis: Any, *x: Array) -> Array:
        part = fn.unsqueeze(fn.index(fn.swapaxes(g, 0, axis), place - 1), 0)
        return fn.reshape_like(fn.swapaxes(part, 0, axis), x[place - 1])

    return rule


def _same_shape(g: Array, y: Array, x: Array, *shape: Any) -> Array:
    return fn.reshape_like(g, x)


ROWS = (
    Op(
        "array", "*x",
        aliases="asarray tensor as_tensor", about="an array of its elements along a new first axis",
        example="[1, 2, 3]", whole=True,
        on_array=_array,
        vjp=lambda place: lambda g, y, x: fn.index(g, place),
    ),
    Op(
        "index", "x, *index",
        about="elements of an array: x[i], x[1:3], x[..., 0], x[x > 0]", example="[1, 2, 3][0]", whole=True,
        on_array=lambda np, x, *index: np.asarray(x)[index_of(np, index)],
        vjp=(lambda g, y, x, *index: fn.scatter(g, x, *index), DISCRETE),
        active=(lambda y, x, *index: fn.scatter(1.0, x, *index) != 0, None),
        rearranges=True,
    ),
    Op(
        "scatter", "x, like, *index",
        about="zeros with the shape of `like`, and x at an index; serves the rule of index",
        example="scatter(5, [1, 2, 3], 0)", whole=True,
        on_array=_scatter,
        vjp=(lambda g, y, x, like, *index: fn.index(g, *index), LIKE, DISCRETE),
        internal=True,
        fresh=True,
    ),
    Op(
        "match", "x, like",
        about="x summed or repeated to the shape of `like`; undoes broadcasting in gradients",
        example="match(2, [3, 4])", whole=True,
        on_array=_match,
        vjp=(lambda g, y, x, like: g, LIKE),  # brought to the shape of x where all contributions are
        simplify=simplify.match, torch="Sum",
        fresh=True,
    ),
    Op(
        "any_like", "x, y",
        about="x, and where broadcasting repeats elements of y any of theirs; serves choices",
        example="any_like([0, 1], 2)", whole=True, decides=True,
        on_array=lambda np, c, like: c if np.shape(c) == np.shape(like) else narrowed(np, c, np.shape(like), _any),
        vjp=(DISCRETE, SHAPE),
        internal=True,
    ),
    Op(
        "expand", "x, like, axis=None, keepdim=0",
        about="what a reduction of `like` gave, repeated along its axes; serves the rules",
        example="expand(2, [3, 4])", whole=True,
        on_array=_expand,
        vjp=(lambda g, y, x, like, axis, keepdim: fn.sum(g, axis, keepdim), LIKE, STRUCTURE, FLAG),
        internal=True,
        rearranges=True,
    ),
    Op(
        "reshape", "x, *shape",
        aliases="view", about="the same elements in another shape; -1 is the length that remains",
        example="reshape([1, 2, 3, 4], 2, 2)", whole=True,
        on_array=lambda np, x, *shape: np.reshape(x, _shape(shape)),
        vjp=(_same_shape, STRUCTURE),
        torch="View",
        rearranges=True,
    ),
    Op(
        "reshape_like", "x, like",
        aliases="view_as reshape_as", about="the same elements in the shape of `like`",
        example="reshape_like([1, 2], [[3, 4]])", whole=True,
        on_array=lambda np, x, like: np.reshape(x, np.shape(like)),
        vjp=(_same_shape, LIKE),
        torch="View",
        rearranges=True,
    ),
    Op(
        "flatten", "x, start_dim=0, end_dim=-1",
        aliases="ravel", about="the elements in one row", example="flatten([[1, 2], [3, 4]])", whole=True,
        on_array=_flatten, vjp=(_same_shape, STRUCTURE, STRUCTURE),
        torch="View",
        rearranges=True,
    ),
    Op(
        "squeeze", "x, axis=None",
        about="without the axes of length 1", example="squeeze([[1, 2]])", whole=True,
        on_array=lambda np, x, axis: np.squeeze(x, axes_of(axis)),
        vjp=(_same_shape, STRUCTURE),
        rearranges=True,
    ),
    Op(
        "unsqueeze", "x, axis",
        aliases="expand_dims", about="with a new axis of length 1", example="unsqueeze([1, 2], 0)", whole=True,
        on_array=lambda np, x, axis: np.expand_dims(x, axes_of(axis)),
        vjp=(_same_shape, STRUCTURE),
        rearranges=True,
    ),
    Op(
        "transpose", "x",
        about="the array with its axes reversed; transpose(x, a, b) swaps two", example="[[1, 2], [3, 4]].T",
        whole=True,
        on_array="transpose",
        vjp=(lambda g, y, x: fn.transpose(g),),
        torch="Permute",
        rearranges=True,
    ),
    Op(
        "swapaxes", "x, axis0, axis1",
        aliases="swapdims", about="the array with two axes swapped", example="swapaxes([[1, 2], [3, 4]], 0, 1)",
        whole=True,
        on_array=lambda np, x, a, b: np.swapaxes(x, whole_number(a), whole_number(b)),
        vjp=(lambda g, y, x, a, b: fn.swapaxes(g, a, b), STRUCTURE, STRUCTURE),
        torch="Transpose",
        rearranges=True,
    ),
    Op(
        "permute", "x, *axes",
        about="the array with its axes in another order", example="permute([[1, 2], [3, 4]], 1, 0)", whole=True,
        on_array=lambda np, x, *axes: np.transpose(x, _shape(axes)),
        vjp=(lambda g, y, x, *axes: fn.permute_back(g, *axes), STRUCTURE),
        rearranges=True,
    ),
    Op(
        "permute_back", "x, *axes",
        about="the inverse of permute; serves its rule", example="permute_back([[1, 2], [3, 4]], 1, 0)", whole=True,
        on_array=lambda np, x, *axes: np.transpose(x, np.argsort(_shape(axes))),
        vjp=(lambda g, y, x, *axes: fn.permute(g, *axes), STRUCTURE),
        internal=True,
        rearranges=True,
    ),
    Op(
        "flip", "x, axis=None",
        about="the elements in reverse order", example="flip([1, 2, 3])", whole=True,
        on_array=lambda np, x, axis: np.flip(x, axes_of(axis)),
        vjp=(lambda g, y, x, axis: fn.flip(g, axis), STRUCTURE),
        rearranges=True,
    ),
    Op(
        "concatenate", "axis, *x",
        aliases="concat cat", about="arrays end to end: concatenate([a, b], axis=0)",
        example="concatenate([[1, 2], [3]])", whole=True,
        on_array=lambda np, axis, *x: np.concatenate([np.asarray(v) for v in x], axis=whole_number(axis)),
        vjp=_cut_of,
        torch="Cat", promotes=True, integral=True, takes_list=True,
    ),
    Op(
        "stack", "axis, *x",
        about="arrays of one shape along a new axis: stack([a, b], axis=0)", example="stack([[1, 2], [3, 4]], axis=1)",
        whole=True,
        on_array=lambda np, axis, *x: np.stack(x, axis=whole_number(axis)),
        vjp=_part_of,
        promotes=True, integral=True, takes_list=True,
    ),
    Op(
        "length", "x, axis=0",
        about="the length of an axis", example="length([1, 2, 3])", whole=True,
        definition="count(x, axis)", vjp=(SHAPE, STRUCTURE),
        torch=None,
    ),
)  # fmt: skip
