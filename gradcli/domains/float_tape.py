"""The executor for one point in plain floats: IEEE results, never an exception, no NumPy."""

from __future__ import annotations

from itertools import compress

from gradcli.core.graph import CONSTANTS, NUMBER, VARIABLE, Graph, reachable
from gradcli.core.integers import integers, zeros
from gradcli.domains.floats import FLOATS, SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.core.op import Op


class Tape:
    """A graph compiled for repeated runs: what is constant is computed once.

    `inputs` are the variables that the graph reads, `base` the values of the nodes that are constant, `steps` the nodes
    that run.
    """

    __slots__ = ("_codes", "_first", "_functions", "_nodes", "_second", "base", "graph", "inputs", "outputs", "steps")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._nodes = nodes = graph.nodes
        self.outputs = graph.outputs
        self.inputs: list[tuple[int, str]] = []
        self.base: dict[int, float] = {}
        base, moving = self.base, bytearray(len(nodes))
        # Instructions as parallel rows: a million tuples would cost three times the memory. The second operand is -1
        # where there is one; the first is -1 where there are more than two.
        self.steps, self._first, self._second = (integers(len(nodes)) for _ in range(3))
        self._codes = bytearray()  # which of the functions a step calls
        code_of: dict[Op, int] = {}
        step, first, second, code = self.steps.append, self._first.append, self._second.append, self._codes.append
        # Constants are found here and not by `fold`, whose copy of a large graph takes longer than the whole tape.
        for i, node in compress(enumerate(nodes), reachable(nodes, graph.outputs)):
            op = node[0]
            if op.leaf:
                if op is VARIABLE:
                    self.inputs.append((i, node[1]))
                    moving[i] = 1
                else:
                    base[i] = node[1] if op is NUMBER else CONSTANTS[node[1]]
                continue
            a, b = node[1], node[-1]
            if moving[a] or moving[b] or (len(node) > 3 and any(map(moving.__getitem__, node[1:]))):
                moving[i] = 1
                count = len(node)
                step(i)
                code(code_of.setdefault(op, len(code_of)))
                first(a if count < 4 else -1)
                second(b if count == 3 else -1)
            else:
                base[i] = call(op, [base[k] for k in node[1:]])
        self._functions = [FLOATS[op.name] for op in code_of]

    def run(self, point: Mapping[str, float]) -> Sequence[float]:
        """The value of every node at a point (variable to float); a step that raises has its IEEE value."""
        values = zeros(len(self._nodes))
        for i, value in self.base.items():
            values[i] = value
        for i, name in self.inputs:
            values[i] = point[name]
        functions = map(self._functions.__getitem__, self._codes)
        remaining = zip(self.steps, functions, self._first, self._second, strict=True)
        nodes, i = self._nodes, 0
        while True:
            try:
                for i, function, a, b in remaining:
                    if b >= 0:
                        values[i] = function(values[a], values[b])
                    elif a >= 0:
                        values[i] = function(values[a])
                    else:
                        values[i] = function(*[values[k] for k in nodes[i][1:]])
                return values
            except (ArithmeticError, ValueError):
                op, *operands = nodes[i]
                values[i] = call(op, [values[k] for k in operands])


def call(op: Op, operands: Sequence[float]) -> float:
    """One operation on floats, never an exception."""
    return SAFE[op.name](*operands)


# What a generated function raises where the tape has to answer: KeyError at a point that does not suit.
UNSUITED = (ArithmeticError, ValueError, KeyError)


class Repeated:
    """A function that is made when it is called a second time; until then, and where it does not suit, None.

    make: gives the function, or None where there can be none.
    """

    __slots__ = ("_make", "_once", "function")

    def __init__(self, make: Callable[[], Callable[[Any], Any] | None] | None) -> None:
        self._make = make
        self._once = False
        self.function: Callable[[Any], Any] | None = None

    def __call__(self, point: Any) -> Any:
        if self._make is not None:
            if not self._once:
                self._once = True
                return None
            self.function, self._make = self._make(), None
        if self.function is None:
            return None
        try:
            return self.function(point)
        except UNSUITED:
            return None
