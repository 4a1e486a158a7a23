"""Type A: repeated readings. Their mean, its standard uncertainty s/sqrt(n) with n - 1 degrees of freedom, and what
the means of readings that were taken together have in common (JCGM 100:2008, 4.2 and 5.2.3)."""

from __future__ import annotations

import numpy as np

from gradcli.errors import UsageError
from gradcli.uncertainty.inputs import Input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.uncertainty.covariance import Inputs


def mean_of(place: str, values: Any) -> Input:
    """The mean of readings as an input. Raises UsageError where these are too few, or no numbers."""
    found = np.asarray(values, np.float64)
    if found.ndim == 2 and 1 in found.shape:  # a table of one column
        found = found.ravel()
    if found.ndim != 1 or found.size < 2:
        count = "one reading" if found.size == 1 else f"an array of the shape {found.shape}"
        raise UsageError(f"{place}: {count} has no spread", "give a column of at least two readings")
    if not np.isfinite(found).all():
        raise UsageError(f"{place}: reading {int(np.argmin(np.isfinite(found))) + 1} is not finite", "leave it out")
    return Input(float(found.mean()), float(found.std(ddof=1)) / found.size**0.5, dof=found.size - 1.0)


def join_readings(inputs: Inputs, group: str, columns: dict[str, Any]) -> None:
    """Tell the inputs what their readings say of covariances. columns: name to readings of one length.

    Raises UsageError where the lengths differ."""
    lengths = {name: len(x) for name, x in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in lengths.items())
        raise UsageError(f"the readings of {group} differ in number: {told}", "give columns of one length")
    count = next(iter(lengths.values()))
    matrix = np.atleast_2d(np.cov(np.array([np.ravel(x) for x in columns.values()]), ddof=1)) / count
    inputs.join(group, list(columns), matrix)
