"""The executor for arrays where some variables change far more often than the others: a Hessian times many vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE, depending
from gradcli.core.op import VALUE
from gradcli.core.passes.dead import dead
from gradcli.core.passes.shapes import shapes
from gradcli.core.passes.strength import strength
from gradcli.core.passes.truths import truths
from gradcli.domains.array_tape import folded, function_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gradcli.core.graph import Graph


class StagedTape:
    """A graph on arrays of known shapes.

    late: the variables that change often; what depends on none of them is computed when the others are given.
    graph, values: what runs, and the value of each of its nodes as far as it ran.
    example: a value of each variable, with its shape. Raises ArrayError.

    >>> from gradcli.api.function import function
    >>> tape = StagedTape(function("sum(x*y)").optimised(), ["y"], {"x": np.ones(2), "y": np.ones(2)})
    >>> tape.early({"x": np.array([2.0, 3.0])})
    >>> tape.outputs({"y": np.array([5.0, 7.0])})[0]
    np.float64(31.0)
    """

    def __init__(self, graph: Graph, late: Collection[str], example: Mapping[str, Any]) -> None:
        graph = folded(truths(strength(graph)))
        nodes = graph.nodes
        with np.errstate(all="ignore"):
            values: list[Any] = []
            for node in nodes:
                values.append(example[node[1]] if node[0] is VARIABLE else _value(node, values))
        shape = [np.shape(v) if isinstance(v, np.ndarray) else () for v in values]
        graph, _ = shapes(graph, shape, lambda i: values[i])
        graph = dead(graph)
        nodes = graph.nodes
        depends = depending(nodes, [i for i, node in enumerate(nodes) if node[0] is VARIABLE and node[1] in late])
        self.graph = graph
        self.values: list[Any] = [node[1] if node[0] is VALUE else None for node in nodes]
        self._leaves = [
            [(i, node[1]) for i, node in enumerate(nodes) if node[0] is VARIABLE and depends[i] == k] for k in (0, 1)
        ]
        self._calls = [
            [
                (i, function_of(node[0]), node[1:])
                for i, node in enumerate(nodes)
                if not node[0].leaf and depends[i] == k
            ]
            for k in (0, 1)
        ]
        self._outputs = graph.outputs

    def early(self, point: Mapping[str, Any]) -> None:
        """The variables that change seldom."""
        self._run(0, point)

    def outputs(self, point: Mapping[str, Any]) -> list[Any]:
        """The outputs for the others."""
        self._run(1, point)
        return [self.values[i] for i in self._outputs]

    def _run(self, k: int, point: Mapping[str, Any]) -> None:
        values = self.values
        for i, name in self._leaves[k]:
            values[i] = point[name]
        with np.errstate(all="ignore"):
            for i, function, operands in self._calls[k]:
                values[i] = function(*[values[n] for n in operands])


def _value(node: Sequence[Any], values: Sequence[Any]) -> Any:
    return node[1] if node[0].leaf else function_of(node[0])(*[values[k] for k in node[1:]])
