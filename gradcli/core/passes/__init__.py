"""Passes: each makes a graph of a graph, node by node, before a loop runs it. A graph prints as text: `str(graph)`."""

from __future__ import annotations

from gradcli.core.graph import Graph, reachable
from gradcli.core.integers import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.graph import Node


class Copy:
    """A graph that is being written."""

    def __init__(self, count: int = 0) -> None:
        """count: of how many nodes about."""
        self.nodes: list[Node] = []
        self.origin = integers(count)
        self.place = -1
        self._table: dict[Node, int] = {}

    def add(self, node: Node) -> int:
        """The id of this node; equal ones that came this way are one node."""
        key = (*node, node[1].hex()) if len(node) > 1 and type(node[1]) is float else node  # 0 is not -0
        i = self._table.setdefault(key, len(self.nodes))
        return self.append(node) if i == len(self.nodes) else i

    def append(self, node: Node) -> int:
        """The id of this node, which is new."""
        self.nodes.append(node)
        self.origin.append(self.place)
        return len(self.nodes) - 1


def rewritten(graph: Graph, rule: Callable[[Copy, Node], int], begin: Callable[[int], None] | None = None) -> Graph:
    """The graph that a rule makes of each node that is needed.

    The rule gets a node of which the operands are ids of the new graph, and gives the id of what stands for it. begin:
    is told before which node of the old one it is.
    """
    copy = Copy(len(graph.nodes))
    live = reachable(graph.nodes, graph.outputs)
    number = [-1] * len(graph.nodes)
    for i, node in enumerate(graph.nodes):
        if live[i]:
            copy.place = graph.origin[i]
            if begin is not None:
                begin(i)
            number[i] = rule(copy, node if node[0].leaf else (node[0], *[number[k] for k in node[1:]]))
    return Graph(copy.nodes, [number[i] for i in graph.outputs], copy.origin)
