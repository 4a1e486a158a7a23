"""Where the formula of a derivative gives a number though the function has none: of log(x) it is 1/x, also below 0.

Found by trying points, the same in every run: that none is found proves nothing.
"""

from __future__ import annotations

import random
from math import isfinite

from gradcli.core.graph import Graph
from gradcli.domains.float_tape import Tape
from gradcli.language.printer import snippets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gradcli.language.program import Program

# As people write them, edges and kinks among them; and at random.
SPECIAL = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 0.1, 1.5, -2.5, 10.0, 1e-5, -40.0, 1e4)
_AT_RANDOM = 24
MOST_WORK = 300_000  # operations at all points
EVERYWHERE = "all numbers"
WIDTH = 40


class Undefined:
    """A point at which an operation is not defined.

    operation: its text; at: variable to number; numbers: what the formula of each derivative gives there, where
    that is finite.
    """

    def __init__(self, operation: str, at: Mapping[str, float], numbers: Mapping[str, float]) -> None:
        self.operation = operation
        self.at = at
        self.numbers = numbers


def undefined(program: Program, derivatives: Mapping[str, Graph]) -> Undefined | None:
    """The first point that tells; derivatives: name to graph with one output, over the variables of the program.

    >>> from gradcli.api.derivative import partials
    >>> from gradcli.language.parser import parse
    >>> program = parse("y + log(x)")
    >>> found = undefined(program, partials(program, ["x", "y"]))
    >>> found.operation, found.at, found.numbers
    ('log(x)', {'y': -1.0, 'x': -1.0}, {'x': -1.0, 'y': 1.0})
    """
    nodes, variables = program.nodes, program.variables
    limited = [i for i, (op, *_) in enumerate(nodes) if not op.leaf and op.domain != EVERYWHERE]
    size = len(nodes) + sum([len(graph.nodes) for graph in derivatives.values()])
    if not limited or program.whole or size > MOST_WORK:
        return None
    value = Tape(Graph(nodes, list(program.results), list(range(len(nodes)))))
    tapes = {name: Tape(graph) for name, graph in derivatives.items()}
    left = MOST_WORK
    for point in points(variables):
        left -= size
        if left < 0:
            break
        values = value.run(point)
        if values[program.results[0]] == values[program.results[0]]:
            continue
        found = [i for i in limited if values[i] != values[i] and all(values[k] == values[k] for k in nodes[i][1:])]
        numbers = {name: tape.run(point)[tape.outputs[0]] for name, tape in tapes.items()}
        numbers = {name: number for name, number in numbers.items() if isfinite(number)}
        if found and numbers:
            return Undefined(snippets(nodes, WIDTH)(found[0]), point, numbers)
    return None


def points(variables: Sequence[str]) -> Iterator[dict[str, float]]:
    """The same in every run."""
    draw = random.Random(1)

    def between(low: float, high: float) -> float:
        return round(draw.uniform(low, high), 3)

    for special in SPECIAL:
        yield dict.fromkeys(variables, special)
    for x in variables[:8]:
        for special in SPECIAL[:5]:
            yield {**{v: between(0.2, 3.0) for v in variables}, x: special}
    for k in range(_AT_RANDOM):
        low = 0.0 if k % 2 else -4.0
        yield {v: between(low, 4.0) for v in variables}
