"""What a well-formed graph is. The tests hold every graph against this."""

from __future__ import annotations

from gradcli.core.op import CONSTANT, NUMBER, VALUE, VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Graph, Node


def faults(graph: Graph) -> list[str]:
    """What is wrong with a graph, a line for each fault."""
    found = [f"{i}: {why}" for i, node in enumerate(graph.nodes) if (why := _fault(i, node))]
    if len(graph.origin) != len(graph.nodes):
        found.append(f"{len(graph.origin)} origins for {len(graph.nodes)} nodes")
    names = [node[1] for node in graph.nodes if node[0] is VARIABLE]
    if len(set(names)) < len(names):
        found.append("a variable has two leaves")
    found += [f"the output {i} is no node" for i in graph.outputs if not 0 <= i < len(graph.nodes)]
    return found


def _fault(i: int, node: Node) -> str:
    op, *operands = node
    if op is NUMBER:
        return "" if type(operands[0]) is float and len(operands) == 2 else "a number is a float and its decimal"
    if op is VARIABLE or op is CONSTANT or op is VALUE or op.signature == "name":
        return "" if len(operands) == 1 else f"a {op.name} has one datum"
    if op.leaf:
        return f"{op.name} has no data" if operands else ""
    if not all(type(k) is int and 0 <= k < i for k in operands):
        return f"{op.name} has an operand that does not come before it"
    parameters = op.signature.split(",")
    fits = len(operands) == len(parameters) or "*" in op.signature or op.chain
    return "" if fits else f"{op.name} has {len(operands)} operands for ({op.signature})"
