"""Rows of numbers, of which a text of a million operations needs millions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    Integers = list[int] | array[int]
    Floats = list[float] | array[float]

FEW = 10_000
FEW_FLOATS = 300_000  # a row is read and written in half the time of an array, and takes 12 MB


def integers(count: int) -> Integers:
    """An empty row for about so many: of 4 bytes each where they are many, else a list: `array` takes 2 ms to load."""
    if count < FEW:
        return []
    from array import array

    return array("i")


def zeros(count: int) -> Floats:
    """A row of so many zeros: of 8 bytes each where they are many, else a list, whose numbers take 32."""
    if count < FEW_FLOATS:
        return [0.0] * count
    from array import array

    return array("d", bytes(8 * count))
