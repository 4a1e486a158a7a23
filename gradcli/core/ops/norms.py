"""Norms of vectors, and of arrays along axes."""

from __future__ import annotations

import math

from gradcli.core.op import FLAG, STRUCTURE, Op
from gradcli.core.ops.arrays import axes_of
from gradcli.core.ops.reductions import is_tie, of_its_row
from gradcli.core.ops.sums import total
from gradcli.core.structure import ArrayMisuseError
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _norm(np: Any, x: Array, axis: Any, keepdim: Any, p: Any = 2) -> Array:
    size, axes = np.abs(x), axes_of(axis)
    if not size.size:
        return np.sum(size, axis=axes, keepdims=bool(keepdim))
    leading = (np.max if p > 0 else np.min)(size, axis=axes, keepdims=True)
    # Scaled, so that no power overflows or is lost.
    scale = np.where((leading > 0) & (leading < np.inf) & (p != 1), leading, 1.0)
    power, root = (np.square, np.sqrt) if p == 2 else (lambda v: v**p, lambda v: v ** (1.0 / p))
    y = root(total(np, power(size / scale), axis=axes, keepdims=bool(keepdim)))
    return y * (scale if keepdim else np.squeeze(scale, axes))


def _pnorm(np: Any, x: Array, p: Array, axis: Any, keepdim: Any) -> Array:
    axes, keep = axes_of(axis), bool(keepdim)
    if abs(p) == np.inf:
        return (np.max if p > 0 else np.min)(np.abs(x), axis=axes, keepdims=keep)
    if p == 0:
        return np.sum(np.not_equal(x, 0), axis=axes, keepdims=keep) * 1.0
    return _norm(np, x, axis, keepdim, p)


def _pnorm_slope(g: Array, y: Array, x: Array, p: Array, axis: Any, keepdim: Any) -> Array:
    """sign(x) * (abs(x)/y)**(p - 1), and for an infinite p the share of a tie."""
    whole = fn.expand(y, x, axis, keepdim)
    largest = fn.abs(x) == whole
    tie = largest / fn.expand(fn.sum(largest, axis, keepdim), x, axis, keepdim)
    finite = fn.sign(x) * (fn.abs(x) / whole) ** (p - 1)
    smooth = fn.where(p == 2, x / whole, finite)  # there the second derivative at 0 is not that of the sign
    return fn.expand(g, x, axis, keepdim) * fn.where(p * p > 1e300, fn.sign(x) * tie, smooth)


def _pnorm_by_p(g: Array, y: Array, x: Array, p: Array, axis: Any, keepdim: Any) -> Array:
    """y/p times the sum of r**p*log(r), for r = abs(x)/y."""
    r = fn.abs(x) / fn.expand(y, x, axis, keepdim)
    return fn.where(y != 0, g * (y / p) * fn.sum(fn.where(x != 0, fn.xlogy(r**p, r), 0), axis, keepdim), 0)


def _pnorm_moves(y: Array, x: Array, p: Array, axis: Any, keepdim: Any) -> Array:
    """Where the p-norm has a slope by an element: for p <= 1 not where that is 0, for p = 0 nowhere."""
    moves = fn.logical_and(fn.expand(y, x, axis, keepdim) != 0, p != 0)
    return fn.logical_and(moves, fn.logical_or(x != 0, p > 1))


def _is_corner(x: Array, p: Array, axis: Any, keepdim: Any) -> bool:
    zero = x == 0
    corner = (zero.any if p <= 1 else zero.all)(axis=axes_of(axis), keepdims=bool(keepdim))
    return corner & (p != 0) if abs(p) < math.inf else corner | is_tie("max" if p > 0 else "min")(abs(x), axis, keepdim)


def _vector(np: Any, x: Array) -> Array:
    if np.ndim(x) != 1:
        message = "the order of linalg.norm means another norm for a matrix, which is not here"
        raise ArrayMisuseError(message, "write norm(x, p) for the norm of the elements, or give an axis")
    return x


ROWS = (
    Op(
        "norm", "x, axis=None, keepdim=0",
        about="the Euclidean length; norm(x, p) is the p-norm", example="norm([3, 4])", whole=True,
        edges="kink at the origin, slope 0 used",
        on_array=_norm,
        reach=(of_its_row,),
        vjp=(
            lambda g, y, x, axis, keepdim: fn.expand(g, x, axis, keepdim) * (x / fn.expand(y, x, axis, keepdim)),
            *(STRUCTURE, FLAG),
        ),
        squared=(lambda g, y, x, axis, keepdim: fn.expand(g, x, axis, keepdim) * (2 * x), STRUCTURE, FLAG),
        active=(lambda y, x, axis, keepdim: fn.expand(y, x, axis, keepdim) != 0, None, None),
        kink=lambda x, axis, keepdim: (x == 0).all(axis=axes_of(axis), keepdims=bool(keepdim)),
        torch="LinalgVectorNorm",
        definition="sqrt(sum(x**2, axis, keepdim))",
    ),
    Op(
        "pnorm", "x, p, axis=None, keepdim=0",
        about="the p-norm: what norm(x, p) means", example="pnorm([3, 4], 1)", whole=True,
        edges="kink at the origin, for 0 < p <= 1 where an element is 0, and where the leading two are equal for "
        "p = inf; jump at p = 0",
        single=(1,),
        definition="amax(abs(x), axis, keepdim) if p == inf else amin(abs(x), axis, keepdim) if p == -inf else "
        "sum(x != 0, axis, keepdim) if p == 0 else sum(abs(x)**p, axis, keepdim)**(1/p)",
        on_array=_pnorm,
        reach=(lambda g, y, x, p, *how: of_its_row(g, y, x, *how),),
        vjp=(_pnorm_slope, _pnorm_by_p, STRUCTURE, FLAG),
        active=(_pnorm_moves, lambda y, x, p, axis, keepdim: fn.logical_and(y != 0, p != 0), None, None),
        kink=_is_corner,
        turns=(
            ("jump", lambda x, p, axis, keepdim: (p == 0) & (x == 0).any(axis=axes_of(axis), keepdims=bool(keepdim))),
            ("jump", lambda x, p, axis, keepdim: p == 0),
            *(None, None),
        ),
        torch="LinalgVectorNorm",
    ),
    Op(
        "vector", "x",
        about="x, which has to be a vector; serves np.linalg.norm(x, p)", example="vector([1, 2])", whole=True,
        on_array=_vector,
        vjp=(lambda g, y, x: g,),
        internal=True,
    ),
)  # fmt: skip
