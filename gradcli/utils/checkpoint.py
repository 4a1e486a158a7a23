"""Memory for time: what a function computes is let go, and computed again when backward comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.tensors import backward
from gradcli.tensors.custom import CustomStep, joined
from gradcli.tensors.grad_mode import MODE, enable_grad, no_grad
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


def checkpoint(function: Callable[..., Any], *args: Any, use_reentrant: bool = False, **options: Any) -> Any:
    """function(*args), computed once more in backward; parameters that it uses get their gradients too.

    >>> import gradcli as torch
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> checkpoint(lambda x: x.exp() * x, x).backward()
    >>> x.grad
    tensor(22.1672)
    """
    options.pop("preserve_rng_state", None)
    inputs = tuple(x for x in args if isinstance(x, Tensor))
    if not MODE.recording or not any(x.requires_grad for x in inputs):
        return function(*args, **options)
    with no_grad():
        found = function(*args, **options)
    outputs = [y for y in (found if isinstance(found, tuple) else (found,)) if isinstance(y, Tensor)]

    def again(gradients: list[Any]) -> list[Any]:
        own = iter([x.detach().requires_grad_(x.requires_grad) for x in inputs])
        given = [next(own) if isinstance(x, Tensor) else x for x in args]
        with enable_grad():
            results = function(*given, **options)
        pairs = zip(results if isinstance(results, tuple) else (results,), gradients, strict=True)
        asked = [(y, g) for y, g in pairs if y.requires_grad]
        backward.backward([y for y, _ in asked], [g for _, g in asked])
        return [x.grad for x in given if isinstance(x, Tensor)]

    joined(CustomStep("CheckpointFunctionBackward", again, lambda: None), inputs, outputs, ())
    return found


def checkpoint_sequential(functions: Any, segments: int, input: Any, **options: Any) -> Any:
    """Functions one after the other, or the modules of a `Sequential`, in so many segments: each but the last by
    `checkpoint`.

    Raises ValueError for more segments than functions.
    """
    steps = list(functions)
    size = len(steps) // segments
    if not size:
        raise ValueError(f"checkpoint_sequential: {len(steps)} functions do not make {segments} segments")

    def run(part: list[Any]) -> Callable[[Any], Any]:
        def forward(x: Any) -> Any:
            for step in part:
                x = step(x)
            return x

        return forward

    for k in range(segments - 1):
        input = checkpoint(run(steps[k * size : (k + 1) * size]), input, **options)
    return run(steps[(segments - 1) * size :])(input)
