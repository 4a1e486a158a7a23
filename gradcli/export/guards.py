"""Python's functions where they raise: here NaN and infinities are numbers, as IEEE 754 has them."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _div(x: float, y: float) -> float:
    """x/y."""
    if y != 0.0:
        return x / y
    if x == 0.0 or x != x or y != y:
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def _pow(x: float, y: float) -> float:
    """x to the power y; NaN for roots of negative numbers."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0.0 and math.fmod(y, 2.0) != 0.0 else math.inf
    except ValueError:
        if x != 0.0:
            return math.nan
        return math.copysign(math.inf, x) if abs(math.fmod(y, 2.0)) == 1.0 else math.inf


def _exp(x: float) -> float:
    """e to the power x."""
    return math.exp(x) if x < 709.782712893384 or x != x else math.inf


def _expm1(x: float) -> float:
    """exp(x) - 1."""
    return math.expm1(x) if x < 709.782712893384 or x != x else math.inf


def _log(x: float) -> float:
    """The natural logarithm."""
    return math.log(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def _log2(x: float) -> float:
    """The logarithm to base 2."""
    return math.log2(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def _log10(x: float) -> float:
    """The logarithm to base 10."""
    return math.log10(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def _log1p(x: float) -> float:
    """log(1 + x)."""
    return math.log1p(x) if x > -1.0 else -math.inf if x == -1.0 else math.nan


def _sqrt(x: float) -> float:
    """The square root."""
    return math.sqrt(x) if x >= 0.0 else math.nan


def _sin(x: float) -> float:
    """The sine."""
    return math.sin(x) if x - x == 0.0 else math.nan


def _cos(x: float) -> float:
    """The cosine."""
    return math.cos(x) if x - x == 0.0 else math.nan


def _tan(x: float) -> float:
    """The tangent."""
    return math.tan(x) if x - x == 0.0 else math.nan


def _asin(x: float) -> float:
    """The inverse sine."""
    return math.asin(x) if abs(x) <= 1.0 else math.nan


def _acos(x: float) -> float:
    """The inverse cosine."""
    return math.acos(x) if abs(x) <= 1.0 else math.nan


def _sinh(x: float) -> float:
    """The hyperbolic sine."""
    return math.sinh(x) if abs(x) < 710.475860073944 or x - x != 0.0 else math.copysign(math.inf, x)


def _cosh(x: float) -> float:
    """The hyperbolic cosine."""
    return math.cosh(x) if abs(x) < 710.475860073944 or x - x != 0.0 else math.inf


def _acosh(x: float) -> float:
    """The inverse hyperbolic cosine."""
    return math.acosh(x) if x >= 1.0 else math.nan


def _atanh(x: float) -> float:
    """The inverse hyperbolic tangent."""
    return math.atanh(x) if abs(x) < 1.0 else math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan


def _fmod(x: float, y: float) -> float:
    """The remainder with the sign of x."""
    return math.fmod(x, y) if x - x == 0.0 and y != 0.0 else math.nan


def _max(x: float, y: float) -> float:
    """The larger, and NaN beside NaN."""
    return y if (y >= x or y != y) and x == x else x


def _min(x: float, y: float) -> float:
    """The smaller, and NaN beside NaN."""
    return y if (y <= x or y != y) and x == x else x


def _floor(x: float) -> float:
    """The largest whole number not above x."""
    return math.copysign(float(math.floor(x)), x) if x - x == 0.0 else x


def _ceil(x: float) -> float:
    """The smallest whole number not below x."""
    return math.copysign(float(math.ceil(x)), x) if x - x == 0.0 else x


def _trunc(x: float) -> float:
    """x without its decimals."""
    return math.copysign(float(math.trunc(x)), x) if x - x == 0.0 else x


def _round(x: float) -> float:
    """The nearest whole number, ties to even."""
    return math.copysign(float(round(x)), x) if x - x == 0.0 else x


GUARDS: dict[str, Callable[..., float]] = {
    "div": _div, "pow": _pow, "exp": _exp, "expm1": _expm1, "log": _log, "log2": _log2, "log10": _log10,
    "log1p": _log1p, "sqrt": _sqrt, "sin": _sin, "cos": _cos, "tan": _tan, "asin": _asin, "acos": _acos,
    "sinh": _sinh, "cosh": _cosh, "acosh": _acosh, "atanh": _atanh, "fmod": _fmod, "max": _max, "min": _min,
    "floor": _floor, "ceil": _ceil, "trunc": _trunc, "round": _round,
}  # fmt: skip
