"""Numbers as text: the shortest that reads back as the same float64.

A number is a float, or under `--digits` the decimal text, of which no digit is changed;
a tuple or an array is a nest of numbers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# JSON has no such numbers; JavaScript, Python and jq users know these names.
_NOT_FINITE = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}
# And under `--digits` numbers come with these names, which a person knows by others.
_SHORT = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def to_json(x: Any) -> str:
    """`11.0`; `"NaN"`, `"Infinity"`, `"-Infinity"`; a number given as text is a string; nested lists."""
    if type(x) is float:
        text = repr(x)
        return text if x - x == 0.0 else _NOT_FINITE[text]
    if isinstance(x, str):
        return _NOT_FINITE.get(x) or f'"{x}"'
    items = _items(x)
    if items is not None:
        return "[" + ", ".join([to_json(item) for item in items]) + "]"
    return to_json(float(x))


def to_plain(x: Any) -> str:
    """`11.0`, `nan`, `inf`, `-inf`; the elements of an array with one space between."""
    if type(x) is float:
        return repr(x)
    if isinstance(x, str):
        return _SHORT.get(x, x)
    items = _items(x)
    return repr(float(x)) if items is None else " ".join([to_plain(item) for item in items])


def to_show(x: Any) -> str:
    """For people: as `to_plain`, but `11` for 11.0, and arrays in brackets."""
    items = _items(x)
    if items is None:
        text = to_plain(x)
        return text if isinstance(x, str) else text.removesuffix(".0")
    left, right = "()" if isinstance(x, tuple) else "[]"
    return left + ", ".join([to_show(item) for item in items]) + right


def tabled(x: Any, digits: int | None = None) -> Any:
    """The number that a table shows: to so many significant digits, and without the sign of 0.

    >>> tabled(2/3, 3)
    0.667
    """
    if x is None or isinstance(x, str):
        return x.removeprefix("-") if x and not x.strip("-0.") else x
    if isinstance(x, tuple | list):
        return type(x)([tabled(item, digits) for item in x])
    if hasattr(x, "reshape"):
        import numpy as np

        numbers = [tabled(item, digits) for item in x.ravel().tolist()]
        return np.array(numbers, dtype=x.dtype).reshape(x.shape)
    rounded = float(x) if digits is None else float(f"{x:.{min(digits, 17)}g}")
    return rounded + 0.0


def align(texts: Sequence[str]) -> list[str]:
    """The numbers with blanks before them, so that their decimal points stand in one column.

    >>> align(["1.5", "10.25"])
    [' 1.5', '10.25']
    """
    heads = [_head(text) for text in texts]
    width = max(heads, default=0)
    return [" " * (width - head) + text if head else text for head, text in zip(heads, texts, strict=True)]


def _head(text: str) -> int:
    """How many characters stand before the point (or the exponent, or the end); 0 for an array."""
    if text.startswith(("(", "[")):
        return 0
    for mark in ".e":
        at = text.find(mark)
        if at >= 0:
            return at
    return len(text)


def _items(x: Any) -> Sequence[Any] | None:
    """The elements of a tuple, a list or an array; None for a number."""
    if isinstance(x, tuple | list):
        return x
    if isinstance(x, float | int | str):
        return None
    listed = x.tolist() if hasattr(x, "tolist") else x
    return listed if isinstance(listed, list) else None
