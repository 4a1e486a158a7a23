"""Notes where there are rows of derivatives: those of every row."""

from __future__ import annotations

from gradcli.api.evaluation import Note
from gradcli.api.kinks import Kinks
from gradcli.api.notes import LIMIT, Observer
from gradcli.api.one_sided import same
from gradcli.api.sentences import text
from gradcli.core.graph import Graph, reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.language.program import Program

MOST = 20  # rows that have notes of their own


def observer_of_rows(
    program: Program, graph: Graph, wrt: Sequence[str], places: Sequence[tuple[int, int]], symmetric: bool
) -> Observer:
    """Finds the notes of a graph with rows. places: root and variable of each of its last outputs."""
    rows: dict[int, list[tuple[str, int]]] = {}
    first = len(graph.outputs) - len(places)
    for (k, j), i in zip(places, graph.outputs[first:], strict=True):
        rows.setdefault(k, []).append((wrt[j], i))
        if symmetric and k != j:
            rows.setdefault(j, []).append((wrt[k], i))
    if symmetric:
        return _OfHessian(program, graph, wrt, places, rows)
    return _OfJacobian(program, graph, rows)


def _of_row(program: Program, graph: Graph, root: int, row: Sequence[tuple[str, int]]) -> Observer:
    seen = Graph(graph.nodes, [root, *[i for _, i in row]], graph.origin)
    return Observer(program, seen, 1, [x for x, _ in row])


class _OfHessian(Observer):
    """As of the gradient; at a kink also those of the partials, which may have one where the value has none."""

    def __init__(
        self, program: Program, graph: Graph, wrt: Sequence[str], places: Sequence[tuple[int, int]],
        rows: dict[int, list[tuple[str, int]]],
    ) -> None:  # fmt: skip
        slopes = reachable(graph.nodes, graph.outputs[1 : 1 + len(wrt)])
        # Where a partial may have a kink: rules choose too.
        self._turns: list[tuple[Callable[..., bool], Sequence[int]]] = []
        for i, (op, *operands) in enumerate(graph.nodes):
            turn = op.kink or (op.jump if op.decides else None)
            if slopes[i] and turn:
                self._turns.append((turn, operands))
        super().__init__(program, graph, 1, [*wrt, *[f"{wrt[k]},{wrt[j]}" for k, j in places]])
        self._wrt = wrt
        self._rows = rows
        self._of: dict[int, Observer] = {}

    def doubts(self, exact: bool = False) -> list[tuple[Callable[..., bool], Sequence[int]]]:
        return super().doubts(exact) + self._turns

    def notes(self, values: list[float], exact: Sequence[Any] | None = None) -> tuple[list[Note], int]:
        found, more = super().notes(values, exact)
        stand = values if exact is None else exact
        if not any(turn(*[stand[k] for k in operands]) for turn, operands in self._turns):
            return found, more
        told = {note.at for note in found if note.kind in ("kink", "boundary")}
        for k, row in list(self._rows.items())[:MOST]:
            note = self._bent(k, row, values, exact)
            if note is not None and note.at not in told and len(found) < LIMIT:
                told.add(note.at)
                found.append(note)
        return found, more

    def _bent(
        self, k: int, row: Sequence[tuple[str, int]], values: list[float], exact: Sequence[Any] | None
    ) -> Note | None:
        """The kink of a partial, where its slopes on the two sides differ."""
        if k not in self._of:
            self._of[k] = _of_row(self.program, self.graph, self.graph.outputs[1 + k], row)
        places = [note for note in self._of[k].notes(values, exact)[0] if note.kind in ("kink", "boundary")]
        if not places:
            return None
        kinks = Kinks(self._of[k], values, values if exact is None else exact)
        for v, i in row:
            left, right = (side.slope for side in kinks.by(v))
            if left == left and right == right and not same(left, right):
                told = f"slope {text(left)} by {v} on the left, {text(right)} on the right; {text(values[i])} used"
                return Note("kink", self._written(places[0].at), places[0].at, f"d/d{self._wrt[k]} has a kink: {told}")
        return None

    def _written(self, place: tuple[int, int]) -> str:
        """The operation that stands at a place of the text."""
        program = self.program
        return next(node[0].name for i, node in enumerate(program.nodes) if program.span(i) == place)


class _OfJacobian(Observer):
    """The notes of each result, each once."""

    def __init__(self, program: Program, graph: Graph, rows: dict[int, list[tuple[str, int]]]) -> None:
        results = graph.outputs[: len(program.results)]
        self._parts = [_of_row(program, graph, root, rows.get(k, [])) for k, root in enumerate(results[:MOST])]
        super().__init__(program, Graph(graph.nodes, results, graph.origin), len(results), ())

    def notes(self, values: list[float], exact: Sequence[Any] | None = None) -> tuple[list[Note], int]:
        found: dict[tuple[str, str, tuple[int, int]], Note] = {}
        more = 0
        for part in self._parts:
            notes, count = part.notes(values, exact)
            more += count
            for note in notes:
                found.setdefault((note.kind, note.op, note.at), note)
        return list(found.values())[:LIMIT], more + max(0, len(found) - LIMIT)

    def doubts(self, exact: bool = False) -> list[tuple[Callable[..., bool], Sequence[int]]]:
        return [doubt for part in self._parts for doubt in part.doubts(exact)]
