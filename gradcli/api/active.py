"""On what the results depend at a point: what an operation chose, and what was lost to 0 because floats are small."""

from __future__ import annotations

from gradcli.api.watched import isolated
from gradcli.core.trace import seen
from gradcli.domains.floats import rule_on_floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.api.watched import Watched
    from gradcli.core.graph import Node
    from gradcli.core.op import Op


def find_lost(watched: Watched, vanished: set[int], values: Sequence[Any]) -> set[int]:
    """What is 0 in floats alone, and what is 0, not finite or else has no value for that reason."""
    found = set(vanished)
    for i in watched.operations if found else ():
        if _is_lost(watched, i, values, found):
            found.add(i)
    return found


def _is_lost(watched: Watched, i: int, values: Sequence[Any], lost: set[int]) -> bool:
    op, *operands = watched.graph.nodes[i]
    given = [
        k for j, k in enumerate(operands) if k in lost and (op.name != "where" or used(op, j, i, operands, values))
    ]
    if not given:
        return False
    if values[i] == 0 or values[i] - values[i] != 0:
        return not (op.underflow and any(values[k] == 0 and k not in lost for k in operands))
    x = [values[k] for k in operands]
    alone = any(mark and k in given and mark(*x) for mark, k in zip(isolated(op), operands, strict=False))
    return alone or any(values[k] for k in given)


def find_active(watched: Watched, values: Sequence[Any], lost: set[int]) -> bytearray:
    """For each node whether the results depend on it at this point."""
    nodes = watched.graph.nodes
    active = bytearray(len(nodes))
    for r in watched.results:
        active[r] = 1
    for i in reversed(watched.operations):
        if not active[i]:
            continue
        op, operands = nodes[i][0], nodes[i][1:]
        for k, x in enumerate(operands):
            if not active[x]:
                # A NaN is chosen by nobody, and yet it is why the result is NaN.
                hidden = values[x] != values[x] and values[i] != values[i]
                # So is an infinity beside one that was typed; and what was lost to 0.
                hidden = hidden or (op.name != "where" and values[i] == values[x] and values[x] - values[x] != 0)
                hidden = hidden or (x in lost and _shows(watched, i, values, lost))
                active[x] = hidden or used(op, k, i, operands, values)
    return active


def _shows(watched: Watched, i: int, values: Sequence[Any], lost: set[int]) -> bool:
    """Is the value of an operation another one because an operand was lost, although it chose none that was?"""
    op, *operands = watched.graph.nodes[i]
    if op.name == "where":
        return False
    is_edge = values[i] == 0 or values[i] - values[i] != 0
    return is_edge or i in lost or watched.is_at_step(i, [values[k] for k in operands])


def used(op: Op, k: int, i: int, operands: Sequence[int], values: Sequence[Any]) -> bool:
    """Does node i depend on its operand k at this point?"""
    rule = rule_on_floats(op, "active", k, len(operands)) if op.active else None
    return rule is None or bool(rule(values[i], *[values[j] for j in seen(op, operands, k)]))


def source(nodes: Sequence[Node], values: Sequence[float], i: int) -> int:
    """Back from a NaN or an infinity to the operation that made it from other numbers; -1 if none did."""
    nan = values[i] != values[i]
    while True:
        op, *operands = nodes[i]
        if op.leaf:
            return -1
        if op.active:
            operands = [x for k, x in enumerate(operands) if used(op, k, i, operands, values)]
        back = [k for k in operands if (values[k] != values[k] if nan else values[k] - values[k] != 0)]
        if not back:
            return i
        i = back[0]
