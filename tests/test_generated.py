"""One point, many calls: the generated function gives the tape's bits and notes, and holds nothing that was typed."""

from __future__ import annotations

import math

import pytest
from helpers import data
from hypothesis import given
from test_executors import points, programs, relaxed

import gradcli
from gradcli.api.function import Function
from gradcli.domains.float_tape import UNSUITED
from gradcli.domains.floats import PRIMITIVES
from gradcli.domains.generated import LIMIT, generated
from gradcli.language.parser import parse

# What the lines of a generated function may name beside the names that are generated.
BUILT_IN = {"len", "type", "float", "sum", "KeyError"}


def bits(found):
    """Floats with their signs of zero, everything else as it is."""
    if isinstance(found, float):
        return "nan" if found != found else found.hex()
    if isinstance(found, dict):
        return {x: bits(v) for x, v in found.items()}
    if isinstance(found, (list, tuple)):
        return [bits(v) for v in found]
    return found


def told(evaluation):
    notes = [(n.kind, n.op, n.at, n.message, n.left, n.right) for n in evaluation.notes]
    return bits([evaluation.at, evaluation.value, evaluation.grad, evaluation.named]), repr(notes), evaluation.more


def same_again(text: str, at: dict[str, float]) -> None:
    """The third call, of a generated function, as the first, of a tape; at the point and at edges beside it."""
    edges = [dict.fromkeys(at, v) for v in (0.0, -0.0, 1.0, -1.0, math.inf, math.nan, 1e200)]
    f, g = gradcli.function(text), gradcli.function(text)
    for _ in range(2):
        f.value_and_grad(**at), f.evaluate(**at), f(**at)
    for point in (at, *edges):
        g = gradcli.function(text)
        assert bits(f.value_and_grad(**point)) == bits(g.value_and_grad(**point)), (text, point)
        assert told(f.evaluate(**point)) == told(g.evaluate(**point)), (text, point)
        assert bits(f(**point)) == bits(g(**point)), (text, point)


def test_the_same_bits_and_notes_on_formulas_of_others():
    for item in data("formulas.jsonl"):
        same_again(item["expr"], item["points"][0]["at"])


@relaxed
@given(programs(), points)
def test_the_same_bits_and_notes_on_random_programs(text, point):
    used = gradcli.function(text).variables
    same_again(text, {x: v for x, v in point.items() if x in used})


@pytest.mark.parametrize(
    "text", ["0*x + y", "x/0", "5", "inf*x", "nan < x", "1e999*x", "log(0) + x", "x if y > 0 else y"]
)
def test_the_same_where_parts_are_constant_or_dead(text):
    same_again(text, dict.fromkeys(gradcli.function(text).variables, 0.7))


def test_named_values_and_partials_by_some():
    program = parse("a = x*y; b = sqrt(a); b + z")
    f, g = (Function(program, wrt=["y"], named=True) for _ in range(2))
    for x in (2.0, 3.0, 0.0, -1.0):
        point = {"x": x, "y": 5.0, "z": 1.0}
        fresh = Function(program, wrt=["y"], named=True)
        assert told(f.evaluate_at(point)) == told(fresh.evaluate_at(point))
    assert g.evaluate_at(point).named is not None


def test_nothing_that_was_typed_is_in_the_function():
    text = "print*max(__import__, KeyError) + 17.25*sin(len)"
    f = gradcli.function(text)
    compiled = f.compiled(True)
    for doubts in (None, []):
        made = generated(compiled.tape, f.variables, f.wrt, doubts)
        code = made.__code__
        assert set(code.co_names) <= BUILT_IN
        assert all(name[0] in "vuc" and name[1:].isdigit() for name in code.co_freevars)
        assert all(name == "point" or (name[0] in "vu" and name[1:].isdigit()) for name in code.co_varnames)
        assert not [c for c in code.co_consts if isinstance(c, (str, bytes))]
        assert 17.25 not in code.co_consts


def test_a_point_that_does_not_suit_is_refused():
    f = gradcli.function("x*y")
    made = generated(f.compiled(True).tape, f.variables, f.wrt)
    assert made({"x": 2.0, "y": 3.0}) == (6.0, {"x": 3.0, "y": 2.0})
    for point in (
        {"x": 2.0},
        {"x": 2.0, "z": 1.0},
        {"x": 2.0, "y": 3.0, "z": 1.0},
        {"x": 2, "y": 3.0},
        {"x": [1.0], "y": 1.0},
    ):
        with pytest.raises(UNSUITED):
            made(point)


def test_other_kinds_of_points_after_the_second_call():
    f = gradcli.function("x*y")
    for _ in range(3):
        assert f.value_and_grad(x=2.0, y=3.0) == (6.0, {"x": 3.0, "y": 2.0})
    assert f.value_and_grad(x=2, y=3) == (6.0, {"x": 3.0, "y": 2.0})
    _, grad = f.value_and_grad(x=[2.0], y=3.0)
    assert grad["x"].tolist() == [3.0]
    with pytest.raises(ValueError, match="no value for y"):
        f.value_and_grad(x=2.0)
    with pytest.raises(ValueError, match="not a variable"):
        f.value_and_grad(x=2.0, y=1.0, z=1.0)


def test_large_graphs_stay_on_the_tape():
    """Large by its operations, or by those that they are composed of."""
    for text in ("+".join(f"sin({k}*x)" for k in range(LIMIT)), "+".join(f"gelu({k}*x)" for k in range(LIMIT // 10))):
        f = gradcli.function(text)
        first = f.value_and_grad(x=0.5)
        assert f.value_and_grad(x=0.5) == f.value_and_grad(x=0.5) == first
        assert f._partials.function is None


def test_composed_operations_are_written_out():
    """What is called from the lines is a function of the domain, not a row's form."""
    f = gradcli.function("gelu(x)*softplus(y) + asin(x)")
    for _ in range(2):
        f.value_and_grad(x=0.25, y=0.5)
    called = {cell.cell_contents for cell in f._partials.function.__closure__ if callable(cell.cell_contents)}
    assert math.erfc in called
    assert called <= set(PRIMITIVES.values())
