"""Backward: collect the history, find or build its gradient program, run it, hand out the gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.op import VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import SLICE
from gradcli.domains.run import run
from gradcli.tensors import dtypes
from gradcli.tensors.accumulation import accumulate, shaped
from gradcli.tensors.bound_op import encoded, settled
from gradcli.tensors.grad_mode import set_grad_enabled
from gradcli.tensors.history import FREED, LEAF
from gradcli.tensors.program import GradientProgram, Structure, in_order
from gradcli.tensors.record import made, operation
from gradcli.tensors.tensor import WATCHED, Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Node

_MATCH = by_name("match")

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
NO_GRAD_MESSAGE = (
    "element 0 of tensors does not require grad and does not have a grad_fn: make a tensor with requires_grad=True, "
    "and compute outside of no_grad()"
)


def backward(
    outputs: Sequence[Tensor],
    gradients: Sequence[Any] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of these outputs to `.grad` of the leaves, or of `inputs` alone.

    Raises RuntimeError as PyTorch does.
    """
    retain = create_graph if retain_graph is None else retain_graph
    chosen = None if inputs is None else [inputs] if isinstance(inputs, Tensor) else list(inputs)
    if chosen is not None and not chosen:
        raise RuntimeError("'inputs' argument to backward() cannot be empty.")
    last = len(outputs) - 1
    for n, output in enumerate(outputs):
        seed = seed_of(output, None if gradients is None else gradients[n], create_graph)
        for tensor, gradient, fresh in flow(output, seed, chosen, retain or n < last, create_graph):
            if chosen is not None or tensor.op is LEAF or tensor.keeps_grad:
                accumulate(tensor, gradient, fresh, create_graph)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of the sum of outputs by each of the inputs; `.grad` is left alone.

    Raises RuntimeError where an input is not part of the graph, unless allow_unused.
    """
    outputs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    seeds = [None] * len(outputs) if grad_outputs is None else (
        [grad_outputs] if isinstance(grad_outputs, Tensor) else list(grad_outputs)
    )  # fmt: skip
    for tensor in inputs:
        if tensor.op is None:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad: set requires_grad=True on it first"
            )
    retain = create_graph if retain_graph is None else retain_graph
    found: dict[Tensor, Tensor] = {}
    for n, output in enumerate(outputs):
        seed = seed_of(output, seeds[n], create_graph)
        for tensor, gradient, _ in flow(output, seed, inputs, retain or n < len(outputs) - 1, create_graph):
            tensor_grad = gradient if isinstance(gradient, Tensor) else made(shaped(gradient, tensor))
            found[tensor] = found[tensor] + tensor_grad if tensor in found else tensor_grad
    answers = [found.get(tensor) for tensor in inputs]
    if materialize_grads:
        return tuple(made(shaped(0.0, t)) if g is None else g for t, g in zip(inputs, answers, strict=True))
    unused = [k for k, g in enumerate(answers) if g is None]
    if unused and not allow_unused:
        raise RuntimeError(
            f"The differentiated Tensor at index {unused[0]} appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )
    return tuple(answers)


def seed_of(output: Tensor, gradient: Any, create_graph: bool) -> Any:
    """The adjoint of the output: None stands for 1. Raises RuntimeError where it is missing or does not fit."""
    if output.op is None:
        raise RuntimeError(NO_GRAD_MESSAGE)
    if gradient is None:
        if type(output.value) is float or output.value.size == 1:
            return None
        raise RuntimeError(
            f"grad can be implicitly created only for scalar outputs: this one has shape {list(output.value.shape)}; "
            "reduce it first with .sum() or .mean(), or give its weights: backward(gradient=torch.ones_like(y))"
        )
    if not isinstance(gradient, Tensor):
        gradient = made(settled(np.asarray(gradient, dtype=output.dtype.numpy)))
    if gradient.shape != output.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {gradient.shape} "
            f"and output[0] has a shape of {output.shape}."
        )
    return gradient if create_graph else gradient.value


def flow(
    output: Tensor, seed: Any, inputs: list[Tensor] | None, retain: bool, create_graph: bool
) -> list[tuple[Tensor, Any, bool]]:
    """(tensor, gradient, whether its memory is its own) for the inputs, or for all leaves and what keeps its gradient.

    Gradients are values, and tensors where create_graph is set or hooks were called.
    """
    queue, index, key = collect(output)
    wanted: list[Tensor] | None = None  # the leaves
    gone: frozenset[Tensor] = frozenset()
    if inputs is not None:
        asked = dict.fromkeys(inputs)
        wanted = [t for t in asked if t in index]
        if len(wanted) == len(asked):  # nothing that is asked for lies below a history that was let go
            gone = frozenset(t for t in queue if t.op is FREED and t is not output)
            queue, index, key = collect(output, gone) if gone else (queue, index, key)
    if WATCHED:
        if wanted is None:
            wanted = [t for t in queue if t.op is LEAF or t.keeps_grad]
        if any(t.hooks for t in queue):
            return _through_hooks(output, seed, wanted, retain, create_graph, gone)
    program, found = _run(queue, index, key, wanted, seed, create_graph, gone)
    if not retain:
        _free(program, queue)
    return found


def collect(
    output: Tensor, stops: frozenset[Tensor] = frozenset()
) -> tuple[list[Tensor], dict[Tensor, int], list[Any]]:
    """The tensors that a result was made of, the number of each, and the key of the structure.

    stops: tensors that are taken as leaves.
    """
    queue = [output]
    index = {output: 0}
    key: list[Any] = []
    add, find, note = queue.append, index.get, key.append
    for t in queue:  # it grows on the way
        if stops and t in stops and t is not output:
            note(LEAF)
            continue
        note(t.op)
        for p in t.operands:
            if p.past is not None:
                p = _as_it_was(p, t)
            i = find(p)
            if i is None:
                i = index[p] = len(queue)
                add(p)
            note(i)
    return queue, index, key


def _as_it_was(operand: Tensor, of: Tensor) -> Tensor:
    """An operand that was changed in place later, as it was when it was read."""
    for place, p in enumerate(of.operands):
        if p is operand:
            for until, before in operand.past or ():
                if of.versions[place] < until:
                    return before
    return operand


def _run(
    queue: list[Tensor], index: dict[Tensor, int], key: list[Any], wanted: list[Tensor] | None, seed: Any,
    create_graph: bool,
    stops: frozenset[Tensor] = frozenset(),
) -> tuple[GradientProgram, list[tuple[Tensor, Any, bool]]]:  # fmt: skip
    goals = None if wanted is None else tuple([index[t] for t in wanted])
    key.append(goals)
    key.append(seed is None)
    known = tuple(key)
    program = _programs.get(known)
    if program is None:
        if goals is None:
            goals = tuple([i for i, t in enumerate(queue) if t.op is LEAF])
        program = _build(queue, index, known, goals, seed is not None, stops)
    for i, place in program.checks:
        t = queue[i]
        p = t if place < 0 else t.operands[place]
        if p.counter.count != (t.born if place < 0 else t.versions[place]):
            raise _changed(p, t, place)
    if wanted is None:
        wanted = [queue[i] for i in program.goals]
    if create_graph:
        return program, [(t, g, False) for t, g in zip(wanted, _replay(program, queue, seed, wanted), strict=True)]
    values, fresh = program.run([t.value for t in queue], seed)
    return program, list(zip(wanted, values, fresh, strict=True))


def _free(program: GradientProgram, queue: list[Tensor]) -> None:
    """Let go of the history that saved values; operations without any can go backward again, and hold no values."""
    for i in program.saving:
        t = queue[i]
        t.spent, t.op, t.operands = t.op, FREED, ()
    for i in program.holding:
        t = queue[i]
        t.operands = tuple([_emptied(p) if p.op is FREED and p.past is None else p for p in t.operands])


def _emptied(tensor: Tensor) -> Tensor:
    """What stands in a history for a tensor whose own is freed."""
    mark = object.__new__(Tensor)
    mark.value, mark.op, mark.spent = None, FREED, tensor.spent
    return mark


def _changed(value: Tensor, of: Tensor, place: int) -> RuntimeError:
    if value.op is None and value.past:
        return RuntimeError(
            "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_(). This is not "
            "supported, please use out-of-place `.detach()` instead"
        )
    kind = dtypes.LEGACY[value.dtype.name]
    maker = value.op if value.op is not None and value.op is not LEAF else None
    origin = f", which is output 0 of {maker.name}," if maker is not None and maker is not FREED else ""
    expected = of.born if place < 0 else of.versions[place]
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[torch.{kind} {list(value.shape)}]{origin} is at version {value.counter.count}; expected version {expected} "
        f"instead. Hint: {of.op.name} reads it; write `x = x + ...` in place of `x += ...`, or change a .clone()."
    )


def _build(
    queue: list[Tensor], index: dict[Tensor, int], key: Any, wanted: tuple[int, ...], seeded: bool,
    stops: frozenset[Tensor],
) -> GradientProgram:  # fmt: skip
    global _kept_nodes
    if any(t.op is FREED for t in queue if t not in stops or t is queue[0]):
        raise RuntimeError(FREED_MESSAGE)
    program = GradientProgram(structure_of(queue, index, stops), wanted, seeded)
    size = len(key) + len(program.graph.nodes)
    if size < _MOST_NODES:
        while _kept_nodes + size > _MOST_NODES:
            oldest = next(iter(_programs))
            _kept_nodes -= len(oldest) + len(_programs.pop(oldest).graph.nodes)
        _programs[key] = program
        _kept_nodes += size
    return program


def structure_of(queue: list[Tensor], index: dict[Tensor, int], stops: frozenset[Tensor] = frozenset()) -> Structure:
    """The history as numbers."""
    operands = [
        ()
        if t in stops and t is not queue[0]
        else tuple([index[p if p.past is None else _as_it_was(p, t)] for p in t.operands])
        for t in queue
    ]
    return Structure([None if t.op is LEAF else t.op for t in queue], operands)


def _replay(program: GradientProgram, queue: list[Tensor], seed: Tensor | None, wanted: list[Tensor]) -> list[Tensor]:
    """The gradients by recorded operations, so that they can be differentiated again."""
    given: list[Any] = [*queue, seed]

    def leaf(i: int, node: Node) -> Any:
        return given[node[1]] if node[0] is VARIABLE else encoded(node[1])

    with set_grad_enabled(True):
        values = run(program.graph.nodes, leaf, _recorded)
    found = [values[i] for i in program.graph.outputs]
    return [g if isinstance(g, Tensor) else made(shaped(g, t)) for g, t in zip(found, wanted, strict=True)]


def _recorded(i: int, node: Node, operands: list[Any]) -> Any:
    if node[0] is SLICE:  # of lengths, which nothing is differentiated by
        return encoded(slice(*[None if v is None else int(_value(v)) for v in operands]))
    if not any(isinstance(v, Tensor) for v in operands):
        operands[0] = made(operands[0])
    if node[0] is _MATCH and np.shape(_value(operands[0])) == np.shape(_value(operands[1])):
        return operands[0]
    return operation(node[0], tuple(operands))


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Tensor) else x


def _through_hooks(
    output: Tensor, seed: Any, wanted: list[Tensor], retain: bool, create_graph: bool, gone: frozenset[Tensor]
) -> list[tuple[Tensor, Any, bool]]:
    """Backward in pieces: a hooked tensor is a leaf of the piece above it and the output of the one below.

    gone: whose history was let go and is not needed.
    """
    queue, index, _ = collect(output)
    rank = {queue[i]: n for n, i in enumerate(in_order(structure_of(queue, index).operands))}
    cuts = sorted((t for t in queue if t.hooks and t.op is not LEAF), key=rank.__getitem__, reverse=True)
    hooked, chosen = frozenset(cuts), frozenset(wanted)
    stops = hooked | gone | {output}
    if output not in hooked:
        cuts.insert(0, output)
    if seed is None:
        seed = made(shaped(1.0, output))
    totals: dict[Tensor, Tensor] = {output: seed if isinstance(seed, Tensor) else made(seed)}
    spent = []
    for cut in cuts:
        if cut not in totals:
            continue
        gradient = totals[cut] = _hooked(cut, totals[cut], create_graph)
        piece, numbers, key = collect(cut, stops)
        goals = [t for t in piece if t is not cut and t.op is not None and (t in stops or t in chosen)]
        if cut.op is LEAF or cut in gone or not (goals or cut.op is FREED):
            continue
        given = gradient if create_graph else gradient.value
        program, found = _run(piece, numbers, key, goals, given, create_graph, stops)
        spent.append((program, piece))
        for t, g, _ in found:
            g = g if isinstance(g, Tensor) else made(shaped(g, t))
            totals[t] = totals[t] + g if t in totals else g
    if not retain:
        for program, piece in spent:
            _free(program, piece)
    return [
        (t, _hooked(t, g, create_graph) if t.op is LEAF and t is not output else g, False)
        for t, g in totals.items()
        if t in chosen
    ]


def _hooked(tensor: Tensor, gradient: Tensor, create_graph: bool) -> Tensor:
    """The gradient after this tensor's hooks."""
    with set_grad_enabled(create_graph):
        for hook in list((tensor.hooks or {}).values()):
            changed = hook(gradient)
            if changed is not None:
                gradient = changed
    return gradient


def _backward(
    self: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False, inputs: Any = None
) -> None:
    """Add the gradient of this tensor to `.grad` of the leaves that it depends on.

    gradient: the weights of the elements, needed where there is more than one. Raises RuntimeError.
    """
    backward([self], None if gradient is None else [gradient], retain_graph, create_graph, inputs)


METHODS = {"backward": _backward}
