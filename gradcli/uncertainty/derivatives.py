"""The partials that the propagation needs, exact, from the graph: first, second, and of the third what counts."""

from __future__ import annotations

import numpy as np

from gradcli.api.compiled import Compiled
from gradcli.api.on_arrays import ARRAYS
from gradcli.api.on_floats import FLOATS
from gradcli.core.graph import VARIABLE, Graph, optimise
from gradcli.core.ops import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.uncertainty.covariance import Matrix

MOST = 400_000  # nodes: beyond, the second order is left out


class Second:
    """hessian: n by n; along: the gradient of the Hessian's product with the covariances, tr(H S); own: of each input
    the third derivative by itself."""

    __slots__ = ("along", "hessian", "own")

    def __init__(self, hessian: Matrix, along: Matrix, own: Matrix) -> None:
        self.hessian = hessian
        self.along = along
        self.own = own

    @property
    def finite(self) -> bool:
        """Are all of them?"""
        return bool(all(np.isfinite(x).all() for x in (self.hessian, self.along, self.own)))


class HigherOrders:
    """The second and third partials of one result by some variables, compiled for any point.

    >>> from gradcli.language.parser import parse
    >>> orders = HigherOrders(parse("x**2*y"), 0, ["x", "y"])
    >>> orders.at({"x": 3.0, "y": 1.0}, np.eye(2)).hessian
    array([[2., 6.],
           [6., 0.]])
    """

    def __init__(self, program: Program, result: int, names: Sequence[str]) -> None:
        self._names = list(names)
        self._arrays = program.whole
        self.left_out = False
        leaves = [program.leaf[x] for x in names]
        builder, (value, *leaves) = optimise(program.nodes, [program.results[result], *leaves])
        zero, add, mul = builder.number(0.0), by_name("add"), by_name("mul")

        def partials(i: int) -> list[int]:
            found = program.differentiate(builder, i, leaves, arrays=self._arrays)
            return [found.get(k, zero) for k in leaves]

        rows = []
        for g in partials(value):
            rows.append(partials(g))
            if len(builder.nodes) > MOST:
                self.left_out = True
                return
        total = zero
        for i in range(len(names)):
            for j in range(len(names)):
                weight = builder.intern((VARIABLE, _weight(i, j)))
                total = builder.make(add, total, builder.make(mul, weight, rows[i][j]))
        along = partials(total)
        own = [partials(row[i])[i] for i, row in enumerate(rows)]
        outputs = [*[k for row in rows for k in row], *along, *own]
        graph = Graph(builder.nodes, outputs, builder.origin)
        self._compiled = Compiled(program, graph, ARRAYS if self._arrays else FLOATS)

    def at(self, point: Mapping[str, Any], sigma: Matrix) -> Second:
        """At a point (every variable to a float). sigma: the covariances of the variables named."""
        n = len(self._names)
        weights = {_weight(i, j): float(sigma[i, j]) for i in range(n) for j in range(n)}
        number = np.float64 if self._arrays else float
        found = self._compiled.outputs({x: number(v) for x, v in {**point, **weights}.items()})
        numbers = np.array([float(np.reshape(v, ())) for v in found])
        hessian, rest = numbers[: n * n].reshape(n, n), numbers[n * n :]
        return Second((hessian + hessian.T) / 2, rest[:n], rest[n:])


def _weight(i: int, j: int) -> str:
    """A name that no variable can have."""
    return f"covariance {i} {j}"
