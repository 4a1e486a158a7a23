"""An index is a choice: what it does not take contributes nothing and is not noted, whatever its slope.

Expected are the slopes of the elements that are taken, by hand: of sqrt at 1, 4 and 9 they are 1/2, 1/4 and 1/6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import gradcli
from gradcli.core.graph import finish, optimise
from gradcli.core.ops import by_name
from gradcli.core.reverse import differentiate
from gradcli.domains.array_tape import ArrayTape

ROOTS = [[0, 4], [1, 9]]

VECTORS = [
    ("sqrt(x)[1]", [0, 1], [0, 1 / 2]),
    ("acos(x)[0]", [-0.5, 0.5, 2], [-1 / math.sqrt(0.75), 0, 0]),
    ("sum(sqrt(x)[x>0])", [-1, 0, 4], [0, 0, 1 / 4]),
    ("sum(log(x)[1:])", [-1, 1, 2], [0, 1, 1 / 2]),
    ("sum(log(x)[::2])", [1, 0, 2], [1, 0, 1 / 2]),
    ("sum((1/x)[[2, 2]])", [0, 0, 2], [0, 0, -1 / 2]),
    ("[sqrt(x[0]), x[1]][1]", [0, 2], [0, 1]),
    ("[[log(x[0]), x[1]], [x[1], 1/x[0]]][1][0]", [0, 2], [0, 1]),
    ("stack([sqrt(x), x])[1, 0]", [0, 2], [1, 0]),
    ("concatenate([sqrt(x), x])[3]", [0, 2], [0, 1]),
    ("(2*sqrt(x) + x)[1]", [0, 4], [0, 3 / 2]),
    ("where(x[1] > 0, sqrt(x)[1], 0)", [0, 4], [0, 1 / 4]),
    ("max(sqrt(x)[1], 1/x[0])", [-1, 4], [0, 1 / 4]),
    ("cumsum(sqrt(x))[1]", [1, 4, 0], [1 / 2, 1 / 4, 0]),
    ("flip(sqrt(x))[0]", [0, 4], [0, 1 / 4]),
    ("sum(sqrt(x)[1:][1:])", [0, 0, 4], [0, 0, 1 / 4]),
    ("diag(sqrt(x))[1, 1]", [0, 4], [0, 1 / 4]),
    ("outer(sqrt(x), x)[1, 1]", [0, 4], [0, 3]),
    ("outer([1, 2], sqrt(x))[1, 1]", [0, 4], [0, 1 / 2]),
]
MATRICES = [
    ("sqrt(x)[1, 0]", [[0, 0], [1 / 2, 0]]),
    ("sqrt(x)[1][0]", [[0, 0], [1 / 2, 0]]),
    ("sqrt(x).T[1, 0]", [[0, 1 / 4], [0, 0]]),
    ("swapaxes(sqrt(x), 0, 1)[1, 0]", [[0, 1 / 4], [0, 0]]),
    ("permute(sqrt(x), 1, 0)[1, 0]", [[0, 1 / 4], [0, 0]]),
    ("reshape(sqrt(x), 4)[3]", [[0, 0], [0, 1 / 6]]),
    ("flatten(sqrt(x))[1]", [[0, 1 / 4], [0, 0]]),
    ("unsqueeze(sqrt(x), 0)[0, 1, 0]", [[0, 0], [1 / 2, 0]]),
    ("trace(flip(sqrt(x), 0))", [[0, 1 / 4], [1 / 2, 0]]),
    ("diag(sqrt(x), 1)[0]", [[0, 1 / 4], [0, 0]]),
    ("sum(sqrt(x), axis=1)[1]", [[0, 0], [1 / 2, 1 / 6]]),
    ("sum(sqrt(x), axis=0)[1]", [[0, 1 / 4], [0, 1 / 6]]),
    ("mean(sqrt(x), axis=1)[1]", [[0, 0], [1 / 4, 1 / 12]]),
    ("prod(sqrt(x), axis=1)[1]", [[0, 0], [3 / 2, 1 / 6]]),
    ("amax(sqrt(x), axis=1)[1]", [[0, 0], [0, 1 / 6]]),
    ("amin(sqrt(x), axis=1)[1]", [[0, 0], [1 / 2, 0]]),
    ("var(sqrt(x), axis=1)[1]", [[0, 0], [-1, 1 / 3]]),  # of a and b the variance is (a - b)**2/2
    ("std(sqrt(x), axis=1, keepdim=True)[1, 0]", [[0, 0], [-1 / math.sqrt(8), 1 / math.sqrt(72)]]),
    ("norm(sqrt(x), axis=1)[1]", [[0, 0], [1 / math.sqrt(40), 1 / math.sqrt(40)]]),
    ("norm(sqrt(x), 1, axis=1)[1]", [[0, 0], [1 / 2, 1 / 6]]),
    ("logsumexp(log(x), axis=1)[1]", [[0, 0], [1 / 10, 1 / 10]]),
    ("softmax(log(x), axis=1)[1, 0]", [[0, 0], [9 / 100, -1 / 100]]),
    ("log_softmax(log(x), axis=1)[1, 0]", [[0, 0], [9 / 10, -1 / 10]]),
    ("cumsum(sqrt(x), axis=1)[1, 1]", [[0, 0], [1 / 2, 1 / 6]]),
    ("(sqrt(x) @ [1, 2])[1]", [[0, 0], [1 / 2, 1 / 3]]),
    ("([1, 2] @ sqrt(x))[1]", [[0, 1 / 4], [0, 1 / 3]]),
    ("(sqrt(x) @ sqrt(x))[1, 1]", [[0, 1 / 4], [1, 1]]),  # 1*2 + 3*3
    ("linear([1, 2], sqrt(x))[1]", [[0, 0], [1 / 2, 1 / 3]]),
    ("sum(sqrt(x)[1] * [3, 4])", [[0, 0], [3 / 2, 2 / 3]]),
    ("sum((sqrt(x) * [1, 2])[1])", [[0, 0], [1 / 2, 1 / 3]]),
    ("det([sqrt(x), [[1, 0], [0, x[0, 1]]]])[1]", [[0, 1], [0, 0]]),
    ("inv([sqrt(x) + [[1, 0], [0, 1]], [[1, 0], [0, x[0, 1]]]])[1, 1, 1]", [[0, -1 / 16], [0, 0]]),
]  # fmt: skip
CASES = [*VECTORS, *[(text, ROOTS, expected) for text, expected in MATRICES]]


@pytest.mark.parametrize(("text", "x", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_no_index_takes_contributes_nothing(text, x, expected):
    found = gradcli.function(text).evaluate(x=x)
    np.testing.assert_allclose(found.grad["x"], expected, rtol=1e-14, atol=0)
    assert [note for note in found.notes if note.kind not in ("boundary", "kink")] == []


@pytest.mark.parametrize(("text", "x", "expected"), CASES, ids=[case[0] for case in CASES])
def test_in_proven_digits_too(text, x, expected):
    found = gradcli.function(text).proven_at({"x": np.array(x, dtype=float)}, 20)
    np.testing.assert_allclose(found.grad["x"].astype(float), expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize(("text", "x", "expected"), CASES, ids=[case[0] for case in CASES])
def test_nothing_at_the_second_order(text, x, expected):
    """The slope of the sum of all partials is a number everywhere, and 0 by what is not taken."""
    program = gradcli.function(text).program
    builder, (result, leaf) = optimise(program.nodes, [*program.results, program.leaf["x"]])
    first = differentiate(builder, result, [leaf], arrays=True)[leaf]
    total = builder.make(by_name("sum"), first, builder.literal(None), builder.number(0.0))
    second = differentiate(builder, total, [leaf], arrays=True).get(leaf, builder.number(0.0))
    tape = ArrayTape(finish(builder, [second]))
    (found,) = (tape.run({"x": np.array(x, dtype=float)})[i] for i in tape.outputs)
    found = np.broadcast_to(found, np.shape(x))
    assert np.isfinite(found).all()
    assert not found[np.equal(expected, 0)].any()


def test_an_infinite_slope_by_the_trace_is_none_beside_the_diagonal():
    grad = gradcli.function("sqrt(trace(x))").value_and_grad(x=[[0.0, 1.0], [2.0, 0.0]])[1]
    assert grad["x"].tolist() == [[math.inf, 0.0], [0.0, math.inf]]


def test_a_norm_that_is_not_taken_says_nothing_of_its_order():
    """Of [1, 1] the norm is 2**(1/p), with the slope -log(2)*2**(1/p)/p**2 by p."""
    found = gradcli.function("norm(x, p, axis=0)[0]").value_and_grad(x=[[1.0, 0.0, 2.0], [1.0, 3.0, 4.0]], p=-1.0)
    assert found[1]["p"] == pytest.approx(-math.log(2) / 2, rel=1e-15)
