"""Backward through a long history, step by step: no graph of the whole is built, each step has a rule of its own.

A rule is a Python function of a few lines, for floats or for arrays of certain shapes, so that a step costs little more
than its arithmetic. Where a step chooses, what was not chosen is masked there alone, and only finite results are right;
so it is where the square of a norm is smooth and the norm is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy import ndarray

from gradcli.tensors.accumulation import all_finite
from gradcli.tensors.bound_op import BoundOp
from gradcli.tensors.dtypes import F16
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.history import LEAF, NEVER
from gradcli.tensors.program import GradientProgram, Structure, in_order
from gradcli.tensors.tape import TensorTape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.tensors.tensor import Tensor

LONG = 2_000  # steps from which on this way is the shorter one
_MOST = 4_096


class Freed(NamedTuple):
    """Which steps saved values, and which hold such a step."""

    saving: list[int]
    holding: list[int]


class Rule:
    """The gradients of the operands at `places` of one operation, for values of one kind.

    function: of the result, the operands and the result's gradient; where it raises, `run` has the IEEE values.
    saves: what of the step must not have changed since, as `BoundOp.saves` has it.
    """

    __slots__ = ("_program", "_shapes", "function", "places", "saves")

    def __init__(self, op: BoundOp, places: tuple[int, ...], shapes: tuple[Any, ...]) -> None:
        self.places, self.saves = places, tuple(op.saves(places))
        self._program = _program(op, places)
        self._shapes = tuple([shapes[i] or () for i in self._program.read])
        self.function: Callable[..., Sequence[Any]] = self.run
        if self._program.scalar and not any(shape is not None for shape in shapes):
            self.function = TensorTape(self._program.graph, len(shapes), True).as_function()

    def run(self, *values: Any) -> Sequence[Any]:
        """What `function` gives; once the program has a tape for these shapes, it becomes the function."""
        *given, gradient = values
        found = self._program.run(given, gradient)[0]
        tape = self._program.tapes.get(self._shapes)
        if tape is not None and self.function == self.run:
            self.function = tape.as_function()
        return found


_programs: dict[tuple[BoundOp, tuple[int, ...]], GradientProgram] = {}
_rules: dict[tuple[Any, ...], Rule] = {}


def _program(op: BoundOp, places: tuple[int, ...]) -> GradientProgram:
    known = _programs.get((op, places))
    if known is None:
        if len(_programs) >= _MOST:
            _programs.clear()
        count = len(op.holes)
        structure = Structure([op, *[None] * count], [tuple(range(1, count + 1)), *[()] * count])
        known = _programs[op, places] = GradientProgram(structure, tuple(p + 1 for p in places), True, local=True)
    return known


def _rule(kind: tuple[Any, ...], op: BoundOp, needed: list[bool], values: Sequence[Any]) -> Rule:
    if len(_rules) >= _MOST:
        _rules.clear()
    places = tuple([p for p, asked in enumerate(needed) if asked])
    rule = _rules[kind] = Rule(op, places, tuple([v.shape if type(v) is ndarray else None for v in values]))
    return rule


def run(
    queue: list[Tensor], key: list[Any], goals: Sequence[int] | None, seed: Any,
    changed: Callable[[Tensor, Tensor, int], Exception],
) -> tuple[Freed, list[tuple[Tensor, Any, bool]]] | None:  # fmt: skip
    """The gradients of the leaves, or of the goals; None where only the graph of the whole gives them.

    key: of each tensor its operation, then the numbers of its operands. Raises RuntimeError where a value that is read
    has been changed.
    """
    ops, operands = _steps(queue, key)
    kinds = {op for op in ops if op is not None and op is not LEAF}
    if any(type(op) is not BoundOp for op in kinds) or any(
        type(t.value) is ndarray and t.value.dtype is F16 for t in queue
    ):
        return None
    if goals is None:
        needed = [op is not None for op in ops]
        goals = [i for i, op in enumerate(ops) if op is LEAF]
    else:
        needed = _between(operands, goals)
    token = set_errors(IGNORE)
    try:
        gradients, saving = _flow(queue, operands, needed, frozenset(goals), seed, changed)
    finally:
        reset_errors(token)
    found = [gradients[i] for i in goals]
    if any(op.chooses or op.row.squared for op in kinds) and not all_finite(found):
        return None
    freed = set(saving)
    holding = [i for i, numbers in enumerate(operands) if i not in freed and not freed.isdisjoint(numbers)]
    return Freed(saving, holding), [(queue[i], g, False) for i, g in zip(goals, found, strict=True)]


def _steps(queue: list[Tensor], key: list[Any]) -> tuple[list[Any], list[tuple[int, ...]]]:
    ops, operands, at = [], [], 0
    for t in queue:
        op = key[at]
        at += 1
        ops.append(op)
        end = at if op is LEAF else at + len(t.operands)
        operands.append(tuple(key[at:end]))
        at = end
    return ops, operands


def _between(operands: list[tuple[int, ...]], goals: Sequence[int]) -> list[bool]:
    """Which steps lead to the goals."""
    needed = [False] * len(operands)
    for i in goals:
        needed[i] = True
    for i in in_order(operands):
        needed[i] = needed[i] or any(needed[k] for k in operands[i])
    return needed


def _unpacked(step: Tensor, given: Sequence[Any]) -> list[Any]:
    """The result, the operands and the gradient, with the values that a user's function keeps."""
    found = list(given)
    assert step.packed is not None
    unpack, packed = step.packed
    for k, value in packed.items():
        found[1 + k] = unpack(value).value
    return found


def _flow(
    queue: list[Tensor], operands: list[tuple[int, ...]], needed: list[bool], goals: frozenset[int], seed: Any,
    changed: Callable[[Tensor, Tensor, int], Exception],
) -> tuple[list[Any], list[int]]:  # fmt: skip
    """The gradients of the goals by number, and the steps that saved values."""
    uses = [0] * len(queue)
    for asked, numbers in zip(needed, operands, strict=True):
        for k in numbers if asked else ():
            uses[k] += 1
    values = [t.value for t in queue]
    shapes = [v.shape if type(v) is ndarray else None for v in values]
    gradients: list[Any] = [None] * len(queue)
    gradients[0] = seed if seed is not None else 1.0 if type(values[0]) is float else np.ones_like(values[0])
    saving, ready = [], [0]
    while ready:
        i = ready.pop()
        numbers = operands[i]
        if not numbers:
            continue
        t, result, g = queue[i], values[i], gradients[i]
        if i not in goals:
            gradients[i] = None
        if type(result) is float:
            g = float(g)
        op, like = t.op, g.shape if type(g) is ndarray else None
        if len(numbers) == 1:
            (a,) = numbers
            given: Sequence[Any] = (result, values[a], g)
            kind: tuple[Any, ...] = (op, shapes[a], like)
        elif len(numbers) == 2:
            a, b = numbers
            given = (result, values[a], values[b], g)
            kind = (op, needed[a], needed[b], shapes[a], shapes[b], like)
        else:
            given = [result, *[values[k] for k in numbers], g]
            kind = (op, *[needed[k] for k in numbers], *[shapes[k] for k in numbers], like)
        rule = _rules.get(kind) or _rule(kind, op, [needed[k] for k in numbers], given)
        if rule.saves:
            saving.append(i)
            if t.packed is not None:
                given = _unpacked(t, given)
            for p in rule.saves if t.packed is None else ():
                read = t if p < 0 else t.operands[p]
                if read.counter is not NEVER and read.counter.count != (t.born if p < 0 else t.versions[p]):
                    raise changed(read, t, p)
        try:
            slopes = rule.function(*given)
        except (ArithmeticError, ValueError):
            slopes = rule.run(*given)
        places = rule.places
        for n, slope in enumerate(slopes):
            k = numbers[places[n]]
            known = gradients[k]
            gradients[k] = slope if known is None else known + slope
        for k in numbers:
            uses[k] -= 1
            if not uses[k] and needed[k]:
                ready.append(k)
    return gradients, saving
