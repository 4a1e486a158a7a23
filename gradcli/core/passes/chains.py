"""Chains: long sums and products as one operation each, for domains in which two at a time take quadratic time."""

from __future__ import annotations

from gradcli.core.graph import Graph
from gradcli.core.passes import Copy
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gradcli.core.graph import Node


_TURNED = {"add": by_name("neg"), "mul": by_name("reciprocal")}


def chains(graph: Graph, kinds: Collection[str] = ("add", "mul"), shortest: int = 2) -> Graph:
    """`(a + b) - c` as `add a b -c`, in one node of any number of operands; what has another use is a node too.

    kinds: sums, products or both; shortest: chains of fewer operands stay as they are.
    """
    nodes, copy = graph.nodes, Copy(len(graph.nodes))
    user = ["?" for _ in nodes]  # of each node the chain that its one user is of
    for op, *operands in (*nodes, (by_name("array"), *graph.outputs)):
        for k in () if op.leaf else operands:
            user[k] = op.chain if user[k] == "?" else ""
    is_chain = [node[0].chain in kinds for node in nodes]
    inner = [is_chain[k] and user[k] == node[0].chain for k, node in enumerate(nodes)]
    _keep_long(nodes, is_chain, inner, shortest)
    number: list[int] = []
    for i, node in enumerate(nodes):
        copy.place = graph.origin[i]
        if node[0].leaf:
            number.append(copy.append(node))
        elif inner[i]:
            number.append(-1)
        elif is_chain[i]:
            terms = [
                copy.append((_TURNED[node[0].chain], number[k])) if turned else number[k]
                for k, turned in _terms(nodes, i, inner)
            ]
            number.append(copy.append((by_name(node[0].chain), *terms)))
        else:
            number.append(copy.append((node[0], *[number[k] for k in node[1:]])))
    return Graph(copy.nodes, [number[i] for i in graph.outputs], copy.origin)


def _keep_long(nodes: list[Node], is_chain: list[bool], inner: list[bool], shortest: int) -> None:
    """Chains of fewer operands are none."""
    size = [1] * len(nodes)
    for i, node in enumerate(nodes):
        if is_chain[i]:
            size[i] = sum([size[k] if inner[k] else 1 for k in node[1:]])
    for i in range(len(nodes) - 1, -1, -1):  # what a chain is within comes first
        if is_chain[i] and not inner[i] and size[i] < shortest:
            is_chain[i] = False
            for k in nodes[i][1:]:
                if inner[k]:
                    inner[k], size[k] = False, 0


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
