"""The truth: programs in ball arithmetic, and slopes by differences.

Nothing here reads a rule of the table: a slope is a difference of values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, ctx

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE, finish, optimise
from gradcli.core.reverse import differentiate
from gradcli.core.structure import ELLIPSIS
from gradcli.domains import ball_tape as balls
from gradcli.domains.balls import literal

from .whole import apply, as_balls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.core.graph import Graph, Node

PRECISION = 320
STEP = 120  # a difference reaches 2**-STEP of the variable to each side
FAR_PRECISION, FAR_STEP = 10600, 2600  # a step below all literals, 1e-400 among them, and below squares of them
MOST = float.fromhex("0x1.fffffffffffffp1023")
TINY = arb(2) ** -1074


def graph_of(nodes: Sequence[Node], result: int, wrt: Sequence[int], arrays: bool, share: bool = True) -> Graph:
    """The graph of a value and of its partials by these leaves."""
    builder, (result, *leaves) = optimise(nodes, [result, *wrt], share=share)
    adjoints = differentiate(builder, result, leaves, arrays=arrays)
    zero = builder.number(0.0)
    return finish(builder, [result, *[adjoints.get(i, zero) for i in leaves]])


def run(nodes: Sequence[Node], at: Mapping[str, Any], arrays: bool, decimals: bool = False) -> list[Any]:
    """The ball of every node, or an array of balls. With decimals the point is fractions. Raises UndecidedError."""
    if not arrays:
        if not decimals:
            return balls.execute(nodes, at).values
        exactly = {x: balls.from_fraction(q) for x, q in at.items()}
        return balls.execute(nodes, exactly, decimals=True, rationals=at).values
    values: list[Any] = []
    for op, *operands in nodes:
        if op is VARIABLE:
            values.append(at[operands[0]])
        elif op is NUMBER:
            values.append(operands[0])
        elif op is CONSTANT:
            values.append(literal(operands[0]))
        elif op.leaf:
            values.append(Ellipsis if op is ELLIPSIS else None)
        else:
            values.append(apply(op, [values[k] for k in operands], [nodes[k][0].decides for k in operands]))
    return values


def outputs(graph: Graph, values: Sequence[Any]) -> list[Any]:
    """The outputs of a run, literal ones as balls."""
    found = [values[i] for i in graph.outputs]
    return [arb(v) if isinstance(v, float) else v for v in found]


def exactly(point: Mapping[str, Any]) -> dict[str, Any]:
    """A point of floats and arrays as exact balls."""
    return {x: as_balls(v) if np.ndim(v) else arb(float(v)) for x, v in point.items()}


def elements(point: Mapping[str, Any]) -> list[tuple[str, tuple[int, ...]]]:
    """Every number of a point: its variable, and its place in it."""
    return [(x, place) for x, v in point.items() for place in np.ndindex(*np.shape(v))]


class Sides:
    """The values of all nodes a step to the left and to the right of a point, by one number of it.

    is_blind: something steps at numbers so large that a difference may reach over a step, or from afar numbers are so
    small that it reaches over them.
    """

    def __init__(self, graph: Graph, at: dict[str, Any], which: tuple[str, tuple[int, ...]], **how: Any) -> None:
        far = how.pop("far", False)
        name, place = which
        x = at[name][place] if place else at[name]
        size = min(abs(x), type(x)(1)) if abs(x) > 0 else type(x)(1)
        large = max(0, int(float(abs(arb(float(x))).log().mid()) * 1.5)) if abs(x) > 1 else 0
        with ctx.workprec((FAR_PRECISION if far else PRECISION) + large):
            step = size / 2 ** (FAR_STEP if far else STEP)
            self.h = balls.from_fraction(step) if isinstance(step, Fraction) else step
            self.middle = how.pop("middle", None) or run(graph.nodes, at, **how)
            self.left = run(graph.nodes, _moved(at, name, place, x - step), **how)
            self.right = run(graph.nodes, _moved(at, name, place, x + step), **how)

        self.is_blind = any(
            node[0].jump is not None and _is_large([self.middle[k] for k in node[1:]]) for node in graph.nodes
        ) or (far and any(isinstance(v, arb) and abs(v) < self.h and not v.contains(0) for v in self.middle))

    def slopes(self, i: int) -> tuple[arb | None, arb | None]:
        """The slopes of a node on the two sides, None where there is none or it cannot be seen."""
        y = self.middle[i]
        if self.is_blind or not isinstance(y, arb) or not y.is_finite():
            return None, None
        with ctx.workprec(PRECISION):
            return tuple(
                seen(slope) if slope.is_finite() and abs(slope) < 2.0**60 * (1 + abs(y)) else None
                for slope in ((y - self.left[i]) / self.h, (self.right[i] - y) / self.h)
            )

    def jumps(self, i: int) -> bool:
        """Does a node change by more than any continuous function of moderate slope would?"""
        y = self.middle[i]
        if self.is_blind or not isinstance(y, arb) or not y.is_finite():
            return False
        return any(v.is_finite() and abs(v - y) > arb(2) ** -20 * (1 + abs(y)) for v in (self.left[i], self.right[i]))


def _is_large(x: list[Any]) -> bool:
    """Are there numbers beyond 2**60, or does one go into another so often?"""
    sizes = [abs(v) for v in x if isinstance(v, arb)]
    return not all(v < 2.0**60 for v in sizes) or (len(sizes) == 2 and bool(sizes[0] > sizes[1] * 2.0**60 > 0))


def _moved(at: dict[str, Any], name: str, place: tuple[int, ...], x: arb) -> dict[str, Any]:
    if not place:
        return {**at, name: x}
    array = at[name].copy()
    array[place] = x
    return {**at, name: array}


def seen(slope: arb) -> arb | None:
    """A quotient that is known to 40 bits, or to be next to 0."""
    if slope.is_finite() and (slope.rel_accuracy_bits() >= 40 or slope.abs_upper() < 1e-25):
        return slope
    return None


def same(x: arb, y: arb) -> bool:
    """Are two slopes one number, for all that a difference shows?"""
    return bool(abs(x - y) <= arb(2) ** -30 * (abs(x) + abs(y)) + arb(2) ** -80) or bool((x - y).contains(0))
