"""The graph as written at a point: the value and the adjoint of each node, and what each sends to its operands."""

from __future__ import annotations

import math
import sys

from gradcli.api.compiled import Compiled
from gradcli.core.graph import finish, optimise, reachable
from gradcli.core.ops import by_name
from gradcli.core.trace import partial_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.formula import Formula
    from gradcli.core.graph import Builder, Graph, Node
    from gradcli.language.program import Program


class Use:
    """What a node sends to one of its operands in the backward pass.

    node: the id of the operation; place: of the operand among its operands; to: the operand's id; arrived: the adjoint
    of the node; local: the partial of the operation by the operand; sent: their product, of which the adjoint of the
    operand is the sum over all its uses. local is None where the sent is no product element by element: of an operation
    on whole arrays whose result is an array, where an operand was repeated to the result's shape, and where float64
    cannot hold one of the factors (7e-329 times 3e161 is 2.1e-167).
    """

    __slots__ = ("arrived", "local", "node", "place", "sent", "to")

    def __init__(self, node: int, place: int, to: int, numbers: tuple[Any, Any, Any]) -> None:
        self.node = node
        self.place = place
        self.to = to
        self.arrived, self.local, self.sent = numbers


class _Written:
    """The graph as written, with the adjoint of each node in `which`: the operations and variables that count.

    known: those of which the adjoint is wanted, by ids of the program.
    """

    def __init__(self, program: Program, arithmetic: Arithmetic, known: Sequence[int]) -> None:
        self.which = live_nodes(program)
        self.builder, ids = optimise(program.nodes, [*program.results, *self.which], share=False)
        result, ids = ids[0], ids[len(program.results) :]
        self.id = dict(zip(self.which, ids, strict=True))
        self.uses: dict[tuple[int, int], int] = {}
        single = len(program.results) == 1
        moving = [self.id[i] for i in known] if single else []
        found = program.differentiate(self.builder, result, moving, arithmetic.arrays, self.uses)
        self.zero = self.builder.number(0.0)
        self.outputs = [result, *ids, *[found.get(i, self.zero) for i in ids]]


def annotated(formula: Formula, point: Mapping[str, Any], true: bool) -> tuple[list[Any], list[Any]]:
    """See `Function.annotate`."""
    program, arithmetic = formula.program, formula.arithmetic(point)
    lacking, wrt = program.without_rule(), {program.leaf[x] for x in formula.wrt}
    known = [i for i in live_nodes(program) if not lacking[i] or i in wrt]
    written = _Written(program, arithmetic, known)
    graph = finish(written.builder, written.outputs)
    value, *outputs = formula.outputs_of(graph, _at(formula, point, arithmetic), arithmetic, true)
    one = arithmetic.one(value) if len(program.results) == 1 else None
    values: list[Any] = [None] * len(program.nodes)
    adjoints: list[Any] = [None] * len(program.nodes)
    count = len(written.which)
    for i, y, adjoint in zip(written.which, outputs[:count], outputs[count:], strict=True):
        values[i] = arithmetic.plain(y)
        if one is not None and values[i] is not None:
            adjoints[i] = arithmetic.slope(one, adjoint, y)
    for i in set(written.which).difference(known):
        adjoints[i] = None
    for name in set(formula.variables).difference(formula.wrt):
        adjoints[program.leaf[name]] = None
    return values, adjoints


class Passes:
    """The graph of both passes.

    which: the nodes of which the values, and after them the adjoints, are the first outputs; pairs: (operation, place,
    operand) of each use, of which what is sent, and after that the partials, are the others; product: for each use
    whether what is sent is the product of adjoint and partial.
    """

    def __init__(
        self, program: Program, arithmetic: Arithmetic, values: Sequence[Any], adjoints: Sequence[Any]
    ) -> None:
        """values, adjoints: as `annotate` gives them; nodes without an adjoint are sent nothing."""
        nodes = program.nodes
        known = [i for i in live_nodes(program) if adjoints[i] is not None]
        written = _Written(program, arithmetic, known)
        self.which = written.which
        self.pairs = [
            (i, k, x)
            for i in reversed(written.which)
            if not nodes[i][0].leaf and adjoints[i] is not None
            for k, x in enumerate(nodes[i][1:])
            if adjoints[x] is not None
        ]
        sent = [written.uses.get((written.id[i], k), written.zero) for i, k, _ in self.pairs]
        local = [_local(written.builder, nodes[i], written.id[i], k, values) for i, k, _ in self.pairs]
        self.product = [x is not None for x in local]
        self.graph = finish(
            written.builder, [*written.outputs[1:], *sent, *[written.zero if x is None else x for x in local]]
        )


def uses(formula: Formula, point: Mapping[str, Any], values: Sequence[Any], adjoints: Sequence[Any]) -> list[Use]:
    """What each node sends to each operand that has an adjoint, the last operation first.

    values, adjoints: as `annotate` gives them; where these are not plain floats but true numbers, so is the rest. A
    node stands after all that send to it.
    """
    program, arithmetic = formula.program, formula.arithmetic(point)
    passes = Passes(program, arithmetic, values, adjoints)
    count, known = len(passes.pairs), 2 * len(passes.which)
    if not count:
        return []
    at = _at(formula, point, arithmetic)
    numbers = Compiled(program, passes.graph, arithmetic).outputs(at)
    if not _same(numbers[:known], passes.which, values, adjoints):
        numbers = _in_balls(passes.graph, at, numbers, arithmetic)
    sents, locals_ = numbers[known : known + count], numbers[known + count :]
    value = arithmetic.one(values[program.results[0]])
    found = []
    for (i, k, x), s, d, product in zip(passes.pairs, sents, locals_, passes.product, strict=True):
        s = arithmetic.slope(value, s, values[x])
        d = _fitting(adjoints[i], arithmetic.slope(value, d, values[x]), s) if product else None
        if isinstance(d, float) and _too_small(adjoints[i], d, s):
            d = None
        found.append(Use(i, k, x, (adjoints[i], d, s)))
    return found


def live_nodes(program: Program) -> list[int]:
    """The operations and variables that the results need."""
    live = reachable(program.nodes, program.results)
    variables = set(program.leaf.values())
    return [i for i, node in enumerate(program.nodes) if live[i] and (not node[0].leaf or i in variables)]


def _at(formula: Formula, point: Mapping[str, Any], arithmetic: Arithmetic) -> dict[str, Any]:
    return {x: arithmetic.number(x, point[x]) for x in formula.variables}


def _local(builder: Builder, node: Node, i: int, k: int, values: Sequence[Any]) -> int | None:
    """The id of the partial by an operand, 0 where there is none; None where what is sent is no product with it.

    node: as written; i: its id in the builder.
    """
    op, *operands = node
    y, x = (getattr(values[v], "shape", ()) for v in (builder.origin[i], operands[k]))
    if y and (op.whole or y != x):
        return None
    seed = builder.number(1.0)
    arrays = bool(y or x or op.whole)
    found = partial_of(builder, i, k, builder.make(by_name("match"), seed, i) if arrays else seed)
    if found is None:
        return builder.number(0.0)
    partial, condition = found
    if condition is not None:
        partial = builder.make(by_name("where"), condition, partial, builder.number(0.0))
    return builder.make(by_name("match"), partial, builder.nodes[i][1 + k]) if arrays else partial


def _same(numbers: Sequence[Any], which: Sequence[int], values: Sequence[Any], adjoints: Sequence[Any]) -> bool:
    """Are these the values and the adjoints that were printed?"""
    told = [*[values[i] for i in which], *[adjoints[i] for i in which]]
    return all(y is None or _equal(x, y) for x, y in zip(numbers, told, strict=True))


def _equal(x: Any, y: Any) -> bool:
    if isinstance(y, float):
        return bool(x == y or y != y)  # where one adjoint is NaN by convention
    import numpy as np

    return bool(np.all((x == y) | np.isnan(y)))


def _in_balls(graph: Graph, at: Mapping[str, Any], plain: list[Any], arithmetic: Arithmetic) -> list[Any]:
    if arithmetic.arrays:
        from gradcli.api.array_truth import outputs_in_balls as from_array_balls

        return from_array_balls(graph, at, plain)
    from gradcli.api.truth import outputs_in_balls

    return outputs_in_balls(graph, at, plain)


def _fitting(arrived: Any, local: Any, sent: Any) -> Any:
    """The partial; where nothing is sent 0 in place of what has no product with 0.

    Rules round on other ways than the product does: where that tells, the quotient of what is sent.
    """
    if not isinstance(local, float):
        import numpy as np

        each: Any = np.frompyfunc(_fitting, 3, 1)
        return np.asarray(each(*[np.asarray(x, object) for x in (arrived, local, sent)]), np.float64)
    product = arrived * local
    if product != product:
        return 0.0 if sent == 0 else local
    if arrived == 0 or sent - sent != 0 or abs(product - sent) <= math.ulp(sent):
        return local
    other = sent / arrived
    return other if abs(arrived * other - sent) < abs(product - sent) else local


def _too_small(arrived: float, local: float, sent: float) -> bool:
    """Is what is sent not the product, because a factor is below the floats that have all their digits?"""
    least = min(abs(arrived), abs(local))
    return least < sys.float_info.min and math.isfinite(sent) and abs(arrived * local - sent) > 2 * math.ulp(sent)
