"""A formula ready to be evaluated and differentiated at points: its graphs, made once, and their executors."""

from __future__ import annotations

from gradcli.api.compiled import Compiled, generated
from gradcli.api.evaluation import Evaluation, joined
from gradcli.api.on_floats import FLOATS
from gradcli.core.collector import Paused
from gradcli.core.graph import Builder, Graph, finish, optimise
from gradcli.domains.float_tape import Repeated
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.notes import Observer
    from gradcli.language.program import Program


class Formula:
    """A program at points that are mappings of every variable; wrt: by what it is differentiated."""

    def __init__(self, program: Program, wrt: Sequence[str] | None = None, named: bool = False) -> None:
        self.program = program
        self.text = program.text
        self.variables = program.variables
        self.wrt = tuple(program.variables if wrt is None else wrt)
        self._named = list(program.named) if named else []
        self._compiled: dict[tuple[bool, bool], Compiled] = {}
        self._observers: dict[tuple[bool, bool], Observer] = {}
        self._graphs: dict[tuple[bool, bool], Graph] = {}
        self._truths: dict[tuple[bool, bool], Any] = {}
        self._unnoted: dict[bool, Repeated] = {}

    def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """The same for a mapping of every variable to a float or an array; without the gradient on demand."""
        arithmetic = self.arithmetic(point)
        outputs = None if arithmetic.arrays else self._without_notes(point, gradient)
        if outputs is not None:
            return self._with_named(self.arranged(outputs, point, gradient, arithmetic), point, arithmetic)
        at = {x: arithmetic.number(x, point[x]) for x in self.variables}
        compiled = self.compiled(gradient, arithmetic)
        values = compiled.values(at)
        evaluation = self.arranged([values[i] for i in compiled.tape.outputs], at, gradient, arithmetic)
        evaluation.notes, evaluation.more = self.observer(gradient, arithmetic).notes(values)
        return self._with_named(evaluation, at, arithmetic)

    def true_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """The same with true numbers: where the bound on a float's error is over 8 ulp, the nearest float64.

        Arrays of more than 10,000 elements stay plain floats; so do programs of more than 20,000 operations.
        """
        arithmetic = self.arithmetic(point)
        key = gradient, arithmetic.arrays
        if key not in self._truths:
            self._truths[key] = self._truth(gradient, arithmetic)
        if self._truths[key] is None:
            return self.evaluate_at(point, gradient)
        at = {x: arithmetic.number(x, point[x]) for x in self.variables} if arithmetic.arrays else point
        outputs, notes, more = self._truths[key].at(at)
        evaluation = self.arranged(outputs, at, gradient, arithmetic)
        evaluation.notes, evaluation.more = notes, more
        return self._with_named(evaluation, at, arithmetic)

    def _with_named(self, evaluation: Evaluation, at: Mapping[str, Any], arithmetic: Arithmetic) -> Evaluation:
        """With what happened to named values that are no finite numbers, where nothing of it reaches the result."""
        named = evaluation.named or {}
        odd = [k for k, (y, _) in enumerate(named.values()) if any(v - v != 0 for v in getattr(y, "flat", [y]))]
        if odd:
            compiled = self.compiled(False, arithmetic)
            self.tell_of_named(evaluation, odd, compiled.graph, False, arithmetic, compiled.values(at))
        return evaluation

    def tell_of_named(
        self, evaluation: Evaluation, odd: Sequence[int], graph: Graph, gradient: bool, arithmetic: Arithmetic,
        *values: Any,
    ) -> None:  # fmt: skip
        """Add the notes on these named values, which count from 0, to those of the result; values: of the graph."""
        first = len(self.program.results) + (len(self.wrt) if gradient else 0)
        seen = Graph(graph.nodes, [graph.outputs[first + k] for k in odd], graph.origin)
        notes, _ = arithmetic.observer(self.program, seen, len(odd), ()).notes(*values)
        evaluation.notes = joined(evaluation.notes, notes)

    def _truth(self, gradient: bool, arithmetic: Arithmetic) -> Any:
        """What gives the true numbers of a graph; None where it is too large for that."""
        from gradcli.api.truth import MOST_OPERATIONS, Truth

        compiled = self.compiled(gradient, arithmetic)
        if len(compiled.graph.nodes) > MOST_OPERATIONS:
            return None
        found = self.program, compiled, self.observer(gradient, arithmetic), self.labels(gradient)
        if not arithmetic.arrays:
            return Truth(*found)
        from gradcli.api.array_truth import ArrayTruth

        return ArrayTruth(*found, lambda: self.graph_of(gradient, arrays=True))

    def _without_notes(self, point: Mapping[str, Any], gradient: bool) -> list[float] | None:
        """The outputs at a point, by a function that is made at the second; None where there may be notes."""
        if gradient not in self._unnoted:
            self._unnoted[gradient] = Repeated()
        return self._unnoted[gradient](lambda: self._of_doubts(gradient), point)

    def _of_doubts(self, gradient: bool) -> Any:
        """The function of a point to the outputs, or None where there may be notes."""
        doubts = self.observer(gradient, FLOATS).doubts()
        return generated(self.compiled(gradient).tape, self.variables, doubts=doubts)

    def proven_at(self, point: Mapping[str, Any], digits: int, gradient: bool = True) -> Evaluation:
        """The same to so many digits, each of them proven; numbers are texts.

        point: for each variable an expression of constants, of which every literal is the
        decimal as written, or an array of floats. Raises UsageError for too many elements.
        """
        from gradcli.api.decimals import in_digits

        return in_digits(self, point, digits, gradient)

    def arranged(self, outputs: list[Any], at: Mapping[str, Any], gradient: bool, arithmetic: Arithmetic) -> Evaluation:
        """The outputs of a graph as results, partials and named values."""
        shown = {x: arithmetic.plain(at[x]) for x in self.variables}
        names, count = self._named, len(self.program.results)
        if not gradient:
            results = [arithmetic.plain(y) for y in outputs]
            named = {x: (y, None) for x, y in zip(names, results[count:], strict=True)} if names else None
            return Evaluation(shown, one_or_all(results[:count]), None, named=named)
        value, grad = self.gradient(outputs, at, arithmetic)
        of, by = outputs[1 + len(self.wrt) :][: len(names)], outputs[1 + len(self.wrt) + len(names) :]
        pairs = [(arithmetic.plain(y), arithmetic.slope(value, d, y)) for y, d in zip(of, by, strict=True)]
        return Evaluation(shown, value, grad, named=dict(zip(names, pairs, strict=True)) if names else None)

    def gradient(self, outputs: list[Any], at: Mapping[str, Any], arithmetic: Arithmetic) -> tuple[Any, dict[str, Any]]:
        """The value and the partials. Raises UsageError where the result is not one number."""
        value = arithmetic.one(outputs[0])
        if value is None:
            message = f"the result has the shape {outputs[0].shape}; a gradient is of one number"
            raise UsageError(message, "add .sum(), or see jac for all partials, or map for every point of a vector")
        return value, {x: arithmetic.slope(value, d, at[x]) for x, d in zip(self.wrt, outputs[1:], strict=False)}

    def graph_of(self, gradient: bool, arrays: bool) -> Graph:
        """That of `optimised`, made once."""
        key = (gradient, arrays)
        if key not in self._graphs:
            self._graphs[key] = self.optimised(gradient, arrays)
        return self._graphs[key]

    def optimised(self, gradient: bool = True, arrays: bool = False) -> Graph:
        """The optimised graph of the results and, with gradient, of the partials by `wrt` after them.

        arrays: variables may be arrays. With named also the values of the assigned names and, with
        gradient, their adjoints.
        """
        with Paused():
            return finish(*self.build(gradient, arrays))

    def build(self, gradient: bool, arrays: bool) -> tuple[Builder, list[int]]:
        """That graph before dead nodes are dropped, and its outputs. Raises UsageError for the gradient of a tuple."""
        program = self.program
        if gradient and len(program.results) > 1:
            raise UsageError(
                "a tuple of results has no single gradient", "differentiate one result at a time, or see jac"
            )
        assigned = [program.named[x] for x in self._named]
        leaves = [program.leaf[x] for x in self.wrt]
        builder, ids = optimise(program.nodes, [*program.results, *assigned, *leaves], share=not self._named)
        results, ids = ids[: len(program.results)], ids[len(program.results) :]
        assigned, leaves = ids[: len(assigned)], ids[len(assigned) :]
        if not gradient:
            return builder, [*results, *assigned]
        adjoints = program.differentiate(builder, results[0], [*leaves, *assigned], arrays=arrays)
        zero = builder.number(0.0)
        partials = [adjoints.get(i, zero) for i in leaves]
        by_named = [adjoints.get(i, zero) for i in assigned]
        return builder, [*results, *partials, *assigned, *by_named]

    def compiled(self, gradient: bool, arithmetic: Arithmetic = FLOATS) -> Compiled:
        """The graph of the results, or of these and the partials, ready to run."""
        key = (gradient, arithmetic.arrays)
        if key not in self._compiled:
            with Paused():
                builder, outputs = self.build(gradient, arithmetic.arrays)
                graph = Graph(builder.nodes, outputs, builder.origin)  # a tape passes over dead nodes by itself
                del builder
                self._compiled[key] = Compiled(self.program, graph, arithmetic)
        return self._compiled[key]

    def outputs_of(self, graph: Graph, at: Mapping[str, Any], arithmetic: Arithmetic, true: bool) -> list[Any]:
        """The outputs of a graph over these variables. true: as `true_at`."""
        compiled = Compiled(self.program, graph, arithmetic)
        if not true:
            return compiled.outputs(at)
        if arithmetic.arrays:
            from gradcli.api.array_truth import true_outputs as true_arrays

            return true_arrays(compiled, graph, at)
        from gradcli.api.truth import true_outputs

        return true_outputs(compiled, at)

    def observer(self, gradient: bool, arithmetic: Arithmetic) -> Observer:
        """What finds the notes of a point, from the values of the nodes of that graph."""
        key = (gradient, arithmetic.arrays)
        if key not in self._observers:
            graph = self.compiled(gradient, arithmetic).graph
            self._observers[key] = self.observing(graph, gradient, arithmetic)
        return self._observers[key]

    def observing(self, graph: Graph, gradient: bool, arithmetic: Arithmetic) -> Observer:
        """The same for any graph of these results and partials."""
        wrt, results = self.wrt if gradient else (), len(self.program.results)
        seen = Graph(graph.nodes, graph.outputs[: results + len(wrt)], graph.origin)
        found: Observer = arithmetic.observer(self.program, seen, results, wrt)
        return found

    def labels(self, gradient: bool) -> list[str]:
        """What the first outputs of the graph are called in notes."""
        return ["value", *[f"d/d{x}" for x in self.wrt if gradient]]

    def needs_arrays(self, point: Mapping[str, Any]) -> bool:
        """Is a value an array, or an operation one on arrays?"""
        return self.program.whole or any(type(x) is not float for x in point.values())

    def size_at(self, point: Mapping[str, Any]) -> int:
        """The number of elements of the largest array on the way to the value; 1 where there are none."""
        arithmetic = self.arithmetic(point)
        if not arithmetic.arrays:
            return 1
        values = self.compiled(False, arithmetic).values({x: arithmetic.number(x, point[x]) for x in self.variables})
        return max((v.size for v in values if hasattr(v, "size")), default=1)

    def arithmetic(self, point: Mapping[str, Any]) -> Arithmetic:
        """Floats, or arrays where the program or the point has some."""
        return array_arithmetic() if self.needs_arrays(point) else FLOATS


def array_arithmetic() -> Arithmetic:
    """The arithmetic of arrays. Loads NumPy."""
    from gradcli.api.on_arrays import ARRAYS

    return ARRAYS


def one_or_all(outputs: list[float]) -> Any:
    """The one result, or all of them."""
    return outputs[0] if len(outputs) == 1 else tuple(outputs)
