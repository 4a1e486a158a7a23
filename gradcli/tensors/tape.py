"""Tapes: a gradient program as a list of function calls and nothing else, for tensors of known shapes a shorter one."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.graph import reachable
from gradcli.core.op import VALUE
from gradcli.core.ops import by_name
from gradcli.core.ops.sums import total
from gradcli.core.passes.shapes import shapes
from gradcli.domains.float_tape import call
from gradcli.domains.floats import FLOATS
from gradcli.tensors.bound_op import function_of
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gradcli.core.graph import Graph
    from gradcli.core.op import Op
    from gradcli.core.passes.shapes import Shape

_MATCH, _TRANSPOSE, _ANY_LIKE, _EXPAND = map(by_name, ("match", "transpose", "any_like", "expand"))
_LEFT, _RIGHT = by_name("left_of_product"), by_name("right_of_product")
_OPERATORS: dict[Any, str] = {
    operator.add: "{} + {}", operator.sub: "{} - {}", operator.mul: "{} * {}", operator.neg: "-{}",
    operator.truediv: "{} / {}",
}  # fmt: skip
_FEW = 64  # rows that BLAS adds to two roundings


class TensorTape:
    """The calls for a graph whose variables are places in a list of so many values.

    shape: of the value of each node, where that is known; fresh: for each output whether no other value shares its
    memory, so that it need not be copied.
    """

    def __init__(self, graph: Graph, size: int, on_floats: bool, shape: Sequence[Shape] | None = None) -> None:
        self._graph = graph
        self._on_floats = on_floats
        nodes, live = graph.nodes, reachable(graph.nodes, graph.outputs)
        self._constants = [node[1] for i, node in enumerate(nodes) if live[i] and node[0] is VALUE]
        self._start = size + len(self._constants)
        self._rows: list[tuple[Op, tuple[int, ...]]] = []
        self._steps: list[Any] = []
        self._place: dict[int, int] = {}
        constants = iter(range(size, self._start))
        for i, (row, *operands) in enumerate(nodes):
            if not live[i]:
                continue
            if row.leaf:
                self._place[i] = next(constants) if row is VALUE else operands[0] % size
                continue
            self._place[i] = self._start + len(self._steps)
            if on_floats:
                function: Any = on_floats_of(row)
            else:
                function = function_of(row) if shape is None else _function(row, [shape[k] for k in operands])
            places = tuple([self._place[k] for k in operands])
            self._rows.append((row, places))
            self._steps.append(compiled(function, places))
        self._outputs = [self._place[i] for i in graph.outputs]
        self.fresh = [on_floats] * len(self._outputs) if on_floats or shape is None else self._fresh()

    def _fresh(self) -> list[bool]:
        uses = self._outputs[:]
        for row, places in self._rows:
            if not row.fresh:
                uses += places
        answer = []
        for k in self._outputs:
            own = k >= self._start and uses.count(k) == 1
            answer.append(own and self._rows[k - self._start][0].fresh)
        return answer

    def run(self, values: list[Any]) -> list[Any]:
        """The outputs; the values of all other nodes are added to what is given."""
        values += self._constants
        if self._on_floats:
            run_floats(self._steps, self._rows, values)
        else:
            token = set_errors(IGNORE)
            try:
                run_steps(self._steps, values)
            finally:
                reset_errors(token)
        return [values[k] for k in self._outputs]

    def as_function(self) -> Callable[..., tuple[Any, ...]]:
        """The outputs as a function of the values of the variables: for rules of a few steps that run very often.

        It raises ArithmeticError, ValueError where a step on floats does: then `run` has the IEEE value.
        """
        size = self._start - len(self._constants)
        lines = []
        for n, (function, a, b) in enumerate(self._steps):
            operands = [f"v{k}" for k in (b if a < 0 else (a,) if b < 0 else (a, b))]
            text = _OPERATORS.get(function, f"f{n}({', '.join(operands)})")
            lines.append(f"v{self._start + n} = {text.format(*operands)}")
        lines.append(f"return {''.join([f'v{k}, ' for k in self._outputs]) or '()'}")
        given = {f"f{n}": step[0] for n, step in enumerate(self._steps)}
        given.update({f"v{size + n}": constant for n, constant in enumerate(self._constants)})
        text = f"def rule({', '.join([f'v{k}' for k in range(size)])}):\n " + "\n ".join(lines)
        exec(compile(text, "<rule>", "exec"), given)
        return given["rule"]

    def shortened(self, values: Sequence[Any], size: int) -> TensorTape:
        """The tape for what has the shapes of these values, which a run left: of the whole graph."""
        at = [values[self._place[i]] for i in range(len(self._graph.nodes))]
        shape = [() if self._on_floats or v is None or isinstance(v, (tuple, slice)) else np.shape(v) for v in at]

        def number(i: int) -> Any:
            value = at[i]
            is_truth = isinstance(value, (bool, np.bool_)) or getattr(value, "dtype", None) == np.bool_
            return float(value) if isinstance(value, (float, np.ndarray)) and not is_truth else value

        graph, found = shapes(self._graph, shape, number)
        return TensorTape(graph, size, self._on_floats, found)


def _function(row: Any, shapes: list[tuple[int, ...]]) -> Callable[..., Any]:
    """The row's function, or where the shapes allow it a shorter way to the same value."""
    if row is _LEFT and len(shapes[0]) == len(shapes[1]) == len(shapes[2]) == 2:
        return lambda g, like, y: np.dot(g, y.T)
    if row is _RIGHT and len(shapes[0]) == len(shapes[1]) == len(shapes[2]) == 2:
        return lambda g, x, like: np.dot(x.T, g)
    if row is _TRANSPOSE:
        return lambda x: x.T
    if row is _MATCH and shapes[0][len(shapes[0]) - len(shapes[1]) :] == shapes[1]:
        if not shapes[1]:
            return lambda c, like: np.add.reduce(c, None)
        if len(shapes[0]) == 2 and len(shapes[1]) == 1 and shapes[0][0] <= _FEW:
            ones = np.ones(shapes[0][0])  # a product of BLAS is faster than the sum over the first axis
            return lambda c, like: np.dot(ones, c)
        lead = tuple(range(len(shapes[0]) - len(shapes[1])))
        if math.prod(shapes[1]) == 1:
            return lambda c, like: np.add.reduce(c, lead) if c.flags.c_contiguous else total(np, c, lead)
        return lambda c, like: total(np, c, lead)
    if row is _EXPAND and not shapes[0]:
        shape, strides = shapes[1], (0,) * len(shapes[1])

        def spread(x: Any, *how: Any) -> np.ndarray:  # np.broadcast_to takes four microseconds
            x = np.asarray(x)
            return np.ndarray(shape, x.dtype, x, 0, strides)

        return spread
    if row is _MATCH and len(shapes[0]) == len(shapes[1]) and all(n in (1, m) for m, n in zip(*shapes, strict=True)):
        narrow = tuple(k for k, (m, n) in enumerate(zip(*shapes, strict=True)) if m != n)
        return lambda c, like: total(np, c, narrow, True)
    return function_of(row)


def on_floats_of(row: Any) -> Callable[..., float] | None:
    """The row's function on floats."""
    return _first if row in (_MATCH, _ANY_LIKE) else None if row.whole else FLOATS[row.name]


def _first(x: float, like: float) -> float:
    return x


def compiled(f: Any, operands: tuple[int, ...]) -> tuple[Any, int, Any]:
    """A step as (function, first operand, second or -1); with more operands (function, -1, all of them)."""
    if len(operands) > 2:
        return f, -1, operands
    return f, operands[0], operands[1] if len(operands) == 2 else -1


def run_steps(steps: Iterable[Any], values: list[Any]) -> None:
    """Append the value of each step."""
    append = values.append
    for f, a, b in steps:
        if a < 0:
            append(f(*[values[k] for k in b]))
        elif b < 0:
            append(f(values[a]))
        else:
            append(f(values[a], values[b]))


def run_floats(steps: list[Any], rows: list[tuple[Any, tuple[int, ...]]], values: list[Any]) -> None:
    """The same on floats; a step that raises gets its IEEE value and the run goes on."""
    remaining, start = iter(steps), len(values)
    while True:
        try:
            run_steps(remaining, values)
            return
        except (ArithmeticError, ValueError):
            row, operands = rows[len(values) - start]
            values.append(call(row, [values[k] for k in operands]))
