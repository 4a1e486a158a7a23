"""NumPy arrays of any shape, broadcast as NumPy does. Comparisons give booleans."""

from __future__ import annotations

from functools import partial, reduce
from typing import Any

import numpy as np

from gradcli.core.structure import SLICE, TUPLE, ArrayMisuseError
from gradcli.core.trace import FORMAT
from gradcli.domains import floats
from gradcli.domains.domain import Domain, parameters, steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.op import Op

_NARROW = np.dtype("float32")
# In files of their own, with python-flint: loaded when used.
SPECIAL = frozenset((
    "erf", "erfc", "erfinv", "gamma", "lgamma", "digamma", "polygamma", "sinc_derivative", "logaddexp",
    "ndtr", "gelu",
)) | floats.ROUNDED  # fmt: skip


PRIMITIVES: dict[str, Callable[..., Any]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "mod": np.mod, "neg": np.negative,
    "pow": np.power, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
    "ne": np.not_equal, "abs": np.absolute,
    "max": lambda *x: reduce(np.maximum, x), "min": lambda *x: reduce(np.minimum, x),
    "detach": np.positive, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "round": np.rint,
    **{name: getattr(np, name) for name in (
        *("logical_and", "logical_or", "logical_not", "where"),
        *("exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "hypot"),
        *("sin", "cos", "tan", "sinh", "cosh", "tanh", "sign", "floor", "ceil", "trunc", "fmod"),
    )},
}  # fmt: skip


def narrow_literal(value: Any) -> float:
    """A number, or the constant of this name for arrays of float32."""
    return _NARROW_FORMAT[value] if value in _NARROW_FORMAT else floats.literal(value)


def _in_two_parts(name: str) -> dict[str, float]:
    """A float32 and what it lacks, which is positive: of opposite signs infinities would cancel."""
    nearest = np.float32(floats.FORMAT[name])
    high = float(nearest if float(nearest) <= floats.FORMAT[name] else np.nextafter(nearest, np.float32(0)))
    return {name: high, f"{name}_rest": floats.FORMAT[name] - high + floats.FORMAT[f"{name}_rest"]}


_NARROW_FORMAT = {
    "splitter": 2.0**12 + 1, "least": 1e-30, "most": 1e37, **_in_two_parts("degree"), **_in_two_parts("radian"),
    "root_half": float(np.float32(floats.FORMAT["root_half"])),
    "root_half_high": 0.70703125, "root_half_low": 7.55311865475244e-05,
}  # fmt: skip


class _Arrays(Domain):
    def __missing__(self, name: str) -> Callable[..., Any]:
        if name in floats.ROUNDED:
            from gradcli.domains.mending import each

            function = self[name] = each(name)
            return function
        if name in SPECIAL:
            from gradcli.domains import array_special

            function = self[name] = getattr(array_special, name)
            return function
        return super().__missing__(name)

    def composed(self, row: Op) -> Callable[..., Any]:
        return _with_single(row, self._composed(row)) if row.single else self._composed(row)

    def _composed(self, row: Op) -> Callable[..., Any]:
        if row.on_array:
            return getattr(np, row.on_array) if isinstance(row.on_array, str) else partial(row.on_array, np)
        wide = super().composed(row)
        if self is NARROW or not any(op is None and what in FORMAT for op, what in steps_of(row, precise=True)[1]):
            return wide
        narrow = NARROW[row.name]
        return lambda *x: (narrow if np.result_type(*x) is _NARROW else wide)(*x)


def _with_single(row: Op, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of a row some of whose parameters have to be one number. Raises ArrayMisuseError."""

    def call(*x: Any) -> Any:
        for k in row.single:
            if np.ndim(x[k]):
                what = f": {parameters(row)[k].name} has to be one number, and has the shape {np.shape(x[k])}"
                raise ArrayMisuseError(what, told=True)
        return function(*x)

    return call


ARRAYS = _Arrays(PRIMITIVES, floats.literal, rounds=True)
ARRAYS.update({op.name: ARRAYS.composed(op) for op in (TUPLE, SLICE)})
NARROW = _Arrays(PRIMITIVES, narrow_literal, rounds=True)


def _sech(x: Any) -> Any:
    """The precise form with two arrays to work in: a third less time, of which training loops see a tenth."""
    e = np.abs(x)
    if type(e) is not np.ndarray or e.dtype.kind != "f":
        return _sech(np.array(e, float if e.dtype.kind != "f" else e.dtype, ndmin=1)).reshape(np.shape(e))[()]
    np.negative(e, e)
    np.exp(e, e)
    below = e * e
    below += 1.0
    e += e
    e /= below
    return e


ARRAYS["sech"] = NARROW["sech"] = _sech
