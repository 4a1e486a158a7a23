"""Passes from graph to graph, on pairs of texts; and what a well-formed graph is."""

from __future__ import annotations

import itertools
import json
import math
import operator
import random
from contextlib import suppress
from fractions import Fraction
from textwrap import dedent

import pytest
from graphs import parts, read
from helpers import data

import gradcli
from gradcli.core.graph import Builder, Graph, depending, finish, optimise
from gradcli.core.op import NUMBER, VARIABLE
from gradcli.core.passes.algebra import algebra
from gradcli.core.passes.chains import chains
from gradcli.core.passes.collect import collected
from gradcli.core.passes.dead import dead
from gradcli.core.passes.expand import expand
from gradcli.core.passes.fold import fold
from gradcli.core.passes.shapes import shapes
from gradcli.core.passes.signs import signs
from gradcli.core.passes.strength import strength
from gradcli.core.passes.truths import truths
from gradcli.core.spec import faults
from gradcli.domains.arrays import PRIMITIVES
from gradcli.domains.domain import steps_of
from gradcli.domains.float_tape import Tape
from gradcli.domains.floats import SAFE, literal
from gradcli.domains.fractions import FRACTIONS
from gradcli.domains.run import run
from gradcli.language.parser import parse


def expanded(graph: Graph) -> Graph:
    return expand(graph, lambda op: None if op.name in PRIMITIVES else steps_of(op, precise=True))


def folded(graph: Graph) -> Graph:
    return fold(graph, lambda node: literal(node[1]), lambda op, x, i: SAFE[op.name](*x))


def cheaper(graph: Graph) -> Graph:
    return dead(algebra(graph))


def signed(graph: Graph) -> Graph:
    """s is the same at every point, other variables are not."""
    moving = [i for i, node in enumerate(graph.nodes) if node[0] is VARIABLE and node[1] != "s"]
    return dead(signs(graph, depending(graph.nodes, moving)))


PAIRS = {
    "a composed row by its form, what is dead is left out": (
        expanded,
        "0 variable x\n1 exp 0\n2 square 0\n-> 2",
        "0 variable x\n1 mul 0 0\n-> 1",
    ),
    "forms within forms, and equal steps once": (
        expanded,
        "0 variable x\n1 reciprocal 0\n2 square 1\n3 reciprocal 0\n4 add 2 3\n-> 4",
        "0 variable x\n1 number 1.0\n2 div 1 0\n3 mul 2 2\n4 add 3 2\n-> 4",
    ),
    "constants of the number format stay names": (
        expanded,
        "0 variable x\n1 norm_pdf 0\n-> 1",
        None,
    ),
    "a cube": (
        strength,
        "0 variable x\n1 number 3.0\n2 pow 0 1\n-> 2",
        "0 variable x\n1 number 3.0\n2 number 1.0\n3 mul 0 0\n4 mul 0 3\n-> 4",
    ),
    "a negative power": (
        strength,
        "0 variable x\n1 number -2.0\n2 pow 0 1\n-> 2",
        "0 variable x\n1 number -2.0\n2 number 1.0\n3 mul 0 0\n4 div 2 3\n-> 4",
    ),
    "the power 0": (
        strength,
        "0 variable x\n1 number 0.0\n2 pow 0 1\n-> 2",
        "0 variable x\n1 number 0.0\n2 number 1.0\n-> 2",
    ),
    "no whole power, too large a one, a variable one": (
        strength,
        "0 variable x\n1 number 0.5\n2 pow 0 1\n3 number 9.0\n4 pow 2 3\n5 pow 4 0\n-> 5",
        "0 variable x\n1 number 0.5\n2 pow 0 1\n3 number 9.0\n4 pow 2 3\n5 pow 4 0\n-> 5",
    ),
    "a truth in a sum and as a result": (
        truths,
        "0 variable x\n1 variable y\n2 lt 0 1\n3 add 2 0\n4 mul 2 3\n-> 4 2",
        "0 variable x\n1 variable y\n2 lt 0 1\n3 positive 2\n4 add 3 0\n5 mul 3 4\n6 positive 2\n-> 5 6",
    ),
    "a truth that chooses, and one that is chosen": (
        truths,
        "0 variable x\n1 variable y\n2 lt 0 1\n3 gt 0 1\n4 logical_and 2 3\n5 where 4 2 0\n-> 5",
        "0 variable x\n1 variable y\n2 lt 0 1\n3 gt 0 1\n4 logical_and 2 3\n5 positive 2\n6 where 4 5 0\n-> 6",
    ),
    "a choice between two equal literals is a literal, which others multiply and negate once": (
        lambda graph: cheaper(folded(graph)),
        "0 variable x\n1 number 2.0\n2 where 0 1 1\n3 neg 2\n4 number 3.0\n5 mul 4 2\n6 mul 5 0\n-> 3 6",
        "0 variable x\n1 value 2.0\n2 value -2.0\n3 value 3.0\n4 mul 1 3\n5 mul 0 4\n-> 2 5",
    ),
    "what no output needs": (
        dead,
        "0 variable x\n1 variable y\n2 exp 1\n3 exp 0\n4 sin 2\n5 exp 3\n-> 5 0",
        "0 variable x\n1 exp 0\n2 exp 1\n-> 2 0",
    ),
    "a long sum, with what is subtracted turned, twice where that is within": (
        chains,
        "0 variable x\n1 variable y\n2 variable z\n3 sub 0 1\n4 sub 2 3\n5 sub 4 0\n6 add 5 1\n-> 6",
        "0 variable x\n1 variable y\n2 variable z\n3 neg 0\n4 neg 0\n5 add 2 3 1 4 1\n-> 5",
    ),
    "a product within a sum is one of its terms, and a quotient is a product": (
        chains,
        "0 variable x\n1 variable y\n2 mul 0 1\n3 div 2 0\n4 add 3 1\n-> 4",
        "0 variable x\n1 variable y\n2 reciprocal 0\n3 mul 0 1 2\n4 add 3 1\n-> 4",
    ),
    "long sums alone": (
        lambda graph: chains(graph, ("add",), 4),
        "0 variable x\n1 add 0 0\n2 sub 1 0\n3 sub 2 0\n4 mul 3 0\n5 mul 4 0\n6 add 5 0\n7 add 6 0\n-> 7",
        "0 variable x\n1 neg 0\n2 neg 0\n3 add 0 0 1 2\n4 mul 3 0\n5 mul 4 0\n6 add 5 0\n7 add 6 0\n-> 7",
    ),
    "a sum of two uses stays one node, and so does a result": (
        chains,
        "0 variable x\n1 variable y\n2 add 0 1\n3 add 2 0\n4 add 3 2\n5 add 4 1\n-> 5 4",
        "0 variable x\n1 variable y\n2 add 0 1\n3 add 2 0 2\n4 add 3 1\n-> 4 3",
    ),
    "factors of 1, and a quotient by a power of 2": (
        cheaper,
        "0 variable x\n1 value 1.0\n2 mul 0 1\n3 value 4.0\n4 div 2 3\n-> 4",
        "0 variable x\n1 value 0.25\n2 mul 1 0\n-> 2",
    ),
    "two literal factors are one, but for what could hide an overflow; a third has no short inverse": (
        cheaper,
        "0 variable x\n1 value 3.0\n2 mul 1 0\n3 mul 2 1\n4 value 0.5\n5 mul 3 4\n6 div 5 1\n-> 6",
        "0 variable x\n1 value 3.0\n2 value 9.0\n3 mul 2 0\n4 value 0.5\n5 mul 4 3\n6 div 5 1\n-> 6",
    ),
    "both orders of a sum are one": (
        cheaper,
        "0 variable x\n1 variable y\n2 add 0 1\n3 add 1 0\n4 sub 2 3\n-> 4",
        "0 variable x\n1 variable y\n2 add 0 1\n3 sub 2 2\n-> 3",
    ),
    "0 is added to what may be -0, but not to a square": (
        cheaper,
        "0 variable x\n1 value 0.0\n2 add 0 1\n3 mul 0 0\n4 add 1 3\n5 value -0.0\n6 add 2 5\n-> 6 4",
        "0 variable x\n1 value 0.0\n2 add 1 0\n3 mul 0 0\n-> 2 3",
    ),
    "literals are made between 2**-100 and 2**100, in reach of narrow numbers": (
        cheaper,
        f"0 variable x\n1 value {2.0**100}\n2 div 0 1\n3 value {2.0**101}\n4 div 0 3\n"
        f"5 value {2.0**-100}\n6 div 0 5\n7 value {2.0**-101}\n8 div 0 7\n-> 2 4 6 8",
        f"0 variable x\n1 value {2.0**100}\n2 value {2.0**-100}\n3 mul 2 0\n4 value {2.0**101}\n5 div 0 4\n"
        f"6 mul 1 0\n7 value {2.0**-101}\n8 div 0 7\n-> 3 5 6 8",
    ),
    "signs move outwards and into literals": (
        cheaper,
        "0 variable x\n1 variable y\n2 neg 0\n3 div 2 1\n4 neg 3\n5 value 2.0\n6 mul 5 4\n7 neg 6\n8 sub 1 2\n-> 7 8",
        "0 variable x\n1 variable y\n2 div 0 1\n3 value -2.0\n4 mul 3 2\n5 add 0 1\n-> 4 5",
    ),
    "what is the same on both sides of a choice": (
        cheaper,
        "0 variable x\n1 variable y\n2 lt 0 1\n3 exp 0\n4 where 2 3 3\n-> 4",
        "0 variable x\n1 exp 0\n-> 1",
    ),
    "a product that is subtracted is stored as its negative, and a factor of all points takes the sign": (
        signed,
        "0 variable x\n1 variable s\n2 mul 0 1\n3 neg 2\n4 mul 3 0\n5 mul 4 0\n-> 5",
        "0 variable x\n1 variable s\n2 neg 1\n3 mul 0 2\n4 mul 3 0\n5 mul 4 0\n-> 5",
    ),
    "a difference turns round": (
        signed,
        "0 variable x\n1 variable y\n2 sub 0 1\n3 neg 2\n4 mul 3 0\n-> 4",
        "0 variable x\n1 variable y\n2 sub 1 0\n3 mul 2 0\n-> 3",
    ),
    "a sign that a function sees stays, and so does one that nothing takes": (
        signed,
        "0 variable x\n1 variable y\n2 sub 0 1\n3 neg 2\n4 exp 3\n5 mul 0 1\n6 neg 5\n-> 4 6",
        "0 variable x\n1 variable y\n2 sub 0 1\n3 neg 2\n4 exp 3\n5 mul 0 1\n6 neg 5\n-> 4 6",
    ),
    "constants in their domain, ids kept, dead nodes without a value": (
        folded,
        "0 variable x\n1 number 2.0\n2 constant pi\n3 mul 1 2\n4 exp 0\n5 log 1\n6 mul 3 0\n-> 6",
        f"0 variable x\n1 value 2.0\n2 value {math.pi}\n3 value {math.tau}\n"
        "4 value None\n5 value None\n6 mul 3 0\n-> 6",
    ),
}  # fmt: skip


# The shape of each node, the value of some without axes.
SHAPES = {
    "broadcasting that has nothing to undo": (
        "0 variable x\n1 variable y\n2 mul 0 1\n3 match 2 0\n4 match 3 1\n-> 3 4",
        ([(3,), (3,), (3,), (3,), (3,)], {}),
        "0 variable x\n1 variable y\n2 mul 0 1\n-> 2 2",
    ),
    "broadcasting that has": (
        "0 variable x\n1 variable y\n2 mul 0 1\n3 match 2 0\n-> 3",
        ([(3,), (2, 3), (2, 3), (3,)], {}),
        "0 variable x\n1 variable y\n2 mul 0 1\n3 match 2 0\n-> 3",
    ),
    "a guard in the shape of what it guards": (
        "0 variable x\n1 variable y\n2 lt 0 1\n3 any_like 2 0\n4 where 3 0 1\n-> 4",
        ([(3,)] * 5, {}),
        "0 variable x\n1 variable y\n2 lt 0 1\n3 where 2 0 1\n-> 3",
    ),
    "a count is a constant, and a number repeated to an array stays one where another operand has the shape": (
        "0 variable x\n1 value None\n2 count 0 1\n3 value 1.0\n4 div 3 2\n"
        "5 value 0.0\n6 expand 4 0 1 5\n7 mul 6 0\n-> 7",
        ([(4,), (), (), (), (), (), (4,), (4,)], {2: 4.0, 4: 0.25}),
        "0 variable x\n1 value 0.25\n2 mul 1 0\n-> 2",
    ),
    "a number repeated to an array is one where no other operand has the shape": (
        "0 variable x\n1 value 2.0\n2 match 1 0\n3 exp 2\n-> 3",
        ([(4,), (), (4,), (4,)], {}),
        "0 variable x\n1 value 2.0\n2 match 1 0\n3 exp 2\n-> 3",
    ),
    "two constant factors meet where one is a power of two": (
        "0 variable x\n1 value 2.0\n2 mul 1 0\n3 value 0.3\n4 mul 2 3\n5 value 3.0\n6 mul 5 0\n7 mul 6 3\n-> 4 7",
        ([(4,), (), (4,), (), (4,), (), (4,), (4,)], {}),
        "0 variable x\n1 value 0.3\n2 value 0.6\n3 mul 2 0\n4 value 3.0\n5 mul 4 0\n6 mul 5 1\n-> 3 6",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SHAPES)
def test_what_known_shapes_make_needless(what):
    before, (sizes, numbers), after = SHAPES[what]
    graph = read(before)
    found, of = shapes(graph, sizes, numbers.__getitem__)
    assert str(graph) == before
    assert len(of) == len(found.nodes)
    assert [of[i] for i in found.outputs] == [sizes[i] for i in graph.outputs]
    assert not faults(found)
    assert str(dead(found)) == after


@pytest.mark.parametrize("what", PAIRS)
def test_what_a_pass_makes(what):
    make, before, after = PAIRS[what]
    graph = read(before)
    found = make(graph)
    assert str(graph) == before
    assert not faults(found)
    if after is None:
        assert {node[0].name for node in found.nodes if not node[0].leaf} <= set(PRIMITIVES)
        assert "constant normal" in str(found)
    else:
        assert str(found) == dedent(after)


TRUTHS = {
    "x": lambda x: x, "(x > 1)": lambda x: float(x > 1), "(not x)": lambda x: float(not x),
    "0": lambda x: 0.0, "1": lambda x: 1.0, "2": lambda x: 2.0, "inf": lambda x: math.inf,
}  # fmt: skip
TRUTH_OPERATORS = {
    "and": lambda u, v: bool(u) and bool(v), "or": lambda u, v: bool(u) or bool(v), "==": operator.eq,
    "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def simplified(text: str) -> Graph:
    """As in a gradient: every node by the builder's `make`. No operand is its node 0."""
    program, builder = parse(text), Builder()
    ids = [builder.number(7.0)]
    for op, *rest in program.nodes:
        ids.append(builder.intern((op, *rest)) if op.leaf else builder.make(op, *[ids[k + 1] for k in rest]))
    return finish(builder, [ids[program.results[0] + 1]])


@pytest.mark.parametrize("between", TRUTH_OPERATORS)
def test_truths_are_pythons(between):
    """What is decided without the point, or is one of the operands, is what Python says at every point."""
    for left, right in itertools.product(TRUTHS, TRUTHS):
        text = f"{left} {between} {right}"
        tape = Tape(simplified(text))
        for x in (-1.0, 0.0, 1.0, 2.0):
            wanted = TRUTH_OPERATORS[between](TRUTHS[left](x), TRUTHS[right](x))
            found = tape.run({"x": x})[tape.outputs[0]]
            # "x and x" is made x, a condition that is as true
            assert (bool(found) if left == right else found) == wanted, (text, x)


@pytest.mark.parametrize(
    "text",
    ["x > 1 and 2", "2 and x > 1", "x > 1 or 0", "0 or x > 1", "(x > 1) != 0", "not not x > 1", "not (x > 1) == 0"],
)
def test_a_truth_beside_a_literal_is_that_truth(text):
    assert str(simplified(text)) == str(simplified("x > 1"))


@pytest.mark.parametrize(
    ("text", "same"),
    [("x > 1 or (x > 1 and y > 2)", "x > 1"), ("(y > 2 or x > 1) and x > 1", "x > 1"),
     ("y > 2 and ((x > 1 and y > 2) and z > 3)", "(x > 1 and y > 2) and z > 3"),
     ("(x > 1 or y > 2) or x > 1", "x > 1 or y > 2"), ("((x > 1 and y > 2) and z > 3) or y > 2", "y > 2"),
     ("(x > 1 or y > 2) and ((y > 2 or z > 3) or x > 1)", "x > 1 or y > 2"),
     ("(z > 3 and y > 2) or (y > 2 and x > 1)", "(z > 3 and y > 2) or (y > 2 and x > 1)")],
)  # fmt: skip
def test_a_truth_absorbs_what_it_decides(text, same):
    written = parse(text)
    tapes = [Tape(finish(*optimise(written.nodes, written.results))), Tape(simplified(text))]
    assert tapes[1].graph.operations() == simplified(same).operations()
    for x, y, z in itertools.product((0.0, 4.0), repeat=3):
        first, second = [bool(tape.run({"x": x, "y": y, "z": z})[tape.outputs[0]]) for tape in tapes]
        assert first == second, (x, y, z)


def test_zeros_of_both_signs_stay_apart():
    found = expanded(read("0 number 0.0\n1 number -0.0\n2 add 0 1\n-> 2"))
    assert str(found) == "0 number 0.0\n1 number -0.0\n2 add 0 1\n-> 2"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("0 variable x\n1 add 0 1\n-> 1", "1: add has an operand that does not come before it"),
        ("0 variable x\n1 exp 0 0\n-> 1", "1: exp has 2 operands for (x)"),
        ("0 variable x\n1 variable x\n2 add 0 1\n-> 2", "a variable has two leaves"),
        ("0 variable x\n-> 1", "the output 1 is no node"),
    ],
)
def test_what_is_no_graph(text, fault):
    graph = read("->")
    graph.nodes, graph.outputs, graph.origin = parts(text)
    assert faults(graph) == [fault]


def test_what_is_no_number_and_has_no_origin():
    graph = read("0 variable x\n1 exp 0\n-> 1")
    graph.nodes[0] = (NUMBER, 2, None)
    graph.origin.pop()
    assert faults(graph) == ["0: a number is a float and its decimal", "1 origins for 2 nodes"]


RATIONAL = {"add", "sub", "mul", "div", "neg"}


def is_rational(graph: Graph) -> bool:
    """Only + - * / and whole powers."""
    whole = all(
        graph.nodes[node[2]][0] is NUMBER and graph.nodes[node[2]][1].is_integer()
        for node in graph.nodes
        if node[0].name == "pow"
    )
    return whole and all(node[0] in (VARIABLE, NUMBER) or node[0].name in RATIONAL | {"pow"} for node in graph.nodes)


def test_exact_fractions_run_by_the_one_loop_and_agree_with_balls():
    """A domain of numbers is its primitives: the 38 formulas of + - * / and whole powers, value and gradient."""
    from flint import arb, ctx

    from gradcli.domains import ball_tape as balls

    count = 0
    for item in data("formulas.jsonl"):
        f = gradcli.function(item["expr"])
        if not is_rational(f.optimised(False)):
            continue
        count += 1
        graph = f.optimised()
        for point in item["points"]:
            exact = run(
                graph.nodes,
                lambda i, node, at=point["at"]: Fraction(at[node[1]] if node[0] is VARIABLE else node[1]),
                lambda i, node, x: FRACTIONS[node[0].name](*x),
            )
            with ctx.workprec(300):
                around = balls.run(graph.nodes, {x: arb(v) for x, v in point["at"].items()})
                for i in graph.outputs:
                    q = exact[i]
                    assert around[i].overlaps(arb(q.numerator) / arb(q.denominator)), (item["id"], json.dumps(point))
                    assert around[i].is_exact() or around[i].rel_accuracy_bits() > 200
    assert count == 38


def test_what_is_collected_is_the_same_function():
    """Products grow in place where nothing else needs them: random programs of fractions."""
    at = {"x": Fraction(7, 5), "y": Fraction(-3, 11), "z": Fraction(13, 17)}

    def outputs(graph: Graph) -> list[Fraction]:
        values = run(
            graph.nodes,
            lambda i, node: at[node[1]] if node[0] is VARIABLE else Fraction(node[1]),
            lambda i, node, x: FRACTIONS[node[0].name](*x),
        )
        return [values[i] for i in graph.outputs]

    held = 0
    for seed in range(300):
        draw = random.Random(seed)
        lines, names = [], [*at]
        for k in range(draw.randint(3, 14)):
            a, b = draw.choice(names[-4:]), draw.choice(names)
            line = draw.choice([f"{a}*{b}", f"{b}*{a}", f"{a}/{b}", f"-{a}", f"{a} - {b}", f"{a}**2"])
            lines.append(f"v{k} = {line}")
            names.append(f"v{k}")
        program = parse("; ".join([*lines, ", ".join(names[-2:])]))
        graph = Graph(program.nodes, list(program.results), range(len(program.nodes)))
        with suppress(TypeError):  # of what a division by 0 gave
            wanted = outputs(graph)
            assert outputs(collected(graph)) == wanted, program.text
            held += 1
    assert held > 250
