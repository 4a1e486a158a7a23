"""The sympy form of every operation: its value, and the derivative that sympy takes of it."""

from __future__ import annotations

import pytest
import sympy
from mpmath import mp, mpf
from op_reference import TABLE, as_mpf, count, exact, grid, smooth
from op_slopes import difference

from gradcli.domains import symbols as steps
from gradcli.domains.symbols import SYMBOLS

STOPPED = {"detach"}


def sample(row):
    """A few ordinary points, spread over the grid."""
    ordinary = [p for p in grid(row) if smooth(row, p) and all(x == 0 or 1e-3 < abs(x) < 50 for x in p)]
    return ordinary[:: max(1, len(ordinary) // 5)][:6]


def form(row, point):
    """The expression and its symbols; the order of polygamma is a number, a condition too."""
    fixed = row.signature.startswith(("n,", "condition"))
    symbols = sympy.symbols(f"x0:{len(point)}", real=True)
    operands = [sympy.Integer(int(point[0])) if fixed and k == 0 else s for k, s in enumerate(symbols)]
    values = {s: sympy.Float(x, 60) for s, x in zip(symbols, point, strict=True)}
    return SYMBOLS[row.name](*operands), symbols, values


def agrees(expression, values, true: mpf) -> bool:
    with mp.workprec(200):
        number = expression.evalf(30, subs=values)
        return abs(mpf(number) - true) <= abs(true) * mpf(10) ** -25 + mpf(10) ** -40


@pytest.mark.parametrize("name", TABLE)
def test_value(name: str) -> None:
    row = TABLE[name]
    assert len(sample(row)) > 2
    for point in sample(row):
        expression, _, values = form(row, point)
        assert agrees(expression, values, exact(row, point)), (point, expression)


@pytest.mark.parametrize("name", [name for name in TABLE if name not in STOPPED])
def test_derivative(name: str) -> None:
    row = TABLE[name]
    for point in sample(row):
        expression, symbols, values = form(row, point)
        for i, symbol in enumerate(symbols):
            if not expression.has(symbol) and i == 0 and count(row) > 1:
                continue
            if isinstance(row.vjp[min(i, len(row.vjp) - 1)], str):
                continue
            if row.name in ("pow", "root") and point[0] < 0 and i == 1:
                continue  # no derivative by y where x < 0
            true = difference(row, point, i)
            assert agrees(sympy.diff(expression, symbol), values, as_mpf(true.mid())), (point, i)


@pytest.mark.parametrize("name", ["Sign", "Floor", "Ceil", "Round", "Trunc", "Detach"])
def test_steps_have_no_derivative(name: str) -> None:
    x = sympy.Symbol("x", real=True)
    function = getattr(steps, name)
    assert function(x**2).diff(x) == 0
    assert (x * function(x)).diff(x) == function(x)


@pytest.mark.parametrize(("x", "expected"), [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (-2.5, -2), (2.6, 3)])
def test_round_is_half_to_even(x: float, expected: int) -> None:
    symbol = sympy.Symbol("x", real=True)
    assert float(steps.Round(symbol).evalf(30, subs={symbol: sympy.Rational(x)})) == expected
    assert steps.Round(sympy.Rational(x)) == expected


def test_nested_steps_evaluate() -> None:
    x = sympy.Symbol("x", real=True)
    nested = steps.Floor(steps.Trunc(x) / 2 + sympy.pi) * x
    assert float(nested.evalf(30, subs={x: sympy.Rational(7, 2)})) == 14
    assert float(steps.Detach(x**2).evalf(30, subs={x: 3})) == 9
