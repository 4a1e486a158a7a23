"""Reverse mode as a transformation of graphs: what it costs, and what it makes."""

from __future__ import annotations

from gradcli.api.function import function
from gradcli.core.graph import finish, optimise
from gradcli.core.reverse import differentiate
from gradcli.domains.float_tape import Tape
from gradcli.language.parser import parse


class Counted(list):
    """A list that counts how often one of its elements is read."""

    reads = 0

    def __getitem__(self, key):
        self.reads += 1
        return super().__getitem__(key)


def rosenbrock(n: int):
    """The builder of Rosenbrock's function in n variables, the result, and the variables."""
    program = parse("+".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(n - 1)))
    leaves = [program.leaf[f"x{i}"] for i in range(n)]
    builder, (result, *leaves) = optimise(program.nodes, [program.results[0], *leaves])
    return builder, result, leaves


def test_all_second_partials_share_one_builder():
    n = 60
    builder, result, leaves = rosenbrock(n)
    first = differentiate(builder, result, leaves)
    second = [differentiate(builder, first[i], leaves) for i in leaves]
    outputs = [(i, j, row[leaves[j]]) for i, row in enumerate(second) for j in range(n) if leaves[j] in row]
    graph = finish(builder, [result, *first.values(), *[k for _, _, k in outputs]])
    assert [(i, j) for i, j, _ in outputs] == [(i, j) for i in range(n) for j in range(n) if abs(i - j) <= 1]

    at = {f"x{i}": 0.5 + 0.25 * (i % 5) for i in range(n)}
    x = list(at.values())
    values = Tape(graph).run(at)
    for (i, j, _), k in zip(outputs, graph.outputs[1 + n :], strict=True):
        inner = 1200 * x[i] ** 2 - 400 * x[i + 1] + 2 if i < n - 1 else 0
        wanted = inner + 200 * (i > 0) if i == j else -400 * x[min(i, j)]
        assert abs(values[k] - wanted) <= 1e-12 * abs(wanted), (i, j)

    builder, result, leaves = rosenbrock(n)
    gradient = finish(builder, [result, *differentiate(builder, result, leaves).values()])
    assert len(graph.nodes) <= 1.6 * len(gradient.nodes)


def test_differentiating_again_reads_what_the_output_needs_alone():
    reads = []
    for n in (50, 500):
        builder, result, leaves = rosenbrock(n)
        first = differentiate(builder, result, leaves)
        builder.nodes = Counted(builder.nodes)
        differentiate(builder, first[leaves[20]], leaves)
        reads.append(builder.nodes.reads)
    assert reads[0] == reads[1] > 0


def test_a_table_of_equal_nodes_that_begins_anew_changes_no_number(monkeypatch):
    text, point = "sin(x*y)*cos(x*y) + exp(x*y)*sin(x*y)", {"x": 0.3, "y": 0.7}
    f = function(text)
    found, size = f.hess(**point), len(f.optimised().nodes)
    monkeypatch.setattr("gradcli.core.graph.SHARED", 7)
    f = function(text)
    assert f.hess(**point) == found
    assert len(f.optimised().nodes) > size
