"""Formulas with rows of derivatives: of the partials (a Hessian) or of the results (a Jacobian).

On numbers value, gradient and rows are one graph, in which an entry that is 0 by structure is no node. On arrays a
row is the gradient of one element, at an index that is given with the point: a graph for each array.
"""

from __future__ import annotations

from gradcli.api.compiled import Compiled
from gradcli.api.decimals import leaves_of
from gradcli.api.evaluation import Evaluation
from gradcli.api.formula import Formula, array_arithmetic
from gradcli.api.notes import Observer
from gradcli.api.notes_of_rows import observer_of_rows
from gradcli.core.collector import Paused
from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.ops import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.evaluation import Note
    from gradcli.core.graph import Builder

    Shape = tuple[int, ...]
    Direct = tuple[list[tuple[int, int]], Compiled]
    Seeded = dict[int, tuple[Shape, list[int], Compiled]]

PLACE = "place along axis {}"  # a name that no variable can have
_INDEX = by_name("index")
MOST_TRUE = 200  # rows of arrays; of more plain floats are printed


class Rows(Formula):
    """What both have in common: roots, each of which is differentiated by all variables from one on."""

    symmetric = False
    structural = False  # of arrays, is it also wanted which entries are 0 by structure?
    # For each entry of the graph on numbers, after what stands before them, its root and its variable.
    places: Sequence[tuple[int, int]] = ()

    def roots(self, arrays: bool) -> tuple[Builder, list[int], list[int]]:
        """A builder, what stands before the rows, and the nodes whose rows are wanted."""
        raise NotImplementedError

    def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """See Formula."""
        found = super().evaluate_at(point, gradient)
        return self._with_rows(found, point) if gradient else found

    def true_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """See Formula."""
        return self._with_rows(super().true_at(point, gradient), point, self._true)

    def proven_at(self, point: Mapping[str, Any], digits: int, gradient: bool = True) -> Evaluation:
        """See Formula."""
        evaluation = super().proven_at(point, digits, gradient)
        texts, floats = leaves_of(self, point)

        def run(compiled: Compiled, at: Mapping[str, Any]) -> list[Any]:
            from gradcli.domains.digits import each, proven

            found, _ = proven(compiled.graph, {**at, **texts}, digits)
            return [each(x, lambda number: number.text) for x in found]

        return self._with_rows(evaluation, floats, run, zero="0")

    def filled(self, evaluation: Evaluation, rows: list[list[Any]], shapes: list[Shape], zero: Any) -> Evaluation:
        """The evaluation with its rows: for each root by each variable a number or an array, None for a 0."""
        raise NotImplementedError

    def kept(self, evaluation: Any, shapes: list[Shape], rows: Callable[..., list[list[Any]]]) -> None:
        """For what is asked of the rows in another arithmetic: `rows(run)` gives them at this point."""

    def marked(self, evaluation: Any, rows: list[list[Any]], shapes: list[Shape]) -> None:
        """Note with the evaluation which entries are not 0 by structure: truths in the place of numbers."""
        raise NotImplementedError

    def build(self, gradient: bool, arrays: bool) -> tuple[Builder, list[int]]:
        """See Formula; on numbers with the rows."""
        if not gradient or arrays:
            return super().build(gradient and self.symmetric, arrays)
        builder, first, roots = self.roots(arrays)
        places, entries = [], []
        for k, row in enumerate(self._rows_of(builder, roots, arrays)):
            for j, entry in row.items():
                places.append((k, j))
                entries.append(entry)
        self.places = places
        return builder, [*first, *entries]

    def _rows_of(self, builder: Builder, roots: Sequence[int], arrays: bool) -> Iterator[dict[int, int]]:
        """For each root the nodes of its derivatives that are not 0 by structure, by the place of the variable."""
        leaves = [builder.table[VARIABLE, x] for x in self.wrt]
        zero = builder.number(0.0)
        for k, root in enumerate(roots):
            wanted = leaves[k:] if self.symmetric else leaves
            adjoints = self.program.differentiate(builder, root, wanted, arrays=arrays)
            row = {j: adjoints[i] for j, i in enumerate(leaves) if i in adjoints}
            yield {j: i for j, i in row.items() if i != zero and (j >= k or not self.symmetric)}

    def observing(self, graph: Graph, gradient: bool, arithmetic: Arithmetic) -> Observer:
        """See Formula."""
        if arithmetic.arrays or not gradient:
            return super().observing(graph, gradient and self.symmetric, arithmetic)
        return observer_of_rows(self.program, graph, self.wrt, self.places, self.symmetric)

    # On arrays

    def _with_rows(
        self, evaluation: Evaluation, point: Mapping[str, Any], run: Callable[..., list[Any]] | None = None,
        zero: Any = 0.0,
    ) -> Evaluation:  # fmt: skip
        """The evaluation, on arrays with its rows; run: the outputs of a graph at a point; without one plain floats."""
        if not self.needs_arrays(point):
            return evaluation
        import numpy as np

        from gradcli.api.array_truth import MOST_ELEMENTS

        arithmetic = array_arithmetic()
        at = {x: arithmetic.number(x, point[x]) for x in self.variables}
        with Paused():
            builder, _, roots = self.roots(arrays=True)
            direct, seeded = self._graphs_on_arrays(builder, roots, at)
        sizes = [np.shape(at[x]) for x in self.wrt]
        staged, is_true = _Staged(self.variables), run is not None
        if run is None or (
            run == self._true and sum([int(np.prod(found[0])) for found in seeded.values()]) > MOST_TRUE
        ):
            run = staged.numbers
        evaluation = self.filled(evaluation, self._rows_on_arrays(len(roots), direct, seeded, at, run), sizes, zero)
        if is_true and self.size_at(at) <= MOST_ELEMENTS:
            self.kept(evaluation, sizes, lambda run: self._rows_on_arrays(len(roots), direct, seeded, at, run))
        if self.structural:
            truths = self._rows_on_arrays(len(roots), direct, seeded, at, staged.truths)
            self.marked(evaluation, truths, sizes)
        return evaluation

    def _rows_on_arrays(
        self, count: int, direct: Direct, seeded: Seeded, at: Mapping[str, Any], run: Callable[..., list[Any]]
    ) -> list[list[Any]]:
        """For each of so many roots by each variable what `run` gives of its graph, None for a 0."""
        import numpy as np

        sizes = [np.shape(at[x]) for x in self.wrt]
        places, compiled = direct
        rows: list[list[Any]] = [[None for _ in self.wrt] for _ in range(count)]
        if places:
            for (k, j), entry in zip(places, run(compiled, at), strict=True):
                rows[k][j] = np.broadcast_to(entry, sizes[j])
        for k, (shape, wanted, compiled) in seeded.items():
            parts: dict[int, list[Any]] = {j: [] for j in wanted}
            for place in np.ndindex(shape):
                where = {PLACE.format(axis): np.float64(k) for axis, k in enumerate(place)}
                for j, entry in zip(wanted, run(compiled, {**at, **where}), strict=True):
                    parts[j].append(np.broadcast_to(entry, sizes[j]))
            for j, stack in parts.items():
                rows[k][j] = np.reshape(np.stack(stack) if stack else np.zeros(0), (*shape, *sizes[j]))
        return rows

    def _graphs_on_arrays(self, builder: Builder, roots: Sequence[int], at: Mapping[str, Any]) -> tuple[Direct, Seeded]:
        """The graph of the rows of roots that are numbers; of each other root its shape, its variables, its graph."""
        import numpy as np

        arithmetic = array_arithmetic()
        shapes = self._shapes(builder, roots, at)
        leaves = [builder.table[VARIABLE, x] for x in self.wrt]
        zero = builder.number(0.0)
        places: list[tuple[int, int]] = []
        entries: list[int] = []
        seeded: dict[int, tuple[Shape, list[int], Compiled]] = {}
        for k, (root, shape) in enumerate(zip(roots, shapes, strict=True)):
            wanted = leaves[k:] if self.symmetric else leaves
            places_of = [builder.intern((VARIABLE, PLACE.format(axis))) for axis, _ in enumerate(shape)]
            one = builder.make(_INDEX, root, *places_of) if shape else root
            adjoints = self.program.differentiate(builder, one, wanted, arrays=True)
            row = {j: adjoints[i] for j, i in enumerate(leaves) if adjoints.get(i, zero) != zero}
            if not shape:
                places += [(k, j) for j in row]
                entries += row.values()
            elif row and np.prod(shape):
                graph = Graph(builder.nodes, list(row.values()), builder.origin)
                seeded[k] = shape, list(row), Compiled(self.program, graph, arithmetic)
        graph = Graph(builder.nodes, entries, builder.origin)
        return (places, Compiled(self.program, graph, arithmetic)), seeded

    def _shapes(self, builder: Builder, roots: Sequence[int], at: Mapping[str, Any]) -> list[Shape]:
        """The shapes of the roots."""
        raise NotImplementedError

    def _true(self, compiled: Compiled, at: Mapping[str, Any]) -> list[Any]:
        """The outputs, each nearest to the true one where the bound on its error is wide."""
        from gradcli.api.array_truth import ArrayTruth

        names = [str(i) for i in compiled.graph.outputs]
        outputs, _, _ = ArrayTruth(self.program, compiled, _Silent(), names, lambda: compiled.graph).at(at)
        return outputs


class _Staged:
    """The outputs of graphs at a point where places change: plain floats, or truths of what is not 0 by structure."""

    def __init__(self, variables: Sequence[str]) -> None:
        self._variables = variables
        self._tapes: dict[Compiled, tuple[Any, Any]] = {}

    def numbers(self, compiled: Compiled, at: Mapping[str, Any]) -> list[Any]:
        """The outputs."""
        outputs: list[Any] = self._tape(compiled, at)[0].outputs(at)
        return outputs

    def truths(self, compiled: Compiled, at: Mapping[str, Any]) -> list[Any]:
        """For each output an array of truths."""
        tape, supports = self._tape(compiled, at)
        tape.outputs(at)
        found: list[Any] = supports.outputs(tape.values)
        return found

    def _tape(self, compiled: Compiled, at: Mapping[str, Any]) -> tuple[Any, Any]:
        if compiled not in self._tapes:
            from gradcli.domains.staged_tape import StagedTape
            from gradcli.domains.supports import Supports

            tape = StagedTape(compiled.graph, [x for x in at if x not in self._variables], at)
            tape.early(at)
            self._tapes[compiled] = tape, Supports(tape.graph, self._variables)
        return self._tapes[compiled]


class _Silent(Observer):
    """Without notes: those of value and gradient are told with these."""

    def __init__(self) -> None:
        pass

    def notes(self, values: list[Any], exact: Any = None) -> tuple[list[Note], int]:
        return [], 0
