"""`gradcli.function`: a parsed formula that can be evaluated and differentiated at points."""

from __future__ import annotations

from operator import attrgetter

from gradcli.api.compiled import Compiled, generated
from gradcli.api.evaluation import Evaluation, Proven
from gradcli.api.keywords import by_place, not_a_variable, without_value
from gradcli.api.on_floats import FLOATS, NotANumberError, as_float
from gradcli.core.collector import Paused
from gradcli.core.graph import Builder, Graph, finish, optimise, reachable
from gradcli.core.reverse import differentiate
from gradcli.domains.float_tape import UNSUITED, Repeated
from gradcli.errors import UsageError
from gradcli.language.names import nfkc
from gradcli.language.parser import mind_names, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.notes import Observer
    from gradcli.api.truth import Truth
    from gradcli.domains.blocks.tape import BlockTape
    from gradcli.language.program import Program


def function(text: str) -> Function:
    """Parse and compile a formula, such as "x**2 + 3*x + 1" or a program of statements.

    Raises ExpressionError (a ValueError) with the place in the text and the cure, TypeError for what is no text.

    >>> f = function("x*y")
    >>> f.value_and_grad(x=2.0, y=3.0)
    (6.0, {'x': 3.0, 'y': 2.0})
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is a str, not {type(text).__name__}")
    return Function(parse(text))


def _parsed(text: str, variables: Sequence[str], wrt: Sequence[str], named: bool) -> Function:
    """The copy of a function; a constant among the variables was given a value."""
    return Function(parse(text, bound=frozenset(variables)), wrt, named)


class Function:
    """A formula. `variables` are its free names in order of first appearance.

    Points are given as keywords: `f(x=2.0)`, `f(x=[[1, 2], [3, 4]])`. Giving a value to a constant's
    name (`e=3`) or to the prefix of a library makes it a variable of that call.
    """

    def __init__(self, program: Program, wrt: Sequence[str] | None = None, named: bool = False) -> None:
        self.program = program
        self.text = program.text
        self.variables = program.variables
        self.wrt = tuple(program.variables if wrt is None else wrt)
        self._named = list(program.named) if named else []
        self._keys = dict.fromkeys(program.variables).keys()
        self._compiled: dict[tuple[bool, bool], Compiled] = {}
        self._observers: dict[tuple[bool, bool], Observer] = {}
        self._graphs: dict[tuple[bool, bool], Graph] = {}
        self._truths: dict[bool, Truth] = {}
        self._rebound: dict[frozenset[str], Function] = {}
        self._partials = Repeated(self._of_partials)
        self._unnoted: dict[bool, Repeated] = {}
        self.block_tapes: dict[tuple[frozenset[str], str], BlockTape] = {}

    def __repr__(self) -> str:
        return f"gradcli.function({self.text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _parsed, (self.text, self.variables, self.wrt, bool(self._named))

    def __call__(self, /, *numbers: Any, **point: Any) -> Any:
        """The value: a float, or a float64 array; a tuple of them where the text is a tuple of results.

        Raises UsageError where numbers are given by place.
        """
        if numbers:
            raise by_place(numbers, self.variables)
        f, at, arithmetic = self._bind(point)
        outputs = f.compiled(False, arithmetic).outputs(at)
        return _one([arithmetic.plain(y) for y in outputs[: len(f.program.results)]])

    def value_and_grad(self, /, *numbers: Any, **point: Any) -> tuple[float, dict[str, Any]]:
        """The value and the partial derivative by each variable, in the shape of that variable.

        Where the value is NaN all partials are NaN. Raises ValueError where the text is a
        tuple of results, or the result an array of more than one element.
        """
        if numbers:
            raise by_place(numbers, self.variables, "value_and_grad")
        quick = self._partials.function
        if quick is not None:
            try:
                return quick(point)
            except UNSUITED:
                pass
        f, at, arithmetic = self._bind(point)
        found = None if arithmetic.arrays else f._partials(at)
        if found is None:
            compiled = f.compiled(True, arithmetic)
            values = compiled.values(at)
            found = f.gradient([values[i] for i in compiled.tape.outputs], at, arithmetic)
        return found

    def map(self, dtype: Any = "float64", /, *further: Any, **columns: Any) -> tuple[Any, dict[str, Any]]:
        """The value and the partials at every point: `(values, {"x": dxs, ...})`, arrays of one length.

        dtype: the type of all arithmetic and of the results, "float64" or "float32" (half the memory, to the
        accuracy of float32); by place, `f.map("float32", x=xs)`, because every keyword is a variable. A table
        of columns (a dict, a data frame) in its place gives those that the text has.
        columns: for each variable a 1-D array (of NumPy, or anything that converts itself to one), or one
        number for all points; at least one array. Where a value is NaN all its partials are NaN. Raises
        ValueError where lengths differ, and where the text has operations on whole arrays.
        """
        from gradcli.api.map import mapped

        if further:
            raise by_place((dtype, *further), self.variables, "map")
        return mapped(self, columns, dtype)

    def evaluate(self, /, *numbers: Any, **point: Any) -> Evaluation:
        """The value and the partials with the notes on what happened at this point.

        Raises UsageError where numbers are given by place.
        """
        if numbers:
            raise by_place(numbers, self.variables, "evaluate")
        f, at, _ = self._bind(point)
        return f.evaluate_at(at)

    def proven(self, /, *numbers: Any, **point: Any) -> Proven:
        """The value and the partials by ball arithmetic: each the float64 nearest to the true number, or its neighbour.

        The true number is that of the formula at exactly these floats; literals are their float64, `pi` is the real
        number. Raises UsageError and ValueError as `value_and_grad` does, and for arrays of over 10,000 elements.
        """
        if numbers:
            raise by_place(numbers, self.variables, "proven")
        from gradcli.domains.digits import MOST_ELEMENTS, each
        from gradcli.domains.nearest import nearest

        f, at, arithmetic = self._bind(point)
        if arithmetic.arrays and f.size_at(at) > MOST_ELEMENTS:
            raise UsageError(f"proven is for arrays of at most {MOST_ELEMENTS:,} elements", "see value_and_grad")
        found, _ = nearest(f.graph_of(True, arithmetic.arrays), at)
        parts = ([each(x, attrgetter(name)) for x in found] for name in ("value", "bound"))
        return Proven(*[f.gradient(outputs, at, arithmetic) for outputs in parts])

    def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """The same for a mapping of every variable to a float or an array; without the gradient on demand."""
        arithmetic = self._arithmetic(point)
        outputs = None if arithmetic.arrays else self._without_notes(point, gradient)
        if outputs is not None:
            return self.arranged(outputs, point, gradient, arithmetic)
        at = {x: arithmetic.number(x, point[x]) for x in self.variables}
        compiled = self.compiled(gradient, arithmetic)
        values = compiled.values(at)
        evaluation = self.arranged([values[i] for i in compiled.tape.outputs], at, gradient, arithmetic)
        evaluation.notes, evaluation.more = self._observer(gradient, arithmetic).notes(values)
        return evaluation

    def _of_partials(self) -> Any:
        """The function of a point to the value and the partials."""
        return generated(self.compiled(True).tape, self.variables, self.wrt)

    def true_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """The same with true numbers: where the bound on a float's error is over 8 ulp, the nearest float64.

        Arrays stay plain floats but where these overflow, underflow or have no value on the way; so do programs of more
        than 20,000 operations.
        """
        from gradcli.api.truth import MOST_OPERATIONS, Truth

        if self._arithmetic(point).arrays:
            return self._true_arrays(point, gradient)
        if len(self.compiled(gradient).graph.nodes) > MOST_OPERATIONS:
            return self.evaluate_at(point, gradient)
        if gradient not in self._truths:
            labels = ["value", *[f"d/d{x}" for x in self.wrt if gradient]]
            self._truths[gradient] = Truth(
                self.program, self.compiled(gradient), self._observer(gradient, FLOATS), labels
            )
        outputs, notes, more = self._truths[gradient].at(point)
        evaluation = self.arranged(outputs, point, gradient, FLOATS)
        evaluation.notes, evaluation.more = notes, more
        return evaluation

    def _without_notes(self, point: Mapping[str, Any], gradient: bool) -> list[float] | None:
        """The outputs at a point, by a function that is made at the second; None where there may be notes."""
        if gradient not in self._unnoted:
            tape, doubts = self.compiled(gradient).tape, self._observer(gradient, FLOATS).doubts
            self._unnoted[gradient] = Repeated(lambda: generated(tape, self.variables, doubts=doubts()))
        return self._unnoted[gradient](point)

    def _true_arrays(self, point: Mapping[str, Any], gradient: bool) -> Evaluation:
        from gradcli.api.truth import MOST_TRUE_ELEMENTS, true_arrays

        plain, arithmetic = self.evaluate_at(point, gradient), _arrays()
        if not plain.has_lost or self.size_at(point) > MOST_TRUE_ELEMENTS:
            return plain
        at = {x: arithmetic.number(x, point[x]) for x in self.variables}
        outputs = true_arrays(self.graph_of(gradient, True), at)
        return plain if outputs is None else self.arranged(outputs, at, gradient, arithmetic).instead_of(plain)

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
            return Evaluation(shown, _one(results[:count]), None, named=named)
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
        """That of `graph`, made once."""
        key = (gradient, arrays)
        if key not in self._graphs:
            self._graphs[key] = self.graph(gradient, arrays)
        return self._graphs[key]

    def graph(self, gradient: bool = True, arrays: bool = False) -> Graph:
        """The optimised graph of the results and, with gradient, of the partials by `wrt` after them.

        arrays: variables may be arrays. With named also the values of the assigned names and, with
        gradient, their adjoints.
        """
        with Paused():
            return finish(*self._build(gradient, arrays))

    def _build(self, gradient: bool, arrays: bool) -> tuple[Builder, list[int]]:
        """That graph before dead nodes are dropped, and its outputs."""
        program = self.program
        if gradient and len(program.results) > 1:
            raise UsageError("a tuple of results has no single gradient", "differentiate one result at a time")
        assigned = [program.named[x] for x in self._named]
        leaves = [program.leaf[x] for x in self.wrt]
        builder, ids = optimise(program.nodes, [*program.results, *assigned, *leaves], share=not self._named)
        results, ids = ids[: len(program.results)], ids[len(program.results) :]
        assigned, leaves = ids[: len(assigned)], ids[len(assigned) :]
        if not gradient:
            return builder, [*results, *assigned]
        adjoints = differentiate(builder, results[0], [*leaves, *assigned], arrays=arrays)
        zero = builder.number(0.0)
        partials = [adjoints.get(i, zero) for i in leaves]
        by_named = [adjoints.get(i, zero) for i in assigned]
        return builder, [*results, *partials, *assigned, *by_named]

    def annotate(self, point: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
        """For each node of the graph as written its value and its adjoint.

        None where it is dead, and for literals and constants; a tuple of results has no
        adjoints. Where the value is NaN all adjoints are NaN.
        """
        program, arithmetic = self.program, self._arithmetic(point)
        at = {x: arithmetic.number(x, point[x]) for x in self.variables}
        which = live_nodes(program)
        builder, ids = optimise(program.nodes, [*program.results, *which], share=False)
        result, ids = ids[0], ids[len(program.results) :]
        single = len(program.results) == 1
        adjoints = differentiate(builder, result, ids, arrays=arithmetic.arrays) if single else {}
        zero = builder.number(0.0)
        graph = finish(builder, [result, *ids, *[adjoints.get(i, zero) for i in ids]])
        value, *outputs = Compiled(program, graph, arithmetic).outputs(at)
        one = arithmetic.one(value) if single else None
        values: list[Any] = [None] * len(program.nodes)
        derivatives: list[Any] = [None] * len(program.nodes)
        for i, y, adjoint in zip(which, outputs[: len(which)], outputs[len(which) :], strict=True):
            values[i] = arithmetic.plain(y)
            if one is not None and values[i] is not None:
                derivatives[i] = arithmetic.slope(one, adjoint, y)
        return values, derivatives

    def values(self, graph: Graph, point: Mapping[str, Any]) -> list[Any]:
        """The value of each node of a graph over these variables; None for what is no number."""
        arithmetic = self._arithmetic(point)
        every = Graph(graph.nodes, list(range(len(graph.nodes))), graph.origin)
        run = Compiled(self.program, every, arithmetic).outputs({x: arithmetic.number(x, v) for x, v in point.items()})
        return [arithmetic.plain(v) for v in run]

    def compiled(self, gradient: bool, arithmetic: Arithmetic = FLOATS) -> Compiled:
        """The graph of the results, or of these and the partials, ready to run."""
        key = (gradient, arithmetic.arrays)
        if key not in self._compiled:
            with Paused():
                builder, outputs = self._build(gradient, arithmetic.arrays)
                graph = Graph(builder.nodes, outputs, builder.origin)  # a tape passes over dead nodes by itself
                del builder
                self._compiled[key] = Compiled(self.program, graph, arithmetic)
        return self._compiled[key]

    def _observer(self, gradient: bool, arithmetic: Arithmetic) -> Observer:
        key = (gradient, arithmetic.arrays)
        if key not in self._observers:
            graph = self.compiled(gradient, arithmetic).graph
            wrt = self.wrt if gradient else ()
            results = len(self.program.results)
            seen = Graph(graph.nodes, graph.outputs[: results + len(wrt)], graph.origin)
            self._observers[key] = arithmetic.observer(self.program, seen, results, wrt)
        return self._observers[key]

    def needs_arrays(self, point: Mapping[str, Any]) -> bool:
        """Is a value an array, or an operation one on arrays?"""
        return self.program.whole or any(type(x) is not float for x in point.values())

    def size_at(self, point: Mapping[str, Any]) -> int:
        """The number of elements of the largest array on the way to the value; 1 where there are none."""
        arithmetic = self._arithmetic(point)
        if not arithmetic.arrays:
            return 1
        values = self.compiled(False, arithmetic).values({x: arithmetic.number(x, point[x]) for x in self.variables})
        return max((v.size for v in values if hasattr(v, "size")), default=1)

    def _arithmetic(self, point: Mapping[str, Any]) -> Arithmetic:
        return _arrays() if self.needs_arrays(point) else FLOATS

    def _bind(self, point: dict[str, Any]) -> tuple[Function, dict[str, Any], Arithmetic]:
        """The function and the point as floats or arrays; constants that the caller binds become variables."""
        if point.keys() == self._keys and not self.program.whole:
            try:
                return self, {x: v if type(v) is float else as_float(x, v) for x, v in point.items()}, FLOATS
            except NotANumberError:
                pass
        return self._rebind({nfkc(x): v for x, v in point.items()})

    def binding(self, at: Mapping[str, Any]) -> Function:
        """The function with exactly these variables: constants that are bound are variables.

        Raises UsageError, and ExpressionError where a name without a value is no variable, as in `log^2(x)`.
        """
        program = self.program
        extra = frozenset(at) - frozenset(self.variables)
        unknown = [x for x in extra if x not in program.constants and x not in program.prefixes]
        if unknown:
            raise not_a_variable(unknown[0], self.text, self.variables)
        if extra:
            if extra not in self._rebound:
                self._rebound[extra] = Function(parse(self.text, bound=extra))
            return self._rebound[extra].binding(at)
        missing = [x for x in self.variables if x not in at]
        if missing:
            mind_names(program, at)
            raise without_value(missing, self.variables)
        return self

    def _rebind(self, at: dict[str, Any]) -> tuple[Function, dict[str, Any], Arithmetic]:
        f = self.binding(at)
        if not f.program.whole:
            try:
                return f, {x: as_float(x, v) for x, v in at.items()}, FLOATS
            except NotANumberError:
                pass
        arithmetic = _arrays()
        return f, {x: arithmetic.number(x, v) for x, v in at.items()}, arithmetic


def _arrays() -> Arithmetic:
    """The arithmetic of arrays. Loads NumPy."""
    from gradcli.api.on_arrays import ARRAYS

    return ARRAYS


def live_nodes(program: Program) -> list[int]:
    """The operations and variables that the results need."""
    live = reachable(program.nodes, program.results)
    variables = set(program.leaf.values())
    return [i for i, node in enumerate(program.nodes) if live[i] and (not node[0].leaf or i in variables)]


def _one(outputs: list[float]) -> Any:
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


__all__ = ["Function", "function"]
