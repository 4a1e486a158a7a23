"""Minimising: the classical problems, the derivatives, and above all no minimum claimed where there is none."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from helpers import data

from gradcli.commands.minimize import STEPS
from gradcli.errors import ExpressionError, UsageError
from gradcli.language.parser import parse
from gradcli.minimize.answer import Answer, minimize
from gradcli.minimize.curvature import Dense
from gradcli.minimize.objective import Objective
from gradcli.minimize.recorder import Recorder, Step
from gradcli.minimize.trust import region
from gradcli.minimize.verdict import judge

ALL = ("newton", "bfgs", "lbfgs", "sgd", "momentum", "adam")
SCIPY = (None, "newton", "bfgs", "lbfgs")


def objective(text: str, **start) -> Objective:
    return Objective(parse(text, bound=set(start)), start, {})


def answer(text: str, method: str | None = None, steps: int = 10_000, **start) -> Answer:
    return minimize(objective(text, **start), method, steps=steps)


# --- the classical problems


@pytest.mark.parametrize("method", SCIPY)
def test_the_classical_problems(method):
    """All twelve from their standard starts: right, and known to be right."""
    for problem in data("minimize.jsonl"):
        found = answer(problem["expr"], method, **problem["start"])
        assert found.converged, (problem["id"], found.why)
        assert is_right(problem, found.value), problem["id"]


@pytest.mark.parametrize("method", ["sgd", "momentum", "adam"])
def test_no_wrong_answer_is_claimed_by_the_plain_methods(method):
    """Within 500 steps they get few of these right: they must know which."""
    for problem in data("minimize.jsonl"):
        found = minimize(objective(problem["expr"], **problem["start"]), method, steps=500, rate=1e-3)
        assert is_right(problem, found.value) or not found.converged, problem["id"]


def is_right(problem: dict, value: float) -> bool:
    accepted = [problem["minimum"], *problem.get("also_accepted", [])]
    return any(abs(value - v) <= (1e-8 * abs(v) or 1e-10) for v in accepted)


def test_the_values_at_the_starts():
    for problem in data("minimize.jsonl"):
        f = objective(problem["expr"], **problem["start"])
        assert f.value(f.start) == pytest.approx(problem["value_at_start"], rel=1e-12), problem["id"]


# --- the derivatives


@pytest.mark.parametrize("start", [{"x": 1.5, "y": 0.5}, {"x": [1.5], "y": 0.5}])
def test_the_derivatives(start):
    """x**3*y + exp(x*y): by hand."""
    f = objective("sum(x**3*y + exp(x*y))" if isinstance(start["x"], list) else "x**3*y + exp(x*y)", **start)
    x, y = 1.5, 0.5
    e = math.exp(x * y)
    value, gradient = f.gradient(f.start)
    assert value == pytest.approx(x**3 * y + e, rel=1e-15)
    assert gradient == pytest.approx([3 * x**2 * y + y * e, x**3 + x * e], rel=1e-15)
    mixed = 3 * x**2 + e + x * y * e
    expected = [[6 * x * y + y * y * e, mixed], [mixed, x * x * e]]
    assert f.hessian(f.start) == pytest.approx(np.array(expected), rel=1e-15)
    assert f.product(f.start, np.array([2.0, -1.0])) == pytest.approx(np.array(expected) @ [2, -1], rel=1e-14)


def test_the_step_of_the_curvature_is_newtons():
    """To the minimum of a quadratic with a mixed term, in one step; H*step + g = 0."""
    f = objective("2*x**2 + 3*x*y + 5*y**2 + x - y", x=1.0, y=2.0)
    curvature = Dense(f.hessian(f.start), f.start, f.gradient(f.start)[1], np.array([True, True])).spectrum()
    assert curvature.signs == (0, 0, 2)
    assert f.start + curvature.newton == pytest.approx([-13 / 31, 7 / 31], rel=1e-14)


def test_arrays_and_numbers_are_one_vector():
    f = objective("sum(a*x**2) + b", a=[[1.0, 2.0], [3.0, 4.0]], x=[5.0, 6.0], b=7.0)
    assert f.start.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert {name: np.shape(v) for name, v in f.point(f.start).items()} == {"a": (2, 2), "x": (2,), "b": ()}
    assert f.gradient(f.start)[1].tolist() == [25, 36, 25, 36, 40, 72, 1]


def test_fixed_values_are_not_varied():
    f = Objective(parse("sum((a*t - y)**2)"), {"a": 0.0}, {"t": np.array([1.0, 2.0]), "y": np.array([2.0, 4.0])})
    found = minimize(f, steps=100)
    assert (found.at, found.value, found.converged) == ({"a": 2.0}, 0.0, True)


def test_where_the_value_is_nan_so_is_the_gradient():
    f = objective("log(x)", x=-1.0)
    value, gradient = f.gradient(f.start)
    assert math.isnan(value)
    assert np.isnan(gradient).all()


def test_the_result_is_one_number():
    with pytest.raises(UsageError, match=r"the result has the shape \(2,\)"):
        objective("x**2", x=[1.0, 2.0])
    assert objective("x**2", x=[3.0]).gradient(np.array([3.0]))[0] == 9.0


def test_shapes_that_do_not_go_together_show_their_place():
    with pytest.raises(ExpressionError) as caught:
        objective("sum(x + y)", x=[1.0, 2.0], y=[1.0, 2.0, 3.0])
    assert caught.value.span == (4, 9)


# --- minima


@pytest.mark.parametrize("method", ALL)
def test_a_quadratic_by_every_method(method):
    found = answer("(x - 3)**2 + 2*(y + 1)**2 + 5", method, x=1.0, y=1.0)
    assert found.converged
    assert found.kind == "minimum"
    assert found.method == method
    assert found.value == pytest.approx(5, rel=1e-14)
    assert [found.at["x"], found.at["y"]] == pytest.approx([3, -1], abs=1e-7)


@pytest.mark.parametrize(
    ("text", "start", "minimum", "kind"),
    [
        ("x*log(x)", {"x": 1.0}, -1 / math.e, "minimum"),
        ("x - log(x)", {"x": 1e-5}, 1, "minimum"),  # NaN below 0
        ("exp(x) - x", {"x": 700.0}, 1, "minimum"),  # starts at 1e304
        ("cosh(x)", {"x": 300.0}, 1, "minimum"),
        ("1e-200*(x - 3)**2", {"x": 1.0}, 0, "minimum"),
        ("1e200*(x - 3)**2", {"x": 1.0}, 0, "minimum"),
        ("(1e9*x - 1)^2 + (1e-9*y - 1)^2", {"x": 1.0, "y": 1.0}, 0, "minimum"),
        ("((x - 1e-9)/1e-9)^4", {"x": 1.0}, 0, "minimum"),  # the second derivative tends to 0
        ("x**4", {"x": 3.0}, 0, "minimum"),
        ("(x + y - 3)^2", {"x": 0.0, "y": 0.0}, 0, "undecided"),  # a line of minima
        ("abs(x)**1.5", {"x": 3.0}, 0, "undecided"),
        ("x^2 - abs(x)", {"x": 3.0}, -0.25, "minimum"),  # has a kink on the other side
        ("where(x > 1, (x - 3)^2, 5 - x)", {"x": 0.0}, 0, "minimum"),
        ("gamma(x)", {"x": 3.0}, 0.8856031944108887, "minimum"),
    ],
)  # fmt: skip
def test_minima(text, start, minimum, kind):
    found = answer(text, **start)
    assert found.converged, found.why
    assert found.value == pytest.approx(minimum, rel=1e-14, abs=1e-30)
    assert found.kind == kind


@pytest.mark.parametrize("method", [None, "newton", "lbfgs"])
@pytest.mark.parametrize("count", [300, 2000])
def test_many_variables(method, count):
    text = "sum(100*(x[1::2] - x[::2]^2)^2 + (1 - x[::2])^2)"
    found = answer(text, method, x=np.tile([-1.2, 1.0], count // 2))
    assert found.converged
    assert found.value == pytest.approx(0, abs=1e-20)
    assert found.at["x"] == pytest.approx(np.ones(count), abs=1e-9)


@pytest.mark.parametrize("start", [(-1.2, 1.0), (0.0, 0.0), (-1.0, -1.0), (2.0, 2.0)], ids=str)
def test_rosenbrocks_chain_as_an_array_and_as_numbers(start):
    """Of the chain's two minima (1, 1, ..) has the value 0, and the other one, near (-1, 1, ..), 3.98 and more."""
    count = 300
    x = np.tile(start, count // 2)
    whole = answer("sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)", x=x)
    terms = [f"100*(x{k + 1} - x{k}**2)**2 + (1 - x{k})**2" for k in range(count - 1)]
    numbers = answer(" + ".join(terms), **{f"x{k}": v for k, v in enumerate(x)})
    for found in (whole, numbers):
        assert (found.converged, found.kind) == (True, "minimum"), found.why
        assert found.value < 1e-20 or found.value == pytest.approx(3.986623854, rel=1e-9)
    assert numbers.value == pytest.approx(whole.value, abs=1e-20)
    assert whole.steps * 10_000 / count < STEPS  # they grow as the variables: 10,000 of these have enough


@pytest.mark.parametrize("fixed", [{}, {"c": 0.3}])
def test_many_numbers_have_the_derivatives_of_few(fixed):
    """By levels: value, gradient and products are those of the same formula in small pieces (torch has the same)."""
    count = 60
    text = " + ".join(
        f"sin(x{k})*exp(-x{k + 1}/c) + x{k}**3/(1 + x{k + 1}**2) - where(x{k} > 0, x{k}, 2)" for k in range(count)
    )
    names = [f"x{k}" for k in range(count + 1)]
    start = dict.fromkeys(names, 0.0) | ({} if fixed else {"c": 0.3})
    f = Objective(parse(text), start, fixed)
    x, v = np.random.default_rng(1).uniform(-2, 2, (2, f.size))
    if not fixed:
        x[f.names.index("c")] = 0.3
    pairs = parse("sin(x)*exp(-y/c) + x**3/(1 + y**2) - where(x > 0, x, 2)")
    value, gradient, product = 0.0, np.zeros(f.size), np.zeros(f.size)
    at, along = dict(zip(f.names, x, strict=True)), dict(zip(f.names, v, strict=True))
    for a, b in itertools.pairwise(names):
        own = {"x": a, "y": b, **({} if fixed else {"c": "c"})}
        part = Objective(pairs, {k: at[n] for k, n in own.items()}, fixed)
        y = np.array([at[own[k]] for k in part.names])
        places = [f.names.index(own[k]) for k in part.names]
        value += part.value(y)
        gradient[places] += part.gradient(y)[1]
        product[places] += part.product(y, np.array([along[own[k]] for k in part.names]))
    assert f.value(x) == pytest.approx(value, rel=1e-13)
    assert f.gradient(x)[1] == pytest.approx(gradient, rel=1e-12, abs=1e-12)
    assert f.product(x, v) == pytest.approx(product, rel=1e-12, abs=1e-12)
    assert f.product(2 * x, v) != pytest.approx(product)
    assert f.product(x, v) == pytest.approx(product, rel=1e-12, abs=1e-12)


# --- no minima

NOT_MINIMA = [
    ("sqrt(4 + x^2) - x", {"x": 5.0}),  # falls towards 0, and is lost in rounding before
    ("sqrt(4 + x^2) - x + 1", {"x": 5.0}),
    ("2 - x/sqrt(4 + x^2)", {"x": 0.0}),
    ("x - sqrt(x^2 - 1)", {"x": 2.0}),
    ("sqrt(x^2 + y^2 + 1) - x", {"x": 1.0, "y": 1.0}),
    ("log(x + 1) - log(x)", {"x": 1.0}),
    ("1e6 - atan(x)", {"x": 1.0}),
    ("1 - sigmoid(x)", {"x": 0.0}),
    ("cosh(x) - sinh(x)", {"x": 1.0}),
    ("softplus(-x) + 1000", {"x": 0.0}),
    ("abs(x) - y^2", {"x": 0.0, "y": 0.0}),  # a kink along which it falls
    ("abs(y - x^2) - x^2/2", {"x": 0.0, "y": 0.0}),  # along a parabola alone
    ("abs(x) - abs(y)", {"x": 0.0, "y": 0.0}),
    ("x^2 + floor(x)", {"x": 0.0}),
    ("exp(-x)", {"x": 0.0}),  # falls towards 0 for ever
    ("exp(-x)", {"x": 800.0}),  # value and gradient underflow
    ("exp(-x) + 1", {"x": 0.0}),  # the value stops changing long before
    ("exp(-(x + y)) + (x - y)^2", {"x": 0.0, "y": 1.0}),
    ("exp(-(x + y)) + (x - y)^2 + 1", {"x": 0.0, "y": 1.0}),
    ("1/x", {"x": 1.0}),
    ("atan(x)", {"x": 1.0}),
    ("tanh(x)", {"x": 0.0}),
    ("log(1 + exp(-x))", {"x": 0.0}),
    ("1 + exp(-x^2)", {"x": 0.1}),
    ("exp(-x^4)", {"x": 0.5}),
    ("-x", {"x": 1.0}),
    ("x**3", {"x": 1.0}),
    ("x**3", {"x": 0.0}),  # an inflection
    ("log(x)", {"x": 1.0}),
    ("x^2 - y^2", {"x": 0.0, "y": 0.0}),
    ("x^2 - y^2", {"x": 1.0, "y": 1e-3}),
    ("-abs(x)", {"x": 0.0}),
    ("-x^2*y^2", {"x": 0.0, "y": 0.0}),  # falls between the axes alone
    ("(y - x^2)*(y - 2*x^2)", {"x": 0.0, "y": 0.0}),  # falls along a parabola alone (Peano)
    ("floor(x)", {"x": 2.5}),
    ("relu(x)", {"x": -3.0}),
    ("where(x > 1, (x - 3)^2, 5)", {"x": 0.0}),  # a plateau above the minimum
    ("0*x", {"x": 1.0}),
    ("log(-x)", {"x": 1.0}),
    ("x^2", {"x": math.inf}),
    ("x^2", {"x": math.nan}),
]  # fmt: skip


def test_where_rounding_has_spoilt_the_value_nothing_is_claimed():
    """Beside 0 the floats of the quotient are 0; by hand it is 1/2 there."""
    found = answer("(1 - cos(x))/x^2 + x^2", x=1.0)
    assert (found.converged, found.kind) == (False, "undecided")
    assert found.why.endswith("rounding has spoilt the value, which is 0.5 here")


def test_second_derivatives_that_are_nothing_but_rounding_are_not_judged_by():
    """`d²/dx² (-sin(x)/x)` is 1/3 at 0; floats beside it give anything."""
    found = answer("-sin(x)/x", x=0.5)
    assert (found.converged, found.kind, found.value) == (True, "minimum", -1.0)


@pytest.mark.parametrize("method", [None, *ALL])
@pytest.mark.parametrize(("text", "start"), NOT_MINIMA, ids=str)
def test_no_minimum_is_claimed(text, start, method):
    found = answer(text, method, steps=2000, **start)
    assert not found.converged
    assert found.why


@pytest.mark.parametrize("method", [None, "lbfgs", "sgd", "adam"])
@pytest.mark.parametrize(
    ("text", "start"),
    [("sum(exp(-x))", 1.0), ("sum(x[1:]^2) - x[0]^2", 0.0), ("sum(x[1:]^2) - x[0]^2", 1.0), ("sum(floor(x))", 1.5)],
)
def test_no_minimum_is_claimed_of_many_variables(text, start, method):
    assert not answer(text, method, steps=2000, x=[start] * 1000).converged


# The minimum of the logistic fit is mpmath's, at 40 digits.
LOGISTIC = "sum((1/(1 + exp(-b*([100,200,300,400,500] - a))) - [0,.1,.6,.9,1])^2)"

# Where nothing points downhill at first: saddles, maxima, plateaus.
WAYS_DOWN = [
    ("cos(x)", {"x": 0.0}, -1.0),
    ("x^4 - x^2", {"x": 0.0}, -0.25),
    ("x^6 - x^4", {"x": 0.0}, -4 / 27),  # a maximum that the Hessian does not see
    ("x^2 - abs(x)", {"x": 0.0}, -0.25),  # a kink between two minima
    ("round(x)^2", {"x": 3.3}, 0.0),
    ("x^2 + y^4 - y^2", {"x": 0.0, "y": 0.0}, -0.25),
    ("(x^2 - 1)^2 + (y^2 - 1)^2", {"x": 0.0, "y": 0.0}, 0.0),
    ("x*y*exp(-x^2 - y^2)", {"x": 0.0, "y": 0.0}, -0.5 / math.e),
    ("sin(x)*sin(y)", {"x": 0.0, "y": 0.0}, -1.0),
    ("sum(x^4 - x^2)", {"x": [0.0] * 30}, -7.5),
    (LOGISTIC, {"a": 1.0, "b": 1.0}, 0.0021057337793129694),
    (LOGISTIC, {"a": 0.0, "b": 10.0}, 0.0021057337793129694),
    (LOGISTIC, {"a": 300.0, "b": 1.0}, 0.0021057337793129694),  # over a valley that is level in floats
    (LOGISTIC, {"a": 600.0, "b": 0.5}, 0.0021057337793129694),
    ("x - 1e-6*log(x)", {"x": 1.0}, 1e-6 - 1e-6 * math.log(1e-6)),  # the first steps lead out of the domain
    ("-log(x) - log(1 - x)", {"x": 1e-9}, 2 * math.log(2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "minimum"), WAYS_DOWN)
def test_a_way_down_is_found(text, start, minimum):
    found = answer(text, **start)
    assert found.converged, found.why
    assert found.value == pytest.approx(minimum, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "low", "where"),
    [
        ("x - 1e-6*log(x)", -math.inf, 1e-6),  # NaN below 0
        ("x**1.5 - 0.1*x", 0.0, 1 / 225),  # at its bound the value and the slope are finite, and the Hessian is not
    ],
)
def test_a_trial_without_a_hessian_shrinks_the_region(text, low, where):
    """It does not end the way down, which is one from x = 1 on."""
    recorder = Recorder(objective(text, x=1.0), 1000, (np.array([low]), np.array([math.inf])))
    region(recorder)
    assert recorder.last.x == pytest.approx([where], rel=1e-9)


@pytest.mark.parametrize(
    ("text", "start", "where"),
    [
        ("exp(x) - 100*x", 5.0, math.log(100)),
        ("x - 7*log(x)", 3.0, 7.0),
        ("1e10 + exp(x) - 3*x", 5.0, math.log(3)),
        ("x^x", 3.0, 1 / math.e),
        ("tan(x) - 2*x", 1.5, math.pi / 4),
    ],
)
def test_the_last_step_is_newtons(text, start, where):
    """The value is flat there: a lower one says nothing about the last digits of the place."""
    assert answer(text, x=start).at["x"] == pytest.approx(where, rel=1e-15)


# At kinks; the values by hand, and of the named problems from Lukšan and Vlček, Test problems for nonsmooth
# unconstrained and linearly constrained optimization (2000).
KINKS = [
    ("relu(1 - x) + 0.01*x^2", {"x": -3.0}, 0.01),
    ("abs(x - 1) + 3*abs(y + x)", {"x": 4.0, "y": 2.0}, 0.0),
    ("max(abs(x), abs(y))", {"x": 3.0, "y": 2.0}, 0.0),
    ("hypot(x, y)", {"x": 2.0, "y": 1.0}, 0.0),
    ("sqrt(x^2 + y^2)", {"x": 2.0, "y": 1.0}, 0.0),
    ("norm(x) + 0.1*sum((x - 1)^2)", {"x": [3.0, -1.0, 2.0]}, 0.3),
    ("5*hypot(x - 3, y - 4) + hypot(x, y) + hypot(x - 6, y)", {"x": 1.0, "y": 1.0}, 10.0),  # Fermat's point, weighted
    ("sum(abs(x)) + 0.5*sum((x - [3, 0.5, -2])^2)", {"x": [0.0, 0.0, 0.0]}, 4.125),  # the lasso
    ("sum(abs(x - [1, 2, 3, 4, 5]))", {"x": [1.0, -2.0, 3.0, -4.0, 5.0]}, 0.0),
    ("amax(abs(x))", {"x": [1.0, -2.0, 3.0, -4.0, 5.0]}, 0.0),
    ("max(x^2, (x - 2)^2)", {"x": 4.0}, 1.0),
    ("max(x^2 + y^4, max((2 - x)^2 + (2 - y)^2, 2*exp(y - x)))", {"x": 1.0, "y": -0.1}, 1.952224493870659),  # CB2
    ("max(x^4 + y^2, max((2 - x)^2 + (2 - y)^2, 2*exp(y - x)))", {"x": 2.0, "y": 2.0}, 2.0),  # CB3
    ("max(5*x + y, max(-5*x + y, x^2 + y^2 + 4*y))", {"x": 1.0, "y": 1.0}, -3.0),  # DEM
    ("max(-x - y, -x - y + x^2 + y^2 - 1)", {"x": -0.5, "y": -0.5}, -math.sqrt(2)),  # LQ
    ("-x + 20*max(x^2 + y^2 - 1, 0)", {"x": 0.8, "y": 0.6}, -1.0),  # Mifflin 1
    ("-x + 2*(x^2 + y^2 - 1) + 1.75*abs(x^2 + y^2 - 1)", {"x": -1.0, "y": -1.0}, -1.0),  # Mifflin 2
    ("abs(1 - x) + 100*abs(y - x^2)", {"x": -1.2, "y": 1.0}, 0.0),
    ("f = x^2 + y^2; max(f, max(f + 10*(4 - 4*x - y), f + 10*(6 - x - 2*y)))", {"x": -1.0, "y": 5.0}, 7.2),  # QL
    ("abs(x - 1)/4 + abs(y - 2*abs(x) + 1)", {"x": 0.0, "y": -1.0}, 0.0),  # Nesterov's: a kink that only seems lowest
    ("sum(abs([1, 2, 3, 4, 50] - (x + y*[1, 2, 3, 4, 5])))", {"x": 0.0, "y": 0.0}, 45.0),
    # cusps: infinite slopes
    ("sqrt(abs(x))", {"x": 1.0}, 0.0),
    ("cbrt(x)^2", {"x": 1.0}, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "minimum"), KINKS)
def test_at_kinks_the_slopes_on_the_sides_tell(text, start, minimum):
    found = answer(text, **start)
    assert found.converged, found.why
    assert found.kind == "kink"
    assert found.value == pytest.approx(minimum, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize(
    ("text", "start", "maximum", "kind"),
    [
        ("x*exp(-x)", {"x": 3.0}, 1 / math.e, "maximum"),
        ("-abs(x - 2)", {"x": 5.0}, 0.0, "kink"),
        ("x*y*exp(-x^2 - y^2)", {"x": 0.0, "y": 0.0}, 0.5 / math.e, "maximum"),
    ],
)
def test_maxima(text, start, maximum, kind):
    found = minimize(Objective(parse(text, bound=set(start)), start, {}, maximize=True), steps=1000)
    assert (found.converged, found.kind, found.wanted) == (True, kind, "maximum")
    assert found.value == pytest.approx(maximum, rel=1e-14, abs=1e-15)


def test_what_speaks_against_a_maximum_is_told_in_its_words():
    found = minimize(Objective(parse("x^2"), {"x": 1.0}, {}, maximize=True), steps=1000)
    assert not found.converged
    assert "the value rises without end: there is no maximum on this way" in found.why


@pytest.mark.parametrize("method", [None, *ALL])
@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("abs(x)", {"x": 5.0}),
        ("abs(x - 1) + 3*abs(y + x)", {"x": 4.0, "y": 2.0}),
        ("max(abs(x), abs(y))", {"x": 3.0, "y": 2.0}),
        ("sqrt(x^2 + y^2)", {"x": 2.0, "y": 1.0}),
        ("hypot(x, y)", {"x": 2.0, "y": 1.0}),
    ],
)  # fmt: skip
def test_at_a_kink_nothing_wrong_is_claimed(text, start, method):
    """The minimum of each is 0, at a kink: to be found, or not to be claimed."""
    found = answer(text, method, steps=2000, **start)
    assert not found.converged or found.value == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(
    ("text", "start", "kind"),
    [
        ("x^2 - y^2", {"x": 0.0, "y": 0.0}, "saddle"),
        ("x*y", {"x": 0.0, "y": 0.0}, "saddle"),
        ("cos(x)", {"x": 0.0}, "maximum"),
        ("-x^2 - y^2", {"x": 0.0, "y": 0.0}, "maximum"),
        ("x**3", {"x": 0.0}, "undecided"),
        ("exp(-x)", {"x": 0.0}, "undecided"),
    ],
)
def test_kinds(text, start, kind):
    """Of the place itself: the method would go on from most of them."""
    with np.errstate(all="ignore"):
        assert judge(Recorder(objective(text, **start), limit=1)).kind == kind


def test_the_way_from_near_a_saddle_leads_down():
    found = answer("x^2 + y^4 - y^2", x=1.0, y=1e-9)
    assert found.converged
    assert found.value == pytest.approx(-0.25, rel=1e-14)


# --- bounds


@pytest.mark.parametrize("method", [None, "lbfgs", "sgd", "momentum", "adam"])
@pytest.mark.parametrize(
    ("text", "low", "high", "start", "where"),
    [
        ("x^2", 1, 5, 2.0, 1.0),
        ("-x", 1, 5, 2.0, 5.0),
        ("(x - 3)^2", 1, 5, 4.5, 3.0),
        ("(x - 3)^2", 4, 4, 4.0, 4.0),
    ],
)
def test_bounds(text, low, high, start, where, method):
    found = minimize(objective(text, x=start), method, steps=5000, bounds=(np.array([low]), np.array([high])))
    assert found.converged, found.why
    assert found.at["x"] == pytest.approx(where, rel=1e-7)
    assert found.grad_norm == pytest.approx(0, abs=1e-6)


def test_a_maximum_at_a_bound_is_none_of_the_minima():
    bounds = (np.array([0.0]), np.array([1.0]))
    found = minimize(objective("-x^2", x=0.0), steps=100, bounds=bounds)
    assert (found.converged, found.value, found.at) == (True, -1.0, {"x": 1.0})


def test_bounds_of_one_variable_excuse_no_other():
    bounds = (np.array([-math.inf, 0.0]), np.array([math.inf, 1.0]))
    found = minimize(objective("exp(-x) + y^2", x=0.0, y=1.0), steps=5000, bounds=bounds)
    assert not found.converged
    assert not minimize(objective("exp(-x) + y^2", x=800.0, y=1.0), steps=5000, bounds=bounds).converged


# --- the steps


def test_each_step_is_told():
    steps: list[Step] = []
    found = minimize(objective("(x - 3)**2", x=1.0), "sgd", steps=3, rate=0.25, tell=steps.append)
    # Each step of 0.25*2*(x - 3) halves the distance.
    assert [step.x.tolist() for step in steps] == [[1.0], [2.0], [2.5], [2.75]]
    assert [step.value for step in steps] == [4.0, 1.0, 0.25, 0.0625]
    assert [step.norm for step in steps] == [4.0, 2.0, 1.0, 0.5]
    assert (found.steps, found.converged) == (3, False)
    assert "the 3 steps are used up" in found.why


def test_one_step_is_told_in_the_singular():
    assert "the one step is used up" in minimize(objective("(x - 3)**2", x=1.0), "sgd", steps=1).why


def test_momentum_and_adam_follow_their_formulas():
    """Two steps by hand: Sutskever's form of momentum as PyTorch has it; Kingma and Ba's algorithm 1."""
    steps: list[Step] = []
    minimize(objective("x**2", x=1.0), "momentum", steps=2, rate=0.1, tell=steps.append)
    assert [step.x[0] for step in steps] == pytest.approx([1, 0.8, 0.8 - 0.1 * (0.9 * 2 + 1.6)], rel=1e-15)
    steps.clear()
    minimize(objective("x**2", x=1.0), "adam", steps=1, rate=0.1, tell=steps.append)
    assert steps[1].x[0] == pytest.approx(1 - 0.1 * 2 / (2 + 1e-8), rel=1e-15)


def test_too_large_steps_are_told():
    found = answer("x^2", "sgd", steps=10_000, x=1.0)
    assert found.converged
    found = minimize(objective("x^2", x=1.0), "sgd", steps=10_000, rate=10.0)
    assert not found.converged
    assert "steps of --lr 10 may be too large" in found.why
    assert math.isfinite(found.value)


def test_evaluations_are_counted():
    f = objective("(x - 3)**2", x=1.0)
    f.evaluations = 0
    f.gradient(f.start)
    f.value(f.start)
    f.hessian(f.start)
    assert f.evaluations == 3


def test_a_slope_that_the_value_cannot_show_is_not_called_a_fall():
    """From 0 no length is known, and a step of length 0 is not beyond it."""
    found = answer("1 + 1e-30*x", x=0.0)
    assert (found.converged, found.kind) == (False, "undecided")
    assert "the value is the same all around" in found.why
