"""`diff(expr, x)`: a derivative inside a formula, an ordinary expression, made by reverse mode as the text is read."""

from __future__ import annotations

from gradcli.core.graph import finish, optimise
from gradcli.core.op import NUMBER, VARIABLE
from gradcli.core.structure import TUPLE
from gradcli.language.scope import PARAMETER
from gradcli.text import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from gradcli.core.graph import Graph
    from gradcli.language.state import Frame, State

HIGHEST = 20  # order


def derivative(p: State, frame: Frame) -> int:
    """The node of a complete `diff(expr, x)`, `diff(expr, x, 2)` or `diff(expr, x, y)`, whose nodes stand at the call.

    Raises ExpressionError where x is neither a variable nor a parameter of the function that is being defined.
    """
    expression, by = _arguments(p, frame)
    leaves = list(dict.fromkeys(by))
    builder, (result, *moved) = optimise(p.nodes, [expression, *leaves])
    place = dict(zip(leaves, moved, strict=True))
    whole = any(node[0].whole for node in builder.nodes)
    for x in by:
        adjoints = p.program.differentiate(builder, result, [place[x]], arrays=whole)
        result = adjoints.get(place[x], builder.number(0.0))
        if len(builder.nodes) > p.max_operations:
            p.too_many(frame.start, p.i)
    p.program.mark_derived(frame.start, p.i)
    return _appended(p, finish(builder, [result]), frame.start)


def _arguments(p: State, frame: Frame) -> tuple[int, list[int]]:
    """The expression, and the leaves by which it is differentiated, one after the other."""
    if frame.names or len(frame.arguments) < 2 or p.nodes[frame.arguments[0]][0] is TUPLE:
        p.fail(
            "diff takes a formula and a variable",
            "write diff(x**2, x), diff(x**2, x, 2) or diff(x*y, x, y)",
            frame.start,
            p.i,
        )
    expression, *rest = frame.arguments
    by: list[int] = []
    for x in rest:
        node = p.nodes[x]
        if node[0] is VARIABLE or node[0] is PARAMETER:
            by.append(x)
        elif node[0] is NUMBER and by and node[1] in range(1, HIGHEST + 1):
            by += [by[-1]] * (int(node[1]) - 1)
        else:
            _no_variable(p, frame, x)
    return expression, by


def _no_variable(p: State, frame: Frame, x: int) -> NoReturn:
    start, end = p.program.span(x)
    text = shortened(p.text[start:end])
    if p.nodes[x][0] is NUMBER:
        cure = f"write diff(x**2, x, 2): an order is a whole number from 1 to {HIGHEST}, after a variable"
    else:
        cure = f"write a function: f(u) = ...; it may hold diff(..., u), and f({text}) calls it"
    p.fail(f"diff is by a variable, not by {text}", cure, frame.start, p.i)


def _appended(p: State, graph: Graph, start: int) -> int:
    """The graph's result among the parser's nodes, its leaves those that are there."""
    number: list[int] = []
    for node in graph.nodes:
        if node[0] is PARAMETER:
            assert p.defining is not None
            number.append(p.defining.leaves[node[1]])
        elif node[0].leaf:
            number.append(p.leaf(node))
        else:
            number.append(p.node((node[0], *[number[k] for k in node[1:]]), start, p.i))
    return number[graph.outputs[0]]
