"""The executor in ball arithmetic: each value is a midpoint and a proven bound on its error.

python-flint's Arb (F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic", 2017) at the precision of `flint.ctx`. A ball that is NaN is proven to be NaN; what
the precision does not decide is the whole line.
"""

from __future__ import annotations

import time
from fractions import Fraction

from flint import arb, fmpq, fmpz

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import ELLIPSIS, NOTHING
from gradcli.domains import fractions
from gradcli.domains.arb import LINE
from gradcli.domains.balls import evaluate, literal
from gradcli.domains.domain import UndecidedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op
    from gradcli.domains.objects import Objects

# Rational arithmetic goes on while numerator and denominator have at most so many bits.
RATIONAL_BITS = 1024
# The clock is read once in so many operations.
STRIDE = 4096

_MAX, _MIN = by_name("max"), by_name("min")
_EXTREMES = (_MAX, _MIN)
_STRUCTURE = {NOTHING: None, ELLIPSIS: ...}


class Balls:
    """The values of a graph at a point.

    values: a ball for each node; rationals: the nodes known to be these rational numbers,
    where the ball does not say it; ends: of each max and min that was compared with
    something its arguments, the one that reaches furthest, how far, and how far the others do.
    """

    __slots__ = ("ends", "rationals", "values")

    def __init__(self, size: int) -> None:
        self.values: list[Any] = [LINE] * size
        self.rationals: dict[int, Fraction] = {}
        self.ends: dict[int, tuple[frozenset[int], int, arb, arb | None]] = {}

    def rational(self, i: int) -> Fraction | None:
        """The value of node i where it is known to be a rational number of moderate size."""
        return self.rationals[i] if i in self.rationals else _dyadic(self.values[i])


def run(nodes: Sequence[Node], point: Mapping[str, arb], *, decimals: bool = False) -> list[arb]:
    """The ball of every node at a point. decimals: literals are what was typed, not their float64."""
    return execute(nodes, point, decimals=decimals).values


def execute(
    nodes: Sequence[Node],
    point: Mapping[str, arb],
    *,
    decimals: bool = False,
    rationals: Mapping[str, Fraction] | None = None,
    frozen: Mapping[int, arb] | None = None,
    deadline: float | None = None,
) -> Balls:
    """Run a graph on balls.

    decimals: literals are the decimals as typed, and rational arithmetic on them is exact;
    rationals: the variables that are known to be rational; frozen: nodes whose values are
    given; deadline: on `time.process_time`, past it TimeoutError is raised. A value may be a NumPy
    object array of balls; what cannot be decided of its shape or places raises UndecidedError.
    """
    state = Balls(len(nodes))
    values, frozen = state.values, frozen or {}
    arrays = _arrays(nodes, point)
    for i, node in enumerate(nodes):
        op = node[0]
        if (i % STRIDE == 0 or op.whole) and deadline is not None and time.process_time() > deadline:
            raise TimeoutError
        if i in frozen:
            values[i] = frozen[i]
        elif op.leaf:
            values[i] = _leaf(state, i, node, point, decimals, rationals)
        else:
            operands = [values[k] for k in node[1:]]
            if arrays is not None and (op.whole or not all(type(v) is arb for v in operands)):
                try:
                    values[i] = arrays.apply(nodes, i, values)
                except (UndecidedError, ValueError, IndexError, TypeError) as error:
                    raise UndecidedError(i) from error
                continue
            if op.relates:
                operands = _related(state, nodes, node) or operands
            value = evaluate(op, operands)
            if decimals and not value.is_exact():
                value = _rational(state, i, node, value)
            values[i] = value
    return state


def _arrays(nodes: Sequence[Node], point: Mapping[str, Any]) -> Objects | None:
    """The operations on arrays of balls, where there are any: they load NumPy."""
    if not any(type(x) is not arb for x in point.values()) and not any(node[0].whole for node in nodes):
        return None
    from gradcli.domains.objects import balls

    return balls()


def _leaf(
    state: Balls,
    i: int,
    node: Node,
    point: Mapping[str, arb],
    decimals: bool,
    rationals: Mapping[str, Fraction] | None,
) -> Any:
    op, what = node[0], node[-1]
    if op is VARIABLE:
        if rationals and what in rationals:
            state.rationals[i] = rationals[what]
        return point[what]
    if op is CONSTANT:
        return literal(what)
    if op is not NUMBER:
        return _STRUCTURE.get(op, LINE)
    if not decimals or node[2] is None:
        return arb(node[1])
    m, k = node[2]
    if m.bit_length() + 4 * abs(k) > RATIONAL_BITS:
        return arb(m) * arb(10) ** arb(k)
    state.rationals[i] = Fraction(m) * Fraction(10) ** k
    return from_fraction(state.rationals[i])


def _related(state: Balls, nodes: Sequence[Node], node: Node) -> list[arb] | None:
    """Numbers that relate as the operands do, where those are one node, or an extreme and an argument of it.

    Balls that depend on each other overlap at any precision, so here the graph has to decide.
    """
    _, a, b = node
    values = state.values
    if a == b:
        return [values[a].mid()] * 2 if values[a].is_finite() else None
    for x, extreme in ((a, b), (b, a)):
        op = nodes[extreme][0]
        if op not in _EXTREMES or not values[extreme].is_finite() or not values[x].overlaps(values[extreme]):
            continue
        if extreme not in state.ends:
            state.ends[extreme] = _ends(values, op, nodes[extreme][1:])
        arguments, first, end, other_end = state.ends[extreme]
        rival = other_end if first == x else end
        if x in arguments and (rival is None or (values[x] >= rival if op is _MAX else values[x] <= rival)):
            return [values[x].mid()] * 2
    return None


def _ends(values: Sequence[arb], op: Op, operands: Sequence[int]) -> tuple[frozenset[int], int, arb, arb | None]:
    """The operands, the one that reaches furthest, how far it reaches, and how far the others do (None without)."""
    reach = {k: values[k].upper() if op is _MAX else -values[k].lower() for k in operands}
    first = max(reach, key=reach.__getitem__)
    end = reach.pop(first)
    others = max(reach.values(), default=None)
    if op is _MIN:
        end, others = -end, None if others is None else -others
    return frozenset(operands), first, end, others


def _rational(state: Balls, i: int, node: Node, value: arb) -> arb:
    """The ball of a node, from exact arithmetic where all operands are rational."""
    known = []
    for k in node[1:]:
        q = state.rational(k)
        if q is None:
            return value
        known.append(q)
    op = node[0]
    result = fractions.evaluate(op.name, known)
    if result is None:
        return value
    if op.decides:
        return from_fraction(result)
    if result.numerator.bit_length() + result.denominator.bit_length() > RATIONAL_BITS:
        return value
    state.rationals[i] = result
    return from_fraction(result)


def _dyadic(x: arb) -> Fraction | None:
    """The number that an exact ball is, where it has not too many bits."""
    if not x.is_exact() or not x.is_finite():
        return None
    m, k = x.man_exp()
    if abs(k) > RATIONAL_BITS or m.bit_length() > RATIONAL_BITS:
        return None
    return Fraction(int(m)) * Fraction(2) ** int(k)


def from_fraction(q: Fraction) -> arb:
    """The ball of a rational number at the current precision."""
    return arb(fmpq(fmpz(q.numerator), fmpz(q.denominator)))
