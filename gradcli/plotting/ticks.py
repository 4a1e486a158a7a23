"""Readable numbers along an axis: multiples of 1, 2 or 5 times a power of ten, in decimals, without noise."""

from __future__ import annotations

import math
from decimal import Context, Decimal

# Labels of more digits than that count from an offset, which is told once.
DIGITS = 6
EXACT = Context(prec=60)


class Ticks:
    """places: (number, label) from the lowest up; offset: what the labels are counted from, "" for 0."""

    __slots__ = ("offset", "places")

    def __init__(self, low: float, high: float, most: int) -> None:
        """At most so many, of which the distance is as small as that allows; at least one."""
        bottom, top = Decimal(low), Decimal(high)
        step = _step(bottom, top, max(2, most))
        first = EXACT.divide(bottom, step).to_integral_value("ROUND_CEILING")
        count = int(EXACT.divide(top, step).to_integral_value("ROUND_FLOOR") - first) + 1
        numbers = [EXACT.multiply(step, first + k) for k in range(count)] or [bottom]
        largest = max(abs(number) for number in numbers)
        base = Decimal(0)
        self.offset = ""
        if largest and largest.adjusted() - step.adjusted() > DIGITS:
            base = numbers[len(numbers) // 2]
            self.offset = label(base)
        scale = max(abs(number - base) for number in numbers)
        self.places = [(float(number), _signed(number - base, scale, bool(base))) for number in numbers]


def _step(bottom: Decimal, top: Decimal, most: int) -> Decimal:
    """1, 2 or 5 times a power of ten: at most so many multiples from bottom to top."""
    width = EXACT.subtract(top, bottom)
    power = EXACT.divide(width, Decimal(most)).adjusted() - 1
    for exponent in range(power, power + 4):
        for factor in (1, 2, 5):
            step = Decimal(factor).scaleb(exponent)
            first = EXACT.divide(bottom, step).to_integral_value("ROUND_CEILING")
            last = EXACT.divide(top, step).to_integral_value("ROUND_FLOOR")
            if last - first + 1 <= most:
                return step
    raise AssertionError(width)


def _signed(number: Decimal, scale: Decimal, counted: bool) -> str:
    text = label(number, scale)
    return f"+{text}" if counted and number >= 0 else text


def label(number: Decimal, scale: Decimal | None = None) -> str:
    """`0`, `0.25`, `-1500`, `2e+08` as `2e8`; scale: the largest number beside it, which decides on the power.

    >>> label(Decimal("-1500")), label(Decimal("2.50E+8")), label(Decimal("0"), Decimal("1e9"))
    ('-1500', '2.5e8', '0')
    """
    number = number.normalize(EXACT)
    if not number:
        return "0"
    size = number.adjusted() if scale is None else scale.adjusted()
    if -4 <= size <= 5:
        return f"{number:f}"
    digits = "".join(map(str, number.as_tuple().digits))
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if number < 0 else ''}{mantissa}e{number.adjusted()}"


def place(x: float) -> str:
    """A number within a sentence, with at most ten digits: the place of a pole has no more meaning.

    >>> place(1.4142135623730951), place(0.3), place(-2.0)
    ('1.414213562', '0.3', '-2')
    """
    if not math.isfinite(x):
        return repr(x)
    text = repr(x + 0.0).removesuffix(".0")
    return text if len(text) <= 11 else f"{x:.10g}"
