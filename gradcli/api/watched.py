"""What to watch in a graph: the operations that may have a kink, a step, a pole or no value at some point."""

from __future__ import annotations

import _operator as operator  # see domains/floats
import math

from gradcli.core.graph import NUMBER, VARIABLE, reachable
from gradcli.core.op import DISCRETE, FLAG, LIKE, SHAPE, STRUCTURE, always
from gradcli.core.trace import rule_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op


class Watched:
    """The operations of a graph at which something may happen, and whether it does.

    graph: its outputs are the results, and after them the partials by `wrt`, in order.
    """

    def __init__(self, graph: Graph, results: int, wrt: Sequence[str]) -> None:
        self.graph = graph
        self.results = graph.outputs[:results]
        self.partials = list(zip(wrt, graph.outputs[results:], strict=bool(graph.outputs[results:])))
        nodes = graph.nodes
        self.needed = reachable(nodes, self.results)
        self.leaves = {node[1]: i for i, node in enumerate(nodes) if node[0] is VARIABLE}
        self.operations = [i for i, node in enumerate(nodes) if self.needed[i] and not node[0].leaf]
        rows = {nodes[i][0] for i in self.operations}
        marked = any(
            op.decides or op.kink or op.jump or op.pole or op.turns or op.name == "where" or _is_discrete(op)
            for op in rows
        )
        moving = [self.leaves[x] for x in wrt if x in self.leaves] if self.partials and marked else []
        self.moves = self._behind(moving, _continuous)
        self.slopes = self._behind(moving, _differentiable)
        self._keep_what_reaches(self.slopes)
        self.chooses = any(nodes[i][0].active for i in self.operations)
        comparisons = [nodes[i] for i in self.operations if nodes[i][0].decides and nodes[i][0].jump]
        # No operation shows that one of these is NaN.
        self.compared = sorted({k for node in comparisons for k in node[1:] if nodes[k][0].leaf})
        self.beyond = [i for i, node in enumerate(nodes) if self.needed[i] and _is_beyond(node)]
        self.truths = {i: bare for i in self.operations if (bare := self._bare(nodes[i]))}
        self.steps = {i for i in self.operations if i in self.truths or self._may_step(nodes[i])}
        # Where no slope shows it, an edge of a domain may be a step for what reads the number.
        ending = {op for op in rows if op.pole or op.end}
        self.edges = {i for i in self.operations if nodes[i][0] in ending and self.moves[i] and not self.slopes[i]}
        kinks = {i for i in self.operations if nodes[i][0].kink and self.moves[i]}
        self.poles = {i for i in self.operations if nodes[i][0].pole and self.moves[i]} if self.chooses else set()
        self.isolated = {i: found for i in self.operations if (found := self._alone(nodes[i]))} if moving else {}
        # Another piece may begin there.
        self.turning = self.steps | self.edges | self.poles | kinks | self.isolated.keys()
        self.watched = bytearray(len(nodes))
        for i in self.operations:
            op = nodes[i][0]
            self.watched[i] = bool(op.decides or op.pole or i in self.steps or (op.kink and self.slopes[i]))
        for i in self.edges:
            self.watched[i] = 1
        for i in self.isolated:
            self.watched[i] = 1
        self.vanishing = [i for i in self.operations if nodes[i][0].underflow]
        self._doubts = self.doubts()

    def doubts(self, exact: bool = False) -> list[tuple[Callable[..., bool], Sequence[int]]]:
        """Predicates and the nodes that they look at: where none holds and all is finite, a point has no notes.

        exact: of numbers that do not underflow, where a pole that counts makes an output infinite or NaN.
        """
        nodes = self.graph.nodes
        marks: list[tuple[Callable[..., bool], Sequence[int]]] = []
        for i in self.operations:
            op, *operands = nodes[i]
            if self.watched[i]:
                pole = op.pole if not exact or i in self.edges or i in self.poles else None
                marks += [(mark, operands) for mark in (pole, op.jump, op.kink, op.end) if mark is not None]
            marks += [(operator.not_, [operands[k]]) for k in self.truths.get(i, ())]
            marks += [(mark, operands) for mark in self.isolated.get(i, ())]
        return marks + [(operator.not_, [i]) for i in self.beyond + ([] if exact else self.vanishing)]

    def is_doubtful(self, values: Sequence[Any]) -> bool:
        """May there be something to note at a point, where the nodes have these values?"""
        looked_at = (*self.operations, *self.beyond, *self.compared, *self.graph.outputs)
        if any(values[i] - values[i] != 0 for i in looked_at):
            return True
        return any(mark(*[values[k] for k in operands]) for mark, operands in self._doubts)

    def undecided(self, i: int, x: Sequence[Any], y: Any = 0.0) -> bool:
        """Does an operation stand at a kink, a step or an equality, or is it infinite at a pole? y: its value."""
        op = self.graph.nodes[i][0]
        if op.kink is not None and op.kink(*x):
            return True
        return self.is_at_step(i, x) or self.is_isolated(i, x) or self.is_at_edge(i, x, y)

    def is_at_step(self, i: int, x: Sequence[Any]) -> bool:
        """Does an operation that the variables move stand at a step, an equality or a bare truth that is 0?"""
        if i not in self.steps:
            return False
        op = self.graph.nodes[i][0]
        return any(x[k] == 0 for k in self.truths.get(i, ())) or bool(op.jump and op.jump(*x))

    def is_isolated(self, i: int, x: Sequence[Any]) -> bool:
        """Has an operation a value at this point of an operand that moves, and perhaps none beside it?"""
        return any(mark(*x) for mark in self.isolated.get(i, ()))

    def is_at_edge(self, i: int, x: Sequence[Any], y: Any) -> bool:
        """Does the value of an operation end or leap at a pole, where no slope that counts shows it?"""
        op = self.graph.nodes[i][0]
        if i in self.edges and op.end and op.end(*x):
            return True
        if not (op.pole and (i in self.edges or i in self.poles) and op.pole(*x)):
            return False
        if i in self.edges or y - y != 0:
            return True
        from gradcli.api.one_sided import is_steep  # few points stand at a pole

        return is_steep(op, x, y)

    def _behind(self, leaves: list[int], through: Callable[[Node], Sequence[int]]) -> bytearray:
        """For each node whether it depends on these leaves through such operands."""
        reached = bytearray(len(self.graph.nodes))
        for i in leaves:
            reached[i] = 1
        for i in self.operations if leaves else ():
            for k in through(self.graph.nodes[i]):
                if reached[k]:
                    reached[i] = 1
                    break
        return reached

    def _keep_what_reaches(self, nodes: bytearray) -> None:
        """Of these nodes those from which a slope passes to the results."""
        up = bytearray(len(nodes))
        for r in self.results:
            up[r] = 1
        for i in reversed(self.operations):
            if up[i]:
                for k in _differentiable(self.graph.nodes[i]):
                    up[k] = 1
            nodes[i] &= up[i]

    def _bare(self, node: Node) -> list[int]:
        """The places of numbers that an operation reads as true or false, and that move."""
        op, *operands = node
        if op.whole:
            read = [k for k in range(len(operands)) if rule_of(op, k) == FLAG]
        elif op.name == "where":
            read = [0]
        else:
            read = [*range(len(operands))] if op.decides and op.jump is None else []
        return [k for k in read if self.moves[operands[k]]]

    def _may_step(self, node: Node) -> bool:
        return node[0].jump is not None and any(self.moves[k] for k in node[1:])

    def _alone(self, node: Node) -> list[Callable[..., bool]]:
        """For each operand that moves off the single points at which an operation has a value: whether it is one."""
        op, *operands = node
        marks = () if op.whole else isolated(op)
        return [mark for mark, k in zip(marks, operands, strict=False) if mark and self.moves[k]]


def underflows(op: Op, x: Sequence[Any], y: Any) -> bool:
    """Is the value 0 for no other reason than that floats are small?"""
    return y == 0 and op.underflow is not None and op.underflow(*x)


def _differentiable(node: Node) -> Sequence[int]:
    """The operands through which a slope passes."""
    op, operands = node[0], node[1:]
    if op.variadic or op.placed:
        return operands
    return [x for x, rule in zip(operands, op.vjp, strict=False) if callable(rule)]


def _continuous(node: Node) -> Sequence[int]:
    """The operands that move the value other than in steps."""
    op, operands = node[0], node[1:]
    if op.variadic or op.placed:
        return operands
    return [x for x, rule in zip(operands, op.vjp, strict=False) if rule not in (DISCRETE, SHAPE, LIKE)]


def _is_discrete(op: Op) -> bool:
    """Has an operation a value at single points of an operand alone? What has steps may be constant beside them."""
    if op.whole and not op.placed:
        return bool(op.isolated) or any(mark in (DISCRETE, STRUCTURE, FLAG) for mark in op.vjp)
    return bool(op.isolated) or (not (op.placed or op.jump) and DISCRETE in op.vjp)


def isolated(op: Op) -> Sequence[Callable[..., bool] | None]:
    """For each operand of an elementwise operation a predicate: has it a value at single points of it alone?"""
    if op.decides or op.variadic or op.jump or op.name == "where":
        return op.isolated
    return op.isolated or [always if rule == DISCRETE else None for rule in op.vjp]


def _is_beyond(node: Node) -> bool:
    """Is it a literal that is a finite number other than 0 as typed, and none as float64?"""
    return node[0] is NUMBER and bool(node[2]) and (node[1] == math.inf or (node[1] == 0 and node[2][0] != 0))
