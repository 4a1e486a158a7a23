"""The rounding of arithmetic on arrays as a float for each element, by error-free transformations.

Quotients and roots by their residuals. Where a part of a product would overflow or be no float, nothing is said of the
whole array.
"""

from __future__ import annotations

from math import inf

import numpy as np

from gradcli.domains.error_bounds import LARGE, SMALL
from gradcli.domains.floats import difference_error, product_error, sum_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

ROUNDING = 2.0**-40  # of an error against itself, also when it is carried on
SECOND = 2.0**-100  # of what is left out, against the result


def rounding(name: str, x: Sequence[Any], y: Any) -> Any:
    """What the result y of an operation on exact operands x lacks, in doubles; None where that is not known."""
    rule = RULES.get(name)
    return None if rule is None else rule(*[np.asarray(v, np.float64) for v in x], np.asarray(y))


def _product(a: Any, b: Any, y: Any) -> Any:
    return product_error(a, b, y) if _are_moderate(y, a, b) else None


def _square(a: Any, y: Any) -> Any:
    return _product(a, a, y)


def _power(a: Any, n: Any, y: Any) -> Any:
    """Of whole powers to 4; the square of a rounding is left out."""
    if n.ndim or n not in (2, 3, 4):
        return None
    square = a * a
    if n == 2 or not _are_moderate(square, a):
        return _product(a, a, y)
    last = a if n == 3 else square
    product, lost = square * last, product_error(a, a, square)
    if not _are_moderate(product, square, last):
        return None
    return (product - y) + product_error(square, last, product) + lost * (a if n == 3 else 2 * square)


def _quotient(a: Any, b: Any, y: Any) -> Any:
    product = y * b
    if not (_are_moderate(product, b, y) and np.min(np.abs(y), initial=inf) > SMALL):
        return None
    return ((a - product) - product_error(y, b, product)) / b


def _reciprocal(b: Any, y: Any) -> Any:
    return _quotient(1.0, b, y)


def _root(a: Any, y: Any) -> Any:
    product = y * y
    return ((a - product) - product_error(y, y, product)) / (2 * y) if _are_moderate(product, y) else None


def _are_moderate(product: Any, *factors: Any) -> bool:
    sizes = np.abs(product)
    most = max(float(np.max(np.abs(v), initial=0.0)) for v in factors)
    return bool(np.min(sizes, initial=inf) > SMALL and np.max(sizes, initial=0.0) < LARGE and most < LARGE)


RULES: dict[str, Callable[..., Any]] = {
    "add": sum_error, "sub": difference_error, "mul": _product, "square": _square, "pow": _power, "div": _quotient,
    "reciprocal": _reciprocal, "sqrt": _root,
}  # fmt: skip
