"""Constants: what depends on no variable is computed once, in the arithmetic of the domain."""

from __future__ import annotations

from gradcli.core.graph import Graph, reachable
from gradcli.core.op import VALUE, VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op


def fold(graph: Graph, leaf: Callable[[Node], Any], call: Callable[[Op, list[Any], int], Any]) -> Graph:
    """Each node that depends on no variable as the leaf of its value; all nodes keep their ids.

    What no output needs is the value None. leaf: the number of the domain that a literal or a constant is; call:
    an operation on such numbers, with the id of its node.
    """
    nodes = list(graph.nodes)
    live = reachable(nodes, graph.outputs)
    for i, node in enumerate(nodes):
        op = node[0]
        if not live[i]:
            nodes[i] = (VALUE, None)
        elif op is VARIABLE or op is VALUE:
            continue
        elif op.leaf:
            nodes[i] = (VALUE, leaf(node))
        elif all(nodes[k][0] is VALUE for k in node[1:]):
            nodes[i] = (VALUE, call(op, [nodes[k][1] for k in node[1:]], i))
    return Graph(nodes, graph.outputs, graph.origin)
