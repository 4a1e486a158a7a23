"""True numbers: plain floats where their error bounds allow it, else the nearest floats from ball arithmetic."""

from __future__ import annotations

import math
import sys
from math import ulp

from gradcli.api.compiled import generated
from gradcli.api.evaluation import OF_FLOATS, Note, note_on_origin, undecided_notes
from gradcli.api.sentences import text
from gradcli.core.graph import reachable
from gradcli.domains.error_bounds import ErrorBounds
from gradcli.domains.float_tape import Repeated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Compiled
    from gradcli.api.notes import Observer
    from gradcli.core.graph import Graph
    from gradcli.domains.blame import Blame
    from gradcli.language.program import Program

ULPS = 8.0
DIGITS = 16  # of a float64
FAR = 0.51  # ulp that a float may be off that comes from a ball of 60 bits
# Doubtful points from which on balls are quicker, though their library has to be loaded; and where it is already.
LOADING, LOADED = 20, 3
# Of larger graphs plain floats are printed: bounds and balls would take longer than all else.
MOST_OPERATIONS = 20_000
BEYOND = {
    "overflow": "the number is beyond float64: inf",
    "underflow": "the number is not 0, and too small for float64: 0",
}


def true_outputs(compiled: Compiled, point: Mapping[str, float]) -> list[float]:
    """The outputs of a graph at a point without their notes: true numbers, where any precision decides them."""
    values, graph = compiled.values(point), compiled.graph
    plain = [values[i] for i in graph.outputs]
    if len(graph.nodes) > MOST_OPERATIONS:
        return plain
    _, holds = bounds_of(graph, values, live_steps(graph), graph.outputs)
    return plain if holds else outputs_in_balls(graph, point, plain)


def outputs_in_balls(graph: Graph, point: Mapping[str, float], plain: Sequence[float]) -> list[float]:
    """The float64 nearest to each output of a graph; the plain one where no precision decides it."""
    from gradcli.domains.nearest import nearest

    found, _ = nearest(graph, point)
    return [y if x.node is not None or x.value == y else x.value for x, y in zip(found, plain, strict=True)]


def live_steps(graph: Graph) -> list[int]:
    """The operations that the outputs of a graph need."""
    live = reachable(graph.nodes, graph.outputs)
    return [i for i, node in enumerate(graph.nodes) if live[i] and not node[0].leaf]


def bounds_of(
    graph: Graph, values: Sequence[float], steps: Sequence[int], outputs: Sequence[int]
) -> tuple[ErrorBounds, bool]:
    """The bounds of a run, and whether these outputs hold to 8 units, by sharp ones where these do not tell."""
    bounds = ErrorBounds(graph.nodes, values, steps)
    if all(bounds.holds(i, ULPS) for i in outputs):
        return bounds, True
    sharp = ErrorBounds(graph.nodes, values, steps, sharp=True)
    return bounds, all(sharp.holds(i, ULPS) for i in outputs)


class Truth:
    """The true numbers of one graph, of value and partials or of the value, at points of plain floats."""

    def __init__(self, program: Program, compiled: Compiled, observer: Observer, labels: Sequence[str]) -> None:
        """observer: finds the notes of the graph; labels: what its first outputs are called in notes."""
        self._program = program
        self._graph, self._compiled = compiled.graph, compiled
        self._observer = observer
        self._labels = labels
        self._vouched, self._plain, self._nearest = Repeated(), Repeated(), Repeated()
        self._asked = self._doubtful = 0
        self._steps = live_steps(self._graph)

    def at(self, point: Mapping[str, float]) -> tuple[list[float], list[Note], int]:
        """The outputs at a point, its notes, and how many more of these there are."""
        return self._quickly(point) or self._at(point)

    def _quickly(self, point: Mapping[str, float]) -> tuple[list[float], list[Note], int] | None:
        """The same by generated functions, where there is nothing to note but lost digits.

        Bounds in floats load nothing; where they doubt, balls are quick at many points; where they mostly doubt, alone.
        """
        few = LOADED if "flint" in sys.modules else LOADING
        if self._doubtful <= few or 2 * self._doubtful <= self._asked:
            self._asked += 1
            vouched = self._vouched(self._vouching, point)
            if vouched is not None:
                return vouched, [], 0
            self._doubtful += 1
            if self._doubtful <= few:
                return None
        plain, true = self._plain(self._without_notes, point), self._nearest(self._in_balls, point)
        if plain is None or true is None:
            return None
        if _are_kept(true, plain):  # sharp bounds say so too, but at one point in a hundred
            return plain, [], 0

        def bounds() -> ErrorBounds:
            return ErrorBounds(self._graph.nodes, self._compiled.values(point), self._steps)

        true = [y if x == y else x for x, y in zip(true, plain, strict=True)]
        return true, self._cancelled(true, plain, bounds), 0

    def _at(self, point: Mapping[str, float]) -> tuple[list[float], list[Note], int]:
        values, outputs = self._compiled.values(point), self._graph.outputs
        # Where there is no value there are no partials either.
        printed = outputs if values[outputs[0]] == values[outputs[0]] else outputs[:1]
        bounds, holds = bounds_of(self._graph, values, self._steps, printed)
        if holds:
            return [values[i] for i in outputs], *self._observer.notes(values)
        from gradcli.domains.nearest import DECIMALS, nearest

        found, balls = nearest(self._graph, point)
        plain = [values[i] for i in outputs]
        open_ = [y for x, y in zip(found, plain, strict=True) if x.node is not None]
        if open_ and all(abs(y) == math.inf for y in open_):  # beyond what even balls can hold
            return plain, *self._observer.notes(values)
        true = [y if x.value == y else x.value for x, y in zip(found, plain, strict=True)]  # balls know no -0
        notes, more = self._notes_of(balls, true) if balls else ([], 0)
        if all(x == x for x in true):
            notes = [note for note in notes if note.kind not in OF_FLOATS]
        beyond = [self._note(x.beyond, i, BEYOND[x.beyond]) for x, i in zip(found, outputs, strict=True) if x.beyond]
        doubts = [(x.node, f"is not decided at {DECIMALS} decimals") for x in found if x.node is not None]
        cancelled = self._cancelled(true, plain, lambda: bounds)
        return true, [*undecided_notes(self._program, self._graph, doubts), *cancelled, *beyond[:1], *notes], more

    def _notes_of(self, balls: Any, true: Sequence[float]) -> tuple[list[Note], int]:
        from gradcli.domains.nearest import numbers

        values, standing = numbers(balls)
        for i, y in zip(self._graph.outputs, true, strict=True):  # what is printed, not where the ball has its middle
            values[i] = y
        return self._observer.notes(values, standing)

    def _vouching(self) -> Any:
        """The quick function of points that have neither notes nor doubtful digits."""
        from gradcli.domains.generated_bounds import BoundedSourceText  # a single point does not load it

        return self._without_notes(BoundedSourceText)

    def _without_notes(self, source: Any = None) -> Any:
        """The quick function of points that have no notes."""
        tape = self._compiled.tape
        return generated(tape, [x for _, x in tape.inputs], doubts=self._observer.doubts(), source=source)

    def _in_balls(self) -> Any:
        """The quick function to the nearest floats."""
        from gradcli.domains.generated_balls import nearest_floats

        tape = self._compiled.tape
        return nearest_floats(tape, [x for _, x in tape.inputs], self._observer.doubts(exact=True))

    def _cancelled(self, true: Sequence[float], plain: Sequence[float], known: Callable[[], ErrorBounds]) -> list[Note]:
        """Of the number that plain floats got most wrong, how wrong, and whose rounding it was."""
        wrong = [lost(x, y) for x, y in zip(true, plain, strict=True)]
        worst = max(range(len(wrong)), key=wrong.__getitem__)
        if wrong[worst] <= 0:
            return []
        from gradcli.domains.blame import Blame  # where no digits are lost it is not loaded

        blame = Blame(known(), self._graph.outputs[worst])
        culprit, why = blame.first()
        label = self._labels[worst] if worst < len(self._labels) and worst else ""
        note = self._note("cancellation", culprit, said(label, plain[worst], wrong[worst], why))
        note.message += self._of_literals(blame, true[worst])
        note.plain = plain[worst]
        return [note]

    def _of_literals(self, blame: Blame, true: float) -> str:
        """What to add where the literals' own rounding moves a number too."""
        found = blame.literals(8 * math.ulp(true))
        if not found:
            return ""
        first = self._program.text[slice(*self._program.span(max(self._graph.origin[found[0]], 0)))]
        return f"; the rounding of {first} to float64 moves it too, --digits 20 takes literals as typed"

    def _note(self, kind: str, i: int, message: str) -> Note:
        return note_on_origin(self._program, self._graph, i, kind, message)


def _are_kept(true: Sequence[float], plain: Sequence[float]) -> bool:
    """Are plain floats surely true to 8 ulp? true: floats that may be FAR ulp off."""
    for x, y in zip(true, plain, strict=True):  # a third of the time of `all`
        if x != y and not abs(x - y) + FAR * ulp(x) <= ULPS * ulp(y):
            return False
    return True


def said(label: str, plain: float, digits: float, why: str) -> str:
    """What a note says of a number that plain floats got wrong."""
    count = f"{min(DIGITS, math.ceil(digits))} digits lost"
    return f"{f'{label}: ' if label else ''}plain floats would print {text(plain)} ({count}: {why})"


def lost(true: float, plain: float) -> float:
    """How many of its 16 digits a float has wrong; 0 where it is within the bound."""
    if true == plain or true != true or abs(plain - true) <= ULPS * math.ulp(true):
        return 0.0
    return DIGITS + math.log10(min(1.0, abs(plain / true - 1))) if plain - plain == 0 != true else DIGITS
