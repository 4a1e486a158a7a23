"""A new domain of numbers is a file of primitives: exact fractions, at most 60 lines with their test."""

from __future__ import annotations

import operator
from fractions import Fraction

import flint
from helpers import data

from gradcli.api.function import Function
from gradcli.core.graph import NUMBER, VARIABLE, Graph
from gradcli.domains import ball_tape as balls
from gradcli.domains.domain import Domain
from gradcli.language.parser import parse

EXACT = Domain(
    {
        "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
        "pow": lambda x, y: x ** int(y),
    },
    Fraction,
)  # fmt: skip


def values(graph: Graph, point: dict[str, float]) -> list[Fraction]:
    """The outputs of a graph, exactly."""
    found: list[Fraction] = []
    for op, *operands in graph.nodes:
        if op is VARIABLE:
            found.append(Fraction(point[operands[0]]))
        elif op is NUMBER:
            found.append(EXACT.literal(operands[0]))
        else:
            found.append(EXACT[op.name](*[found[k] for k in operands]))
    return [found[i] for i in graph.outputs]


def is_rational(graph: Graph) -> bool:
    """Sums, differences, products, quotients and whole powers alone."""
    nodes = graph.nodes
    powers = [nodes[node[2]] for node in nodes if node[0].name == "pow"]
    whole = all(node[0] is NUMBER and node[1].is_integer() for node in powers)
    return whole and all(node[0] in (VARIABLE, NUMBER) or node[0].name in EXACT for node in nodes)


def test_formulas_agree_with_balls():
    graphs = [(item, Function(parse(item["expr"])).optimised()) for item in data("formulas.jsonl")]
    rational = [(item, graph) for item, graph in graphs if is_rational(graph)]
    assert len(rational) == 38
    for item, graph in rational:
        for point in item["points"]:
            at = {name: float(x) for name, x in point["at"].items()}
            exact = values(graph, at)
            with flint.ctx.workprec(300):
                proven = balls.run(graph.nodes, {name: flint.arb(x) for name, x in at.items()})
                for i, q in zip(graph.outputs, exact, strict=True):
                    assert proven[i].overlaps(flint.arb(flint.fmpq(q.numerator, q.denominator))), item["id"]
                    assert proven[i].is_exact() or proven[i].rel_accuracy_bits() > 100
