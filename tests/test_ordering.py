"""Arrays in order, products along the way, sign and size of a determinant: against PyTorch 2.13's stored answers.

Of each text the value, the gradient of sum([1, 2, ...]*value), and that of sum([1, 2, ...]*gradient**2).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from cli import gradcli

from gradcli import function
from gradcli.errors import ExpressionError

MATRIX, ROWS = [[3.0, 1.0], [2.0, 4.0], [1.0, -2.0]], [[3.0, 1.0, 2.0], [5.0, 4.0, -6.0]]
NONE = [0.0, 0.0, 0.0, 0.0]
ANSWERS = [
    ("sort(x)", [3.0, 1.0, 2.0], [1.0, 2.0, 3.0], [3.0, 1.0, 2.0], NONE[:3]),
    ("sort(x)", [2.0, 1.0, 2.0, 1.0], [1.0, 1.0, 2.0, 2.0], [3.0, 1.0, 4.0, 2.0], NONE),
    ("x.sort(descending=True)", [2.0, 1.0, 2.0, 1.0], [2.0, 2.0, 1.0, 1.0], [1.0, 3.0, 2.0, 4.0], NONE),
    (
        "sort(x**2, dim=0)", MATRIX, [[1.0, 1.0], [4.0, 4.0], [9.0, 16.0]], [[30.0, 4.0], [12.0, 48.0], [2.0, -16.0]],
        [[600.0, 64.0], [432.0, 4608.0], [40.0, -1536.0]],
    ),
    ("median(x)", [3.0, 1.0, 2.0, 5.0], 2.0, [0.0, 0.0, 1.0, 0.0], NONE),
    ("median(x)", [2.0, 1.0, 2.0, 5.0], 2.0, [0.5, 0.0, 0.5, 0.0], NONE),
    ("median(x)", [2.0, 2.0, 2.0, 2.0], 2.0, [0.25, 0.25, 0.25, 0.25], NONE),
    ("median(x**2, 1)", ROWS, [4.0, 25.0], [[0.0, 0.0, 4.0], [20.0, 0.0, 0.0]], [[0.0, 0.0, 48.0], [640.0, 0.0, 0.0]]),
    (
        "quantile(x**2, 0.3)", [3.0, 1.0, 2.0, 5.0], 3.6999999999999997,
        [0.0, 0.20000000000000018, 3.5999999999999996, 0.0],
        [0.0, 0.16000000000000028, 38.879999999999995, 0.0],
    ),
    ("quantile(x, 0.4)", [3.0, 2.0, 2.0, 5.0], 2.2, [0.20000000000000018, 0.0, 0.7999999999999998, 0.0], NONE),
    (
        "quantile(x**2, 0.25, dim=1, keepdim=True)", ROWS, [[2.5], [20.5]], [[0.0, 1.0, 2.0], [10.0, 8.0, 0.0]],
        [[0.0, 4.0, 12.0], [160.0, 160.0, 0.0]],
    ),
    ("cumprod(x)", [3.0, 1.0, 2.0, 5.0], [3.0, 3.0, 6.0, 30.0], [49.0, 144.0, 69.0, 24.0],
     [38706.0, 37878.0, 44302.0, 19576.0]),
    (
        "cumprod(x)", [3.0, 0.0, 2.0, 5.0], [3.0, 0.0, 0.0, 0.0], [1.0, 144.0, 0.0, 0.0],
        [27648.0, 96.0, 39744.0, 13824.0],
    ),
    ("cumprod(x)", [3.0, 0.0, 0.0, 5.0], [3.0, 0.0, 0.0, 0.0], [1.0, 6.0, 0.0, 0.0], [48.0, 4.0, 1656.0, 0.0]),
    (
        "x.cumprod(1)", [[3.0, -1.0, 2.0], [5.0, 0.0, -6.0]], [[3.0, -3.0, -6.0], [5.0, 0.0, 0.0]],
        [[-7.0, 24.0, -9.0], [4.0, -155.0, 0.0]], [[930.0, -598.0, 906.0], [48050.0, -992.0, -46500.0]],
    ),
    (
        "torch.linalg.slogdet(x)", [[1.0, 2.0], [3.0, 4.0]], [-1.0, 0.6931471805599453], [[-4.0, 3.0], [2.0, -1.0]],
        [[208.0, -138.0], [-88.0, 58.0]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "value", "grad", "second"), ANSWERS)
def test_as_pytorch(text: str, at: list, value: object, grad: list, second: list) -> None:
    x, y = np.array(at), function(text)(x=at)
    assert np.allclose(y, value, rtol=1e-14, atol=0)
    assert np.shape(y) == np.shape(value)
    f = function(f"sum(w*{text})")
    weights = np.arange(1.0, np.size(y) + 1).reshape(np.shape(y))
    _, grads, hessian = f.hess(x=x, w=weights)
    assert np.allclose(grads["x"], grad, rtol=1e-14, atol=0)
    along = 2 * np.arange(1.0, x.size + 1).reshape(x.shape) * grads["x"]
    assert np.allclose(np.tensordot(along, hessian["x"]["x"], axes=x.ndim), second, rtol=1e-13, atol=1e-30)


def test_numpys_median_is_the_mean_of_the_middle_two() -> None:
    value, grad = function("np.median(x**2)").value_and_grad(x=[3.0, 1.0, 2.0, 5.0])
    assert (value, grad["x"].tolist()) == (6.5, [3.0, 0.0, 2.0, 0.0])
    assert function("x.median()")(x=[3.0, 1.0, 2.0, 5.0]) == 2.0


def test_nan_is_last_and_the_median_of_what_it_is_among() -> None:
    at = [2.0, math.nan, 1.0]
    assert np.array_equal(function("sort(x)")(x=at), [1.0, 2.0, math.nan], equal_nan=True)
    for text in ("median(x)", "quantile(x, 0)", "np.median(x)"):
        assert math.isnan(function(text)(x=at))
    assert function("quantile(x, 0.25)")(x=[1.0, 2.0, math.inf]) == 1.5
    value, grad = function("sort(sqrt(x))[2]").value_and_grad(x=[0.0, 4.0, 1.0])
    assert (value, grad["x"].tolist()) == (2.0, [0.0, 0.25, 0.0])


def test_a_quantile_moves_with_its_q() -> None:
    """Between two elements by n - 1 times their difference; at an element PyTorch gives 0 (with a note)."""
    for q, slope in ((0.3, 2.0), (0.8, 2.0), (0.5, 0.0)):
        assert function("quantile([3, 1, 2], q)").value_and_grad(q=q)[1]["q"] == pytest.approx(slope)
    _, _, hessian = function("quantile(x, q)").hess(x=[3.0, 1.0, 2.0], q=0.3)
    assert np.allclose(hessian["q"]["x"], [0.0, -2.0, 2.0])
    assert math.isnan(function("quantile(x, 1.5)")(x=[1.0, 2.0]))


def test_ties_are_kinks_and_told() -> None:
    for text, at, kinks in (
        ("sum(sort(x)*[1, 2, 3])", [1, 1, 2], 1), ("sum(sort(x)*[1, 2, 3])", [1, 3, 2], 0),
        ("sort(x)[2]", [1, 1, 2], 0),
        ("median(x)", [1, 1, 2], 1), ("median(x)", [1, 2, 3, 3], 0), ("quantile(x, 0.4)", [3, 2, 2, 5], 1),
        ("quantile(x, 0.2)", [3, 3, 2, 1], 0), ("np.median(x)", [1, 2, 2, 3], 0), ("np.median(x)", [1, 1, 2, 3], 1),
    ):  # fmt: skip
        found = function(text).evaluate(x=[float(v) for v in at])
        assert [note.kind for note in found.notes] == ["kink"] * kinks, (text, at)


def test_digits_of_roots_in_order() -> None:
    """The order is decided in balls, where no element is exact."""
    found = gradcli("grad", "median(sqrt(x))*sort(x/3)[2]", "--at", "x=[2, 3, 5]", "--digits", "20", "--plain")
    assert found.status == 0
    # sqrt(3)*5/3: by the first 0, by the second 5/(6*sqrt(3)), by the third sqrt(3)/3
    assert found.out == "0 0.48112522432468813709 0.57735026918962576451\n"


@pytest.mark.parametrize("text", ["median(x)", "quantile(x, 0.5)"])
def test_of_nothing_there_is_no_middle(text: str) -> None:
    with pytest.raises(ExpressionError, match="an empty array has no"):
        function(text)(x=np.zeros(0))


def test_long_products_take_no_matrix() -> None:
    """The gradient of 100,000 factors; all but those beside a zero are products without it."""
    x = np.ones(100_000)
    x[1] = 0.0
    _, grad = function("sum(cumprod(x))").value_and_grad(x=x)
    assert grad["x"].tolist() == [1.0, 99_999.0, *[0.0] * 99_998]
