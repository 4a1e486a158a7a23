"""The numeric witness: differences of the value in ball arithmetic, at high precision.

Rounding is bounded by the balls, truncation is estimated from two steps (Richardson's
extrapolation; W. H. Press et al., Numerical Recipes, 3rd edition, section 5.7).
"""

from __future__ import annotations

from typing import NamedTuple

from flint import arb, ctx

from gradcli.core.ops import by_name
from gradcli.domains.ball_tape import execute
from gradcli.domains.digits import elements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.core.graph import Graph

# Steps as powers of 2 relative to the variable, each with the precision that it needs in bits.
STEPS = ((150, 700), (400, 1700), (1000, 3700))
# A slope is taken where two steps agree to so many bits, and as 0 where it is below 1e-30.
SETTLED = 60
NEGLIGIBLE = 1e-30

_DETACH = by_name("detach")


class Slopes(NamedTuple):
    """What differences say of one partial.

    both: the derivative as a ball, where the slopes on the two sides agree; left, right: the
    slopes on the sides, infinite at a jump or a vertical tangent, None where there is no
    value on that side or the differences do not settle.
    """

    both: arb | None
    left: arb | None
    right: arb | None


class Differences:
    """Differences of the first output of a graph around a point.

    point: exact balls, or arrays of them; deadline: on `time.process_time`, past it TimeoutError is raised.
    """

    def __init__(self, graph: Graph, point: Mapping[str, Any], deadline: float) -> None:
        self._graph = graph
        self._point = dict(point)
        self._deadline = deadline
        self._bases: dict[int, list[arb]] = {}
        self._detached = [i for i, node in enumerate(graph.nodes) if node[0] is _DETACH]

    def slopes(self, name: str, along: Any = 1) -> Slopes:
        """The slopes by one variable, others fixed, and `detach` held at its value at the point.

        along: of an array the direction, exact balls in its shape.
        """
        best = Slopes(None, None, None)
        if not all(x.is_finite() for x in elements(self._point[name])):
            return best
        for step, precision in STEPS:
            with ctx.workprec(precision):
                found = self._at(name, along, step, precision)
            best = Slopes(
                best.both if found.both is None else found.both,
                best.left if found.left is None else found.left,
                best.right if found.right is None else found.right,
            )
            # A slope that cannot be told from 0 may be a small one.
            if any(x is not None and x.contains(0) and not x.is_zero() for x in (best.both, best.left, best.right)):
                continue
            if best.both is not None or (_is_slope(best.left) and _is_slope(best.right)):
                break
        return best

    def _at(self, name: str, along: Any, step: int, precision: int) -> Slopes:
        x = self._point[name]
        h = min([abs(v) for v in elements(x) if not v.is_zero()], default=arb(1)) * arb(2) ** -step
        middle = self._value(name, x, precision)
        if not middle.is_finite():
            return Slopes(None, None, None)
        moves = [x + along * (h * k / 2) for k in (-2, -1, 1, 2)]
        left, left_half, right_half, right = [self._value(name, moved, precision) for moved in moves]
        below = _extrapolate((middle - left) / h, (middle - left_half) / (h / 2), 2)
        above = _extrapolate((right - middle) / h, (right_half - middle) / (h / 2), 2)
        both = None
        if _is_slope(below) and _is_slope(above) and _meet(below, above):
            both = _extrapolate((right - left) / (2 * h), (right_half - left_half) / h, 4)
        return Slopes(both, below, above)

    def _value(self, name: str, x: Any, precision: int) -> arb:
        nodes = self._graph.nodes
        if precision not in self._bases:
            self._bases[precision] = execute(nodes, self._point, deadline=self._deadline).values
        values = self._bases[precision]
        if x is not self._point[name]:
            frozen = {i: values[i] for i in self._detached}
            values = execute(nodes, {**self._point, name: x}, frozen=frozen, deadline=self._deadline).values
        (y,) = elements(values[self._graph.outputs[0]])
        return y


def _is_slope(x: arb | None) -> bool:
    return x is not None and x.is_finite()


def _meet(x: arb, y: arb) -> bool:
    """Are two slopes the same number, for all that can be seen?"""
    return (x - y).contains(0) or abs(x - y) < arb(2) ** -SETTLED * abs(x)


def _extrapolate(whole: arb, half: arb, factor: int) -> arb | None:
    """The limit of difference quotients with steps h and h/2, an infinity, or None.

    factor: how much the leading error shrinks when the step is halved.
    """
    if not (whole.is_finite() and half.is_finite()):
        return None
    limit = (factor * half - whole) / (factor - 1)
    ball = arb(limit.mid(), limit.rad() + (limit - half).abs_upper())
    if ball.rel_accuracy_bits() >= SETTLED or (ball.contains(0) and ball.abs_upper() < NEGLIGIBLE):
        return ball
    if whole.rel_accuracy_bits() >= SETTLED and abs(half) > 1.0001 * abs(whole) and abs(whole) > 2**10:
        return whole.pos_inf() if whole > 0 else whole.neg_inf()
    return None
