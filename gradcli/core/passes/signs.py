"""Where a graph takes its signs: each value may be stored as its negative, so that few nodes do nothing but negate.

A sum of stored negatives is a difference, a product carries a sign that its literal can take, and so on;
the sign of a value is chosen from the last node to the first. Only the sign of a zero can
change, so what is not seen through sums, products and results alone keeps its own.
"""

from __future__ import annotations

from gradcli.core.graph import Graph
from gradcli.core.op import VALUE
from gradcli.core.passes import Copy
from gradcli.core.passes.dead import dead
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Node

_ADD, _SUB, _MUL, _DIV, _NEG = map(by_name, ("add", "sub", "mul", "div", "neg"))
_SUMS = {_ADD: 1, _SUB: -1}
_PRODUCTS = (_MUL, _DIV)
_AWARE = (*_SUMS, *_PRODUCTS, _NEG)


def signs(graph: Graph, moving: Sequence[int]) -> Graph:
    """The graph with fewer negations. moving: for each node whether it differs from point to point."""
    if any(moving[i] and node[0] is _NEG for i, node in enumerate(graph.nodes)):
        return dead(_Signs(graph, moving).rewritten())
    return graph


class _Signs:
    def __init__(self, graph: Graph, moving: Sequence[int]) -> None:
        self.graph = graph
        self.nodes = graph.nodes
        self.moving = moving
        self.sign = [1] * len(self.nodes)  # -1 where the negative is stored
        self.users: list[list[int]] = [[] for _ in self.nodes]
        for i, node in enumerate(self.nodes):
            for k in () if node[0].leaf or not moving[i] else set(node[1:]):
                self.users[k].append(i)
        self.results = frozenset(graph.outputs)
        self.free: set[int] = set()  # values whose zeros may have either sign
        for i in range(len(self.nodes) - 1, -1, -1):
            if self._is_aware(i):  # the others keep the sign of what they see
                self._choose(i)

    def _is_aware(self, i: int) -> bool:
        return bool(self.moving[i]) and self.nodes[i][0] in _AWARE

    def _choose(self, i: int) -> None:
        """Store the negative where that saves its users more negations than it may cost here.

        An equal cost is a gain too: the sign then moves on to the operands, which may take it.
        """
        users = self.users[i]
        if not all(k in self.free and not (self.nodes[k][0] is _DIV and self.nodes[k][2] == i) for k in users):
            return
        self.free.add(i)
        if i in self.results:
            return
        before, own = sum(map(self._needs_negation, users)), self._needs_negation(i)
        self.sign[i] = -1
        gain = before - sum(map(self._needs_negation, users))
        if gain < 1 or gain < self._needs_negation(i) - own:
            self.sign[i] = 1

    def _signs(self, i: int) -> tuple[int, ...]:
        """The signs of the operands as stored, in the result as stored."""
        op, *operands = self.nodes[i]
        own, signs = self.sign[i], [self.sign[k] for k in operands]
        if op in _SUMS:
            return own * signs[0], own * signs[1] * _SUMS[op]
        product = -own if op is _NEG else own
        for s in signs:
            product *= s
        return (product,)

    def _needs_negation(self, i: int) -> bool:
        return max(self._signs(i)) < 0 and self._fixed(i) is None

    def _fixed(self, i: int) -> int | None:
        """The place among the factors of one that is the same at every point, and can take a sign."""
        op, *operands = self.nodes[i]
        return next((p for p, k in enumerate(operands) if not self.moving[k]), None) if op in _PRODUCTS else None

    def rewritten(self) -> Graph:
        copy, number = Copy(len(self.nodes)), [-1] * len(self.nodes)
        for i, node in enumerate(self.nodes):
            copy.place = self.graph.origin[i]
            new = node if node[0].leaf else (node[0], *[number[k] for k in node[1:]])
            number[i] = self._stored(copy, i, new) if self._is_aware(i) else copy.add(new)
        return Graph(copy.nodes, [number[i] for i in self.graph.outputs], copy.origin)

    def _stored(self, copy: Copy, i: int, node: Node) -> int:
        """The new node, or its negative, for node i whose operands are new."""
        op, *operands = node
        signs = self._signs(i)
        if max(signs) > 0:
            if op is _NEG:
                return operands[0]
            if op in _SUMS:
                op, operands = (_ADD, operands) if min(signs) > 0 else (_SUB, operands[:: signs[0]])
            return copy.add((op, *operands))
        p = self._fixed(i)
        if p is not None:
            value = copy.nodes[operands[p]]
            operands[p] = copy.add((VALUE, -value[1]) if value[0] is VALUE else (_NEG, operands[p]))
            return copy.add((op, *operands))
        if op is _NEG:
            return copy.add(node)
        return copy.add((_NEG, copy.add((_ADD if op in _SUMS else op, *operands))))
