"""Operations on whole arrays of balls and of sympy's expressions: against NumPy's floats, and what is undecided."""

from __future__ import annotations

import flint
import numpy as np
import pytest
from flint import arb
from test_op_arrays import RULES

from gradcli import function
from gradcli.api.function import Function
from gradcli.core.ops import TABLE
from gradcli.domains.ball_tape import execute
from gradcli.domains.digits import each
from gradcli.domains.domain import UndecidedError
from gradcli.domains.objects import balls
from gradcli.language.parser import parse
from gradcli.witness.direction import direction
from gradcli.witness.formula import Formula
from gradcli.witness.symbolic import _ratios, task

# What sympy leaves unevaluated, because it hangs on the point, or takes minutes for.
NOT_BY_SYMPY = (
    "cofactor_along",
    "inv(x)",
    "solve(x, y)",
    "sort(",
    "ordered",
    "unordered",
    "median",
    "middle",
    "quantile(",
)


def trial(text: str, shapes: dict) -> tuple[str, dict]:
    """A number that every element counts in, and a point."""
    random = np.random.default_rng(len(text))
    at = {name: random.uniform(0.4, 1.6, shape)[()] for name, shape in shapes.items()}
    at["weights"] = random.uniform(0.5, 1.5, np.shape(function(text)(**at)))[()]
    return f"sum(weights*({text}) + ({text})**2)", at


@pytest.mark.parametrize(("text", "shapes"), RULES)
def test_balls_hold_the_floats(text: str, shapes: dict) -> None:
    """The value and every partial, by the same graph."""
    text, at = trial(text, shapes)
    f = Function(parse(text))
    value, grad = f.value_and_grad(**at)
    graph = f.optimised(arrays=True)
    with flint.ctx.workprec(200):
        values = execute(graph.nodes, {name: each(x, arb) for name, x in at.items()}).values
    for float_, i in zip([value, *grad.values()], graph.outputs, strict=True):
        found = np.broadcast_to(values[i], np.shape(float_))
        assert np.shape(values[i]) in (np.shape(float_), ())
        for x, ball in zip(np.ravel(float_), found.ravel(), strict=True):
            assert ball.rel_accuracy_bits() > 100 or abs(ball) < 1e-30
            assert abs(ball - float(x)) < 1e-12 * (1 + abs(ball))


@pytest.mark.parametrize(("text", "shapes"), [rule for rule in RULES if not rule[0].startswith(NOT_BY_SYMPY)])
def test_sympy_agrees_along_a_direction(text: str, shapes: dict) -> None:
    text, at = trial(text, shapes)
    program = parse(text)
    value, grad = Function(program).value_and_grad(**at)
    formula = Formula(task(program, program.variables))
    point = [_ratios(at[x]) for x in program.variables]
    kind, mantissa, exponent, _ = formula.at(0, point)
    assert kind == "number"
    assert float(arb((mantissa, exponent))) == pytest.approx(value, rel=1e-12)
    name, k = program.variables[1], 2  # the first is `weights`
    along = direction(np.shape(at[name])) if np.shape(at[name]) else 1.0
    kind, *number = formula.at(k, point)
    slope = float(arb((number[0], number[1]))) if kind == "number" else 0.0
    assert slope == pytest.approx(float(np.sum(along * grad[name])), rel=1e-10, abs=1e-12)


def balls_of(*numbers: arb | float) -> np.ndarray:
    return np.array([arb(x) if isinstance(x, float) else x for x in numbers], object)


WIDE = balls_of(arb(1.05, 0.2), arb(1, 0.1))


def test_an_extreme_holds_every_ball_that_may_be_it() -> None:
    domain = balls()
    largest = domain["amax"](WIDE, None, arb(0))
    assert largest.contains(1.25)
    assert not largest.contains(0.89)
    assert domain["amin"](WIDE, None, arb(0)).contains(0.85)
    sure = balls_of(arb(1, 0.1), arb(2, 0.1))
    assert domain["amax"](sure, None, arb(0)) is sure[1]
    assert domain["argmax"](sure, None, arb(0)) == 1


def test_what_is_undecided_is_no_truth() -> None:
    domain = balls()
    for name in ("argmax", "argmin"):
        with pytest.raises(UndecidedError):
            domain[name](WIDE, None, arb(0))
    perhaps = balls_of(0.0, arb(0, 0.1))
    for name in ("any", "all"):
        truth = domain[name](perhaps, None, arb(0))
        assert truth.contains(0)
        assert truth.contains(1) or name == "all"
    assert domain["any"](balls_of(arb(0, 0.1), 2.0), None, arb(0)) == 1
    assert domain["all"](balls_of(arb(0, 0.1), 0.0), None, arb(0)) == 0
    assert domain["any"](balls_of(), None, arb(0)) == 0
    with pytest.raises(UndecidedError):
        domain["index"](WIDE, arb(0.5, 0.6))


def test_a_matrix_that_may_be_singular_has_any_inverse() -> None:
    matrix = np.array([[arb(1, 0.1), arb(1)], [arb(1), arb(1)]], object)
    domain = balls()
    assert domain["det"](matrix).contains(0)
    assert all(x.contains(1e6) and x.contains(-1e6) for x in domain["inv"](matrix).flat)
    assert all(x.contains(1e6) for x in domain["solve"](matrix, balls_of(1.0, 2.0)).flat)


def test_stacks_of_matrices_broadcast() -> None:
    text, at = "sum(solve(a, b))", {"a": np.array([[2.0, 1.0], [1.0, 3.0]]), "b": np.ones((3, 2, 1))}
    f = Function(parse(text))
    value, grad = f.value_and_grad(**at)
    found = f.proven_at(at, 16)
    assert float(found.value) == pytest.approx(value)
    assert np.allclose(found.grad["a"].astype(float), grad["a"])


def test_the_second_derivative_of_a_singular_determinant_is_known_of_small_matrices_and_never_nan() -> None:
    def along(x: list, g: list) -> np.ndarray:
        return balls()["cofactor_along"](*[each(np.array(m, object), arb) for m in (x, g)])

    assert np.array_equal(along([[1, 2], [2, 4]], [[5, 6], [7, 8]]).astype(float), [[8, -7], [-6, 5]])
    rank_2, more = np.diag([2, 3, 0, 0]).tolist(), np.diag([0, 0, 1, 1]).tolist()
    assert np.array_equal(along(rank_2, more).astype(float), np.diag([0, 0, 6, 6]))  # det(x + t*g) is 6*t**2
    assert not np.any(along([[1] * 4] * 4, np.eye(4).tolist()).astype(float))  # of rank 1
    assert all(x.contains(1e6) for x in along([[1] * 5] * 5, np.eye(5).tolist()).flat)


def test_infinities_that_may_cancel_are_any_number() -> None:
    line = arb(0, "inf")
    assert balls()["sum"](balls_of(arb("inf"), line), None, arb(0)).contains(3)
    assert balls()["sum"](balls_of(arb("nan"), 1.0), None, arb(0)).is_nan()


def test_every_definition_of_a_row_on_arrays_is_tried() -> None:
    tried = " ".join(text for text, _ in RULES)
    for name, row in TABLE.items():
        if row.whole and row.definition:
            assert name in tried
