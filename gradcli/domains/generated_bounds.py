"""A generated function that vouches for its outputs: it returns None where rounding may have moved one by 8 ulp.

Beside each number it carries its bound, by the rules of gradcli.domains.bound_rules. Where there is a doubt, or where
an output's bound is too large, the caller asks there.
"""

from __future__ import annotations

from collections import Counter

from gradcli.core.graph import NUMBER, Graph, reachable
from gradcli.core.op import DISCRETE, Op
from gradcli.domains.bound_rules import Bounds, Number, size
from gradcli.domains.error_bounds import LARGE_ANGLE, REDUCED, SMALL
from gradcli.domains.float_tape import Tape
from gradcli.domains.generated import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Node
    from gradcli.domains.bound_rules import Bound, Part

ULPS = 8.0
CLEAR = 53  # bits by which a number may be above an error that does not show in it
ULP = Op("ulp", "x", about="the unit in the last place", vjp=(DISCRETE,))
WORDS = {"logical_and": " and ", "logical_or": " or "}
LONGEST = 100  # characters of what stands where it is used


class _Refusing(Bounds):
    """Bounds of one point, which is refused where there is a doubt. refusals: what is true there."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.refusals: list[int] = []
        for i, node in enumerate(graph.nodes):
            if self.copy.add(node) != i:
                self.copy.append(node)
        live = reachable(graph.nodes, graph.outputs)
        for i, node in enumerate(graph.nodes):
            if live[i]:
                self.parts[i] = self.parts[self.leaf(node) if node[0].leaf else self.bounded(node[0], node[1:])]
        for i in graph.outputs:
            far = size(self.parts[i])
            if far is not None:
                self.unless(far <= self._unit(Number(self, i)) * ULPS)
                self.settled(None)

    def add(self, node: Node) -> Number:
        """A node; a product with 1 is none."""
        if node[0].name == "mul" and self.copy.nodes[node[1]][:2] == (NUMBER, 1.0):
            return Number(self, node[2])
        return super().add(node)

    def own(self, op: Op, x: Sequence[Number], y: Number) -> Bound:
        """By the bound of its row."""
        if op.underflow is not None:
            self.unless(y)
        if op.period:
            self.unless(self.make("logical_or", abs(x[0]) <= LARGE_ANGLE, abs(y) > REDUCED * 2.0**CLEAR))
        return None, self._unit(y) * op.ulp

    def _unit(self, y: Number) -> Number:
        return self.add((ULP, y.node))

    def lost(self, y: Number) -> Part:
        """Nothing that 8 units would notice."""
        return None

    def underflowed(self, y: Number, *operands: tuple[Number, Bound]) -> Part:
        """Nothing, or there is a doubt: where y is small, and not 0 because an operand is exactly 0."""
        doubt = self.make("logical_and", y < SMALL, y > -SMALL)
        for x, part in operands:
            far = size(part)
            if not abs(self.literal(x)) > 0:
                doubt = self.make("logical_and", doubt, x if far is None else self.make("logical_or", x, far))
        self.doubt(doubt)
        return None

    def settled(self, rest: Part) -> Part:
        """The rest alone: the point is refused."""
        self.refusals += [x.node for x in self.doubts]
        self.doubts = []
        return rest


class BoundedSourceText(SourceText):
    """The lines of such a function; what is used once stands where it is used."""

    def __init__(self, tape: Tape, variables: Sequence[str]) -> None:
        bounds, self._first = _Refusing(tape.graph), len(tape.graph.nodes)
        nodes, self._refusals = bounds.copy.nodes, dict.fromkeys(bounds.refusals)
        with_bounds = Tape(Graph(nodes, [*tape.outputs, *self._refusals], bounds.copy.origin))
        uses = Counter(k for i in with_bounds.steps for k in nodes[i][1:])
        self._once = {f"v{i}" for i, count in uses.items() if count == 1 and i >= self._first}
        self._known: dict[str, str] = {}  # what computes a number, and the name of that
        self._texts: dict[int, str] = {}  # what stands for a node
        super().__init__(with_bounds, variables)
        if any(map(with_bounds.base.get, self._refusals)):
            self.lines.append("return None")
        self.tape = tape

    def step(self, i: int, op: Op, operands: Sequence[int]) -> None:
        """The lines of a step; a truth stands where it is asked."""
        if i < self._first or not op.decides:
            self._texts[i] = self.add(f"v{i}", op, [self.node(k) for k in operands])
        if i in self._refusals:
            self.lines.append(f"if {self._condition(i)}: return None")

    def node(self, i: int) -> str:
        """The name of a node's value, or what computes it."""
        if i not in self._texts:
            if i not in self.moving:
                x = self.tape.base[i]
                self._texts[i] = f"({x!r})" if x - x == 0 else self.given(x)
            else:
                self._texts[i] = f"(1.0 if {self._condition(i)} else 0.0)" if i >= self._first else super().node(i)
        return self._texts[i]

    def assign(self, name: str, text: str) -> str:
        """As a line; what is known already, as the slope of a sine where the cosine is, is not computed again."""
        if name in self._once and len(text) < LONGEST:
            return text if text.isidentifier() else f"({text})"
        known = self._known.setdefault(text, text if text.isidentifier() else name)
        if known == name:
            return super().assign(name, text)
        return super().assign(name, known) if name.startswith("v") else known

    def _condition(self, i: int) -> str:
        """The text of a truth."""
        op, *operands = self.tape.graph.nodes[i]
        if i < self._first or i not in self.moving or not op.decides:
            return self.node(i)
        if op.name in WORDS:
            return f"({WORDS[op.name].join(map(self._condition, operands))})"
        if op.name == "logical_not":
            return f"not {self._condition(operands[0])}"
        x, y = map(self.node, operands)
        return f"{x} {op.symbol} {y}"
