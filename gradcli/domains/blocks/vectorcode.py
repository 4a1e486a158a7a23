"""Which functions NumPy computes with vector instructions on this machine."""

from __future__ import annotations

from functools import cache

import numpy as np


def is_vectorised(name: str) -> bool:
    """Does NumPy have vector code for this function of float64 numbers here? It has it for AVX-512."""
    try:
        found = np.lib.introspect.opt_func_info(func_name=f"^{name}$", signature="float64")
        return any(target["current"] in ("AVX512_SKX", "X86_V4") for target in found[name].values())
    except (AttributeError, KeyError):  # before NumPy 2.1
        return False


@cache
def features() -> list[str]:
    """The instruction sets of NumPy's code in use here: results may differ in the last bit between machines without."""
    try:
        found = np.lib.introspect.opt_func_info(signature="float64")
    except AttributeError:  # before NumPy 2.1
        return []
    return sorted({target["current"] for targets in found.values() for target in targets.values()})
