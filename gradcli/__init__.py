"""gradcli: values and exact gradients of formulas, at the prompt and in Python.

>>> import gradcli
>>> f = gradcli.function("x**2 + 3*x + 1")
>>> f(x=2.0)
11.0
>>> f.value_and_grad(x=2.0)
(11.0, {'x': 7.0})
"""

from __future__ import annotations

from gradcli.errors import ExpressionError, UsageError
from gradcli.faces.function import Function, function

__version__ = "0.1.0"

__all__ = ["ExpressionError", "Function", "UsageError", "__version__", "function"]
