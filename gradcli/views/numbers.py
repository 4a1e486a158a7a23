"""Numbers as JSON, and as tables have them: rounded, and aligned at their points."""

from __future__ import annotations

from gradcli.numerals import items, to_plain, to_show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

LEAST_DIGITS = 3  # a table of still fewer says too little

# JSON has no such numbers; JavaScript, Python and jq users know these names.
_NOT_FINITE = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}


def to_json(x: Any) -> str:
    """`11.0`; `"NaN"`, `"Infinity"`, `"-Infinity"`; a number given as text is a string; nested lists."""
    if type(x) is float:
        text = repr(x)
        return text if x - x == 0.0 else _NOT_FINITE[text]
    if isinstance(x, str):
        return _NOT_FINITE.get(x) or f'"{x}"'
    found = items(x)
    if found is not None:
        return "[" + ", ".join([to_json(item) for item in found]) + "]"
    return to_json(float(x))


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


def fewer(digits: int | None) -> Iterator[int | None]:
    """How many significant digits a table may show, best first, to fit a terminal; only so many if told."""
    yield digits
    if digits is None:
        yield from range(15, LEAST_DIGITS - 1, -1)


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


__all__ = ["align", "fewer", "tabled", "to_json", "to_plain", "to_show"]
