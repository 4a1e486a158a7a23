"""The square of a norm, hypot or abs is the sum of squares that it is: smooth where these have a kink.

Its Hessian is 2 I, also at the origin; of a function of it the chain rule's, by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

import gradcli
import gradcli as torch
from gradcli.api.function import Function
from gradcli.core.graph import finish, optimise
from gradcli.core.ops import by_name
from gradcli.core.reverse import differentiate
from gradcli.domains.array_tape import ArrayTape
from gradcli.language.parser import parse

EYE = np.eye(2)
SQUARES = [
    # text, the Hessian at the origin
    ("norm(x)**2", 2 * EYE), ("square(norm(x))", 2 * EYE), ("n = norm(x); n*n", 2 * EYE), ("norm(x, 2)^2", 2 * EYE),
    ("hypot(x[0], x[1])**2", 2 * EYE), ("sum(abs(x)**2)", 2 * EYE), ("sum(abs(x)*abs(x))", 2 * EYE),
    ("norm(sin(x))**2", 2 * EYE), ("exp(norm(x)**2)", 2 * EYE), ("norm(x)**2 * cos(x[0])", 2 * EYE),
    ("norm(2*x - x[::-1])**2", [[10, -8], [-8, 10]]), ("sum(norm([x, 2*x], axis=1)**2)", 10 * EYE),
    ("where(x[0] >= 0, norm(x)**2, 1/x[0])", 2 * EYE),
    # through an index, and what else moves elements
    ("norm(x[0:2])**2", 2 * EYE), ("norm([x], axis=1)[0]**2", 2 * EYE), ("abs(x)[0]**2", [[2, 0], [0, 0]]),
    ("n = abs(x); n[0]*n[0] + n[1]**2", 2 * EYE),
    ("hypot(x, x[::-1])[0]**2", 2 * EYE), ("sum(abs(x)[::-1]**2)", 2 * EYE),
    ("norm(x).reshape(1, 1)[0, 0]**2", 2 * EYE), ("sum(flatten(abs([x, x]).T)**2)", 4 * EYE),
    ("squeeze(norm([x], axis=1, keepdim=True))**2", 2 * EYE), ("n = abs(x); sum(n[0]**2 + n[1:]**2)", 2 * EYE),
    ("(norm(x)**2)**2", 0 * EYE), ("log(1 + hypot(x[0], 2*x[1])**2)", [[2, 0], [0, 8]]),
]  # fmt: skip


def hessian(text: str, x: list[float]) -> np.ndarray:
    """Of a formula of a vector, by reverse mode on the gradient."""
    program = parse(text)
    builder, (result, leaf) = optimise(program.nodes, [*program.results, program.leaf["x"]])
    first = differentiate(builder, result, [leaf], arrays=True)[leaf]
    rows = []
    for k in range(len(x)):
        element = builder.make(by_name("index"), first, builder.number(k))
        rows.append(differentiate(builder, element, [leaf], arrays=True).get(leaf, builder.number(0.0)))
    tape = ArrayTape(finish(builder, rows))
    values = tape.run({"x": np.array(x, dtype=float)})
    return np.array([np.broadcast_to(values[i], np.shape(x)) for i in tape.outputs])


@pytest.mark.parametrize(("text", "expected"), SQUARES, ids=[text for text, _ in SQUARES])
def test_the_second_derivative_at_the_origin(text, expected):
    np.testing.assert_array_equal(hessian(text, [0.0, 0.0]), expected)
    f = gradcli.function(text)
    np.testing.assert_array_equal(f.value_and_grad(x=[0.0, 0.0])[1]["x"], [0, 0])
    assert [note for note in f.evaluate(x=[0.0, 0.0]).notes if note.kind == "kink"] == []


def test_beside_a_use_that_has_the_kink_it_is_told():
    for text in ("norm(x)**2 + norm(x)", "n = abs(x); n[0]**2 + n[1]", "n = abs(x); n[0]**2 + n[0]"):
        assert [note.kind for note in gradcli.function(text).evaluate(x=[0.0, 0.0]).notes] == ["kink"]


def test_an_adjoint_that_is_asked_for_is_that_of_the_norm():
    found = Function(parse("n = norm(x); n**2"), named=True).evaluate_at({"x": np.array([3.0, 4.0])})
    assert found.named["n"] == (5.0, 10.0)


@pytest.mark.parametrize(
    "square",
    [
        lambda x: x.norm() ** 2,
        lambda x: torch.norm(x, p=2).square(),
        lambda x: torch.linalg.norm(x) * torch.linalg.norm(x),
        lambda x: torch.hypot(x[0], x[1]).pow(2),
        lambda x: (x.abs() ** 2).sum(),
        lambda x: x.abs()[0] ** 2 + x.abs()[1].square(),
        lambda x: x.reshape(2, 1).t().norm(dim=1)[0] ** 2,
        lambda x: (x.reshape(1, 2).norm(dim=1) ** 2).sum(),
    ],
)
@pytest.mark.parametrize("point", [[0.0, 0.0], [3.0, 4.0]])
def test_tensors_with_create_graph(square, point):
    x = torch.tensor(point, requires_grad=True)
    (first,) = torch.autograd.grad(square(x), x, create_graph=True)
    assert first.tolist() == [2 * v for v in point]
    rows = [torch.autograd.grad(first[k], x, retain_graph=True)[0].tolist() for k in range(2)]
    assert rows == [[2, 0], [0, 2]]
