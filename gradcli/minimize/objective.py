"""The expression as a function of one long vector: value, gradient, and Hessian times a vector.

All derivatives are exact: the gradient is a graph, and the Hessian times a vector is the
gradient of that graph's product with the vector (reverse over reverse).
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from gradcli.api.compiled import Compiled
from gradcli.api.function import Function
from gradcli.api.hessian import Hessian
from gradcli.api.on_arrays import ARRAYS
from gradcli.api.on_floats import FLOATS
from gradcli.core.graph import NUMBER, VARIABLE, Graph, finish, optimise
from gradcli.core.ops import by_name
from gradcli.domains.level_tape import LevelTape
from gradcli.domains.staged_tape import StagedTape
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Builder
    from gradcli.language.program import Program

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    _Products = tuple[Callable[[Vector], Any], Callable[[Vector], Any]]


WARM = 2_000_000
LARGE = 2_000  # operations; fewer are one function of Python
TRUE = 100  # of so many variables the verdict asks for true numbers
BENT = 10  # and of so many for true second derivatives


class Objective:
    """The function to minimise.

    start: for each free variable where it starts, a number or an array, in order; fixed: the
    values of all others; sign: -1.0 where the expression is to be as large as possible, else 1.0: value and derivatives
    are those of the expression times it. `evaluations` counts values, gradients and products with the Hessian.

    >>> from gradcli.language.parser import parse
    >>> objective = Objective(parse("x**2 + a*y"), {"x": 3.0, "y": 1.0}, {"a": 2.0})
    >>> objective.value(objective.start)
    11.0
    """

    def __init__(
        self, program: Program, start: Mapping[str, Any], fixed: Mapping[str, Any], *, maximize: bool = False
    ) -> None:
        """maximize: take the function with its sign changed.

        Raises ExpressionError where shapes do not go together, UsageError where the result is no number."""
        self.program = program
        self.names = list(start)
        self.shapes = [np.shape(value) for value in start.values()]
        self.start = np.concatenate([np.ravel(np.asarray(v, np.float64)) for v in start.values()])
        self.evaluations = 0
        self.sign = -1.0 if maximize else 1.0
        ends = np.cumsum([math.prod(shape) for shape in self.shapes]).tolist()
        self._places = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]
        self._arrays = any(np.ndim(v) for v in (*start.values(), *fixed.values())) or program.whole
        self._number: Any = np.float64 if self._arrays else float
        self._fixed = {x: np.asarray(v, np.float64)[()] if self._arrays else float(v) for x, v in fixed.items()}
        builder, result, _ = self._builder()
        graph, self._value = self._of_vector(builder, [result])
        self._mind_size()
        np.empty(WARM)  # glibc hands freed memory back at once until a block as large as this was freed
        builder, result, leaves = self._builder()
        _, self._gradient = self._of_vector(builder, [result, *self._adjoints(builder, result, leaves)])
        self._products: _Products | None = None
        self._at: Vector | None = None  # where the products are taken
        self._function: Function | None = None  # for true numbers
        self._second: Hessian | None = None
        self.kinked = _kinked(graph)

    @property
    def size(self) -> int:
        """How many numbers the vector has."""
        return self.start.size

    def point(self, x: Vector) -> dict[str, Any]:
        """The vector as variables: numbers and arrays."""
        return dict(zip(self.names, self._parts(x), strict=True))

    def value(self, x: Vector) -> float:
        """The value there."""
        self.evaluations += 1
        (value,) = self._value(x)
        return self.sign * float(np.reshape(value, ()))

    def gradient(self, x: Vector) -> tuple[float, Vector]:
        """The value and the gradient; where the value is NaN so is the gradient."""
        self.evaluations += 1
        found = self._gradient(x)
        value = self.sign * float(np.reshape(found[0], ()))
        gradient = self.sign * self._joined(found[1:])
        return value, gradient if value == value else np.full_like(gradient, math.nan)

    def true_numbers(self, x: Vector, value: float, gradient: Vector) -> tuple[float, Vector]:
        """Value and gradient without what rounding did to them: of numbers, where there are not too many.

        value, gradient: what plain floats give, which stands where nothing better is known.
        """
        if self._arrays or self.size > TRUE:
            return value, gradient
        if self._function is None:
            self._function = Function(self.program, self.names)
        found = self._function.true_at({**self._fixed, **self.point(x)})
        true = self.sign * np.array([(found.grad or {})[name] for name in self.names])
        whole = math.isfinite(found.value) and np.isfinite(true).all()
        return (self.sign * found.value, true) if whole else (value, gradient)

    def true_hessian(self, x: Vector) -> Vector | None:
        """The whole matrix without what rounding did to it: of few numbers, and where all of it is finite."""
        if self._arrays or self.size > BENT:
            return None
        if self._second is None:
            self._second = Hessian(self.program, self.names)
        found: Any = self._second.true_at({**self._fixed, **self.point(x)})
        matrix: Vector = self.sign * found.matrix.dense()
        return matrix if np.isfinite(matrix).all() else None

    def product(self, x: Vector, direction: Vector) -> Vector:
        """The Hessian at x times a direction; what depends on x alone is computed once in a row."""
        self.evaluations += 1
        if self._products is None:
            self._products = self._products_of(*self._second_order())
        at, times = self._products
        if self._at is None or not np.array_equal(self._at, x):
            at(x)
            self._at = x.copy()
        return self.sign * self._joined(times(direction))

    def hessian(self, x: Vector) -> Vector:
        """The whole matrix, by one product a column; symmetric to the last bit."""
        matrix = np.stack([self.product(x, unit) for unit in np.eye(self.size)])
        return (matrix + matrix.T) / 2

    def _mind_size(self) -> None:
        (value,) = self._value(self.start)
        if np.size(value) != 1:
            shape = np.shape(value)
            raise UsageError(f"the result has the shape {shape}; a minimum is of one number", "add .sum() or .mean()")

    def _parts(self, x: Vector) -> list[Any]:
        """The number or the array of each variable."""
        return [
            x[place].reshape(shape) if shape else self._number(x[place.start])
            for place, shape in zip(self._places, self.shapes, strict=True)
        ]

    def _joined(self, parts: Sequence[Any]) -> Vector:
        if isinstance(parts, np.ndarray):
            return parts
        if not self._arrays:
            return np.array(parts, np.float64)
        named = zip(parts, self.shapes, strict=True)
        return np.concatenate([np.broadcast_to(np.asarray(p, np.float64), shape).ravel() for p, shape in named])

    def _builder(self) -> tuple[Builder, int, list[int]]:
        leaves = [self.program.leaf[x] for x in self.names]
        builder, (result, *leaves) = optimise(self.program.nodes, [self.program.results[0], *leaves])
        return builder, result, leaves

    def _adjoints(self, builder: Builder, output: int, leaves: list[int]) -> list[int]:
        adjoints = self.program.differentiate(builder, output, leaves, arrays=self._arrays)
        return [adjoints.get(i, builder.number(0.0)) for i in leaves]

    def _second_order(self) -> tuple[Builder, list[int]]:
        """The gradient's product with a direction, differentiated."""
        builder, result, leaves = self._builder()
        total = builder.number(0.0)
        for name, g in zip(self.names, self._adjoints(builder, result, leaves), strict=True):
            product = builder.make(by_name("mul"), builder.intern((VARIABLE, _direction(name))), g)
            if self._arrays:
                product = builder.make(by_name("sum"), product, builder.literal(None), builder.number(0.0))
            total = builder.make(by_name("add"), total, product)
        return builder, self._adjoints(builder, total, leaves)

    def _of_vector(self, builder: Builder, outputs: list[int]) -> tuple[Graph, Callable[[Vector], Any]]:
        """The graph of some outputs, and they as a function of the vector."""
        graph = Graph(builder.nodes, outputs, builder.origin)
        levels = self._levels(graph, self.names)
        if levels is not None:
            return graph, partial(levels.outputs, 1)
        compiled = Compiled(self.program, graph, ARRAYS if self._arrays else FLOATS)
        return compiled.graph, lambda x: compiled.outputs({**self._fixed, **self.point(x)})

    def _products_of(self, builder: Builder, outputs: list[int]) -> _Products:
        """What takes a point, and what then takes direction after direction."""
        graph = finish(builder, outputs)
        directions = [_direction(name) for name in self.names]
        levels = self._levels(graph, self.names, directions)
        if levels is not None:
            return partial(levels.give, 1), partial(levels.outputs, 2)

        def named(v: Vector) -> dict[str, Any]:
            return dict(zip(directions, self._parts(v), strict=True))

        if self._arrays:
            example = {**self._fixed, **self.point(self.start), **named(self.start)}
            staged = StagedTape(graph, directions, example)
            return lambda x: staged.early({**self._fixed, **self.point(x)}), lambda v: staged.outputs(named(v))
        compiled, point = Compiled(self.program, graph, FLOATS), dict(self._fixed)
        return lambda x: point.update(self.point(x)), lambda v: compiled.outputs({**point, **named(v)})

    def _levels(self, graph: Graph, *given: list[str]) -> LevelTape | None:
        """The graph by levels, where it is large and that pays; its vectors from the second on are given."""
        if self._arrays or len(graph.nodes) < LARGE:
            return None
        tape = LevelTape(graph, [list(self._fixed), *given])
        tape.give(0, list(self._fixed.values()))
        return tape if tape.pays else None


def _kinked(graph: Graph) -> bool:
    """Can there be kinks? Also where the argument of a root touches 0: sqrt(x^2 + y^2)."""
    for op, *operands in graph.nodes:
        if op.kink or op.decides or op.name in ("sqrt", "cbrt"):
            return True
        if op.name == "pow" and (graph.nodes[operands[1]][0] is not NUMBER or graph.nodes[operands[1]][1] % 1):
            return True
    return False


def _direction(name: str) -> str:
    """A name that no variable can have."""
    return f"direction of {name}"
