"""Notes on arrays: one for each kind of thing that happened in an operation, with the number of elements."""

from __future__ import annotations

import numpy as np

from gradcli.api.evaluation import Note
from gradcli.api.notes import LIMIT, Observer, at
from gradcli.core.ops import by_name
from gradcli.core.trace import seen, template
from gradcli.domains.array_tape import call, function_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op
    from gradcli.core.trace import Template

_ANY_LIKE = by_name("any_like")
_NUMBERS = np.ndarray | np.number | float


class ArrayObserver(Observer):
    """As `Observer`, for arrays. The slopes on the two sides of a kink are left to single numbers."""

    def notes(self, values: list[Any]) -> tuple[list[Note], int]:
        nodes = self.graph.nodes
        found: list[Note] = []
        with np.errstate(all="ignore"):
            active = self._active(values) if self.chooses else dict.fromkeys([*self.operations, *self.huge], True)
            found += [self._note("overflow", i, "the number is beyond float64: inf") for i in self.huge if i in active]
            for i in self.operations:
                if i in active and isinstance(values[i], _NUMBERS | np.bool_):
                    x = [values[k] for k in nodes[i][1:]]
                    if nodes[i][0].whole:
                        taken = [_taken(v, active.get(k, False)) for k, v in zip(nodes[i][1:], x, strict=True)]
                        found += self._of_whole(i, x, taken, values[i], active[i])
                    else:
                        found += self._of_elements(i, x, values[i], active[i])
            if all(not np.isnan(values[r]).any() for r in self.results):
                found += self._of_partials(values, {note.kind for note in found})
        return found[:LIMIT], max(0, len(found) - LIMIT)

    def _active(self, values: Sequence[Any]) -> Any:
        """For each operation on which the results depend: at which elements, True for all of them."""
        nodes = self.graph.nodes
        active: dict[int, Any] = dict.fromkeys(self.results, True)
        for i in reversed(self.operations):
            if i not in active:
                continue
            op, operands = nodes[i][0], nodes[i][1:]
            for k, x in enumerate(operands):
                where = active[i]
                if op.whole and where is not True:
                    where = _reached(op, k, where, values[i], [values[j] for j in seen(op, operands, k)])
                rule = template(op, "active", k, len(operands)) if op.active else None
                if rule is not None:
                    used = _run(rule, [values[i], *[values[j] for j in seen(op, operands, k)]])
                    where = np.logical_and(where, np.logical_or(used, _hidden(op, values[x], values[i])))
                if where is not True:
                    where = function_of(_ANY_LIKE)(where, values[x])
                    if not np.any(where):
                        continue
                    known = active.get(x, False)
                    where = True if known is True else np.logical_or(known, where)
                active[x] = where
        return active

    def _of_elements(self, i: int, x: list[Any], y: Any, where: Any) -> list[Note]:
        """What happened at elements of an elementwise operation, by the rules for single numbers."""
        op, shape = self.graph.nodes[i][0], np.shape(y)
        x = [np.broadcast_to(np.asarray(v, dtype=np.float64), shape).ravel() for v in x]  # truths are numbers
        where = np.broadcast_to(where, shape).ravel()
        y = np.asarray(y, dtype=np.float64).ravel()
        odd = ~np.isfinite(y)
        for v in x:
            odd |= np.isnan(v)
        for mark in (op.pole, op.jump, op.kink):
            if mark is not None:
                odd |= _marked(mark, x, odd)
        first: dict[str, Note] = {}
        count: dict[str, int] = {}
        for e in np.flatnonzero(odd & where).tolist():
            of = [float(v[e]) for v in x]
            value = float(y[e])
            note = self._value_note(i, of, value) or self._gradient_note(i, of, {i: value}, {})  # type: ignore[arg-type]
            if note is not None:
                first.setdefault(note.kind, note)
                count[note.kind] = count.get(note.kind, 0) + 1
        for kind, note in first.items():
            if shape:
                note.message += f" ({count[kind]} of {y.size} elements)"
        return list(first.values())

    def _kink(self, i: int, x: list[float], values: Any, sides: Any) -> Note | None:
        return self._note("kink", i, at(self.graph.nodes[i][0], x, "has a kink"))

    def _of_whole(self, i: int, x: list[Any], taken: list[Any], result: Any, where: Any) -> list[Note]:
        """What happened in an operation on whole arrays, of those elements that the results depend on."""
        op, y = self.graph.nodes[i][0], _taken(result, where)
        if any(np.isnan(v).any() for v in taken):
            return []
        infinite = any(np.isinf(v).any() for v in taken)
        if np.isnan(y).any():
            if infinite:
                return [self._note("indeterminate", i, f"{op.name} of infinities has no value: NaN")]
            return [self._note("domain", i, f"{op.name} is not defined here: NaN")]
        if np.isinf(y).any() and not infinite:
            return [self._note("overflow", i, f"{op.name} overflows")]
        # A constant is a plain float, which has none of the methods that the predicates use.
        if self.depends[i] and op.kink is not None:
            kinks = op.kink(*[np.float64(v) if type(v) is float else v for v in x])
            if np.any(np.logical_and(kinks, where)):
                return [self._note("kink", i, f"{op.name} has a {op.edges}")]
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
            kind = "indeterminate" if nan else "overflow"
            if self._place(i) in places or (not nan and known & {"infinite", "overflow"}):
                continue
            places.add(self._place(i))
            what = "infinity times zero or its kin: NaN" if nan else "beyond float64, or infinite"
            count = f" ({odd.sum()} of {odd.size} elements)" if odd.shape else ""
            notes.append(Note(kind, self._op_at(i), self._place(i), f"the slope by {name} is {what}{count}"))
        return notes


def _taken(x: Any, where: Any) -> Any:
    """The elements on which the results depend, of what is a number."""
    if where is False or not isinstance(x, _NUMBERS):
        return np.zeros(0)
    return x if where is True else np.asarray(x)[np.broadcast_to(where, np.shape(x))]


def _reached(op: Op, k: int, where: Any, y: Any, x: list[Any]) -> Any:
    """On which elements of operand k of an operation on whole arrays those elements of its result depend."""
    reach = template(op, "reach", k, len(x))
    return reach is None or _run(reach, [np.broadcast_to(where, np.shape(y)) * 1.0, y, *x]) != 0


def _hidden(op: Op, x: Any, y: Any) -> Any:
    """A NaN is chosen by nobody, and yet it is why the result is NaN."""
    return np.isnan(x) & (np.isnan(y).any() if op.whole else np.isnan(y))


def _run(traced: Template, inputs: list[Any]) -> Any:
    """A rule of the table on arrays."""
    answer, steps = traced
    values = inputs
    for op, operands in steps:
        values.append(operands if op is None else call(op, [values[k] for k in operands]))
    return values[answer]


def _marked(mark: Callable[..., bool], x: list[Any], skip: Any) -> Any:
    """Where a predicate on floats holds."""
    marked = np.zeros(skip.shape, dtype=bool)
    known = ~skip
    marked[known] = np.frompyfunc(mark, len(x), 1)(*[v[known] for v in x]).astype(bool)
    return marked


def _source(nodes: Sequence[Node], values: Sequence[Any], i: int, nan: bool) -> int:
    """Back from a NaN or an infinity to the operation that made it from other numbers."""
    while not nodes[i][0].leaf:
        back = [k for k in nodes[i][1:] if isinstance(values[k], _NUMBERS) and _is_odd(values[k], nan)]
        if not back or nodes[back[0]][0].leaf:
            break
        i = back[0]
    return i


def _is_odd(value: Any, nan: bool) -> bool:
    return bool((np.isnan(value) if nan else np.isinf(value)).any())
