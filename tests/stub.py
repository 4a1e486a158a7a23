"""The stub of PyTorch's names for type checkers: `python -m tests.stub > gradcli/tensors/namespace.pyi`.

They are made at run time, from the table of operations; their signatures are those of the functions.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from gradcli.tensors.namespace import NAMES

HEAD = """\
# Made by tests/stub.py.
import builtins
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.linalg import OldSingular
from gradcli.tensors.memory import Word
from gradcli.tensors.picking import Picked
from gradcli.tensors.statistics import Extremes

NAMES: dict[str, Any]
"""


def stub() -> str:
    """The whole text; every name of the namespace is in it."""
    return HEAD + "".join(f"{line(name, value)}\n" for name, value in NAMES.items())


def line(name: str, value: Any) -> str:
    """What a name is: a class from where it lives, a function with its signature, or a value of its type."""
    if inspect.isclass(value):
        return f"from {value.__module__} import {value.__name__} as {name}"
    if value is None:
        return f"{name}: None"
    if not inspect.isfunction(value):
        return f"{name}: {_unshadowed(type(value).__name__)}"
    text = str(_signature(value)).replace("'", "")
    return f"def {name}{_unshadowed(text)}: ..."


def _signature(function: Any) -> inspect.Signature:
    """Of the function, and of what is wrapped in it."""
    inner = inspect.signature(function)
    outer = inspect.signature(function, follow_wrapped=False).parameters.values()
    more = [p for p in outer if p.kind is p.KEYWORD_ONLY and p.name not in inner.parameters]
    return inner.replace(parameters=[*inner.parameters.values(), *more])


def _unshadowed(text: str) -> str:
    """Of the types that the namespace has names of its own for, Python's."""
    return re.sub(r"\b(float|bool|int)\b", r"builtins.\1", text)


if __name__ == "__main__":
    print(stub(), end="")
