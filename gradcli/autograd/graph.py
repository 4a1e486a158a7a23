"""What backward keeps of the values, packed and unpacked by functions of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.tensors.grad_fn import Node
from gradcli.tensors.packing import HOOKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.tensor import Tensor


class saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """Within it `pack(tensor)` is called for each value that an operation keeps, and backward calls `unpack` of that.

    >>> import gradcli as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> with saved_tensors_hooks(lambda t: t.tolist(), lambda number: torch.tensor(number)):
    ...     y = x**2
    >>> y.backward()
    >>> x.grad
    tensor(6.)
    """

    def __init__(self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]) -> None:
        self._hooks = (pack_hook, unpack_hook)

    def __enter__(self) -> None:
        HOOKS.append(self._hooks)

    def __exit__(self, *error: object) -> None:
        HOOKS.pop()


class save_on_cpu(saved_tensors_hooks):  # noqa: N801 - PyTorch's name
    """Values are on the CPU anyway."""

    def __init__(self, pin_memory: bool = False) -> None:
        super().__init__(lambda t: t, lambda t: t)


__all__ = ["Node", "save_on_cpu", "saved_tensors_hooks"]
