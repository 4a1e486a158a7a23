"""Ball arithmetic: what a graph is worth, and what no precision decides."""

from __future__ import annotations

import time
from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx

import gradcli
from gradcli.core.graph import VARIABLE
from gradcli.core.op import DISCRETE, Op
from gradcli.core.ops import TABLE
from gradcli.domains.arb_integrals import PRIMITIVES
from gradcli.domains.ball_tape import LINE, evaluate, execute, run
from gradcli.domains.balls import BALLS, literal
from gradcli.language.parser import parse


def value(text: str, bits: int = 200, decimals: bool = False, **point) -> arb:
    """The ball of a formula; the point is given as floats or balls."""
    program = parse(text)
    with ctx.workprec(bits):
        balls = {x: v if isinstance(v, arb) else arb(v) for x, v in point.items()}
        return run(program.nodes, balls, decimals=decimals)[program.results[0]]


def around(x: arb, radius: float = 1e-30) -> arb:
    return arb(x, radius)


def test_literals_are_their_float64_or_the_decimal_as_typed():
    # 0.1 in binary64 is this fraction (IEEE 754).
    assert value("0.1").contains(arb((3602879701896397, -55)))
    assert value("0.1").is_exact()
    with ctx.workprec(200):
        assert (value("0.1", decimals=True) * 10 - 1).contains(0)
    assert value("0.1+0.2-0.3", decimals=True).is_zero()
    assert not value("0.1+0.2-0.3").contains(0)


@pytest.mark.parametrize("name", ["pi", "π", "tau", "e"])
def test_constants_are_real_numbers(name):
    with ctx.workprec(400), mpmath.workdps(60):
        truth = {"pi": mpmath.pi, "π": mpmath.pi, "tau": 2 * mpmath.pi, "e": mpmath.e}[name]
        assert literal(name).str(50, radius=False) == mpmath.nstr(+truth, 50, strip_zeros=False)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("exp(pi*sqrt(163))", lambda m: m.exp(m.pi * m.sqrt(163))),
        ("gamma(1/3)", lambda m: m.gamma(m.mpf(1) / 3)),
        ("sin(1) + lgamma(0.5)", lambda m: m.sin(1) + m.loggamma(0.5)),
        ("digamma(1)", lambda m: -m.euler),
        ("polygamma(1, 1)", lambda m: m.pi**2 / 6),
        ("erf(1)", lambda m: m.erf(1)),
        ("(-2)**3", lambda m: -8),
        ("7 % -3", lambda m: -2),
        ("round(2.5) + round(-3.5)", lambda m: -2),
    ],
)
def test_values(text, truth):
    with ctx.workprec(300), mpmath.workdps(80):
        expected = arb(mpmath.nstr(mpmath.mpf(truth(mpmath)), 70))
        assert abs(value(text, bits=300) - expected) <= abs(expected) * 1e-65


@pytest.mark.parametrize(
    "text", ["9**9**9**9", "exp(exp(exp(exp(9))))", "1/9**9**9**9", "log(x - x + 0*y)", "sin(9**9**9**9)"]
)
def test_what_is_not_known_is_any_number_and_not_nan(text):
    point = {x: around(arb(1)) for x in parse(text).variables}
    assert not value(text, **point).is_nan()


def test_monstrous_numbers_are_no_trouble():
    ball = value("1/1e999999999", decimals=True)
    with ctx.workprec(200):
        assert abs(ball * arb(10) ** arb(999999999) - 1) < arb("1e-50")
    assert abs(value("9**9**9")) > arb(10) ** 369693099  # OEIS A054382: 369693100 digits
    assert abs(value("sin(9**9**9)")) < 1.1
    assert value("floor(9**9**9) % 7").is_finite()


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("where(x > 0, 1, 2)", 1, 1),
        ("where(x > 0, 1, 2)", 0, 2),
        ("x == x", 0, 1),
        ("x < x", 0, 0),
        ("not x", 0, 1),
        ("x and 1/x", 0, 0),
        ("x != nan", 0, 1),
        ("x < nan", 0, 0),
    ],
)
def test_choices_that_are_decided(text, x, expected):
    ball = value(text, x=x)
    assert ball == expected
    assert ball.is_exact()


@pytest.mark.parametrize(
    "text", ["x > 0", "x == 0", "not x", "x and 1", "x or 0", "where(x, 0, 1)", "floor(x + 1)", "log(x) > 0", "0 <= x"]
)
def test_choices_that_a_ball_around_zero_leaves_open(text):
    ball = value(text, x=around(arb(0)))
    assert not ball.is_exact()
    assert ball.contains(0) or ball.contains(1)


@pytest.mark.parametrize("text", ["mod(sin(y), sin(y))", "-fmod(gelu(y), gelu(y))"])
def test_a_branch_that_no_precision_decides_is_that_of_floats(text):
    """0 in truth, which a ball around it leaves open: NaN and -inf were printed for the branch 0 of lambertw."""
    f = gradcli.function(f"lambertw(x, {text})")
    assert f.evaluate(x=0.0, y=1.0).value == 0.0
    assert f.evaluate(x=0.5, y=1.0).value == pytest.approx(0.35173371124919584, rel=1e-15)


@pytest.mark.parametrize(
    ("name", "fixed", "inside"),
    [
        ("lambertw", "0, {}", (0.0, -1.0)),
        ("lambertw", "0.5, {}", (0.0, -1.0)),
        ("gammaincc", "{}, 0", (-1.0, 0.0, 1.0)),
        ("gammaincc", "{}, inf", (-1.0, 1.0)),
        ("gammainc", "{}, 0", (-1.0, 0.0, 1.0)),
        ("gammainc", "{}, inf", (-1.0, 1.0)),
        ("betainc", "{}, 2, 1", (-1.0, 1.0)),
        ("betainc", "2, {}, 0", (-1.0, 1.0)),
        ("root", "{}, inf", (-1.0, 0.0, 1.0)),
    ],
)
def test_a_ball_says_nothing_that_does_not_hold_throughout(name, fixed, inside):
    """Some of these points have no value, or another one: a ball over them has none for certain."""
    text = f"{name}({fixed.format('t')})"
    assert len({str(gradcli.function(text)(t=t)) for t in inside}) > 1
    ball = value(text, t=arb(0, 1.5))
    assert not ball.is_nan()
    assert not ball.is_exact()


def test_one_number_is_equal_to_itself_however_inexact():
    x = around(arb(1) / 3)
    assert [value(text, x=x) for text in ("x == x", "x != x", "x <= x", "x < x", "x - x")] == [1, 0, 1, 0, 0]


def test_the_argument_that_is_the_largest_is_equal_to_the_largest():
    x, y = around(arb(2)), around(arb(1))
    assert value("max(x, y) == x", x=x, y=y) == 1
    assert value("max(x, y) == y", x=x, y=y) == 0
    assert value("min(x, y, 5) == y", x=x, y=y) == 1
    assert value("x == max(x, x)", x=x) == 1
    assert value("max(x, y) == nan", x=x, y=y) == 0
    assert not value("max(x, y) == x", x=x, y=x).is_exact()  # two numbers that may differ


def test_rational_arithmetic_on_decimals_is_exact():
    texts = {
        "0.1*3 == 0.3": 1,
        "floor(0.3/0.1)": 3,
        "0.3 % 0.1": 0,
        "(1/3)**2*9 - 1": 0,
        "max(0.1, 1/10) == 0.1": 1,
        "abs(-1/3)*3": 1,
    }
    for text, truth in texts.items():
        ball = value(text, decimals=True)
        assert (text, ball == truth, ball.is_exact()) == (text, True, True)
    assert not value("sqrt(2)**2 == 2", decimals=True).is_exact()


def test_rational_variables_are_followed():
    program = parse("floor(10*x)")
    state = execute(program.nodes, {"x": arb("0.3")}, decimals=True, rationals={"x": Fraction(3, 10)})
    assert state.values[program.results[0]] == 3


def test_rational_arithmetic_ends_where_the_numbers_grow():
    text = "; ".join(["y = 1/3", *["y = y*y + 1/7"] * 40, "y"])
    ball = value(text, decimals=True)
    assert ball.is_finite()
    with mpmath.workdps(50):
        y = mpmath.mpf(1) / 3
        for _ in range(40):
            y = y * y + mpmath.mpf(1) / 7
        with ctx.workprec(200):
            assert abs(ball - arb(mpmath.nstr(y, 45))) < arb("1e-40")


def test_an_operation_without_a_ball_form_says_nothing(monkeypatch):
    assert repr(evaluate(Op("none", "x", about="no ball form", vjp=(DISCRETE,)), [arb(1)])) == repr(LINE)

    def raises(x):
        raise ValueError

    monkeypatch.setitem(BALLS, "raises", raises)
    assert repr(evaluate(Op("raises", "x", about="raises", vjp=(DISCRETE,)), [arb(1)])) == repr(LINE)


def test_frozen_nodes_keep_their_values():
    program = parse("detach(x)*x")
    i = next(i for i, node in enumerate(program.nodes) if node[0].name == "detach")
    state = execute(program.nodes, {"x": arb(3)}, frozen={i: arb(2)})
    assert state.values[program.results[0]] == 6


def test_the_deadline_holds():
    with pytest.raises(TimeoutError):
        execute(parse("x + 1").nodes, {"x": arb(1)}, deadline=time.process_time() - 1)


def test_a_deep_graph_is_a_loop():
    nodes = [(VARIABLE, "x")]
    nodes += [(TABLE["neg"], i) for i in range(200_000)]
    assert run(nodes, {"x": arb(7)})[-1] == 7


@pytest.mark.parametrize("order", [1, 9, 10, 11, 15])
@pytest.mark.parametrize("x", [-37.99929114090908, -20.9999, -25.5, -100.25, 3.5])
def test_polygamma_of_any_order_left_of_its_poles(order: int, x: float) -> None:
    """Series of more than flint's ten terms: of a tenth order the eleventh counts."""
    with mpmath.workdps(60):
        true = float(mpmath.psi(order, mpmath.mpf(x)))
    assert gradcli.function(f"polygamma({order}, x)")(x=x) == pytest.approx(true, rel=1e-15)


@pytest.mark.parametrize("order", [2, 11])
def test_high_derivatives_of_zeta(order: int) -> None:
    with mpmath.workdps(40):
        true = float(mpmath.zeta(mpmath.mpf(2.5), 1, order))
    assert gradcli.function(f"diff(zeta(x), x, {order})")(x=2.5) == pytest.approx(true, rel=1e-14)


ORDERS = [("kv", 1, "700"), ("kv", 3, "0.25"), ("kv", 12, "150"), ("expint", 4, "1000")]


@pytest.mark.parametrize(("name", "n", "x"), ORDERS)
def test_whole_orders_at_many_bits_are_those_at_few(name: str, n: int, x: str) -> None:
    """Arb takes minutes for some of them; at few bits its own function is run."""
    with ctx.workprec(200):
        few = PRIMITIVES[name](arb(n), arb(x))
    with mpmath.workdps(60):
        truth = mpmath.nstr({"kv": mpmath.besselk, "expint": mpmath.expint}[name](n, mpmath.mpf(x)), 50)
    with ctx.workprec(3000):
        many = PRIMITIVES[name](arb(n), arb(x))
        assert many.overlaps(few)
        assert abs(many / arb(truth) - 1) < 1e-45
        assert many.rel_accuracy_bits() > 900
