"""Which elements of arrays are 0 by structure: 0 at every point, whatever the numbers of the variables are.

Each node is calculated with truths: does an element vary with the variables? One that does not is the constant that it
is at the point given. Elements that an index, an order or a truth of the point takes are those of that point.
Importing this loads NumPy.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE, depending
from gradcli.core.trace import read_by, rule_of, seen, template
from gradcli.domains.array_tape import function_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from gradcli.core.graph import Graph
    from gradcli.core.op import Op


class Supports:
    """A graph on arrays, for many points that differ in places alone."""

    def __init__(self, graph: Graph, variables: Collection[str]) -> None:
        """variables: those that vary; the others stand for places."""
        self._graph = graph
        nodes = graph.nodes
        self._places = [i for i, node in enumerate(nodes) if node[0] is VARIABLE and node[1] not in variables]
        self._late = depending(nodes, self._places)
        self._early: list[_Element | None] = []

    def outputs(self, values: Sequence[Any]) -> list[Any]:
        """For each output the truths of what is not 0 by structure. values: of all nodes at a point."""
        found: list[_Element] = []
        for i, node in enumerate(self._graph.nodes):
            known = self._early[i] if self._early else None
            found.append(known or _Element(values[i], self._varies(i, node, found, values[i])))
        if not self._early:
            self._early = [None if self._late[i] else element for i, element in enumerate(found)]
        return [found[i].support() for i in self._graph.outputs]

    def _varies(self, i: int, node: Sequence[Any], found: Sequence[_Element], value: Any) -> Any:
        op = node[0]
        if op is VARIABLE:
            return None if i in self._places else np.ones(np.shape(value), bool)
        operands = [] if op.leaf else [found[k] for k in node[1:]]
        if all(x.varies is None for x in operands):
            return None
        varies = _of_whole(op, operands, value) if op.whole else _RULES.get(op.name, _any)(*operands)
        return np.broadcast_to(varies, np.shape(value)) if varies.any() else None


class _Element:
    """The elements of a node. varies: truths, or None where none does; value: as NumPy has it."""

    __slots__ = ("_support", "value", "varies")

    def __init__(self, value: Any, varies: Any) -> None:
        self.value = value
        self.varies = varies
        self._support: Any = None

    def support(self) -> Any:
        """What is not a constant 0."""
        if self._support is None:
            constant = np.not_equal(self.value, 0)
            self._support = constant if self.varies is None else self.varies | constant
        return self._support

    def moving(self) -> Any:
        return False if self.varies is None else self.varies


def _any(*operands: _Element) -> Any:
    return reduce(np.logical_or, [x.varies for x in operands if x.varies is not None])


def _product(x: _Element, y: _Element) -> Any:
    return (x.moving() & y.support()) | (x.support() & y.moving())


def _quotient(x: _Element, y: _Element) -> Any:
    return x.moving() | (x.support() & y.moving())


def _either(x: _Element, y: _Element) -> Any:
    """One that is true at every point decides."""
    constant = [~np.asarray(v.moving()) & np.not_equal(v.value, 0) for v in (x, y)]
    return (x.moving() & ~constant[1]) | (y.moving() & ~constant[0])


def _choice(c: _Element, x: _Element, y: _Element) -> Any:
    chosen = np.where(np.asarray(c.value, bool), x.moving(), y.moving())
    if c.varies is None:
        return chosen
    return np.where(c.varies, x.moving() | y.moving() | np.not_equal(x.value, y.value), chosen)


_RULES: dict[str, Callable[..., Any]] = {
    "mul": _product, "logical_and": _product, "div": _quotient, "logical_or": _either, "where": _choice,
}  # fmt: skip


def _of_whole(op: Op, operands: Sequence[_Element], value: Any) -> Any:
    """By the operation itself, on random numbers that are 0 where the operands are: no sum of them is 0 by chance.

    In what it is linear it is asked what an operand's varying part gives; else every element may vary, unless those
    that vary not bring them all to 0.
    """
    everywhere = np.ones(np.shape(value), bool)
    ruled = [k for k in range(len(operands)) if not isinstance(rule_of(op, k), str)]
    if not ruled:
        return everywhere
    random = np.random.default_rng(0)
    numbers = [x.value for x in operands]
    for k in ruled:
        shape = np.shape(operands[k].value)
        numbers[k] = np.where(operands[k].support(), 1 + random.random(shape), 0.0)[()]
    function, varies = function_of(op), ~everywhere
    for k in ruled:
        varying = operands[k].varies
        if varying is None:
            continue
        if _is_linear(op, k, len(operands)):
            still = [*numbers]
            still[k] = np.where(varying, 0.0, numbers[k])[()]
            varies |= np.not_equal(function(*numbers), function(*still))
        elif any(_is_linear(op, j, len(operands)) for j in ruled):
            varies |= np.not_equal(function(*numbers), 0)
        else:
            return everywhere
    return varies


def _is_linear(op: Op, k: int, count: int) -> bool:
    """Does the rule of an operand read neither that nor the result?"""
    key = ("linear", k, count)
    if key not in op.templates:
        rule = template(op, "vjp", k, count)
        operands = len(seen(op, range(count), k))
        own = 2 if op.variadic else 2 + k
        op.templates[key] = rule is not None and not {1, own} & read_by(rule, 2 + operands)
    return op.templates[key]
