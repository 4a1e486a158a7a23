"""Random programs: plain floats against balls, and both against mpmath (design, 5.4)."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import flint
import mpmath
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradcli.core.graph import CONSTANT, finish, optimise
from gradcli.core.ops import TABLE
from gradcli.core.reverse import differentiate
from gradcli.domains.ball_tape import run
from gradcli.domains.balls import BALLS
from gradcli.domains.float_tape import Tape
from gradcli.language.names import parameters
from gradcli.language.parser import parse

sys.path.insert(0, str(Path(__file__).parent / "ops"))
from op_reference import REFERENCE

# Each operation of the table that can be written as a call, with its number of arguments.
CALLS = sorted(
    (row.name, 2 if row.variadic else len([p for p in parameters(row) if p.default is None]))
    for row in TABLE.values()
    if not row.symbol and not row.whole and not row.missing
)
NAMES = ["x", "y", "μ", "lambda_", "变量"]
SPACE = st.sampled_from(["", " ", "  ", "\t"])
literals = st.one_of(st.integers(1, 9).map(str), st.sampled_from(["0.5", "2.5e-1", "1_0", ".25", "3."]))


@st.composite
def programs(draw, depth: int = 4) -> str:
    """An expression over all operations, spelled in all ways."""
    if depth == 0 or draw(st.integers(0, 9)) < 2:
        return draw(st.one_of(st.sampled_from(NAMES), literals, st.sampled_from(["pi", "e"])))
    space, inner = draw(SPACE), programs(depth=depth - 1)
    kind = draw(st.integers(0, 7))
    if kind < 4:
        name, count = draw(st.sampled_from(CALLS))
        return f"{name}({space}{f',{space}'.join(draw(inner) for _ in range(count))})"
    if kind < 6:
        sign = draw(st.sampled_from(["+", "-", "*", "/", "−", "·", "**"]))
        right = draw(st.integers(1, 3).map(str)) if sign == "**" else f"({draw(inner)})"
        return f"({draw(inner)}){space}{sign}{space}{right}"
    if kind == 6:
        return f"-({draw(inner)})²"
    return f"({draw(inner)} if {draw(inner)} < {draw(inner)} else {draw(inner)})"


def outputs(text: str):
    program = parse(text)
    builder, ids = optimise(program.nodes, [*program.results, *program.leaf.values()])
    adjoints = differentiate(builder, ids[0], ids[1:])
    zero = builder.number(0.0)
    return program, finish(builder, [ids[0], *[adjoints.get(i, zero) for i in ids[1:]]])


points = st.fixed_dictionaries({name: st.sampled_from([0.3, 0.7, 1.2, 1.9, -0.4, -1.6]) for name in NAMES})
relaxed = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def widened(ball: flint.arb) -> flint.arb:
    """The ball with room for a float's rounding: a few ulp, and the smallest normal number."""
    return flint.arb(ball, abs(ball).upper() * 2.0**-46 + 2.3e-308) if ball.is_finite() else ball


@relaxed
@given(programs(), points)
def test_floats_lie_in_the_widened_balls(text, point):
    """Value and gradient, step by step: each ball makes room for the rounding of its step."""
    program, graph = outputs(text)
    values = Tape(graph).run(point)
    balls: list[flint.arb] = []
    with flint.ctx.workprec(200):
        for i, node in enumerate(graph.nodes):
            if node[0].leaf:
                exact = run([node], {x: flint.arb(v) for x, v in point.items()})[0]
                balls.append(widened(exact) if node[0] is CONSTANT else exact)
            else:
                balls.append(widened(BALLS[node[0].name](*[balls[k] for k in node[1:]])))
            assume(math.isfinite(values[i]) and abs(values[i]) < 1e150)
            if balls[i].is_finite():
                assert balls[i].contains(flint.arb(values[i])), (text, point, node, values[i], balls[i])
    assert set(program.variables) <= set(NAMES)


@relaxed
@given(programs(depth=3), points)
def test_each_step_agrees_with_mpmath(text, point):
    """The value of each operation on the very floats that reached it."""
    program = parse(text)
    graph = finish(*optimise(program.nodes, program.results))
    values = Tape(graph).run(point)
    with mpmath.workdps(40):
        for i, node in enumerate(graph.nodes):
            operands = [values[k] for k in node[1:]] if not node[0].leaf else []
            if not operands or not all(math.isfinite(v) and abs(v) < 1e100 for v in [values[i], *operands]):
                continue
            try:
                true = float(mpmath.mpf(REFERENCE[node[0].name](*map(mpmath.mpf, operands))))
            except (ArithmeticError, ValueError, TypeError):
                continue  # mpmath leaves the real numbers, or has no answer: the edges have tests of their own
            # the reference itself is rounded at 40 digits; tails far below are the business of the op tests
            assert math.isclose(values[i], true, rel_tol=1e-13, abs_tol=1e-30), (text, node[0].name, operands)
