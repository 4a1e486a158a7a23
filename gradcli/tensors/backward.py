"""Backward: collect the history, find or build its gradient program, run it, hand out the gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.accumulation import accumulate, shaped
from gradcli.tensors.anomaly import Anomaly
from gradcli.tensors.bound_op import settled
from gradcli.tensors.custom import CustomOutput
from gradcli.tensors.dtypes import F64
from gradcli.tensors.grad_mode import set_grad_enabled
from gradcli.tensors.history import FREED, LEAF
from gradcli.tensors.pieces import in_pieces
from gradcli.tensors.record import made
from gradcli.tensors.running import arrival, collect, free, run_program
from gradcli.tensors.shapes import stack
from gradcli.tensors.tensor import WATCHED, Tensor
from gradcli.tensors.views import fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if WATCHED:
        outputs, gradients = _as_one(list(outputs), gradients, create_graph)
    last = len(outputs) - 1
    for n, output in enumerate(outputs):
        seed = seed_of(output, None if gradients is None else gradients[n], create_graph)
        for tensor, gradient, own in flow(output, seed, chosen, retain or n < last, create_graph):
            if chosen is not None or tensor.op is LEAF or tensor.keeps_grad:
                accumulate(tensor, gradient, own, create_graph)
                if tensor.after_hooks:
                    _accumulated(tensor, create_graph)


def _accumulated(leaf: Tensor, create_graph: bool) -> None:
    """Call the hooks of a leaf whose gradient is there. Raises RuntimeError for one that returns something."""
    with set_grad_enabled(create_graph):
        for hook in list((leaf.after_hooks or {}).values()):
            if hook(leaf) is not None:
                raise RuntimeError("hooks should return None.")


def grad(  # noqa: PLR0913 - PyTorch's
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of the sum of outputs by each of the inputs; `.grad` is left alone.

    is_grads_batched: grad_outputs has a first axis more, and the gradients of each of its parts are stacked.
    Raises RuntimeError where an input is not part of the graph, unless allow_unused.
    """
    if is_grads_batched:
        seeds = [grad_outputs] if isinstance(grad_outputs, Tensor) else grad_outputs
        parts = [grad(outputs, inputs, rows, True, create_graph, allow_unused=allow_unused,
                      materialize_grads=materialize_grads)
                 for rows in zip(*[s.unbind() for s in seeds], strict=True)]  # fmt: skip
        return tuple(None if column[0] is None else stack(column) for column in zip(*parts, strict=True))
    outputs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    inputs = [fresh(x) for x in ([inputs] if isinstance(inputs, Tensor) else inputs)]
    seeds = [None] * len(outputs) if grad_outputs is None else (
        [grad_outputs] if isinstance(grad_outputs, Tensor) else list(grad_outputs)
    )  # fmt: skip
    for tensor in inputs:
        if tensor.op is None:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad: set requires_grad=True on it first"
            )
    retain = create_graph if retain_graph is None else retain_graph
    if WATCHED:
        outputs, seeds = _as_one(outputs, seeds, create_graph)
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


def _as_one(outputs: list[Tensor], seeds: Sequence[Any] | None, create_graph: bool) -> tuple[list[Tensor], Any]:
    """Where hooks look on, several outputs as the sum that is differentiated: each hook is called once."""
    if len(outputs) == 1:
        return outputs, seeds
    with set_grad_enabled(True):
        parts = []
        for output, seed in zip(outputs, seeds or [None] * len(outputs), strict=True):
            weight = seed_of(output, seed, create_graph)
            weight = weight if weight is None or isinstance(weight, Tensor) else made(weight)
            parts.append(output.sum() if weight is None else (output * weight).sum())
        return [sum(parts[1:], parts[0])], [None]


def seed_of(output: Tensor, gradient: Any, create_graph: bool) -> Any:
    """The adjoint of the output: None stands for 1. Raises RuntimeError where it is missing or does not fit."""
    if output.op is None:
        raise RuntimeError(NO_GRAD_MESSAGE)
    if gradient is None:
        if type(output.value) is float or (output.value.size == 1 and output.value.dtype is F64):
            return None
        if output.value.size == 1:  # in the type of the output, so that the way back is computed in it
            one = np.ones_like(output.value)
            return made(one) if create_graph else one
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
    queue, index, key = collect(output if output.base is None else fresh(output))
    wanted: list[Tensor] | None = None  # the leaves
    gone: frozenset[Tensor] = frozenset()
    if inputs is not None:
        asked = dict.fromkeys(inputs)
        wanted = [t for t in asked if t in index]
        if len(wanted) == len(asked):  # nothing that is asked for lies below a history that was let go
            gone = frozenset(t for t in queue if t.op is FREED and t is not output)
            queue, index, key = collect(output, gone) if gone else (queue, index, key)
    if WATCHED or Anomaly.on:
        if wanted is None:
            wanted = arrival(queue, index)
        if Anomaly.on or any(t.hooks or t.step_hooks or type(t.op) is CustomOutput for t in queue):
            return in_pieces(output, seed, wanted, retain, create_graph, gone)
    program, found = run_program(queue, index, key, wanted, seed, create_graph, gone)
    if not retain:
        free(program, queue)
    return found


def _backward(
    self: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False, inputs: Any = None
) -> None:
    """Add the gradient of this tensor to `.grad` of the leaves that it depends on.

    gradient: the weights of the elements, needed where there is more than one. Raises RuntimeError.
    """
    backward([self], None if gradient is None else [gradient], retain_graph, create_graph, inputs)


METHODS = {"backward": _backward}
