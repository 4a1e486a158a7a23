"""Hooks of all modules at once.

>>> from gradcli import nn
>>> handle = register_module_forward_hook(lambda module, args, output: print(type(module).__name__))
>>> with handle:
...     y = nn.Identity()(1)
Identity
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.nn.hooks import EVERYWHERE, added
from gradcli.nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.tensors.history import Handle


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> Handle:
    """Call `hook(module, args)` before every `forward`."""
    return added(EVERYWHERE, "before", hook)


def register_module_forward_hook(hook: Callable[..., Any], *, with_kwargs: bool = False) -> Handle:
    """Call `hook(module, args, output)` after every `forward`."""
    return added(EVERYWHERE, "after", hook, options=with_kwargs)


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> Handle:
    """Call `hook(module, grad_output)` of every module."""
    return added(EVERYWHERE, "leaving", hook)


def register_module_full_backward_hook(hook: Callable[..., Any]) -> Handle:
    """Call `hook(module, grad_input, grad_output)` of every module."""
    return added(EVERYWHERE, "entering", hook)


__all__ = [
    "Module", "register_module_forward_hook", "register_module_forward_pre_hook", "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
]  # fmt: skip
