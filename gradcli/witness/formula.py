"""A formula in sympy, built node by node from the graph as written, and differentiated by sympy.

No text reaches sympy: variables are symbols by number, literals the rational numbers that
their float64 are.
"""

from __future__ import annotations

import sympy

from gradcli.core.graph import Graph
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import TABLE
from gradcli.core.passes.chains import chains
from gradcli.core.passes.dead import dead
from gradcli.core.structure import ELLIPSIS, NOTHING, SLICE, TUPLE
from gradcli.domains.run import run
from gradcli.domains.symbols import SYMBOLS, literal
from gradcli.witness.direction import direction
from gradcli.witness.evaluation import evaluate, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.domains.objects import Objects


class Formula:
    """A formula and its partials, each differentiated when it is first asked for.

    task: `nodes`, a list of ("variable", number), ("number", float, None), ("constant", name) or
    (name of the operation, *ids); `output`, an id; `wrt`, numbers of variables.
    """

    def __init__(self, task: dict[str, Any]) -> None:
        self._task = task
        self._shapes: list[Any] | None = None
        self._parts: dict[int, list[Any]] = {}

    def at(self, k: int, point: Sequence[tuple]) -> tuple:
        """The value (k = 0) or the k-th partial, as `evaluate` gives it.

        point: for each variable a fraction, or the shape of an array and the fractions of its elements; the partial
        by an array is that along `direction`.
        """
        shapes = [x[0] if isinstance(x[1], list) else () for x in point]
        if shapes != self._shapes:
            self._build(shapes)
        if k not in self._parts:
            self._parts[k] = parts_of(self._partial(self._task["wrt"][k - 1]) if k else self._value)
        fractions = [f for x in point for f in (x[1] if isinstance(x[1], list) else (x,))]
        symbols = [s for x in self._leaves for s in _elements(x)]
        at = dict(zip(symbols, [sympy.Rational(*f) for f in fractions], strict=True))
        return evaluate(self._parts[k], {**at, _STEP: sympy.S.Zero})

    def expression(self, shapes: list[Any]) -> Any:
        """The value as an expression of the elements of arrays of these shapes."""
        self._build(shapes)
        return self._value

    def _build(self, shapes: list[Any]) -> None:
        """The value as an expression of the elements of arrays of these shapes."""
        self._leaves = [_symbols(f"v{k}", shape) for k, shape in enumerate(shapes)]
        nodes = [(_ROWS[name], *rest) for name, *rest in self._task["nodes"]]
        graph = chains(dead(Graph(nodes, [self._task["output"]], list(range(len(nodes))))))
        arrays = _arrays() if any(shapes) or any(node[0].whole for node in graph.nodes) else None

        def operation(i: int, node: Node, operands: list[Any]) -> Any:
            return SYMBOLS[node[0].name](*operands) if arrays is None else arrays.apply(graph.nodes, node, operands)

        values = run(graph.nodes, self._leaf, operation)
        (self._value,) = _elements(values[graph.outputs[0]])
        self._shapes, self._parts = shapes, {}

    def _leaf(self, i: int, node: Node) -> Any:
        if node[0] is VARIABLE:
            return self._leaves[node[1]]
        return ... if node[0] is ELLIPSIS else literal(node[1]) if len(node) > 1 else None

    def _partial(self, k: int) -> Any:
        x = self._leaves[k]
        if not getattr(x, "shape", ()):
            return self._value.diff(x)
        moved = {s: s + sympy.Rational(d) * _STEP for s, d in zip(x.flat, direction(x.shape).flat, strict=True)}
        return self._value.xreplace(moved).diff(_STEP)


_STEP = sympy.Symbol("t", real=True)  # of the move along a direction
_ROWS = TABLE | {op.name: op for op in (VARIABLE, NUMBER, CONSTANT, NOTHING, ELLIPSIS, TUPLE, SLICE)}


def _arrays() -> Objects:
    from gradcli.domains.objects import symbols  # it loads NumPy

    return symbols()


def _symbols(name: str, shape: tuple[int, ...]) -> Any:
    """A symbol, or an array of them."""
    if not shape:
        return sympy.Symbol(name, real=True)
    import numpy as np

    size = int(np.prod(shape))
    return np.array([sympy.Symbol(f"{name}_{k}", real=True) for k in range(size)], object).reshape(shape)


def _elements(x: Any) -> Any:
    return x.flat if hasattr(x, "flat") else (x,)
