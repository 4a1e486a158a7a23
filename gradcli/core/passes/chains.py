"""Chains: long sums and products as one operation each, for domains in which two at a time take quadratic time."""

from __future__ import annotations

from gradcli.core.graph import Graph
from gradcli.core.passes import Copy
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.core.graph import Node


_TURNED = {"add": by_name("neg"), "mul": by_name("reciprocal")}


def chains(graph: Graph) -> Graph:
    """`(a + b) - c` as `add a b -c`, in one node of any number of operands; what has another use is a node too."""
    nodes, copy = graph.nodes, Copy(len(graph.nodes))
    user = ["?" for _ in nodes]  # of each node the chain that its one user is of
    for op, *operands in (*nodes, (by_name("array"), *graph.outputs)):
        for k in () if op.leaf else operands:
            user[k] = op.chain if user[k] == "?" else ""
    inner = [user[k] == node[0].chain != "" for k, node in enumerate(nodes)]
    number: list[int] = []
    for i, node in enumerate(nodes):
        copy.place = graph.origin[i]
        if node[0].leaf:
            number.append(copy.append(node))
        elif inner[i]:
            number.append(-1)
        elif node[0].chain:
            terms = [
                copy.append((_TURNED[node[0].chain], number[k])) if turned else number[k]
                for k, turned in _terms(nodes, i, inner)
            ]
            number.append(copy.append((by_name(node[0].chain), *terms)))
        else:
            number.append(copy.append((node[0], *[number[k] for k in node[1:]])))
    return Graph(copy.nodes, [number[i] for i in graph.outputs], copy.origin)


def _terms(nodes: list[Node], i: int, inner: list[bool]) -> Iterator[tuple[int, bool]]:
    """What a chain joins, in order; and whether it is subtracted, or divided by."""
    stack = _pair(nodes[i], False)
    while stack:
        k, turned = stack.pop()
        if inner[k]:
            stack += _pair(nodes[k], turned)
        else:
            yield k, turned


def _pair(node: Node, turned: bool) -> list[tuple[int, bool]]:
    op, first, second = node
    return [(second, turned != (op.name != op.chain)), (first, turned)]
