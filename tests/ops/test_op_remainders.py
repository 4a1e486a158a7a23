"""What a float lacks to its number, as sharp bounds take it, against mpmath."""

from __future__ import annotations

import math

import pytest
from mpmath import mp, mpf
from op_reference import TABLE, exact, grid

from gradcli.domains.float_tape import call
from gradcli.domains.remainders import BY_BALLS, remainder

NAMES = [name for name, row in TABLE.items() if row.ulp and not row.decides and name not in BY_BALLS]
# mpmath's own digits do not suffice where the quotient or the second term is far beyond.
LOST = {"mod": lambda x: abs(x[0]) > 1e60 * abs(x[1]), "logaddexp": lambda x: max(map(abs, x)) > 1e90}
FAR = ("erfc", "gelu", "ndtr")  # of whose tails nothing is known


@pytest.mark.parametrize("name", NAMES)
def test_the_remainder_of_a_float(name: str) -> None:
    row, points, known = TABLE[name], 0, 0
    for x in grid(row)[::2]:
        y = call(row, x)
        if y - y != 0 or abs(y) < 1e-290 or (name in LOST and LOST[name](x)):
            continue
        true = exact(row, x)
        if true is None:
            continue
        points += 1
        lacks = remainder(row, x, y)
        if lacks is not None:
            known += 1
            with mp.workprec(1200):
                assert abs(mpf(y) + lacks - true) <= mpf(2) ** -20 * math.ulp(y), x
    assert known >= points - (2 if name in FAR else 0)


@pytest.mark.parametrize(
    ("name", "x"), [("gamma", (0.3,)), ("jv", (2.0, 0.5)), ("lgamma", (7.7,)), ("zeta", (3.5, 1.0))]
)
def test_the_remainder_of_what_balls_round(name: str, x: tuple[float, ...]) -> None:
    y, true = call(TABLE[name], x), exact(TABLE[name], x)
    lacks = remainder(TABLE[name], x, y)
    with mp.workprec(1200):
        assert abs(mpf(y) + lacks - true) <= mpf(2) ** -20 * math.ulp(y)


def test_what_disagrees_with_the_limit_of_the_row_is_not_known() -> None:
    assert remainder(TABLE["exp"], (1.0,), 2.7182818284590455 + 1e-14) is None
    assert remainder(TABLE["erfc"], (20.0,), math.erfc(20.0)) is None
