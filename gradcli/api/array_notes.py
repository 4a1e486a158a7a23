"""Notes on arrays: one for each kind of thing that happened in an operation, with the number of elements."""

from __future__ import annotations

from functools import reduce

import numpy as np

from gradcli.api.array_marks import NUMBERS, is_infinite, kinks_of, marked, marked_by, with_methods
from gradcli.api.array_sides import ArraySides
from gradcli.api.evaluation import Note
from gradcli.api.notes import LIMIT, Observer
from gradcli.core.op import DISCRETE, LIKE, SHAPE, STRUCTURE
from gradcli.core.reverse import only_squared
from gradcli.core.table import by_name
from gradcli.core.trace import rule_of, seen, template
from gradcli.domains.array_tape import call, function_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op
    from gradcli.core.trace import Template
    from gradcli.language.program import Program

_ANY_LIKE = by_name("any_like")
_OF_SLOPES = {
    "indeterminate": "infinity times zero or its kin: NaN", "domain": "not defined: NaN",
    "overflow": "beyond float64, or infinite",
}  # fmt: skip
NEAR = 2.0**-3  # how far operands may be moved where all variables are by a little


class ArrayObserver(Observer):
    """As `Observer`, for arrays. has_slopes: are kinks told with the slopes beside them?"""

    has_slopes = True

    def __init__(self, program: Program, graph: Graph, results: int, wrt: Sequence[str]) -> None:
        super().__init__(program, graph, results, wrt)
        self._smooth = only_squared(graph.nodes, self.operations, self.results)

    def notes(self, values: list[Any], exact: Any = None) -> tuple[list[Note], int]:
        nodes = self.graph.nodes
        found: list[Note] = []
        hidden: list[int] = []
        partials = self.partials if self.has_slopes and len(self.results) == 1 else ()
        sides = ArraySides(self.graph, partials, self.leaves, values)
        with np.errstate(all="ignore"):
            everywhere = {i: True for i, needed in enumerate(self.needed) if needed}
            lost: dict[int, Any] = {i: True for i in self.beyond if not values[i]}
            elements = {}
            for i in self.operations:
                if isinstance(values[i], NUMBERS | np.bool_):
                    x = [values[k] for k in nodes[i][1:]]
                    elements[i] = _Elements(self, i, x, values[i], [lost.get(k, False) for k in nodes[i][1:]])
                    if elements[i].lost is not False:
                        lost[i] = elements[i].lost
            active = self._where_active(values, lost) if self.chooses else everywhere
            near = self._where_active(values, lost, near=True) if self.chooses else everywhere
            found += [self._beyond(i, values[i]) for i in self.beyond if i in active]
            for i, of in elements.items():
                if not nodes[i][0].whole:
                    found += self._with_slopes(i, of.notes(active.get(i, False), near.get(i, False), sides), sides)
                elif i in near:
                    x = [values[k] for k in nodes[i][1:]]
                    if np.any(of.hidden):
                        hidden.append(i)
                    elif i in active:
                        found += self._with_slopes(i, self._of_whole(i, x, active, values[i]), sides)
                    else:
                        found += self._steps_of_whole(i, [*map(with_methods, x)], near[i])
            if not found:  # what was lost to 0 may be no reason at all
                for i in [i for i in hidden if i in active and np.isnan(values[i]).any()][:1]:
                    found += self._of_whole(i, [values[k] for k in nodes[i][1:]], active, values[i])
            if any(np.size(values[r]) and np.isnan(values[r]).all() for r in self.results):
                found = [note for note in found if note.kind != "kink"]  # nothing has a slope here
            if all(not np.isnan(values[r]).any() for r in self.results):
                found += self._of_partials(values, {note.kind for note in found})
        return found[:LIMIT], max(0, len(found) - LIMIT)

    def _with_slopes(self, i: int, notes: list[Note], sides: ArraySides) -> list[Note]:
        """The notes of an operation, a kink with its slopes where they can be worked out."""
        op, *operands = self.graph.nodes[i]

        def marks(values: Sequence[Any]) -> Any:
            return kinks_of(op, [values[k] for k in operands])

        return [note for note in notes if note.kind != "kink" or sides.work_out(note, i, marks)]

    def _where_active(self, values: Sequence[Any], lost: dict[int, Any], near: bool = False) -> Any:
        """For each operation on which the results depend: at which elements, True for all of them.

        lost: where numbers are 0 or infinite for no other reason than that floats are small.
        near: or may depend beside the point, at a kink above.
        """
        nodes = self.graph.nodes
        active: dict[int, Any] = dict.fromkeys(self.results, True)
        for i in reversed(self.operations):
            if i not in active:
                continue
            op, operands = nodes[i][0], nodes[i][1:]
            kinks: Any = kinks_of(op, [values[k] for k in operands]) if near and op.active else False
            for k, x in enumerate(operands):
                if op.whole and rule_of(op, k) in (SHAPE, LIKE):
                    continue
                where = active[i]
                if op.whole and where is not True:
                    where = _reached(op, k, where, values[i], [values[j] for j in seen(op, operands, k)])
                rule = template(op, "active", k, len(operands)) if op.active else None
                if rule is not None:
                    read = [values[j] for j in seen(op, operands, k)]
                    beside = kinks if not op.whole else np.any(kinks) and _reached(op, k, kinks, values[i], read)
                    used = np.logical_or(_run(rule, [values[i], *read]), beside)
                    used = np.logical_or(used, _hidden(op, values[x], values[i], lost.get(x, False)))
                    where = np.logical_and(where, used)
                if where is not True:
                    where = function_of(_ANY_LIKE)(where, values[x])
                    if not np.any(where):
                        continue
                    known = active.get(x, False)
                    where = True if known is True else np.logical_or(known, where)
                active[x] = where
        return active

    def of_element(self, i: int, x: list[float], y: float, active: bool, beside: _Beside) -> Note | None:
        """What happened at one element."""
        note = self._value_note(i, x, y) if active else None
        if note is None and i in self._smooth:
            return None
        return note or self._gradient_note(i, x, y, lambda: beside, active, True)

    def are_at_step(self, i: int, x: Sequence[Any]) -> Any:
        """As `is_at_step`, element by element."""
        jump = self.graph.nodes[i][0].jump
        bare = [np.equal(x[k], 0) for k in self.truths.get(i, ())]
        return reduce(np.logical_or, bare, i in self.steps and jump is not None and marked(jump, x))

    def are_at_edge(self, i: int, x: Sequence[Any], y: Any) -> Any:
        """As `is_at_edge`, element by element."""
        op = self.graph.nodes[i][0]
        ending = op.end is not None and i in self.edges and marked(op.end, x)
        pole = op.pole is not None and (i in self.edges or i in self.poles) and marked(op.pole, x)
        if not np.any(pole) or i in self.edges:
            return np.logical_or(ending, pole)
        return pole & (~np.isfinite(y) | marked(lambda y, *v: self.is_at_edge(i, v, y), [y, *x]))

    def _of_whole(self, i: int, x: list[Any], active: Any, result: Any) -> list[Note]:
        """What happened in an operation on whole arrays, of those elements that the results depend on."""
        op, *operands = self.graph.nodes[i]
        where = active[i]
        y = _taken(result, where)
        taken = [_taken(v, active.get(k, False)) for k, v in zip(operands, x, strict=True)]
        if any(np.isnan(v).any() for v in taken):
            return []
        infinite = any(np.isinf(v).any() for v in taken)
        if np.isnan(y).any():
            if infinite:
                return [self.note("indeterminate", i, f"{op.name} of infinities has no value: NaN")]
            return [self.note("domain", i, f"{op.name} is not defined here: NaN")]
        x = [with_methods(v) for v in x]
        if np.isinf(y).any() and not infinite:
            if op.pole is not None and np.any(op.pole(*x)):
                return [self.note("infinite", i, f"{op.name} is infinite")]
            return [self.note("overflow", i, f"{op.name} overflows")]
        if op.underflow is not None and np.any((np.asarray(result) == 0) & op.underflow(*x) & where):
            return [self.note("underflow", i, f"{op.name} underflows: 0")]
        steps = self._steps_of_whole(i, x, where)
        if steps:
            return steps
        op, *operands = self.graph.nodes[i]
        kinked = op.kink is not None and self.slopes[i] and self.moves[operands[0]] and i not in self._smooth
        if kinked and np.any(np.logical_and(op.kink(*x), where)):
            return [self.note("kink", i, f"{op.name} has a {op.edges}")]
        for k, (turn, operand) in enumerate(zip(op.turns, operands, strict=False)):
            if turn and self.moves[operand] and self.slopes[i] and np.any(np.logical_and(turn[1](*x), where)):
                what = "has a kink" if turn[0] == "kink" else "jumps"
                return [self.note(turn[0], i, f"{op.name} {what} by {_parameter(op, k)}; slope 0 used")]
        return []

    def _steps_of_whole(self, i: int, x: list[Any], where: Any) -> list[Note]:
        """What happens beside the point, by the elements and by what steers the operation."""
        op, *operands = self.graph.nodes[i]
        for k in self.truths.get(i, ()):
            if x[k] == 0:
                return [self.note("boundary", i, f"{_parameter(op, k)} of {op.name} was decided at 0: false")]
        if i in self.steps and op.jump is not None and np.any(np.logical_and(op.jump(*x), where)):
            decided = "was decided at 0" if op.decides else "jumps where elements are equal"
            return [self.note("boundary" if op.decides else "jump", i, f"{op.name} {decided}")]
        for k, operand in enumerate(operands):
            if self.moves[operand] and (_is_place(op, k) or (op.isolated and op.isolated[k] and op.isolated[k](*x))):
                return [
                    self.note("domain", i, f"{op.name} has a value at this {_parameter(op, k)}, and none beside it")
                ]
        return []

    def _of_partials(self, values: Sequence[Any], known: set[str]) -> list[Note]:
        """Partials that are not finite although the value is a number."""
        notes = []
        places = set()
        for name, partial in self.partials:
            odd = ~np.isfinite(values[partial])
            if not odd.any():
                continue
            nan = bool(np.isnan(values[partial]).any())
            i = _source(self.graph.nodes, values, partial, nan)
            op, *operands = self.graph.nodes[i]
            x = [values[k] for k in operands]
            kind = "overflow" if not nan else "indeterminate" if is_infinite(op, x) else "domain"
            if self._place(i) in places or (not nan and known & {"infinite", "overflow"}):
                continue
            places.add(self._place(i))
            what = _OF_SLOPES[kind]
            count = f" ({odd.sum()} of {odd.size} elements)" if odd.shape else ""
            notes.append(self.of_slope(kind, i, f"the slope by {name} is {what}{count}"))
        return notes


class _Elements:
    """The elements of an elementwise operation; of one on whole arrays only what was lost.

    hidden: where an operand is 0 or infinite for no other reason than that floats are small; lost: where the result is.
    """

    def __init__(self, observer: ArrayObserver, i: int, x: list[Any], y: Any, lost: list[Any]) -> None:
        self._observer = observer
        self._i = i
        self._op = op = observer.graph.nodes[i][0]
        self._y, self._x = y, x
        self.hidden: Any = any(v is not False for v in lost)
        if not op.whole and self.hidden:
            self.hidden = reduce(np.logical_or, lost)
        self._vanished: Any = False
        if op.underflow is not None and np.any(np.equal(y, 0)):
            self._vanished = np.equal(y, 0) & marked_by(op, op.underflow, x)
        self.lost: Any = False
        if self.hidden is not False or np.any(self._vanished):
            self.lost = (np.equal(y, 0) | ~np.isfinite(y)) & (self._vanished | self.hidden)

    def notes(self, active: Any, near: Any, sides: ArraySides) -> list[Note]:
        """One for each kind of thing that happened, by the rules for single numbers."""
        observer, op, i = self._observer, self._op, self._i
        shape = np.shape(self._y)
        y = np.asarray(self._y, dtype=np.float64)
        x = [np.asarray(v, dtype=np.float64) for v in self._x]
        marks = [op.pole is not None and marked(op.pole, x)]
        marks += [self._turns(mark, x, sides) for mark in (op.kink, op.end)]
        marks.append(i in observer.steps and self._turns(lambda *v: observer.are_at_step(i, v), x, sides))
        marks.append(reduce(np.logical_or, [marked(mark, x) for mark in observer.isolated.get(i, ())], False))
        odd = [np.isnan(y), np.isinf(y), self._vanished, *marks]
        odd += [test(v) for test in (np.isnan, np.isinf) for v in x]
        # What is told depends on nothing but these marks: one element of each pattern of them speaks for all.
        code = sum(np.broadcast_to(mark, shape) * 2**place for place, mark in enumerate(odd) if mark is not None)
        # What is not chosen may step into the result, or end beside it.
        near = reduce(np.logical_or, [near, marks[3], observer.are_at_edge(i, x, y)])
        told = np.broadcast_to(np.logical_and(near, np.logical_not(self.hidden)), shape)
        code = np.where(told, code, 0) * 2 + np.broadcast_to(active, shape)
        found: dict[str, tuple[Note, int]] = {}
        for pattern, first, count in zip(*np.unique(code, return_index=True, return_counts=True), strict=True):
            if pattern > 1:
                of = [float(np.broadcast_to(v, shape).flat[first]) for v in x]
                beside = _Beside(observer, code == pattern, sides)
                note = observer.of_element(i, of, float(y.flat[first]), bool(pattern % 2), beside)
                if note is not None:
                    known, before = found.get(note.kind, (note, 0))
                    found[note.kind] = known, before + int(count)
        for note, count in found.values():
            note.message += f" ({count} of {y.size} elements)" if shape else ""
        return [note for note, _ in found.values()]

    def _turns(self, mark: Callable[..., bool] | None, x: list[Any], sides: ArraySides) -> Any:
        """Where it stands at a kink or a step, and not so all around too."""
        found = mark is not None and marked(mark, x)
        if mark is None or not np.any(found):
            return found
        operands = self._observer.graph.nodes[self._i][1:]

        def stays(values: Sequence[Any]) -> Any:
            near = [np.asarray(values[k], dtype=np.float64) for k in operands]
            level = [np.abs(v - here) <= NEAR * (1.0 + np.abs(here)) for v, here in zip(near, x, strict=True)]
            return reduce(np.logical_and, [marked(mark, near), *level])  # what leaps may have come to another kink

        return np.logical_and(found, np.logical_not(sides.stays(stays)))


class _Beside:
    """In the place of `Kinks`: what happens beside the point by some elements `at` of an operation."""

    def __init__(self, observer: ArrayObserver, at: Any, sides: ArraySides) -> None:
        self._observer = observer
        self._at, self._sides = at, sides

    def note(self, i: int, what: str, worked_out: bool) -> Note:
        return self._observer.note("kink", i, what)

    def shows(self, i: int) -> bool:
        observer, operands = self._observer, self._observer.graph.nodes[i][1:]

        def stands(values: Sequence[Any]) -> Any:
            x = [np.asarray(values[k], dtype=np.float64) for k in operands]
            edges = observer.are_at_edge(i, x, np.asarray(values[i], dtype=np.float64))
            return self._at & (edges | observer.are_at_step(i, x))

        return self._sides.shows(i, stands)

    def isolates(self, i: int) -> bool:
        return True

    def leaps(self, i: int) -> bool:
        return self._sides.leaps(i, self._at)

    def is_hidden(self, i: int) -> bool:
        return False


def _is_place(op: Op, k: int) -> bool:
    """Is operand k of an operation on whole arrays a whole number: an axis, a length, an index?"""
    return rule_of(op, k) == STRUCTURE or (rule_of(op, k) == DISCRETE and k > 0)


def _parameter(op: Op, k: int) -> str:
    """What the signature calls operand k."""
    names = op.signature.split(",")
    return names[min(k, len(names) - 1)].partition("=")[0].strip(" *")


def _taken(x: Any, where: Any) -> Any:
    """The elements on which the results depend, of what is a number."""
    if where is False or not isinstance(x, NUMBERS):
        return np.zeros(0)
    return x if where is True else np.asarray(x)[np.broadcast_to(where, np.shape(x))]


def _reached(op: Op, k: int, where: Any, y: Any, x: list[Any]) -> Any:
    """On which elements of operand k of an operation on whole arrays those elements of its result depend."""
    reach = template(op, "reach", k, len(x))
    return reach is None or _run(reach, [np.broadcast_to(where, np.shape(y)) * 1.0, y, *x]) != 0


def _hidden(op: Op, x: Any, y: Any, lost: Any) -> Any:
    """A NaN is chosen by nobody, and yet it is why the result is NaN; so is what was lost to 0."""
    nan, small = np.isnan(y), np.logical_or(np.equal(y, 0), ~np.isfinite(y))
    if op.whole:
        nan, small = nan.any(), np.any(small)
    shows = op.name != "where" and np.any(small) and np.logical_and(lost, small)
    return np.logical_or(np.isnan(x) & nan, shows)


def _run(traced: Template, inputs: list[Any]) -> Any:
    """A rule of the table on arrays."""
    answer, steps = traced
    values = inputs
    for op, operands in steps:
        values.append(operands if op is None else call(op, [values[k] for k in operands]))
    return values[answer]


def _source(nodes: Sequence[Node], values: Sequence[Any], i: int, nan: bool) -> int:
    """Back from a NaN or an infinity to the operation that made it from other numbers."""
    while not nodes[i][0].leaf:
        back = [k for k in nodes[i][1:] if isinstance(values[k], NUMBERS) and _is_odd(values[k], nan)]
        if not back or nodes[back[0]][0].leaf:
            break
        i = back[0]
    return i


def _is_odd(value: Any, nan: bool) -> bool:
    return bool((np.isnan(value) if nan else np.isinf(value)).any())
