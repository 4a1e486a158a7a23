"""No printed digit of a random program is wrong by mpmath, and no float lies outside its bound: a short run."""

from __future__ import annotations

from statistics import median

import numpy as np
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
        ("rsqrt(hypot(x, y))", {"x": -1e300, "y": -1e300}),  # its slope is no float
        ("f(u) = u*cos(u); f(x) - f(2)", {"x": 2.0000001}),
        ("a(u) = cofactor(u); sum(a(x))", {"x": np.full((2, 2), 50.0)}),  # singular
        ("quantile(x, 0.1)", {"x": np.arange(31.0)}),  # 0.1*30 is not 3
        (
            "sum(norm(x, axis=1, keepdim=1))",
            {"x": np.array([[1e-300, 2.2e-308], [-0.5, -2.0]])},
        ),  # 2.2e-8 times the error of 1e-300 is less than any float
        ("max(gammaincc(pi, 0.5), 0.5)", {}),  # what pi lacks moves it, and there is no rule by it
    ],
)
def test_single_programs(text: str, at: dict) -> None:
    tally = Tally()
    judge(text, at, tally)
    assert not tally.faults, tally.text()
    assert tally.count["numbers"] == 1 + sum(map(np.size, at.values()))


def test_a_number_beside_a_large_one_is_rounded_too() -> None:
    tally = Tally()
    power = "leaky_relu(asinh(a), beta(10, y)) ** leaky_relu(asinh(a), beta(10, y))"
    judge(f"a = round(beta(10, y)); round({power})", {"y": 4.763250307120115e-08}, tally)
    assert not tally.faults, tally.text()
    assert tally.count["numbers"] == 1  # a difference sees no slope among so many steps


def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcli.core.ops import by_name

    monkeypatch.setattr(by_name("tanh"), "vjp", (lambda g, r, x: g * (1 - r),))
    monkeypatch.setattr(by_name("tanh"), "templates", {})
    tally = Tally()
    judge("tanh(x)", {"x": 0.7}, tally)
    assert any(fault.startswith("wrong: 'tanh(x)'") for fault in tally.faults)
