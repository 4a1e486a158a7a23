"""A formula along one of its variables: values, exact slopes and the errors of both, at many points at once."""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np

from gradcli.api.formula import Formula
from gradcli.api.on_arrays import ARRAYS
from gradcli.domains.array_bounds import ArrayBounds
from gradcli.domains.whole_bounds import size
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.language.program import Program

    Vector = np.ndarray[Any, np.dtype[np.float64]]

KNOWN = 1e-9  # of a value: near a pole no more need be known
MENDED = 1000  # points that balls may compute anew: a second or two


class Samples(NamedTuple):
    """Points of a curve in the order of x: values, slopes by x, and by how much a value may be off."""

    x: Vector
    y: Vector
    slope: Vector
    error: Vector

    def at(self, which: Any) -> Samples:
        """Those of an index or a mask."""
        return Samples(*[column[which] for column in self])


class Section:
    """One result of a program along the variable `name`; at: the numbers of all variables.

    singly: there are arrays, and one point at a time is computed.
    grain: where a value may be off by more than this, balls compute it anew; spoilt: there were too many such.
    """

    def __init__(self, program: Program, result: int, name: str, at: Mapping[str, Any]) -> None:
        one = copy.copy(program)
        one.results = (program.results[result],)
        self.program = one
        self.formula = Formula(one, (name,))
        self.name = name
        self.text = program.text
        self.grain = np.inf
        self.spoilt = False
        self._others = dict(at)
        self._left = MENDED
        self.singly = self.formula.needs_arrays(at)

    def __call__(self, x: Vector) -> Samples:
        """The samples at these places. Raises UsageError where a result is more than one number."""
        found = self._singled(x) if self.singly else self._mapped(x)
        return found if self.singly else self._mended(found)

    def renew(self) -> None:
        """As many points as at first may be computed anew."""
        self._left = MENDED

    def true(self, x: float) -> Evaluation:
        """One point, with its notes."""
        return self.formula.true_at(self.at(x))

    def at(self, x: float) -> dict[str, Any]:
        """The numbers of all variables there."""
        return {**self._others, self.name: x}

    def _mapped(self, x: Vector) -> Samples:
        compiled = self.formula.compiled(True, ARRAYS)
        with np.errstate(all="ignore"):
            values = compiled.values({**{v: np.float64(n) for v, n in self._others.items()}, self.name: x})
            bounds = ArrayBounds(compiled.graph, values)
            y, slope = (np.broadcast_to(values[i], x.shape).astype(float) for i in compiled.graph.outputs)
            error = np.array(np.broadcast_to(size(bounds.bounds[compiled.graph.outputs[0]]), x.shape), float)
        slope[np.isnan(y)] = np.nan
        error[np.isnan(error)] = np.inf
        return Samples(x, y, slope, error)

    def _singled(self, x: Vector) -> Samples:
        """Of programs with arrays, a point at a time."""
        y, slope = np.empty(x.size), np.empty(x.size)
        compiled = self.formula.compiled(True, ARRAYS)
        at = {v: ARRAYS.number(v, n) for v, n in self._others.items()}
        with np.errstate(all="ignore"):
            for k, place in enumerate(x):
                at[self.name] = place
                outputs = compiled.outputs(at)
                if np.size(outputs[0]) != 1:
                    message = f"the result has the shape {np.shape(outputs[0])}; a curve is of one number"
                    raise UsageError(message, "plot single elements, as in x[0], x[1], or .sum()")
                y[k], slope[k] = np.reshape(outputs[0], ()), np.sum(outputs[1])
        slope[np.isnan(y)] = np.nan
        return Samples(x, y, slope, 64 * np.spacing(np.abs(y)))

    def _mended(self, found: Samples) -> Samples:
        doubtful = np.flatnonzero(~(found.error <= np.maximum(self.grain, KNOWN * np.abs(found.y))))
        self.spoilt |= doubtful.size > self._left
        for k in doubtful[: self._left]:
            point = self.true(float(found.x[k]))
            found.y[k], found.slope[k] = point.value, (point.grad or {})[self.name]
            found.error[k] = 8 * np.spacing(abs(found.y[k]))
        self._left -= min(doubtful.size, self._left)
        return found
