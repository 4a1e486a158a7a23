"""Silence for NumPy's floating-point warnings: infinities and NaN are answers here, as in PyTorch."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


class _Setting:
    """NumPy before 2 keeps its error state elsewhere: then `np.errstate` does the work."""

    def set(self, state: Any) -> Any:
        return np.seterr(**state)

    def reset(self, token: Any) -> None:
        np.seterr(**token)


def _find() -> tuple[Any, Any]:
    """NumPy's variable for its error state and the value that means silence: `np.errstate` costs a microsecond."""
    context = contextvars.copy_context()
    before = np.geterr()
    context.run(np.seterr, all="ignore")
    for variable, value in context.items():
        if variable.name == "numpy.ufunc.extobj":
            return variable, value
    np.seterr(**before)
    return _Setting(), dict.fromkeys(before, "ignore")


# `token = set_errors(IGNORE)` ... `finally: reset_errors(token)`
_variable, IGNORE = _find()
set_errors: Callable[[Any], Any] = _variable.set
reset_errors: Callable[[Any], None] = _variable.reset
