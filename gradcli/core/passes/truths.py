"""Truths as numbers: where comparisons give booleans, what is calculated with them gets 1 and 0."""

from __future__ import annotations

from gradcli.core.graph import Graph
from gradcli.core.passes import Copy, rewritten
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Node
    from gradcli.core.op import Op

AS_NUMBER = by_name("positive")  # of a truth it makes 1 or 0
# Which operands are read as true or false: from a place on, up to another.
_READ = {by_name("where"): (0, 1), by_name("index"): (1, None), by_name("scatter"): (2, None)}


def truths(graph: Graph) -> Graph:
    """A `positive` between each comparison and what reads a number, the outputs included."""
    found = rewritten(graph, _mended)
    nodes, origin = found.nodes, found.origin
    outputs = []
    for i in found.outputs:
        if nodes[i][0].decides:
            nodes.append((AS_NUMBER, i))
            origin.append(origin[i])
            i = len(nodes) - 1
        outputs.append(i)
    return Graph(nodes, outputs, origin)


def _mended(copy: Copy, node: Node) -> int:
    if node[0].leaf or node[0].decides:
        return copy.append(node)
    operands = [
        copy.add((AS_NUMBER, k)) if copy.nodes[k][0].decides and not is_read(node[0], place) else k
        for place, k in enumerate(node[1:])
    ]
    return copy.append((node[0], *operands))


def is_read(op: Op, place: int) -> bool:
    """Does an operation read this operand as true or false?"""
    first, last = _READ.get(op, (0, 0))
    return place >= first and (last is None or place < last)
