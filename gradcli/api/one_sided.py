"""One-sided partials: the slopes of the whole result on the two sides of a kink.

A forward sweep carries a tangent in one direction. Where an operation stands at a kink, or a
comparison at equality, its rule is taken a step away in that direction, so that the sweep
follows the piece that a small move would really meet.
"""

from __future__ import annotations

import math

from gradcli.core.trace import seen, template
from gradcli.domains.float_tape import call
from gradcli.domains.floats import SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Node
    from gradcli.core.op import Op


def one_sided(nodes: Sequence[Node], values: Sequence[float], output: int, leaf: int) -> tuple[float, float]:
    """The left and the right derivative of the output by a leaf, the other leaves fixed.

    values: of every node at the point.
    """
    left = _directional(nodes, values, output, leaf, -1.0)
    return 0.0 - left, _directional(nodes, values, output, leaf, 1.0) + 0.0


def _directional(nodes: Sequence[Node], values: Sequence[float], output: int, leaf: int, direction: float) -> float:
    tangents = {leaf: direction}
    beside: dict[int, float] = {}  # comparisons and logic whose value a small move changes
    for i in range(output + 1):
        op = nodes[i][0]
        if op.leaf:
            continue
        operands = nodes[i][1:]
        moves = [tangents.get(k, 0.0) for k in operands]
        if not any(moves) and not any(k in beside for k in operands):
            continue
        x = [beside.get(k, values[k]) for k in operands]
        y = values[i]
        if any(moves) and _undecided(op, x):
            if any(m != m for m in moves):  # to which side the operands move is not known
                if not op.decides:
                    tangents[i] = math.nan
                continue
            x = _beside(x, moves)
            y = call(op, x)
        if op.decides:
            beside[i] = call(op, x)
            continue
        slope = _slope(op, x, y, moves)
        if slope:
            tangents[i] = slope
    return tangents.get(output, 0.0)


def _undecided(op: Op, x: list[float]) -> bool:
    if op.decides:
        return op.jump is not None and op.jump(*x)
    return op.kink is not None and op.kink(*x)


def _beside(x: list[float], moves: list[float]) -> list[float]:
    """The operands after a small step: what counts is which of them is larger then."""
    fastest = max(abs(m) for m in moves)
    if fastest - fastest != 0:
        moves, fastest = [math.copysign(1.0, m) if m - m != 0 else 0.0 for m in moves], 1.0
    # At 0 the step can be so small that no slope changes over it.
    size = max((abs(v) for v, m in zip(x, moves, strict=True) if m and v - v == 0), default=0.0)
    step = (1e-8 * size or 1e-150) / fastest
    return [v + step * m for v, m in zip(x, moves, strict=True)]


def _slope(op: Op, x: list[float], y: float, moves: list[float]) -> float:
    total, count = 0.0, len(x)
    shared = template(op, "share", 0, count) if op.share else None
    g = 1.0 if shared is None else SAFE.at(shared, [1.0, y, *x])
    for k, move in enumerate(moves):
        rule = template(op, "vjp", k, count) if move else None
        if rule is None:
            continue
        active = template(op, "active", k, count) if op.active else None
        if active is None or SAFE.at(active, [y, *seen(op, x, k)]):
            total += SAFE.at(rule, [g, y, *seen(op, x, k)]) * move
    return total
