"""Reverse mode as a transformation: the gradient of a graph is a graph.

Each node gets an adjoint (the derivative of the output by that node), built by replaying
the rules of the table backwards. Where operations choose (where, max, abs, ...) each node
also has a guard: the condition under which the output depends on it at all. A
contribution is masked with `where(guard, contribution, 0)` where it leaves its region;
inside the region NaN may flow, since every exit is masked. Of arrays every contribution is
masked, because broadcasting sums elements of the region with others; a guard then has the
shape of its node, and an operation on whole arrays passes it to those elements that it reaches.
"""

from __future__ import annotations

from gradcli.core.graph import NUMBER, Builder, between
from gradcli.core.ops import by_name
from gradcli.core.trace import moves, refuse_missing, replay, seen, template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op

ALWAYS = -1  # the guard of what is differentiated at every point
NEVER = -2


def differentiate(
    builder: Builder,
    output: int,
    wrt: Iterable[int],
    arrays: bool = False,
    seed: int | None = None,
    uses: dict[tuple[int, int], int] | None = None,
    local: bool = False,
) -> dict[int, int]:
    """Append the adjoints of the nodes that lie between `wrt` and `output`.

    arrays: nodes may be arrays, so each contribution is brought to the shape of its node: this
    is the one place where broadcasting is undone. seed: the adjoint of the output, 1 by default.
    uses: is filled with what each node sends to each of its operands, `(node, place) -> id`; what is not there is 0.
    local: a choice masks what it sends, and nothing below it is masked again. It costs less, and gives the same
    wherever the result is finite: what was not chosen is then 0 times a finite slope.
    Returns the adjoint's id for each node of `wrt`; one on which the output does not depend
    is not in it. The cost is that of the nodes between, whatever else the builder holds. The
    source of the scheme: Griewank and Walther, Evaluating Derivatives, 2nd edition, section 3.2.
    Raises MissingRuleError.

    >>> from gradcli.core.graph import VARIABLE, finish
    >>> builder = Builder()
    >>> x = builder.intern((VARIABLE, "x"))
    >>> y = builder.make(by_name("sin"), x)
    >>> print(finish(builder, differentiate(builder, y, [x]).values()))
    0 variable x
    1 cos 0
    -> 1
    """
    nodes = builder.nodes
    wanted = {i for i in wrt if i <= output}
    steps, depends = between(nodes, wanted, output)
    if not depends[output]:
        return {}
    squares = squares_of_kinks(nodes, steps, wanted)
    guards = _guards(builder, output, steps, depends, arrays, squares)
    if local and guards is not None:
        guards = dict.fromkeys(steps, ALWAYS)
    add = by_name("add")
    if seed is None:
        seed = builder.number(1.0)
    contributions: dict[int, int] = {output: builder.make(by_name("match"), seed, output) if arrays else seed}
    origin = builder.origin
    for i in steps:
        if i not in contributions:
            continue
        builder.place = origin[i]
        adjoint, node = contributions[i], nodes[i]
        if i not in wanted:
            del contributions[i]
        kind = "vjp"
        guard_here = ALWAYS if guards is None else guards[i]
        if i in squares:
            kind, root = "squared", squares[i]
            node = nodes[root]
            adjoint, guard_here = _below(builder, i, root, adjoint, guard_here)
        else:
            root = i
        op, operands = node[0], node[1:]
        count = len(operands)
        inputs: Sequence[int] = operands
        if op.share is not None:
            shared = template(op, "share", 0, count)
            assert shared is not None
            adjoint = replay(builder, shared, [adjoint, i, *operands])
        for k, x in enumerate(operands):
            if not depends[x]:
                continue
            try:
                rule = (
                    op.templates[kind, k, count] if not op.variadic else op.templates["vjp", k if op.placed else 0, 1]
                )
            except KeyError:
                rule = template(op, kind, k, count)
            if rule is None:
                refuse_missing(op, k, origin[i])
                continue
            if guards is not None:
                still = op.whole and moves(op, k, count)  # what only moves elements leaves zeros around them
                guard = guard_here if still else _edge_guard(builder, guard_here, root, op, operands, k, root == i)
                if guard == NEVER:
                    continue
                if op.whole and not still and guard_here >= 0:
                    inputs = _reached(builder, guard_here, root, op, operands)
            if not rule[1] and rule[0] == 0:  # the adjoint goes on as it is
                c = adjoint
            else:
                c = replay(builder, rule, [adjoint, root, *(inputs if not op.variadic else (x,))])
            if (
                guards is not None
                and guard != ALWAYS
                and not still
                and (guard != guards.get(x, ALWAYS) if not arrays else c != adjoint or guard != guard_here)
            ):
                c = builder.make(by_name("where"), guard, c, builder.number(0.0))
            if arrays and (count > 1 or op.whole or c in builder.literals):
                c = builder.make(by_name("match"), c, x)
            if uses is not None:
                inside = guards is None or arrays or guard == ALWAYS
                uses[i, k] = c if inside else builder.make(by_name("where"), guard, c, builder.number(0.0))
            known = contributions.get(x)
            contributions[x] = c if known is None else builder.make_of_two(add, known, c)
    for i in contributions:
        guard = ALWAYS if guards is None or arrays else guards.get(i, ALWAYS)
        if guard != ALWAYS:  # outside its region an adjoint means nothing
            contributions[i] = builder.make(by_name("where"), guard, contributions[i], builder.number(0.0))
    return contributions


def squares_of_kinks(
    nodes: Sequence[Node], steps: Sequence[int], wanted: AbstractSet[int] = frozenset()
) -> dict[int, int]:
    """Of these steps the squares of what has a kink where its square is smooth, and which node each of them squares.

    Elements may have been taken of it, or moved, in between. Where the adjoint of a node is wanted itself it stays.
    """
    found: dict[int, int] = {}
    if not any(nodes[i][0].squared for i in steps):
        return found
    for i in steps:
        op, x, *others = nodes[i]
        doubled = op.name == "square" or (op.name == "mul" and nodes[others[0]] == nodes[x])
        doubled = doubled or (op.name == "pow" and nodes[others[0]] == (NUMBER, 2.0, None))
        if doubled:
            while nodes[x][0].rearranges and x not in wanted:
                x = nodes[x][1]
            if nodes[x][0].squared and x not in wanted:
                found[i] = x
    return found


def only_squared(nodes: Sequence[Node], steps: Sequence[int], results: Iterable[int]) -> set[int]:
    """Of these steps, the last one last, what has a kink and is squared wherever it is used."""
    squares, used = squares_of_kinks(nodes, steps), set(results)
    between = {k for i, root in squares.items() for k in _path(nodes, i, root)}
    for i in reversed(steps):
        if i not in squares and (i in used or i not in between):
            used.update(nodes[i][1:])
    return set(squares.values()) - used


def _path(nodes: Sequence[Node], i: int, root: int) -> list[int]:
    """The nodes between a square and what it squares, outermost first."""
    path, x = [], nodes[i][1]
    while x != root:
        path.append(x)
        x = nodes[x][1]
    return path


def _below(builder: Builder, i: int, root: int, adjoint: Any, guard: int) -> tuple[Any, int]:
    """The adjoint and the guard of a square, where they are those of the square of what was rearranged before."""
    for k in _path(builder.nodes, i, root):
        op, *operands = builder.nodes[k]
        if adjoint is not None:
            rule = template(op, "vjp", 0, len(operands))
            assert rule is not None
            moved = replay(builder, rule, [builder.make(by_name("match"), adjoint, k), k, *operands])
            adjoint = builder.make(by_name("match"), moved, operands[0])
        if guard >= 0:
            guard = _inside(builder, guard, k, op, operands, 0)
    return adjoint, guard


def _guards(
    builder: Builder,
    output: int,
    steps: Sequence[int],
    depends: bytearray,
    arrays: bool,
    squares: dict[int, int],
) -> dict[int, int] | None:
    """The guard of each node, or None where nothing chooses.

    Leaves are not in it: they are differentiated at every point.
    """
    nodes = builder.nodes
    for i in steps:
        if nodes[i][0].active:
            break
    else:
        return None
    guards = {output: ALWAYS}
    for i in steps:
        if i not in guards:
            continue
        root, here = squares.get(i, i), guards[i]
        op, operands = nodes[root][0], nodes[root][1:]
        if root != i:
            _, here = _below(builder, i, root, None, here)
        for k, x in enumerate(operands):
            if not depends[x] or nodes[x][0].leaf or template(op, "vjp", k, len(operands)) is None:
                continue
            guard = _edge_guard(builder, here, root, op, operands, k, root == i)
            if arrays and guard >= 0 and len(operands) > 1:
                guard = builder.make(by_name("any_like"), guard, x)
            known = guards.get(x)
            if known is None or known == NEVER or guard == ALWAYS:
                guards[x] = guard
            elif known != ALWAYS and guard != NEVER:
                guards[x] = _as_guard(builder, builder.make(by_name("logical_or"), known, guard))
    return guards


def _inside(builder: Builder, guard: int, i: int, op: Op, operands: Sequence[int], k: int) -> int:
    """The guard of an operand of an operation on whole arrays: the elements on which those of the result depend."""
    reach = template(op, "reach", k, len(operands))
    if reach is None:
        return builder.make(by_name("any"), guard, builder.literal(None), builder.number(0.0))
    elements = replay(builder, reach, [builder.make(by_name("match"), guard, i), i, *seen(op, operands, k)])
    return builder.make(by_name("ne"), elements, builder.number(0.0))


def _reached(builder: Builder, guard: int, i: int, op: Op, operands: Sequence[int]) -> Sequence[int]:
    """The operands of an operation on whole arrays, and 0 in place of what its result needs nothing of.

    Its rule mixes elements: beside a 0 of the adjoint they count for nothing, at the next order either.
    """
    where, zero, count = by_name("where"), builder.number(0.0), len(operands)
    return [
        x
        if template(op, "reach", k, count) is None
        else builder.make(where, _inside(builder, guard, i, op, operands, k), x, zero)
        for k, x in enumerate(operands)
    ]


def _edge_guard(
    builder: Builder, guard: int, i: int, op: Op, operands: Sequence[int], k: int, chooses: bool = True
) -> int:
    """The condition under which the output depends on the argument k of node i, which has this guard.

    chooses: what node i itself chooses counts too.
    """
    if op.whole and guard >= 0:
        guard = _inside(builder, guard, i, op, operands, k)
    traced = template(op, "active", k, len(operands)) if op.active and chooses else None
    if traced is None or guard == NEVER:
        return guard
    condition = _as_guard(builder, replay(builder, traced, [i, *seen(op, operands, k)]))
    if guard == ALWAYS or condition == NEVER:
        return condition
    if condition == ALWAYS:
        return guard
    return _as_guard(builder, builder.make(by_name("logical_and"), guard, condition))


def _as_guard(builder: Builder, condition: int) -> int:
    value = builder.literals.get(condition)
    return condition if value is None else ALWAYS if value else NEVER
