"""What the float of a function lacks to its number, for bounds on errors: `LACKING[name](*x, y, out)` on a block.

NumPy's long double says it, which has 64 bits or more on most machines; of erf a pair of doubles does. Where long
doubles are doubles, nothing is known.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.domains.arrays import ARRAYS, PRIMITIVES
from gradcli.domains.floats import product_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = np.longdouble
CHUNK = 8192  # numbers whose long doubles stay in the cache
LAST = 6.0  # from here on erf is 1 to a fifth of a unit
_PI = 4 * np.arctan(WIDE(1))


def _in_chunks(function: Callable[..., Any]) -> Callable[..., None]:
    """What y lacks to the function, of which `function(*x, y)` tells the difference."""

    def lacks(*given: Any) -> None:
        *operands, out = given
        for start in range(0, len(out), CHUNK):
            part = slice(start, start + CHUNK)
            out[part] = function(*[v[part] if np.ndim(v) else v for v in operands])

    return lacks


def _wide(function: Callable[..., Any]) -> Callable[..., Any]:
    """By the function of long doubles."""
    return lambda *x: function(*[np.asarray(v, WIDE) for v in x[:-1]]) - x[-1]


def _bell(scale: Any, factor: float) -> Callable[..., Any]:
    """scale*exp(-factor*x**2), the square in two parts."""

    def lacks(x: Any, y: Any) -> Any:
        square = x * x
        lost = factor * product_error(x, x, square)
        found = scale * np.exp(np.asarray(-factor * square, WIDE))
        return np.asarray(found - y, np.float64) - y * lost

    return lacks


def _erf(x: Any, y: Any) -> Any:
    from gradcli.domains.array_special import erf_by_x

    size: Any = np.abs(x)
    found = np.abs(y)
    near = size < LAST
    within: Any = np.where(near, size, 0.0)
    high, low = erf_by_x(within)
    product = within * high
    rest = (product - found) + (product_error(within, high, product) + within * low)
    if not near.all():
        rest = np.where(near, rest, (1.0 - found) - ARRAYS["erfc"](size))
    return rest * np.copysign(1.0, x)


_LACKING = {
    **{name: _wide(function) for name, function in PRIMITIVES.items() if isinstance(function, np.ufunc)},
    "erf_slope": _bell(2 / np.sqrt(_PI), 1.0), "norm_pdf": _bell(1 / np.sqrt(2 * _PI), 0.5), "erf": _erf,
}  # fmt: skip
LACKING = {name: _in_chunks(function) for name, function in _LACKING.items()}
# How far off they are at most, in units in the last place of y (tests/ulps.py).
LACKS = dict.fromkeys(LACKING, 0.01) if WIDE(1) + WIDE(2.0**-60) > 1 else {}
