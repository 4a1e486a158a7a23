"""What the result does on the two sides of a point, by one variable: its limit and its slope there.

A forward sweep carries in one direction the slope of each node and, where a step was taken, its value beside the
point. An operation at a kink or a step, or a comparison at equality, is taken a small move away in that direction, so
that the sweep follows the piece that such a move would really meet. What lies above all of these is smooth: there the
slopes of one backward sweep serve all variables.
"""

from __future__ import annotations

import itertools
import math

from gradcli.core.trace import seen
from gradcli.domains.float_tape import call
from gradcli.domains.floats import rule_on_floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op

STEP = 2.0**-27  # of a number, so that values beside it are exact where they can be
LEAST = 1e-300  # slower than this nothing moves, but over steps: such slopes have few digits
# How far off numbers are looked at: a hundredth power is 0 nearer by. By pi, so that no whole turns are met.
SAMPLED = tuple(math.pi * 2.0**-k for k in (14, 8, 3))
TINY = 2.0**-960  # numbers below this are looked at as multiples of so many
UP = 2.0**600
SAME = 2.0**-44  # numbers that are nearer to each other differ by rounding
Moved = tuple[tuple[int, float], ...]  # places of operands, and their slopes


class Beside:
    """One side of a point.

    value: the limit of the result; slope: its one-sided derivative; slopes: those of the operations on the way; odd:
    the operations that follow another piece there, or have another value, than their rule and their value say.
    """

    __slots__ = ("odd", "slope", "slopes", "value")

    def __init__(self, value: float, slope: float, slopes: dict[int, float], odd: set[int]) -> None:
        self.value = value
        self.slope = slope
        self.slopes = slopes
        self.odd = odd


class OneSided:
    """Both sides of a point, by any variable.

    values: of every node at the point; needed: the operations that the output needs, in order; special: those at a
    kink, a step or an equality; undecided: tells this of an operation, other values of its operands and its own.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        values: Sequence[float],
        output: int,
        needed: Sequence[int],
        special: set[int],
        undecided: Callable[..., bool],
    ) -> None:
        self._nodes = nodes
        self._values = values
        self._output = output
        self._special = special
        self._undecided = undecided
        self._sides: dict[int, tuple[Beside, Beside]] = {}
        self._shares: dict[int, float] = {}
        self._partials: dict[tuple[int, int], float | None] = {}
        self._known: dict[tuple[int, Moved, Moved], tuple[float, float, bool]] = {}
        self._kept = self._on_the_way(needed)
        self._users: dict[int, list[int]] = {}
        for i in needed:
            if self._kept[i]:
                for k in dict.fromkeys(nodes[i][1:]):
                    self._users.setdefault(k, []).append(i)
        self._above = self._backward(needed)

    def by(self, leaf: int) -> tuple[Beside, Beside]:
        """The left and the right side by a leaf, the other leaves fixed."""
        if leaf not in self._sides:
            order = self._from(leaf)
            self._sides[leaf] = self._swept(leaf, -1.0, order), self._swept(leaf, 1.0, order)
        return self._sides[leaf]

    def _on_the_way(self, needed: Sequence[int]) -> bytearray:
        """The nodes that lead to one of the special ones, and those behind a step: the sweeps go through these."""
        nodes, kept = self._nodes, bytearray(len(self._nodes))
        behind = bytearray(len(nodes))
        for i in needed:
            op, *operands = nodes[i]
            steps = i in self._special and not (op.kink and not op.jump)
            behind[i] = steps or any(behind[k] for k in operands)
        for i in reversed(needed):
            if kept[i] or behind[i] or i in self._special:
                kept[i] = 1
                for k in nodes[i][1:]:
                    kept[k] = 1
        return kept

    def _backward(self, needed: Sequence[int]) -> dict[int, float]:
        """The slope of the output by each node that is kept and each leaf, along the nodes above."""
        above = {self._output: 1.0}
        for i in reversed(needed):
            if i not in above or self._kept[i]:
                continue
            g = above.pop(i)
            for k, place in enumerate(self._nodes[i][1:]):
                above[place] = above.get(place, 0.0) + self._slope(i, ((k, g),))
        return above

    def _from(self, leaf: int) -> list[int]:
        """The nodes of the sweeps that depend on a leaf, in order."""
        reached, stack = set(), [leaf]
        while stack:
            for i in self._users.get(stack.pop(), ()):
                if i not in reached:
                    reached.add(i)
                    stack.append(i)
        return sorted(reached)

    def _swept(self, leaf: int, direction: float, order: Sequence[int]) -> Beside:
        nodes, values = self._nodes, self._values
        slopes = {leaf: direction}
        limits: dict[int, float] = {}  # of what has another value beside the point than at it
        samples: list[dict[int, float]] = []
        odd = set()
        for i in order:
            operands = nodes[i][1:]
            moved = tuple([(k, slopes[x]) for k, x in enumerate(operands) if x in slopes])
            is_odd = False
            if limits and any(x in limits for x in operands):
                x = [limits.get(k, values[k]) for k in operands]
                y = call(nodes[i][0], x)
                y = values[i] if same(y, values[i]) else y
                slope = 0.0 if nodes[i][0].decides else _slope_at(nodes[i][0], x, y, moved)
                if self._undecided(i, x, y):
                    slope, y, is_odd = _beside(nodes[i][0], x, y, moved, slope, moved)
                elif i in self._special and (y != y or (nodes[i][0].decides and any(v != v for v in x))):
                    is_odd = True
                if any(v != v and nodes[k][0].decides for v, k in zip(x, operands, strict=True)):
                    slope = y = math.nan  # which branch is taken is not known
            elif moved:
                where = moved
                if i in self._special and self._is_level(i, moved):
                    samples = samples or [self._sampled(leaf, direction * far, order) for far in SAMPLED]
                    for sample in samples:
                        off = [sample[operands[k]] - values[operands[k]] for k, _ in moved]
                        if all(d == d for d in off) and any(off):
                            where = tuple([(k, d) for (k, _), d in zip(moved, off, strict=True)])
                            break
                slope, y, is_odd = self._visit(i, moved, where)
            else:
                continue
            if not nodes[i][0].decides:
                slopes[i] = slope
            if y != values[i]:
                limits[i] = y
            if is_odd:
                odd.add(i)
        slopes = {i: 0.0 + direction * slope for i, slope in slopes.items()}  # no longer along the way, but by the leaf
        total = sum([above * slopes[k] for k, above in self._above.items() if k in slopes and above])
        return Beside(limits.get(self._output, values[self._output]), total, slopes, odd)

    def _is_level(self, i: int, moved: Moved) -> bool:
        """Do slopes leave open on which side of a step an operation is? At a kink they are enough."""
        if self._nodes[i][0].kink is not None:
            return False
        fastest = max([abs(m) for _, m in moved])
        if not fastest > 0:
            return fastest == 0
        x = [self._values[k] for k in self._nodes[i][1:]]
        return self._undecided(i, _moved(x, moved, fastest)[0])

    def _sampled(self, leaf: int, way: float, order: Sequence[int]) -> dict[int, float]:
        """The values of the nodes some way off: where slopes are 0, they say to which side a number moves."""
        here = self._values[leaf]
        samples = {leaf: here + way * max(1.0, abs(here))}
        for i in order:
            samples[i] = call(self._nodes[i][0], [samples.get(k, self._values[k]) for k in self._nodes[i][1:]])
        return samples

    def _visit(self, i: int, moved: Moved, where: Moved) -> tuple[float, float, bool]:
        """The slope and the value of a node beside, and whether these are others than its rule and its value say."""
        if i not in self._special:
            return self._slope(i, moved), self._values[i], False
        key = (i, moved, where)
        if key not in self._known:
            x = [self._values[k] for k in self._nodes[i][1:]]
            self._known[key] = _beside(self._nodes[i][0], x, self._values[i], moved, self._slope(i, moved), where)
        return self._known[key]

    def _slope(self, i: int, moved: Moved) -> float:
        """What the rules of an operation make of the slopes of its operands, at the point."""
        total = 0.0
        for k, move in moved:
            if (i, k) not in self._partials:
                op, *operands = self._nodes[i]
                x, y = [self._values[n] for n in operands], self._values[i]
                if i not in self._shares:
                    self._shares[i] = _shared(op, x, y)
                self._partials[i, k] = None if op.decides else _partial(op, k, x, y, self._shares[i])
            partial = self._partials[i, k]
            if partial is not None and (move or not self._overflows(i, partial)):
                total += partial * move
        return total

    def _overflows(self, i: int, partial: float) -> bool:
        """Is a partial infinite in floats alone: not at a pole? Times a slope of 0 it is 0."""
        op, *operands = self._nodes[i]
        return abs(partial) == math.inf and not (op.pole and op.pole(*[self._values[k] for k in operands]))


def _beside(op: Op, x: list[float], y: float, moved: Moved, slope: float, where: Moved) -> tuple[float, float, bool]:
    """The slope and the value of an operation beside a kink or a step, and whether these are others than at it.

    where: how the operands move, where their slopes are 0 too.
    """
    if op.decides and not op.relates:  # whatever is not 0 is true, to whichever side it moves
        where = tuple([(k, m if m - m == 0 else 1.0) for k, m in where])
    fastest = max([abs(m) for _, m in where], default=0.0)
    if any(m != m for _, m in where):
        return math.nan, math.nan if op.decides else y, True  # to which side the operands move is not known
    if not fastest or (fastest < LEAST and not (op.decides or (op.jump and op.jump(*x)))):
        return slope, y, False
    if _has_level_slopes(op) and 0.0 < max(map(abs, x)) < TINY:  # no step is small beside them
        there, limit, is_odd = _beside(op, [v * UP for v in x], y if op.decides else y * UP, moved, slope, where)
        return there, limit if op.decides else limit / UP, is_odd
    near, step = _moved(x, where, fastest)
    beside = call(op, near)
    if op.decides:
        return 0.0, beside, beside != y
    if op.pole is not None and y - y != 0:  # a pole is infinite on both sides, perhaps with another sign
        if beside - beside == 0 and same(beside, _next_to(op, x, where)):
            return 0.0, beside, True  # or no float shows that it is one
        return slope, -y if beside * y < 0 else y, beside * y < 0
    there = _slope_at(op, near, beside, where)
    rise = there * step
    if moved is not where:
        there = _slope_at(op, near, beside, moved)
    if not _has_level_slopes(op):  # slopes that change over the step: two of them give the one at its beginning
        far, _ = _moved(x, where, fastest, 2.0)
        further = _slope_at(op, far, call(op, far), moved)
        if abs(further - there) <= 1e-6 * abs(there):
            there -= further - there
    if op.pole is not None and op.pole(*x):  # an infinite slope leads there, unless no float stands on its way
        beside = _next_to(op, x, where)
        leaps = not _is_close(beside, y)
        return there, beside if leaps else y, leaps or not same(there, slope)
    leaps = beside - beside != 0 or abs(beside - y - rise) > 0.5 * abs(rise) + 1e-12 * abs(y)  # no slope explains it
    limit = beside - rise if rise - rise == 0 else beside
    return there, limit if leaps else y, leaps or not same(there, slope)


def _has_level_slopes(op: Op) -> bool:
    """Is an operation linear in pieces, so that it and its slopes are the same at any scale?"""
    return op.integral and op.pole is None


def leaps(op: Op, x: list[float], y: float, places: Sequence[int]) -> bool:
    """Has an operation another value or slope on a side of a step, where these operands move, the others fixed?"""
    sides = [tuple([(k, way) for k in places]) for way in (-1.0, 1.0)]
    return any(_beside(op, x, y, moved, _slope_at(op, x, y, moved), moved)[2] for moved in sides)


def is_steep(op: Op, x: Sequence[Any], y: float) -> bool:
    """Has an operation another finite value at the floats next to an operand than any slope leads to?"""
    try:
        x = [float(v) for v in x]
    except OverflowError:  # a fraction that is beyond all floats
        return False
    sides = [((k, way),) for k in range(len(x)) for way in (-1.0, 1.0)]
    return not all(_is_close(beside, y) for side in sides if (beside := _next_to(op, x, side)) - beside == 0)


def _next_to(op: Op, x: Sequence[float], where: Moved) -> float:
    """The value of an operation at the floats next to its operands."""
    near = list(x)
    for k, m in where:
        near[k] = math.nextafter(x[k], math.copysign(math.inf, m)) if m else x[k]
    return call(op, near)


def _is_close(beside: float, y: float) -> bool:
    """Is a value one float away what a continuous function may have there, however steep it is?"""
    return abs(beside - y) <= 2.0**-20 * (1 + abs(y))


def _moved(x: list[float], moved: Moved, fastest: float, times: float = 1.0) -> tuple[list[float], float]:
    """The operands after a small step, or so many of it, and its length: what counts is which is larger then."""
    if fastest - fastest != 0:
        moved, fastest = tuple([(k, math.copysign(1.0, m) if m - m != 0 else 0.0) for k, m in moved]), 1.0
    if fastest < LEAST:
        moved, fastest = tuple([(k, m * 2.0**1000) for k, m in moved]), fastest * 2.0**1000
    # At 0 the step can be so small that no slope changes over it, and it reaches over none of the other numbers.
    size = max([abs(x[k]) for k, m in moved if m and x[k] - x[k] == 0], default=0.0)
    apart = _apart(x)
    step = min(STEP * size or 1e-150, apart / 4 if apart > SAME * size else math.inf)
    step = times * (step if size else max(step, 5e-324))
    near = list(x)
    for k, m in moved:
        near[k] += step * (m / fastest)  # where the step is the least float, a part of it is none
    return near, step / fastest


def _apart(x: Sequence[float]) -> float:
    """The least distance of two different numbers of these and 0."""
    known = sorted({0.0, *[v for v in x if v - v == 0]})
    return min([b - a for a, b in itertools.pairwise(known)], default=math.inf)


def _shared(op: Op, x: Sequence[float], y: float) -> float:
    """The adjoint 1 as the rules of all operands get it."""
    share = rule_on_floats(op, "share", 0, len(x)) if op.share else None
    return 1.0 if share is None else share(1.0, y, *x)


def _partial(op: Op, k: int, x: Sequence[float], y: float, g: float) -> float | None:
    """The partial of an operation by one operand; None where it does not depend on it."""
    rule = rule_on_floats(op, "vjp", k, len(x))
    own = seen(op, x, k)
    active = rule_on_floats(op, "active", k, len(x)) if op.active else None
    return None if rule is None or (active is not None and not active(y, *own)) else rule(g, y, *own)


def _slope_at(op: Op, x: Sequence[float], y: float, moved: Moved) -> float:
    """What the rules make of the slopes of the operands, at other numbers than those of the point."""
    g = _shared(op, x, y)
    found = [(_partial(op, k, x, y, g), move) for k, move in moved]
    return sum([partial * move for partial, move in found if partial])  # a level piece stays level


def same(a: float, b: float) -> bool:
    """Are two slopes one number but for rounding, or the same infinity, or NaN both?"""
    if a - a != 0 or b - b != 0:
        return a == b or (a != a and b != b)
    return abs(a - b) <= 1e-9 * (abs(a) + abs(b)) + 1e-320  # subnormal numbers have few digits
