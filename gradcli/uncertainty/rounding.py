"""Numbers with their uncertainty as people write them: two digits of the uncertainty, the value to the same place.

`gum`: two digits always (JCGM 100, 7.2.6). `pdg`: the rule of the Particle Data Group, by the first three digits of
the uncertainty: two digits from 100 to 354, one from 355 to 949, and 950 to 999 is rounded up to 1000, two digits.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

RULES = ("gum", "pdg")
_WIDE = Context(prec=1200)  # any float64 at the place of any other


class Rounded:
    """A value and its uncertainty, rounded.

    >>> rounded(50000838.2, 33.9).pair, rounded(1.234, 0.0754).short
    ('50000838 ± 34', '1.234(75)')
    """

    __slots__ = ("pair", "short")

    def __init__(self, pair: str, short: str) -> None:
        self.pair = pair
        self.short = short


def rounded(value: float, u: float, rule: str = "gum") -> Rounded:
    """`1.234 ± 0.075` and `1.234(75)`; of numbers that no rounding suits both are written in full."""
    if not (math.isfinite(value) and math.isfinite(u) and u > 0):
        text = f"{value!r} ± {u!r}".replace(".0 ", " ").removesuffix(".0")
        return Rounded(text, text)
    place = last_place(u, rule)
    exact_value, exact_u = Decimal(repr(value)), Decimal(repr(u))
    top = max(exact_value.adjusted() if exact_value else -999, exact_u.adjusted())
    power = top if (place > 0 or top < -4) else 0  # of the common exponent, where plain decimals would be too long
    step = Decimal(1).scaleb(place)
    shown_value = exact_value.quantize(step, ROUND_HALF_EVEN, _WIDE).scaleb(-power)
    shown_u = exact_u.quantize(step, ROUND_HALF_EVEN, _WIDE).scaleb(-power)
    digits = max(power - place, 0)
    a, b = f"{shown_value:.{digits}f}", f"{shown_u:.{digits}f}"
    if not float(a):
        a = a.removeprefix("-")
    inside = b if "." in b and not b.startswith("0.") else b.replace(".", "").lstrip("0")
    end = f"e{power}" if power else ""
    return Rounded(f"({a} ± {b}){end}" if end else f"{a} ± {b}", f"{a}({inside}){end}")


def last_place(u: float, rule: str) -> int:
    """The power of ten of the last digit that is shown of an uncertainty u > 0."""
    exact = Decimal(repr(u))
    three = exact.scaleb(2 - exact.adjusted())  # from 100 to 1000
    place = exact.adjusted() - 1
    return place + 1 if three >= (355 if rule == "pdg" else 995) else place  # 995 is shown as 1000
