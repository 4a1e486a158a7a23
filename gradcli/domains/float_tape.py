"""The executor for one point in plain floats: IEEE results, never an exception, no NumPy."""

from __future__ import annotations

from array import array

from gradcli.core.graph import CONSTANTS, NUMBER, VARIABLE, Graph, Node, reachable
from gradcli.domains.floats import FLOATS, SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.core.op import Op


class Tape:
    """A graph compiled for repeated runs: what is constant is computed once.

    `inputs` are the variables that the graph reads, `base` the values of what is constant, `steps` the rest.
    """

    __slots__ = ("_nodes", "base", "graph", "inputs", "outputs", "steps")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._nodes = nodes = graph.nodes
        self.outputs = graph.outputs
        self.inputs: list[tuple[int, str]] = []
        self.base: list[float] = [0.0] * len(nodes)
        live = reachable(nodes, graph.outputs)
        moving = bytearray(len(nodes))
        fixed, moved = array("q"), array("q")
        for i, node in enumerate(nodes):
            if not live[i]:
                continue
            op = node[0]
            if op.leaf:
                if op is VARIABLE:
                    self.inputs.append((i, node[1]))
                    moving[i] = 1
                else:
                    self.base[i] = node[1] if op is NUMBER else CONSTANTS[node[1]]
                continue
            for k in node[1:]:
                if moving[k]:
                    moving[i] = 1
                    moved.append(i)
                    break
            else:
                fixed.append(i)
        _execute(Steps(nodes, fixed), self.base, nodes)
        self.steps = Steps(nodes, moved)

    def run(self, point: Mapping[str, float]) -> list[float]:
        """The value of every node at a point (variable to float)."""
        values = self.base[:]
        for i, name in self.inputs:
            values[i] = point[name]
        _execute(self.steps, values, self._nodes)
        return values


class Steps:
    """Instructions as parallel lists: a million tuples would cost three times the memory.

    b is -1 for one operand; a is -1 where there are more than two, and b the index of their list.
    """

    __slots__ = ("a", "b", "functions", "indices", "more")

    def __init__(self, nodes: Sequence[Node], which: array[int]) -> None:
        self.indices = which
        self.functions = [FLOATS[nodes[i][0].name] for i in which]
        self.a: list[int] = []
        self.b: list[int] = []
        self.more: list[tuple[int, ...]] = []
        for i in which:
            node = nodes[i]
            count = len(node)
            if count == 3:
                self.a.append(node[1])
                self.b.append(node[2])
            elif count == 2:
                self.a.append(node[1])
                self.b.append(-1)
            else:
                self.a.append(-1)
                self.b.append(len(self.more))
                self.more.append(node[1:])


def _execute(steps: Steps, values: list[float], nodes: Sequence[Node]) -> None:
    """Run all steps; a step that raises gets its IEEE value and the run goes on."""
    remaining = zip(steps.indices, steps.functions, steps.a, steps.b, strict=True)
    more = steps.more
    i = 0
    while True:
        try:
            for i, function, a, b in remaining:
                if b < 0:
                    values[i] = function(values[a])
                elif a < 0:
                    values[i] = function(*[values[k] for k in more[b]])
                else:
                    values[i] = function(values[a], values[b])
            return
        except (ArithmeticError, ValueError):
            values[i] = call(nodes[i][0], [values[k] for k in nodes[i][1:]])


def call(op: Op, operands: Sequence[float]) -> float:
    """One operation on floats, never an exception."""
    return SAFE[op.name](*operands)
