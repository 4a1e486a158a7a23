"""What known shapes make needless: broadcasting that has nothing to undo, counts, numbers repeated to an array."""

from __future__ import annotations

from math import frexp

from gradcli.core.graph import Graph
from gradcli.core.op import VALUE
from gradcli.core.passes import Copy
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


Shape = tuple[int, ...]

_MATCH, _EXPAND, _ANY_LIKE, _MUL = map(by_name, ("match", "expand", "any_like", "mul"))


def shapes(graph: Graph, shape: Sequence[Shape], number: Callable[[int], Any]) -> tuple[Graph, list[Shape]]:
    """The graph for values of these shapes, and the shapes of its nodes; some are dead.

    shape: of the value of each node; number: the value of a node without axes, which may turn out to be constant.
    """
    copy = Copy(len(graph.nodes))
    found: list[Shape] = []  # of the new nodes
    new: list[int] = []
    single: dict[int, int] = {}  # an array of one number repeated: where the number is
    for i, node in enumerate(graph.nodes):
        copy.place = graph.origin[i]
        op, *operands = node
        if not op.leaf:
            operands = [new[k] for k in operands]
            if op in (_MATCH, _ANY_LIKE) and found[operands[0]] == found[operands[1]]:
                new.append(operands[0])
                continue
            if shape[i] == () and all(copy.nodes[k][0] is VALUE or p in op.shapes for p, k in enumerate(operands)):
                op, operands = VALUE, [number(i)]
            elif not op.whole and any(k not in single and found[k] == shape[i] for k in operands):
                operands = [single.get(k, k) for k in operands]
            if op is _MUL:
                operands = _merged(copy, operands)
                found += [()] * (len(copy.nodes) - len(found))
        new.append(copy.append((op, *operands)))
        found.append(shape[i])
        if op in (_MATCH, _EXPAND) and found[operands[0]] == ():
            single[new[-1]] = operands[0]
    return Graph(copy.nodes, [new[i] for i in graph.outputs], copy.origin), found


def _merged(copy: Copy, operands: list[int]) -> list[int]:
    """c*(d*x) as (c*d)*x for constants, where d is a power of two: then the value is the same to the last bit."""
    for c, inner in (operands, operands[::-1]):
        if copy.nodes[c][0] is VALUE and copy.nodes[inner][0] is _MUL:
            first, second = copy.nodes[inner][1:]
            for d, x in ((first, second), (second, first)):
                factor = copy.nodes[d][1] if copy.nodes[d][0] is VALUE else None
                if type(factor) is float and frexp(factor)[0] == 0.5:
                    return [copy.append((VALUE, copy.nodes[c][1] * factor)), x]
    return operands
