"""Graphs read back from their text, and what every graph of a test run is held against."""

from __future__ import annotations

from array import array

from gradcli.core.graph import Graph
from gradcli.core.op import CONSTANT, NUMBER, VALUE, VARIABLE
from gradcli.core.ops import TABLE

LEAVES = {op.name: op for op in (VARIABLE, NUMBER, CONSTANT, VALUE)}


def read(text: str) -> Graph:
    """The graph of which this is `str`, its origins unknown."""
    return Graph(*parts(text))


def parts(text: str):
    """The nodes, the outputs and the origins of a text, well-formed or not."""
    nodes, outputs = [], []
    for line in text.strip().splitlines():
        first, *rest = line.split()
        if first == "->":
            outputs = [int(i) for i in rest]
            continue
        assert int(first) == len(nodes), line
        name, *data = rest
        if name in ("variable", "constant"):
            nodes.append((LEAVES[name], *data))
        elif name in LEAVES:
            value = None if data == ["None"] else float(data[0])
            nodes.append((NUMBER, value, None) if name == "number" else (VALUE, value))
        else:
            nodes.append((TABLE[name], *map(int, data)))
    return nodes, outputs, array("q", [-1] * len(nodes))
