"""Composed operations as the primitives of a domain. After reverse mode, never before: forms are not differentiated."""

from __future__ import annotations

from functools import partial

from gradcli.core.op import CONSTANT, NUMBER
from gradcli.core.passes import rewritten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op
    from gradcli.core.passes import Copy
    from gradcli.core.trace import Template


def expand(graph: Graph, steps_of: Callable[[Op], Template | None]) -> Graph:
    """Each operation for which there is a template by its steps, and these by theirs.

    What is a constant of the number format stays a name: `splitter`.
    """
    return rewritten(graph, partial(_expand, steps_of))


def _expand(steps_of: Callable[[Op], Template | None], copy: Copy, node: Node) -> int:
    traced = None if node[0].leaf else steps_of(node[0])
    if traced is None:
        return copy.add(node)
    answer, steps = traced
    ids = list(node[1:])
    for row, what in steps:
        if row is not None:
            ids.append(_expand(steps_of, copy, (row, *[ids[k] for k in what])))
        else:
            ids.append(copy.add((CONSTANT, what) if isinstance(what, str) else (NUMBER, float(what), None)))
    return ids[answer]
