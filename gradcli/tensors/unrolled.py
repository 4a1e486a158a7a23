"""Backward through a long history, step by step: no graph of the whole is built, each step has a rule of its own.

Only where no step chooses: what was not chosen is not differentiated, and that is decided on the graph of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from numpy import float64

from gradcli.tensors.bound_op import ONLY_FLOATS, BoundOp
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.history import LEAF
from gradcli.tensors.program import GradientProgram, Structure
from gradcli.tensors.tape import Direct, TensorTape

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.tensor import Tensor

LONG = 2_000  # steps from which on this way is the shorter one
_MOST = 4_096


class Rule:
    """The gradients of one operation by some of its operands, of the values [result, *operands, gradient].

    places: of these operands; saves: the places of what is read (-1: the result).
    """

    __slots__ = ("_count", "_floats", "_on_floats", "_program", "_shapes", "places", "saves")

    def __init__(self, op: BoundOp, places: tuple[int, ...]) -> None:
        count = len(op.holes)
        self._count = count + 2
        structure = Structure([op, *[None] * count], [tuple(range(1, count + 1)), *[()] * count])
        self.places, self.saves = places, op.saves(places)
        self._program = GradientProgram(structure, tuple(p + 1 for p in places), True)
        self._floats = TensorTape(self._program.graph, self._count, True) if self._program.scalar else None
        self._on_floats = None if self._floats is None else self._floats.direct()
        self._shapes: dict[tuple[tuple[int, ...], ...], Direct | None] = {}  # of arrays and NumPy's numbers

    def slopes(self, values: list[Any]) -> list[Any]:
        """The gradients; errors of NumPy are ignored by the caller. The values are used up."""
        if self._floats is not None and ONLY_FLOATS.issuperset(map(type, values)):
            try:
                return self._floats.run(values) if self._on_floats is None else _called(self._on_floats, values)
            except (ArithmeticError, ValueError):
                return self._floats.run(values[: self._count])
        # NumPy's numbers: Python's raise where IEEE has an infinity.
        values = [float64(v) if type(v) is float else v for v in values]
        shapes = tuple([v.shape for v in values])
        direct = self._shapes.get(shapes)
        if direct is not None:
            return _called(direct, values)
        *given, gradient = values
        slopes: list[Any] = self._program.run(given, gradient)[0]
        tape = self._program.tapes.get(shapes[:-1])
        self._shapes[shapes] = None if tape is None else tape.direct()
        return slopes


def _called(direct: Direct, values: list[Any]) -> list[Any]:
    constants, calls = direct
    if constants:
        values += constants
    return [values[a] if f is None else f(values[a]) if b < 0 else f(values[a], values[b]) for f, a, b in calls]


class Freed(NamedTuple):
    """Which steps saved values, and which hold such a step."""

    saving: list[int]
    holding: list[int]


_rules: dict[tuple[BoundOp, tuple[bool, ...]], Rule] = {}


def _rule(op: BoundOp, active: tuple[bool, ...]) -> Rule:
    known = _rules.get((op, active))
    if known is None:
        if len(_rules) >= _MOST:
            _rules.clear()
        known = _rules[op, active] = Rule(op, tuple(p for p, x in enumerate(active) if x))
    return known


def is_plain(queue: list[Tensor]) -> bool:
    """Does no step of this history choose, or belong to a user's function?"""
    return all(
        op is None or op is LEAF or (type(op) is BoundOp and not op.chooses and not op.row.squared)
        for op in {t.op for t in queue}
    ) and not any(t.packed for t in queue)


def run(
    queue: list[Tensor], key: list[Any], seed: Any, changed: Callable[[Tensor, Tensor, int], Exception]
) -> tuple[Freed, list[tuple[Tensor, Any, bool]]]:
    """The gradients of the leaves; key: of each tensor its operation, then the numbers of its operands.

    Raises RuntimeError where a value that is read has been changed.
    """
    operands: list[list[int]] = []
    uses = [0] * len(queue)
    for part in key:
        if type(part) is int:
            operands[-1].append(part)
            uses[part] += 1
        else:
            operands.append([])
    token = set_errors(IGNORE)
    try:
        gradients, saving = _backward(queue, operands, uses, 1.0 if seed is None else seed, changed)
    finally:
        reset_errors(token)
    freed = set(saving)
    holding = [i for i, numbers in enumerate(operands) if i not in freed and not freed.isdisjoint(numbers)]
    leaves = [(t, gradients[i], False) for i, t in enumerate(queue) if t.op is LEAF]
    return Freed(saving, holding), leaves


def _backward(
    queue: list[Tensor], operands: list[list[int]], uses: list[int], seed: Any,
    changed: Callable[[Tensor, Tensor, int], Exception],
) -> tuple[list[Any], list[int]]:  # fmt: skip
    """The gradients of the leaves at their numbers, and which steps saved values; uses: how often each is read."""
    gradients: list[Any] = [None] * len(queue)
    gradients[0] = seed
    rules: dict[tuple[Any, tuple[bool, ...]], Rule] = {}
    saving = []
    ready = [0]
    while ready:
        i = ready.pop()
        numbers = operands[i]
        if not numbers:
            continue
        t, g = queue[i], gradients[i]
        gradients[i] = None
        if len(numbers) == 2:  # unrolled for speed
            first, second = queue[numbers[0]], queue[numbers[1]]
            active: Any = first.op is not None, second.op is not None
            values = [t.value, first.value, second.value, g]
        else:
            parts = [queue[k] for k in numbers]
            active = tuple([x.op is not None for x in parts])
            values = [t.value, *[x.value for x in parts], g]
        kind = t.op, active
        rule = rules.get(kind)
        if rule is None:
            rule = rules[kind] = _rule(t.op, active)
        if rule.saves:
            saving.append(i)
            for p in rule.saves:
                if p < 0 and t.counter.count != t.born:
                    raise changed(t, t, p)
                if p >= 0 and t.operands[p].counter.count != t.versions[p]:
                    raise changed(t.operands[p], t, p)
        if g is not None:
            for p, slope in zip(rule.places, rule.slopes(values), strict=False):
                k = numbers[p]
                gradients[k] = slope if gradients[k] is None else gradients[k] + slope
        for k in numbers:
            uses[k] -= 1
            if not uses[k]:
                ready.append(k)
    return gradients, saving
