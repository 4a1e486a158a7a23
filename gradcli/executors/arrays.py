"""The executor for arrays: a graph on NumPy arrays of any shape, broadcast as NumPy does.

Importing this loads NumPy, so nothing that serves plain numbers imports it at its top.
"""

from __future__ import annotations

import numpy as np

from gradcli.core.graph import CONSTANTS, NUMBER, VARIABLE, Graph, Node, reachable
from gradcli.core.op import CONSTANT, Op
from gradcli.core.ops import by_name
from gradcli.core.structure import ELLIPSIS, ArrayMisuseError
from gradcli.domains.arrays import ARRAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Step = tuple[int, Callable[..., Any], tuple[int, ...]]

_WHERE = by_name("where")
_INDEXING = {by_name("index"): 1, by_name("scatter"): 2}  # from which operand on the index stands


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
    """A graph compiled for repeated runs: what is constant is computed once.

    `inputs` are (node, name) of the variables that the graph reads; `outputs` the places of its
    outputs among the values. Comparisons and logic give boolean arrays where another choice or an index reads
    them, and 1.0 or 0.0 to everything else.
    """

    __slots__ = ("_base", "_steps", "graph", "inputs", "outputs")

    def __init__(self, graph: Graph) -> None:
        """Raises ArrayError where constants do not go together."""
        self.graph = graph
        nodes = graph.nodes
        self.outputs = list(graph.outputs)
        self.inputs: list[tuple[int, str]] = []
        self._base: list[Any] = [None] * len(nodes)
        live = reachable(nodes, graph.outputs)
        moving = bytearray(len(nodes))
        fixed: list[Step] = []
        self._steps: list[Step] = []
        copies: dict[int, int] = {}  # of a boolean node: where its 1.0 and 0.0 are
        for i, node in enumerate(nodes):
            if not live[i]:
                continue
            op = node[0]
            if op.leaf:
                self._leaf(i, node, moving)
                continue
            moving[i] = any(moving[k] for k in node[1:])
            steps = self._steps if moving[i] else fixed
            operands = [
                self._number(k, self._steps if moving[k] else fixed, copies)
                if nodes[k][0].decides and not _takes_truth(op, p)
                else k
                for p, k in enumerate(node[1:])
            ]
            steps.append((i, function_of(op), tuple(operands)))
        self.outputs = [self._number(i, self._steps, copies) if nodes[i][0].decides else i for i in self.outputs]
        values = _execute(fixed, [np.float64(v) if type(v) is float else v for v in self._base], nodes)
        # Plain floats leave the type of narrower arrays as it is.
        self._base = [float(v) if isinstance(v, np.float64) else v for v in values]

    def _leaf(self, i: int, node: Node, moving: bytearray) -> None:
        op = node[0]
        if op is VARIABLE:
            self.inputs.append((i, node[1]))
            moving[i] = 1
        elif op is NUMBER:
            self._base[i] = node[1]
        elif op is CONSTANT:
            self._base[i] = CONSTANTS[node[1]]
        elif op is ELLIPSIS:
            self._base[i] = Ellipsis

    def _number(self, i: int, steps: list[Step], copies: dict[int, int]) -> int:
        """The place of a boolean node's numbers."""
        if i not in copies:
            copies[i] = len(self._base)
            self._base.append(None)
            steps.append((copies[i], _as_numbers, (i,)))
        return copies[i]

    def run(self, point: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes at a point: variable to array, or number of NumPy.

        Values may share memory with the point and with each other. Raises ArrayError.
        """
        values = self._base[:]
        for i, name in self.inputs:
            values[i] = point[name]
        return _execute(self._steps, values, self.graph.nodes)


def _takes_truth(op: Op, position: int) -> bool:
    """Does an operation read this operand as true or false?"""
    if op.decides:
        return True
    return (op is _WHERE and position == 0) or position >= _INDEXING.get(op, position + 1)


def _as_numbers(truth: Any) -> Any:
    return np.asarray(truth).astype(np.float64)[()]


def _execute(steps: list[Step], values: list[Any], nodes: Sequence[Node]) -> list[Any]:
    i = 0
    operands: tuple[int, ...] = ()
    with np.errstate(all="ignore"):
        try:
            for i, function, operands in steps:
                values[i] = function(*[values[k] for k in operands])
        except (ValueError, IndexError, TypeError) as error:
            raise failure(nodes[i][0], [values[k] for k in operands], error, i) from error
    return values


def call(op: Op, operands: Sequence[Any]) -> Any:
    """One operation on arrays, with 1.0 and 0.0 for true and false. Raises ArrayError."""
    with np.errstate(all="ignore"):
        try:
            y = function_of(op)(*operands)
        except (ValueError, IndexError, TypeError) as error:
            raise failure(op, operands, error) from error
    return _as_numbers(y) if op.decides else y


def failure(op: Op, operands: Sequence[Any], error: Exception, node: int | None = None) -> ArrayError:
    """The error of an operation with the shapes of its operands, in our words."""
    arrays = [x for x in operands if not (x is None or x is Ellipsis or isinstance(x, slice | tuple))]
    shapes = [np.shape(x) for x in arrays]
    if not op.whole:
        return ArrayError(op, shapes, f" cannot combine the shapes {_listed(shapes)}", node)
    if isinstance(error, ArrayMisuseError) and error.told:
        return ArrayError(op, shapes, str(error), node, error.cure)
    joined = shapes[1:] if op.takes_list else shapes
    large = joined if op.placed else [shape for shape in shapes if shape]
    where = f"; the {'shapes are' if len(large) > 1 else 'shape is'} {_listed(large)}" if large else ""
    if op.name == "matmul":
        return ArrayError(op, shapes, f" needs equal inner lengths{where}", node)
    reason = str(error).partition("\n")[0].rstrip(".")
    return ArrayError(op, shapes, f": {reason}{where}", node)


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    *others, last = [str(shape) for shape in shapes]
    return f"{', '.join(others)} and {last}" if others else last
