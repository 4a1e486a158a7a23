"""Numbers as people and lines read them: the shortest text that reads back as the same float64.

A number is a float, or under `--digits` the decimal text, of which no digit is changed;
a tuple or an array is a nest of numbers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# Under `--digits` numbers come with these names, which a person knows by others.
_SHORT = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def to_plain(x: Any) -> str:
    """`11.0`, `nan`, `inf`, `-inf`; the elements of an array with one space between."""
    if type(x) is float:
        return repr(x)
    if isinstance(x, str):
        return _SHORT.get(x, x)
    found = items(x)
    return repr(float(x)) if found is None else " ".join([to_plain(item) for item in found])


def to_show(x: Any) -> str:
    """For people: as `to_plain`, but `11` for 11.0, and arrays in brackets."""
    found = items(x)
    if found is None:
        text = to_plain(x)
        return text if isinstance(x, str) else text.removesuffix(".0")
    left, right = "()" if isinstance(x, tuple) else "[]"
    return left + ", ".join([to_show(item) for item in found]) + right


def items(x: Any) -> Sequence[Any] | None:
    """The elements of a tuple, a list or an array; None for a number."""
    if isinstance(x, tuple | list):
        return x
    if isinstance(x, float | int | str):
        return None
    listed = x.tolist() if hasattr(x, "tolist") else x
    return listed if isinstance(listed, list) else None
