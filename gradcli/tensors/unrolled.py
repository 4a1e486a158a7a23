"""Backward through a long history, step by step: no graph of the whole is built, each step has a rule of its own.

Only where no step chooses: what was not chosen is not differentiated, and that is decided on the graph of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.tensors.bound_op import ONLY_FLOATS, BoundOp
from gradcli.tensors.history import LEAF
from gradcli.tensors.program import GradientProgram, Structure
from gradcli.tensors.tape import TensorTape

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.tensor import Tensor

LONG = 2_000  # steps from which on this way is the shorter one
_MOST = 4_096


class Rule(NamedTuple):
    """The gradients of one operation. floats: of the values [result, *operands, gradient], all floats;
    step: its one step, where there is but one."""

    program: GradientProgram
    floats: Callable[[list[Any]], list[Any]] | None
    step: tuple[Any, int, int] | None
    saves: frozenset[int]


class Freed(NamedTuple):
    """Which steps saved values, and which hold such a step."""

    saving: list[int]
    holding: list[int]


_rules: dict[tuple[BoundOp, tuple[int, ...]], Rule] = {}


def _rule(op: BoundOp, places: tuple[int, ...]) -> Rule:
    known = _rules.get((op, places))
    if known is None:
        if len(_rules) >= _MOST:
            _rules.clear()
        count = len(op.holes)
        structure = Structure([op, *[None] * count], [tuple(range(1, count + 1)), *[()] * count])
        program = GradientProgram(structure, tuple(p + 1 for p in places), True)
        tape = TensorTape(program.graph, count + 2, True) if program.scalar else None
        floats, step = (None, None) if tape is None else (tape.run, tape.only_step())
        known = _rules[op, places] = Rule(program, floats, step, op.saves(places))
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
    for part in key:
        if type(part) is int:
            operands[-1].append(part)
        else:
            operands.append([])
    uses = [0] * len(queue)
    for numbers in operands:
        for k in numbers:
            uses[k] += 1
    gradients: list[Any] = [None] * len(queue)
    gradients[0] = seed if seed is not None else 1.0
    kinds: dict[Any, tuple[Rule, tuple[int, ...]]] = {}
    saving = []
    ready = [0]
    while ready:
        i = ready.pop()
        t, numbers, g = queue[i], operands[i], gradients[i]
        if not numbers:
            continue
        gradients[i] = None
        parts = [queue[k] for k in numbers]
        kind = (t.op, *[p.op is not None for p in parts])
        found = kinds.get(kind)
        if found is None:
            places = tuple(p for p, x in enumerate(parts) if x.op is not None)
            found = kinds[kind] = (_rule(t.op, places), places)
        rule, places = found
        if rule.saves:
            saving.append(i)
            for p in rule.saves:
                if p < 0 and t.counter.count != t.born:
                    raise changed(t, t, p)
                if p >= 0 and t.operands[p].counter.count != t.versions[p]:
                    raise changed(t.operands[p], t, p)
        if g is not None:
            slopes = _slopes(rule, [t.value, *[x.value for x in parts], g])
            for p, slope in zip(places, slopes, strict=False):
                k = numbers[p]
                gradients[k] = slope if gradients[k] is None else gradients[k] + slope
        for k in numbers:
            uses[k] -= 1
            if not uses[k]:
                ready.append(k)
    freed = set(saving)
    holding = [i for i, numbers in enumerate(operands) if i not in freed and not freed.isdisjoint(numbers)]
    leaves = [(t, gradients[i], False) for i, t in enumerate(queue) if t.op is LEAF]
    return Freed(saving, holding), leaves


def _slopes(rule: Rule, values: list[Any]) -> list[Any]:
    """The gradients of the operands; values: the result, the operands, its gradient."""
    if rule.floats is not None and ONLY_FLOATS.issuperset(map(type, values)):
        if rule.step is None:
            return rule.floats(values)
        function, a, b = rule.step
        try:
            return [
                values[a] if function is None else function(values[a], values[b]) if b >= 0 else function(values[a])
            ]
        except (ArithmeticError, ValueError):
            return rule.floats(values)
    gradient = values.pop()
    return rule.program.run(values, gradient)[0]
