"""Notes: every point gets a number by a written rule, and never in silence (gradcli/docs/conventions.md)."""

from __future__ import annotations

from gradcli.api.evaluation import Note, note_on
from gradcli.api.sentences import at, real_root, shown, text
from gradcli.api.watched import Watched, underflows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program

LIMIT = 20  # notes of a point that are worked out; the others are counted


class Observer(Watched):
    """Finds what happened at a point, from the values of all nodes of a graph, and says it in notes."""

    def __init__(self, program: Program, graph: Graph, results: int, wrt: Sequence[str]) -> None:
        super().__init__(graph, results, wrt)
        self.program = program

    def notes(self, values: list[float], exact: Sequence[Any] | None = None) -> tuple[list[Note], int]:
        """The notes of a point, in the order of the text's operations, and how many more there are.

        exact: the numbers that tell where the point stands, where these floats are rounded ones.
        """
        exact = values if exact is None else exact
        if not self.is_doubtful(exact):
            return [], 0
        watched = self.watched
        suspects = [i for i in self.operations if watched[i] or exact[i] - exact[i] != 0]
        suspects += [i for i in self.vanishing if exact[i] == 0 and not watched[i]]
        odd = [name for name, i in self.partials if exact[i] - exact[i] != 0]
        beyond = [i for i in self.beyond if exact[i] == 0 or exact[i] - exact[i] != 0]
        nodes = self.graph.nodes
        lost = {i for i in beyond if exact[i] == 0}
        lost |= {i for i in suspects if underflows(nodes[i][0], [exact[k] for k in nodes[i][1:]], exact[i])}
        active = self.needed
        if lost or self.chooses:
            from gradcli.api.active import find_active, find_lost

            lost = find_lost(self, lost, exact)
            active = find_active(self, exact, lost) if self.chooses else active
        found = [self._beyond(i, values[i]) for i in beyond if active[i]]
        made: list[Any] = []

        def kinks() -> Any:
            if not made:
                from gradcli.api.kinks import Kinks  # few points need it

                made.append(Kinks(self, values, exact))
            return made[0]

        more = 0
        for i in sorted(suspects):
            if lost and any(k in lost and active[k] for k in nodes[i][1:]):
                continue
            x = [exact[k] for k in nodes[i][1:]]
            note = self._value_note(i, x, exact[i]) if active[i] else None
            note = note or self._gradient_note(i, x, exact[i], kinks, bool(active[i]), len(found) < LIMIT)
            if len(found) >= LIMIT:
                more += note is not None
            elif note is not None:
                found.append(note)
        if all(exact[r] == exact[r] for r in self.results):
            found += self._odd_partials(odd[: LIMIT - len(found)], exact, found)
        return found, more

    def note(self, kind: str, i: int, message: str, **more: Any) -> Note:
        """A note on an operation of the text."""
        return note_on(self.program, self.graph.origin[i], kind, message, **more)

    def _beyond(self, i: int, value: float) -> Note:
        if value:
            return self.note("overflow", i, "the number is beyond float64: inf")
        return self.note("underflow", i, "the number is not 0, and too small for float64: 0")

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
        if underflows(op, x, y):
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
        if self.is_at_edge(i, x, y):
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
        if not odd:
            return []
        from gradcli.api.active import source

        nodes, partials = self.graph.nodes, dict(self.partials)
        explained = {note.at for note in found if note.kind not in ("kink", "jump", "boundary")}
        notes: list[Note] = []
        for name in odd:
            i = source(nodes, values, partials[name])
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
            return note_on(self.program, origin, kind, message)
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
