"""The witnesses: what they confirm, what they catch, and where they must keep silent."""

from __future__ import annotations

import io
import math
import subprocess
import sys
import time
from types import ModuleType, SimpleNamespace

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from helpers import data

from gradcli.api.function import Function
from gradcli.core.graph import finish, optimise
from gradcli.core.op import DISCRETE
from gradcli.core.ops import TABLE
from gradcli.core.trace import fn
from gradcli.domains.balls import BALLS
from gradcli.language.parser import parse
from gradcli.witness import formula, worker
from gradcli.witness import symbolic as outside
from gradcli.witness.check import Checker, check
from gradcli.witness.direction import direction
from gradcli.witness.formula import Formula
from gradcli.witness.numeric import Differences
from gradcli.witness.pipe import receive, send
from gradcli.witness.result import Check
from gradcli.witness.symbolic import Symbolic, task
from gradcli.witness.verdict import combine, common_digits, of_sympy, witness_ball


def checked(text: str, thorough: bool = True, timeout: float = 60.0, **at: float) -> Check:
    program = parse(text)
    at = {x: float(v) for x, v in at.items()}
    answer = Function(program).value_and_grad(**at)
    return check(program, at, program.variables, answer, timeout=timeout, thorough=thorough)


def verdicts(found: Check) -> list[str]:
    return [row.verdict for row in found.rows]


def replies(text: str, **at: float) -> list[tuple]:
    """What sympy answers for the value and each partial, without a process."""
    program = parse(text)
    formula = Formula(task(program, program.variables))
    point = [float(at[x]).as_integer_ratio() for x in program.variables]
    return [formula.at(k, point) for k in range(len(at) + 1)]


def slopes(text: str, name: str = "x", **at: float):
    program = parse(text)
    graph = finish(*optimise(program.nodes, program.results))
    return Differences(graph, {x: arb(v) for x, v in at.items()}, time.process_time() + 60).slopes(name)


@pytest.mark.parametrize(
    ("text", "value", "by_x", "by_y"),
    [
        ("a = x + y; (a + 1)*(a + 2)", 42, 13, 13),
        ("a = x*y; 2*a + a/x", 15, 6, 5),
        ("a = x - y; a - y - (a - x)", -1, 1, -1),
    ],
)
def test_a_step_of_several_uses_is_the_same_in_each(text, value, by_x, by_y):
    """A sum and a product in longer ones, at (2, 3), by hand."""
    numbers = [m * 2**e for _, m, e, _ in replies(text, x=2, y=3)]
    assert numbers == [value, by_x, by_y]


@pytest.mark.parametrize(("text", "x"), [("x**2", 0.0), ("3 + 0*x", 1.0), ("cos(x)", 0.0)])
def test_a_slope_of_zero_is_one_on_both_sides(text, x):
    both = slopes(text, x=x).both
    assert both is not None
    assert both.contains(0)
    assert both.abs_upper() < 1e-30


# -- verdicts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("thorough", [False, True])
def test_the_example_of_the_design(thorough):
    found = checked("x**2 + 3*x + 1", thorough, x=2)
    assert (found.ok, found.checked, found.max_rel_error, found.why) == (True, 1, 0.0, "")
    value, x = found.rows
    assert (value.name, value.answer, value.verdict, value.symbolic_digits) == ("value", 11.0, "agrees", 30)
    assert (x.name, x.answer, x.verdict, x.symbolic_digits, x.kept) == ("x", 7.0, "agrees", 30, 16.0)
    assert x.numeric_digits == (30 if thorough else None)
    assert x.truth == x.symbolic == "7.00000000000000000000000000000"


def test_real_formulas_raise_no_false_alarm():
    for item in data("formulas.jsonl")[::9]:
        program = parse(item["expr"])
        checker = Checker(program, program.variables, thorough=True)
        try:
            for point in item["points"][:2]:
                at = {x: float(v) for x, v in point["at"].items()}
                found = checker.check(at, Function(program).value_and_grad(**at), timeout=60)
                assert set(verdicts(found)) == {"agrees"}, item["id"]
                for row in found.rows:
                    truth = point["value"] if row is found.rows[0] else point["grad"][row.name]
                    assert float(row.truth) == float(truth), item["id"]
                    assert row.symbolic_digits == 30
        finally:
            checker.close()


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("abs(x)", {"x": 0}, "kink"),
        ("relu(x)", {"x": 0}, "kink"),
        ("leaky_relu(x)", {"x": 0}, "kink"),
        ("max(x, 1)", {"x": 1}, "kink"),
        ("clamp(x, 0, 1)", {"x": 1}, "kink"),
        ("hypot(x, 0)", {"x": 0}, "kink"),
        ("floor(x)", {"x": 2}, "kink"),
        ("x % 2", {"x": 4}, "kink"),
        ("where(x > 0, sqrt(x), 0)", {"x": 0}, "kink"),
        ("floor(x)*x", {"x": 2.5}, "agrees"),
        ("x % 2.5", {"x": -7}, "agrees"),
        ("fmod(x, 2.5)", {"x": -7}, "agrees"),
        ("round(x)*x", {"x": 0.3}, "agrees"),
        ("x**3", {"x": -2}, "agrees"),
        ("x**-3", {"x": -2}, "agrees"),
        ("cbrt(x)", {"x": -8}, "agrees"),
        ("where(x > 0, sqrt(x), 0)", {"x": -1}, "agrees"),
        ("x if x > 1 else x**2", {"x": 0.5}, "agrees"),
        ("detach(x)*x + detach(sin(x))", {"x": 3}, "agrees"),
        ("elu(x)", {"x": 0}, "agrees"),
        ("x*0", {"x": 3}, "agrees"),
        ("x - x", {"x": 3}, "agrees"),
        ("sin(x)**2 + cos(x)**2", {"x": 1}, "agrees"),
        ("log(x + 1) - log(x)", {"x": 1e12}, "agrees"),
        ("exp(x)", {"x": 1000}, "agrees"),  # float64 overflows, exact arithmetic does not
        ("sqrt(x)", {"x": 0}, "agrees"),  # infinite, and so says sympy
        ("cbrt(x)", {"x": 0}, "agrees"),
        ("1/x", {"x": 0}, "agrees"),
        ("log(x)", {"x": -1}, "agrees"),  # no value, and complex in sympy
        ("(-2)**x", {"x": 0.5}, "agrees"),
        ("(-2)**x", {"x": 3}, "agrees"),  # the slope by an exponent: NaN, and complex in sympy
    ],
)
def test_the_verdict_on_one_partial(text, at, expected):
    found = checked(text, **at)
    assert (found.ok, found.checked) == (True, 1)
    assert found.rows[1].verdict == expected


def test_the_slopes_on_both_sides_of_a_kink():
    (row,) = checked("x**2 + abs(x - 1)", x=1).rows[1:]
    assert (row.left, row.right) == ("1.00000000000000000000000000000", "3.00000000000000000000000000000")
    assert (row.verdict, row.answer) == ("kink", 2.0)
    (row,) = checked("floor(x)", x=2).rows[1:]
    assert (row.left, row.right) == ("Infinity", "0")


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("relu(x) - relu(-x)", {"x": 0}, "at a kink or an edge, where the conventions need not compose"),
        ("sqrt(x)**2", {"x": 0}, "it is not finite"),
        ("9**9**9**9*x", {"x": 1}, "not decided at 1000 decimals"),
        ("x", {"x": math.inf}, "the point is not finite"),
    ],
)
def test_what_cannot_be_checked_is_said_so(text, at, why):
    found = checked(text, **at)
    assert (found.ok, found.checked, found.why) == (True, 0, why)


def test_how_many_digits_float64_kept():
    # The value is log1p(1e-12); float64 keeps 3 digits of it.
    found = checked("log(x + 1) - log(x)", x=1e12)
    value, x = found.rows
    with mpmath.workdps(40):
        truth = mpmath.log1p(mpmath.mpf(10) ** -12)
        error = abs(float((value.answer - truth) / truth))
    assert value.error == pytest.approx(error, rel=1e-12)
    assert value.kept == pytest.approx(-math.log10(error), rel=1e-12)
    assert found.max_rel_error == max(value.error, x.error)
    assert checked("exp(x)", x=1000).max_rel_error == math.inf
    assert checked("exp(-x)", x=1000).max_rel_error == 1.0  # 0 instead of a tiny number
    assert checked("log(x)", x=-1).max_rel_error is None


def test_a_variable_may_be_called_value():
    assert verdicts(checked("value*abs(x)", value=2, x=0)) == ["agrees", "agrees", "kink"]


# -- what is wrong is found -------------------------------------------------------------------


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    ("op", "text", "at"),
    [
        ("mul", "x*y + sin(x)", {"x": 1.5, "y": 2.5}),
        ("sin", "x*sin(y)", {"x": 1.5, "y": 2.5}),
        ("gamma", "gamma(x)*y", {"x": 1.5, "y": 2.5}),
        ("max", "max(x, y)", {"x": 1.5, "y": 2.5}),
        ("abs", "abs(x)*y", {"x": -1.5, "y": 2.5}),
        ("pow", "x**y", {"x": 1.5, "y": 2.5}),
    ],
)
def test_a_wrong_rule_is_caught(monkeypatch, op, text, at, thorough):
    right = TABLE[op].vjp[0]
    monkeypatch.setattr(TABLE[op], "vjp", (lambda *x: right(*x) * 1.0000001, *TABLE[op].vjp[1:]))
    monkeypatch.setattr(TABLE[op], "templates", {})
    found = checked(text, thorough, **at)
    assert not found.ok
    assert "disagrees" in verdicts(found)[1:]
    assert verdicts(found)[0] == "agrees"


def test_a_wrong_value_is_caught(monkeypatch):
    monkeypatch.setitem(BALLS, "cos", lambda x: x.sin())
    assert verdicts(checked("cos(x)", x=1))[0] == "disagrees"


def test_a_missing_rule_is_caught(monkeypatch):
    monkeypatch.setattr(TABLE["exp"], "vjp", (DISCRETE,))
    monkeypatch.setattr(TABLE["exp"], "templates", {})
    found = checked("exp(x) + 0*x", x=1)
    assert verdicts(found) == ["agrees", "disagrees"]


def test_a_wrong_witness_alone_raises_no_alarm(monkeypatch):
    monkeypatch.setattr(outside, "task", lambda program, wrt: task(parse("2*x"), wrt))
    assert verdicts(checked("x**2", x=3)) == ["disagrees", "agrees"]  # the differences settle the partial


# -- the process ------------------------------------------------------------------------------


def test_sympy_loses_the_race_against_the_deadline():
    found = checked("sin(" * 400 + "x" + ")" * 400, thorough=False, timeout=2.0, x=1)
    assert verdicts(found)[1] == "agrees"  # by differences
    assert found.rows[1].numeric_digits == 30


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["x*sin(2*x)"] * 1200),
        "sin(" * 60 + "x" + ")" * 60,
        "x = x; " + "x = x - (x**2 - 2)/(2*x); " * 6 + "x",
    ],
)
def test_long_and_deep_formulas(text):
    found = checked(text, thorough=False, timeout=60, x=1.5)
    assert (found.ok, found.checked) == (True, 1)


def test_limits():
    long = "+".join(["x*x"] * 2600)
    assert checked(long, thorough=False, x=1).why == "more than 5,000 operations"
    assert checked(long, thorough=True, timeout=0.1, x=1).why == "0.1 s are too short for 5,199 operations"
    assert set(verdicts(checked("x**2", timeout=0.0, x=1))) == {"not checked"}
    program = parse("x, x**2")
    found = check(program, {"x": 1.0}, ("x",), (1.0, {"x": 1.0}), timeout=9, thorough=False)
    assert found.why == "several results"


def test_one_process_serves_many_points():
    program = parse("x**2 + 1/x")
    checker = Checker(program, ("x",), thorough=False)
    checker.start()
    try:
        for x in (0.5, 1e200, -3.0):
            found = checker.check({"x": x}, Function(program).value_and_grad(x=x), timeout=60)
            assert verdicts(found) == ["agrees", "agrees"]
    finally:
        checker.close()


def test_answers_about_another_point_are_forgotten():
    sympy = Symbolic(parse("x**2"), ("x",))
    try:
        sympy.ask({"x": 3.0}, 60)
        sympy.ask({"x": 5.0}, 60)
        answers = [sympy.answer() for _ in range(2)]
        assert [arb((answer[1], answer[2])) for answer in answers] == [25, 10]
    finally:
        sympy.close()


def test_a_child_that_dies_is_no_witness(monkeypatch):
    monkeypatch.setattr(outside, "subprocess", subprocess)
    monkeypatch.setattr(outside, "_START", "raise SystemExit")
    sympy = Symbolic(parse("x**2"), ("x",))
    sympy.ask({"x": 3.0}, 60)
    assert sympy.answer() == ("failed", "sympy broke down")
    assert sympy.answer() == ("failed", "sympy broke down")
    monkeypatch.setattr(outside, "_START", "import time; time.sleep(600)")
    sympy.ask({"x": 3.0}, 60)
    monkeypatch.setattr(outside, "PATIENCE", 0.01)
    monkeypatch.setattr(outside, "SLOWDOWN", 0)
    assert sympy.answer() == ("failed", "sympy needed too long")
    sympy.close()
    assert verdicts(checked("x**2", timeout=1.0, x=3)) == ["not checked", "agrees"]


def test_no_text_of_the_user_reaches_sympy():
    given = task(parse("__import__ * os**lambda"), ("os",))
    assert given["nodes"] == [("variable", 0), ("variable", 1), ("variable", 2), ("pow", 1, 2), ("mul", 0, 3)]
    assert given["wrt"] == [1]


def test_the_worker_serves_until_its_input_ends():
    requests, answers = io.BytesIO(), io.BytesIO()
    send(requests, task(parse("x/y"), ("y",)))
    send(requests, (7, [(1, 1), (2, 1)], 60))
    send(requests, (8, [(1, 1), (0, 1)], 60))
    requests.seek(0)
    limits: list[float] = []
    worker._serve(requests, answers, limits.append)
    assert limits == [60, 0, 60, 0]
    answers.seek(0)
    got = [receive(answers) for _ in range(5)]
    assert [(ticket, answer[0]) for ticket, answer, _ in got[:4]] == [
        (7, "number"),
        (7, "number"),
        (8, "other"),
        (8, "other"),
    ]
    assert got[4] is None
    assert [arb((m, e)) for _, (_, m, e, _), _ in got[:2]] == [0.5, -0.25]


def test_the_time_for_a_point_begins_when_sympy_is_there(monkeypatch):
    clock = SimpleNamespace(now=0.0, process_time=lambda: clock.now)

    class Slow(ModuleType):
        def __getattr__(self, name):
            clock.now += 100.0  # what it takes to load on a busy machine
            return getattr(formula, name)

    monkeypatch.setitem(sys.modules, formula.__name__, Slow("slow"))
    monkeypatch.setattr(worker, "time", clock)
    requests, answers = io.BytesIO(), io.BytesIO()
    send(requests, task(parse("x/y"), ("y",)))
    send(requests, (1, [(1, 1), (2, 1)], 2.0))
    requests.seek(0)
    limits: list[tuple[float, float]] = []
    worker._serve(requests, answers, lambda seconds: limits.append((clock.now, seconds)))
    assert clock.now >= 100
    assert limits == [(clock.now, 2.0), (clock.now, 0)]
    answers.seek(0)
    assert [receive(answers)[2] for _ in range(2)] == [0.0, 0.0]


# -- sympy ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "kinds"),
    [
        ("log(x)", {"x": -1}, ["complex", "number"]),
        ("sqrt(x)", {"x": 0}, ["zero", "infinite"]),
        ("1/x", {"x": 0}, ["infinite", "infinite"]),
        ("floor(x) + 0*x", {"x": 2.5}, ["number", "number"]),
        ("log(1 + x)", {"x": 1e-300}, ["number", "number"]),
        ("log(1 + exp(x))", {"x": -1e6}, ["zero", "number"]),  # 1 + a number that no precision here tells from 0
        ("x*inf", {"x": 2}, ["Infinity", "Infinity"]),
    ],
)
def test_what_sympy_says_of_edges(text, at, kinds):
    assert [r[1] if r[0] == "other" else r[0] for r in replies(text, **at)] == kinds


def test_sympy_reaches_more_than_thirty_digits():
    with mpmath.workdps(60), ctx.workprec(256):
        for reply, truth in zip(
            replies("exp(x)*cos(x) - x**0.1", x=0.7),
            (
                mpmath.exp(0.7) * mpmath.cos(0.7) - mpmath.mpf(0.7) ** 0.1,
                mpmath.exp(0.7) * (mpmath.cos(0.7) - mpmath.sin(0.7))
                - mpmath.mpf(0.1) * mpmath.mpf(0.7) ** (mpmath.mpf(0.1) - 1),
            ),
            strict=True,
        ):
            ball = witness_ball(reply)
            assert ball.rel_accuracy_bits() > 95
            assert abs(ball - arb(mpmath.nstr(truth, 50))) < arb("1e-30")


# -- differences ------------------------------------------------------------------------------


def test_differences_give_thirty_digits():
    with ctx.workprec(256), mpmath.workdps(60):
        found = slopes("sin(x)*y", x=0.5, y=3.0).both
        truth = arb(mpmath.nstr(3 * mpmath.cos(0.5), 50))
        assert common_digits(truth, found) == 30


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        ("abs(x)", 0, -1, 1),
        ("max(x, 3*x)", 0, 1, 3),
        ("sqrt(x)", 0, None, math.inf),
        ("-cbrt(x)", 0, -math.inf, -math.inf),
        ("floor(x)", 1, math.inf, 0),
        ("x if x > 1 else x + 5", 1, 1, -math.inf),
        ("detach(x)*abs(x)", 0, 0, 0),
    ],
)
def test_one_sided_slopes(text, x, left, right):
    found = slopes(text, x=float(x))
    for side, expected in ((found.left, left), (found.right, right)):
        assert (side is None) == (expected is None)
        if expected is not None:
            assert side == expected or (math.isfinite(expected) and abs(side - expected) < 1e-25)


def test_slopes_that_are_tiny_are_not_taken_for_zero():
    found = slopes("exp(-x)", x=400.0).both
    with ctx.workprec(256), mpmath.workdps(60):
        assert common_digits(arb(mpmath.nstr(-mpmath.exp(-400), 50)), found) == 30


def test_no_slope_beside_an_infinite_value():
    found = slopes("1/x", x=0.0)
    assert (found.both, found.left, found.right) == (None, None, None)


# -- judging ----------------------------------------------------------------------------------


def test_common_digits():
    one = arb(1)
    assert common_digits(one, one) == 30
    assert common_digits(one, one + 1e-12) == pytest.approx(12, abs=0.01)
    assert common_digits(arb(0), one) == 0
    assert common_digits(arb(0), arb(0)) == 30
    assert common_digits(one, arb(1, 1e-5)) is None  # too vague to say
    assert common_digits(arb(0), arb(0, 1e-5)) is None
    assert common_digits(arb(1e-40), arb(0)) == 0


@pytest.mark.parametrize(
    ("ours", "reply", "opinion"),
    [
        (arb(2), ("number", 1, 1, 400), "agrees"),
        (arb(2), ("number", 3, 0, 400), "disagrees"),
        (arb(2), ("number", 3, 0, 0), None),
        (arb(0), ("zero",), "agrees"),
        (arb(2), ("zero",), None),
        (arb(2), ("other", "complex"), None),
        (arb(2), ("failed", "sympy broke down"), None),
        (arb("nan"), ("other", "complex"), "agrees"),
        (arb("nan"), ("number", 3, 0, 400), None),
        (arb("inf"), ("other", "Infinity"), "agrees"),
        (arb("inf"), ("other", "infinite"), "agrees"),
        (arb("inf"), ("other", "-Infinity"), None),
        (arb("-inf"), ("other", "-Infinity"), "agrees"),
    ],
)
def test_the_opinion_of_sympy(ours, reply, opinion):
    assert of_sympy(ours, witness_ball(reply))[0] == opinion


@pytest.mark.parametrize(
    ("symbolic", "numeric", "special", "verdict"),
    [
        ("agrees", None, False, "agrees"),
        ("agrees", "disagrees", False, "agrees"),
        ("disagrees", "agrees", False, "agrees"),
        ("disagrees", "kink", True, "kink"),
        ("disagrees", None, False, "disagrees"),
        (None, "disagrees", False, "disagrees"),
        ("disagrees", "disagrees", True, "not checked"),
        (None, None, False, "not checked"),
    ],
)
def test_one_good_witness_suffices(symbolic, numeric, special, verdict):
    assert combine(symbolic, numeric, special)[0] == verdict


def test_differences_that_reach_over_a_step_are_no_witness():
    program = parse("round(x**1000)")
    answer = Function(program).evaluate_at({"x": 10.0})
    found = check(program, {"x": 10.0}, ("x",), (answer.value, answer.grad), timeout=10, thorough=True)
    (row,) = found.rows[1:]
    assert (row.verdict, row.numeric, row.numeric_digits) == ("agrees", None, None)


# -- arrays -----------------------------------------------------------------------------------


def checked_arrays(text: str, thorough: bool = True, **at) -> Check:
    program = parse(text)
    at = {x: np.array(v, dtype=float)[()] for x, v in at.items()}
    at = {x: float(v) if np.ndim(v) == 0 else v for x, v in at.items()}
    answer = Function(program).value_and_grad(**at)
    return check(program, at, program.variables, answer, timeout=60.0, thorough=thorough)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("std(x, correction=c)", {"x": [1, 2, 4], "c": 0.5}),
        ("log(det(a)) + sum(solve(a, b))", {"a": [[2, 1], [1, 3]], "b": [1, 2]}),
        ("cross_entropy(w @ [1, 2], 1)", {"w": [[1, 0.5], [0.25, 2]]}),
        ("norm([1, 2, y], 3)", {"y": 2}),
    ],
)
def test_both_witnesses_serve_arrays(text, at):
    found = checked_arrays(text, **at)
    assert verdicts(found) == ["agrees"] * (1 + len(at))
    assert all(row.symbolic_digits == 30 and row.numeric_digits == 30 for row in found.rows[1:])
    assert all(row.error < 1e-14 for row in found.rows)


def test_a_wrong_rule_on_arrays_is_caught_and_its_place_told(monkeypatch):
    def wrong(g, y, x):
        return g * fn.cos(x) * fn.where(x > 1, 1.001, 1)

    monkeypatch.setattr(TABLE["sin"], "vjp", (wrong,))
    monkeypatch.setattr(TABLE["sin"], "templates", {})
    found = checked_arrays("sum(sin(x))", x=[[0.5, 0.25], [1.25, 0.75]])
    assert verdicts(found) == ["agrees", "disagrees"]
    assert found.rows[1].why.startswith("d/dx[1, 0] is 0.3156")
    assert not found.ok


def test_a_kink_of_an_array_lies_between_the_slopes():
    assert verdicts(checked_arrays("sum(relu(x))", x=[1, 0, -2])) == ["agrees", "kink"]


def test_what_sympy_is_not_asked_about():
    found = checked_arrays("sum(x**2)", x=np.arange(101.0))
    assert [row.symbolic for row in found.rows] == [None, None]
    assert (verdicts(found), found.rows[0].why) == (["not checked", "agrees"], outside.TOO_MANY)
    found = checked_arrays("sum(x[x > 1.5])", x=[1, 2])
    assert (verdicts(found), found.rows[0].why) == (["not checked", "agrees"], "sympy cannot evaluate it here")


@pytest.mark.parametrize(
    ("text", "x", "why"),
    [
        ("sum(x)", np.ones(10_001), "more than 10,000 elements"),
        ("sum(x)", [1, math.inf], "the point is not finite"),
        ("sum(x[exp(log(x)) > 2])", [1, 2], "not decided at 1000 decimals"),
    ],
)
def test_arrays_that_are_not_checked_and_why(text, x, why):
    found = checked_arrays(text, x=x)
    assert (verdicts(found), {row.why for row in found.rows}) == (["not checked"] * 2, {why})


def test_the_direction_is_always_the_same():
    assert direction((3, 2)).tolist() == direction((3, 2)).tolist()
    assert set(np.abs(direction((1000,)) * 64).tolist()) == set(range(32, 65))
