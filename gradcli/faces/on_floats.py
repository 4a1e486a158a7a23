"""A function on plain floats: what a caller gives and gets."""

from __future__ import annotations

import math

from gradcli.errors import UsageError
from gradcli.executors.floats import Tape
from gradcli.faces.compiled import Face
from gradcli.faces.notes import Observer

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


FLOATS = Face(Tape, Observer, as_float, lambda value, partial, x: partial if value == value else math.nan)
# The decimals of --digits: they are found elsewhere, and only arranged as the others.
DECIMALS = Face(None, None, as_float, lambda value, partial, x: "NaN" if value == "NaN" else partial)
