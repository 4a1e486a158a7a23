"""The conventions at edges: what value and partials a row gives where there is no derivative."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from op_reference import TABLE
from op_slopes import Slopes

from gradcli.core.graph import VARIABLE, Builder, finish
from gradcli.core.reverse import differentiate
from gradcli.domains.float_tape import Tape

INF, NAN = math.inf, math.nan

EDGES = [
    # name, point, value, partials; the partials beside a value that is NaN are the executor's
    ("abs", (0,), 0, (0,)),
    ("relu", (0,), 0, (0,)),
    ("relu", (-1,), 0, (0,)),
    ("leaky_relu", (0, 0.01), 0, (0.01, 0)),
    ("leaky_relu", (-2, 0.01), -0.02, (0.01, -2)),
    ("leaky_relu", (2, 0.01), 2, (1, 0)),
    ("elu", (0, 1), 0, (1, 0)),
    ("elu", (0, 2), 0, (2, 0)),
    ("elu", (800, 1), 800, (1, 0)),
    ("hypot", (0, 0), 0, (0, 0)),
    ("hypot", (0, 5e-324), 5e-324, (0, 1)),
    ("atan2", (0, 0), 0, (0, 0)),
    ("atan2", (0, -2), math.pi, (-0.5, 0)),
    ("atan2", (1, 1), math.pi / 4, (0.5, -0.5)),
    ("atan", (1,), math.pi / 4, (0.5,)),
    ("sign", (0,), 0, (0,)),
    ("floor", (2,), 2, (0,)),
    ("ceil", (2,), 2, (0,)),
    ("round", (2.5,), 2, (0,)),
    ("trunc", (2,), 2, (0,)),
    ("frac", (2,), 0, (1,)),
    ("heaviside", (0, 0.25), 0.25, (0, 1)),
    ("heaviside", (3, 0.25), 1, (0, 0)),
    ("max", (2, 2), 2, (0.5, 0.5)),
    ("max", (3, 3, 3), 3, (1 / 3, 1 / 3, 1 / 3)),
    ("min", (1, 2), 1, (1, 0)),
    ("min", (2, 2, 3), 2, (0.5, 0.5, 0)),
    ("clamp", (0, 0, 1), 0, (1, 0, 0)),
    ("clamp", (1, 0, 1), 1, (1, 0, 0)),
    ("clamp", (2, 0, 1), 1, (0, 0, 1)),
    ("sqrt", (0,), 0, (INF,)),
    ("cbrt", (0,), 0, (INF,)),
    ("log", (0,), -INF, (INF,)),
    ("log2", (0,), -INF, (INF,)),
    ("log10", (0,), -INF, (INF,)),
    ("log1p", (-1,), -INF, (INF,)),
    ("log_base", (0, 2), -INF, (INF, INF)),
    ("logit", (0,), -INF, (INF,)),
    ("logit", (1,), INF, (INF,)),
    ("asin", (1,), math.pi / 2, (INF,)),
    ("asin", (-1,), -math.pi / 2, (INF,)),
    ("acos", (1,), 0, (-INF,)),
    ("acosh", (1,), 0, (INF,)),
    ("atanh", (1,), INF, (INF,)),
    ("atanh", (-1,), -INF, (INF,)),
    ("erfinv", (1,), INF, (INF,)),
    ("erfinv", (-1,), -INF, (INF,)),
    ("reciprocal", (0,), INF, (-INF,)),
    ("rsqrt", (0,), INF, (-INF,)),
    ("div", (1, 0), INF, (INF, -INF)),
    ("cot", (0,), INF, (-INF,)),
    ("csc", (0,), INF, (-INF,)),
    ("gamma", (0,), INF, (-INF,)),
    ("lgamma", (0,), INF, (-INF,)),
    ("lgamma", (-3,), INF, (NAN,)),
    ("digamma", (0,), -INF, (INF,)),
    ("pow", (0, 0), 1, (0, 0)),
    ("pow", (0, 2), 0, (0, 0)),
    ("pow", (0, 1), 0, (1, 0)),
    ("pow", (0, 0.5), 0, (INF, 0)),
    ("pow", (-2, 3), -8, (12, NAN)),
    ("pow", (2, 0), 1, (0, math.log(2))),
    ("xlogy", (0, 0), 0, (-INF, 0)),
    ("xlogy", (0, 2), 0, (math.log(2), 0)),
    ("sinc", (0,), 1, (0,)),
    ("sinc", (1,), 0, (-1,)),
    ("logaddexp", (-INF, 3), 3, (0, 1)),
    ("logaddexp", (1000, 1000), 1000 + math.log(2), (0.5, 0.5)),
    ("tanh", (INF,), 1, (0,)),
    ("sigmoid", (-INF,), 0, (0,)),
    ("softplus", (INF,), INF, (1,)),
    ("softsign", (0,), 0, (1,)),
    ("softsign", (-INF,), -1, (0,)),
    ("exp", (-INF,), 0, (0,)),
    ("exp", (1000,), INF, (INF,)),
    ("atan", (INF,), math.pi / 2, (0,)),
    ("mod", (7, 3), 1, (1, -2)),
    ("gamma_density", (1, 0), 1, (-INF, -1)),
    ("gamma_density", (2, 0), 0, (NAN, 1)),
    ("gamma_density", (0.5, 0), INF, (-INF, -INF)),
    ("gamma_density", (3, INF), 0, (NAN, 0)),
    ("fmod", (-7, 3), -1, (1, 2)),
]


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@pytest.mark.parametrize(("name", "point", "value", "partials"), EDGES)
def test_convention(name: str, point: tuple, value: float, partials: tuple) -> None:
    y, gradient, _ = Slopes(TABLE[name], len(point)).at(*map(float, point))
    assert same(y, value)
    assert len(gradient) == len(partials)
    assert all(map(same, gradient, partials)), gradient


OUTSIDE = [
    ("log", (-1,)), ("log2", (-1,)), ("log10", (-1,)), ("log1p", (-2,)), ("sqrt", (-1,)), ("rsqrt", (-1,)),
    ("asin", (2,)), ("acos", (-2,)), ("acosh", (0.5,)), ("atanh", (2,)), ("logit", (2,)), ("logit", (-1,)),
    ("erfinv", (2,)), ("pow", (-2, 0.5)), ("mod", (1, 0)), ("fmod", (1, 0)), ("mod", (INF, 2)), ("sin", (INF,)),
    ("cos", (-INF,)), ("tan", (INF,)), ("gamma", (-2,)), ("digamma", (-2,)), ("log_base", (-1, 2)),
    ("log_base", (2, -1)), ("polygamma", (1.5, 2)), ("polygamma", (-1, 2)), ("polygamma", (2, -3)),
    ("xlogy", (1, -1)), ("div", (0, 0)), ("mul", (0, INF)), ("sub", (INF, INF)), ("frac", (INF,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "point"), OUTSIDE)
def test_no_value_outside_the_domain(name: str, point: tuple) -> None:
    assert math.isnan(Slopes(TABLE[name], len(point)).at(*map(float, point))[0])


@pytest.mark.parametrize("name", ["sqrt", "log", "log2", "log10", "logit"])
def test_slope_at_minus_zero_is_the_limit_from_within_the_domain(name: str) -> None:
    """f(-x) at 0 goes through -0: its slope is minus infinity, as the limit from below says."""
    builder = Builder()
    x = builder.intern((VARIABLE, "x"))
    value = builder.intern((TABLE[name], builder.intern((TABLE["neg"], x))))
    tape = Tape(finish(builder, [differentiate(builder, value, [x])[x]]))
    assert tape.run({"x": 0.0})[tape.outputs[0]] == -INF


MARKS = [
    ("kink", "abs", (0,)), ("kink", "relu", (0,)), ("kink", "max", (2, 2)), ("kink", "clamp", (1, 0, 1)),
    ("kink", "hypot", (0, 0)), ("kink", "leaky_relu", (0, 0.01)), ("kink", "elu", (0, 2)), ("jump", "atan2", (0, 0)),
    ("jump", "atan2", (0, -1)), ("jump", "sign", (0,)), ("jump", "floor", (3,)), ("jump", "round", (-1.5,)),
    ("jump", "trunc", (3,)), ("jump", "frac", (-3,)), ("jump", "mod", (6, 3)), ("jump", "fmod", (6, 3)),
    ("jump", "heaviside", (0, 1)), ("jump", "lt", (1, 1)), ("pole", "sqrt", (0,)), ("pole", "log", (0,)),
    ("pole", "asin", (-1,)), ("pole", "div", (1, 0)), ("pole", "pow", (0, 0.5)), ("pole", "gamma", (-1,)),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "name", "point"), MARKS)
def test_predicates_know_the_edge(mark: str, name: str, point: tuple) -> None:
    assert getattr(TABLE[name], mark)(*map(float, point))


SMOOTH = [
    ("kink", "leaky_relu", (0, 1)), ("kink", "elu", (0, 1)), ("jump", "trunc", (0,)), ("jump", "fmod", (0, 3)),
    ("jump", "floor", (0.5,)), ("jump", "round", (2,)), ("jump", "atan2", (0, 1)), ("pole", "pow", (0, 2)),
    ("pole", "pow", (0, 1)), ("kink", "max", (1, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "name", "point"), SMOOTH)
def test_predicates_are_silent_beside_it(mark: str, name: str, point: tuple) -> None:
    assert not getattr(TABLE[name], mark)(*map(float, point))


PREDICATES = [
    (row.name, fact)
    for row in TABLE.values()
    for fact in ("kink", "jump", "pole", "end", "underflow")
    if not row.whole and getattr(row, fact) is not None
]


@pytest.mark.parametrize(("name", "fact"), PREDICATES)
def test_a_predicate_says_of_arrays_what_it_says_of_their_elements_or_raises(name, fact):
    """The notes on arrays ask it of all elements at once where they can."""
    row = TABLE[name]
    predicate = getattr(row, fact)
    count = 2 if row.variadic else len(row.signature.split(","))
    numbers = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 90.0, INF, -INF)[: 10 if count < 3 else 6]
    points = list(itertools.product(numbers, repeat=count))
    with np.errstate(all="ignore"):
        try:
            found = predicate(*np.array(points).T)
        except (TypeError, ValueError, ArithmeticError):
            return
    assert np.broadcast_to(found, len(points)).tolist() == [bool(predicate(*point)) for point in points]


@pytest.mark.parametrize(
    "name", ["abs", "relu", "leaky_relu", "max", "clamp", "hypot", "floor", "round", "trunc", "lt"]
)
def test_kinks_and_steps_that_networks_are_full_of_are_asked_at_once(name):
    row = TABLE[name]
    predicate = row.kink or row.jump
    x = [np.array([0.0, 1.0])] * (2 if row.variadic else len(row.signature.split(",")))
    assert np.shape(predicate(*x)) == (2,)
