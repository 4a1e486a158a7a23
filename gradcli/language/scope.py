"""What names mean beside variables: words of Python, and functions that the text defines."""

from __future__ import annotations

from gradcli.core.op import NUMBER, Op
from gradcli.core.structure import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Node

# What Python writes for a switch, as an argument.
WORDS: dict[str, Node] = {"True": (NUMBER, 1.0, None), "False": (NUMBER, 0.0, None), "None": (NOTHING,)}

# What `diff(` opens: no operation of a graph, its nodes are those of the derivative.
DIFF = Op("diff", "f, x", about="a derivative inside a formula", leaf=True)
PARAMETER = Op("parameter", "name", about="a parameter of a defined function", leaf=True)


class Definition:
    """A function that the text defines: a range of nodes with leaves for its parameters.

    It is expanded at each call, so `operations` is counted before.
    """

    __slots__ = ("begin", "end", "first", "leaves", "name", "operations", "result")

    def __init__(self, name: str, first: int, begin: int, leaves: dict[str, int], operations: int) -> None:
        self.name = name
        self.first = first  # its token
        self.begin = begin  # its first node
        self.end = begin
        self.leaves = leaves
        self.operations = operations
        self.result = 0
