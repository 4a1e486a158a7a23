"""The executor for one point of many scalars, again and again: a NumPy call does all operations of a kind at a time.

The level of an operation is how many stand between it and the leaves, at most. Those of a level and a row need
nothing of each other; they lie side by side in one vector of all values, ordered by their operands, so that these are
mostly slices of it too: formulas of many variables say the same of each. A long sum is one call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE
from gradcli.core.op import VALUE
from gradcli.core.passes.chains import chains
from gradcli.core.passes.dead import dead
from gradcli.core.passes.fold import fold
from gradcli.core.passes.strength import strength
from gradcli.domains import float_tape as floats
from gradcli.domains.array_tape import function_of
from gradcli.domains.floats import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.graph import Graph, Node

LONG = 16  # terms of a sum that is one call
PAYS = 16  # so many operations in a call on the average save time


class LevelTape:
    """A graph of scalars for repeated runs.

    given: the names of the variables, in vectors that a run gives one after another. What depends on the first one
    alone is computed when that is given.

    >>> from gradcli.api.function import function
    >>> tape = LevelTape(function("x*y + 2*x").optimised(), [["x"], ["y"]])
    >>> tape.give(0, np.array([3.0]))
    >>> tape.outputs(1, np.array([5.0]))
    array([21.,  7.,  3.])
    """

    def __init__(self, graph: Graph, given: Sequence[Sequence[str]]) -> None:
        graph = strength(chains(dead(graph), ("add",), LONG))
        graph = fold(graph, lambda node: literal(node[1]), lambda op, operands, i: floats.call(op, operands))
        nodes = graph.nodes
        groups = _groups(nodes, given)
        leaves = {node[1]: i for i, node in enumerate(nodes) if node[0] is VARIABLE}
        constants = [i for i, node in enumerate(nodes) if node[0] is VALUE and node[1] is not None]
        self._values = values = np.zeros(sum(map(len, (*given, constants, *groups.values()))))
        place = np.zeros(len(nodes), np.intp)
        self._given: list[Any] = []
        free = 0
        for names in given:
            here = slice(free, free + len(names))
            self._given.append(values[here])
            for k, name in enumerate(names):
                if name in leaves:
                    place[leaves[name]] = free + k
            free = here.stop
        for i in constants:
            place[i], values[free] = free, nodes[i][1]
            free += 1
        self._calls: list[list[tuple[Callable[..., Any], tuple[Any, ...]]]] = [[] for _ in given]
        for key in sorted(groups, key=lambda key: key[:2]):
            group = groups[key]
            operands = place[np.array([nodes[i][1:] for i in group])]
            order = np.lexsort(operands.T[::-1])
            group, operands = [group[k] for k in order], operands[order]
            here = slice(free, free + len(group))
            place[group] = range(here.start, here.stop)
            self._call(self._calls[key[0]], nodes[group[0]], operands, values[here])
            free = here.stop
        self._outputs = _selector(place[graph.outputs])
        self._pays = len(nodes) >= PAYS * sum(map(len, self._calls))

    @property
    def pays(self) -> bool:
        """Are there few calls, for the number of operations?"""
        return self._pays

    def give(self, k: int, vector: Any) -> None:
        """The numbers of the variables of vector k; those before have been given."""
        self._given[k][:] = vector
        with np.errstate(all="ignore"):
            for function, operands in self._calls[k]:
                function(*operands)

    def outputs(self, k: int, vector: Any) -> Any:
        """The outputs as one vector, when these numbers, the last ones, are given."""
        self.give(k, vector)
        return np.array(self._values[self._outputs])

    def _call(self, calls: list[Any], node: Node, operands: Any, out: Any) -> None:
        """Append what computes a group; operands: their places, a row for each operation."""
        op = node[0]
        if len(node) > 3 and op.chain:
            calls.append((_sum, (self._values, _selector(operands[0]), out)))
            return
        function = function_of(op)
        x = [self._operand(calls, column) for column in operands.T]
        is_ufunc = isinstance(function, np.ufunc) and not op.decides
        calls.append((function, (*x, out)) if is_ufunc else (_written, (function, out, *x)))

    def _operand(self, calls: list[Any], places: Any) -> Any:
        """A view of the values, or a vector to which they are brought."""
        which = slice(places[0], places[0] + 1) if (places == places[0]).all() else _selector(places)
        if isinstance(which, slice):
            return self._values[which]
        found = np.empty(len(places))
        calls.append((self._values.take, (which, None, found, "clip")))
        return found


def _groups(nodes: Sequence[Node], given: Sequence[Sequence[str]]) -> dict[tuple[int, int, Any, int], list[int]]:
    """The operations by the vector that they wait for, their level, row and number of operands; a long sum alone."""
    waits = {name: k for k, names in enumerate(given) for name in names}
    stage, level = [0] * len(nodes), [0] * len(nodes)
    groups: dict[tuple[int, int, Any, int], list[int]] = {}
    for i, (op, *operands) in enumerate(nodes):
        if op is VARIABLE:
            stage[i] = waits[operands[0]]
        elif not op.leaf:
            stage[i] = max([stage[k] for k in operands])
            level[i] = 1 + max([level[k] for k in operands])
            alone = -i if op.chain and len(operands) > 2 else len(operands)
            groups.setdefault((stage[i], level[i], op, alone), []).append(i)
    return groups


def _selector(places: Any) -> Any:
    """The places as a slice where they are evenly apart."""
    places = np.asarray(places, np.intp)
    steps = np.diff(places)
    step = int(steps[0]) if len(steps) else 1
    return slice(places[0], places[-1] + 1, step) if step > 0 and (steps == step).all() else places


def _sum(values: Any, which: Any, out: Any) -> None:
    out[0] = np.add.reduce(values[which])


def _written(function: Callable[..., Any], out: Any, *x: Any) -> None:
    out[:] = function(*x)
