"""A formula in sympy, built node by node from the graph as written, and differentiated by sympy.

No text reaches sympy: variables are symbols by number, literals the rational numbers that
their float64 are.
"""

from __future__ import annotations

import sympy

from gradcli.core.structure import NOTHING, SLICE, TUPLE
from gradcli.core.table import TABLE
from gradcli.domains.symbols import CONSTANTS, SYMBOLS, literal
from gradcli.witness.direction import direction
from gradcli.witness.evaluation import evaluate, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Formula:
    """A formula and its partials, each differentiated when it is first asked for.

    task: `nodes`, a list of ("variable", number), ("number", float), ("constant", name) or
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

    def _build(self, shapes: list[Any]) -> None:
        """The value as an expression of the elements of arrays of these shapes."""
        nodes, output = self._task["nodes"], self._task["output"]
        self._leaves = [_symbols(f"v{k}", shape) for k, shape in enumerate(shapes)]
        if any(shapes) or any(node[0] in _WHOLE for node in nodes):
            self._value = build_arrays(nodes, output, self._leaves)
        else:
            self._value = build(nodes, output, self._leaves)
        self._shapes, self._parts = shapes, {}

    def _partial(self, k: int) -> Any:
        x = self._leaves[k]
        if not getattr(x, "shape", ()):
            return self._value.diff(x)
        moved = {s: s + sympy.Rational(d) * _STEP for s, d in zip(x.flat, direction(x.shape).flat, strict=True)}
        return self._value.xreplace(moved).diff(_STEP)


_STEP = sympy.Symbol("t", real=True)  # of the move along a direction
_WHOLE = frozenset(("tuple", "slice", *[name for name, row in TABLE.items() if row.whole]))


def _symbols(name: str, shape: tuple[int, ...]) -> Any:
    """A symbol, or an array of them."""
    if not shape:
        return sympy.Symbol(name, real=True)
    import numpy as np

    size = int(np.prod(shape))
    return np.array([sympy.Symbol(f"{name}_{k}", real=True) for k in range(size)], object).reshape(shape)


def _elements(x: Any) -> Any:
    return x.flat if hasattr(x, "flat") else (x,)


def build_arrays(nodes: Sequence[tuple], output: int, leaves: Sequence[Any]) -> Any:
    """The expression of a node of one element, where values are arrays."""
    from gradcli.domains.objects import symbols

    rows = {**TABLE, "tuple": TUPLE, "slice": SLICE}
    arrays, uses = symbols(), _uses(nodes, output)
    graph: list[tuple] = []
    values: list[Any] = []
    for i, (name, *rest) in enumerate(nodes[: output + 1]):
        graph.append((rows.get(name, NOTHING), *rest))
        if name in rows:
            values.append(arrays.apply(graph, i, values) if uses[i] else None)
        elif name in ("number", "constant"):
            values.append(literal(rest[0]))
        else:
            values.append(leaves[rest[0]] if name == "variable" else ... if name == "ellipsis" else None)
    (value,) = _elements(values[output])
    return value


def build(nodes: Sequence[tuple], output: int, symbols: Sequence[Any]) -> Any:
    """The expression of a node.

    Long sums and products are made at once: sympy takes quadratic time for them one by one.
    """
    uses = _uses(nodes, output)
    made: list[Any] = [None] * len(nodes)  # an expression, or a list of terms or factors
    for i, (name, *rest) in enumerate(nodes[: output + 1]):
        if not uses[i]:
            continue
        if name == "variable":
            made[i] = symbols[rest[0]]
        elif name == "number":
            made[i] = literal(rest[0])
        elif name == "constant":
            made[i] = CONSTANTS[rest[0]]
        else:
            chain = _CHAINS.get(name)
            operands = [_whole(made, nodes, k, None if uses[k] > 1 else chain) for k in rest]
            if chain is None:
                made[i] = SYMBOLS[name](*operands)
            else:
                first, second = (x if isinstance(x, list) else [x] for x in operands)
                first.extend(map(_INVERSE[name], second) if name in _INVERSE else second)
                made[i] = first
    return _whole(made, nodes, output, None)


_CHAINS = {"add": sympy.Add, "sub": sympy.Add, "mul": sympy.Mul, "div": sympy.Mul}
_INVERSE = {"sub": lambda x: -x, "div": lambda x: 1 / x}


def _whole(made: list[Any], nodes: Sequence[tuple], i: int, chain: Any) -> Any:
    """Node i as an operand; a sum stays a list in a longer sum, and a product in a product."""
    x = made[i]
    if isinstance(x, list) and _CHAINS[nodes[i][0]] is not chain:
        x = made[i] = _CHAINS[nodes[i][0]](*x)
    return x


def _uses(nodes: Sequence[tuple], output: int) -> list[int]:
    """How often each node is used for the output; 0 for what it does not need."""
    uses = [0] * len(nodes)
    uses[output] = 1
    for i in range(output, -1, -1):
        if uses[i] and nodes[i][0] not in ("variable", "number", "constant"):
            for k in nodes[i][1:]:
                uses[k] += 1
    return uses
