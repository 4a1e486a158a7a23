"""What rounding may make of a number: an enclosure of all that correctly written float code gives.

Every operation of the text is followed by a mark, an operation that is the identity and in balls a few units in the
last place wide; so are the adjoints that it sends. The rules themselves are taken to be exact: what is lost in them
is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flint import arb, ctx

from gradcli.core.graph import CONSTANT, depending
from gradcli.core.op import Op
from gradcli.core.structure import SLICE, TUPLE
from gradcli.core.trace import apply
from gradcli.domains.arb import LINE
from gradcli.domains.balls import BALLS

from .exact import MOST, PRECISION, TINY, graph_of, outputs, run

if TYPE_CHECKING:
    from gradcli.core.graph import Graph, Node


def _rounded(x: arb) -> arb:
    """All that a float operation may give where this is its exact result: up to 16 units in the last place."""
    if not x.is_finite() or x.is_zero():
        return x
    if x.is_exact() and abs(x) < MOST and arb(float(x)) == x:
        return x
    if not x.abs_upper() < MOST:
        return LINE
    return x + arb(0, (x.abs_upper() * 2.0**-49 + (TINY if x.abs_lower() < 1e-290 else 0)).upper())


def _spread(x: arb) -> arb:
    """A few units in the last place to each side, also of a number that a float holds."""
    return x + arb(0, (abs(x) * 2.0**-49).upper()) if x.is_finite() else x


MARKS: dict[str, Callable[[arb], arb]] = {}


def _mark(name: str, function: Callable[[arb], arb], slope: Op | None = None) -> Op:
    """An operation that changes no float: what rounds is added in balls alone. slope: the mark of its adjoint."""
    op = Op(name, "x", about="serves the enclosure", vjp=(lambda g, r, x: apply(slope or op, (g,)),))
    MARKS[name] = function
    return op


ROUNDED = _mark("rounded", _rounded)  # a result and its adjoint
# Also behind a cbrt: NumPy's may be a unit off where the root is a float (glibc's is, at powers of 2).
SPREAD = _mark("spread", _spread)
EDGE = _mark("edge", lambda x: x, SPREAD)  # what an operation sends to its operand is rounded, and summed
TERMS = _mark("terms", _spread, ROUNDED)  # an operation on a whole array rounds what it sums


def rounded_graph(program: Any, wrt: Sequence[str], arrays: bool) -> Graph:
    """The value and the partials of a program, rounded behind every operation of its text."""
    nodes: list[Node] = []
    number: list[int] = []
    varies = depending(program.nodes, program.leaf.values())
    for op, *operands in program.nodes:
        if op.leaf:
            nodes.append((op, *operands))
        else:
            of = [number[k] for k in operands]
            for place, k in enumerate(operands):
                if varies[k] and not program.nodes[k][0].decides and program.nodes[k][0] not in (TUPLE, SLICE):
                    nodes.append((TERMS if op.whole else ROUNDED if arrays else EDGE, of[place]))
                    of[place] = len(nodes) - 1
            nodes.append((op, *of))
        if op is CONSTANT or not (op.leaf or op.decides or op in (TUPLE, SLICE)):
            nodes.append((SPREAD if op.name == "cbrt" else ROUNDED, len(nodes) - 1))
        number.append(len(nodes) - 1)
    return graph_of(nodes, number[program.results[0]], [number[program.leaf[x]] for x in wrt], arrays, share=False)


def enclosure(program: Any, wrt: Sequence[str], at: Mapping[str, Any], arrays: bool) -> list[Any]:
    """For the value and each partial all that correctly written float code may give, cancellation and all."""
    graph = rounded_graph(program, wrt, arrays)
    return outputs(graph, run_marked(graph.nodes, at, arrays))


def run_marked(nodes: Sequence[Node], at: Mapping[str, Any], arrays: bool) -> list[Any]:
    """The balls of a graph that has marks. They are known to the domain of balls for this run alone."""
    BALLS.update(MARKS)
    try:
        with ctx.workprec(PRECISION):
            return run(nodes, at, arrays)
    finally:
        for name in MARKS:
            del BALLS[name]
