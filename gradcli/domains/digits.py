"""Proven digits: raise the precision until the ball of every output is small enough."""

from __future__ import annotations

from functools import partial

from flint import arb, ctx, fmpz

from gradcli.core.graph import Graph
from gradcli.core.ops import by_name
from gradcli.domains.ball_tape import Balls, execute
from gradcli.domains.domain import UndecidedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction
    from typing import Any

    Leaves = Callable[[], tuple[Mapping[str, Any], Mapping[str, Fraction]]]

BITS_PER_DIGIT = 3.3219280948873626
GUARD = 64
# Of arrays of balls: beyond these nobody waits for the end.
MOST_ELEMENTS = 10_000

_WHERE = by_name("where")


class ProvenNumber:
    """One number of which every printed digit is proven, to one unit of the last.

    text: the decimal, or NaN, Infinity, -Infinity; decided: whether that is proven. Where it
    is not, `why` says so, `node` is the node of the graph that no precision up to the limit
    decides, and the text is 0 for a number that cannot be told from 0, else NaN.
    """

    def __init__(self, text: str, why: str = "", node: int | None = None) -> None:
        self.text = text
        self.decided = node is None
        self.why = why
        self.node = node

    def __repr__(self) -> str:
        return f"ProvenNumber({self.text!r}, {self.why!r}, {self.node})"


def proven(graph: Graph, point: Mapping[str, Any], digits: int) -> tuple[list[Any], Balls | None]:
    """The outputs of a graph to so many significant digits, of an array nested lists; and the balls of all nodes.

    Literals are decimals as typed; `point` gives for each variable a graph of constants with
    one output, or an array of floats. The precision doubles up to a limit of max(10*digits, 1000) decimals.
    """
    decimals = max(10 * digits, 1000)

    # 1.5 digits more than asked for: then the rounded decimal is within one unit of its last digit.
    accuracy = int((digits + 1.5) * BITS_PER_DIGIT)
    limit = int(decimals * BITS_PER_DIGIT) + GUARD
    try:
        balls, last = settle(graph, partial(constants, point), accuracy, limit, decimals=True)
    except UndecidedError as error:
        return [ProvenNumber("NaN", f"not decided at {decimals} decimals", error.node)] * len(graph.outputs), None

    def number(output: int, x: arb) -> ProvenNumber:
        return ProvenNumber(text_of(x, digits)) if is_settled(x, accuracy) else _open(graph, last, output, x, decimals)

    return [each(x, partial(number, output)) for output, x in zip(graph.outputs, balls, strict=True)], last


def constants(point: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Fraction]]:
    """The variables of a point as `proven` takes it, at the current precision; those that are known to be rational."""
    balls: dict[str, Any] = {}
    rationals = {}
    for name, formula in point.items():
        if not isinstance(formula, Graph):
            balls[name] = each(formula, arb)
            continue
        state, output = execute(formula.nodes, {}, decimals=True), formula.outputs[0]
        balls[name] = state.values[output]
        if output in state.rationals:
            rationals[name] = state.rationals[output]
    return balls, rationals


def settle(
    graph: Graph,
    leaves: Leaves,
    accuracy: int,
    limit: int,
    *,
    decimals: bool,
    deadline: float | None = None,
    known: Callable[[arb, int], bool] | None = None,
) -> tuple[list[Any], Balls]:
    """A ball for each output, or an array of them: to `accuracy` bits, where a precision up to `limit` gives them.

    leaves: gives the variables at the current precision, and those known to be rational; known: whether a ball will
    do, without it `is_settled`.
    Also returns the values of all nodes at the last precision. Raises UndecidedError where the
    choice of elements is not decided.
    """

    known = known or is_settled

    def better(x: arb, y: arb) -> arb:
        return x if known(x, accuracy) else y

    precision = min(accuracy + GUARD, limit)
    balls: list[Any] = []
    while True:
        with ctx.workprec(precision):
            try:
                point, rationals = leaves()
                state = execute(graph.nodes, point, decimals=decimals, rationals=rationals, deadline=deadline)
            except UndecidedError:
                if precision >= limit:
                    raise
                precision = min(2 * precision, limit)
                continue
        found = [state.values[i] for i in graph.outputs]
        balls = [each(x, better, y) for x, y in zip(balls or found, found, strict=True)]
        if precision >= limit or all(known(e, accuracy) for x in balls for e in elements(x)):
            return balls, state
        precision = min(2 * precision, limit)


def elements(x: Any) -> Any:
    """The balls of an array, or the one."""
    return x.flat if hasattr(x, "flat") else (x,)


def each(x: Any, function: Callable[..., Any], *more: Any) -> Any:
    """A function of a number, or an object array of its results for the elements of an array."""
    if not getattr(x, "shape", ()):
        return function(x, *more)
    import numpy as np

    with np.errstate(all="ignore"):  # flags of floats that the function made on its way
        return np.frompyfunc(function, 1 + len(more), 1)(x, *more)


def is_settled(x: arb, accuracy: int) -> bool:
    """Is the number known to so many bits, or known to be 0, an infinity or NaN?"""
    return x.is_nan() or x.is_exact() or x.rel_accuracy_bits() >= accuracy


def text_of(x: arb, digits: int) -> str:
    """A settled ball as a decimal of so many significant digits, padded with zeros; an exact 0 as 0.

    With an exponent where `repr` of a float has one, and where there are too few digits for
    the places before the point.
    """
    if x.is_nan():
        return "NaN"
    if not x.is_finite():
        return "Infinity" if x > 0 else "-Infinity"
    if x.is_zero():
        return "0"
    mantissa, _, exponent = x.mid_rad_10exp(digits + 5)
    sign = "-" if mantissa < 0 else ""
    mantissa = abs(mantissa)
    cut = len(mantissa.str()) - digits
    if cut > 0:
        mantissa = (mantissa + fmpz(10) ** cut / 2) // fmpz(10) ** cut
        exponent += cut
    text = mantissa.str()  # one digit more where 999.. was rounded up
    text, exponent = (text[:digits], exponent + 1) if len(text) > digits else (text, exponent)
    return sign + _placed(text.ljust(digits, "0"), int(exponent) + len(text) - 1)


def _placed(text: str, power: int) -> str:
    """The digits with their point; the first stands for units of 10**power."""
    digits = len(text)
    if power < -4 or power >= min(16, digits):
        return text[0] + ("." + text[1:] if digits > 1 else "") + f"e{power:+03d}"
    if power < 0:
        return "0." + "0" * (-power - 1) + text
    return text[: power + 1] + ("." + text[power + 1 :] if digits > power + 1 else "")


def _open(graph: Graph, state: Balls, output: int, x: arb, decimals: int) -> ProvenNumber:
    """What to say of an output that no precision up to the limit settles."""
    if x.is_finite() and x.contains(0) and x.abs_upper() < arb(10) ** (-decimals // 2):
        return ProvenNumber("0", f"cannot be told from 0 at {decimals} decimals", output)
    return ProvenNumber("NaN", f"not decided at {decimals} decimals", undecided(graph, state, output))


def undecided(graph: Graph, state: Balls, output: int) -> int:
    """The node that leaves an output undecided: its operands are known well, its result is not."""
    values, i = state.values, output
    while not graph.nodes[i][0].leaf:
        op, *operands = graph.nodes[i]
        if op is _WHERE and type(values[operands[0]]) is arb and not _is_vague(values[operands[0]]):
            i = operands[2] if values[operands[0]].is_zero() else operands[1]
            continue
        vague = [k for k in operands if any(isinstance(e, arb) and _is_vague(e) for e in elements(values[k]))]
        if not vague:
            break
        i = vague[0]
    return i


def _is_vague(x: arb) -> bool:
    """Does a ball say next to nothing? A small one around 0 does say something."""
    return not x.is_nan() and not x.is_exact() and x.rel_accuracy_bits() < 16 and x.rad() > 1e-20
