"""`--sweep x=START:STOP:COUNT`: evenly spaced numbers."""

from __future__ import annotations

from gradcli.commands.inputs.values import MOST_POINTS, Number, constant, name_of
from gradcli.errors import UsageError
from gradcli.text import pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Sweep:
    """COUNT numbers from START to STOP, both exact; a COUNT of 1 is START alone.

    An inner number is the exact value of start + (stop - start)*i/(count - 1), rounded once.
    """

    __slots__ = ("_start", "_stop", "count", "names")
    flag = "--sweep"

    def __init__(self, name: str, start: Number, stop: Number, count: int) -> None:
        self.names = (name,)
        self.count = count
        self._start = start
        self._stop = stop

    def floats(self) -> Iterator[tuple[float]]:
        """The numbers, a tuple of one for each point."""
        (a, b), (c, d) = self._start[0].as_integer_ratio(), self._stop[0].as_integer_ratio()
        last = self.count - 1
        yield (self._start[0],)
        first, step, below = a * d * last, c * b - a * d, b * d * last
        for i in range(1, last):
            yield ((first + step * i) / below,)
        if last:
            yield (self._stop[0],)

    def texts(self) -> Iterator[tuple[str]]:
        """The same as expressions, of which `--digits` gets every digit."""
        start, stop, last = self._start[1], self._stop[1], self.count - 1
        yield (start,)
        for i in range(1, last):
            yield (f"({start}) + (({stop}) - ({start}))*{i}/{last}",)
        if last:
            yield (stop,)


def sweep(text: str, flag: str = "--sweep") -> Sweep:
    """Read `x=0:1:11` of this option. Raises UsageError.

    >>> list(sweep("x=0:1:3").floats())
    [(0.0,), (0.5,), (1.0,)]
    """
    name, equals, rest = text.partition("=")
    if not equals:
        raise UsageError(f'{flag} "{shown(text)}" names no variable', f"write {flag} x=0:1:11")
    name = name_of(flag, name, f"write {flag} x=0:1:11")
    parts = list(pieces(rest, ":"))
    if len(parts) != 3:
        raise UsageError(f'{flag} {name}: "{shown(rest)}" is not START:STOP:COUNT', f"write {flag} {name}=0:1:11")
    ends = [constant(f"{flag} {name}", part) for part in parts[:2]]
    for value, end in ends:
        if value - value != 0.0:
            raise UsageError(f"{flag} {name}: {end} is not finite", "both ends are finite numbers")
    return Sweep(name, ends[0], ends[1], _count(f"{flag} {name}", parts[2].strip()))


def _count(place: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise UsageError(f'{place}: the number of points is "{shown(text)}"', "it is a whole number from 1")
    digits = text.lstrip("0")
    if len(digits) > len(str(MOST_POINTS)):  # Python reads no number of thousands of digits
        raise UsageError(
            f"{place}: {shown(digits)} points are more than {MOST_POINTS:,}", f"{place}=0:1:1001 makes fewer"
        )
    return int(digits)
