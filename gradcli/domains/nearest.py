"""The float64 nearest to what a graph truly is at a point: ball arithmetic, until each output is known."""

from __future__ import annotations

import math

from flint import arb

from gradcli.domains.digits import BITS_PER_DIGIT, GUARD, each, settle, undecided
from gradcli.domains.domain import UndecidedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.domains.ball_tape import Balls

DECIMALS = 1000
LEAST = 1e-320  # for what is less than any float, but not 0: parts of it are not 0 either
LIMIT = int(DECIMALS * BITS_PER_DIGIT) + GUARD
# Bits that leave at most two neighbouring floats.
ACCURACY = 60
# Nearer to 0 than this is the float64 0, and beyond that an infinity.
TINY, HUGE = arb(2) ** -1075, arb(2) ** 1024 - arb(2) ** 970


class Nearest:
    """One number.

    value: the float; bound: its relative error, proven; node: where it is not decided, what is not; beyond: overflow
    or underflow where float64 cannot hold it.
    """

    __slots__ = ("beyond", "bound", "node", "value")

    def __init__(self, value: float, bound: float = 0.0, node: int | None = None, beyond: str = "") -> None:
        self.value = value
        self.bound = bound
        self.node = node
        self.beyond = beyond


def nearest(graph: Graph, point: Mapping[str, Any]) -> tuple[list[Any], Balls | None]:
    """Each output of a graph as Nearest, or an object array of them; and the balls of all nodes, where there are some.

    Literals and the point are their float64.
    """
    exact = {name: each(x, arb) for name, x in point.items()}
    try:
        balls, last = settle(graph, lambda: (exact, {}), ACCURACY, LIMIT, decimals=False, known=is_known)
    except UndecidedError as error:
        return [Nearest(math.nan, math.inf, error.node)] * len(graph.outputs), None

    def number(x: arb, output: int) -> Nearest:
        if is_known(x, ACCURACY):
            return of_ball(x)
        return Nearest(math.nan, math.inf, undecided(graph, last, output))

    found = [each(x, lambda ball, output=i: number(ball, output)) for x, i in zip(balls, graph.outputs, strict=True)]
    return found, last


def is_known(x: arb, accuracy: int) -> bool:
    """Does a ball leave one float64 or two neighbours?"""
    if x.is_nan() or x.is_exact() or x.rel_accuracy_bits() >= accuracy:
        return True
    return bool(abs(x) < TINY) or bool(abs(x) >= HUGE)


def float_of(x: arb) -> float:
    """The float64 nearest to a ball that is known, or its neighbour."""
    return 0.0 if abs(x) < TINY else float(x.mid())


def of_ball(x: arb) -> Nearest:
    """The nearest float of a ball that is known."""
    value = float_of(x)
    if value == 0 or value - value != 0 or (x.is_exact() and x == value):
        return Nearest(value, 0.0 if x == value or x.is_nan() else 1.0, beyond=_beyond(x, value))
    return Nearest(value, float(abs((x - value) / x).upper()))


def _beyond(x: arb, value: float) -> str:
    """The kind of the note where a finite number is printed as infinite, or one that is not 0 as 0."""
    if value == 0:
        return "" if x.contains(0) else "underflow"
    return "overflow" if value - value != 0 and x.is_finite() else ""


def numbers(balls: Balls) -> tuple[list[Any], list[Any]]:
    """The floats of all nodes, and where they stand exactly, for the notes."""
    return [as_float(x) for x in balls.values], [balls.standing(i) for i in range(len(balls.values))]


def as_float(x: Any) -> Any:
    """The middle of a ball as a float, never 0 where the ball is not; what is no ball as it is."""
    if not isinstance(x, arb):
        return x
    value = float(x.mid())
    return value if value or x.is_zero() else math.copysign(LEAST, -1.0 if x.mid() < 0 else 1.0)
