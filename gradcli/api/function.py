"""`gradcli.function`: a parsed formula, and what can be asked of it in Python."""

from __future__ import annotations

from gradcli.api.compiled import generated
from gradcli.api.evaluation import Evaluation, Proven
from gradcli.api.formula import Formula, array_arithmetic, one_or_all
from gradcli.api.on_floats import FLOATS, NotANumberError, as_float
from gradcli.core.graph import Graph
from gradcli.domains.float_tape import UNSUITED, Repeated
from gradcli.errors import UsageError
from gradcli.language.names import nfkc
from gradcli.language.parser import mind_names, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.formula_graph import WrittenGraph
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
    return Function(_with_variables(text, variables), wrt, named)


def _with_variables(text: str, variables: Sequence[str]) -> Program:
    """The program with these variables, also with those that its text does not need."""
    program = parse(text, bound=frozenset(variables))
    program.take_variables(variables)
    return program


class Function(Formula):
    """A formula. `variables` are its free names in order of first appearance.

    Points are given as keywords: `f(x=2.0)`, `f(x=[[1, 2], [3, 4]])`. Giving a value to a constant's
    name (`e=3`) or to the prefix of a library makes it a variable of that call.
    """

    def __init__(self, program: Program, wrt: Sequence[str] | None = None, named: bool = False) -> None:
        super().__init__(program, wrt, named)
        self._keys = dict.fromkeys(program.variables).keys()
        self._of_rows: dict[type[Formula], Formula] = {}
        self._rebound: dict[frozenset[str], Function] = {}
        self._partials = Repeated()
        self.block_tapes: dict[tuple[frozenset[str], str], Any] = {}

    def __repr__(self) -> str:
        return f"gradcli.function({self.text!r})"

    def _repr_html_(self) -> str:
        from gradcli.api.notebook import function_html

        return function_html(self.program, self.wrt)

    def _repr_latex_(self) -> str | None:
        from gradcli.api.notebook import function_latex

        return function_latex(self.program, self.wrt)

    def __reduce__(self) -> tuple[Any, ...]:
        return _parsed, (self.text, self.variables, self.wrt, bool(self._named))

    def __call__(self, /, *numbers: Any, **point: Any) -> Any:
        """The value: a float, or a float64 array; a tuple of them where the text is a tuple of results.

        Raises UsageError where numbers are given by place.
        """
        if numbers:
            raise self._by_place(numbers)
        f, at, arithmetic = self._bind(point)
        outputs = f.compiled(False, arithmetic).outputs(at)
        return one_or_all([arithmetic.plain(y) for y in outputs[: len(f.program.results)]])

    def value_and_grad(self, /, *numbers: Any, **point: Any) -> tuple[float, dict[str, Any]]:
        """The value and the partial derivative by each variable, in the shape of that variable.

        Where the value is NaN all partials are NaN. Raises ValueError where the text is a
        tuple of results, or the result an array of more than one element.
        """
        if numbers:
            raise self._by_place(numbers, "value_and_grad")
        quick = self._partials.function
        if quick is not None:
            try:
                return quick(point)
            except UNSUITED:
                pass
        f, at, arithmetic = self._bind(point)
        found = None if arithmetic.arrays else f._partials(f._of_partials, at)
        if found is None:
            compiled = f.compiled(True, arithmetic)
            values = compiled.values(at)
            found = f.gradient([values[i] for i in compiled.tape.outputs], at, arithmetic)
        return found

    def map(self, /, *names: Any, **columns: Any) -> tuple[Any, dict[str, Any]]:
        """The value and the partials at every point: `(values, {"x": dxs, ...})`, arrays of one length.

        names: by place, because every keyword is a variable: the type of all arithmetic and of the results,
        "float64" (the default) or "float32" (half the memory, to the accuracy of float32, or of float64 rounded where
        it is compiled); the executor, "blocks" or "compiled" (machine code, which needs llvmlite); by default
        compiled code runs where that pays, which hangs on the text and the number of points. A table of columns (a
        dict, a data frame) among them gives those that the text has.
        columns: for each variable a 1-D array (of NumPy, or anything that converts itself to one), or one
        number for all points; at least one array. Where a value is NaN all its partials are NaN. Raises
        ValueError where lengths differ, and where the text has operations on whole arrays.
        """
        from gradcli.api.map import mapped

        return mapped(self, columns, *names)

    def hess(self, /, *numbers: Any, **point: Any) -> tuple[float, dict[str, Any], dict[str, dict[str, Any]]]:
        """The value, the partials and the second partials: `hess["x"]["y"]`, of arrays in the shape of x, then of y.

        Raises as `value_and_grad` does.

        >>> function("x**2*y").hess(x=3.0, y=5.0)[2]
        {'x': {'x': 10.0, 'y': 6.0}, 'y': {'x': 6.0, 'y': 0.0}}
        """
        if numbers:
            raise self._by_place(numbers, "hess")
        from gradcli.api.hessian import Hessian

        f, at, _ = self._bind(point)
        found: Any = f._with_rows_of(Hessian).evaluate_at(at)
        return found.value, found.grad, found.matrix.nested()

    def jac(self, /, *numbers: Any, **point: Any) -> tuple[tuple[Any, ...], list[dict[str, Any]]]:
        """The results, and of each the partials; of arrays in the shape of the result, then of the variable.

        Raises UsageError where numbers are given by place.

        >>> function("x*y, x + y").jac(x=3.0, y=5.0)
        ((15.0, 8.0), [{'x': 5.0, 'y': 3.0}, {'x': 1.0, 'y': 1.0}])
        """
        if numbers:
            raise self._by_place(numbers, "jac")
        from gradcli.api.jacobian import Jacobian

        f, at, _ = self._bind(point)
        found: Any = f._with_rows_of(Jacobian).evaluate_at(at)
        return found.value, found.jac

    def diff(self, *names: str) -> Any:
        """The derivative as a Function of the same variables: `.text` is its formula. By one variable after another.

        Without names a dict of all first partials. Raises UsageError where a name is no variable, and where no formula
        says the derivative, as of most operations on arrays.

        >>> function("x**2 + 3*x + 1").diff("x").text
        '3 + 2*x'
        """
        from gradcli.api.derivative import mixed, partials, text_of

        for name in names:
            if name not in self.variables:
                from gradcli.api.call_mistakes import not_a_variable

                raise not_a_variable(name, self.text, self.variables)
        if names:
            return Function(_with_variables(text_of(mixed(self.program, names)), self.variables))
        texts = {x: text_of(graph) for x, graph in partials(self.program, self.wrt).items()}
        return {x: Function(_with_variables(text, self.variables)) for x, text in texts.items()}

    def graph(self, /, *numbers: Any, **point: Any) -> WrittenGraph:
        """The graph as written, which a notebook draws; at a point each node has its value and its adjoint.

        Raises UsageError where numbers are given by place.
        """
        if numbers:
            raise self._by_place(numbers, "graph")
        from gradcli.api.formula_graph import WrittenGraph

        if not point:
            return WrittenGraph(self)
        f, at, _ = self._bind(point)
        return WrittenGraph(f, at)

    def _with_rows_of(self, kind: type[Formula]) -> Formula:
        """The same formula with rows of derivatives, made once."""
        if kind not in self._of_rows:
            self._of_rows[kind] = kind(self.program, self.wrt)
        return self._of_rows[kind]

    def taylor(self, order: int, wrt: str | None = None, /, **point: Any) -> list[float]:
        """The Taylor coefficients about a point up to an order, each the nearest float64 to the true one.

        wrt: the variable, by place, where there are several. Raises UsageError, and NoSeriesError where there is no
        series: at a kink, a step, a pole.

        >>> function("exp(x)").taylor(3, x=0)
        [1.0, 1.0, 0.5, 0.16666666666666666]
        """
        from gradcli.api.taylor import taylor_of

        f, at, arithmetic = self._bind(point)
        if arithmetic.arrays:
            raise UsageError("a Taylor series is of one number", "write one result without arrays")
        return taylor_of(f.program, wrt, order, at)

    def evaluate(self, /, *numbers: Any, **point: Any) -> Evaluation:
        """The value and the partials with the notes on what happened at this point.

        Raises UsageError where numbers are given by place.
        """
        if numbers:
            raise self._by_place(numbers, "evaluate")
        f, at, _ = self._bind(point)
        return f.evaluate_at(at)

    def proven(self, /, *numbers: Any, **point: Any) -> Proven:
        """The value and the partials by ball arithmetic: each the float64 nearest to the true number, or its neighbour.

        The true number is that of the formula at exactly these floats; literals are their float64, `pi` is the real
        number. Raises UsageError and ValueError as `value_and_grad` does, and for arrays of over 10,000 elements.
        """
        if numbers:
            raise self._by_place(numbers, "proven")
        from operator import attrgetter

        from gradcli.domains.digits import MOST_ELEMENTS, each
        from gradcli.domains.nearest import nearest

        f, at, arithmetic = self._bind(point)
        if arithmetic.arrays and f.size_at(at) > MOST_ELEMENTS:
            raise UsageError(f"proven is for arrays of at most {MOST_ELEMENTS:,} elements", "see value_and_grad")
        found, _ = nearest(f.graph_of(True, arithmetic.arrays), at)
        parts = ([each(x, attrgetter(name)) for x in found] for name in ("value", "bound"))
        return Proven(*[f.gradient(outputs, at, arithmetic) for outputs in parts])

    def _of_partials(self) -> Any:
        """The function of a point to the value and the partials."""
        return generated(self.compiled(True).tape, self.variables, self.wrt)

    def annotate(self, point: Mapping[str, Any], *, true: bool = False) -> tuple[list[Any], list[Any]]:
        """For each node of the graph as written its value and its adjoint; with true as `true_at` gives them.

        None where it is dead, and for literals and constants; variables that are not in `wrt` and a tuple of results
        have no adjoints. Where the value is NaN all adjoints are NaN.
        """
        from gradcli.api.annotation import annotated

        return annotated(self, point, true)

    def values(self, graph: Graph, point: Mapping[str, Any], *, true: bool = False) -> list[Any]:
        """The value of each node of a graph over these variables; None for what is no number. true: as `true_at`."""
        arithmetic = self.arithmetic(point)
        every = Graph(graph.nodes, list(range(len(graph.nodes))), graph.origin)
        at = {x: arithmetic.number(x, v) for x, v in point.items()}
        return [arithmetic.plain(v) for v in self.outputs_of(every, at, arithmetic, true)]

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
            from gradcli.api.call_mistakes import not_a_variable

            raise not_a_variable(unknown[0], self.text, self.variables)
        if extra:
            if extra not in self._rebound:
                self._rebound[extra] = Function(parse(self.text, bound=extra))
            return self._rebound[extra].binding(at)
        missing = [x for x in self.variables if x not in at]
        if missing:
            from gradcli.api.call_mistakes import without_value

            mind_names(program, at)
            raise without_value(missing, self.variables)
        return self

    def _by_place(self, numbers: Sequence[Any], method: str = "") -> UsageError:
        from gradcli.api.call_mistakes import by_place  # for mistakes alone

        return by_place(numbers, self.variables, method)

    def _rebind(self, at: dict[str, Any]) -> tuple[Function, dict[str, Any], Arithmetic]:
        f = self.binding(at)
        if not f.program.whole:
            try:
                return f, {x: as_float(x, v) for x, v in at.items()}, FLOATS
            except NotANumberError:
                pass
        arithmetic = array_arithmetic()
        return f, {x: arithmetic.number(x, v) for x, v in at.items()}, arithmetic


__all__ = ["Function", "function"]
