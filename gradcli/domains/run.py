"""The loop that runs a graph in a domain: arrays, balls, sympy's expressions, fractions.

Plain floats, blocks and tensors have loops of their own, for speed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Node


def run(
    nodes: Sequence[Node],
    leaf: Callable[[int, Node], Any],
    operation: Callable[[int, Node, list[Any]], Any],
) -> list[Any]:
    """The value of every node.

    leaf: of a variable or literal; operation: of a node on the values of its operands; both get the node's id too.
    """
    values: list[Any] = []
    for i, node in enumerate(nodes):
        values.append(leaf(i, node) if node[0].leaf else operation(i, node, [values[k] for k in node[1:]]))
    return values
