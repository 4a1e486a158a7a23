"""The executor for arrays: a graph on NumPy arrays of any shape, broadcast as NumPy does.

Importing this loads NumPy, so nothing that serves plain numbers imports it at its top.
"""

from __future__ import annotations

import numpy as np

from gradcli.core.graph import Graph, Node
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE, Op
from gradcli.core.passes.fold import fold
from gradcli.core.passes.truths import AS_NUMBER, truths
from gradcli.core.structure import ELLIPSIS, ArrayMisuseError
from gradcli.domains import floats
from gradcli.domains.arrays import ARRAYS
from gradcli.domains.run import run
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any


class ArrayError(ValueError):
    """An operation cannot be carried out on these arrays.

    op: its row; node: its id in the graph, None where there is none; shapes: of its operands;
    cure: what to write instead, or "".
    """

    def __init__(
        self, op: Op, shapes: Sequence[tuple[int, ...]], reason: str, node: int | None = None, cure: str = ""
    ) -> None:
        self.op = op
        self.node = node
        self.shapes = tuple(shapes)
        self.cure = cure
        super().__init__(f"{op.symbol or op.name}{reason}")


def function_of(op: Op) -> Callable[..., Any]:
    """The NumPy function of a row. A comparison gives booleans."""
    return ARRAYS[op.name]


class ArrayTape:
    """A graph for repeated runs: what is constant is computed once.

    `graph` is the one that runs: comparisons and logic give boolean arrays where another choice or an index reads
    them, and 1.0 or 0.0 to everything else.
    """

    def __init__(self, graph: Graph) -> None:
        """Raises ArrayError where constants do not go together."""
        self.graph = truths(graph)
        self.outputs = self.graph.outputs
        self._nodes = folded(self.graph).nodes

    def run(self, point: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes at a point: variable to array, or number of NumPy.

        Values may share memory with the point and with each other. Raises ArrayError.
        """
        with np.errstate(all="ignore"):
            return run(self._nodes, lambda i, node: point[node[1]] if node[0] is VARIABLE else node[1], operation)


def operation(i: int, node: Node, operands: list[Any]) -> Any:
    """The value of node i from those of its operands. Raises ArrayError."""
    try:
        return function_of(node[0])(*operands)
    except (ValueError, IndexError, TypeError) as error:
        raise failure(node[0], operands, error, i) from error


def folded(graph: Graph) -> Graph:
    """The graph with its constants computed, as `fold` does. Raises ArrayError where they do not go together."""
    with np.errstate(all="ignore"):
        return fold(graph, _constant, _folded)


def _constant(node: Node) -> Any:
    if node[0] is NUMBER or node[0] is CONSTANT:
        return floats.literal(node[1])
    return Ellipsis if node[0] is ELLIPSIS else None


def _folded(op: Op, operands: list[Any], i: int) -> Any:
    """Plain floats leave the type of narrower arrays as it is, but divide by zero as NumPy does."""
    value = operation(i, (op,), [np.float64(x) if type(x) is float else x for x in operands])
    return float(value) if isinstance(value, np.float64) else value


def call(op: Op, operands: Sequence[Any]) -> Any:
    """One operation on arrays, with 1.0 and 0.0 for true and false. Raises ArrayError."""
    with np.errstate(all="ignore"):
        try:
            y = function_of(op)(*operands)
        except (ValueError, IndexError, TypeError) as error:
            raise failure(op, operands, error) from error
    return function_of(AS_NUMBER)(y) if op.decides else y


def failure(op: Op, operands: Sequence[Any], error: Exception, node: int | None = None) -> ArrayError:
    """The error of an operation with the shapes of its operands, in our words."""
    arrays = [x for x in operands if not (x is None or x is Ellipsis or isinstance(x, slice | tuple))]
    shapes = [np.shape(x) for x in arrays]
    if not op.whole:
        return ArrayError(op, shapes, f" cannot combine the shapes {listed(list(map(str, shapes)))}", node)
    if isinstance(error, ArrayMisuseError) and error.told:
        return ArrayError(op, shapes, str(error), node, error.cure)
    joined = shapes[1:] if op.takes_list else shapes
    large = joined if op.placed else [shape for shape in shapes if shape]
    what = "shapes are" if len(large) > 1 else "shape is"
    where = f"; the {what} {listed(list(map(str, large)))}" if large else ""
    if op.name == "matmul":
        return ArrayError(op, shapes, f" needs equal inner lengths{where}", node)
    reason = str(error).partition("\n")[0].rstrip(".")
    cure = f"several numbers are one array in brackets: {op.name}([a, b])" if reason.endswith("dimension 0") else ""
    return ArrayError(op, shapes, f": {reason}{where}", node, cure)
