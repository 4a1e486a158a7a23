"""What was not chosen is not differentiated: random programs with choices, to the second order.

A program with choices must have the value, the gradient and the second derivatives of the
program in which every choice was made at the point before differentiating, also where the
branches that were not chosen are NaN or infinite.
"""

from __future__ import annotations

import math

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradcli.core.graph import finish, optimise
from gradcli.core.reverse import differentiate
from gradcli.domains.float_tape import Tape
from gradcli.language.parser import parse

VARIABLES = ("x", "y")
UNARY = ("sqrt", "log", "exp", "sin", "tanh", "square", "reciprocal", "asin", "log1p")
COMPARE = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}

leaves = st.sampled_from([("leaf", "x"), ("leaf", "y"), ("leaf", "2"), ("leaf", "0.5"), ("leaf", "3")])


def grow(inner):
    return st.one_of(
        st.tuples(st.just("call"), st.sampled_from(UNARY), inner),
        st.tuples(st.just("binary"), st.sampled_from("+-*/"), inner, inner),
        st.tuples(st.just("if"), st.sampled_from(sorted(COMPARE)), inner, inner, inner, inner),
        st.tuples(st.just("where"), st.sampled_from(sorted(COMPARE)), inner, inner, inner, inner),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner, inner),
        st.tuples(st.sampled_from(["relu", "abs", "clamp"]), inner),
    )


programs = st.recursive(leaves, grow, max_leaves=14)
coordinates = st.sampled_from([-1.7, -0.9, -0.31, 0.0, 0.27, 0.73, 1.31, 2.9])


def full(t) -> str:
    """The program as it is."""
    match t:
        case ("leaf", name):
            return name
        case ("call", name, a):
            return f"{name}({full(a)})"
        case ("binary", op, a, b):
            return f"({full(a)} {op} {full(b)})"
        case ("if", op, a, b, c, d):
            return f"({full(c)} if {full(a)} {op} {full(b)} else {full(d)})"
        case ("where", op, a, b, c, d):
            return f"where({full(a)} {op} {full(b)}, {full(c)}, {full(d)})"
        case ("clamp", a):
            return f"clamp({full(a)}, -0.5, 1.25)"
        case (name, *args):
            return f"{name}({', '.join(full(a) for a in args)})"
    raise AssertionError(t)


def value(t, point) -> float:
    """The value of a part at the point, by the tape of its own text."""
    program = parse(full(t))
    builder, ids = optimise(program.nodes, program.results)
    tape = Tape(finish(builder, ids))
    return tape.run(point)[tape.outputs[0]]


def chosen(t, point) -> str:
    """The program after every choice was made at the point. Ties are left to the conventions' tests."""
    match t:
        case ("leaf", name):
            return name
        case ("call", name, a):
            return f"{name}({chosen(a, point)})"
        case ("binary", op, a, b):
            return f"({chosen(a, point)} {op} {chosen(b, point)})"
        case ("if" | "where", op, a, b, c, d):
            return chosen(c if COMPARE[op](value(a, point), value(b, point)) else d, point)
        case ("max" | "min" as name, *args):
            numbers = [value(a, point) for a in args]
            assume(all(v == v for v in numbers) and len(set(numbers)) == len(numbers))
            return chosen(args[numbers.index((max if name == "max" else min)(numbers))], point)
        case ("relu", a):
            v = value(a, point)
            assume(v == v and v != 0)
            return chosen(a, point) if v > 0 else "0"
        case ("abs", a):
            v = value(a, point)
            assume(v == v and v != 0)
            return chosen(a, point) if v > 0 else f"(-{chosen(a, point)})"
        case ("clamp", a):
            v = value(a, point)
            assume(v == v and v not in (-0.5, 1.25))
            return chosen(a, point) if -0.5 < v < 1.25 else "-0.5" if v < 0 else "1.25"
    raise AssertionError(t)


def two_orders(text: str, point) -> list[float]:
    """Value, gradient and the matrix of second derivatives."""
    program = parse(text, bound=frozenset(VARIABLES))
    builder, ids = optimise(program.nodes, [*program.results, *program.leaf.values()])
    at = dict(zip(program.leaf, ids[1:], strict=True))
    zero = builder.number(0.0)
    outputs = [ids[0]]
    for x in VARIABLES:
        first = differentiate(builder, ids[0], at.values()).get(at.get(x, -1), zero)
        outputs.append(first)
        for y in VARIABLES:
            outputs.append(differentiate(builder, first, at.values()).get(at.get(y, -1), zero))
    tape = Tape(finish(builder, outputs))
    run = tape.run(point)
    return [run[i] for i in tape.outputs]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(programs, coordinates, coordinates)
def test_a_program_with_choices_is_the_program_after_choosing(t, x, y):
    point = {"x": x, "y": y}
    expected = two_orders(chosen(t, point), point)
    # where the chosen program itself leaves the numbers, the two may take different roads to NaN
    assume(all(v - v == 0 and abs(v) < 1e150 for v in expected))
    got = two_orders(full(t), point)
    scale = max(1.0, *(abs(v) for v in expected))
    for a, b in zip(got, expected, strict=True):
        assert math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9 * scale), (full(t), chosen(t, point), got, expected)
