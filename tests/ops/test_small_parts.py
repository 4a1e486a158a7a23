"""What is lost as 1 - p or log(1 + tiny): softmax and its kin to full relative precision, up to the second order."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

import gradcli
from gradcli.nn import functional

NAMES = ("a", "b", "c")
POINTS = [
    (50.0, 0.0, -3.0), (40.0, 0.0, 1.0), (0.0, 40.0, 2.0), (-1.5, 300.0, 12.25), (600.0, 0.5, 0.25), (1.0, 1.0, -60.0),
    (0.25, -0.5, 1.5), (0.0, 0.0, 0.0), (3.0, 2.999, -20.0), (-40.0, -80.0, -700.0), (0.0, -50.0, -51.0),
]  # fmt: skip


def shares(point):
    e = [mpmath.exp(mpf(x)) for x in point]
    return [v / mpmath.fsum(e) for v in e]


def delta(i: int, j: int) -> int:
    return int(i == j)


def softmax(k, p):
    return (
        p[k],
        [p[k] * (delta(k, i) - p[i]) for i in range(3)],
        [[p[k] * ((delta(k, i) - p[i]) * (delta(k, j) - p[j]) - p[i] * (delta(i, j) - p[j])) for j in range(3)]
         for i in range(3)],
    )  # fmt: skip


def log_softmax(k, p):
    second = [[-p[i] * (delta(i, j) - p[j]) for j in range(3)] for i in range(3)]
    return mpmath.log(p[k]), [delta(k, i) - p[i] for i in range(3)], second


def cross_entropy(target, p):
    """For probabilities of the classes."""
    total = mpmath.fsum(target)
    value = -mpmath.fsum(t * mpmath.log(q) for t, q in zip(target, p, strict=True))
    second = [[total * p[i] * (delta(i, j) - p[j]) for j in range(3)] for i in range(3)]
    return value, [total * p[i] - target[i] for i in range(3)], second


def logsumexp(p, point):
    second = [[p[i] * (delta(i, j) - p[j]) for j in range(3)] for i in range(3)]
    return mpf(point[0]) - mpmath.log(p[0]), p, second


def texts(point):
    p = shares(point)
    for k in range(3):
        yield f"softmax([a, b, c])[{k}]", softmax(k, p)
        yield f"log_softmax([a, b, c])[{k}]", log_softmax(k, p)
        yield f"cross_entropy([a, b, c], {k})", cross_entropy([mpf(delta(i, k)) for i in range(3)], p)
    yield "cross_entropy([a, b, c], [0.25, 0.75, 0])", cross_entropy([mpf("0.25"), mpf("0.75"), mpf(0)], p)
    yield "logsumexp([a, b, c])", logsumexp(p, point)


def near(ours: float, true, of=0) -> bool:
    """Within 16 units in the last place of the truth, or of the terms `of` that it is the sum of."""
    return abs(mpf(float(ours)) - true) <= 16 * math.ulp(max(float(abs(true)), float(of)))


def terms(name: str, k: int, p, i: int, j: int):
    """What the second derivative of softmax is the difference of; the others have one term."""
    return p[k] * p[i] * (1 - p[j] if i == j else p[j]) if name == "softmax" else 0


@pytest.mark.parametrize("point", POINTS)
def test_value_and_gradient(point) -> None:
    at = dict(zip(NAMES, point, strict=True))
    with mp.workprec(4000):
        for text, (value, slopes, _) in texts(point):
            found, by = gradcli.function(text).value_and_grad(**at)
            assert near(found, value), (text, found)
            for i, x in enumerate(NAMES):
                assert near(by[x], slopes[i]), (text, x, by[x])


@pytest.mark.parametrize("text", ["logsumexp([x, x, x])", "logsumexp([x, 0])", "(logsumexp(logit([1, 1, x]), axis=0))"])
def test_a_sum_of_infinite_exponentials_is_infinite(text) -> None:
    """As log(exp(inf) + ..) is: PyTorch 2.13 gives inf, too."""
    f, x = gradcli.function(text), 1.0 if "logit" in text else math.inf
    assert f(x=x) == math.inf
    assert f.proven_at({"x": "1" if x == 1 else "inf"}, 20).value == "Infinity"


@pytest.mark.parametrize("point", POINTS)
def test_tensors_to_the_second_order(point) -> None:
    forms = {
        "softmax": lambda x, k: functional.softmax(x, 0)[k],
        "log_softmax": lambda x, k: functional.log_softmax(x, 0)[k],
        "cross_entropy": lambda x, k: functional.cross_entropy(x, gradcli.tensor(k)),
        "logsumexp": lambda x, k: gradcli.logsumexp(x, 0),
    }
    with mp.workprec(4000):
        p = shares(point)
        for k in range(3):
            true = {
                "softmax": softmax(k, p), "log_softmax": log_softmax(k, p), "logsumexp": logsumexp(p, point),
                "cross_entropy": cross_entropy([mpf(delta(i, k)) for i in range(3)], p),
            }  # fmt: skip
            for name, form in forms.items():
                x = gradcli.tensor(list(point), dtype=gradcli.float64, requires_grad=True)
                y = form(x, k)
                (slope,) = gradcli.autograd.grad(y, x, create_graph=True)
                value, slopes, second = true[name]
                assert near(y.item(), value), (name, k)
                for i in range(3):
                    assert near(slope[i].item(), slopes[i]), (name, k, i)
                    (row,) = gradcli.autograd.grad(slope[i], x, retain_graph=True)
                    for j in range(3):
                        assert near(row[j].item(), second[i][j], terms(name, k, p, i, j)), (name, k, i, j)


@pytest.mark.parametrize("x", [-700.0, -40.0, -1.0, 0.0, 0.5, 37.0, 50.0, 700.0])
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_with_logits(x: float, target: float) -> None:
    with mp.workprec(4000):
        s, t = 1 / (1 + mpmath.exp(-mpf(x))), mpf(target)
        value = t * mpmath.log1p(mpmath.exp(-mpf(x))) + (1 - t) * mpmath.log1p(mpmath.exp(mpf(x)))
        z = gradcli.tensor(x, dtype=gradcli.float64, requires_grad=True)
        loss = functional.binary_cross_entropy_with_logits(z, gradcli.tensor(target, dtype=gradcli.float64))
        (slope,) = gradcli.autograd.grad(loss, z, create_graph=True)
        (curve,) = gradcli.autograd.grad(slope, z)
        assert near(loss.item(), value)
        assert near(slope.item(), s - t)
        assert near(curve.item(), s * (1 - s))


def test_edges_stay() -> None:
    """Empty arrays, infinities, ties and NaN."""
    inf = math.inf
    f = gradcli.function("logsumexp(x)")
    for x, y in (([inf, 0.0], inf), ([-inf, -inf], -inf), ([inf, -inf], inf), ([-inf, 2.0], 2.0)):
        assert f(x=np.array(x)) == y
    assert math.isnan(f(x=np.array([math.nan, 1.0])))
    assert f(x=np.array([5.0, 5.0])) == pytest.approx(5 + math.log(2), rel=1e-15)
    tied = gradcli.function("log_softmax(x)[0]").value_and_grad(x=np.array([7.0, 7.0, 7.0, 7.0]))
    assert tied[0] == pytest.approx(-math.log(4), rel=1e-15)
    assert tied[1]["x"].tolist() == [0.75, -0.25, -0.25, -0.25]
