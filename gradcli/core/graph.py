"""Graphs of operations: flat lists of nodes in static single assignment form.

A node is a tuple `(op, *operands)`. Operands are ids of earlier nodes, so the list is in
topological order and every walk is a loop. The tuple is also the key under which equal
nodes are shared.
"""

from __future__ import annotations

import math
from itertools import compress

from gradcli.core.constants import constant
from gradcli.core.integers import integers
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE, Op
from gradcli.core.structure import NOTHING
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gradcli.core.integers import Integers

Node = tuple  # (op, *operands); a plain tuple, because millions of them are made

# So many nodes share one table of equal ones, which takes as much memory again as half of them; then a new one begins.
SHARED = 300_000

CONSTANTS = {"pi": math.pi, "π": math.pi, "tau": math.tau, "e": math.e, "inf": math.inf, "nan": math.nan}


class Builder:
    """A growing graph in which equal nodes are one node; of millions, those that were made about the same time.

    `origin[i]` is the node of the graph as written that node i came from, for notes and views.
    """

    def __init__(self, count: int = 0) -> None:
        """count: of how many nodes about."""
        self.nodes: list[Node] = []
        self.origin = integers(count)
        self.place = -1
        self.table: dict[Node, int] = {}
        # What is known without the point: exact literals, and constants that are no literals (1e-12 relative).
        self.literals: dict[int, float] = {}
        self._approx: dict[int, float] = {}
        self.op = by_name
        self.neg = by_name("neg")

    def intern(self, node: Node) -> int:
        """The id of `node`, appended if it is new."""
        nodes = self.nodes
        new = len(nodes)
        i = self.table.setdefault(node, new)
        if i == new:
            nodes.append(node)
            self.origin.append(self.place)
            if node[0].leaf:
                self._know_leaf(i, node)
            elif (node[-1] in self._approx or nodes[node[-1]][0] is NUMBER) and self.known(node[1]) is not None:
                return self._know(i, node)
            elif not new % SHARED:
                self.table = {node: k for node, k in self.table.items() if node[0].leaf}
        return i

    def _know_leaf(self, i: int, node: Node) -> None:
        if node[0] is NUMBER:
            if node[2] is None:
                self.literals[i] = node[1]
        elif node[0] is CONSTANT and node[1] != "nan":
            self._approx[i] = CONSTANTS[node[1]]

    def known(self, i: int) -> float | None:
        """About the value of node i, where it does not hang on the point."""
        node = self.nodes[i]
        return node[1] if node[0] is NUMBER else self._approx.get(i)

    def _know(self, i: int, node: Node) -> int:
        """Record the value of an operation on constants; an exact one becomes a literal."""
        known = self._value(node)
        if known is None:
            return i
        value, exact = known
        if exact:
            self.table[node] = self.number(value)
            return self.table[node]
        self._approx[i] = value
        return i

    def _value(self, node: Node) -> tuple[float, bool] | None:
        op, *operands = node
        values = [self.known(k) for k in operands]
        return constant(op, [math.nan if v is None else v for v in values], all(k in self.literals for k in operands))

    def apart(self, node: Node) -> int:
        """The id of `node`, an operation that stays one of its own, whatever equals it: it has its own adjoint."""
        i = len(self.nodes)
        self.table[node] = i
        self.nodes.append(node)
        self.origin.append(self.place)
        if self.known(node[1]) is not None and self.known(node[-1]) is not None:
            known = self._value(node)
            if known is not None:
                self._approx[i] = known[0]
                if known[1]:
                    self.literals[i] = known[0]
        return i

    def make(self, op: Op, *operands: int) -> int:
        """The id of `op(*operands)` after exact simplification."""
        simplify = op.simplify
        if simplify is not None:
            i = simplify(self, *operands)
            if i is not None:
                return i
        return self.intern((op, *operands))

    def make_of_two(self, op: Op, x: int, y: int) -> int:
        """The same of two operands, in half the time: most of what reverse mode makes has two."""
        simplify = op.simplify
        if simplify is not None:
            i = simplify(self, x, y)
            if i is not None:
                return i
        return self.intern((op, x, y))

    def number(self, value: float) -> int:
        """The id of a literal that is exactly this float64."""
        return self.intern((NUMBER, float(value), None))

    def literal(self, value: float | str | None) -> int:
        """The id of a number, of a named constant, or of an empty place."""
        if value is None:
            return self.intern((NOTHING,))
        return self.intern((CONSTANT, value)) if isinstance(value, str) else self.number(value)


class Graph:
    """A finished graph: no dead nodes, and the ids of its outputs.

    nodes: the list; outputs: ids, one for each thing asked for; origin: as in Builder.
    """

    __slots__ = ("nodes", "origin", "outputs")

    def __init__(self, nodes: list[Node], outputs: list[int], origin: Integers) -> None:
        self.nodes = nodes
        self.outputs = outputs
        self.origin = origin

    def __str__(self) -> str:
        """A line for each node, `2 mul 0 1`, and the outputs: `-> 2`."""
        lines = [
            f"{i} {node[0].name} {' '.join(map(str, node[1:2] if node[0].leaf else node[1:]))}"
            for i, node in enumerate(self.nodes)
        ]
        return "\n".join([*map(str.rstrip, lines), f"-> {' '.join(map(str, self.outputs))}"])

    def operations(self) -> int:
        """How many nodes compute something: neither leaves nor arithmetic of literals alone."""
        varies = varying(self.nodes)
        return sum(varies)


def finish(builder: Builder, outputs: Iterable[int]) -> Graph:
    """The part of a builder that the outputs need, renumbered. The builder is spent by this."""
    wanted = list(outputs)
    nodes, live = builder.nodes, reachable(builder.nodes, wanted)
    builder.table, builder.nodes = {}, []
    number = [0] * len(nodes)
    kept: list[Node] = []
    origin = integers(len(nodes))
    for i, node in enumerate(nodes):
        nodes[i] = ()  # millions of them: never both copies at a time
        if not live[i]:
            continue
        number[i] = len(kept)
        if i != len(kept) and not node[0].leaf:  # until a node was left out, they serve as they are
            node = (node[0], *map(number.__getitem__, node[1:]))
        kept.append(node)
        origin.append(builder.origin[i])
    return Graph(kept, [number[i] for i in wanted], origin)


def reachable(nodes: list[Node], outputs: Iterable[int]) -> bytearray:
    """For each node whether an output needs it."""
    live = bytearray(len(nodes))
    for i in outputs:
        live[i] = 1
    for node, needed in zip(reversed(nodes), reversed(live), strict=True):  # which sees what is set on the way
        if needed and not node[0].leaf:
            for k in node[1:]:
                live[k] = 1
    return live


def depending(nodes: list[Node], leaves: Iterable[int]) -> bytearray:
    """For each node whether it depends on one of these leaves."""
    depends = bytearray(len(nodes))
    for i in leaves:
        depends[i] = 1
    for i, node in enumerate(nodes):
        if not node[0].leaf:
            for k in node[1:]:
                if depends[k]:
                    depends[i] = 1
                    break
    return depends


def between(nodes: list[Node], leaves: Iterable[int], output: int) -> tuple[Integers, bytearray]:
    """The operations that depend on these nodes and that the output needs, last first; for each node whether it is one.

    Costs what the output needs, whatever else the list holds.
    """
    reached = bytearray(output + 1)
    reached[output] = 1
    steps, kept = integers(output), integers(output)
    i = output
    while i >= 0:
        node = nodes[i]
        if not node[0].leaf:
            steps.append(i)
            for k in node[1:]:
                reached[k] = 1
        i -= 1
        if i >= 0 and not reached[i]:
            i = reached.rfind(1, 0, i)
    depends = bytearray(output + 1)
    for i in leaves:
        depends[i] = reached[i]
    for i in reversed(steps):
        if not depends[i]:
            for k in nodes[i][1:]:
                if depends[k]:
                    depends[i] = 1
                    break
    kept.extend(compress(steps, map(depends.__getitem__, steps)))
    return kept, depends


def varying(nodes: list[Node]) -> bytearray:
    """For each node whether it is an operation on variables (a leaf is not)."""
    leaves = [i for i, node in enumerate(nodes) if node[0] is VARIABLE]
    depends = depending(nodes, leaves)
    for i in leaves:
        depends[i] = 0
    return depends


def optimise(nodes: list[Node], outputs: Iterable[int], share: bool = True) -> tuple[Builder, list[int]]:
    """A builder that holds the nodes needed for these outputs, equal ones shared; and their new ids.

    share=False keeps apart what the text keeps apart, for the adjoints of single nodes.

    The value is shared and no more: every rewriting that could change a float is left to
    the gradient.
    """
    builder = Builder(len(nodes))
    wanted = list(outputs)
    live = reachable(nodes, wanted)
    number = [0] * len(nodes)
    intern, apart = builder.intern, builder.apart
    moved = False  # until an id differs, the nodes serve as they are
    for i, node in compress(enumerate(nodes), live):
        builder.place = i
        if moved and not node[0].leaf:
            node = (node[0], *map(number.__getitem__, node[1:]))
        number[i] = new = intern(node) if share or node[0].leaf else apart(node)
        if new != i:
            moved = True
    return builder, [number[i] for i in wanted]


__all__ = [
    "CONSTANT", "NUMBER", "VARIABLE", "Builder", "Graph", "Node",
    "between", "depending", "finish", "optimise", "reachable", "varying",
]  # fmt: skip
