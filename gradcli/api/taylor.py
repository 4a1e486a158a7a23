"""Taylor coefficients of a formula: from series of balls, each the nearest float64 or to so many proven digits."""

from __future__ import annotations

from flint import arb, ctx

from gradcli.api.evaluation import note_on
from gradcli.api.formula import Formula
from gradcli.core.graph import NUMBER, VARIABLE, optimise, reachable
from gradcli.core.trace import MissingRuleError
from gradcli.domains.ball_tape import execute
from gradcli.domains.balls import BALLS
from gradcli.domains.digits import BITS_PER_DIGIT, GUARD, is_settled, text_of
from gradcli.domains.nearest import ACCURACY, DECIMALS, LIMIT, is_known, of_ball
from gradcli.domains.series import Broken, TaylorSeries
from gradcli.errors import NoSeriesError, UsageError
from gradcli.language.parser import parse
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.core.op import Op
    from gradcli.language.program import Program

    Moves = Mapping[str, Callable[[], arb]]

MOST_ORDERS = 1000


class Taylor:
    """The coefficients of a program along a line through a point.

    moves: by how much each variable moves; by default one alone, by 1. Raises UsageError for a program with arrays
    or several results, and where there are several variables and no word on them.
    """

    def __init__(self, program: Program, wrt: str | None, order: int, moves: Moves | None = None) -> None:
        self.program, self.order = program, order
        if program.whole or len(program.results) > 1:
            raise of_arrays()
        if moves is None and wrt is None and len(program.variables) != 1:
            cure = (
                f"name one of {listed(program.variables)}" if program.variables else "write a formula with a variable"
            )
            raise UsageError("a Taylor series is in one variable", cure)
        self.wrt = program.variables[0] if wrt is None else wrt
        self._moves: Moves = {self.wrt: lambda: arb(1)} if moves is None else moves
        builder, (result,) = optimise(program.nodes, program.results)
        self._nodes, self._origin, self._result = builder.nodes, builder.origin, result
        live = reachable(builder.nodes, [result])
        self._live = [i for i in range(result + 1) if live[i]]

    def floats(self, point: Mapping[str, float]) -> list[float]:
        """The nearest float64 of each coefficient. Raises NoSeriesError, and UsageError for arrays."""
        return self.noted(point)[0]

    def noted(self, point: Mapping[str, float]) -> tuple[list[float], list[Note]]:
        """The same, and a note on the first that float64 cannot hold, of each kind. Raises as `floats`."""
        if any(type(v) is not float for v in point.values()):
            raise of_arrays()
        balls = self._settled(lambda: {x: arb(v) for x, v in point.items()}, ACCURACY, LIMIT, is_known, decimals=False)
        found, notes = [of_ball(c) for c in balls], []
        for kind, how in (("overflow", "beyond float64"), ("underflow", "too small for float64")):
            first, *others = [k for k, c in enumerate(found) if c.beyond == kind] or [-1]
            if first >= 0:
                also = f" ({len(others)} more are so)" if others else ""
                message = f"coefficient {first} is {how}: {found[first].value + 0.0:g}{also}"
                notes.append(note_on(self.program, self.program.results[0], kind, message))
        return [c.value + 0.0 for c in found], notes

    def digits(self, point: Mapping[str, str], digits: int) -> list[str]:
        """The decimal of each coefficient, to so many proven digits. Raises as `floats`."""
        numbers = {x: decimal(text) for x, text in point.items()}

        def balls() -> dict[str, arb]:
            found = {x: number() for x, number in numbers.items()}
            if not all(isinstance(ball, arb) for ball in found.values()):
                raise of_arrays()
            return found

        accuracy = int((digits + 1.5) * BITS_PER_DIGIT)
        limit = int(max(10 * digits, DECIMALS) * BITS_PER_DIGIT) + GUARD
        found = self._settled(balls, accuracy, limit, is_settled, decimals=True)
        return [text_of(c, digits) if is_settled(c, accuracy) else "0" for c in found]

    def as_typed(self, point: Mapping[str, str], digits: int) -> dict[str, str]:
        """A point as its answer shows it: plain decimals as they are, else so many digits."""
        return Formula(self.program).proven_at(point, digits, gradient=False).at

    def _settled(
        self,
        point: Callable[[], dict[str, arb]],
        accuracy: int,
        limit: int,
        known: Callable[[arb, int], bool],
        *,
        decimals: bool,
    ) -> list[arb]:
        precision = min(accuracy + GUARD + self.order, limit)
        while True:
            with ctx.workprec(precision):
                found = self._series(point(), decimals)
                decided = [known(c, accuracy) for c in found]
                if all(decided) and not any(c.is_nan() for c in found):
                    return found
                if any(c.is_nan() for c in found) or precision >= limit:
                    break
            precision = min(2 * precision, limit)
        if any(c.is_nan() for c in found):
            raise self._error(self._result, "there is no Taylor series where there is no value")
        k = decided.index(False)
        raise self._error(self._result, f"coefficient {k} is not decided at {int(limit / BITS_PER_DIGIT)} decimals")

    def _series(self, point: dict[str, arb], decimals: bool) -> list[arb]:
        """The coefficients at the current precision."""
        domain = TaylorSeries(BALLS, standing, exactly)
        values: dict[int, Any] = {}
        for i in self._live:
            op, *operands = self._nodes[i]
            if op is VARIABLE:
                x = operands[0]
                values[i] = [point[x], self._moves[x]()] if x in self._moves else [point[x]]
            elif op.leaf:
                values[i] = [execute([self._nodes[i]], {}, decimals=decimals and op is NUMBER).values[0]]
            else:
                values[i] = self._applied(domain, i, op, [values[k] for k in operands])
        found = values[self._result]
        if isinstance(found, Broken):
            raise self._error(found.place, f"there is no Taylor series here: {found.op.name} {found.why}")
        if not all(c.is_finite() or c.is_nan() or not c.is_exact() for c in found):
            raise self._error(self._result, "there is no Taylor series where the value is infinite")
        return [*found[: self.order + 1], *[arb(0)] * (self.order + 1 - len(found))]

    def _applied(self, domain: TaylorSeries, i: int, op: Op, operands: list[Any]) -> Any:
        try:
            found = domain.apply(op, operands, self.order)
        except MissingRuleError as error:
            error.node = self._origin[i]
            raise self.program.refused(error) from None
        if isinstance(found, Broken) and found.place < 0:
            found.place, found.op = i, op
        return found

    def _error(self, i: int, message: str) -> NoSeriesError:
        origin = self._origin[i]
        place = self.program.span(origin if origin >= 0 else self.program.results[0])
        return NoSeriesError(message, self.program.text, place)


def decimal(text: str) -> Callable[[], arb]:
    """The ball of an expression of constants, of which literals are decimals, at the current precision."""
    program = parse(text)
    return lambda: execute(program.nodes, {}, decimals=True).values[program.results[0]]


def standing(x: arb) -> float | None:
    """The float that a ball is exactly, or one that it holds where it holds no whole number; else None."""
    if x.is_exact() or x.is_nan():
        at = float(x)
        return at if x == at or at != at else None
    return None if x.contains_integer() or x.rel_accuracy_bits() < 20 else float(x.mid())


def exactly(x: arb) -> Any:
    """A key for a number that is known exactly."""
    return tuple(map(int, x.man_exp())) if x.is_exact() and x.is_finite() else None


def of_arrays() -> UsageError:
    """What is said where there are arrays, or several results."""
    return UsageError("a Taylor series is of one number", "write one result without arrays")


def taylor_of(program: Program, wrt: str | None, order: int, at: Mapping[str, float]) -> list[float]:
    """See Function.taylor. Raises UsageError and NoSeriesError."""
    if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order <= MOST_ORDERS:
        raise UsageError(f"the order is a whole number up to {MOST_ORDERS:,}, not {order!r}", "f.taylor(4, x=0.0)")
    if wrt is not None and wrt not in program.variables:
        raise UsageError(
            f"{wrt!r} is no variable of the text", "the variable comes after the order: f.taylor(4, 'x', ...)"
        )
    return Taylor(program, wrt, order).floats(at)
