"""Steps of a history that are functions of the user: `autograd.Function`.

Such a call is one node, a tensor without a value whose operands are the inputs; each output has it for its operand.
Backward cuts the history there: what lies above gives the gradients of the outputs, the user's function makes those
of the inputs, and what lies below goes on from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor, as_it_is, remembered, share_versions, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class CustomStep:
    """The operation of such a node.

    backward: gradients of the outputs (None where there is none) to gradients of the inputs, a tensor or None each.
    shapes: of the outputs, to fill in zeros for gradients that nothing asked for, or None to leave them None.
    """

    row = mark = None
    constant = False

    def __init__(self, name: str, backward: Callable[[list[Any]], Sequence[Any]], release: Callable[[], None]) -> None:
        self.name = name
        self.backward = backward
        self.release = release
        self.outputs: list[tuple[tuple[int, ...], Any]] = []
        self.fills = True
        self.silent: frozenset[Tensor] = frozenset()  # outputs without a gradient
        self.context: Any = None  # what the user's function keeps

    def gradients(self, arrived: dict[int, Tensor], inputs: Sequence[Tensor]) -> list[Tensor | None]:
        """Of the inputs, checked. Raises RuntimeError for too few or of another shape."""
        given: list[Any] = [
            arrived[k] if k in arrived else made(np.zeros(shape, kind)) if self.fills else None
            for k, (shape, kind) in enumerate(self.outputs)
        ]
        found = self.backward(given)
        for k, (gradient, x) in enumerate(zip(found, inputs, strict=True)):
            if gradient is not None and gradient.shape != x.shape and not _reducible(gradient.shape, x.shape):
                raise RuntimeError(
                    f"Function {self.name} returned an invalid gradient at index {k} - got {list(gradient.shape)} "
                    f"but expected shape compatible with {list(x.shape)}"
                )
        pairs = zip(found, inputs, strict=True)
        return [g if g is None or g.shape == x.shape else _reduced(g, x.shape) for g, x in pairs]


def _reducible(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Is a tensor of one shape the broadcast of one of the other?"""
    lead = len(shape) - len(to)
    return lead >= 0 and all(m in (1, n) for n, m in zip(shape[lead:], to, strict=True))


def _reduced(gradient: Tensor, to: tuple[int, ...]) -> Tensor:
    """The sum of a gradient over the axes that were broadcast."""
    lead = gradient.ndim - len(to)
    axes = [*range(lead), *[lead + k for k, n in enumerate(to) if n == 1 != gradient.shape[lead + k]]]
    return gradient.sum(axes, keepdim=True).reshape(to) if axes else gradient


class CustomOutput:
    """The operation of an output: which one it is."""

    row = mark = None
    constant = False

    def __init__(self, step: CustomStep, place: int) -> None:
        self.step, self.place = step, place
        self.name = step.name


def joined(step: CustomStep, inputs: tuple[Tensor, ...], outputs: Sequence[Tensor], dirty: Sequence[Tensor]) -> None:
    """Write a call down: its outputs get it as their history. dirty: inputs that were changed and are outputs."""
    node = object.__new__(Tensor)
    node.value = None
    befores = {x: as_it_is(x) for x in dirty}
    node.operands = tuple(befores.get(x, x) for x in inputs)
    node.versions = tuple(x.counter.count for x in node.operands)
    node.op = step if any(x.op is not None for x in node.operands) else None
    if node.op is None:
        return
    for place, y in enumerate(outputs):
        step.outputs.append((np.shape(y.value), np.float64 if type(y.value) is float else y.value.dtype))
        if not y.dtype.is_floating_point or y in step.silent:
            continue
        if y in befores:
            y.born = remembered(y, befores[y])
        else:
            y.born = share_versions(y).count
        y.op, y.operands, y.versions = CustomOutput(step, place), (node,), (0,)
        watch(y)


def step(
    name: str, values: Sequence[Any], inputs: tuple[Tensor, ...], backward: Callable[[list[Any]], list[Any]]
) -> list[Tensor]:
    """Results of a computation whose gradient is given by operations on tensors."""
    outputs = [made(v) for v in values]
    if MODE.recording:
        joined(CustomStep(name, backward, lambda: None), inputs, outputs, ())
    return outputs
