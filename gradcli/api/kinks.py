"""The kinks of a point, and the steps that show in its result: what one-sided limits say, variable by variable."""

from __future__ import annotations

from gradcli.api.one_sided import OneSided, same
from gradcli.api.sentences import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.api.one_sided import Beside

MOST = 20  # variables in a note that are worked out; the others are counted


class Kinks:
    """Of one point; what is asked for first costs a walk over the graph.

    observer: knows the graph (`notes.Observer`); values: of all nodes; exact: the numbers that tell where the point
    stands.
    """

    def __init__(self, observer: Any, values: Sequence[float], exact: Sequence[Any]) -> None:
        self._observer = observer
        self._values = values
        self._exact = exact
        self._names = [v for v, _ in observer.partials if v in observer.leaves]
        self._used = {v: values[k] for v, k in observer.partials}
        self._sides: OneSided | None = None
        self._reached: dict[int, int] = {}

    def note(self, i: int, what: str, worked_out: bool) -> Note | None:
        """The kink of an operation, unless the slopes on the two sides agree with what was used."""
        observer = self._observer
        if any(self._values[r] != self._values[r] for r in observer.results):
            return None
        if not worked_out:
            return observer.note("kink", i, what)
        names, more = self._concerned(i)
        sides = {v: self.by(v) for v in names}
        sides = {v: pair for v, pair in sides.items() if _turns(i, *pair) and _is_anywhere(*pair)}
        if not (sides or more):
            return None
        if not more and all(same(side.slope, self._used[v]) for v, pair in sides.items() for side in pair):
            return None
        parts = [
            told(pair[0].slope, pair[1].slope, self._used[v], f"by {v} " if len(names) > 1 else "")
            for v, pair in sides.items()
        ]
        parts += [f"{more:,} more variables"] if more else []
        left = {v: pair[0].slope for v, pair in sides.items()}
        right = {v: pair[1].slope for v, pair in sides.items()}
        return observer.note("kink", i, f"{what}: {'; '.join(parts)}", left=left, right=right, more=more)

    def leaps(self, i: int) -> bool:
        """Has an operation at a step another value beside it, by a variable?"""
        names, more = self._concerned(i)
        return bool(more) or any(i in side.odd for v in names for side in self.by(v))

    def shows(self, i: int) -> bool:
        """Does the result change, in its value or its slope, because this operation takes a step?"""
        for v in self._concerned(i)[0]:
            if any(i in side.odd and side.value == side.value and not self._agrees(v, side) for side in self.by(v)):
                return True
        return False

    def is_hidden(self, i: int) -> bool:
        """Is the result on all sides what it is at the point, whatever this operation does there?"""
        concerned, more = self._concerned(i)
        return not more and all(self._agrees(v, side) for v in concerned for side in self.by(v) if i in side.odd)

    def isolates(self, i: int) -> bool:
        """Has the result another value, or none, beside a point at which this operation alone has one?"""
        for v in self._concerned(i)[0]:
            beside = [side.value for side in self.by(v) if i in side.odd]
            if self._used[v] == self._used[v] and not all(same(y, self._value) for y in beside):
                return True
        return False

    def _agrees(self, v: str, side: Beside) -> bool:
        """Is the result on a side what its value and the partial by this variable say?"""
        return same(side.value, self._value) and same(side.slope, self._used[v])

    @property
    def _value(self) -> float:
        return self._values[self._observer.results[0]]

    def by(self, v: str) -> tuple[Beside, Beside]:
        """The left and the right side of the point by a variable."""
        if self._sides is None:
            self._walk()
        assert self._sides is not None
        return self._sides.by(self._observer.leaves[v])

    def _concerned(self, i: int) -> tuple[list[str], int]:
        """The first variables on which an operation depends, and how many more there are."""
        if self._sides is None:
            self._walk()
        bits = self._reached[i]
        found: list[str] = []
        while bits and len(found) < MOST:
            lowest = bits & -bits
            found.append(self._names[lowest.bit_length() - 1])
            bits ^= lowest
        return found, bits.bit_count()

    def _walk(self) -> None:
        """Find what stands at a kink, a step or an equality, and for each the variables, a bit for each."""
        observer, exact = self._observer, self._exact
        nodes, operations = observer.graph.nodes, observer.operations
        special = {i for i in observer.turning if observer.undecided(i, [exact[k] for k in nodes[i][1:]], exact[i])}
        below = bytearray(len(nodes))
        uses = [0] * len(nodes)
        for i in reversed(operations):
            if below[i] or i in special:
                for k in nodes[i][1:]:
                    below[k] = 1
                    uses[k] += 1
        bits = {observer.leaves[v]: 1 << place for place, v in enumerate(self._names)}
        for i in operations:
            if below[i] or i in special:
                union = 0
                for k in nodes[i][1:]:
                    union |= bits.get(k, 0)
                    uses[k] -= 1
                    if not uses[k]:  # of a million nodes not all sets at a time
                        bits.pop(k, None)
                bits[i] = union
                if i in special:
                    self._reached[i] = union
        self._sides = OneSided(nodes, self._values, observer.results[0], operations, special, observer.undecided)


def _turns(i: int, left: Beside, right: Beside) -> bool:
    """Has an operation two slopes, or another one on both sides than the one that was used?"""
    if i in left.odd and i in right.odd:
        return True
    return (i in left.odd or i in right.odd) and not same(left.slopes.get(i, 0.0), right.slopes.get(i, 0.0))


def _is_anywhere(left: Beside, right: Beside) -> bool:
    """Has the result a value on one side at least?"""
    return left.value == left.value or right.value == right.value


def told(left: float, right: float, used: float, by: str) -> str:
    """What a note says of the slopes on two sides; by: the variable, where that is not plain."""
    if left != left or right != right:
        return f"{by}its slopes beside are not known; {text(used)} used"
    if not same(left, right):
        return f"{by}slope {text(left)} on the left, {text(right)} on the right; {text(used)} used"
    composed = "" if same(left, used) else f", but the conventions do not compose: {text(used)} used"
    return f"{by}slope {text(left)} on both sides{composed}"
