"""Derivatives of array formulas as formulas: read back they are what grad says, whatever the shapes turn out to be."""

from __future__ import annotations

import numpy as np
import pytest
from cli import gradcli

import gradcli as library

SAID = [
    ("sum(x**2)", {"x": "2*x"}), ("dot(x, x)", {"x": "2*x"}), ("norm(x)", {"x": "where(norm(x) != 0, x/norm(x), 0)"}),
    ("mean(x**2)", {"x": "2*x/count(x)"}), ("sum(x)", {"x": "match(1, x)"}), ("norm(x)**2", {"x": "2*x"}),
    ("sum(x*y)", {"x": "match(y, x)", "y": "match(x, y)"}), ("sum(x)**2", {"x": "match(2*sum(x), x)"}),
    ("dot(x, y)", {"x": "reshape_like(y, x)", "y": "reshape_like(x, y)"}), ("sum(abs(x))", {"x": "sign(x)"}),
    ("mean(x*y)", {"x": "match(y/count(x*y), x)", "y": "match(x/count(x*y), y)"}),
    ("sum(relu(x))", {"x": "where(x > 0, 1, 0)"}), ("logsumexp(x)", {"x": "exp(x - logsumexp(x))"}),
    ("sum(where(x > 0, x, 0.01*x))", {"x": "where(x > 0, 1, 0.01)"}), ("sum(where(x > 1, x*y, 0.01*x*y))", None),
    ("amax(x)", {"x": "where(x == amax(x), 1/sum(x == amax(x)), 0)"}),
    ("var(x)", {"x": "2*(x - mean(x, keepdim=1))/(count(x) - 1)"}), ("sum(sin(x)*exp(y))", None),
    ("sum((x - y)**2)/2", None), ("mean((a*x + b - y)**2)", None),
    ("sum(y*exp(a*x*y + b)*x)/b", None), ("sum(exp(x)/sum(exp(x))*y)", None),
    ("std(x)*norm(y)", None), ("median(x)*sum(y)", None), ("sum(x - x + 1)*sum(y)", None), ("sum(cumsum(x)*2)", None),
    ("sum(x**2 - x*x)", None), ("exp(-sum(x**2)/2)*sum(y)", None), ("sum(tanh(a*x)*y + x**2/3)", None),
    ("sum(x % y)", None), ("sum(max(x, y))", None), ("norm(x - y)", None),
    ("sum(where(x > y, x*y, x))", None), ("sum(relu(x - y)*x)", None),
    ("sum(abs(x - y)**1.5)", None), ("norm(x*y - 1)*amax(y)", None),
]  # fmt: skip
SHAPES = [
    {"x": (3,), "y": (3,)}, {"x": (2, 3), "y": (3,)}, {"x": (3,), "y": (2, 3)}, {"x": (2, 1), "y": (1, 3)},
    {"x": (), "y": (3,)}, {"x": (3,), "y": ()}, {"x": (1,), "y": (2, 1)},
]  # fmt: skip
VECTORS = [
    ("dot(x, x)", "x"), ("sqrt(x @ y)", "xy"), ("x @ x/(y @ y)", "xy"), ("exp(-x @ x/2)*a", "xa"),
    ("dot(x, y)**2", "xy"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "derived"), [pair for pair in SAID if pair[1]])
def test_what_is_said(text: str, derived: dict) -> None:
    assert {x: f.text for x, f in library.function(text).diff().items()} == derived


def same(text: str, at: dict) -> None:
    f = library.function(text)
    _, grad = f.value_and_grad(**at)
    for name, g in f.diff().items():
        found, wanted = np.asarray(g(**{v: at[v] for v in g.variables})), np.asarray(grad[name])
        assert found.shape == wanted.shape, (name, g.text)
        assert np.allclose(found, wanted, rtol=1e-13, atol=1e-14, equal_nan=True), (name, g.text)


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("text", [text for text, _ in SAID if "dot" not in text])
def test_read_back_it_is_the_gradient(text: str, shapes: dict) -> None:
    random = np.random.default_rng(7)
    at = {x: random.uniform(0.3, 2.0, shape)[()] for x, shape in shapes.items()} | {"a": 0.7, "b": 0.2}
    f = library.function(text)
    if "std" in text and max(shapes["x"], default=1) < 2:
        return
    if np.size(f(**{v: at[v] for v in f.variables})) == 1:
        same(text, {v: at[v] for v in f.variables})


@pytest.mark.parametrize(("text", "names"), VECTORS)
@pytest.mark.parametrize("shapes", [((3,), (3,)), ((1, 3), (3, 1)), ((1, 3), (3,))])
def test_products_of_vectors(text: str, names: str, shapes: tuple) -> None:
    if text.count("x") > 1 and len(shapes[0]) > 1:
        return
    random = np.random.default_rng(8)
    at = {"x": random.uniform(0.3, 2.0, shapes[0]), "y": random.uniform(0.3, 2.0, shapes[1]), "a": 1.5}
    same(text, {x: at[x] for x in names})


@pytest.mark.parametrize(
    "text",
    ["inv(x)[0, 0]", "sum(A @ x)", "prod(x)", "x[0]*x[1]", "sum(softmax(x, axis=0)*y)"],
)
def test_what_only_rules_say(text: str) -> None:
    done = gradcli("diff", text)
    assert (done.status, done.out) == (2, "")
    assert done.err.endswith("\nhess, jac and grad give its numbers at a point\n")
