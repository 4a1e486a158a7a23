"""No printed digit of a random program is wrong by mpmath, and no float lies outside its bound: a short run."""

from __future__ import annotations

from statistics import median

import pytest

from .every_digit import Tally, judge, run


def test_every_digit_of_random_programs() -> None:
    tally = run(seed=0, programs=250, arrays=0.05)
    assert not tally.faults, tally.text()
    assert tally.count["numbers"] > 250
    assert tally.count["false alarms"] <= 0.08 * tally.count["numbers"]
    assert median(tally.ratios) <= 2


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("logaddexp(rsqrt(1/x - x), rsqrt(1/x - x))", {"x": 2.2e-308}),  # 1e-462 on the way, and it matters
        ("log(x + 1) - log(x)", {"x": 1e8}),
        ("zeta(0, x)", {"x": 0.035}),  # the rule has a pole where the slope has none
        ("tan(-atan2(y, x))", {"y": 1.0, "x": 1e-17}),  # a pole lies within the bound
        ("sinpi(x^e)", {"x": 1e16}),  # many periods do
        ("norm_pdf(x + y - y)", {"x": 3.0, "y": 1e22}),  # a bell does
        ("min(10, y + x)", {"x": 2.2e-308, "y": -37.0}),
    ],
)
def test_single_programs(text: str, at: dict) -> None:
    tally = Tally()
    judge(text, at, tally)
    assert not tally.faults, tally.text()
    assert tally.count["numbers"] == 1 + len(at)


def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcli.core.ops import by_name

    monkeypatch.setattr(by_name("tanh"), "vjp", (lambda g, r, x: g * (1 - r),))
    monkeypatch.setattr(by_name("tanh"), "templates", {})
    tally = Tally()
    judge("tanh(x)", {"x": 0.7}, tally)
    assert any(fault.startswith("wrong: 'tanh(x)'") for fault in tally.faults)
