"""`--range x=0:10`: the numbers from one to another, of which a plot chooses those that it needs."""

from __future__ import annotations

from gradcli.commands.inputs.values import constant, name_of
from gradcli.errors import UsageError
from gradcli.text import listed, pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Range:
    """From low to high, both finite. names: the one variable, or none as long as it is not known."""

    __slots__ = ("high", "low", "names")
    flag = "--range"
    count = 1

    def __init__(self, name: str | None, low: float, high: float) -> None:
        self.names: tuple[str, ...] = () if name is None else (name,)
        self.low = low
        self.high = high

    def settle(self, variables: Sequence[str], given: Sequence[str]) -> None:
        """Take the one variable that is not given, where no name was written. Raises UsageError."""
        if self.names:
            return
        left = [name for name in variables if name not in given]
        if len(left) == 1:
            self.names = (left[0],)
            return
        if not variables:
            raise UsageError("--range needs a variable, and the expression has none", "write 0*x + 2 for a constant")
        what = f"it may be that of {listed(left, 'or')}" if left else f"{listed(variables)} have values already"
        raise UsageError(f"--range names no variable: {what}", f"write --range {(left or list(variables))[0]}=0:10")

    def floats(self) -> Iterator[tuple[float, ...]]:
        """As a source of points: the lower end."""
        return iter([(self.low,)])


def range_of(text: str) -> Range:
    """Read `x=0:10` or `0:10`. Raises UsageError.

    >>> range_of("x=0:2*pi").high
    6.283185307179586
    """
    head, equals, rest = text.partition("=")
    name = name_of("--range", head, "write --range x=0:10") if equals else None
    place = f"--range {name}" if name else "--range"
    parts = list(pieces(rest if equals else text, ":"))
    example = f"write --range {name or 'x'}=0:10"
    if len(parts) != 2 or not all(part.strip() for part in parts):
        raise UsageError(f'{place}: "{shown(rest if equals else text)}" is not LOW:HIGH', example)
    low, high = (constant(place, part)[0] for part in parts)
    for number, written in zip((low, high), parts, strict=True):
        if number - number != 0:
            raise UsageError(f"{place}: {shown(written.strip())} is not finite", "both ends are finite numbers")
    if low == high:
        raise UsageError(f"{place}: from {low:.17g} to itself there is nothing to draw", example)
    if low > high:
        cure = f"write --range {f'{name}=' if name else ''}{shown(parts[1].strip())}:{shown(parts[0].strip())}"
        raise UsageError(f"{place}: {low:.17g} is above {high:.17g}", cure)
    if high - low == float("inf"):
        raise UsageError(f"{place}: the range is wider than float64 can hold", "the widest is -8e307:8e307")
    return Range(name, low, high)
