"""Where there is no gradient, and where there is no value: the written rules (design, section 4).

NaN and infinities are expected answers. The sources of the conventions are PyTorch's note on
gradients of non-differentiable functions and PyTorch 2.13's and JAX's answers at ties.
"""

from __future__ import annotations

import math

import pytest

import gradcli

inf, nan = math.inf, math.nan

CASES = [
    # the shortest subgradient
    ("abs(x)", {"x": 0}, 0, {"x": 0}), ("relu(x)", {"x": 0}, 0, {"x": 0}), ("hypot(x, y)", {"x": 0, "y": 0}, 0, {"x": 0, "y": 0}),
    ("atan2(y, x)", {"x": 0, "y": 0}, 0, {"y": 0, "x": 0}), ("sign(x)", {"x": 0}, 0, {"x": 0}), ("sign(x)", {"x": -3}, -1, {"x": 0}),
    ("floor(x)", {"x": 2}, 2, {"x": 0}), ("ceil(x)", {"x": 2.5}, 3, {"x": 0}), ("round(x)", {"x": 2.5}, 2, {"x": 0}),
    ("round(x)", {"x": 3.5}, 4, {"x": 0}), ("trunc(x)", {"x": -1.5}, -1, {"x": 0}), ("frac(x)", {"x": -1.25}, -0.25, {"x": 1}),
    ("leaky_relu(x)", {"x": 0}, 0, {"x": 0.01}), ("leaky_relu(x)", {"x": -2}, -0.02, {"x": 0.01}), ("elu(x)", {"x": 0}, 0, {"x": 1}),
    # ties
    ("max(x, y)", {"x": 1, "y": 1}, 1, {"x": 0.5, "y": 0.5}), ("min(x, y)", {"x": 1, "y": 1}, 1, {"x": 0.5, "y": 0.5}),
    ("max(x, y, z)", {"x": 2, "y": 2, "z": 2}, 2, {"x": 1 / 3, "y": 1 / 3, "z": 1 / 3}),
    ("max(x, y, z)", {"x": 2, "y": 1, "z": 2}, 2, {"x": 0.5, "y": 0, "z": 0.5}), ("max(x, 0)", {"x": 0}, 0, {"x": 0.5}),
    # clamp at an end
    ("clamp(x, 0, 1)", {"x": 0}, 0, {"x": 1}), ("clamp(x, 0, 1)", {"x": 1}, 1, {"x": 1}), ("clamp(x, 0, 1)", {"x": 2}, 1, {"x": 0}),
    ("clamp(x, a, b)", {"x": 5, "a": 0, "b": 1}, 1, {"x": 0, "a": 0, "b": 1}),
    ("clamp(x, a, a)", {"x": 5, "a": 2}, 2, {"x": 0, "a": 1}), ("clamp(x, a, a)", {"x": 1, "a": 2}, 2, {"x": 0, "a": 1}),
    ("clamp(x, a, b)", {"x": 0.5, "a": 3, "b": 1}, 1, {"x": 0, "a": 0, "b": 1}),
    ("clamp(x, min=0)", {"x": -1}, 0, {"x": 0}), ("clamp(x, max=0)", {"x": -1}, -1, {"x": 1}),
    # finite edges and poles: the one-sided limit
    ("sqrt(x)", {"x": 0}, 0, {"x": inf}), ("log(x)", {"x": 0}, -inf, {"x": inf}), ("x**0.5", {"x": 0}, 0, {"x": inf}),
    ("asin(x)", {"x": 1}, math.pi / 2, {"x": inf}), ("acos(x)", {"x": 1}, 0, {"x": -inf}), ("acosh(x)", {"x": 1}, 0, {"x": inf}),
    ("cbrt(x)", {"x": 0}, 0, {"x": inf}), ("sqrt(-x)", {"x": 0}, 0, {"x": -inf}), ("1/x", {"x": 0}, inf, {"x": -inf}),
    ("atanh(x)", {"x": 1}, inf, {"x": inf}), ("sqrt(1 - x)", {"x": 1}, 0, {"x": -inf}),
    # powers
    ("x**0", {"x": 0}, 1, {"x": 0}), ("x**y", {"x": 0, "y": 0}, 1, {"x": 0, "y": 0}), ("0**x", {"x": 0}, 1, {"x": 0}),
    ("0**x", {"x": 2}, 0, {"x": 0}), ("x**y", {"x": 0, "y": 2}, 0, {"x": 0, "y": 0}), ("x**y", {"x": -2, "y": 3}, -8, {"x": 12, "y": nan}),
    ("x**y", {"x": -2, "y": 0.5}, nan, {"x": nan, "y": nan}), ("x**y", {"x": 0, "y": -1}, inf, {"x": -inf, "y": -inf}),
    ("x**3", {"x": -2}, -8, {"x": 12}), ("x**-2", {"x": -2}, 0.25, {"x": 0.25}), ("x**1", {"x": 0}, 0, {"x": 1}),
    # outside the domain
    ("log(x)", {"x": -1}, nan, {"x": nan}), ("sqrt(x)", {"x": -1}, nan, {"x": nan}), ("asin(x)", {"x": 2}, nan, {"x": nan}),
    ("(-2)**x", {"x": 0.5}, nan, {"x": nan}), ("x % 0", {"x": 3}, nan, {"x": nan}), ("acosh(x)", {"x": 0.5}, nan, {"x": nan}),
    ("log(x) + y", {"x": -1, "y": 2}, nan, {"x": nan, "y": nan}), ("log1p(x)", {"x": -2}, nan, {"x": nan}),
    ("gamma(x)", {"x": -1}, nan, {"x": nan}), ("erfinv(x)", {"x": 2}, nan, {"x": nan}), ("x*nan", {"x": 3}, nan, {"x": nan}),
    # what was not chosen contributes nothing
    ("where(x > 0, sqrt(x), 0)", {"x": 0}, 0, {"x": 0}), ("where(x > 0, sqrt(x), 0)", {"x": -1}, 0, {"x": 0}),
    ("sqrt(x) if x > 0 else 0", {"x": -4}, 0, {"x": 0}), ("max(1, log(x))", {"x": 0}, 1, {"x": 0}), ("relu(log(x))", {"x": 0}, 0, {"x": 0}),
    ("min(1, 1/x)", {"x": 0.5}, 1, {"x": 0}), ("where(x == 0, 1, sin(x)/x)", {"x": 0}, 1, {"x": 0}), ("clamp(1/x, 0, 5)", {"x": 0}, 5, {"x": 0}),
    ("where(x > 0, where(x > 1, log(x - 1), sqrt(x)), 2)", {"x": 0}, 2, {"x": 0}), ("abs(sqrt(x))", {"x": 0}, 0, {"x": 0}),
    ("y = sqrt(x); where(x > 0, y, 0) + where(x > 1, y, x)", {"x": 0}, 0, {"x": 1}), ("where(x > 0, x*log(x), 0)", {"x": 0}, 0, {"x": 0}),
    # a zero that merely happens does not stop an infinity
    ("sqrt(x)**2", {"x": 0}, 0, {"x": nan}), ("sqrt(x**2 + y**2)", {"x": 0, "y": 0}, 0, {"x": nan, "y": nan}), ("0*sqrt(x)", {"x": 0}, 0, {"x": 0}),
    ("0*x", {"x": inf}, nan, {"x": nan}), ("x - x", {"x": 2}, 0, {"x": 0}), ("y*sqrt(x)", {"x": 0, "y": 0}, 0, {"y": 0, "x": nan}),
    # comparisons with NaN
    ("where(nan > x, 1, x)", {"x": 2}, 2, {"x": 1}), ("where(nan != x, 1, x)", {"x": 2}, 1, {"x": 0}), ("x*(nan == nan)", {"x": 2}, 0, {"x": 0}),
    # overflow
    ("exp(x)", {"x": 1000}, inf, {"x": inf}), ("x*1e308*10", {"x": 5}, inf, {"x": inf}), ("-exp(x)", {"x": 1000}, -inf, {"x": -inf}),
    # far out and near 0: nothing overflows, nothing cancels
    ("sigmoid(x)", {"x": -800}, 0, {"x": 0}), ("softplus(x)", {"x": 800}, 800, {"x": 1}), ("logsigmoid(x)", {"x": -800}, -800, {"x": 1}),
    ("xlogy(x, y)", {"x": 0, "y": 0}, 0, {"x": -inf, "y": 0}), ("sinc(x)", {"x": 0}, 1, {"x": 0}), ("tanh(x)", {"x": 400}, 1, {"x": 0}),
    ("logaddexp(x, y)", {"x": 1000, "y": 1000}, 1000 + math.log(2), {"x": 0.5, "y": 0.5}), ("silu(x)", {"x": -800}, 0, {"x": 0}),
    ("expm1(x)", {"x": 1e-300}, 1e-300, {"x": 1}), ("log1p(x)", {"x": 1e-300}, 1e-300, {"x": 1}), ("logit(x)", {"x": 1e-300}, math.log(1e-300), {"x": 1e300}),
]  # fmt: skip


def same(got: float, expected: float) -> bool:
    if expected != expected:
        return got != got
    return got == expected or math.isclose(got, expected, rel_tol=4e-16)


@pytest.mark.parametrize(("text", "point", "value", "grad"), CASES)
def test_convention(text, point, value, grad):
    f = gradcli.function(text)
    got, partials = f.value_and_grad(**point)
    assert same(got, value), got
    assert list(partials) == list(f.variables)
    assert all(same(partials[x], d) for x, d in grad.items()), partials
    assert same(f(**point), value)
    assert f.evaluate(**point).grad.keys() == grad.keys()


def test_conditional_second_order_is_masked_too():
    from gradcli.core.graph import finish, optimise
    from gradcli.core.reverse import differentiate
    from gradcli.domains.float_tape import Tape
    from gradcli.language.parser import parse

    program = parse("where(x > 0, sqrt(x), 0)")
    builder, (out, x) = optimise(program.nodes, [*program.results, program.leaf["x"]])
    first = differentiate(builder, out, [x])[x]
    second = differentiate(builder, first, [x])[x]
    tape = Tape(finish(builder, [out, first, second]))
    for at, expected in ((-1.0, [0, 0, 0]), (0.0, [0, 0, 0]), (4.0, [2, 0.25, -1 / 32])):
        values = tape.run({"x": at})
        assert [values[i] for i in tape.outputs] == expected
