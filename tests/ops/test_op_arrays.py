"""Each row on arrays: as its float form on single numbers; its rule on whole arrays against differences."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from mpmath import mp, mpf

from gradcli import function
from gradcli.core.graph import VARIABLE, Graph, depending, finish, optimise
from gradcli.core.op import DISCRETE, FLAG, LIKE, MISSING, SHAPE, STRUCTURE, Op
from gradcli.core.ops import TABLE
from gradcli.core.reverse import differentiate
from gradcli.domains import array_tape as arrays
from gradcli.language.parser import parse

# Rows that serve rules, and a few whose rule has several cases: a text, and the shapes of its variables.
RULES = [
    ("scatter(x, y, 1)", {"x": (3,), "y": (2, 3)}),
    ("scatter(x, y, [0, 0, 1])", {"x": (3,), "y": (2,)}),
    ("match(x, y)", {"x": (2, 3), "y": (2, 1)}),
    ("match(x, y)", {"x": (1, 3), "y": (2, 1)}),
    ("expand(x, y, axis=1)", {"x": (2,), "y": (2, 3)}),
    ("reshape_like(x, y)", {"x": (2, 3), "y": (6,)}),
    ("permute_back(x, 2, 0, 1)", {"x": (2, 3, 4)}),
    ("swapaxes(x, 0, -1)", {"x": (2, 3, 4)}),
    ("others(x)", {"x": (2, 3)}),
    ("others(x, axis=1)", {"x": (2, 3)}),
    ("others(others(x, axis=(0, 2)), axis=1)", {"x": (2, 3, 2)}),
    ("eye_like(x)*x", {"x": (2, 3, 3)}),
    ("prod(x, axis=(0, 2))", {"x": (2, 3, 2)}),
    ("to_last(x, 0)", {"x": (2, 3)}),
    ("from_last(x, y, 0)", {"x": (3, 2), "y": (2, 3)}),
    ("left_of_product(g, x, y)", {"g": (2, 4), "x": (2, 3), "y": (3, 4)}),
    ("left_of_product(g, x, y)", {"g": (4,), "x": (3,), "y": (3, 4)}),
    ("left_of_product(g, x, y)", {"g": (), "x": (3,), "y": (3,)}),
    ("left_of_product(g, x, y)", {"g": (5, 2), "x": (5, 2, 3), "y": (3,)}),
    ("right_of_product(g, x, y)", {"g": (2, 4), "x": (2, 3), "y": (3, 4)}),
    ("right_of_product(g, x, y)", {"g": (5, 2, 4), "x": (5, 2, 3), "y": (3, 4)}),
    ("right_of_product(g, x, y)", {"g": (5, 2), "x": (5, 2, 3), "y": (3,)}),
    ("cofactor(x)", {"x": (3, 3)}),
    ("cofactor_along(x, y)", {"x": (3, 3), "y": (3, 3)}),
    ("cofactor_along(x, y)", {"x": (2, 3, 3), "y": (2, 3, 3)}),
    ("diag_back(x, y, 1)", {"x": (2,), "y": (3, 3)}),
    ("diag(x, -1)", {"x": (3, 3)}),
    ("if_same_shape(x, y)", {"x": (2,), "y": (2,)}),
    ("probabilities(x, y)", {"x": (2, 3), "y": (2, 3)}),
    ("cross_entropy(x, y)", {"x": (2, 3), "y": (2, 3)}),
    ("cross_entropy(x, [[0, 1], [2, 2]])", {"x": (2, 3, 2)}),
    ("linear(x, w, b)", {"x": (4, 3), "w": (2, 3), "b": (2,)}),
    ("linear(x, w)", {"x": (3,), "w": (2, 3)}),
    ("pnorm(x, 3, axis=1)", {"x": (2, 3)}),
    ("vector(x)", {"x": (3,)}),
    ("norm(x, axis=(0, 1), keepdim=True)", {"x": (2, 3)}),
    ("std(x, axis=1, keepdim=True)", {"x": (2, 3)}),
    ("logsumexp(x, axis=0)", {"x": (2, 3)}),
    ("softmax(x, axis=None)", {"x": (2, 3)}),
    ("centred(g, softmax(x, 0), 0)", {"g": (2, 3), "x": (2, 3)}),
    ("less_share(g, softmax(x, 1), 1)", {"g": (2, 3), "x": (2, 3)}),
    ("log_softmax(x, axis=0)", {"x": (2, 3)}),
    ("cumsum(x)", {"x": (2, 3)}),
    ("solve(x, y)", {"x": (2, 2, 2), "y": (2, 2, 3)}),
    ("inv(x)", {"x": (2, 2, 2)}),
    ("det(x)", {"x": (2, 2, 2)}),
    ("logdet(x @ swapaxes(x, -1, -2))", {"x": (2, 2, 2)}),
    ("concatenate([x, y, x], axis=1)", {"x": (2, 1), "y": (2, 3)}),
    ("concatenate([x, y*x, y], axis=-1)", {"x": (3, 2, 2), "y": (3, 2, 2)}),
    ("stack([x, y, x], axis=-1)", {"x": (2,), "y": (2,)}),
    ("stack([x, y*x, x], axis=1)", {"x": (2, 3), "y": (2, 3)}),
    ("[[x, y], [y*y, x]]", {"x": (2, 1), "y": (2, 1)}),
    ("[x, y, x*y]", {"x": (), "y": ()}),
    ("outer(x, y)", {"x": (2,), "y": (3,)}),
    ("mse_loss(x, y)", {"x": (2, 3), "y": (3,)}),
    ("amax(x, axis=1)", {"x": (2, 3)}),
    ("x[[1, 1], ::2]", {"x": (2, 3)}),
    ("var(x, axis=0, correction=0)", {"x": (3, 2)}),
    ("flip(x, axis=0)", {"x": (3, 2)}),
    ("flatten(x, start_dim=1)", {"x": (2, 3, 2)}),
    ("squeeze(unsqueeze(x, 1))", {"x": (3,)}),
    ("permute(x, 1, 2, 0)", {"x": (2, 3, 4)}),
    ("trace(x)", {"x": (3, 3)}),
    ("transpose(x)", {"x": (2, 3)}),
    ("mean(x, axis=1)", {"x": (2, 3)}),
    ("length(x, axis=1)*x", {"x": (2, 3)}),
    ("reshape(x, 3, -1)", {"x": (2, 3)}),
    ("amin(x)", {"x": (3,)}),
    ("x @ y", {"x": (5, 2, 3), "y": (3,)}),
    ("sum(x, axis=(0, 1))", {"x": (2, 3)}),
    ("var(x, axis=1, correction=c)", {"x": (2, 3), "c": ()}),
    ("std(x, correction=c)", {"x": (2, 3), "c": ()}),
    ("pnorm(x, p, axis=0)", {"x": (3, 2), "p": ()}),
    ("norm(x)", {"x": (2, 3)}),
    ("x[1:]", {"x": (3,)}),
    ("[[x, y], [y, x*y]] @ [x, y]", {"x": (), "y": ()}),
    ("sort(x, axis=0)", {"x": (3, 2)}),
    ("ordered(y, x, 1, 1)", {"x": (2, 3), "y": (2, 3)}),
    ("unordered(y, x, 0, 0)", {"x": (2, 3), "y": (2, 3)}),
    ("median(x, axis=1)", {"x": (2, 4)}),
    ("middle(x, axis=1, keepdim=True)", {"x": (2, 4)}),
    ("quantile(x, q/4, axis=(0, 2))", {"x": (2, 3, 2), "q": ()}),
    ("quantile_weights(x, q/3, 1)*x", {"x": (2, 4), "q": ()}),
    ("quantile_slopes(0.4, x, 0)*x", {"x": (3, 2)}),
    ("cumprod(x)", {"x": (2, 3)}),
    ("cumprod(x, axis=0)", {"x": (3, 2)}),
    ("cumprod_back(x, y, 1)", {"x": (2, 3), "y": (2, 3)}),
    ("slogdet(x)", {"x": (2, 3, 3)}),
]


@pytest.mark.parametrize(("text", "shapes"), RULES)
def test_rule_against_differences(text: str, shapes: dict) -> None:
    """The gradient of a weighted sum, and of the square of its gradient's pattern: the second order too."""
    random = np.random.default_rng(len(text))
    at = {name: random.uniform(0.4, 1.6, shape) for name, shape in shapes.items()}
    shape = np.shape(function(text)(**at))
    f = function(f"sum(weights*({text}) + ({text})**2)")
    at["weights"] = random.uniform(0.5, 1.5, shape)
    _, grad = f.value_and_grad(**at)
    for name in f.variables:
        x = np.asarray(at[name])
        for k in range(x.size):
            sides = []
            for step in (1e-6, -1e-6):
                moved = x.copy()
                moved.reshape(-1)[k] += step
                sides.append(f(**{**at, name: moved}))
            difference = (sides[0] - sides[1]) / 2e-6
            assert np.ravel(grad[name])[k] == pytest.approx(difference, rel=1e-5, abs=1e-6), (name, k)


def moved(text: str) -> set[tuple[str, int]]:
    """The parameters (row, place) of operations on arrays that depend on a variable in this text."""
    program = parse(text)
    depends = depending(program.nodes, program.leaf.values())
    return {
        (op.name, min(k, len(op.vjp) - 1) if not op.placed else 0)
        for op, *operands in program.nodes
        if op.whole
        for k, x in enumerate(operands)
        if depends[x]
    }


def test_every_parameter_has_a_mark_or_a_rule_that_is_tried() -> None:
    tried = set().union(*[moved(text) for text, _ in RULES])
    for name, row in TABLE.items():
        for k, rule in enumerate(() if row.placed else row.vjp):
            assert rule in (STRUCTURE, FLAG, SHAPE, LIKE, DISCRETE, MISSING) or callable(rule), (name, k)
            assert not row.whole or not callable(rule) or (name, k) in tried, (name, k)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.placed and {SHAPE, LIKE} & {*row.vjp}])
def test_of_some_parameters_the_shape_alone_counts(name: str) -> None:
    """Other numbers in an operand of the example do not change the value."""
    nodes = parse(TABLE[name].example).nodes
    at = next(i for i, node in enumerate(nodes) if node[0] is TABLE[name])
    graph = Graph(nodes[: at + 1], list(nodes[at][1:]), array("q", range(at + 1)))
    tape = arrays.ArrayTape(graph)
    values = tape.run({})
    operands = [values[i] for i in tape.outputs]
    wanted = arrays.call(TABLE[name], operands)
    for k, rule in enumerate(TABLE[name].vjp):
        if rule in (SHAPE, LIKE):
            found = arrays.call(TABLE[name], [np.add(v, 0.5) if j == k else v for j, v in enumerate(operands)])
            assert np.array_equal(found, wanted)
            assert rule is SHAPE or name == "eye_like" or np.shape(found) == np.shape(operands[k])


def test_a_parameter_without_a_rule_is_refused() -> None:
    with pytest.raises(TypeError, match="scaled has 2 parameters, and rules or marks for 1"):
        Op("scaled", "x, by", about="x by a number", whole=True, vjp=(lambda g, y, x, by: g * by,))


def test_partials_by_corrections_and_orders() -> None:
    """Against mpmath's own differentiation of the formulas."""
    x = [mpf(1), mpf(2), mpf(4)]
    mean = mp.fsum(x) / 3

    def var(c):
        return mp.fsum([(v - mean) ** 2 for v in x]) / (3 - c)

    def norm(p):
        return mp.fsum([v**p for v in x]) ** (1 / p)

    cases = [
        ("var([1, 2, 4], correction=c)", var, (0, 0.5, 1, 2.5)),
        ("std([1, 2, 4], correction=c)", lambda c: mp.sqrt(var(c)), (0, 0.5, 1, 2.5)),
        ("norm([1, -2, 4], c)", norm, (0.5, 1, 2, 3, -1.5, 20)),
    ]
    for text, exact, points in cases:
        for c in points:
            _, grad = function(text).value_and_grad(c=c)
            with mp.workdps(30):
                assert grad["c"] == pytest.approx(float(mp.diff(exact, mpf(c))), rel=1e-14), (text, c)
    assert function("std([1, 2, 4], correction=c)").value_and_grad(c=0.5)[1]["c"] == pytest.approx(
        0.273252020425589, rel=1e-14
    )


def test_the_p_norm_where_an_element_is_zero() -> None:
    """Its slope is 0 there for p <= 1, with a note; for p = 2 the second order is that of the root of squares."""
    found = function("norm(x, p)").evaluate(x=[0.0, 4.0], p=0.5)
    assert (found.value, found.grad["x"].tolist(), found.grad["p"]) == (4.0, [0.0, 1.0], 0.0)
    assert [note.kind for note in found.notes] == ["kink"]
    assert not function("norm(x, p)").evaluate(x=[0.0, 4.0], p=1.5).notes
    f = function("norm([x, 4], p)")
    graph = f.optimised(arrays=True)
    builder, (partial, x) = optimise(
        graph.nodes, [graph.outputs[1], next(i for i, n in enumerate(graph.nodes) if n[0] is VARIABLE)]
    )
    adjoint = differentiate(builder, partial, [x], arrays=True)[x]
    tape = arrays.ArrayTape(finish(builder, [adjoint]))
    assert tape.run({"x": np.float64(0.0), "p": np.float64(2.0)})[tape.outputs[0]] == 0.25


@pytest.mark.parametrize("stack", [(), (3,)])
@pytest.mark.parametrize("shape", [(2,), (2, 4)])
def test_a_singular_system_has_an_answer_of_nan_in_its_shape(stack: tuple, shape: tuple) -> None:
    a = np.broadcast_to([[1.0, 2.0], [2.0, 4.0]], (*stack, 2, 2))
    y = function("solve(a, b)")(a=a, b=np.ones(shape))
    assert y.shape == (*stack, *shape)
    assert np.isnan(y).all()


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.whole])
def test_example(name: str) -> None:
    assert not np.isnan(function(TABLE[name].example)()).any()
