"""Activations that write their result into their input where that is asked for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from gradcli.tensors.inplace import replaced
from gradcli.tensors.record import renamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.tensor import Tensor


def may_write(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """The function with a last parameter more, `inplace`."""
    count = function.__code__.co_argcount - 1

    @functools.wraps(function)
    def wrapper(input: Tensor, *args: Any, inplace: bool = False, **options: Any) -> Tensor:
        if len(args) > count:
            *args, inplace = args  # type: ignore[assignment]
        if not inplace:
            return function(input, *args, **options)
        return _shown(replaced(input, lambda old: function(old.clone(), *args, **options)))  # backward reads what was

    return wrapper


def _shown(result: Tensor) -> Tensor:
    """PyTorch numbers the step in place anew for some."""
    name = getattr(result.op, "name", "")
    return renamed(result, name[:-1] + "1") if name in _RENUMBERED else result


_RENUMBERED = (
    "CeluBackward0", "EluBackward0", "LeakyReluBackward0", "RreluWithNoiseBackward0", "ThresholdBackward0",
)  # fmt: skip
