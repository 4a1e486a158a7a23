"""Products and determinants far out, where floats on the way are too large or too small: as exact as anywhere."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcli

sizes = st.floats(-290, 290).map(lambda e: 10.0**e)
signed = st.builds(lambda size, sign: sign * size, sizes, st.sampled_from([1.0, -1.0]))


def is_next_to(x: float, truth: Fraction, ulps: int) -> bool:
    """Is a float within so many units of the last place of the true number, infinite where that is beyond float64?"""
    if abs(truth) >= Fraction(2) ** 1024:
        return x == (np.inf if truth > 0 else -np.inf)
    unit = max(Fraction(2) ** -1074, Fraction(float(np.spacing(abs(float(truth))))) if truth else Fraction(0))
    return abs(Fraction(x) - truth) <= ulps * unit


@settings(deadline=None)
@given(st.lists(signed, min_size=1, max_size=7))
def test_products(x):
    value, grad = gradcli.function("prod(x)").value_and_grad(x=x)
    exact = [Fraction(v) for v in x]
    assert is_next_to(value, prod(exact), len(x))
    for k, slope in enumerate(grad["x"]):
        assert is_next_to(slope, prod(exact[:k] + exact[k + 1 :], start=Fraction(1)), len(x))


def test_a_product_of_many():
    x = np.repeat([2.0**500, 2.0**-500, 1.0], 4_001)
    assert gradcli.function("prod(x)")(x=x) == 1.0


def test_products_along_axes_keep_what_is_not_finite():
    x = np.array(
        [[1e200, 1e200, 1e-300], [np.inf, 0.0, 1.0], [np.nan, 1.0, 1.0], [np.inf, -2.0, 1e-300], [0.0, 1e300, 1e300]]
    )
    np.testing.assert_array_equal(gradcli.prod(gradcli.tensor(x), dim=1).numpy(), [1e100, np.nan, np.nan, -np.inf, 0.0])


def exact_det(rows: list[list[Fraction]]) -> Fraction:
    """By permutations."""
    total = Fraction(0)
    for order in permutations(range(len(rows))):
        sign = prod(1 if order[i] < order[j] else -1 for i in range(len(rows)) for j in range(i + 1, len(rows)))
        total += sign * prod(rows[i][k] for i, k in enumerate(order))
    return total


@settings(deadline=None)
@given(st.lists(st.integers(-400, 400), min_size=3, max_size=3))
def test_determinants_of_rows_of_any_size(scales):
    """Its rows times powers of two: exact factors of the determinant and of the cofactors."""
    near = np.array([[2.0, 1.0, -1.0], [0.5, 3.0, 1.0], [1.0, -2.0, 4.0]])
    x = np.ldexp(near, np.array(scales)[:, None])
    value, grad = gradcli.function("det(x)").value_and_grad(x=x)
    exact = [[Fraction(v) for v in row] for row in x]
    assert is_next_to(value, exact_det(exact), 16)
    for i, j in np.ndindex(3, 3):
        minor = [[v for k, v in enumerate(row) if k != j] for n, row in enumerate(exact) if n != i]
        truth = (-1) ** (i + j) * exact_det(minor)
        largest = max(abs(Fraction(v)) for v in (2, 12, 14)) * Fraction(2) ** (sum(scales) - scales[i])
        if largest < Fraction(2) ** 1023:
            assert abs(Fraction(grad["x"][i, j]) - truth) <= Fraction(2) ** -46 * largest + Fraction(2) ** -1073
        elif abs(truth) >= Fraction(2) ** 1024:
            assert np.isinf(grad["x"][i, j])


def test_determinants_far_out():
    det = gradcli.function("det(x)")
    assert det(x=[[-1e300, 0.0], [0.0, 1.0]]) == -1e300
    assert det(x=[[1e200, 0.0], [0.0, 1e-200]]) == pytest.approx(1.0, rel=1e-15)
    assert det(x=np.diag([1e-200, 1e-200, 1e300])) == pytest.approx(1e-100, rel=1e-15)
    value, grad = gradcli.function("det(diag(w, k=1))").value_and_grad(w=[2.0, 1.7e308])
    assert (value, grad["w"].tolist()) == (0.0, [0.0, 0.0])


def test_what_is_not_finite_has_no_inverse_and_a_nan_no_determinant():
    x = np.array([[[1.7e308, -0.5], [np.inf, -0.5]], [[2.0, 0.0], [0.0, 4.0]]])
    found = gradcli.linalg.inv(gradcli.tensor(x)).numpy()
    assert np.isnan(found[0]).all()
    np.testing.assert_array_equal(found[1], [[0.5, 0.0], [0.0, 0.25]])
    assert np.isnan(gradcli.linalg.solve(gradcli.tensor(x), gradcli.tensor([[1.0], [1.0]])).numpy()[0]).all()
    assert np.isnan(gradcli.function("det(x)")(x=[[0.0, np.nan], [np.nan, np.nan]]))
