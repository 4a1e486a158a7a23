"""The executor in ball arithmetic: each value is a midpoint and a proven bound on its error.

python-flint's Arb (F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic", 2017) at the precision of `flint.ctx`. A ball that is NaN is proven to be NaN; what
the precision does not decide is the whole line.
"""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import count

from flint import arb

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import ELLIPSIS, NOTHING
from gradcli.domains.arb import LINE
from gradcli.domains.balls import evaluate, literal
from gradcli.domains.domain import UndecidedError
from gradcli.domains.rationals import MOST_BITS as RATIONAL_BITS
from gradcli.domains.rationals import dyadic, from_fraction
from gradcli.domains.rationals import evaluate as evaluate_exactly
from gradcli.domains.run import run as run_graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.domains.objects import Objects

# Where a number stands is told by a fraction of at most about so many bits.
MOST_BITS = 2**16
# The clock is read once in so many operations.
STRIDE = 4096

_MAX = by_name("max")
_EXTREMES = (_MAX, by_name("min"))
_SOMEWHERE = Fraction(1, 3)  # of a number of which nothing is known
_STRUCTURE = {NOTHING: None, ELLIPSIS: ...}


class Balls:
    """The values of a graph at a point.

    values: a ball for each node; rationals: the nodes known to be these rational numbers,
    where the ball does not say it; extremes: the operands of each max and min, by their ids; ends: of
    each that was compared with something the one that reaches furthest, how far, and how far the others do.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.rationals: dict[int, Fraction] = {}
        self.extremes: dict[int, dict[int, arb]] = {}
        self.ends: dict[int, tuple[int, arb, arb | None]] = {}

    def standing(self, i: int) -> Any:
        """Where node i stands, as a fraction or a float: at its number where that is known exactly.

        Else at a number within its ball that is none where something begins or ends.
        """
        x = self.values[i]
        if not isinstance(x, arb):
            return x
        if not x.is_finite():
            return float(x) if x.is_nan() or x.is_exact() else _SOMEWHERE
        return self.rationals[i] if i in self.rationals else _fraction(x.mid()) + _fraction(x.rad()) / 3


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
    rationals: the variables that are known to be rational; frozen: operations whose values are
    given; deadline: on `time.process_time`, past it TimeoutError is raised. A value may be a NumPy
    object array of balls; what cannot be decided of its shape or places raises UndecidedError.
    """
    state = Balls()
    arrays = _arrays(nodes, point)
    clock = count()

    def leaf(i: int, node: Node) -> Any:
        return _leaf(state, i, node, point, decimals, rationals)

    def operation(i: int, node: Node, operands: list[Any]) -> Any:
        op = node[0]
        if deadline is not None and (next(clock) % STRIDE == 0 or op.whole) and time.process_time() > deadline:
            raise TimeoutError
        if frozen and i in frozen:
            return frozen[i]
        if arrays is not None and (op.whole or not all(type(v) is arb for v in operands)):
            return _on_arrays(state, nodes, i, operands, arrays, decimals)
        if op in _EXTREMES:
            state.extremes[i] = dict(zip(node[1:], operands, strict=True))
        if op.relates:
            operands = _related(state, nodes, node, operands) or operands
        value = evaluate(op, operands)
        return _rational(state, i, node, operands, value) if decimals and not value.is_exact() else value

    state.values = run_graph(nodes, leaf, operation)
    return state


def _on_arrays(
    state: Balls, nodes: Sequence[Node], i: int, operands: list[Any], arrays: Objects, decimals: bool
) -> Any:
    """The value of an operation on arrays of balls; with decimals from exact arithmetic where elements are rational."""
    value, failure, given = None, None, list(operands)
    try:
        value = arrays.apply(nodes, nodes[i], operands)
    except (UndecidedError, ValueError, IndexError, TypeError) as error:
        failure = error
    if decimals:
        from gradcli.domains.array_fractions import sharpened

        value = sharpened(state.rationals, nodes, i, given, value)
    if value is None:
        raise UndecidedError(i) from failure
    return value


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


def _related(state: Balls, nodes: Sequence[Node], node: Node, operands: list[arb]) -> list[arb] | None:
    """Numbers that relate as the operands do, where those are one node, or an extreme and an argument of it.

    Balls that depend on each other overlap at any precision, so here the graph has to decide.
    """
    (_, a, b), (x, y) = node, operands
    if a == b:
        return [x.mid()] * 2 if x.is_finite() else None
    for k, v, extreme, top in ((a, x, b, y), (b, y, a, x)):
        arguments = state.extremes.get(extreme, {})
        if k not in arguments or not top.is_finite() or not v.overlaps(top):
            continue
        is_max = nodes[extreme][0] is _MAX
        if extreme not in state.ends:
            state.ends[extreme] = _ends(arguments, is_max)
        first, end, other_end = state.ends[extreme]
        rival = other_end if first == k else end
        if rival is None or (v >= rival if is_max else v <= rival):
            return [v.mid()] * 2
    return None


def _ends(arguments: Mapping[int, arb], is_max: bool) -> tuple[int, arb, arb | None]:
    """The operand that reaches furthest, how far it reaches, and how far the others do (None without)."""
    reach = {k: v.upper() if is_max else -v.lower() for k, v in arguments.items()}
    first = max(reach, key=reach.__getitem__)
    end = reach.pop(first)
    others = max(reach.values(), default=None)
    return (first, end, others) if is_max else (first, -end, None if others is None else -others)


def _rational(state: Balls, i: int, node: Node, operands: list[arb], value: arb) -> arb:
    """The ball of a node, from exact arithmetic where all operands are rational."""
    known = [state.rationals[k] if k in state.rationals else dyadic(v) for k, v in zip(node[1:], operands, strict=True)]
    result = evaluate_exactly(node[0], known)
    if result is None:
        return value
    if not node[0].decides:
        state.rationals[i] = result
    return from_fraction(result)


def _fraction(x: arb) -> Fraction:
    """The number that an exact ball is; another that is as far out where its size is beyond all measure."""
    m, k = x.man_exp()
    return Fraction(int(m)) * Fraction(2) ** max(-MOST_BITS, min(int(k), MOST_BITS))
