"""Bounds of what goes by the order of elements, of weights and of products, at elements that are off by rounding."""

from __future__ import annotations

import math
import random

import mpmath
import numpy as np
import pytest

import gradcli
from gradcli.api.on_arrays import ARRAYS
from gradcli.domains.array_bounds import ArrayBounds
from gradcli.domains.whole_bounds import size

TEXTS = [
    "sum(sort(exp(x))*[1, 2, 3, 5])", "sum(sort(exp(x), descending=1)*[1, 2, 3, 5])", "median(exp(x))",
    "quantile(exp(x), 0.3125)", "quantile(x, 1/(1 + exp(q)))", "middle(exp(x))", "quantile(exp(x), 0.5*exp(0*q))",
    "sum(cumprod(exp(x))*[1, -2, 3, 5])", "sum(sort([exp(x), x])[0])", "sum(cumsum(exp(x))*[1, 2, -3, 5])",
]  # fmt: skip


def bounded(text: str, at: dict) -> list[tuple[np.ndarray, np.ndarray]]:
    """The floats of the value and the partials, and their bounds."""
    compiled = gradcli.function(text).compiled(True, ARRAYS)
    bounds = ArrayBounds(compiled.graph, compiled.values(at))
    values = [(bounds.values[i], bounds.bounds[i]) for i in compiled.graph.outputs]
    return [(np.asarray(y, float), np.broadcast_to(size(b), np.shape(y))) for y, b in values]


@pytest.mark.parametrize("text", TEXTS)
def test_no_number_is_outside_its_bound_and_where_the_order_is_sure_it_is_small(text: str) -> None:
    f, rng = gradcli.function(text), random.Random(text)
    for k in range(12):
        x = np.array([rng.uniform(-2, 2) for _ in range(4)])
        if k % 3 == 2:
            x[1] = math.nextafter(x[0], 9)  # after rounding they may be one
        at = {name: {"x": x, "q": np.float64(rng.uniform(-2, 2))}[name] for name in f.variables}
        proven = f.proven_at(at, 40)
        for (y, far), true in zip(bounded(text, at), [proven.value, *proven.grad.values()], strict=True):
            for a, b, t in zip(y.ravel(), far.ravel(), np.ravel(np.asarray(true, object)), strict=True):
                with mpmath.workdps(50):
                    off = abs(mpmath.mpf(float(a)) - mpmath.mpf(str(t)))
                assert off <= b * (1 + 1e-9) + 1e-36, (text, at)
            assert k % 3 == 2 or np.all(far <= 1e-14 * max(1, np.max(np.abs(y)))), (text, at)


@pytest.mark.parametrize("text", ["quantile(x, 1 - exp(-q))", "quantile(x, exp(-q))"])
def test_a_quantile_beyond_the_ends_is_none(text: str) -> None:
    """1 - exp(-40) is 1 in floats, and exp(-800) is 0: whether the quantile exists hangs on the rounding."""
    x, q = np.array([1.0, 2.0, 4.0]), np.float64(40.0 if "1 -" in text else 800.0)
    ((_, far), *_) = bounded(text, {"x": x, "q": q})
    assert far == math.inf


def test_equal_numbers_have_a_variance_of_0_surely() -> None:
    for x in ([1.5, 1.5], [0.1, 0.1, 0.1, 0.1], [1e100] * 4):
        (y, far), *_ = bounded("var(x)", {"x": np.array(x)})
        assert y == far == 0
    (y, far), *_ = bounded("var(x)", {"x": np.array([0.1] * 3)})
    assert far > 0  # a third of their sum is no float


@pytest.mark.parametrize("text", ["softmax(exp(x))[0]", "log_softmax(exp(x))[0]", "sum(softmax(exp(y), axis=0))"])
def test_shares_of_one_number_are_exact(text: str) -> None:
    for y, far in bounded(text, {"x": np.array([0.3]), "y": np.array([[0.3, 0.7]])}):
        assert np.all(far == 0), y


@pytest.mark.parametrize("text", ["det(x)", "sum(cofactor(x)*[[1, 2], [3, 5]])", "det(x)*sum(cofactor(exp(x)))"])
def test_two_rows_have_a_bound_also_where_they_are_singular(text: str) -> None:
    f, rng = gradcli.function(text), random.Random(text)
    for k in range(12):
        x = np.array([[rng.uniform(-2, 2) for _ in range(2)] for _ in range(2)])
        if k % 2:
            x[1] = x[0] * (1.0 if k % 4 == 1 else 3.7)
        proven = f.proven_at({"x": x}, 40)
        for (y, far), true in zip(bounded(text, {"x": x}), [proven.value, *proven.grad.values()], strict=True):
            for a, b, t in zip(y.ravel(), far.ravel(), np.ravel(np.asarray(true, object)), strict=True):
                with mpmath.workdps(50):
                    off = abs(mpmath.mpf(float(a)) - mpmath.mpf(str(t)))
                assert off <= b * (1 + 1e-9) + 1e-36, (text, x)
                assert b <= 1e-14 * (1 + np.max(np.abs(x))) ** 4 * math.exp(2), (text, x)
