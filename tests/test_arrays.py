"""Arrays in the language: values against NumPy, gradients by their formulas, conventions, errors."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
import scipy.special
from cli import gradcli as command
from helpers import data
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gradcli
from gradcli import function
from gradcli.core.ops import TABLE
from gradcli.language.names import parameters

V = np.array([3.0, -1.0, 2.0, 0.5])
A = np.array([[1.0, 2.0, -0.5], [0.25, -3.0, 4.0]])
S = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 0.5], [0.0, 0.5, 1.5]])
T = np.arange(24.0).reshape(2, 3, 4) / 7


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# text -> what NumPy says, with x and y
VALUES = [
    ("[1, 2, 3]", (), lambda: np.array([1.0, 2, 3])),
    ("[[1, 2], [3, 4]]", (), lambda: np.array([[1.0, 2], [3, 4]])),
    ("[]", (), lambda: np.zeros(0)),
    ("np.array([1, 2])", (), lambda: np.array([1.0, 2])),
    ("[x, 2*x]", (V,), lambda x: np.stack([x, 2 * x])),
    ("sum(x)", (A,), np.sum),
    ("x.sum(0)", (A,), lambda x: x.sum(0)),
    ("sum(x, dim=1, keepdim=True)", (A,), lambda x: x.sum(1, keepdims=True)),
    ("np.sum(x, axis=(0, 2))", (T,), lambda x: x.sum((0, 2))),
    ("x.mean(-1)", (A,), lambda x: x.mean(-1)),
    ("mean(x, axis=[0, 1])", (T,), lambda x: x.mean((0, 1))),
    ("prod(x, axis=1)", (A,), lambda x: x.prod(1)),
    ("max(x)", (A,), np.max),
    ("max(x, axis=0)", (A,), lambda x: x.max(0)),
    ("np.max(x, 1)", (A,), lambda x: x.max(1)),
    ("max(x, 0)", (A,), lambda x: np.maximum(x, 0)),
    ("x.min(dim=1)", (A,), lambda x: x.min(1)),
    ("amin(x)", (A,), np.min),
    ("argmax(x, axis=1)", (A,), lambda x: x.argmax(1) * 1.0),
    ("var(x)", (V,), lambda x: x.var(ddof=1)),
    ("np.var(x)", (V,), np.var),
    ("x.std(0)", (A,), lambda x: x.std(0, ddof=1)),
    ("np.std(x, axis=0)", (A,), lambda x: x.std(0)),
    ("torch.std(x, unbiased=False)", (V,), np.std),
    ("std(x, correction=0)", (V,), np.std),
    ("torch.std(x, False)", (V,), np.std),
    ("x.var(True)", (V,), lambda x: x.var(ddof=1)),
    ("scipy.special.softmax(x)", (A,), scipy.special.softmax),
    ("scipy.special.log_softmax(x)", (A,), scipy.special.log_softmax),
    ("scipy.special.softmax(x, axis=1)", (A,), lambda x: scipy.special.softmax(x, axis=1)),
    ("np.sort(x, None)", (A,), lambda x: np.sort(x, None)),
    ("sort(x, axis=None)", (A,), lambda x: np.sort(x, None)),
    ("softmax(x, axis=None)", (A,), scipy.special.softmax),
    ("softmax(x, dim=None)", (A,), lambda x: scipy.special.softmax(x, axis=1)),
    ("np.concatenate([x, y], axis=None)", (A, V), lambda x, y: np.concatenate([x, y], axis=None)),
    ("max(x, axis=1)[0]", (A,), lambda x: x.max(axis=1)[0]),
    ("x.max(axis=0)[-1]", (A,), lambda x: x.max(axis=0)[-1]),
    ("torch.max(x, x*x)[0]", (A,), lambda x: np.maximum(x, x * x)[0]),
    ("x.sort()", (V,), np.sort),
    ("norm(x)", (A,), np.linalg.norm),
    ("np.linalg.norm(x, axis=1)", (A,), lambda x: np.linalg.norm(x, axis=1)),
    ("norm(x, 1)", (V,), lambda x: np.abs(x).sum()),
    ("norm(x, p=3)", (V,), lambda x: np.linalg.norm(x, 3)),
    ("norm(x, inf)", (V,), lambda x: np.abs(x).max()),
    ("any(x > 2.5)", (V,), lambda x: 1.0),
    ("all(x > 2.5, axis=0)", (A,), lambda x: np.zeros(3)),
    ("dot(x, x)", (V,), lambda x: x @ x),
    ("x @ y", (A, S), lambda x, y: x @ y),
    ("matmul(x, y)", (A, V[:3]), lambda x, y: x @ y),
    ("x.mm(y).T", (A, S), lambda x, y: (x @ y).T),
    ("outer(x, y)", (V, V[:2]), np.outer),
    ("x.T", (T,), lambda x: x.T),
    ("x.t()", (A,), lambda x: x.T),
    ("x.transpose(0, 2)", (T,), lambda x: x.swapaxes(0, 2)),
    ("np.transpose(x, (2, 0, 1))", (T,), lambda x: x.transpose(2, 0, 1)),
    ("x.permute(2, 0, 1)", (T,), lambda x: x.transpose(2, 0, 1)),
    ("x.reshape(3, -1)", (A,), lambda x: x.reshape(3, -1)),
    ("reshape(x, (6,))", (A,), lambda x: x.reshape(6)),
    ("x.view(-1)", (A,), lambda x: x.reshape(-1)),
    ("flatten(x, start_dim=1)", (T,), lambda x: x.reshape(2, 12)),
    ("x.unsqueeze(0).squeeze()", (V,), lambda x: x),
    ("flip(x, axis=1)", (A,), lambda x: np.flip(x, 1)),
    ("cumsum(x, axis=1)", (A,), lambda x: x.cumsum(1)),
    ("softmax(x)", (A,), lambda x: softmax(x, -1)),
    ("x.softmax(dim=0)", (A,), lambda x: softmax(x, 0)),
    ("log_softmax(x, dim=1)", (A,), lambda x: np.log(softmax(x, 1))),
    ("logsumexp(x)", (V,), lambda x: np.log(np.exp(x).sum())),
    ("logsumexp([1000, 1000])", (), lambda: 1000 + math.log(2)),
    ("trace(x)", (S,), np.trace),
    ("det(x)", (S,), np.linalg.det),
    ("np.linalg.inv(x)", (S,), np.linalg.inv),
    ("solve(x, y)", (S, V[:3]), np.linalg.solve),
    ("solve(x, y)", (S, A.T), np.linalg.solve),
    ("diag(x)", (S,), np.diag),
    ("diag(x, 1)", (V,), lambda x: np.diag(x, 1)),
    ("concatenate([x, y])", (V, V[:1]), lambda x, y: np.concatenate([x, y])),
    ("torch.cat((x, y), dim=0)", (A, S), lambda x, y: np.concatenate([x, y])),
    ("stack([x, y], axis=1)", (V, V), lambda x, y: np.stack([x, y], 1)),
    ("linear(x, y)", (A, S), lambda x, y: x @ y.T),
    ("F.linear(x, y, bias=[1, 2, 3])", (A, S), lambda x, y: x @ y.T + [1, 2, 3]),
    ("mse_loss(x, y)", (V, V[::-1]), lambda x, y: ((x - y) ** 2).mean()),
    ("cross_entropy(x, [2, 0])", (A,), lambda x: -np.log(softmax(x, 1))[[0, 1], [2, 0]].mean()),
    ("cross_entropy(x, [[0, 1, 0], [0.5, 0.5, 0]])", (A,),
     lambda x: -(np.log(softmax(x, 1)) * [[0, 1, 0], [0.5, 0.5, 0]]).sum(1).mean()),
    ("x[0]", (A,), lambda x: x[0]),
    ("x[-1, 1:]", (A,), lambda x: x[-1, 1:]),
    ("x[::-2]", (V,), lambda x: x[::-2]),
    ("x[..., 0]", (T,), lambda x: x[..., 0]),
    ("x[[2, 0, 0]]", (V,), lambda x: x[[2, 0, 0]]),
    ("x[x > 1]", (V,), lambda x: x[x > 1]),
    ("x[:, None]*x", (V,), lambda x: np.outer(x, x)),
    ("x[1:] - x[:-1]", (V,), np.diff),
    ("x[0]*x[1:3][1]", (V,), lambda x: x[0] * x[2]),
    ("(x > 0) + (x > 1)", (V,), lambda x: (x > 0) * 1.0 + (x > 1)),
    ("-(x > 0)", (V,), lambda x: -1.0 * (x > 0)),
    ("exp(x > 0)", (V,), lambda x: np.exp(1.0 * (x > 0))),
    ("0 < x < 2.5", (V,), lambda x: 1.0 * ((x > 0) & (x < 2.5))),
    ("not x > 0", (V,), lambda x: 1.0 * (x <= 0)),
    ("x if x > 0 else -x", (V,), np.abs),
    ("2*x.clamp(min=0, max=1)", (A,), lambda x: 2 * np.clip(x, 0, 1)),
    ("f(a) = a.sum()*a; f(x) + f(2*x)", (V,), lambda x: 5 * x.sum() * x),
    ("x*y", (np.ones((3, 1)), np.arange(4.0)), lambda x, y: x * y),
]  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "expected"), VALUES, ids=[row[0] for row in VALUES])
def test_value(text, arguments, expected) -> None:
    at = dict(zip("xy", arguments, strict=False))
    found, wanted = function(text)(**at), expected(*arguments)
    assert np.shape(found) == np.shape(wanted)
    assert isinstance(found, float if np.ndim(wanted) == 0 else np.ndarray)
    np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-15)


# text, x -> the gradient by x, by its formula
GRADIENTS = [
    ("sum(x**2)", V, lambda x: 2 * x),
    ("(x @ x)/2", V, lambda x: x),
    ("mean(x)", A, lambda x: np.full(x.shape, 1 / 6)),
    ("x[1]", V, lambda x: np.array([0.0, 1, 0, 0])),
    ("sum(x[[0, 0, 2]])", V, lambda x: np.array([2.0, 0, 1, 0])),
    ("sum(x[x > 1]**2)", V, lambda x: 2 * x * (x > 1)),
    ("sum(x[1::2]*x[::2])", V, lambda x: x[[1, 0, 3, 2]]),
    ("norm(x)", V, lambda x: x / np.linalg.norm(x)),
    ("norm(x, 1)", V, np.sign),
    ("std(x)", V, lambda x: (x - x.mean()) / (3 * x.std(ddof=1))),
    ("np.var(x)", V, lambda x: 2 * (x - x.mean()) / 4),
    ("det(x)", S, lambda x: np.linalg.det(x) * np.linalg.inv(x).T),
    ("trace(inv(x))", S, lambda x: -np.linalg.inv(x @ x).T),
    ("logsumexp(x)", V, lambda x: softmax(x, 0)),
    ("cross_entropy(x, 1)", V, lambda x: softmax(x, 0) - [0, 1, 0, 0]),
    ("cumsum(x, 0).sum()", V, lambda x: np.array([4.0, 3, 2, 1])),
    ("sum(solve(x, [1, 0, 2]))", S,
     lambda x: -np.outer(np.linalg.solve(x.T, np.ones(3)), np.linalg.solve(x, [1, 0, 2]))),
    ("sum(x.T @ [1, 2])", A, lambda x: np.array([[1.0] * 3, [2.0] * 3])),
    ("3", V, None),
    ("detach(x).sum()", V, np.zeros_like),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "expected"), GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_gradient(text, x, expected) -> None:
    f = function(text)
    if expected is None:
        assert f.value_and_grad() == (3.0, {})
        return
    value, grad = f.value_and_grad(x=x)
    assert isinstance(value, float)
    assert grad["x"].shape == x.shape
    np.testing.assert_allclose(grad["x"], expected(x), rtol=1e-12, atol=1e-15)


# What was not chosen is not differentiated; zeros that are part of a rule are no factors.
CONVENTIONS = [
    ("where(x > 0, sqrt(x), 0).sum()", [-1, 0, 4], [0, 0, 0.25]),
    ("sum(sqrt(x) if x > 0 else 0*x)", [-1, 0, 4], [0, 0, 0.25]),
    ("sum(where(x > 0, log(x), x))", [-1, 0, 2], [1, 1, 0.5]),
    ("where([1, 0] == 1, sqrt(x)*[1, 1], 0).sum()", 4.0, 0.25),
    ("where([1, 0, 0] == 1, 1/(x + [1, 0, 0]), 0).sum()", 0.0, -1.0),
    ("sum(relu(x))", [-1, 0, 2], [0, 0, 1]),
    ("sum(abs(x))", [-1, 0, 2], [-1, 0, 1]),
    ("max(x)", [1, 3, 3], [0, 0.5, 0.5]),
    ("max(x, axis=0).sum()", [[1, 2], [1, 5]], [[0.5, 0], [0.5, 1]]),
    ("max(sqrt(x))", [0, 4], [0, 0.25]),
    ("sum(max(x, 1))", [0, 1, 2], [0, 0.5, 1]),
    ("sum(clamp(x, 0, 1))", [-1, 0, 1, 2], [0, 1, 1, 0]),
    ("norm(x)", [0, 0], [0, 0]),
    ("norm(x, 3)", [0, 0], [0, 0]),
    ("std(x)", [2, 2, 2], [0, 0, 0]),
    ("prod(x)", [0, 2, 3], [6, 0, 0]),
    ("prod(x)", [0, 0, 3], [0, 0, 0]),
    ("sum(x**0)", [0, 2], [0, 0]),
    ("sum(0**x)", [0, 2], [0, 0]),
    ("where(x > 0, sum(sqrt(x)), 0).sum()", [1, 4], [1, 0.5]),
    ("where(x[0] > 0, sum(log(x)), 0)", [-1, 2], [0, 0]),
    ("sum(log(x))", [-1, 2], [math.nan, math.nan]),
    ("sum(sqrt(x))", [0, 4], [math.inf, 0.25]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "expected"), CONVENTIONS)
def test_convention(text, x, expected) -> None:
    _, grad = function(text).value_and_grad(x=x)
    np.testing.assert_allclose(grad["x"], expected, rtol=1e-14)


SHAPES = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3)


@settings(max_examples=150, deadline=None)
@given(SHAPES, st.randoms(use_true_random=False))
def test_broadcasting_is_undone(shapes, random) -> None:
    """Whatever the shapes, each partial has the shape of its variable, and is the sum over what was repeated."""
    x, y = (np.array([random.uniform(0.5, 2) for _ in range(int(np.prod(s)))]).reshape(s) for s in shapes.input_shapes)
    value, grad = function("sum(x*y - x/y)").value_and_grad(x=x, y=y)
    wide_x, wide_y = np.broadcast_arrays(x, y)
    assert value == pytest.approx(float(np.sum(wide_x * wide_y - wide_x / wide_y)), rel=1e-12, abs=1e-12)
    for name, variable, full in (("x", x, wide_y - 1 / wide_y), ("y", y, wide_x + wide_x / wide_y**2)):
        lead = full.ndim - variable.ndim
        summed = full.sum(tuple(range(lead)))
        narrow = tuple(k for k, n in enumerate(variable.shape) if n == 1)
        expected = summed.sum(narrow, keepdims=True) if narrow else summed
        np.testing.assert_allclose(grad[name], expected, rtol=1e-12, atol=1e-14)  # terms may cancel
        assert np.shape(grad[name]) == variable.shape


CHOICES = [
    "where(c > 0, sqrt(x)*y, x*0 + y)", "where(c > 0, log(x + y), y)", "max(x*c, sqrt(y))", "relu(x - c)*y",
    "where(c > 0, where(x > 0, sqrt(x), 1/x), y)", "clamp(x*c, 0, y)", "abs(x)*c + hypot(x, c*y)",
    "where(c > 0, x, y)**0.5", "x**c*y", "leaky_relu(x*y) + min(c, x, y)",
]  # fmt: skip
WIDTHS = [((), (3,), (2, 1)), ((2, 3), (1,), (3,)), ((1, 3), (2, 1), ()), ((2, 1), (3,), (2, 3))]


@pytest.mark.parametrize("text", CHOICES)
@pytest.mark.parametrize("shapes", WIDTHS)
def test_choices_and_broadcasting_are_as_element_by_element(text, shapes) -> None:
    """What an array's element gets is what the single numbers get, summed over what broadcasting repeats."""
    random = np.random.default_rng(len(text))
    pools = ([-1.0, 0, 1, 2], [1.0, 2], [-1.0, 0, 1])
    at = {name: random.choice(pool, shape) for name, pool, shape in zip("xyc", pools, shapes, strict=True)}
    value, grad = function(f"sum({text})").value_and_grad(**at)
    single, wide = function(text), dict(zip(at, np.broadcast_arrays(*at.values()), strict=True))
    total, full = 0.0, {name: np.zeros(wide["x"].shape) for name in at}
    for place in np.ndindex(wide["x"].shape):
        one, partials = single.value_and_grad(**{name: float(wide[name][place]) for name in at})
        total += one
        for name in at:
            full[name][place] = partials[name]
    if math.isnan(total):
        assert math.isnan(value)
        return
    assert value == pytest.approx(total, rel=1e-14)
    for name, x in at.items():
        summed = full[name].sum(tuple(range(full[name].ndim - x.ndim)))
        narrow = tuple(k for k, n in enumerate(x.shape) if n == 1)
        expected = summed.sum(narrow, keepdims=True) if narrow else summed
        np.testing.assert_allclose(grad[name], expected, rtol=1e-13, atol=1e-15)


def test_numbers_and_arrays_side_by_side() -> None:
    value, grad = function("sum((x*w + b - y)**2)").value_and_grad(x=[1, 2, 3], y=[2, 4, 6.5], w=1.5, b=0.25)
    assert value == pytest.approx(0.25**2 + 0.75**2 + 1.75**2, rel=1e-15)
    assert isinstance(grad["w"], float)
    assert grad["b"] == pytest.approx(-2 * (0.25 + 0.75 + 1.75), rel=1e-15)
    assert grad["x"].shape == (3,)


def test_arrays_of_the_caller_stay_theirs() -> None:
    x = np.array([1.0, 2.0])
    found = function("x")(x=x)
    found[0] = 5
    _, grad = function("sum(x)").value_and_grad(x=x)
    grad["x"][0] = 7
    constant = function("[1, 2]")
    constant()[0] = 9
    assert x.tolist() == [1, 2]
    assert constant().tolist() == [1, 2]


def test_several_results() -> None:
    first, second = function("x.sum(), 2*x")(x=[1, 2])
    assert first == 3.0
    assert second.tolist() == [2, 4]


def test_a_result_of_one_element_has_a_gradient() -> None:
    value, grad = function("sum(x, axis=0, keepdim=True)**2").value_and_grad(x=[1, 2])
    assert value == 9.0
    assert grad["x"].tolist() == [6, 6]


def test_a_result_of_several_elements_has_none() -> None:
    with pytest.raises(ValueError, match=r"the shape \(2,\); a gradient is of one number\n.*\.sum\(\).*jac.*map"):
        function("2*x").value_and_grad(x=[1, 2])


@pytest.mark.parametrize("value", [[1, [2]], ["a"], object(), [1j], {"a": 1}, [1, None]])
def test_what_is_no_array(value) -> None:
    with pytest.raises(gradcli.UsageError, match=r"neither a number nor an array|not a number"):
        function("x + 1")(x=value)


def test_none_is_no_number_for_a_formula_on_arrays() -> None:
    with pytest.raises(gradcli.UsageError, match="x is neither a number nor an array"):
        function("x.sum()")(x=None)


def test_integers_beyond_float64_are_infinite_as_single_ones_are() -> None:
    assert function("x + 1")(x=10**400) == np.inf
    assert function("x + 1")(x=[-(10**400), 2**70]).tolist() == [-np.inf, 2.0**70]


ERRORS = [
    ("1 + (x @ y)*2", "@ needs equal inner lengths; the shapes are (2, 3) and (2,)", "x @ y"),
    ("var(x, correction=y)", "var: correction has to be one number, and has the shape (2,)", "var(x, correction=y)"),
    ("std(x, axis=0, correction=x)", "std: correction has to be one number, and has the shape (2, 3)",
     "std(x, axis=0, correction=x)"),
    ("norm(x, [2])", "pnorm: p has to be one number, and has the shape (1,)", "norm(x, [2])"),
    ("x + y", "+ cannot combine the shapes (2, 3) and (2,)", "x + y"),
    ("x*3 @ 2", "@ multiplies matrices, and one of these is a number", "x*3 @ 2"),
    ("det(x)", "det: it needs a square matrix; the shape is (2, 3)", "det(x)"),
    ("linear(y, y, x)",
     "linear: the bias has more elements than there are outputs; the shapes are (2,), (2,) and (2, 3)",
     "linear(y, y, x)"),
    ("x[5]", "index: index 5 is out of bounds for axis 0 with size 2; the shape is (2, 3)", "x[5]"),
    ("x[0.5]", "index: an axis, a length or an index is a whole number; the shape is (2, 3)", "x[0.5]"),
    ("[x, y]", "array: the elements have one shape, not (2, 3) and (2,)", "[x, y]"),
    ("[[1, 2], [3]]", "array: the elements have one shape, not (2,) and (1,)", "[[1, 2], [3]]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "place"), ERRORS)
def test_shapes_that_do_not_go_together(text, message, place) -> None:
    f, at = function(text), {"x": np.ones((2, 3)), "y": np.ones(2)}
    with pytest.raises(gradcli.ExpressionError) as caught:
        f(**{x: at[x] for x in f.variables})
    assert caught.value.message == message
    assert caught.value.text[slice(*caught.value.span)] == place


def notes(text, **at) -> list[tuple[str, str]]:
    return [(note.kind, note.message) for note in function(text).evaluate(**at).notes]


def test_notes_count_elements() -> None:
    assert notes("sum(abs(x))", x=[0, 1, 0])[0][1].startswith(
        "abs has a kink at 0 (2 of 3 elements): by x[0] slope -1 "
    )
    assert notes("sum(log(x))", x=[-1, 1]) == [("domain", "log is not defined at -1: NaN (1 of 2 elements)")]
    assert notes("sum(where(x > 0, sqrt(x), 0))", x=[-1, 4]) == []
    assert notes("sum(where(x > 0, sqrt(x), 0))", x=[0, 4]) == [
        ("boundary", "0 > 0 was decided at equality: false (1 of 2 elements)")
    ]
    assert notes("sum(sqrt(x))", x=[0, 4]) == [("infinite", "sqrt has an infinite slope at 0 (1 of 2 elements)")]
    assert notes("inv(x).sum()", x=[[1, 2], [2, 4]]) == [("domain", "inv is not defined here: NaN")]
    # what was lost to 0 is not why
    assert notes("quantile(norm(softplus(x), 1), 2)", x=[0, -800]) == [("domain", "quantile is not defined here: NaN")]
    assert notes("max(x)", x=[1, 2, 2])[0][0] == "kink"
    assert [kind for kind, _ in notes("sum(sqrt(x)**2)", x=[0, 1])] == ["infinite", "indeterminate"]
    assert notes("sum(x**2)", x=[0, 1]) == []


def test_the_minimisation_problems_evaluate() -> None:
    for problem in data("minimize.jsonl"):
        f, start = function(problem["expr"]), problem["start"]
        value, grad = f.value_and_grad(**start)
        assert value == pytest.approx(problem["value_at_start"], rel=1e-13)
        for name, x in start.items():
            for k in range(np.size(x)):
                assert np.ravel(grad[name])[k] == pytest.approx(difference(f, start, name, k), rel=2e-5, abs=1e-7)


def difference(f, start: dict, name: str, k: int) -> float:
    """A central difference by one element."""
    x = np.array(start[name], dtype=float)
    step = 1e-5 * max(1.0, abs(float(np.ravel(x)[k])))
    sides = []
    for sign in (1, -1):
        moved = x.copy()
        moved.reshape(-1)[k] += sign * step
        sides.append(f(**{**start, name: moved if moved.shape else float(moved)}))
    return (sides[0] - sides[1]) / (2 * step)


def test_single_numbers_load_no_numpy() -> None:
    code = (
        "import sys, gradcli; f = gradcli.function('x**2 + max(x, 1)'); f.value_and_grad(x=2.0); f.evaluate(x=2.0);"
        "print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_json_is_json() -> None:
    from gradcli.views.jsonlines import line

    printed = json.loads(line(function("sum(x*y)").evaluate(x=[[1, math.inf]], y=2)))
    assert printed["at"] == {"x": [[1.0, "Infinity"]], "y": 2.0}
    assert printed["grad"] == {"x": [[2.0, 2.0]], "y": "Infinity"}


@pytest.mark.parametrize("call", ["np.linalg.norm(x, 1)", "torch.linalg.norm(x, 2)", "numpy.linalg.norm(x, ord=2)"])
def test_an_order_of_linalg_is_another_norm_for_a_matrix(call):
    f = gradcli.function(call)
    order = 1 if "1" in call else 2
    assert f(x=[3.0, -4.0]) == np.linalg.norm([3.0, -4.0], order)
    with pytest.raises(gradcli.ExpressionError, match="means another norm for a matrix"):
        f(x=[[1.0, -2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("text", "point", "value", "partial"),
    [
        ("amax(True, x < 1)", {"x": 1.0}, 1.0, 0.0),  # a constant on an axis that moves
        ("amin(2, x)", {"x": 0.0}, 2.0, 0.0),
        ("norm(2, x)", {"x": 1.0}, 2.0, None),
        ("std(True, None, x)", {"x": 0.0}, 0.0, None),
        ("max(x > 0, x < 1)*x", {"x": 2.0}, 2.0, 1.0),
        ("sum(max(x > 0, x < 1)*x)", {"x": np.array([-2.0, 0.0, 2.0])}, 0.0, [1, 1, 1]),
        ("sum(min(x > 0, x))", {"x": np.array([-2.0, 0.5, 2.0])}, -0.5, [1, 1, 0]),
        ("max(x > 0)*sum(x)", {"x": np.array([-2.0, 0.0, 1.0])}, -1.0, [1, 1, 1]),
        ("max(not x, x < 0, x > 1).sum()", {"x": np.array([-2.0, 0.0, 0.5])}, 2.0, [0, 0, 0]),
    ],
)
def test_truths_and_constants_where_arrays_are_thought_of(text, point, value, partial):
    found = function(text).evaluate(**point)
    assert found.value == value
    if partial is not None:
        assert np.array_equal(found.grad["x"], partial)


def test_a_constant_truth_is_a_number_before_what_is_constant_reads_it() -> None:
    f = gradcli.function("sum(xlogy(x, 1 == 1))")
    assert f.value_and_grad(x=[0.0, 2.0])[0] == 0.0
    assert f.value_and_grad(x=[0.0, 2.0])[1]["x"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("norm(argmax(x, keepdim=1))", ["jump"]),
        ("sum(norm([[any(x), 0], [all(x), 0]], axis=1))", ["boundary", "boundary"]),
        ("norm(x*argmax(x))", ["jump", "kink"]),
        ("norm(x, inf)", ["kink"]),
        ("sum(amax([x, x + 1, x], axis=1))", ["kink"]),
        ("sum(norm([x], inf, axis=0))", ["kink"]),
        ("norm([sum(x) + 1, 1])", []),
    ],
)
def test_steps_below_a_kink_of_an_operation_on_whole_arrays(text: str, kinds: list[str]) -> None:
    """At the origin, where all elements are equal: beside it the results take the steps."""
    assert [note.kind for note in function(text).evaluate(x=[0.0, 0.0]).notes] == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("sum(ceil(x < 0))", ["boundary"]),
        ("min(length(x))", []),
        ("max(digamma(x))", ["domain"]),
        ("sum(clamp(1, log10(x), 2))", ["domain"]),
    ],
)
def test_notes_on_truths_numbers_and_what_a_choice_passes_on(text: str, kinds: list[str]) -> None:
    found = {note.kind for note in gradcli.function(text).evaluate(x=[0.0, -1.0]).notes}
    assert found >= set(kinds), found


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        # a number that is not 0 became 0, and what follows from it is not told as if it were true
        ("sum(log(exp(x)))", [-800, 0], [("underflow", "exp"),
        ("indeterminate", "exp")]),
        ("log(softmax(x)[1])", [1000, 0], [("underflow", "softmax"),
        ("indeterminate", "softmax")]),
        ("log(prod(x)) + 1", [1e-200, 1e-200], [("underflow", "prod"),
        ("overflow", "log")]),
        ("x @ x", [1e-200, 1e-200], [("underflow", "matmul")]),
        ("x @ [1, -1]", [1, 1], []),
        ("prod(x)", [0, 1], []),
        ("std(x)", [1e-200, 2e-200], [("underflow", "std")]),
        ("var(x)", [1e-200, 2e-200], [("underflow", "var")]),
        ("std(x)", [1, 1], [("kink", "std")]),
        ("sum(x*1e-400)", [1, 2], [("underflow", "number")]),
        # steps below a kink, bare truths, and places
        ("sum(relu(ceil(x)))", [0, 0.5], [("jump", "ceil")]),
        ("sum(where(x, 1, 2)*x)", [0, 1], [("boundary", "where")]),
        ("argmin(x)", [1, 1], [("jump", "argmin")]),
        ("argmax(x)", [1, 2], []),
        ("all(x)", [0, 1], [("boundary", "all")]),
        ("any(x)", [0, 0], [("boundary", "any")]),
        ("any(x)", [0, 1], []),
        ("any(x > 0)", [-1, -2], []),
        # a step where the element itself takes none
        ("sum(x**0)", [0, 1], []),
        ("sum(0 % x)", [2, 1], []),
        ("sum(abs(x*x))", [1e-200, 1], [("underflow", "mul")]),
        ("sum(root(0, exp(x)))", [-800, 1], [("underflow", "exp"), ("infinite", "root")]),
        ("sum(x and x)", [0, 1], [("boundary", "logical_and")]),
        ("sum(where(x, [0, 0], x))", [0, 1], [("boundary", "where")]),
        ("sum(ndtri(x)**0)", [0, 0], []),
        ("var(x, correction=2)", [1, 2], [("infinite", "var")]),
        ("norm(x, 0)", [0, 1], [("jump", "pnorm")]),
        ("norm(x, 0)", [2, 1], []),
        # of an inner operation on whole arrays only what is taken counts
        ("norm(reshape(x, 2, 2), axis=1)[1]", [0, 0, 1, 2], []),
        ("norm(reshape(x, 2, 2), axis=1)[0]", [0, 0, 1, 2], [("kink", "norm")]),
        ("amax(reshape(x, 2, 2), axis=1)[1]", [1, 1, 1, 2], []),
        ("amax(reshape(x, 2, 2), axis=1)[0]", [1, 1, 1, 2], [("kink", "amax")]),
    ],
)  # fmt: skip
def test_notes_on_arrays(text, x, expected) -> None:
    assert [(note.kind, note.op) for note in gradcli.function(text).evaluate(x=x).notes] == expected


STEERED = [
    # text, y, note: what another value of y would choose, with x = [3, 1, 2] and A = [[1, 2], [3, 5]]
    ("sort(x, descending=y)[0]", 0, ("boundary", "descending of sort was decided at 0: false")),
    ("sort(x, descending=y)[0]", 1, None),
    ("sum(A, 0, keepdim=y)[0]*y", 0, ("boundary", "keepdim of sum was decided at 0: false")),
    ("quantile(x, y)", 0.5, ("kink", "quantile has a kink by q; slope 0 used")),
    ("quantile(x, y)", 1, ("kink", "quantile has a kink by q; slope 0 used")),
    ("quantile(x, y)", 0.25, None),
    ("quantile([2, 2, 2], y)", 0.5, None),
    ("quantile([5], y)", 0.5, None),
    ("norm(x, y)", 0, ("jump", "pnorm jumps by p; slope 0 used")),
    ("norm(x, y)", 1, None),
    ("norm([0, 1], y)", 1, None),
    ("sum(A, y)[0]", 1, ("domain", "sum has a value at this axis, and none beside it")),
    ("x[y]", 1, ("domain", "index has a value at this index, and none beside it")),
    ("sum(x[:y])", 2, ("domain", "index has a value at this index, and none beside it")),
    ("x[floor(y)]", 1.5, None),
    ("diag(x, y)[0, 0]", 0, ("domain", "diag has a value at this k, and none beside it")),
    ("cross_entropy(x, y)", 2, ("domain", "cross_entropy has a value at this target, and none beside it")),
    ("cross_entropy(x, y*x)", 2, None),
    ("sum(polygamma(y, x))", 1, ("domain", "polygamma has a value at (1, 3), and none beside (3 of 3 elements)")),
]


@pytest.mark.parametrize(("text", "y", "expected"), STEERED, ids=[f"{c[0]} at {c[1]}" for c in STEERED])
def test_what_steers_an_operation_is_told_where_it_decides(text, y, expected) -> None:
    f = function(text)
    at = {"x": [3.0, 1.0, 2.0], "A": [[1.0, 2.0], [3.0, 5.0]], "y": float(y)}
    notes = f.evaluate(**{name: at[name] for name in f.variables}).notes
    assert [(note.kind, note.message) for note in notes] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("p", "x", "length", "slopes"),
    [
        # by hand: for two equal elements a the p-norm is a*2**(1/p), and each slope 2**(1/p - 1)
        (3, [1e-160, 0], 1e-160, [1, 0]), (3, [1e200, 1e200], 2 ** (1 / 3) * 1e200, [2 ** (-2 / 3)] * 2),
        (3, [1e-160, 1e-160], 2 ** (1 / 3) * 1e-160, [2 ** (-2 / 3)] * 2), (-1, [1e-300, 1e300], 1e-300, [1, 0]),
        (0, [2, 0], 1, [0, 0]), ("inf", [2, -2], 2, [0.5, -0.5]),
        ("inf", [2, -1], 2, [1, 0]), (1, [0.1, 0.2], 0.1 + 0.2, [1, 1]),
    ],
)  # fmt: skip
def test_lengths_far_out(p, x, length, slopes) -> None:
    found = function(f"norm(x, {p})").evaluate(x=x)
    np.testing.assert_allclose(found.value, length, rtol=1e-15)
    np.testing.assert_allclose(found.grad["x"], slopes, rtol=1e-15)
    assert [note.kind for note in found.notes] == (["jump"] if p == 0 else ["kink"] if x == [2, -2] else [])


ALONG = [
    row.name
    for row in TABLE.values()
    if row.whole and not row.internal and [p.name for p in parameters(row) if p.default is None] in (["x"], ["x", "q"])
    if any(p.name == "axis" for p in parameters(row))
]


@pytest.mark.parametrize("name", ALONG)
@pytest.mark.parametrize("at", ["x=0.5", "x=[1,1,2]", "x=[[1,2],[1,3]]"])
def test_an_axis_that_is_not_there(name: str, at: str) -> None:
    operands = "x, 0.5" if name == "quantile" else "x"
    for axis in (2, -3):
        done = command("grad", f"sum({name}({operands}, axis={axis}))", "--at", at, "--json")
        assert (done.status, done.out) == (2, ""), (name, axis)
        assert f"axis {axis} is out of bounds" in done.err


@pytest.mark.parametrize(
    ("text", "slopes"),
    [
        ("sort(w)[0]", [0, 0, 1, 0]), ("sort(w)[1]", [0, 0, 0, 1]), ("sort(w)[2]", [1, 0, 0, 0]),
        ("sort(w, descending=True)[0]", [0, 1, 0, 0]), ("sort(w, descending=True)[3]*2", [0, 0, 2, 0]),
        ("where(w[1] > 0, sort(w)[1:3].sum(), 0)", [1, 0, 0, 1]), ("cumprod(w - 1)[1]", [0, -1, 0, 0]),
        ("cumsum(w)[2]", [1, 1, 1, 0]), ("sort(w**2)[1]", [0, 0, 0, -1]), ("sort(sqrt(w + 2))[0]", [0, 0, math.inf, 0]),
    ],
)  # fmt: skip
def test_one_element_of_those_in_order(text: str, slopes: list[float]) -> None:
    """The order is that of all elements, taken or not."""
    _, grad = function(text).value_and_grad(w=np.array([0.0, 1.0, -2.0, -0.5]))
    assert grad["w"].tolist() == slopes
