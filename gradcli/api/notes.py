"""Notes: every point gets a number by a written rule, and never in silence (design, section 4)."""

from __future__ import annotations

import math

from gradcli.api.evaluation import Note
from gradcli.api.one_sided import one_sided
from gradcli.core.graph import NUMBER, VARIABLE, depending, reachable
from gradcli.core.trace import seen, template
from gradcli.domains.floats import SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.graph import Graph
    from gradcli.core.op import Op
    from gradcli.language.program import Program

LIMIT = 20
# One-sided slopes take two sweeps a variable: beyond this many steps the note goes without.
SIDES_LIMIT = 2_000_000


class Observer:
    """Finds what happened at a point, from the values of all nodes of a graph.

    graph: its outputs are the results, and after them the partials by `wrt`, in order.
    """

    def __init__(self, program: Program, graph: Graph, results: int, wrt: Sequence[str]) -> None:
        self.program = program
        self.graph = graph
        self.results = graph.outputs[:results]
        self.partials = list(zip(wrt, graph.outputs[results:], strict=bool(graph.outputs[results:])))
        nodes = graph.nodes
        self.needed = reachable(nodes, self.results)
        self.leaves = {node[1]: i for i, node in enumerate(nodes) if node[0] is VARIABLE}
        moving = [self.leaves[x] for x in wrt if x in self.leaves] if self.partials else []
        self.depends = depending(nodes, moving)
        self.operations = [i for i, node in enumerate(nodes) if self.needed[i] and not node[0].leaf]
        self.slopes = self._with_slopes(moving)
        self.chooses = any(nodes[i][0].active for i in self.operations)
        self.huge = self._huge_literals()
        self.watched = bytearray(len(nodes))
        for i in self.operations:
            op = nodes[i][0]
            self.watched[i] = bool(op.decides or op.pole or ((op.kink or op.jump) and self.depends[i]))

    def notes(self, values: list[float]) -> tuple[list[Note], int]:
        """The notes of a point, in the order of the text's operations, and how many more there are."""
        nodes, watched = self.graph.nodes, self.watched
        suspects = [i for i in self.operations if watched[i] or values[i] - values[i] != 0]
        odd = [name for name, i in self.partials if values[i] - values[i] != 0]
        if not suspects and not odd and not self.huge:
            return [], 0
        active = self._active(values) if self.chooses else self.needed
        found = [self._note("overflow", i, "the number is beyond float64: inf") for i in self.huge if active[i]]
        sides: dict[str, tuple[float, float]] = {}
        for i in suspects:
            if active[i]:
                x = [values[k] for k in nodes[i][1:]]
                note = self._value_note(i, x, values[i]) or self._gradient_note(i, x, values, sides)
                if note is not None:
                    found.append(note)
        if odd and all(values[r] == values[r] for r in self.results):
            found += self._odd_partials(odd, values, found)
        return found[:LIMIT], max(0, len(found) - LIMIT)

    def doubts(self) -> list[tuple[Callable[..., bool], Sequence[int]]]:
        """Predicates and the nodes that they look at: where none holds and all is finite, a point has no notes."""
        watched = [self.graph.nodes[i] for i in self.operations if self.watched[i]]
        marks = [(mark, node[1:]) for node in watched for mark in (node[0].pole, node[0].jump, node[0].kink)]
        return [(mark, operands) for mark, operands in marks if mark is not None]

    def _note(self, kind: str, i: int, message: str, **sides: dict[str, float] | None) -> Note:
        return Note(kind, self.graph.nodes[i][0].name, self.program.span(self.graph.origin[i]), message, **sides)

    def _with_slopes(self, moving: list[int]) -> bytearray:
        """For each node whether a slope passes from these leaves through it to the results."""
        nodes = self.graph.nodes
        down, up = bytearray(len(nodes)), bytearray(len(nodes))
        if not any(nodes[i][0].kink or nodes[i][0].pole for i in self.operations):
            return down
        for i in moving:
            down[i] = 1
        for r in self.results:
            up[r] = 1
        for i in self.operations:
            for k in _differentiable(nodes[i]):
                if down[k]:
                    down[i] = 1
                    break
        for i in reversed(self.operations):
            if up[i]:
                for k in _differentiable(nodes[i]):
                    up[k] = 1
        return bytearray(a & b for a, b in zip(down, up, strict=True))

    def _huge_literals(self) -> list[int]:
        """Literals that are finite as typed and infinite as float64."""
        huge = [i for i, node in enumerate(self.graph.nodes) if node[0] is NUMBER and node[2] and node[1] == math.inf]
        return [i for i in huge if self.needed[i]]

    def _active(self, values: Sequence[float]) -> bytearray:
        """For each node whether the results depend on it at this point."""
        nodes = self.graph.nodes
        active = bytearray(len(nodes))
        for r in self.results:
            active[r] = 1
        for i in reversed(self.operations):
            if not active[i]:
                continue
            op, operands = nodes[i][0], nodes[i][1:]
            for k, x in enumerate(operands):
                if not active[x]:
                    # A NaN is chosen by nobody, and yet it is why the result is NaN.
                    hidden = values[x] != values[x] and values[i] != values[i]
                    active[x] = hidden or _used(op, k, i, operands, values)
        return active

    def _value_note(self, i: int, x: list[float], y: float) -> Note | None:
        """What happened to the value: NaN, infinity, a comparison with NaN."""
        op = self.graph.nodes[i][0]
        if any(v != v for v in x):
            if op.decides and op.jump is not None:
                answer = "true" if y else "false"
                return self._note("domain", i, f"{shown(op, x)} compares with NaN: {answer}")
            return None
        infinite = any(v - v != 0 for v in x)
        pole = op.pole is not None and op.pole(*x)
        if y != y:
            if (infinite or pole) and op.symbol:
                return self._note("indeterminate", i, f"{shown(op, x)} has no value: NaN")
            return self._note("domain", i, f"{at(op, x, 'is not defined')}: NaN{_real_root(op, x)}")
        if y - y != 0 and not infinite:
            if pole:
                return self._note("infinite", i, at(op, x, "is infinite"))
            return self._note("overflow", i, f"{at(op, x, 'overflows')}: {text(y)}")
        return None

    def _gradient_note(
        self, i: int, x: list[float], values: Sequence[float], sides: dict[str, tuple[float, float]]
    ) -> Note | None:
        """What happened to the gradient: an infinite slope, a kink, a jump, a choice at equality."""
        op = self.graph.nodes[i][0]
        if not self.depends[i] or values[i] != values[i]:
            return None
        if op.pole is not None and self.slopes[i] and op.pole(*x):
            return self._note("infinite", i, at(op, x, "has an infinite slope"))
        if op.jump is not None and op.jump(*x):
            if op.decides:
                answer = "true" if values[i] else "false"
                return self._note("boundary", i, f"{shown(op, x)} was decided at equality: {answer}")
            return self._note("jump", i, f"{at(op, x, 'jumps')}; the slope beside the step is used")
        if op.kink is not None and self.slopes[i] and op.kink(*x):
            return self._kink(i, x, values, sides)
        return None

    def _kink(
        self, i: int, x: list[float], values: Sequence[float], sides: dict[str, tuple[float, float]]
    ) -> Note | None:
        """A kink, unless the slopes on the two sides agree with what was used."""
        nodes = self.graph.nodes
        op = nodes[i][0]
        concerned = [v for v, _ in self.partials if v in self.leaves and depending(nodes, [self.leaves[v]])[i]]
        if len(nodes) * len(concerned) > SIDES_LIMIT or len(self.results) > 1:
            return self._note("kink", i, at(op, x, "has a kink"))
        used = {v: values[k] for v, k in self.partials}
        for v in concerned:
            if v not in sides:
                sides[v] = one_sided(nodes, values, self.results[0], self.leaves[v])
        if all(_same(sides[v][0], used[v]) and _same(sides[v][1], used[v]) for v in concerned):
            return None
        left = {v: sides[v][0] for v in concerned}
        right = {v: sides[v][1] for v in concerned}
        parts = []
        for v in concerned:
            by = f"by {v} " if len(concerned) > 1 else ""
            if _same(left[v], right[v]):
                what = f"slope {text(left[v])} on both sides"
                if not _same(left[v], used[v]):
                    what += f", but the conventions do not compose: {text(used[v])} used"
                parts.append(by + what)
            else:
                what = f"slope {text(left[v])} on the left, {text(right[v])} on the right; {text(used[v])} used"
                parts.append(by + what)
        return self._note("kink", i, f"{at(op, x, 'has a kink')}: {'; '.join(parts)}", left=left, right=right)

    def _odd_partials(self, odd: list[str], values: Sequence[float], found: list[Note]) -> list[Note]:
        """A partial that is not finite although the value is a number: which rule made it so."""
        nodes, partials = self.graph.nodes, dict(self.partials)
        explained = {note.at for note in found}
        notes: list[Note] = []
        for name in odd:
            i = _source(nodes, values, partials[name])
            if i < 0:
                continue
            place = self._place(i)
            x = [values[k] for k in nodes[i][1:]]
            op = nodes[i][0]
            if values[i] != values[i]:
                if any(v - v != 0 for v in x) or (op.pole is not None and op.pole(*x)):
                    root = self._op_at(i) in ("sqrt", "pow")
                    cure = "; abs(x) or hypot(x, y) has a slope where sqrt(x**2) has none" if root else ""
                    message = f"the slope by {name} is infinity times zero or its kin: NaN{cure}"
                    notes.append(Note("indeterminate", self._op_at(i), place, message))
                else:
                    notes.append(Note("domain", self._op_at(i), place, f"the slope by {name} is not defined: NaN"))
            elif place not in explained:
                slope = text(values[partials[name]])
                notes.append(Note("overflow", self._op_at(i), place, f"the slope by {name} overflows: {slope}"))
            explained.add(place)
        return notes

    def _place(self, i: int) -> tuple[int, int]:
        """Where the operation stands whose rule made node i; the whole text for the first adjoint."""
        origin = self.graph.origin[i]
        return self.program.span(origin) if origin >= 0 else (0, len(self.program.text))

    def _op_at(self, i: int) -> str:
        """The operation of the text whose rule made node i."""
        origin = self.graph.origin[i]
        return self.program.nodes[origin][0].name if origin >= 0 else self.graph.nodes[i][0].name


def _differentiable(node: tuple) -> Sequence[int]:
    """The operands through which a slope passes."""
    op, operands = node[0], node[1:]
    if op.variadic or op.placed:
        return operands
    return [x for x, rule in zip(operands, op.vjp, strict=False) if callable(rule)]


def _used(op: Op, k: int, i: int, operands: Sequence[int], values: Sequence[float]) -> bool:
    """Does node i depend on its operand k at this point?"""
    rule = template(op, "active", k, len(operands)) if op.active else None
    return rule is None or bool(SAFE.at(rule, [values[i], *[values[j] for j in seen(op, operands, k)]]))


def _source(nodes: Sequence, values: Sequence[float], i: int) -> int:
    """Back from a NaN or an infinity to the operation that made it from other numbers; -1 if none did."""
    nan = values[i] != values[i]
    while True:
        op, operands = nodes[i][0], nodes[i][1:]
        if op.leaf:
            return -1
        if op.active:
            operands = [x for k, x in enumerate(operands) if _used(op, k, i, operands, values)]
        back = [k for k in operands if (values[k] != values[k] if nan else values[k] - values[k] != 0)]
        if not back:
            return i
        i = back[0]


def _same(a: float, b: float) -> bool:
    if a - a != 0 or b - b != 0:
        return a == b or (a != a and b != b)
    return abs(a - b) <= 1e-9 * (abs(a) + abs(b))


def text(x: float) -> str:
    """A number in a sentence: 2 rather than 2.0, and 0 for -0.0."""
    if x == 0:
        return "0"
    return repr(int(x)) if x - x == 0 and x == int(x) and abs(x) < 1e16 else repr(x)


def shown(op: Op, x: Sequence[float]) -> str:
    """The operation on its operands: `1 / 0`, `fmod(1, 0)`."""
    if op.symbol and len(x) == 2:
        left, right = (f"({text(v)})" if v < 0 else text(v) for v in x)
        return f"{left} {op.symbol} {right}"
    return f"{op.name}({', '.join(text(v) for v in x)})"


def at(op: Op, x: Sequence[float], what: str) -> str:
    """`log is infinite at 0`, `1 / 0 is infinite`."""
    if op.symbol:
        return f"{shown(op, x)} {what}"
    place = text(x[0]) if len(x) == 1 else f"({', '.join(text(v) for v in x)})"
    return f"{op.name} {what} at {place}"


def _real_root(op: Op, x: list[float]) -> str:
    """What is meant by a power of a third of a negative number."""
    thirds = round(3 * x[-1]) if op.name == "pow" and abs(x[-1]) < 1e6 else 0
    return "; cbrt takes the real root" if thirds % 3 and abs(3 * x[-1] - thirds) < 1e-9 else ""
