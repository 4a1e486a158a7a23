"""Losses of regression and classification, as PyTorch defines them: means over the batch."""

from __future__ import annotations

from gradcli.core.op import LIKE, SHAPE, Op
from gradcli.core.ops.softmax import log_softmax_on_arrays
from gradcli.core.structure import ArrayMisuseError
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _mse_slope(g: Array, x: Array, target: Array) -> Array:
    d = x - target
    return g * (2 * d) / fn.count(d, None)


def _probabilities(np: Any, target: Array, x: Array) -> Array:
    """Class numbers as rows of 0 and 1; probabilities stay as they are."""
    shape = np.shape(x)
    if np.shape(target) == shape:
        return target
    axis = 0 if len(shape) == 1 else 1
    rest = shape[:axis] + shape[axis + 1 :]
    given = np.asarray(target)
    classes = given.astype(np.intp, copy=False)
    if not shape or classes.shape != rest:
        raise ArrayMisuseError("the target is a class number for each row, or probabilities in the shape of x")
    if (classes is not given and (classes != given).any()) or (
        classes.size and (classes.min() < 0 or classes.max() >= shape[axis])
    ):
        raise ArrayMisuseError(f"a class is a whole number from 0 to {shape[axis] - 1}")
    each = np.arange(shape[axis]).reshape(-1, *[1] * len(shape[axis + 1 :]))
    return (classes.reshape(*shape[:axis], 1, *shape[axis + 1 :]) == each) * 1.0


def _cross_entropy(np: Any, x: Array, target: Array) -> Array:
    p = _probabilities(np, target, x)
    axis = 0 if np.ndim(x) == 1 else 1
    logs = log_softmax_on_arrays(np, x, axis)
    rows = np.size(x) / np.shape(x)[axis]
    return -np.sum(np.where(p == 0, 0.0, p * logs)) / np.float64(rows)


def _cross_entropy_slope(g: Array, y: Array, x: Array, target: Array) -> Array:
    axis = fn.class_axis(x)
    p = fn.probabilities(target, x)
    return -(g * (fn.count(x, axis) / fn.count(x, None)) * fn.less_share(p, fn.softmax(x, axis), axis))


def _cross_entropy_by_target(g: Array, y: Array, x: Array, target: Array) -> Array:
    axis = fn.class_axis(x)
    return fn.if_same_shape(-(g * (fn.count(x, axis) / fn.count(x, None)) * fn.log_softmax(x, axis)), target)


ROWS = (
    Op(
        "mse_loss", "x, target",
        about="the mean of the squares of x - target", example="mse_loss([1, 2], [1, 4])",
        definition="mean(square(x - target))", whole=True,
        vjp=(lambda g, y, x, target: _mse_slope(g, x, target), lambda g, y, x, target: -_mse_slope(g, x, target)),
        promotes=True,
    ),
    Op(
        "cross_entropy", "x, target",
        about="the mean of -log_softmax(x) at the target: class numbers or probabilities",
        example="cross_entropy([1, 2, 3], 2)", domain="classes along axis 1, of a vector along axis 0", whole=True,
        on_array=_cross_entropy,
        vjp=(_cross_entropy_slope, _cross_entropy_by_target),
        isolated=(None, lambda x, target: target.shape != x.shape),
        torch="NllLoss",
        definition="-sum(probabilities(target, x)*log_softmax(x, class_axis(x)))*count(x, class_axis(x))/count(x)",
    ),
    Op(
        "probabilities", "target, x",
        about="class numbers as rows of 0 and 1, in the shape of x; serves the rule of cross_entropy",
        example="probabilities(1, [5, 6, 7])", whole=True,
        on_array=_probabilities,
        vjp=(lambda g, y, target, x: fn.if_same_shape(g, target), LIKE),
        internal=True,
    ),
    Op(
        "if_same_shape", "x, like",
        about="x where it has the shape of `like`, else zeros; serves the rule of cross_entropy",
        example="if_same_shape(5, [6, 7])", whole=True,
        on_array=lambda np, x, like: x if np.shape(x) == np.shape(like) else np.zeros(np.shape(like)),
        vjp=(lambda g, y, x, like: fn.if_same_shape(g, x), LIKE),
        internal=True,
    ),
    Op(
        "class_axis", "x",
        about="the axis of the classes: 1, or 0 of a vector; serves the rule of cross_entropy",
        example="class_axis([5, 6, 7])", whole=True,
        on_array=lambda np, x: np.float64(0.0 if np.ndim(x) == 1 else 1.0),
        vjp=(SHAPE,),
        internal=True,
    ),
)  # fmt: skip
