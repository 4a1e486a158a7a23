"""Who is to blame for what rounding did to an output: the operation whose own error has the largest share in it."""

from __future__ import annotations

from math import inf, ulp

from gradcli.core.graph import NUMBER, reachable
from gradcli.domains.error_bounds import slope_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.domains.error_bounds import ErrorBounds


class Blame:
    """Of one output of a run. shares: by how much it moves with each node, to first order."""

    def __init__(self, bounds: ErrorBounds, output: int) -> None:
        self._bounds = bounds
        self._nodes, self._values = bounds.nodes, bounds.values
        self._output = output
        self.shares = [0.0] * len(self._nodes)
        self.shares[output] = 1.0
        for i in range(output, -1, -1):
            op, *operands = self._nodes[i]
            if not self.shares[i] or op.leaf:
                continue
            x = [self._values[k] for k in operands]
            for k, node in enumerate(operands):
                self.shares[node] += self.shares[i] * slope_of(op, k, x, self._values[i])

    def first(self) -> tuple[int, str]:
        """The node whose own rounding has the largest share in the error, and in words how it got there."""
        own, rests, needed = self._bounds.own, self._bounds.rests, reachable(self._nodes, [self._output])
        for i, share in enumerate(self.shares):
            op, y = self._nodes[i][0], self._values[i]
            if op.leaf:
                continue
            if abs(y) == inf and needed[i] and not self._is_pole(i):
                return i, "a number on the way is beyond float64"
            if not share:
                continue
            if y == 0 and own[i]:
                return i, "a number on the way is too small for float64"
            if op.jump is not None and op.ulp == 0 and rests[i]:
                return i, "a step hangs on rounding"
        cancels = any(share and self._cancels(i) for i, share in enumerate(self.shares))
        errors = [abs(share * mine) for share, mine in zip(self.shares, own, strict=True)]
        why = "subtraction of nearly equal numbers" if cancels else "rounding that the next steps magnify"
        return max(range(len(errors)), key=lambda i: errors[i] if errors[i] == errors[i] else -1.0), why

    def literals(self, least: float) -> list[int]:
        """The literals whose own rounding, from the decimal as typed, moves the output by more than that."""
        found = []
        for i, share in enumerate(self.shares):
            op, *what = self._nodes[i]
            if op is NUMBER and what[1] is not None and abs(share) * ulp(what[0]) / 2 > least:
                moved = abs(share * _lacking(*what))
                found += [i] if moved > least else []
        return found

    def _is_pole(self, i: int) -> bool:
        op, *operands = self._nodes[i]
        return op.pole is not None and op.pole(*[self._values[k] for k in operands])

    def _cancels(self, i: int) -> bool:
        op, *operands = self._nodes[i]
        return op.name in ("add", "sub") and abs(self._values[i]) < max(abs(self._values[k]) for k in operands) / 16


def _lacking(value: float, decimal: tuple[int, int]) -> float:
    """What the float64 of a literal lacks to the decimal m * 10**k as typed."""
    from fractions import Fraction

    m, k = decimal
    return 0.0 if value - value != 0 or abs(k) > 400 else float(m * Fraction(10) ** k - Fraction(value))
