"""Which levels of a surface are drawn: readable numbers that part its values, also where most lie at one end."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from gradcli.plotting.ticks import Ticks, label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Vector = np.ndarray[Any, np.dtype[np.float64]]

MOST = 12
SKEW = 8.0  # times as far from the median to one end as to the other: then levels follow 1, 3, 10, 30, ..
OUTER = 20.0  # times the middle nine tenths: what lies farther out is a pole
LEAST = 0.004  # of the values: a level beyond which there are fewer is not drawn


def levels_of(z: Vector, most: int = MOST) -> list[tuple[float, str]]:
    """(level, label) from the lowest up, at most so many; none where there is one value alone."""
    finite = z[np.isfinite(z)]
    if not finite.size:
        return []
    low, high = float(finite.min()), float(finite.max())
    inner, middle, outer = np.quantile(finite / 2, [0.05, 0.5, 0.95]).tolist()
    if (high / 2 - low / 2) > OUTER * (outer - inner) > 0:
        wide = outer - inner
        low, high = max(low / 2, inner - wide / 2) * 2, min(high / 2, outer + wide / 2) * 2
    if not low < high:
        return []
    above, below = high / 2 - middle, middle - low / 2
    if max(above, below) > SKEW * min(above, below):
        return _skewed(finite, (low, high), 1 if above > below else -1, most)
    ticks = Ticks(low, high, most)
    offset = Decimal(ticks.offset) if ticks.offset else Decimal(0)
    return [(y, label(Decimal(text.lstrip("+")) + offset)) for y, text in ticks.places if low < y < high]


def _skewed(finite: Vector, ends: tuple[float, float], sign: int, most: int) -> list[tuple[float, str]]:
    """Levels whose distances from the end where most values lie follow 1, 3, 10, 30, .."""
    low, high = ends
    base, far = (low, high) if sign > 0 else (high, low)
    width = Decimal(abs(far - base))
    start = Decimal(0) if abs(base) < 1e-3 * float(width) else _rounded(base, width)
    found: list[tuple[float, str]] = []
    power = width.adjusted() + 1
    for step in range(2 * most):
        distance = Decimal(3 if step % 2 == 0 else 1).scaleb(power - (step + 1) // 2)
        number = start + sign * distance
        level = float(number)
        beyond = np.count_nonzero(finite < level if sign > 0 else finite > level)
        if low < level < high and LEAST * finite.size <= beyond:
            found.append((level, label(number)))
        if len(found) == most:
            break
    return sorted(found)


def _rounded(number: float, width: Decimal) -> Decimal:
    """The number to a hundredth of the width."""
    return Decimal(number).quantize(Decimal(1).scaleb(width.adjusted() - 2))
