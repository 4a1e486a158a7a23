"""A history collected, its gradient program found or built, and run."""

from __future__ import annotations

import bisect
import heapq
import re
from typing import Any

from gradcli.core.collector import Paused
from gradcli.tensors import dtypes, unrolled
from gradcli.tensors.accumulation import all_finite
from gradcli.tensors.bound_op import BoundOp
from gradcli.tensors.history import FREED, LEAF
from gradcli.tensors.program import GradientProgram, Structure, in_order
from gradcli.tensors.replaying import replayed
from gradcli.tensors.tensor import Tensor

_new = object.__new__

# Programs by structure; the least recently made go first when there are too many nodes in them.
_programs: dict[Any, GradientProgram] = {}
_MOST_NODES = 200_000
_kept_nodes = 0

FREED_MESSAGE = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)


def collect(
    output: Tensor, stops: frozenset[Tensor] = frozenset()
) -> tuple[list[Tensor], dict[Tensor, int], list[Any]]:
    """The tensors that a result was made of, the number of each, and the key of the structure.

    stops: tensors that are taken as leaves.
    """
    queue = [output]
    index = {output: 0}
    key: list[Any] = []
    add, number, note, count = queue.append, index.setdefault, key.append, 1
    for t in queue:  # it grows on the way
        if stops and t in stops and t is not output:
            note(LEAF)
            continue
        note(t.op)
        for p in t.operands:
            if p.past is not None:
                p = _as_it_was(p, t)
            i = number(p, count)
            if i == count:
                count += 1
                add(p)
            note(i)
    return queue, index, key


def arrival(queue: list[Tensor], index: dict[Tensor, int]) -> list[Tensor]:
    """The leaves, and what keeps its gradient, in the order in which PyTorch has their gradients.

    A leaf has its own when the last step that reads it is done; of the steps that may go the one recorded last goes.
    """
    operands = structure_of(queue, index).operands
    turn = {i: -n for n, i in enumerate(in_order(operands))}
    waits = [0] * len(queue)
    for numbers in operands:
        for k in numbers:
            waits[k] += 1
    found, ready = [], [(turn[0], 0)]
    while ready:
        _, i = heapq.heappop(ready)
        t = queue[i]
        if t.op is LEAF or t.keeps_grad:
            found.append(t)
        numbers = operands[i]
        if len(numbers) == 3 and type(t.op) is BoundOp and t.op.row.name == "linear":
            numbers = (numbers[2], numbers[0], numbers[1])  # PyTorch's step has the bias first
        for k in numbers:
            waits[k] -= 1
            if waits[k]:
                continue
            if queue[k].op is LEAF:
                found.append(queue[k])
            else:
                heapq.heappush(ready, (turn[k], k))
    return found


def _as_it_was(operand: Tensor, of: Tensor) -> Tensor:
    """An operand that was changed in place later, as it was when it was read."""
    for place, p in enumerate(of.operands):
        if p is operand:
            past = operand.past or []
            k = bisect.bisect_right(past, of.versions[place], key=_version)
            return past[k][1] if k < len(past) else operand
    return operand


def _version(entry: tuple[int, Tensor]) -> int:
    return entry[0]


def run_program(
    queue: list[Tensor], index: dict[Tensor, int], key: list[Any], wanted: list[Tensor] | None, seed: Any,
    create_graph: bool,
    stops: frozenset[Tensor] = frozenset(),
) -> tuple[GradientProgram | unrolled.Freed, list[tuple[Tensor, Any, bool]]]:  # fmt: skip
    """The gradient program of a history, and its results: (tensor, gradient, whether its memory is its own).

    Raises RuntimeError where a value that is read has been changed or let go.
    """
    goals = None if wanted is None else tuple([index[t] for t in wanted])
    key.append(goals)
    key.append(seed is None)
    known = tuple(key)
    program = _programs.get(known)
    if program is None:
        if not create_graph and len(queue) > unrolled.LONG:
            with Paused():
                found = unrolled.run(queue, key, goals, seed, changed)
            if found is not None:
                return found
        if goals is None:
            goals = tuple([i for i, t in enumerate(queue) if t.op is LEAF])
        program = _build(queue, index, known, goals, seed is not None, stops)
    if create_graph:
        program = program.guarded
    unpacked: dict[int, Any] = {}
    _check(program.checks, queue, index, unpacked)
    if wanted is None:
        wanted = [queue[i] for i in program.goals]
    if create_graph:
        return program, [(t, g, False) for t, g in zip(wanted, replayed(program, queue, seed, wanted), strict=True)]
    values, fresh = _run(program, queue, unpacked, seed)
    if program.doubtful and not all_finite(values):
        known_checks, program = program.checks, program.guarded
        _check([c for c in program.checks if c not in known_checks], queue, index, unpacked)
        values, fresh = _run(program, queue, unpacked, seed)
    return program, list(zip(wanted, values, fresh, strict=True))


def _check(
    checks: list[tuple[int, int]], queue: list[Tensor], index: dict[Tensor, int], unpacked: dict[int, Any]
) -> None:
    """See that no value that a program reads was changed, and unpack those that a user's function keeps."""
    for i, place in checks:
        t = queue[i]
        if t.packed is not None and place in t.packed[1]:
            unpack, packed = t.packed
            for k, value in packed.items() if place == min(packed) else ():  # once a step, in their order
                unpacked[i if k < 0 else index[_as_it_was(t.operands[k], t)]] = unpack(value).value
            continue
        p = t if place < 0 else t.operands[place]
        if p.counter.count != (t.born if place < 0 else t.versions[place]):
            raise changed(p, t, place)


def _run(
    program: GradientProgram, queue: list[Tensor], unpacked: dict[int, Any], seed: Any
) -> tuple[list[Any], list[bool]]:
    known = [unpacked.get(i, t.value) for i, t in enumerate(queue)] if unpacked else [t.value for t in queue]
    return program.run(known, seed)


def free(program: GradientProgram | unrolled.Freed, queue: list[Tensor]) -> None:
    """Let go of the history that saved values; operations without any can go backward again, and hold no arrays."""
    for i in program.saving:
        t = queue[i]
        t.spent, t.op, t.operands = t.op, FREED, ()
    for i in program.holding:
        t = queue[i]
        if len(t.operands) == 1:
            p = t.operands[0]
            if p.past is None and type(p.value) is not float:
                t.operands = (_mark(p.spent),)
            continue
        t.operands = tuple([
            p if p.op is not FREED or p.past is not None or type(p.value) is float else _mark(p.spent)
            for p in t.operands
        ])  # fmt: skip


def _mark(op: Any) -> Tensor:
    """What stands in a history for results of this operation whose own is freed."""
    if op.mark is None:
        op.mark = mark = _new(Tensor)
        mark.value, mark.op, mark.spent = None, FREED, op
    return op.mark


def changed(value: Tensor, of: Tensor, place: int) -> RuntimeError:
    """The error for a value that backward reads and that is not what it was."""
    if value.op is None and value.past:
        return RuntimeError(
            "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_(). This is not "
            "supported, please use out-of-place `.detach()` instead"
        )
    kind = dtypes.LEGACY[value.dtype.name]
    maker = value.op if value.op is not None and value.op is not LEAF else None
    origin = f", which is output 0 of {_made_by(maker.name)}," if maker is not None and maker is not FREED else ""
    expected = of.born if place < 0 else of.versions[place]
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[torch.{kind} {list(value.shape)}]{origin} is at version {value.counter.count}; expected version {expected} "
        f"instead. Hint: {of.op.name} reads it; write `x = x + ...` in place of `x += ...`, or change a .clone()."
    )


def _made_by(name: str) -> str:
    return f"torch::autograd::{name}" if name == "CopySlices" else re.sub(r"Backward\d$", "", name)


def _build(
    queue: list[Tensor], index: dict[Tensor, int], key: Any, wanted: tuple[int, ...], seeded: bool,
    stops: frozenset[Tensor],
) -> GradientProgram:  # fmt: skip
    global _kept_nodes
    if any(t.op is FREED for t in queue if t not in stops or t is queue[0]):
        raise RuntimeError(FREED_MESSAGE)
    program = GradientProgram(structure_of(queue, index, stops), wanted, seeded, local=True)
    size = len(key) + len(program.graph.nodes)
    if size < _MOST_NODES:
        while _kept_nodes + size > _MOST_NODES:
            oldest = next(iter(_programs))
            _kept_nodes -= len(oldest) + len(_programs.pop(oldest).graph.nodes)
        _programs[key] = program
        _kept_nodes += size
    return program


def structure_of(queue: list[Tensor], index: dict[Tensor, int], stops: frozenset[Tensor] = frozenset()) -> Structure:
    """The history as numbers; what is taken as a leaf has no operation here, which would keep what it keeps."""
    leaves = [t.op is LEAF or (t in stops and t is not queue[0]) for t in queue]
    operands = [
        () if leaf else tuple([index[p if p.past is None else _as_it_was(p, t)] for p in t.operands])
        for t, leaf in zip(queue, leaves, strict=True)
    ]
    return Structure([None if leaf else t.op for t, leaf in zip(queue, leaves, strict=True)], operands)
