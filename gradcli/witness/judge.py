"""One point on trial: our numbers in exact arithmetic, the witnesses, and the verdicts."""

from __future__ import annotations

import math
from itertools import product

from flint import arb, ctx

from gradcli.core.graph import VARIABLE, depending
from gradcli.core.ops import by_name
from gradcli.domains.digits import BITS_PER_DIGIT, each, elements, is_settled, settle, text_of
from gradcli.domains.domain import UndecidedError
from gradcli.domains.float_tape import Tape
from gradcli.domains.nearest import DECIMALS, LIMIT
from gradcli.witness.numeric import Differences
from gradcli.witness.verdict import (
    AGREES,
    DISAGREES,
    MOST_DIGITS,
    NEGLIGIBLE,
    NOT_CHECKED,
    combine,
    of_differences,
    of_sympy,
    witness_ball,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.core.graph import Graph
    from gradcli.core.op import Op
    from gradcli.witness.numeric import Slopes
    from gradcli.witness.result import Row
    from gradcli.witness.symbolic import Symbolic

ACCURACY = int(40 * BITS_PER_DIGIT)
JUDGING_BITS = 256
UNDECIDED = f"not decided at {DECIMALS} decimals"

_WHERE = by_name("where")


class Judge:
    """The trial of one point.

    graphs: value and partials, and the value alone; symbolic: already asked about this point,
    or why it is not; deadline: on `time.process_time`, the end for what is computed here; special:
    where the conventions decide.
    """

    def __init__(
        self,
        graphs: tuple[Graph, Graph],
        point: Mapping[str, Any],
        symbolic: Symbolic | str,
        deadline: float,
        special: Special,
    ) -> None:
        self._graph, self._value = graphs
        self._has_steps = any(node[0].jump is not None for node in self._value.nodes)
        self._exact = {name: each(x, arb) for name, x in point.items()}
        self._symbolic = symbolic
        self._deadline = deadline
        self._differences = Differences(self._value, self._exact, deadline)
        self._special = special
        self._slopes: dict[str, Slopes | None] = {}

    def judge(self, rows: Sequence[Row], thorough: bool) -> None:
        """Fill the rows. Raises TimeoutError where not even our own numbers are there in time."""
        exact = self._exact
        balls, _ = settle(self._graph, lambda: (exact, {}), ACCURACY, LIMIT, decimals=False, deadline=self._deadline)
        (value,) = elements(balls[0])
        if value.is_nan():
            balls = [value] * len(balls)
        with ctx.workprec(JUDGING_BITS):
            numbers = []
            for row, ball in zip(rows, balls, strict=True):
                ours = _along(row, ball)
                numbers.append(ours)
                row.why = "" if _is_known(ours) else UNDECIDED
                _measure(row, ours, ball)
            if not any(_is_known(ours) for ours in numbers):
                return
            if thorough:
                for row in rows[1:]:
                    self._differ(row)
            for k, (row, ours) in enumerate(zip(rows, numbers, strict=True)):
                self._decide(row, ours, k > 0, rows[0])
                if row.verdict == DISAGREES and row.along is not None:
                    row.why = self._located(row, balls[k])

    def _differ(self, row: Row) -> Slopes | None:
        """The numeric witness on one partial; None where the time is over."""
        name = row.name
        if name not in self._slopes:
            try:
                self._slopes[name] = self._differences.slopes(name, 1 if row.along is None else each(row.along, arb))
            except (TimeoutError, UndecidedError):
                self._slopes[name] = None
        return self._slopes[name]

    def _located(self, row: Row, ball: Any) -> str:
        """Which single partial of an array disagrees, or "" where the time does not suffice to find it."""
        ball = ball + 0 * row.along
        for place in product(*map(range, row.along.shape)):
            unit = each(row.along * 0.0, arb)
            unit[place] = arb(1)
            try:
                slopes = self._differences.slopes(row.name, unit)
            except TimeoutError:
                break
            if of_differences(ball[place], slopes, self._special.anywhere)[0] == DISAGREES:
                where = f"{row.name}[{', '.join(map(str, place))}]"
                return f"d/d{where} is {_shown(ball[place])} here and {_shown(slopes.both)} by differences"
        return ""

    def _decide(self, row: Row, ours: arb, is_partial: bool, value: Row) -> None:
        symbolic = self._symbolic
        reply = ("failed", symbolic) if isinstance(symbolic, str) else symbolic.answer()
        theirs = witness_ball(reply)
        row.symbolic = _shown(theirs)
        if not _is_known(ours):
            return
        opinion, digits = of_sympy(ours, theirs)
        row.symbolic_digits = None if digits is None else int(digits)
        numeric = None
        is_special = self._special.concerns(row.name) if is_partial else self._special.anywhere
        if is_partial and (row.name in self._slopes or is_special or opinion != AGREES):
            numeric = self._numeric(row, ours, is_special)
        if self._has_steps and opinion == AGREES and numeric == DISAGREES:
            # The differences reach over a step, so they say nothing of the slope beside it.
            numeric = row.numeric = row.numeric_digits = row.left = row.right = None
        if is_partial and ours.is_nan() and value.verdict == AGREES and value.truth == "NaN":
            opinion, row.symbolic = AGREES, value.symbolic  # there is no value, as sympy says, so there is no slope
        row.verdict, row.why = combine(opinion, numeric, is_special)
        if row.verdict == NOT_CHECKED and not row.why:
            row.why = reply[1] if reply[0] == "failed" else "" if ours.is_finite() else "it is not finite"

    def _numeric(self, row: Row, ours: arb, is_special: bool) -> str | None:
        slopes = self._differ(row)
        numeric, digits = of_differences(ours, slopes, is_special)
        row.numeric_digits = None if digits is None else int(digits)
        if slopes is not None and (slopes.both is not None or is_special):
            row.numeric = _shown(slopes.both)
            if slopes.both is None:
                row.left, row.right = _shown(slopes.left), _shown(slopes.right)
        return numeric


class Special:
    """Where the conventions decide: kinks, jumps, poles, and what is not finite.

    anywhere: is there such a place? What a choice did not take does not count. notes: of a point with arrays
    what it was told of; of numbers the graph says it.
    """

    def __init__(self, graph: Graph, point: Mapping[str, float], notes: Sequence[Note] | None = None) -> None:
        if notes is not None:
            self.anywhere = bool(notes)
            self._names = set(point) if notes else set()
            return
        nodes, output = graph.nodes, graph.outputs[0]
        values = Tape(graph).run(point)
        active = bytearray(output) + b"\1"
        places = []
        infinite = False
        for i in range(output, -1, -1):
            if not active[i]:
                continue
            infinite |= values[i] - values[i] != 0
            op, *operands = nodes[i]
            if op.leaf:
                continue
            if op is _WHERE:
                operands = [operands[0], operands[1] if values[operands[0]] else operands[2]]
            elif _is_place(op, [values[k] for k in operands]):
                places.append(i)
            for k in operands:
                active[k] = 1
        self.anywhere = infinite or bool(places)
        self._names = set()
        for i, node in enumerate(nodes):
            if self.anywhere and node[0] is VARIABLE:
                depends = depending(nodes, [i])
                if infinite or any(depends[k] for k in places):
                    self._names.add(node[1])

    def concerns(self, name: str) -> bool:
        """Does such a place depend on this variable, as far as can be seen?"""
        return name in self._names


def _is_place(op: Op, x: list[float]) -> bool:
    for test in (op.kink, op.jump, op.pole):
        try:
            if test is not None and test(*x):
                return True
        except (ArithmeticError, ValueError):  # not at an infinity
            continue
    return False


def _is_known(x: arb) -> bool:
    """Is a number of ours settled, or so near to 0 that it cannot be told from 0?"""
    return is_settled(x, ACCURACY) or (x.contains(0) and x.abs_upper() < NEGLIGIBLE**10)


def _along(row: Row, ball: Any) -> arb:
    """Our number: of an array the sum over the direction."""
    return sum(elements(ball * each(row.along, arb)), arb(0)) if row.along is not None else next(iter(elements(ball)))


def _measure(row: Row, ours: arb, ball: Any) -> None:
    """Our number in exact arithmetic, and how much of it the float, or of an array the worst of them, kept."""
    if not _is_known(ours):
        return
    row.truth = text_of(ours, MOST_DIGITS) if is_settled(ours, ACCURACY) else "0"
    row.error = _worst(row, row.numbers, ours, ball)
    error = row.error if row.floats is None else _worst(row, row.floats, ours, ball)
    if error is not None:
        row.kept = 16.0 if error <= 2.0**-53 else max(0.0, min(16.0, -math.log10(error)))


def _worst(row: Row, numbers: Any, ours: arb, ball: Any) -> float | None:
    """The relative error of a float, of an array of the worst of them."""
    if row.along is None:
        return _error(numbers, ours)
    exact = elements(ball + 0 * row.along)
    known = [_error(float(x), e) for x, e in zip(numbers.flat, exact, strict=True) if _is_known(e)]
    return max([error for error in known if error is not None], default=None)


def _error(x: float, ours: arb) -> float | None:
    """The relative error of a float; None where both are the same infinity, or NaN."""
    if not ours.is_finite():
        return math.inf if repr(arb(x)) != repr(ours) else None
    if x - x != 0:
        return math.inf
    if ours.contains(x):
        return 0.0
    return math.inf if ours.contains(0) else float((abs(arb(x) - ours) / abs(ours)).mid())


def _shown(x: arb | str | None) -> str | None:
    """What a witness says, to as many digits as it knows."""
    if x is None or isinstance(x, str):
        return x
    if not x.is_finite():
        return text_of(x, 1)
    if x.contains(0):
        return "0"
    bits = min(x.rel_accuracy_bits(), 10 * MOST_DIGITS)
    return text_of(x.mid(), max(1, min(MOST_DIGITS, int(bits / BITS_PER_DIGIT))))
