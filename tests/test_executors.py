"""Random programs: plain floats against balls, and both against mpmath (design, 5.4)."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import flint
import mpmath
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradcli.core.graph import finish, optimise
from gradcli.core.ops import TABLE
from gradcli.core.reverse import differentiate
from gradcli.executors.balls import run
from gradcli.executors.floats import Tape
from gradcli.language.names import parameters
from gradcli.language.parser import parse

sys.path.insert(0, str(Path(__file__).parent / "ops"))
from op_reference import REFERENCE

# Each operation of the table that can be written as a call, with its number of arguments.
CALLS = sorted(
    (row.name, 2 if row.variadic else len([p for p in parameters(row) if p.default is None]))
    for row in TABLE.values()
    if not row.symbol and row.on_float is not None
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


@relaxed
@given(programs(), points)
def test_floats_lie_near_the_balls(text, point):
    """Where every intermediate is finite and every ball is sharp, no float is far from its ball."""
    program, graph = outputs(text)
    values = Tape(graph).run(point)
    assume(all(v - v == 0 and abs(v) < 1e30 for v in values))
    with flint.ctx.workprec(300):
        balls = run(graph.nodes, {x: flint.arb(v) for x, v in point.items()})
    for i in graph.outputs:
        ball = balls[i]
        assume(ball.is_finite() and (ball.is_exact() or ball.rel_accuracy_bits() > 60))
        # every rounding of every step may be amplified by its slope; a wrong rule is off by much more
        scale = max([1.0, *(abs(v) for v in values)])
        assert abs(values[i] - float(ball.mid())) <= 1e-9 * scale, (text, point, values[i], ball)
    assert set(program.variables) <= set(NAMES)


@relaxed
@given(programs(depth=3), points)
def test_values_agree_with_mpmath(text, point):
    program = parse(text)
    builder, ids = optimise(program.nodes, program.results)
    graph = finish(builder, ids)
    values = Tape(graph).run(point)
    assume(all(v - v == 0 and abs(v) < 1e30 for v in values))
    constants = {"pi": lambda: +mpmath.pi, "e": lambda: +mpmath.e}
    with mpmath.workdps(40):
        exact = []
        for node in graph.nodes:
            if not node[0].leaf:
                operands = [exact[k] for k in node[1:]]
                try:
                    exact.append(mpmath.mpf(REFERENCE[node[0].name](*operands)))
                except (ArithmeticError, ValueError, TypeError):
                    assume(False)
            elif node[0].name == "variable":
                exact.append(mpmath.mpf(point[node[1]]))
            else:
                exact.append(constants[node[1]]() if node[0].name == "constant" else mpmath.mpf(node[1]))
        scale = max([1.0, *(abs(v) for v in values)])
        assume(all(mpmath.isfinite(v) for v in exact))
        got, true = values[graph.outputs[0]], float(exact[graph.outputs[0]])
        assert math.isclose(got, true, rel_tol=1e-9, abs_tol=1e-9 * scale), (text, point, got, true)
