"""A formula over two of its variables: values and exact gradients at many points at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gradcli.api.formula import Formula
from gradcli.api.on_arrays import ARRAYS
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.language.program import Program

    Vector = np.ndarray[Any, np.dtype[np.float64]]


class Points(NamedTuple):
    """Points with their values and the partials by both variables."""

    x: Vector
    y: Vector
    z: Vector
    by_x: Vector
    by_y: Vector


class Field:
    """A program of one result over the variables `names`; at: the numbers of all variables."""

    def __init__(self, program: Program, names: tuple[str, str], at: Mapping[str, Any]) -> None:
        self.names = names
        formula = Formula(program, names)
        self._compiled = formula.compiled(True, ARRAYS)
        self._at = {v: ARRAYS.number(v, n) for v, n in at.items()}
        self._singly = formula.needs_arrays(at)

    def __call__(self, x: Vector, y: Vector) -> Points:
        """The values at (x[k], y[k]). Raises UsageError where a result is more than one number."""
        with np.errstate(all="ignore"):
            found = self._singled(x, y) if self._singly else self._mapped(x, y)
        for column in found[1:]:
            column[np.isnan(found[0])] = np.nan
        return Points(x, y, *found)

    def _mapped(self, x: Vector, y: Vector) -> list[Vector]:
        outputs = self._compiled.outputs({**self._at, self.names[0]: x, self.names[1]: y})
        return [np.array(np.broadcast_to(output, x.shape), float) for output in outputs]

    def _singled(self, x: Vector, y: Vector) -> list[Vector]:
        """Of programs with arrays, a point at a time."""
        rows = []
        for place in zip(x, y, strict=True):
            outputs = self._compiled.outputs({**self._at, **dict(zip(self.names, place, strict=True))})
            if np.size(outputs[0]) != 1:
                message = f"the result has the shape {np.shape(outputs[0])}; contours are of one number"
                raise UsageError(message, "plot one element, as in x[0], or .sum()")
            rows.append([float(np.sum(output)) for output in outputs])
        return list(np.array(rows, float).reshape(-1, 3).T)
