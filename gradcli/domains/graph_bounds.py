"""A graph that tells how far the numbers of another may be from what they stand for, for compiled code and blocks.

Bounds are operations of the graph (gradcli.domains.bound_rules): so they are computed point by point in one loop with
the numbers. What functions lack is known from kernels. Where there is a doubt the bound is infinite, and
gradcli.domains.array_bounds may know more.

Source: S. M. Rump, T. Ogita and S. Oishi, Accurate floating-point summation I (2008), algorithm 3.5, for the unit in
the last place.
"""

from __future__ import annotations

from functools import cache
from math import inf

from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.op import DISCRETE, Op
from gradcli.core.passes.strength import strength
from gradcli.domains.bound_rules import RULES, Bounds, Number
from gradcli.domains.compiled.kernels.table import KERNELS
from gradcli.domains.error_bounds import CHANGE, SMALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.domains.bound_rules import Bound, Part

OWN = 2.0**-92  # what its own error is known to, against a result: 2**-40 of it, also when it is carried on
UNIT = 2.0**-52
KERNEL, CALLED = 2.5, 4.0  # what a kernel may be off by (tests/test_compiled.py), and a function of NumPy


@cache
def lacks(name: str) -> Op:
    """What a float of a function lacks, as an operation of its operands and that."""
    return Op(f"{name} lacks", "*x", about="what the last lacks to the function of the others", vjp=(DISCRETE,))


def worst_of(graph: Graph, given: Sequence[str], scalars: Container[str], known: Mapping[str, float]) -> Graph:
    """How far the outputs of a graph may be off at most, which of them that is, and how far one surely is.

    In units of the last place: infinite where nothing is known, 0 where the first output is NaN. given: names of
    variables that hold the outputs as they were computed elsewhere; scalars: the variables that are one number for all
    points; known: the functions of which the executor tells what floats lack, and to how many units.
    """
    at = _OfPoints(scalars, known)
    outputs = at.of(strength(graph))
    variables = [at.add((VARIABLE, name)) for name in given]
    worst = place = surely = at.constant(0.0)
    for k, (y, there) in enumerate(zip(outputs, variables, strict=True)):
        least, most = at.range(y, there)
        most = at.where(most < inf, most, inf)
        further = most > worst
        worst, place = at.where(further, most, worst), at.where(further, float(k), place)
        surely = at.where(least > surely, least, surely)
    is_number = at.make("eq", variables[0], variables[0])
    found = [at.where(is_number, worst, 0.0), place, surely]
    return Graph(at.copy.nodes, [x.node for x in found], at.copy.origin)


def all_known(graph: Graph, known: Container[str]) -> bool:
    """Is the rounding of every operation arithmetic's, or known?"""
    operations = [node[0] for node in strength(graph).nodes if not node[0].leaf]
    return all(op.decides or op.ulp == 0 or op.name in RULES or op.name in known for op in operations)


class _OfPoints(Bounds):
    """Bounds of many points, of which the doubtful ones have none."""

    def __init__(self, scalars: Container[str], known: Mapping[str, float]) -> None:
        super().__init__()
        self._scalars, self._known = scalars, known
        self._moves: dict[int, bool] = {}  # from point to point

    def of(self, graph: Graph) -> list[Number]:
        """Write a graph and its bounds; its outputs."""
        place: list[int] = []
        for node in graph.nodes:
            place.append(self.leaf(node) if node[0].leaf else self.bounded(node[0], [place[k] for k in node[1:]]))
        return [Number(self, place[i]) for i in graph.outputs]

    def leaf(self, node: Node) -> int:
        """A leaf with its bound."""
        i = super().leaf(node)
        self._moves[i] = node[0] is VARIABLE and node[1] not in self._scalars
        return i

    def bounded(self, op: Op, operands: Sequence[int]) -> int:
        """An operation with its bound."""
        self._moves[self.copy.add((op, *operands))] = any(self._moves[k] for k in operands)
        return super().bounded(op, operands)

    def range(self, y: Number, given: Number) -> tuple[Any, Any]:
        """How far `given` is at least and at most from what y stands for, in units of its last place."""
        error, rest = self.parts[y.node]
        off, unit = abs(y - given if error is None else (y - given) + error), self._unit(given)
        least = (off if rest is None else off - rest) * (1.0 - CHANGE) / unit
        most = off if rest is None else off + rest
        return least, self.where(self.make("eq", most, 0.0), 0.0, most * (1.0 + CHANGE) / unit)

    def _unit(self, y: Number) -> Number:
        """The unit in the last place; too small below 2**-1021, NaN above 2**970."""
        q = abs(y) * (2.0**52 + 1.0)
        return abs(q - q * (1.0 - 2.0**-53)) * UNIT

    def own(self, op: Op, x: Sequence[Number], y: Number) -> Bound:
        """As its kernel or its function lacks; what is one number for all points is of another function."""
        self.unless(abs(y) > SMALL)
        if op.name in self._known and self._moves[y.node]:
            return self.add((lacks(op.name), *[v.node for v in x], y.node)), self._unit(y) * self._known[op.name]
        return None, self._unit(y) * (KERNEL if op.name in KERNELS else max(op.ulp + 2.0, CALLED))

    def lost(self, y: Number) -> Part:
        """What an error is computed to, against the result."""
        return abs(y) * OWN

    def underflowed(self, y: Number, *operands: tuple[Number, Bound]) -> Part:
        """At most a small number."""
        return self.constant(SMALL)

    def settled(self, rest: Part) -> Part:
        """Infinite where there is a doubt."""
        if not self.doubts:
            return rest
        doubt = self.doubts[0]
        for other in self.doubts[1:]:
            doubt = self.make("logical_or", doubt, other)
        return self.where(doubt, inf, 0.0 if rest is None else rest)
