"""Gradients by recorded operations, so that they can be differentiated again: `create_graph=True`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.op import VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import SLICE
from gradcli.domains.run import run
from gradcli.tensors.accumulation import shaped
from gradcli.tensors.bound_op import HOLE, bind, encoded
from gradcli.tensors.functions import to
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.record import apply, apply_one, apply_two, made, operation
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from gradcli.core.graph import Graph, Node
    from gradcli.tensors.program import GradientProgram

_MATCH = by_name("match")
_GIVEN, _CONSTANT, _ASKED = "given", "constant", "asked"  # what a step is that is no operation bound beforehand

Step = tuple[Any, Any, tuple[int, ...]]


def replayed(program: GradientProgram, queue: list[Tensor], seed: Tensor | None, wanted: list[Tensor]) -> list[Tensor]:
    """The gradients as tensors with a history."""
    given = [*queue, seed]
    before, MODE.recording = MODE.recording, True
    try:
        if program.replay is None:  # once: a list of its steps is not worth its time
            program.replay = ()
            values = run(program.graph.nodes, lambda i, node: _leaf(node, given), lambda i, node, x: _recorded(node, x))
        else:
            program.replay = program.replay or _steps(program.graph)
            values = _run(program.replay, given)
    finally:
        MODE.recording = before
    found = [values[i] for i in program.graph.outputs]
    return [_typed(g, t) if isinstance(g, Tensor) else made(shaped(g, t)) for g, t in zip(found, wanted, strict=True)]


def _typed(gradient: Tensor, like: Tensor) -> Tensor:
    """The gradient in the type of its tensor: constants of 64 bits may have been on its way."""
    return gradient if gradient.dtype is like.dtype else to(gradient, like.dtype)


def _leaf(node: Node, given: list[Any]) -> Any:
    return given[node[1]] if node[0] is VARIABLE else encoded(node[1])


def _steps(graph: Graph) -> list[Step]:
    """For each node what is to be done: (bound operation, its tensors, those of them that are cut off)."""
    steps: list[Step] = []
    tensors: list[bool] = []  # is the value of a node one?
    for node in graph.nodes:
        row, *operands = node
        if row.leaf:
            is_variable = row is VARIABLE
            steps.append((_GIVEN, operands[0], ()) if is_variable else (_CONSTANT, encoded(operands[0]), ()))
            tensors.append(is_variable)
            continue
        steps.append(_bound(node, steps, tensors) or (_ASKED, node, ()))
        tensors.append(row is not SLICE)
    return steps


def _bound(node: Node, steps: list[Step], tensors: list[bool]) -> Step | None:
    """A step with its numbers in place; None where that is known only when it is carried out."""
    row, *operands = node
    numbers = [None if tensors[k] else steps[k][1] for k in operands]
    known = all(tensors[k] or (steps[k][0] is _CONSTANT and isinstance(n, (float, int, str, tuple, type(None))))
                for k, n in zip(operands, numbers, strict=True))  # fmt: skip
    if row is SLICE or row is _MATCH or not known or not any(tensors[k] for k in operands):
        return None
    if row.name == "where" and not (tensors[operands[1]] or tensors[operands[2]]):
        return None
    if not row.active and not row.whole:  # a number is a tensor too
        if any(not tensors[k] and type(n) is not float for k, n in zip(operands, numbers, strict=True)):
            return None
        places: list[Any] = [k if tensors[k] else _number(n) for k, n in zip(operands, numbers, strict=True)]
        literals: list[Any] = [HOLE] * len(operands)
        kept = list(range(len(operands)))
    else:
        literals = [HOLE if tensors[k] else n for k, n in zip(operands, numbers, strict=True)]
        kept = [n for n, k in enumerate(operands) if tensors[k]]
        places = [operands[n] for n in kept]
    cut = tuple([kept.index(n) for n in row.shapes if n in kept and tensors[operands[n]]])
    return bind(row, tuple(literals)), tuple(places), cut


def _number(value: Any) -> Tensor:
    tensor = made(float(value))
    tensor.number = True
    return tensor


def _run(steps: list[Step], given: list[Any]) -> list[Any]:
    values: list[Any] = []
    add = values.append
    for op, operands, cut in steps:
        if op is _GIVEN:
            add(given[operands])
        elif op is _CONSTANT:
            add(operands)
        elif op is _ASKED:
            add(_recorded(operands, [values[k] for k in operands[1:]]))
        else:
            tensors = [values[k] if type(k) is int else k for k in operands]
            for k in cut:  # what its shape alone is read of has no gradient
                if tensors[k].op is not None:
                    tensors[k] = made(tensors[k].value)
            if len(tensors) == 2:
                add(apply_two(op, *tensors))
            else:
                add(apply_one(op, tensors[0]) if len(tensors) == 1 else apply(op, tuple(tensors)))
    return values


def _recorded(node: Node, operands: list[Any]) -> Any:
    row = node[0]
    if row is _MATCH and np.shape(_value(operands[0])) == np.shape(_value(operands[1])):
        return operands[0] if isinstance(operands[0], Tensor) else made(operands[0])
    if row is SLICE:  # of lengths, which nothing is differentiated by
        return encoded(slice(*[None if v is None else int(_value(v)) for v in operands]))
    for k in row.shapes:
        if isinstance(operands[k], Tensor) and operands[k].op is not None:
            operands[k] = made(operands[k].value)
    if not any(isinstance(v, Tensor) for v in operands):
        operands[0] = made(operands[0])
    return operation(row, tuple(operands))


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Tensor) else x
