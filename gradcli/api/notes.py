"""Notes: every point gets a number by a written rule, and never in silence (gradcli/docs/conventions.md)."""

from __future__ import annotations

import _operator as operator  # see domains/floats
import math

from gradcli.api.evaluation import Note
from gradcli.api.one_sided import is_steep
from gradcli.api.sentences import at, real_root, shown, text
from gradcli.core.graph import NUMBER, VARIABLE, reachable
from gradcli.core.op import DISCRETE, FLAG, LIKE, SHAPE, STRUCTURE, always
from gradcli.core.trace import rule_of, seen
from gradcli.domains.floats import rule_on_floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op
    from gradcli.language.program import Program

LIMIT = 20  # notes of a point that are worked out; the others are counted


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
        self.beyond = [i for i, node in enumerate(nodes) if self.needed[i] and _is_beyond(node)]
        self.truths = {i: bare for i in self.operations if (bare := self._bare(nodes[i]))}
        self.steps = {i for i in self.operations if i in self.truths or self._may_step(nodes[i])}
        # Where no slope shows it, an edge of a domain may be a step for what reads the number.
        ending = {op for op in rows if op.pole or op.end}
        self.edges = {i for i in self.operations if nodes[i][0] in ending and self.moves[i] and not self.slopes[i]}
        kinks = {i for i in self.operations if nodes[i][0].kink and self.moves[i]}
        self.poles = {i for i in self.operations if nodes[i][0].pole and self.moves[i]} if self.chooses else set()
        self.isolated = {i: found for i in self.operations if (found := self._isolated(nodes[i]))} if moving else {}
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

    def notes(self, values: list[float], exact: Sequence[Any] | None = None) -> tuple[list[Note], int]:
        """The notes of a point, in the order of the text's operations, and how many more there are.

        exact: the numbers that tell where the point stands, where these floats are rounded ones.
        """
        watched, exact = self.watched, values if exact is None else exact
        suspects = [i for i in self.operations if watched[i] or exact[i] - exact[i] != 0]
        suspects += [i for i in self.vanishing if exact[i] == 0 and not watched[i]]
        odd = [name for name, i in self.partials if exact[i] - exact[i] != 0]
        beyond = [i for i in self.beyond if exact[i] == 0 or exact[i] - exact[i] != 0]
        if not suspects and not odd and not beyond:
            return [], 0
        lost = self._lost(suspects, exact)
        active = self._active(exact, lost) if self.chooses else self.needed
        found = [self._beyond(i, values[i]) for i in beyond if active[i]]
        made: list[Any] = []

        def kinks() -> Any:
            if not made:
                from gradcli.api.kinks import Kinks  # few points need it

                made.append(Kinks(self, values, exact))
            return made[0]

        more = 0
        for i in sorted(suspects):
            if lost and any(k in lost and active[k] for k in self.graph.nodes[i][1:]):
                continue
            x = [exact[k] for k in self.graph.nodes[i][1:]]
            note = self._value_note(i, x, exact[i]) if active[i] else None
            note = note or self._gradient_note(i, x, exact[i], kinks, bool(active[i]), len(found) < LIMIT)
            if len(found) >= LIMIT:
                more += note is not None
            elif note is not None:
                found.append(note)
        if all(exact[r] == exact[r] for r in self.results):
            found += self._odd_partials(odd[: LIMIT - len(found)], exact, found)
        return found, more

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

    def undecided(self, i: int, x: Sequence[Any], y: Any = 0.0) -> bool:
        """Does an operation stand at a kink, a step or an equality, or is it infinite at a pole? y: its value."""
        op = self.graph.nodes[i][0]
        if op.kink is not None and op.kink(*x):
            return True
        return self.is_at_step(i, x) or self.is_isolated(i, x) or self._is_at_edge(i, x, y)

    def note(self, kind: str, i: int, message: str, **more: Any) -> Note:
        """A note on an operation of the text."""
        return written(self.program, self.graph.origin[i], kind, message, **more)

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

    def is_at_step(self, i: int, x: Sequence[Any]) -> bool:
        """Does an operation that the variables move stand at a step, an equality or a bare truth that is 0?"""
        if i not in self.steps:
            return False
        op = self.graph.nodes[i][0]
        return any(x[k] == 0 for k in self.truths.get(i, ())) or bool(op.jump and op.jump(*x))

    def _isolated(self, node: Node) -> list[Callable[..., bool]]:
        """For each operand that moves off the single points at which an operation has a value: whether it is one."""
        op, *operands = node
        marks = () if op.whole else _isolated(op)
        return [mark for mark, k in zip(marks, operands, strict=False) if mark and self.moves[k]]

    def is_isolated(self, i: int, x: Sequence[Any]) -> bool:
        """Has an operation a value at this point of an operand that moves, and perhaps none beside it?"""
        return any(mark(*x) for mark in self.isolated.get(i, ()))

    def _is_at_edge(self, i: int, x: Sequence[Any], y: Any) -> bool:
        """Does the value of an operation end or leap at a pole, where no slope that counts shows it?"""
        op = self.graph.nodes[i][0]
        if i in self.edges and op.end and op.end(*x):
            return True
        if not (op.pole and (i in self.edges or i in self.poles) and op.pole(*x)):
            return False
        return i in self.edges or y - y != 0 or is_steep(op, x, y)

    def _beyond(self, i: int, value: float) -> Note:
        if value:
            return self.note("overflow", i, "the number is beyond float64: inf")
        return self.note("underflow", i, "the number is not 0, and too small for float64: 0")

    def _lost(self, suspects: Sequence[int], values: Sequence[Any]) -> set[int]:
        """The numbers that are 0 in floats alone, and what is 0, not finite or else has no value for that reason."""
        nodes = self.graph.nodes
        lost = {i for i in self.beyond if values[i] == 0}
        lost |= {i for i in suspects if self._underflows(i, [values[k] for k in nodes[i][1:]], values[i])}
        for i in self.operations if lost else ():
            if self._is_lost(i, values, lost):
                lost.add(i)
        return lost

    def _is_lost(self, i: int, values: Sequence[Any], lost: set[int]) -> bool:
        op, *operands = self.graph.nodes[i]
        given = [
            k for j, k in enumerate(operands) if k in lost and (op.name != "where" or _used(op, j, i, operands, values))
        ]
        if not given:
            return False
        if values[i] == 0 or values[i] - values[i] != 0:
            return not (op.underflow and any(values[k] == 0 and k not in lost for k in operands))
        x = [values[k] for k in operands]
        alone = any(mark and k in given and mark(*x) for mark, k in zip(_isolated(op), operands, strict=False))
        return alone or any(values[k] for k in given)

    def _shows(self, i: int, values: Sequence[Any], lost: set[int]) -> bool:
        """Is the value of an operation another one because an operand was lost, although it chose none that was?"""
        op, *operands = self.graph.nodes[i]
        if op.name == "where":
            return False
        is_edge = values[i] == 0 or values[i] - values[i] != 0
        return is_edge or i in lost or self.is_at_step(i, [values[k] for k in operands])

    def _underflows(self, i: int, x: Sequence[Any], y: Any) -> bool:
        op = self.graph.nodes[i][0]
        return y == 0 and op.underflow is not None and op.underflow(*x)

    def _active(self, values: Sequence[Any], lost: set[int]) -> bytearray:
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
                    # So is an infinity beside one that was typed; and what was lost to 0.
                    hidden = hidden or (op.name != "where" and values[i] == values[x] and values[x] - values[x] != 0)
                    hidden = hidden or (x in lost and self._shows(i, values, lost))
                    active[x] = hidden or _used(op, k, i, operands, values)
        return active

    def _value_note(self, i: int, x: Sequence[Any], y: Any) -> Note | None:
        """What happened to the value: NaN, infinity, a comparison with NaN."""
        op = self.graph.nodes[i][0]
        if any(v != v for v in x):
            if op.decides and op.jump is not None:
                answer = "true" if y else "false"
                return self.note("domain", i, f"{shown(op, x)} compares with NaN: {answer}")
            return None
        infinite = any(v - v != 0 for v in x)
        pole = op.pole is not None and op.pole(*x)
        if y != y:
            if (infinite or pole) and op.symbol:
                return self.note("indeterminate", i, f"{shown(op, x)} has no value: NaN")
            return self.note("domain", i, f"{at(op, x, 'is not defined')}: NaN{real_root(op, x)}")
        if y - y != 0 and not infinite:
            if pole:
                return self.note("infinite", i, at(op, x, "is infinite"))
            return self.note("overflow", i, f"{at(op, x, 'overflows')}: {text(y)}")
        if self._underflows(i, x, y):
            return self.note("underflow", i, f"{at(op, x, 'underflows')}: 0")
        return None

    def _gradient_note(
        self, i: int, x: Sequence[Any], y: Any, kinks: Callable[[], Any], active: bool, worked_out: bool
    ) -> Note | None:
        """What happened to the gradient: an infinite slope, a kink, a jump, a choice at equality.

        What is not active may only step into the result; worked_out: else a kink is told without its slopes.
        """
        op = self.graph.nodes[i][0]
        if y != y:
            return None
        if active and op.pole is not None and self.slopes[i] and op.pole(*x):
            return self.note("infinite", i, at(op, x, "has an infinite slope"))
        if self._is_at_edge(i, x, y):
            what = "is at an edge of its domain" if y - y == 0 else "is infinite"
            return self.note("infinite", i, at(op, x, what)) if worked_out and kinks().shows(i) else None
        if self.is_isolated(i, x) and (not worked_out or kinks().isolates(i)):
            return self.note("domain", i, f"{at(op, x, 'has a value')}, and none beside")
        if self.is_at_step(i, x) and (not worked_out or kinks().leaps(i)):
            told = active and not (op.decides and worked_out and self._is_derived(i) and kinks().is_hidden(i))
            return self._step_note(i, x, y) if told or (worked_out and kinks().shows(i)) else None
        if active and op.kink is not None and self.slopes[i] and op.kink(*x):
            return kinks().note(i, at(op, x, "has a kink"), worked_out)
        return None

    def _step_note(self, i: int, x: Sequence[Any], y: Any) -> Note:
        op = self.graph.nodes[i][0]
        if op.name == "where":
            return self.note("boundary", i, f"the condition {text(x[0])} was decided at 0: false")
        if op.decides:
            answer = "true" if y else "false"
            return self.note("boundary", i, f"{shown(op, x)} was decided at {'equality' if op.jump else 0}: {answer}")
        return self.note("jump", i, f"{at(op, x, 'jumps')}; the slope beside the step is used")

    def _odd_partials(self, odd: list[str], values: Sequence[float], found: list[Note]) -> list[Note]:
        """A partial that is not finite although the value is a number: which rule made it so."""
        nodes, partials = self.graph.nodes, dict(self.partials)
        explained = {note.at for note in found if note.kind not in ("kink", "jump", "boundary")}
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
                    notes.append(self.of_slope("indeterminate", i, message))
                else:
                    notes.append(self.of_slope("domain", i, f"the slope by {name} is not defined: NaN"))
            elif place not in explained:
                slope = text(values[partials[name]])
                if op.pole is not None and op.pole(*x):
                    notes.append(self.of_slope("infinite", i, f"the slope by {name} is infinite: {slope}"))
                    explained.add(place)
                    continue
                notes.append(self.of_slope("overflow", i, f"the slope by {name} overflows: {slope}"))
            explained.add(place)
        return notes

    def of_slope(self, kind: str, i: int, message: str) -> Note:
        """A note on the operation whose rule made node i, or on the whole text."""
        origin = self.graph.origin[i]
        if origin >= 0:
            return written(self.program, origin, kind, message)
        return Note(kind, self._op_at(i), self._place(i), message)

    def _is_derived(self, i: int) -> bool:
        """Is it a part of a derivative that the text asks for: a choice that nobody typed?"""
        return self.graph.origin[i] >= 0 and self.program.is_derived(self.graph.origin[i])

    def _place(self, i: int) -> tuple[int, int]:
        """Where the operation stands whose rule made node i; the whole text for the first adjoint."""
        origin = self.graph.origin[i]
        return self.program.span(origin) if origin >= 0 else (0, len(self.program.text))

    def _op_at(self, i: int) -> str:
        """The operation of the text whose rule made node i."""
        origin = self.graph.origin[i]
        return self.program.nodes[origin][0].name if origin >= 0 else self.graph.nodes[i][0].name


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


def _isolated(op: Op) -> Sequence[Callable[..., bool] | None]:
    """For each operand of an elementwise operation a predicate: has it a value at single points of it alone?"""
    if op.decides or op.variadic or op.jump or op.name == "where":
        return op.isolated
    return op.isolated or [always if rule == DISCRETE else None for rule in op.vjp]


def _is_beyond(node: Node) -> bool:
    """Is it a literal that is a finite number other than 0 as typed, and none as float64?"""
    return node[0] is NUMBER and bool(node[2]) and (node[1] == math.inf or (node[1] == 0 and node[2][0] != 0))


def _used(op: Op, k: int, i: int, operands: Sequence[int], values: Sequence[Any]) -> bool:
    """Does node i depend on its operand k at this point?"""
    rule = rule_on_floats(op, "active", k, len(operands)) if op.active else None
    return rule is None or bool(rule(values[i], *[values[j] for j in seen(op, operands, k)]))


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


def written_at(program: Program, graph: Graph, i: int, kind: str, message: str) -> Note:
    """A note at the operation as written that a node of a graph came from."""
    return written(program, max(graph.origin[i], 0), kind, message)


def written(program: Program, node: int, kind: str, message: str, **more: Any) -> Note:
    """A note on a node of the graph as written."""
    note = Note(kind, program.nodes[node][0].name, program.span(node), message, **more)
    note.node = node
    return note


def undecided(program: Program, graph: Graph, found: Iterable[tuple[int, str]]) -> list[Note]:
    """A note for each place that no precision decides: of nodes, each with what is said of it."""
    notes = {}
    for i, why in found:
        note = written_at(program, graph, i, "undecided", "")
        note.message = f"{program.text[slice(*note.at)]:.60} {why}"
        notes[note.at] = note
    return list(notes.values())
