"""A function on plain floats: what a caller gives and gets."""

from __future__ import annotations

import math

from gradcli.api.compiled import Arithmetic
from gradcli.api.notes import Observer
from gradcli.domains.float_tape import Tape
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NotANumberError(Exception):
    """A value is not one number; it may be an array."""


def as_float(name: str, value: Any) -> float:
    """A number of any numeric type as a float. Raises NotANumberError for lists and arrays, UsageError for the rest."""
    if type(value) is float:
        return value
    if isinstance(value, list | tuple) or getattr(value, "shape", ()) != ():
        raise NotANumberError
    if isinstance(value, (str, bytes)) or value is None:
        raise UsageError(f"{name} is not a number: {value!r:.60}", "give one number to each variable")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except TypeError:
        raise UsageError(f"{name} is not a number: {value!r:.60}", "give one number to each variable") from None


FLOATS = Arithmetic(Tape, Observer, as_float, lambda value, partial, x: partial if value == value else math.nan)


def _one_decimal(value: Any) -> str | None:
    """The result as one text, None where it is an array of several."""
    return value if isinstance(value, str) else value.item() if value.size == 1 else None


def _decimal_slope(value: str, partial: Any, x: Any) -> Any:
    partial = "NaN" if value == "NaN" else partial
    if isinstance(x, str):
        return partial
    import numpy as np

    return np.broadcast_to(np.asarray(partial, object), x.shape)


# The decimals of --digits, or object arrays of them: they are found elsewhere, and only arranged as the others.
DECIMALS = Arithmetic(None, None, as_float, _decimal_slope, one=_one_decimal)
