"""A program as the graph that is written down: its value, its partials and the names that it assigns."""

from __future__ import annotations

from gradcli.core.collector import Paused
from gradcli.core.graph import Graph, depending, finish, optimise, reachable
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE, Op
from gradcli.core.ops import by_name
from gradcli.core.passes.algebra import algebra
from gradcli.core.passes.dead import dead
from gradcli.core.passes.expand import expand
from gradcli.core.passes.fold import fold
from gradcli.core.passes.signs import signs
from gradcli.core.passes.strength import strength
from gradcli.core.passes.truths import truths
from gradcli.core.structure import NOTHING
from gradcli.domains import float_tape
from gradcli.domains.domain import steps_of
from gradcli.domains.floats import ROUNDED, literal
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.trace import Template
    from gradcli.language.program import Program

TRUTH_AS_NUMBER = by_name("positive")  # what the pass `truths` puts before a truth with which one calculates
# Of these the definition loses digits in floats, and no language has the function.
ONLY_IN_BALLS = ROUNDED - {"factorial", "beta", "betaln"}
SHORT = 2  # a composed operation of so few steps stands where it is used, a longer one is a function of its own


class Derived:
    """graph: the outputs are the value, then the partial by each of wrt, then what the program assigns.

    names: of what it assigns, in the order of these outputs.
    """

    def __init__(self, program: Program, wrt: Sequence[str]) -> None:
        """Raises UsageError for a tuple of results."""
        if len(program.results) > 1:
            raise UsageError("a tuple of results has no single gradient", "export one result at a time")
        live = reachable(program.nodes, program.results)
        assigned = {name: i for name, i in program.named.items() if live[i] and not program.nodes[i][0].leaf}
        self.names = list(assigned)
        leaves = [program.leaf[name] for name in wrt]
        with Paused():
            builder, ids = optimise(program.nodes, [*program.results, *leaves, *assigned.values()])
            result, leaves, kept = ids[0], ids[1 : 1 + len(leaves)], ids[1 + len(leaves) :]
            adjoints = program.differentiate(builder, result, leaves, arrays=program.whole)
            zero = builder.number(0.0)
            self.graph = finish(builder, [result, *[adjoints.get(i, zero) for i in leaves], *kept])


def lowered(graph: Graph, supplied: Callable[[Op], bool], arrays: bool = False) -> Graph:
    """The graph in operations that a language writes, short compositions as their steps, constants computed.

    supplied: does the language have words for an operation? arrays: constants stay, because they may be lists.
    """
    graph = strength(expand(graph, lambda op: _short(op, supplied)))
    if arrays:
        return dead(truths(graph))
    graph = fold(graph, lambda node: literal(node[1]), lambda op, operands, i: float_tape.call(op, operands))
    graph = dead(algebra(truths(graph)))
    moving = depending(graph.nodes, [i for i, node in enumerate(graph.nodes) if node[0] is VARIABLE])
    return dead(signs(graph, moving))


def _short(op: Op, supplied: Callable[[Op], bool]) -> Template | None:
    if op.whole or op.name in ONLY_IN_BALLS or supplied(op):
        return None
    try:
        traced = steps_of(op, precise=True)
    except KeyError:
        return None
    return traced if sum(row is not None for row, _ in traced[1]) <= SHORT else None


def as_graph(op: Op, parameters: Sequence[str]) -> Graph:
    """The steps of a composed operation as a graph over its parameters. Raises KeyError where it is none."""
    if op.name in ONLY_IN_BALLS:
        raise KeyError(op.name)
    answer, steps = steps_of(op, precise=True)
    nodes: list[tuple] = [(VARIABLE, name) for name in parameters]
    for row, what in steps:
        if row is not None:
            nodes.append((row, *what))
        else:
            nodes.append(_leaf(what))
    return Graph(nodes, [answer], list(range(len(nodes))))


def _leaf(what: float | str | None) -> tuple:
    """The node of a literal, of a named constant, or of an empty place."""
    if what is None:
        return (NOTHING,)
    return (CONSTANT, what) if isinstance(what, str) else (NUMBER, float(what), None)
