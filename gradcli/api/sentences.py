"""Numbers and operations in the sentences of notes."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.op import Op


def text(x: float) -> str:
    """A number in a sentence: 2 rather than 2.0, and 0 for -0.0."""
    if x == 0:
        return "0"
    if not isinstance(x, float):  # a fraction, perhaps beyond floats
        power = math.floor(math.log10(abs(x.numerator)) - math.log10(x.denominator))
        if abs(power) > 300:
            return f"{'-' if x < 0 else ''}1e{power:+d}"
        x = float(x)
    return repr(int(x)) if x - x == 0 and x == int(x) and abs(x) < 1e16 else repr(x)


def shown(op: Op, x: Sequence[float]) -> str:
    """The operation on its operands: `1 / 0`, `fmod(1, 0)`."""
    if op.symbol and len(x) == 2:
        left, right = (f"({text(v)})" if v < 0 else text(v) for v in x)
        return f"{left} {op.symbol} {right}"
    return f"{op.name}({', '.join(text(v) for v in x)})"


def at(op: Op, x: Sequence[float], what: str) -> str:
    """`log is infinite at 0`, `1 / 0 is infinite`."""
    if op.symbol:
        return f"{shown(op, x)} {what}"
    place = text(x[0]) if len(x) == 1 else f"({', '.join(text(v) for v in x)})"
    return f"{op.name} {what} at {place}"


def real_root(op: Op, x: Sequence[float]) -> str:
    """What is meant by a power of a third of a negative number."""
    thirds = round(3 * x[-1]) if op.name == "pow" and abs(x[-1]) < 1e6 else 0
    return "; cbrt takes the real root" if thirds % 3 and abs(3 * x[-1] - thirds) < 1e-9 else ""
