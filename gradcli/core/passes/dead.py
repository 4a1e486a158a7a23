"""Dead nodes: what no output needs goes."""

from __future__ import annotations

from gradcli.core.passes import Copy, rewritten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Graph


def dead(graph: Graph) -> Graph:
    """The nodes that an output needs, in their order."""
    return rewritten(graph, Copy.append)
