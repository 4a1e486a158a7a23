"""The verdict of the witnesses, as a line, a table, blocks and JSON."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from helpers import on_terminal

from gradcli.views import check as view
from gradcli.views.screen import Screen
from gradcli.witness.result import Check, Row


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def row(name: str | None, answer: float, verdict: str = "agrees", **more: Any) -> Row:
    made = Row(name, answer)
    made.verdict = verdict
    for key, value in more.items():
        setattr(made, key, value)
    return made


def good(name: str | None, answer: float, digits: str, error: float = 0.0) -> Row:
    return row(
        name, answer, truth=digits, symbolic=digits, symbolic_digits=30, numeric=digits, numeric_digits=30,
        kept=16.0, error=error,
    )  # fmt: skip


VALUE = row(None, 11.0, symbolic="11.0000000000000000000000000000", symbolic_digits=30, kept=16.0, error=0.0)
SEVEN = good("x", 7.0, "7.00000000000000000000000000000")
THIRD = good("y", 0.3333333333333333, "0.333333333333333333333333333333", 5.6e-17)
WRONG = row("x", 8.0, "disagrees", symbolic="7.00000000000000000000000000000", symbolic_digits=1, kept=1.0, error=0.14)
KINK = row(
    "x", 0.0, "kink", left="-1.00000000000000000000000000000", right="1.00000000000000000000000000000", kept=16.0
)
OPEN = row("x", 0.0, "not checked", why="the time is over")
LOST = row("x", 7992.8, symbolic="-8.33333333333333e-9", symbolic_digits=30, kept=0.0, error=959133404829.7577)

LINES = {
    "check: sympy agrees on d/dx; largest relative error 0": [Check([VALUE, SEVEN])],
    "check: sympy agrees on all 2 partials; largest relative error 5.6e-17": [Check([VALUE, SEVEN, THIRD])],
    "check: sympy agrees on all 2 partials at all 3 points; largest relative error 5.6e-17": (
        [Check([VALUE, SEVEN, THIRD])] * 3
    ),
    "check: sympy agrees on the value; relative error 0": [Check([VALUE])],
    "check: differences agree on d/dx": [Check([row(None, 1.0), row("x", 1.0, numeric="1", numeric_digits=30)])],
    "check: disagrees: d/dx is 8 here and 7 by sympy": [Check([VALUE, WRONG, THIRD])],
    "check: disagrees: d/dx is 8 here and 7 by sympy; d/dx is 8 here and 7 by sympy; "
    "d/dx is 8 here and 7 by sympy; and 2 more": [Check([VALUE, WRONG])] * 5,
    "check: sympy agrees on 1 of 2 partials; d/dx at a kink, between -1 on the left and 1 on the right; "
    "largest relative error 5.6e-17": [Check([VALUE, KINK, THIRD])],
    "check: d/dx at a kink, between -1 on the left and 1 on the right; largest relative error 0": [
        Check([VALUE, KINK])
    ],
    "check: sympy agrees on 1 of 2 partials; d/dx not checked: the time is over; largest relative error 5.6e-17": (
        [Check([VALUE, OPEN, THIRD])]
    ),
    "not checked: the time is over": [Check([VALUE, OPEN])],
    "check: sympy agrees on d/dx; largest relative error 9.6e+11: "
    "float64 kept 0 of 16 digits of d/dx, --digits 20 keeps them": [Check([VALUE, LOST])],
}


@pytest.mark.parametrize(("line", "checks"), LINES.items(), ids=range(len(LINES)))
def test_line(line: str, checks: list[Check]) -> None:
    assert view.check_line(checks) == line


@pytest.mark.parametrize(
    ("checks", "colour"), [([Check([VALUE, SEVEN])], 32), ([Check([VALUE, OPEN])], 33), ([Check([VALUE, WRONG])], 31)]
)
def test_the_line_has_the_colour_of_the_verdict(
    monkeypatch: pytest.MonkeyPatch, checks: list[Check], colour: int
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    view.show_line(Screen(file), checks)
    assert re.match(rf"\x1b\[(1;)?{colour}m", file.getvalue())


def test_table() -> None:
    file = io.StringIO()
    view.show(Screen(file), Check([VALUE, SEVEN, KINK, OPEN]))
    assert [line.rstrip() for line in file.getvalue().splitlines()] == [
        "        gradcli   sympy   agree   differences        agree   kept       verdict",
        "value   11        11      30      -                          16 of 16   agrees",
        "d/dx    7         7       30      7                  30      16 of 16   agrees",
        "d/dx    0         -               -1 left, 1 right           16 of 16   "
        "kink: between -1 on the left and 1 on the right",
        "d/dx    0         -               -                                     not checked: the time is over",
    ]


def test_blocks_on_a_narrow_terminal() -> None:
    assert (
        on_terminal(70, lambda screen: view.show(screen, Check([VALUE, THIRD])))
        == """\
value   agrees
  gradcli       11   float64 kept 16 of 16 digits
  sympy         11   30 digits agree
  differences   -

d/dy   agrees
  gradcli       0.3333333333333333
                float64 kept 16 of 16 digits
  sympy         0.333333333333333333333333333333   30 digits agree
  differences   0.333333333333333333333333333333   30 digits agree
"""
    )


def test_json() -> None:
    shown = json.loads(view.line({"x": 2.0}, Check([VALUE, SEVEN, OPEN])))
    assert list(shown) == ["at", "ok", "max_rel_error", "value", "grad"]
    assert (shown["at"], shown["ok"], shown["max_rel_error"]) == ({"x": 2.0}, True, 0.0)
    assert shown["value"]["verdict"] == "agrees"
    assert shown["grad"]["x"] == {
        "verdict": "not checked", "number": 0.0, "truth": None, "symbolic": None, "numeric": None, "left": None,
        "right": None, "symbolic_digits": None, "numeric_digits": None, "kept": None, "error": None,
        "why": "the time is over",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "ok"),
    [([VALUE], True), ([VALUE, SEVEN], True), ([VALUE, WRONG], False), ([VALUE, OPEN], None), ([OPEN], None)],
)
def test_ok_is_null_where_nothing_could_be_checked(rows: list[Row], ok: bool | None) -> None:
    assert json.loads(view.line({}, Check(rows)))["ok"] is ok
