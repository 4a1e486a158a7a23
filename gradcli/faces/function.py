"""`gradcli.function`: a parsed formula that can be evaluated and differentiated at points."""

from __future__ import annotations

import math

from gradcli.core.collector import Paused
from gradcli.core.graph import Builder, Graph, finish, optimise, reachable
from gradcli.core.reverse import differentiate
from gradcli.errors import UsageError
from gradcli.executors.floats import Tape
from gradcli.faces.notes import Observer
from gradcli.faces.result import Evaluation, Note
from gradcli.language.parser import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.executors.blocks import BlockTape
    from gradcli.faces.array_function import ArrayFunction
    from gradcli.language.program import Program


def function(text: str) -> Function:
    """Parse and compile a formula, such as "x**2 + 3*x + 1" or a program of statements.

    Raises ExpressionError (a ValueError) with the place in the text and the cure.
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is a str, not {type(text).__name__}")
    return Function(parse(text))


class Function:
    """A formula. `variables` are its free names in order of first appearance.

    Points are given as keywords: `f(x=2.0)`, `f(x=[[1, 2], [3, 4]])`. Giving a value to a constant's
    name (`e=3`) or to the prefix of a library makes it a variable of that call.
    """

    on_arrays = False

    def __init__(self, program: Program, wrt: Sequence[str] | None = None, named: bool = False) -> None:
        self.program = program
        self.text = program.text
        self.variables = program.variables
        self.wrt = tuple(program.variables if wrt is None else wrt)
        self._named = list(program.named) if named else []
        self._keys = dict.fromkeys(program.variables).keys()
        self._tapes: dict[bool, Tape] = {}
        self._observers: dict[bool, Observer] = {}
        self._graphs: dict[bool, Graph] = {}
        self._rebound: dict[frozenset[str], Function] = {}
        self._arrays: ArrayFunction | None = None
        self.block_tapes: dict[tuple[frozenset[str], str], BlockTape] = {}

    def __repr__(self) -> str:
        return f"gradcli.function({self.text!r})"

    def __call__(self, /, **point: Any) -> Any:
        """The value: a float, or a float64 array; a tuple of them where the text is a tuple of results."""
        f, at = self._bind(point)
        tape = f._tape(False)
        if f.on_arrays:
            values = f.run(tape, at)  # type: ignore[attr-defined]
            return _one(f.finished([values[i] for i in tape.outputs[: len(f.program.results)]], at, False))  # type: ignore[attr-defined]
        values = tape.run(at)
        return _one([values[i] for i in tape.outputs[: len(f.program.results)]])

    def value_and_grad(self, /, **point: Any) -> tuple[float, dict[str, Any]]:
        """The value and the partial derivative by each variable, in the shape of that variable.

        Where the value is NaN all partials are NaN. Raises ValueError where the text is a
        tuple of results, or the result an array of more than one element.
        """
        f, at = self._bind(point)
        tape = f._tape(True)
        if f.on_arrays:
            values = f.run(tape, at)  # type: ignore[attr-defined]
            value, *partials = f.finished([values[i] for i in tape.outputs], at, True)  # type: ignore[attr-defined]
            return value, dict(zip(f.wrt, partials, strict=True))
        values = tape.run(at)
        value = values[tape.outputs[0]]
        if value != value:
            return value, dict.fromkeys(f.wrt, math.nan)
        return value, dict(zip(f.wrt, [values[i] for i in tape.outputs[1:]], strict=True))

    def map(self, dtype: Any = "float64", /, **columns: Any) -> tuple[Any, dict[str, Any]]:
        """The value and the partials at every point: `(values, {"x": dxs, ...})`, arrays of one length.

        dtype: the type of all arithmetic and of the results, "float64" or "float32" (half the memory, to the
        accuracy of float32); by place, `f.map("float32", x=xs)`, because every keyword is a variable.
        columns: for each variable a 1-D array (of NumPy, or anything that converts itself to one), or one
        number for all points; at least one array. Where a value is NaN all its partials are NaN. Raises
        ValueError where lengths differ, and where the text has operations on whole arrays.
        """
        from gradcli.faces.mapping import mapped

        return mapped(self, columns, dtype)

    def evaluate(self, /, **point: Any) -> Evaluation:
        """The value and the partials with the notes on what happened at this point."""
        f, at = self._bind(point)
        return f.evaluate_at(at)

    def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """The same for a mapping of every variable to a float or an array; without the gradient on demand."""
        if self.needs_arrays(point):
            return self.arrays().evaluate_at(point, gradient)
        tape = self._tape(gradient)
        values = tape.run(point)
        outputs = [values[i] for i in tape.outputs]
        notes, more = self._observer(gradient).notes(values)
        evaluation = self._arranged(outputs, gradient, math.nan if gradient and outputs[0] != outputs[0] else None)
        evaluation.at = {x: point[x] for x in self.variables}
        evaluation.notes, evaluation.more = notes, more
        return evaluation

    def proven_at(self, point: Mapping[str, str], digits: int, gradient: bool = True) -> Evaluation:
        """The same to so many digits, each of them proven; numbers are texts.

        point: for each variable an expression of constants, of which every literal is the
        decimal as written.
        """
        from gradcli.executors.digits import proven

        at = {x: Function(parse(point[x])).graph(False) for x in self.variables}
        if gradient not in self._graphs:
            self._graphs[gradient] = self.graph(gradient)
        graph = self._graphs[gradient]
        found = proven(graph, at, digits)
        evaluation = self._arranged([x.text for x in found], gradient, found[0].text == "NaN" and gradient and "NaN")
        evaluation.at = {x: _as_typed(point[x]) or proven(g, {}, digits)[0].text for x, g in at.items()}
        evaluation.notes = self._undecided(graph, found)
        if not evaluation.notes:
            floats = {x: Tape(g).run({})[g.outputs[0]] for x, g in at.items()}
            rounded = self.evaluate_at(floats, gradient)
            # Overflow is the float's alone; and where a float overflows, what follows is too.
            if all(note.kind != "overflow" for note in rounded.notes):
                evaluation.notes, evaluation.more = rounded.notes, rounded.more
        return evaluation

    def _undecided(self, graph: Graph, found: Sequence[Any]) -> list[Note]:
        notes = {}
        for number in found:
            if not number.decided:
                origin = max(graph.origin[number.node], 0)
                place = self.program.span(origin)
                message = f"{self.text[slice(*place)]:.60} {number.why}"
                notes[place] = Note("undecided", self.program.nodes[origin][0].name, place, message)
        return list(notes.values())

    def _arranged(self, outputs: list[Any], gradient: bool, partial: Any) -> Evaluation:
        """The outputs of a graph as results, partials and named values.

        partial: what every partial is where the value is NaN, else None.
        """
        count = len(self.program.results)
        value, rest = _one(outputs[:count]), outputs[count:]
        if not gradient:
            named = {x: (v, None) for x, v in zip(self._named, rest, strict=True)} if self._named else None
            return Evaluation({}, value, None, named=named)
        grad, rest = rest[: len(self.wrt)], rest[len(self.wrt) :]
        of, by = rest[: len(self._named)], rest[len(self._named) :]
        if partial:
            grad, by = [partial] * len(grad), [partial] * len(by)
        pairs = dict(zip(self._named, zip(of, by, strict=True), strict=True)) if self._named else None
        return Evaluation({}, value, dict(zip(self.wrt, grad, strict=True)), named=pairs)

    def graph(self, gradient: bool = True) -> Graph:
        """The optimised graph of the results and, with gradient, of the partials by `wrt` after them.

        With named also the values of the assigned names and, with gradient, their adjoints.
        """
        with Paused():
            return finish(*self._build(gradient))

    def _build(self, gradient: bool) -> tuple[Builder, list[int]]:
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
        adjoints = differentiate(builder, results[0], [*leaves, *assigned], arrays=self.on_arrays)
        zero = builder.number(0.0)
        partials = [adjoints.get(i, zero) for i in leaves]
        by_named = [adjoints.get(i, zero) for i in assigned]
        return builder, [*results, *partials, *assigned, *by_named]

    def annotate(self, point: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
        """For each node of the graph as written its value and its adjoint.

        None where it is dead, and for literals and constants; a tuple of results has no
        adjoints. Where the value is NaN all adjoints are NaN.
        """
        if self.needs_arrays(point):
            return self.arrays().annotate(point)
        program = self.program
        which = live_nodes(program)
        builder, ids = optimise(program.nodes, [*program.results, *which], share=False)
        result, ids = ids[0], ids[len(program.results) :]
        single = len(program.results) == 1
        adjoints = differentiate(builder, result, ids) if single else {}
        zero = builder.number(0.0)
        tape = Tape(finish(builder, [result, *ids, *[adjoints.get(i, zero) for i in ids]]))
        run = tape.run(point)
        values: list[float | None] = [None] * len(program.nodes)
        derivatives: list[float | None] = [None] * len(program.nodes)
        undefined = run[tape.outputs[0]] != run[tape.outputs[0]]
        outputs = tape.outputs[1:]
        for i, value, adjoint in zip(which, outputs[: len(which)], outputs[len(which) :], strict=True):
            values[i] = run[value]
            if single:
                derivatives[i] = math.nan if undefined else run[adjoint]
        return values, derivatives

    def values(self, graph: Graph, point: Mapping[str, Any]) -> list[Any]:
        """The value of each node of a graph over these variables."""
        return Tape(graph).run(point)

    def _tape(self, gradient: bool) -> Tape:
        if gradient not in self._tapes:
            with Paused():
                builder, outputs = self._build(gradient)
                graph = Graph(builder.nodes, outputs, builder.origin)  # a tape passes over dead nodes by itself
                del builder
                self._tapes[gradient] = Tape(graph)
        return self._tapes[gradient]

    def _observer(self, gradient: bool) -> Observer:
        if gradient not in self._observers:
            graph = self._tape(gradient).graph
            results = len(self.program.results)
            seen = graph.outputs[: results + (len(self.wrt) if gradient else 0)]
            wrt = self.wrt if gradient else ()
            self._observers[gradient] = Observer(self.program, Graph(graph.nodes, seen, graph.origin), results, wrt)
        return self._observers[gradient]

    def needs_arrays(self, point: Mapping[str, Any]) -> bool:
        """Is a value an array, or an operation one on arrays?"""
        return self.program.whole or any(type(x) is not float for x in point.values())

    def arrays(self) -> ArrayFunction:
        """The same function on arrays. Loads NumPy."""
        if self._arrays is None:
            from gradcli.faces.array_function import ArrayFunction

            self._arrays = ArrayFunction(self.program, self.wrt, named=bool(self._named))
        return self._arrays

    def _bind(self, point: dict[str, Any]) -> tuple[Function, dict[str, Any]]:
        """The function and the point as floats or arrays; constants that the caller binds become variables."""
        if point.keys() == self._keys and not self.program.whole:
            try:
                return self, {x: v if type(v) is float else as_float(x, v) for x, v in point.items()}
            except NotANumberError:
                pass
        from gradcli.language.names import nfkc

        return self._rebind({nfkc(x): v for x, v in point.items()})

    def binding(self, at: Mapping[str, Any]) -> Function:
        """The function with exactly these variables: constants that are bound are variables. Raises UsageError."""
        program = self.program
        extra = frozenset(at) - frozenset(self.variables)
        unknown = [x for x in extra if x not in program.constants and x not in program.prefixes]
        if unknown:
            raise UsageError(f"{unknown[0]} is not a variable of {_short(self.text)}", _listed(self.variables))
        if extra:
            if extra not in self._rebound:
                self._rebound[extra] = Function(parse(self.text, bound=extra))
            return self._rebound[extra].binding(at)
        missing = [x for x in self.variables if x not in at]
        if missing:
            call = ", ".join(f"{x}=..." for x in self.variables)
            raise UsageError(f"{', '.join(missing)} has no value", f"call it as f({call})")
        return self

    def _rebind(self, at: dict[str, Any]) -> tuple[Function, dict[str, Any]]:
        f = self.binding(at)
        if not f.program.whole:
            try:
                return f, {x: as_float(x, v) for x, v in at.items()}
            except NotANumberError:
                pass
        from gradcli.faces.array_function import as_array

        return f.arrays(), {x: as_array(x, v) for x, v in at.items()}


class NotANumberError(Exception):
    """A value is not one number; it may be an array."""


def live_nodes(program: Program) -> list[int]:
    """The operations and variables that the results need."""
    live = reachable(program.nodes, program.results)
    variables = set(program.leaf.values())
    return [i for i, node in enumerate(program.nodes) if live[i] and (not node[0].leaf or i in variables)]


def as_float(name: str, value: Any) -> float:
    """A number of any numeric type as a float. Raises NotANumberError for lists and arrays, UsageError for the rest."""
    if isinstance(value, list | tuple) or getattr(value, "shape", ()) != ():
        raise NotANumberError
    if isinstance(value, (str, bytes)) or value is None:
        raise UsageError(f"{name} is not a number: {value!r:.60}", "give one number to each variable")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except TypeError:
        raise UsageError(f"{name} is not a number: {value!r:.60}", "give one number to each variable") from None


def _as_typed(text: str) -> str | None:
    """The text of a value, where it is a plain decimal."""
    bare = text.strip().removeprefix("-")
    return text.strip() if bare.isascii() and bare.replace(".", "", 1).isdigit() else None


def _one(outputs: list[float]) -> Any:
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _listed(variables: Sequence[str]) -> str:
    return f"its variables are {', '.join(variables)}" if variables else "it has no variables"


__all__ = ["Function", "function"]
