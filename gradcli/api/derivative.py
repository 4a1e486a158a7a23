"""Derivatives as formulas of our language, in operations that people may write."""

from __future__ import annotations

from gradcli.core.graph import CONSTANT, NUMBER, Builder, Graph, optimise
from gradcli.core.ops import by_name
from gradcli.core.passes import Copy, rewritten
from gradcli.core.passes.broadcasts import without_broadcasts
from gradcli.core.passes.collect import collected
from gradcli.core.passes.dead import dead
from gradcli.core.passes.expand import expand
from gradcli.core.structure import NOTHING
from gradcli.domains.domain import steps_of
from gradcli.errors import UsageError
from gradcli.language.names import parameters
from gradcli.language.printer import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from gradcli.core.graph import Node
    from gradcli.core.op import Op
    from gradcli.core.trace import Template
    from gradcli.language.program import Program

_SINC = by_name("sinc_derivative")
MOST_OF_SINC = 20  # orders that are written out


def partials(program: Program, wrt: Iterable[str]) -> dict[str, Graph]:
    """The graph of each first partial. Raises UsageError where no text can say it."""
    builder, result, leaves = _start(program)
    names = list(wrt)
    adjoints = program.differentiate(builder, result, [leaves[x] for x in names], arrays=program.whole)
    zero = builder.number(0.0)
    single = _single(builder, result) if program.whole else frozenset()
    return {x: public(builder, adjoints.get(leaves[x], zero), single) for x in names}


def mixed(program: Program, names: Sequence[str]) -> Graph:
    """The graph of the derivative by one variable after another. Raises UsageError where no text can say it."""
    builder, _, node = mixed_nodes(program, names)
    return public(builder, node)


def mixed_nodes(program: Program, names: Sequence[str]) -> tuple[Builder, int, int]:
    """The same as reverse mode gives it: a builder, the result's node and the derivative's.

    Raises UsageError where there are several results or arrays.
    """
    builder, result, leaves = _start(program)
    node = result
    if program.whole and len(names) > 1:
        raise UsageError("mixed partials as formulas are of numbers", "see hess for arrays")
    for x in names:
        adjoints = program.differentiate(builder, node, [leaves[x]], arrays=program.whole)
        node = adjoints.get(leaves[x], builder.number(0.0))
    return builder, result, node


def text_of(graph: Graph) -> str:
    """The formula of a graph with one output.

    >>> from gradcli.language.parser import parse
    >>> text_of(partials(parse("x**2 + 3*x + 1"), ["x"])["x"])
    '3 + 2*x'
    """
    return to_text(graph.nodes, graph.outputs, sparing=True)


def _start(program: Program) -> tuple[Builder, int, dict[str, int]]:
    if len(program.results) > 1:
        raise UsageError(
            "a tuple of results has no single derivative", "differentiate one result at a time, or see jac"
        )
    names = list(program.leaf)
    builder, (result, *leaves) = optimise(program.nodes, [program.results[0], *program.leaf.values()])
    return builder, result, dict(zip(names, leaves, strict=True))


def _single(builder: Builder, result: int) -> set[int]:
    """What has one element because the result has: its operands, where it is made element by element, and theirs."""
    found = {result}
    for i in range(result, -1, -1):
        op, *operands = builder.nodes[i]
        if i in found and not op.whole and not op.leaf:
            found.update(operands)
    return found


def public(builder: Builder, node: int, single: Collection[int] = ()) -> Graph:
    """The graph of a node in operations of the language, and none that only rules know.

    single: nodes that have one element.

    Raises UsageError where no text can say it.
    """
    graph, number = _cut(builder, node)
    arrays = any(op.whole for op, *_ in graph.nodes)
    if arrays:
        graph = without_broadcasts(graph, {number[i] for i in single if i in number})
    graph = rewritten(graph, _without_sinc)
    graph = expand(graph, _steps)
    for op, *operands in graph.nodes:
        if op.internal or (op.whole and _is_unsaid(op, [graph.nodes[k][0] for k in operands])):
            cure = "hess, jac and grad give its numbers at a point"
            whose = " of an operation on arrays" if op.whole else ""
            raise UsageError(f"the derivative{whose} needs {op.name}, which no formula says", cure)
    return dead(collected(graph, arrays))


def _is_unsaid(op: Op, operands: Sequence[Op]) -> bool:
    """Is there no axis where one is meant if none is named?"""
    return any(x is NOTHING and p.default not in ("None", None) for p, x in zip(parameters(op), operands, strict=False))


def _cut(builder: Builder, node: int) -> tuple[Graph, dict[int, int]]:
    """The graph of one node, and the new ids. Costs what that needs, whatever else the builder holds."""
    reached = bytearray(node + 1)
    reached[node] = 1
    needed: list[int] = []
    i = node
    while i >= 0:
        needed.append(i)
        if not builder.nodes[i][0].leaf:
            for k in builder.nodes[i][1:]:
                reached[k] = 1
        i = reached.rfind(1, 0, i)
    copy = Copy()
    number: dict[int, int] = {}
    for i in reversed(needed):
        op, *operands = builder.nodes[i]
        copy.place = builder.origin[i]
        number[i] = copy.append((op, *(operands if op.leaf else [number[k] for k in operands])))
    return Graph(copy.nodes, [number[node]], copy.origin), number


def _steps(op: Op) -> Template | None:
    """An internal operation on numbers by its definition."""
    return steps_of(op) if op.internal and op.definition and not op.whole else None


def _without_sinc(copy: Copy, node: Node) -> int:
    """The n-th derivative of sinc by those below it: x*S(n) + n*S(n-1) is that of sin(pi*x)/pi."""
    n = copy.nodes[node[1]][1] if node[0] is _SINC else 0.0
    if not isinstance(n, float) or not 1 <= n <= MOST_OF_SINC or n % 1:
        return copy.add(node)
    x, pi, zero = node[2], copy.add((CONSTANT, "pi")), copy.add((NUMBER, 0.0, None))

    def make(name: str, *operands: int) -> int:
        return copy.add((by_name(name), *operands))

    def number(value: float) -> int:
        return copy.add((NUMBER, float(value), None))

    angle, found = make("mul", pi, x), make("sinc", x)
    waves = [make("cos", angle), make("neg", make("sin", angle))]
    waves += [make("neg", waves[0]), make("sin", angle)]
    for k in range(1, int(n) + 1):
        wave = waves[(k - 1) % 4] if k == 1 else make("mul", make("pow", pi, number(k - 1)), waves[(k - 1) % 4])
        found = make("div", make("sub", wave, make("mul", number(k), found)), x)
    at_zero = zero
    if n % 2 == 0:
        at_zero = make("div", make("pow", pi, number(n)), number((1 if n % 4 == 0 else -1) * (n + 1)))
    return make("where", make("ne", x, zero), found, at_zero)
