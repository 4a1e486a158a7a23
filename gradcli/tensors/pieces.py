"""Backward in pieces, where something is to happen between: hooks, the user's own functions, the search for NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.tensors.accumulation import shaped
from gradcli.tensors.anomaly import Anomaly, check_nan
from gradcli.tensors.custom import CustomOutput, CustomStep
from gradcli.tensors.grad_mode import set_grad_enabled
from gradcli.tensors.history import FREED, LEAF
from gradcli.tensors.program import in_order
from gradcli.tensors.record import made
from gradcli.tensors.running import collect, free, run_program, structure_of
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

ENDS: list[Callable[[], None]] = []  # to call when a backward in pieces is over


def in_pieces(
    output: Tensor, seed: Any, wanted: list[Tensor], retain: bool, create_graph: bool, gone: frozenset[Tensor]
) -> list[tuple[Tensor, Any, bool]]:
    """Backward in pieces: a hooked tensor is a leaf of the piece above it and the output of the one below.

    So are the outputs and the inputs of the user's own functions, and to find what makes a NaN every tensor.
    gone: whose history was let go and is not needed.
    """
    queue, index, _ = collect(output)
    operands = structure_of(queue, index).operands
    order = in_order(operands)
    rank = {queue[i]: n for n, i in enumerate(order)}
    asked = frozenset(index[t] for t in wanted if t in index)
    leading: set[int] = set()  # to what is asked for: no other step is run, a user's least of all
    for i in order:
        if i in asked or queue[i].op is FREED or not leading.isdisjoint(operands[i]):  # what was let go says so
            leading.add(i)
    inner = {t for t in queue if type(t.op) is CustomStep or type(t.op) is CustomOutput}
    inner.update([p for t in inner for p in t.operands])
    inner.update(t for t in queue if t.hooks or Anomaly.on)
    inner.update([p for t in queue if t.step_hooks for p in (t, *t.operands)])
    cuts = sorted((t for t in inner if t.op is not None and t.op is not LEAF), key=rank.__getitem__, reverse=True)
    chosen = frozenset(wanted)
    stops = frozenset(cuts) | gone | {output}
    if output not in inner:
        cuts.insert(0, output)
    if seed is None:
        seed = made(shaped(1.0, output))
    totals: dict[Tensor, Tensor] = {output: seed if isinstance(seed, Tensor) else made(seed)}
    arrived: dict[Tensor, dict[int, Tensor]] = {}
    spent: list[Any] = []
    for cut in cuts:
        if index[cut] not in leading:
            continue
        if type(cut.op) is CustomStep:
            given: tuple[Any, ...] = tuple(arrived.get(cut, {}).values())
            found = _by_the_user(cut, arrived.get(cut, {}), create_graph)
            spent.append(cut.op)
        elif cut not in totals:
            continue
        else:
            gradient = totals[cut] = hooked(cut, totals[cut], create_graph)
            if type(cut.op) is CustomOutput:
                arrived.setdefault(cut.operands[0], {})[cut.op.place] = gradient
                continue
            given = (gradient,)
            found = _piece(cut, gradient, stops, gone, chosen, create_graph, spent)
        if cut.step_hooks:
            found = _after_step(cut, found, given)
        for k, (t, g) in enumerate(found):
            if Anomaly.on:
                check_nan(cut, g, k)
            totals[t] = totals[t] + g if t in totals else g
    if not retain:
        for freed in spent:
            freed.release() if isinstance(freed, CustomStep) else free(*freed)
    known = [(t, totals[t]) for t in dict.fromkeys(wanted) if t in totals]
    results = [(t, hooked(t, g, create_graph) if t.op is LEAF else g, False) for t, g in known]
    while ENDS:
        ENDS.pop()()
    return results


def _piece(
    cut: Tensor, gradient: Tensor, stops: frozenset[Tensor], gone: frozenset[Tensor], chosen: frozenset[Tensor],
    create_graph: bool, spent: list[Any],
) -> list[tuple[Tensor, Tensor]]:  # fmt: skip
    """The gradients from one cut down to the next."""
    piece, numbers, key = collect(cut, stops)
    goals = [t for t in piece if t is not cut and t.op is not None and (t in stops or t in chosen)]
    if cut.op is LEAF or cut in gone or not (goals or cut.op is FREED):
        return []
    given = gradient if create_graph else gradient.value
    program, found = run_program(piece, numbers, key, goals, given, create_graph, stops)
    spent.append((program, piece))
    return [(t, g if isinstance(g, Tensor) else made(shaped(g, t))) for t, g, _ in found]


def _by_the_user(node: Tensor, arrived: dict[int, Tensor], create_graph: bool) -> list[tuple[Tensor, Tensor]]:
    """The gradients of the inputs of a user's function."""
    if not arrived:
        return []
    with set_grad_enabled(create_graph):
        found = node.op.gradients(arrived, node.operands)
    return [(t, g) for t, g in zip(node.operands, found, strict=True) if g is not None and t.op is not None]


def _after_step(cut: Tensor, found: list[tuple[Tensor, Tensor]], given: tuple[Any, ...]) -> list[tuple[Tensor, Tensor]]:
    """The gradients of the operands after the hooks of this step; an operand read twice has its sum at the first."""
    known, operands = dict(found), dict.fromkeys(cut.operands)
    gradients = tuple([known.get(p) for p in operands])
    for hook in list((cut.step_hooks or {}).values()):
        changed = hook(gradients, given)
        if changed is not None:
            gradients = changed if isinstance(changed, tuple) else (changed,)
    return [(p, g) for p, g in zip(operands, gradients, strict=True) if g is not None]


def hooked(tensor: Tensor, gradient: Tensor, create_graph: bool) -> Tensor:
    """The gradient after this tensor's hooks."""
    with set_grad_enabled(create_graph):
        for hook in list((tensor.hooks or {}).values()):
            changed = hook(gradient)
            if changed is not None:
                gradient = changed
    return gradient
