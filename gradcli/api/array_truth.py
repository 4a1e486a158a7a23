"""True numbers of programs with arrays: floats where their error bounds allow it, else balls. Loads NumPy."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from gradcli.api.evaluation import OF_FLOATS
from gradcli.api.notes import written_at
from gradcli.api.truth import BEYOND, ULPS, lost, said
from gradcli.domains.array_bounds import ArrayBounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Compiled
    from gradcli.api.evaluation import Note
    from gradcli.api.notes import Observer
    from gradcli.core.graph import Graph
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
        sizes = [np.size(v) for v in values if isinstance(v, np.ndarray)]
        if max(sizes, default=1) > MOST_ELEMENTS or sum(sizes) > MOST_WORK:
            return plain, notes, more
        bounds = ArrayBounds(graph, values)
        # Where there is no value there are no partials either.
        is_nan = len(self._labels) > 1 and np.isnan(plain[0]).all()
        if all(bounds.holds(i, ULPS) for i in (graph.outputs[:1] if is_nan else graph.outputs)):
            return plain, notes, more
        found = _from_balls(self._balls_graph(), point)
        if found is None:
            return plain, notes, more
        true, beyond = found
        notes = [note for note in notes if beyond or note.kind not in OF_FLOATS]
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
        note = written_at(self._program, graph, culprit, "cancellation", message)
        note.plain, note.more = number, len(wrong) - 1
        return [note]


def _from_balls(graph: Graph, at: Mapping[str, Any]) -> tuple[list[Any], bool] | None:
    """The outputs of a graph, and does float64 hold one of them no more? None where one is not decided."""
    from gradcli.domains.digits import each, elements
    from gradcli.domains.nearest import nearest

    with np.errstate(all="ignore"):  # flags of floats that balls make on their way
        found, _ = nearest(graph, at)
    numbers = [number for x in found for number in elements(x)]
    if any(number.node is not None for number in numbers):
        return None
    values = [each(x, lambda number: number.value) for x in found]
    return values, any(number.beyond in BEYOND for number in numbers)
