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


# What a function raises that does not suit a point, or a dictionary that lacks one.
UNSUITED = (ArithmeticError, ValueError, KeyError)


class Tape:
    """A graph compiled for repeated runs: what is constant is computed once.

    `inputs` are the variables that the graph reads, `base` the values of the nodes that are constant, `steps` the nodes
    that run, in which the nodes themselves are the instructions.
    """

    __slots__ = ("_functions", "base", "graph", "inputs", "outputs", "steps")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.outputs = graph.outputs
        self.inputs: list[tuple[int, str]] = []
        self.base: dict[int, float] = {}
        self._functions: dict[Op, Callable[..., float]] = {}  # those that steps called
        nodes = graph.nodes
        self.steps = integers(len(nodes))
        base, moving, step = self.base, bytearray(len(nodes)), self.steps.append
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
            if moving[node[1]] or moving[node[-1]] or (len(node) > 3 and any(map(moving.__getitem__, node[1:]))):
                moving[i] = 1
                step(i)
            else:
                base[i] = call(op, [base[k] for k in node[1:]])

    def run(self, point: Mapping[str, float]) -> Sequence[float]:
        """The value of every node at a point (variable to float); a step that raises has its IEEE value."""
        nodes = self.graph.nodes
        values = zeros(len(nodes))
        for i, value in self.base.items():
            values[i] = value
        for i, name in self.inputs:
            values[i] = point[name]
        remaining = zip(self.steps, map(nodes.__getitem__, self.steps), strict=True)
        functions, i = self._functions, 0
        while True:
            try:
                for i, node in remaining:
                    if len(node) == 3:
                        op, a, b = node
                        values[i] = functions[op](values[a], values[b])
                    elif len(node) == 2:
                        op, a = node
                        values[i] = functions[op](values[a])
                    else:
                        op, *operands = node
                        values[i] = functions[op](*[values[k] for k in operands])
                return values
            except UNSUITED:
                op, *operands = nodes[i]
                functions[op] = FLOATS[op.name]
                values[i] = call(op, [values[k] for k in operands])


def call(op: Op, operands: Sequence[float]) -> float:
    """One operation on floats, never an exception."""
    return SAFE[op.name](*operands)


class Repeated:
    """A function that is made when it is called a second time; until then, and where it does not suit, None."""

    __slots__ = ("_calls", "function")

    def __init__(self) -> None:
        self._calls = 0
        self.function: Callable[[Any], Any] | None = None

    def __call__(self, make: Callable[[], Callable[[Any], Any] | None], point: Any) -> Any:
        """make: gives the function, or None where there can be none. It is not kept: it holds what holds this."""
        if self._calls < 2:
            self._calls += 1
            self.function = make() if self._calls == 2 else None
        if self.function is None:
            return None
        try:
            return self.function(point)
        except UNSUITED:
            return None
