"""Sums along any axes, in any order in memory, within 2 units in the last place of the sum of magnitudes."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gradcli
from gradcli.core.ops.sums import total

RNG = np.random.default_rng(0)
UNIFORM = RNG.uniform(0, 1, (6000, 7))
ARRAYS = {
    "rows": (UNIFORM, 0),
    "one column": (UNIFORM[:, :1], 0),
    "columns": (UNIFORM, 1),
    "columns in Fortran's order": (np.asfortranarray(UNIFORM), 1),
    "wide columns in Fortran's order": (np.asfortranarray(UNIFORM.T), 1),
    "rows of every other column": (UNIFORM[:, ::2], 0),
    "all of every other column": (UNIFORM[:, ::2], None),
    "the middle": (RNG.normal(size=(4, 3000, 3)), 1),
    "the first two": (RNG.uniform(0, 1, (40, 60, 3)), (0, 1)),
    "the outer two": (RNG.uniform(0, 1, (50, 3, 60)), (-1, 0)),
    "two not in order": (RNG.uniform(0, 1, (3, 50, 60)), (2, 1)),
    "few rows": (UNIFORM[:9], 0),
    "16 rows and one": (UNIFORM[:17], 0),
}


def near(found: np.ndarray, x: np.ndarray, axis) -> bool:
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = np.moveaxis(x, axes, range(-len(axes), 0))
    columns = last.reshape(-1, math.prod(last.shape[x.ndim - len(axes) :])).tolist()
    pairs = zip(np.ravel(found).tolist(), columns, strict=True)
    return all(abs(y - math.fsum(c)) <= 2 * math.ulp(math.fsum(map(abs, c))) for y, c in pairs)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_sum_loses_two_units(name: str) -> None:
    x, axis = ARRAYS[name]
    for keepdims in (False, True):
        found = total(np, x, axis, keepdims)
        assert np.shape(found) == np.sum(x, axis=axis, keepdims=keepdims).shape
        assert near(found, x, axis)
    text = "sum(x)" if axis is None else f"sum(x, axis={axis})"
    assert near(gradcli.function(text)(x=x), x, axis)
    assert near(gradcli.tensor(x).sum(axis).numpy(), x, axis)


@pytest.mark.parametrize("rows", [20, 64, 65, 100_000])
def test_an_adjoint_that_undoes_broadcasting_loses_two_units(rows: int) -> None:
    x = RNG.uniform(0, 1, (rows, 40 if rows < 100 else 5))
    for shape in (x.shape[1:], (1, x.shape[1])):
        b = np.zeros(shape)
        _, grad = gradcli.function("sum(x*b)").value_and_grad(x=x, b=b)
        leaf = gradcli.tensor(b, requires_grad=True)
        (gradcli.tensor(x) * leaf).sum().backward()
        for found in (grad["b"], leaf.grad.numpy()):
            assert found.shape == shape
            assert near(found, x, 0)


def test_means_and_spreads_along_rows() -> None:
    x = RNG.uniform(0, 1, (200_000, 2))
    for name, wanted in (("mean", 0.5), ("var", 1 / 12)):
        found = gradcli.function(f"{name}(x, axis=0)")(x=x)
        for y, column in zip(found.tolist(), x.T.tolist(), strict=True):
            mean = math.fsum(column) / len(column)
            true = mean if name == "mean" else math.fsum((v - mean) ** 2 for v in column) / (len(column) - 1)
            assert abs(y - true) <= 4 * math.ulp(true)
            assert abs(y / wanted - 1) < 0.01


def test_what_numpy_says_of_wrong_axes_is_said() -> None:
    for axis, message in ((2, "out of bounds"), ((0, 0), "duplicate")):
        with pytest.raises(ValueError, match=message):
            total(np, UNIFORM, axis)
    assert total(np, np.ones((20, 3), dtype=int), 0).dtype.kind == "i"
    assert total(np, np.zeros((0, 3)), 0).tolist() == [0.0, 0.0, 0.0]
    assert total(np, np.zeros((20, 0)), 0).shape == (0,)
