"""How much a problem itself magnifies the errors of its inputs, whatever the arithmetic: its condition."""

from __future__ import annotations

import math
from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import Evaluation


def condition(evaluation: Evaluation) -> dict[str, Any]:
    """For each variable x with a partial the relative condition number x f'/f, by element where x is an array.

    A relative error of x comes out so many times as large: at 1e8 eight digits of f are lost. Where f is 0 it is
    infinite, or NaN where x f' is 0 too. (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 1.6.)
    """
    found = {}
    for name, slope in (evaluation.grad or {}).items():
        x = evaluation.at[name]
        if isinstance(x, float):
            found[name] = _ratio(x, slope, evaluation.value)
        else:
            import numpy as np

            found[name] = np.frompyfunc(_ratio, 3, 1)(x, slope, evaluation.value).astype(np.float64)
    return found


def digits_lost(condition: Any) -> int | None:
    """How many decimal digits a condition number costs, of an array the most that an element does; None for NaN."""
    sizes = [abs(float(c)) for c in getattr(condition, "flat", (condition,))]
    known = [c for c in sizes if c == c]
    if not known:
        return None
    worst = max(known)
    return 16 if worst >= 1e16 else round(math.log10(max(1.0, worst)))


def _ratio(x: float, slope: float, value: float) -> float:
    """x*slope/value, rounded once."""
    x, slope, value = float(x), float(slope), float(value)
    if not all(map(math.isfinite, (x, slope, value))):
        return math.nan
    if value == 0:
        return math.inf if x * slope > 0 else -math.inf if x * slope < 0 else math.nan
    try:
        return float(Fraction(x) * Fraction(slope) / Fraction(value))
    except OverflowError:
        return math.copysign(math.inf, x) * math.copysign(1.0, slope) * math.copysign(1.0, value)
