"""What the inputs have in common: their covariance matrix, put together and held against what such a matrix is."""

from __future__ import annotations

import math

import numpy as np

from gradcli.errors import UsageError
from gradcli.uncertainty.inputs import Input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

ROUNDING = 1e-9  # so far a correlation matrix that was rounded may be from one


class Inputs:
    """All inputs of a formula, in order.

    known: name to Input; sigma: their covariance matrix.

    >>> Inputs({"x": Input(2.0, 0.1)}).sigma
    array([[0.01]])
    """

    def __init__(self, known: Mapping[str, Input]) -> None:
        self.known = dict(known)
        self.names = list(known)
        self.sigma: Matrix = np.diag([x.u**2 for x in known.values()]) if known else np.zeros((0, 0))

    @property
    def u(self) -> Matrix:
        """The standard uncertainties."""
        return np.array([x.u for x in self.known.values()])

    def correlate(self, one: str, other: str, r: float) -> None:
        """Set a correlation. Raises UsageError where there can be none."""
        what = f"the correlation of {one} and {other}"
        for name in (one, other):
            if name not in self.known:
                raise UsageError(f"{what}: there is no input {name}", f"the inputs are {', '.join(self.names)}")
            if not self.known[name].u:
                raise UsageError(f"{what}: {name} has no uncertainty", f"write {name}={self.known[name].value:g}±0.1")
        if one == other:
            raise UsageError(f"{what} is 1 and nothing else", "name two inputs")
        if not -1 <= r <= 1:
            raise UsageError(f"{what} is {r:g}", "it lies from -1 to 1")
        u = np.array([self.known[one].u, self.known[other].u])
        self._set([one, other], np.array([[1.0, r], [r, 1.0]]) * np.outer(u, u))

    def cover(self, label: str, names: Sequence[str], matrix: Matrix) -> None:
        """Take uncertainties and covariances from a matrix. Raises UsageError where it is none, and where
        an input has its uncertainty already."""
        mind_covariance(label, names, matrix)
        for k, name in enumerate(names):
            given, found = self.known[name], math.sqrt(matrix[k, k])
            if given.u and not math.isclose(given.u, found, rel_tol=1e-6):
                what = f"{name} has the uncertainty {given.u:g}, and in {label} {found:g}"
                raise UsageError(what, f"give one of them: {name}={given.value:g}")
            given.u = found
        self._set(names, matrix)

    def join(self, group: str, names: Sequence[str], matrix: Matrix) -> None:
        """Set the covariances of what was measured or fitted together."""
        self._set(names, matrix)
        for name in names:
            self.known[name].group = group

    def mind(self) -> None:
        """Raises UsageError where the correlations together are none."""
        active = [k for k, x in enumerate(self.known.values()) if x.u]
        mind_covariance("the correlations given", [self.names[k] for k in active], self.sigma[np.ix_(active, active)])

    def _set(self, names: Sequence[str], matrix: Matrix) -> None:
        places = [self.names.index(name) for name in names]
        self.sigma[np.ix_(places, places)] = matrix

    def blocks(self) -> list[list[int]]:
        """The inputs that are uncertain, by place: those that belong together in one list."""
        linked = self.sigma != 0
        groups = [x.group for x in self.known.values()]
        left = [k for k, x in enumerate(self.known.values()) if x.u]
        found: list[list[int]] = []
        while left:
            block, todo = [], [left.pop(0)]
            while todo:
                k = todo.pop()
                block.append(k)
                more = [j for j in left if linked[k, j] or (groups[k] and groups[k] == groups[j])]
                left = [j for j in left if j not in more]
                todo += more
            found.append(sorted(block))
        return found


def mind_covariance(label: str, names: Sequence[str], matrix: Matrix) -> None:
    """Raises UsageError, with the pair that is wrong, where a matrix is no covariance matrix."""
    size = len(names)
    if matrix.shape != (size, size):
        rows, columns = matrix.shape
        what = f"{label} has {rows} row{'s' * (rows != 1)} and {columns} column{'s' * (columns != 1)}"
        raise UsageError(what, "a covariance matrix is square")
    for i in range(size):
        if not 0 <= matrix[i, i] < math.inf:
            raise UsageError(
                f"{label}: the variance of {names[i]} is {matrix[i, i]:g}", "a variance is a number from 0"
            )
        for j in range(i):
            limit = math.sqrt(matrix[i, i] * matrix[j, j])
            pair = f"{names[j]} and {names[i]}"
            if not abs(matrix[i, j] - matrix[j, i]) <= 1e-6 * limit:
                what = f"{label} is not symmetric: {pair} have {matrix[j, i]:g} and {matrix[i, j]:g}"
                raise UsageError(what, "a covariance matrix is the same on both sides of its diagonal")
            if not abs(matrix[i, j]) <= limit * (1 + ROUNDING):
                what = f"{label}: the covariance of {pair} is {matrix[i, j]:g}, beyond {limit:g}"
                raise UsageError(what, "no covariance is larger than the product of the two uncertainties")
    _mind_definite(label, names, matrix)


def _mind_definite(label: str, names: Sequence[str], matrix: Matrix) -> None:
    u = np.sqrt(np.diag(matrix))
    correlations = matrix / np.outer(np.where(u > 0, u, 1.0), np.where(u > 0, u, 1.0))
    values, vectors = np.linalg.eigh(correlations) if len(names) else (np.zeros(1), np.zeros((1, 1)))
    if values[0] >= -1e-6:
        return
    worst = vectors[:, 0]
    parts = np.outer(worst, worst) * correlations
    # Of pairs that are equally wrong up to the last bits of eigh the most opposed is named.
    i, j = min(
        ((i, j) for i in range(len(names)) for j in range(i)), key=lambda p: (round(parts[p], 9), correlations[p])
    )
    pair = f"{names[j]} and {names[i]} cannot have the correlation {correlations[i, j]:g} beside the others"
    what = f"{label}: {pair}"
    raise UsageError(what, "such a matrix has no negative eigenvalue")
