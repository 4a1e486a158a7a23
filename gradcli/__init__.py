"""gradcli: values and exact gradients of formulas, at the prompt and in Python.

>>> import gradcli
>>> f = gradcli.function("x**2 + 3*x + 1")
>>> f(x=2.0)
11.0
>>> f.value_and_grad(x=2.0)
(11.0, {'x': 7.0})

Tensors as in PyTorch, under `import gradcli as torch`:

>>> x = gradcli.tensor([2.0], requires_grad=True)
>>> y = (x**2 + 3*x + 1).sum()
>>> y.backward()
>>> x.grad
tensor([7.])
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli import autograd as autograd
    from gradcli import func as func
    from gradcli import nn as nn
    from gradcli import optim as optim
    from gradcli import special as special
    from gradcli import utils as utils
    from gradcli.api.function import Function, function
    from gradcli.errors import ExpressionError, UsageError
    from gradcli.tensors.namespace import *  # noqa: F403 - a stub says what they are

    fit: Any
    propagate: Any

__version__ = "0.1.0"

__all__ = ["ExpressionError", "Function", "UsageError", "__version__", "fit", "function", "propagate"]

_HOMES = {
    "ExpressionError": "gradcli.errors",
    "UsageError": "gradcli.errors",
    "Function": "gradcli.api.function",
    "function": "gradcli.api.function",
    "fit": "gradcli.regression.library",
    "propagate": "gradcli.uncertainty.library",
    "load_ipython_extension": "gradcli.commands.notebook",
}
_PACKAGES = ("autograd", "func", "nn", "optim", "special", "utils")


def __getattr__(name: str) -> Any:
    """Load what is asked for: NumPy and the tensors cost nothing until they are used."""
    from importlib import import_module

    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    elif name in _PACKAGES:
        found = import_module(f"gradcli.{name}")
    elif name == "vmap":
        found = import_module("gradcli.func").vmap
    elif name.startswith("__"):
        raise AttributeError(f"module 'gradcli' has no attribute '{name}'")
    else:
        try:
            found = import_module("gradcli.tensors.namespace").named(name)
        except KeyError:
            from gradcli.tensors.left_out import missing

            raise AttributeError(missing("", name, __dir__())) from None
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    from gradcli.tensors.namespace import NAMES

    return sorted({*globals(), *_HOMES, *_PACKAGES, *NAMES})
