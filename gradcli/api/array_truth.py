"""True numbers of programs with arrays: floats where their error bounds allow it, else balls. Loads NumPy."""

from __future__ import annotations

from operator import attrgetter, itemgetter

import numpy as np

from gradcli.api.evaluation import OF_FLOATS, note_on_origin, undecided_notes
from gradcli.api.truth import BEYOND, MOST_OPERATIONS, ULPS, lost, said
from gradcli.core.graph import Graph
from gradcli.domains.array_bounds import ArrayBounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Compiled
    from gradcli.api.evaluation import Note
    from gradcli.api.notes import Observer
    from gradcli.language.program import Program

MOST_ELEMENTS = 10_000  # of the largest array on the way, as under --digits
MOST_WORK = 2_000_000  # elements of all arrays on the way: balls need about a microsecond for each


class ArrayTruth:
    """As gradcli.api.truth.Truth; of large arrays, and where balls decide nothing, plain floats."""

    def __init__(
        self,
        program: Program,
        compiled: Compiled,
        observer: Observer,
        labels: Sequence[str],
        graph: Callable[[], Graph],
    ) -> None:
        """graph: the one for balls, made where it is needed."""
        self._program = program
        self._compiled, self._observer = compiled, observer
        self._labels = labels
        self._balls_graph = graph

    def at(self, point: Mapping[str, Any]) -> tuple[list[Any], list[Note], int]:
        """The outputs at a point of arrays and numbers of NumPy, its notes, and how many more of these there are."""
        values, graph = self._compiled.values(point), self._compiled.graph
        plain = [values[i] for i in graph.outputs]
        notes, more = self._observer.notes(values)
        if _is_large(values):
            return plain, notes, more
        bounds = ArrayBounds(graph, values)
        # Where there is no value there are no partials either.
        is_nan = len(self._labels) > 1 and np.isnan(plain[0]).all()
        if all(bounds.holds(i, ULPS) for i in (graph.outputs[:1] if is_nan else graph.outputs)):
            return plain, notes, more
        found = _from_balls(self._balls_graph(), point)
        numbers = [number for x in found for number in (x.flat if isinstance(x, np.ndarray) else (x,))]
        from gradcli.domains.nearest import DECIMALS

        doubts = [(x.node, f"is not decided at {DECIMALS} decimals") for x in numbers if x.node is not None]
        notes = [*undecided_notes(self._program, self._balls_graph(), doubts), *notes]
        if len(doubts) == len(numbers):
            return plain, notes, more
        true = [_settled(x, y) for x, y in zip(found, plain, strict=True)]
        if not any(number.beyond in BEYOND for number in numbers) and not any(np.isnan(x).any() for x in true):
            notes = [note for note in notes if note.kind not in OF_FLOATS]
        return true, self._cancelled(true, plain, bounds) + notes, more

    def _cancelled(self, true: Sequence[Any], plain: Sequence[Any], bounds: ArrayBounds) -> list[Note]:
        """Of the element that plain floats got most wrong, how wrong, and whose rounding it was."""
        wrong = []
        for k, pair in enumerate(zip(true, plain, strict=True)):
            numbers = [np.ravel(v).astype(np.float64).tolist() for v in np.broadcast_arrays(*pair)]
            wrong += [(lost(x, y), k, y) for x, y in zip(*numbers, strict=True) if lost(x, y) > 0]
        if not wrong:
            return []
        digits, k, number = max(wrong, key=itemgetter(0))
        graph = self._compiled.graph
        culprit, why = bounds.blamed(graph.outputs[k])
        message = said(self._labels[k] if 0 < k < len(self._labels) else "", number, digits, why)
        note = note_on_origin(self._program, graph, culprit, "cancellation", message)
        note.plain, note.more = number, len(wrong) - 1
        return [note]


def true_outputs(compiled: Compiled, graph: Graph, point: Mapping[str, Any]) -> list[Any]:
    """The outputs of a graph at a point without their notes: true numbers, where any precision decides them."""
    values = compiled.values(point)
    plain = [values[i] for i in compiled.graph.outputs]  # a tape on arrays numbers its nodes anew
    if _is_large(values) or len(values) > MOST_OPERATIONS:
        return plain
    bounds = ArrayBounds(compiled.graph, values)
    known = all(bounds.holds(i, ULPS) for i in compiled.graph.outputs)
    return plain if known else outputs_in_balls(graph, point, plain)


def outputs_in_balls(graph: Graph, point: Mapping[str, Any], plain: Sequence[Any]) -> list[Any]:
    """The float64 nearest to each element of each output of a graph; the plain one where no precision decides it."""
    found = list(plain)
    numbers = [k for k, y in enumerate(plain) if isinstance(y, np.ndarray | np.generic | float)]
    balls = _from_balls(Graph(graph.nodes, [graph.outputs[k] for k in numbers], graph.origin), point)
    for k, x in zip(numbers, balls, strict=True):
        found[k] = _settled(x, plain[k])
    return found


def _is_large(values: Sequence[Any]) -> bool:
    """Would balls take too long?"""
    sizes = [np.size(v) for v in values if isinstance(v, np.ndarray)]
    return max(sizes, default=1) > MOST_ELEMENTS or sum(sizes) > MOST_WORK


def _settled(x: Any, plain: Any) -> Any:
    """The numbers of balls, and plain floats where no precision decides one, or where these are as large: as -0."""
    is_open = np.asarray(np.frompyfunc(_is_open, 1, 1)(x), bool)
    value = np.asarray(_each("value", x), np.float64)
    return np.where(is_open | (value == plain), plain, value)[()]


def _is_open(number: Any) -> bool:
    return number.node is not None


def _each(attribute: str, x: Any) -> Any:
    """An attribute of a number, or of each of an object array of them."""
    function: Any = np.frompyfunc(attrgetter(attribute), 1, 1)
    return function(x)


def _from_balls(graph: Graph, at: Mapping[str, Any]) -> list[Any]:
    """Each output as Nearest, or an object array of them. Loads python-flint."""
    from gradcli.domains.nearest import nearest

    with np.errstate(all="ignore"):  # flags of floats that balls make on their way
        return nearest(graph, at)[0]
