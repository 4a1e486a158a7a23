"""Formulas simplified by sympy, in a child process that can be stopped; kept only where they are the same function."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from array import array

from gradcli.api.derivative import text_of
from gradcli.api.undefined import points
from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE, Graph
from gradcli.core.ops import TABLE, by_name
from gradcli.core.passes import Copy, rewritten
from gradcli.core.passes.collect import collected
from gradcli.core.passes.dead import dead
from gradcli.domains.nearest import nearest
from gradcli.witness.pipe import receive, send
from gradcli.witness.symbolic import MISSING, PATIENCE, ROOT, SLOWDOWN, TOO_LONG, named, surroundings
from gradcli.witness.worker import ABSENT, LATE_STATUSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.core.graph import Node

SECONDS = 10.0  # of processor time for a formula
IN_ALL = 60.0  # of which many formulas have a share each
MOST_OPERATIONS = 1_000
TOO_LARGE = f"sympy is not asked about more than {MOST_OPERATIONS:,} operations"
NO_ARRAYS = "sympy is not asked about arrays"
NO_FORMULA = "what sympy makes of it is no formula here"
_START = "import sys; sys.path.append(sys.argv[1]); from gradcli.witness.simplifier import main; main()"

_NEAR = 2.0**-51  # relative: each is the float nearest to its number, or a neighbour


def simplified(
    graphs: Mapping[str, Graph], variables: Sequence[str], of: Graph | None = None
) -> dict[str, tuple[Graph, str]]:
    """Of each formula sympy's form where that is shorter, else it as it was; and why there is none, or nothing.

    graphs: with one output each, in operations of the language; variables: all that they may have; of: what they are
    derivatives of, and mean nothing where it has no value.
    """
    found: dict[str, tuple[Graph, str]] = {}
    for name, graph in graphs.items():
        if any(node[0].whole for node in graph.nodes):
            found[name] = graph, NO_ARRAYS
        elif len(graph.nodes) > MOST_OPERATIONS:
            found[name] = graph, TOO_LARGE
    left = [name for name in graphs if name not in found]
    seconds = min(SECONDS, IN_ALL / max(len(left), 1))
    while left:
        answers = _asked([graphs[name] for name in left], variables, seconds)
        for name, answer in zip(left, answers, strict=False):
            graph = graphs[name]
            found[name] = (graph, answer) if isinstance(answer, str) else _chosen(graph, answer, variables, of)
        left = left[len(answers) :]
    return {name: found[name] for name in graphs}


def _asked(graphs: Sequence[Graph], variables: Sequence[str], seconds: float) -> list[tuple[list[tuple], int] | str]:
    """What sympy makes of each, up to the first for which it takes too long."""
    number = {name: k for k, name in enumerate(variables)}
    requests = io.BytesIO()
    for graph in graphs:
        graph = rewritten(graph, _in_fractions)
        nodes = [named(node, number) for node in graph.nodes]
        send(requests, {"nodes": nodes, "output": graph.outputs[0], "count": len(number), "seconds": seconds})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _START, ROOT], input=requests.getvalue(), capture_output=True, check=False,
            env=surroundings(), timeout=PATIENCE + SLOWDOWN * seconds * len(graphs),
        )  # fmt: skip
        status, out = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        status, out = LATE_STATUSES[0], error.stdout or b""
    replies, answers = io.BytesIO(out), []
    while (answer := receive(replies)) is not None:
        answers.append(answer)
    if len(answers) < len(graphs):
        late = status in LATE_STATUSES
        answers.append(TOO_LONG if late else MISSING if status == ABSENT else "sympy broke down")
    return answers


def _in_fractions(copy: Copy, node: Node) -> int:
    """A literal as the decimal that was typed."""
    if node[0] is not NUMBER or node[2] is None or abs(node[2][1]) > 22:
        return copy.add(node)
    m, k = node[2]
    parts = [copy.add((NUMBER, float(n), None)) for n in (m, 10 ** abs(k))]
    return copy.add((by_name("div" if k < 0 else "mul"), *parts))


def _chosen(
    graph: Graph, answer: tuple[list[tuple], int], variables: Sequence[str], of: Graph | None
) -> tuple[Graph, str]:
    try:
        other = _graph(*answer, variables)
    except (KeyError, OverflowError):
        return graph, NO_FORMULA
    if len(text_of(other)) >= len(text_of(graph)):
        return graph, ""
    place = difference(graph, other, variables, of)
    return (other, "") if place is None else (graph, f"sympy's form has another value at {place}")


def _graph(nodes: list[tuple], whole: int, variables: Sequence[str]) -> Graph:
    """The graph of what sympy answered. Raises KeyError, and OverflowError for a number beyond float64."""
    copy = Copy()
    ids: list[int] = []
    for name, *rest in nodes:
        if name == "variable":
            ids.append(copy.add((VARIABLE, variables[rest[0]])))
        elif name == "number":
            ids.append(_number(copy, *rest))
        elif name == "constant":
            ids.append(copy.add((CONSTANT, rest[0])))
        else:
            ids.append(copy.add((TABLE[name], *[ids[k] for k in rest])))
    return dead(collected(Graph(copy.nodes, [ids[whole]], array("q", [-1]) * len(copy.nodes))))


def _number(copy: Copy, p: int, q: int) -> int:
    """A fraction: a float, a short decimal, or a quotient."""
    value = p / q
    if value.as_integer_ratio() == (p, q):
        return copy.add((NUMBER, value, None))
    digits = next((k for k in range(1, 16) if 10**k % q == 0), 0)
    if digits and abs(p) < 10**15:
        return copy.add((NUMBER, value, (p * 10**digits // q, -digits)))
    parts = [copy.add((NUMBER, float(n), None)) for n in (p, q)]
    return copy.add((by_name("div"), *parts))


def difference(one: Graph, other: Graph, variables: Sequence[str], of: Graph | None) -> str | None:
    """A point at which two formulas are different functions, or None where none is found.

    of: see simplified. Where it is infinite, and the derivative indeterminate, that means nothing either.
    """
    for point in points(variables):
        pair = [nearest(graph, point)[0][0] for graph in (one, other)]
        a, b = (found.value for found in pair)
        unknown = any(found.node is not None for found in pair)
        if unknown or a == b or (a != a and b != b) or abs(a - b) <= _NEAR * min(abs(a), abs(b)):
            continue
        y = None if of is None else nearest(of, point)[0][0]
        if y is None or y.node is not None or not (y.value != y.value or (math.isinf(y.value) and a != a)):
            return ", ".join(f"{x} = {v:g}" for x, v in point.items())
    return None
