"""Where a gradient becomes no number: `detect_anomaly`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor


class Anomaly:
    """Is it looked for, and are NaN an error?"""

    on = False
    checks_nan = True


def check_nan(of: Tensor, gradient: Tensor, place: int) -> None:
    """Raises RuntimeError that names the operation whose gradient holds a NaN; a warning shows its operands."""
    if not Anomaly.checks_nan or not np.isnan(gradient.value).any():
        return
    operands = ", ".join(f"{np.asarray(t.value).ravel()[:6].tolist()}" for t in of.operands if t.value is not None)
    warnings.warn(
        f"Error detected in {of.op.name}. It computed {np.asarray(of.value).ravel()[:6].tolist()} of {operands}.",
        UserWarning,
        stacklevel=5,
    )
    raise RuntimeError(f"Function '{of.op.name}' returned nan values in its {place}th output.")
