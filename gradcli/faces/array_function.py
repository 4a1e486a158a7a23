"""A formula on arrays: the face of `gradcli.function` where a value or an operation is a whole array."""

from __future__ import annotations

import numpy as np

from gradcli.core.graph import Graph, finish, optimise
from gradcli.core.reverse import differentiate
from gradcli.errors import ExpressionError, UsageError
from gradcli.executors.arrays import ArrayError, ArrayTape
from gradcli.faces.array_notes import ArrayObserver
from gradcli.faces.function import Function, NotANumberError, as_float, live_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.faces.result import Evaluation


class ArrayFunction(Function):
    """A formula of which variables are arrays; each is one tensor variable, its gradient has its shape.

    Results of no axes are floats, others float64 arrays that nothing else shares.
    """

    on_arrays = True

    def finished(self, outputs: Sequence[Any], at: Mapping[str, Any], gradient: bool) -> list[Any]:
        """The outputs of the tape as a caller gets them: results, then with gradient the partials by `wrt`.

        Raises UsageError where a gradient is asked of a result that is not one number.
        """
        found = [plain(y) for y in outputs]
        if not gradient:
            return found
        if np.size(found[0]) != 1:
            raise UsageError(
                f"the result has the shape {np.shape(found[0])}; a gradient is of one number",
                "add .sum(), or see jac for all partials, or map for every point of a vector",
            )
        found[0] = float(np.reshape(found[0], ()))
        for k, name in enumerate(self.wrt, 1):
            found[k] = like(found[0], found[k], at[name])
        return found

    def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        at = {x: as_array(x, point[x]) for x in self.variables}
        tape = self._tape(gradient)
        values = self.run(tape, at)
        outputs = self.finished([values[i] for i in tape.outputs], at, gradient)
        if gradient:
            first = 1 + len(self.wrt)
            middle = first + len(self._named)
            outputs[middle:] = [
                like(outputs[0], by, of) for by, of in zip(outputs[middle:], outputs[first:middle], strict=True)
            ]
        evaluation = self._arranged(outputs, gradient, None)
        evaluation.at = {x: plain(at[x]) for x in self.variables}
        evaluation.notes, evaluation.more = self._observer(gradient).notes(values)
        return evaluation

    def run(self, tape: ArrayTape, at: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes. Raises ExpressionError at the operation that the shapes do not suit."""
        try:
            return tape.run(at)
        except ArrayError as error:
            raise self._located(error, tape.graph) from error

    def annotate(self, point: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
        program = self.program
        at = {x: as_array(x, point[x]) for x in self.variables}
        which = live_nodes(program)
        builder, ids = optimise(program.nodes, [*program.results, *which], share=False)
        result, ids = ids[0], ids[len(program.results) :]
        single = len(program.results) == 1
        zero = builder.number(0.0)
        adjoints = differentiate(builder, result, ids, arrays=True) if single else {}
        tape = self._compiled(finish(builder, [result, *ids, *[adjoints.get(i, zero) for i in ids]]))
        run = self.run(tape, at)
        value, *outputs = [run[i] for i in tape.outputs]
        values: list[Any] = [None] * len(program.nodes)
        derivatives: list[Any] = [None] * len(program.nodes)
        for i, y, adjoint in zip(which, outputs[: len(which)], outputs[len(which) :], strict=True):
            if isinstance(y, np.ndarray | np.number | float):
                values[i] = plain(y)
                if single and np.size(value) == 1:
                    derivatives[i] = like(float(np.reshape(value, ())), adjoint, y)
        return values, derivatives

    def values(self, graph: Graph, point: Mapping[str, Any]) -> list[Any]:
        run = self.run(self._compiled(graph), {x: as_array(x, v) for x, v in point.items()})
        return [plain(v) if isinstance(v, np.ndarray | np.generic | float) else None for v in run[: len(graph.nodes)]]

    def _tape(self, gradient: bool) -> Any:
        if gradient not in self._tapes:
            builder, outputs = self._build(gradient)
            self._tapes[gradient] = self._compiled(Graph(builder.nodes, outputs, builder.origin))  # type: ignore[assignment]
        return self._tapes[gradient]

    def _observer(self, gradient: bool) -> Any:
        if gradient not in self._observers:
            graph = self._tape(gradient).graph
            results = len(self.program.results)
            seen = graph.outputs[: results + (len(self.wrt) if gradient else 0)]
            wrt = self.wrt if gradient else ()
            self._observers[gradient] = ArrayObserver(
                self.program, Graph(graph.nodes, seen, graph.origin), results, wrt
            )
        return self._observers[gradient]

    def _compiled(self, graph: Graph) -> ArrayTape:
        try:
            return ArrayTape(graph)
        except ArrayError as error:
            raise self._located(error, graph) from error

    def _located(self, error: ArrayError, graph: Graph) -> Exception:
        origin = graph.origin[error.node] if error.node is not None else -1
        span = self.program.span(origin) if origin >= 0 else (0, len(self.text))
        return ExpressionError(str(error), self.text, span, error.cure)


def plain(y: Any) -> Any:
    """A float where there are no axes, else an array of its own."""
    return float(y) if np.ndim(y) == 0 else np.array(y, dtype=np.float64)


def like(value: float, partial: Any, x: Any) -> Any:
    """A partial in the shape of its variable; where the value is NaN all partials are NaN."""
    if value != value:
        partial = np.nan
    return float(partial) if np.ndim(x) == 0 else np.array(np.broadcast_to(partial, np.shape(x)), dtype=np.float64)


def as_array(name: str, value: Any) -> Any:
    """A value as float64: a number of NumPy where it has no axes, else an array. Raises UsageError."""
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biufO":
            raise TypeError
        if found.dtype.kind == "O":
            found = _of_objects(name, found)
        found = found.astype(np.float64)
    except (ValueError, TypeError):
        message = f"{name} is neither a number nor an array of numbers: {value!r:.60}"
        raise UsageError(message, "give nested lists with rows of one length, or a NumPy array") from None
    return found[()]


def _of_objects(name: str, found: Any) -> Any:
    """Numbers of other types, each by the rule for a single one: too large is infinite, None is no number."""
    try:
        return np.reshape([as_float(name, v) for v in found.ravel().tolist()], found.shape)
    except (NotANumberError, UsageError):
        raise TypeError from None
