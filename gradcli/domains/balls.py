"""Balls: a midpoint and a proven bound on its error. Composed operations run by their definition."""

from __future__ import annotations

from typing import Any

from flint import arb, ctx

from gradcli.domains.arb import INF, LINE
from gradcli.domains.arb_special import PRIMITIVES
from gradcli.domains.domain import Domain, parameters, steps_of
from gradcli.domains.floats import SAFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.op import Op

_CONSTANTS: dict[str, Callable[[], arb]] = {
    "pi": arb.pi, "π": arb.pi, "tau": lambda: 2 * arb.pi(), "e": arb.const_e,
    # of the number format: nothing is lost here that a second part could hold
    "splitter": lambda: arb(1), "least": lambda: arb(1e-290), "most": lambda: arb(1e300),
    "degree": lambda: 180 / arb.pi(), "radian": lambda: arb.pi() / 180,
    "root_half": lambda: arb(0.5).sqrt(), "root_half_high": lambda: arb(0.5).sqrt(),
    **dict.fromkeys(("degree_rest", "radian_rest", "root_half_low"), lambda: arb(0)),
    "bell": lambda: 2 / arb.pi().sqrt(), "normal": lambda: 1 / (2 * arb.pi()).sqrt(),
}  # fmt: skip


def literal(value: Any) -> arb:
    """The ball of a float, or of a constant at the current precision, or an infinity or NaN."""
    return _CONSTANTS[value]() if value in _CONSTANTS else arb(value)


class _Balls(Domain):
    def composed(self, row: Op) -> Callable[..., arb]:
        count = len(parameters(row))
        defined = self.run(steps_of(row), count)
        precise = None if row.precise is None else self.run(steps_of(row, precise=True), count)

        def on_ball(*x: arb) -> arb:
            if count == 1 and abs(x[0]) == INF:
                return arb(SAFE[row.name](float(x[0])))
            y = defined(*x)
            if precise is None or _is_narrow(y):
                return y
            z = precise(*x)
            return z if y.is_nan() else y if z.is_nan() else y.intersection(z)

        return on_ball


def _is_narrow(y: arb) -> bool:
    return not y.is_nan() and (y.is_exact() or y.rel_accuracy_bits() > ctx.prec // 2)


BALLS = _Balls(PRIMITIVES, literal, moving=True)


def evaluate(op: Op, operands: Sequence[arb]) -> arb:
    """One operation on balls, never an exception: what cannot be computed is any number."""
    try:
        return BALLS[op.name](*operands)
    except (ArithmeticError, LookupError, ValueError, NotImplementedError):
        return LINE
