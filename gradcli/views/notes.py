"""Notes as text for standard error: what happened, at which point, and carets under the place."""

from __future__ import annotations

import sys

from gradcli.errors import excerpt
from gradcli.text import tell_note
from gradcli.views.numbers import to_show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from gradcli.api.evaluation import Evaluation, Note


class Notes:
    """The notes of all points; what happens at many points at the same place is told once.

    text: the text of the program, for the carets; several: there may be more than one point, so
    a note says at which one it happened.
    """

    def __init__(self, text: str, several: bool) -> None:
        self._text = text
        self._several = several
        self._seen: dict[tuple[str, str, tuple[int, int], str], _Seen] = {}
        self._more = 0

    def add(self, evaluation: Evaluation) -> None:
        """Collect the notes of one point."""
        self._more += evaluation.more
        here = set()
        for note in evaluation.notes:
            # All cancellations are in the result: what tells them apart is the number, named first.
            head, told, _ = note.message.partition("plain floats")
            number = (head if told else note.message.partition(":")[0]) if note.kind == "cancellation" else ""
            key = (note.kind, note.op, note.at, number)
            seen = self._seen.setdefault(key, _Seen(note, evaluation.at))
            # A note is counted once a point, whatever number of times its place is met there.
            seen.points += key not in here
            here.add(key)

    def tell(self) -> None:
        """Print them, after what is on standard output."""
        sys.stdout.flush()
        for note in self._texts():
            tell_note(note)

    def _texts(self) -> Iterator[str]:
        for seen in self._seen.values():
            note = seen.note
            where = f" at {point(seen.at)}" if self._several and seen.at else ""
            others = seen.points - 1
            also = f" (and at {others} more point{'' if others == 1 else 's'})" if others else ""
            yield f"note{where}: {note.message}{also}\n{excerpt(self._text, note.at)}"
        if self._more:
            yield f"note: {self._more} more note{'' if self._more == 1 else 's'} not shown"


class _Seen:
    """A note, the first point at which it came up, and the number of points."""

    __slots__ = ("at", "note", "points")

    def __init__(self, note: Note, at: Mapping[str, Any]) -> None:
        self.note = note
        self.at = at
        self.points = 0


def readings(notes: Iterable[tuple[str, int, int]], text: str) -> Iterator[str]:
    """The parser's notes (message, start, end): readings that a user may not have meant."""
    for message, start, end in notes:
        yield f"note: {message}\n{excerpt(text, (start, end))}"


def point(at: Mapping[str, Any]) -> str:
    """A point as `--at` takes it: `x=2,y=3`."""
    return ",".join([f"{name}={to_show(x)}" for name, x in at.items()])
