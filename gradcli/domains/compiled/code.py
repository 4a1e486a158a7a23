"""A graph as compiled code: what is computed where, and the text of it.

The nodes that differ from point to point are split by the operations without a kernel, which stay calls of NumPy:
stage 0 is all that needs none of them, then come those calls, then all that needs no further ones, and so on. A long
stage is cut into parts, because the time of a compiler grows faster than the length of a function.

A value is found in one of these places: a literal in the text; a number of those that are the same at all points; a
column, which is an input, an output, or what passes between stages; a slot of a small buffer, for what passes between
parts of a stage; and within its part a name.
"""

from __future__ import annotations

from typing import Any

from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.op import VALUE
from gradcli.domains.compiled.kernels.table import KERNELS
from gradcli.domains.compiled.part import Part, module, stage
from gradcli.domains.floats import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.domains.compiled.writer import Writer

FEW = 5  # results: a core has ten places or so for lines on their way to memory, and of each result two come at once
PART = 900  # instructions, of which a part has at most so many and one operation

Call = tuple[int, tuple[int, ...]]  # a node that NumPy computes, and its operands


class Code:
    """The text for a graph (`lowered` by gradcli.domains.blocks.plan) whose first output is the value.

    moving: for each node whether it differs from point to point; past_cache: outputs are written past the cache, where
    they are few; narrow: columns that are given or results are float32, but what NumPy reads.

    text: the module; stages: for each the name of its function (None where it computes nothing) and the calls that
    follow; columns: how many; inputs: (column, name); outputs: the column of each; narrow: the columns of float32;
    held: the column of each node that passes between stages; uniform: the nodes that hold for all points, each with
    its place among them; slots: how many.
    """

    def __init__(self, graph: Graph, moving: bytearray, past_cache: bool = False, narrow: bool = False) -> None:
        self.graph = graph
        self._moving = moving
        self._past_cache = past_cache and len(graph.outputs) <= FEW
        nodes = graph.nodes
        self._is_call = [bool(moving[i]) and _is_call(node) for i, node in enumerate(nodes)]
        self._depth = self._depths()
        names = [(i, node[1]) for i, node in enumerate(nodes) if moving[i] and node[0] is VARIABLE]
        self.inputs = [(column, name) for column, (_, name) in enumerate(names)]
        self.held: dict[int, int] = {i: column for column, (i, _) in enumerate(names)}
        self.outputs = list(range(len(names), len(names) + len(graph.outputs)))
        self.columns = len(names) + len(graph.outputs)
        first = len(names) if any(self._is_call) else 0
        self.narrow = frozenset(range(first, self.columns)) if narrow else frozenset()
        self.uniform: dict[int, int] = {}
        self.slots = 0
        self.stages: list[tuple[str | None, list[Call]]] = []
        self._hold()
        self._writers: list[Writer] = []
        self._functions: list[str] = []
        steps: list[list[int]] = [[] for _ in range(self._last + 1)]
        calls: list[list[Call]] = [[] for _ in range(self._last + 1)]
        for i, node in enumerate(nodes):
            if self._is_call[i]:
                calls[self._depth[i]].append((i, node[1:]))
            elif moving[i] and not node[0].leaf:
                steps[self._depth[i]].append(i)
        for depth in range(self._last + 1):
            self.stages.append((self._stage(depth, steps[depth]), calls[depth]))
        self.text = module(self._functions, self._writers)

    def _depths(self) -> list[int]:
        """For each node how many calls of NumPy come one after the other before it."""
        found: list[int] = []
        for node in self.graph.nodes:
            operands = () if node[0].leaf else node[1:]
            found.append(max((found[k] + self._is_call[k] for k in operands), default=0))
        ends = (found[i] + self._is_call[i] for i in self.graph.outputs)
        self._last = max(max(ends), max(found))
        return found

    def _hold(self) -> None:
        """Columns for what a call gives or takes, and for what a later stage reads."""
        nodes = self.graph.nodes
        for i, node in enumerate(nodes):
            if not self._moving[i] or node[0].leaf:
                continue
            if self._is_call[i]:
                self._hold_one(i)
            for k in node[1:]:
                if self._is_call[i] or self._depth[k] != self._depth[i]:
                    self._hold_one(k)
        for i in self.graph.outputs:
            if self._depth[i] != self._last:
                self._hold_one(i)

    def _hold_one(self, i: int) -> None:
        if self._moving[i] and i not in self.held:
            self.held[i] = self.columns
            self.columns += 1

    def _stage(self, depth: int, steps: list[int]) -> str | None:
        """Write the parts of a stage; the name of the function that runs them."""
        parts = _Stage(self, depth, steps).parts(self._past_cache)
        if not parts:
            return None
        for part in parts:
            self._writers.append(part.writer)
            self._functions.append(part.text())
        self._functions.append(stage(f"stage{depth}", parts))
        return f"stage{depth}"

    def is_last(self, depth: int) -> bool:
        """Are the outputs written in the stage of this depth?"""
        return depth == self._last

    def place_of_uniform(self, i: int) -> int:
        """The place of a node among the numbers that hold for all points."""
        return self.uniform.setdefault(i, len(self.uniform))

    def moves(self, i: int) -> bool:
        """Does a node differ from point to point?"""
        return bool(self._moving[i])


def _is_call(node: Any) -> bool:
    return not node[0].leaf and node[0].name not in KERNELS


class _Stage:
    """One stage while its parts are written."""

    def __init__(self, code: Code, depth: int, steps: list[int]) -> None:
        self._code = code
        self._nodes = code.graph.nodes
        self._depth = depth
        self._steps = steps
        self._outputs = code.graph.outputs if code.is_last(depth) else []
        self._last: dict[int, int] = {}  # of a node of this stage: the last step that reads it
        for n, i in enumerate(steps):
            self._last.update(dict.fromkeys(self._nodes[i][1:], n))
        ends = range(len(steps), len(steps) + len(self._outputs))
        self._last.update(zip(self._outputs, ends, strict=True))
        self._last.update(dict.fromkeys(self._outputs[:1], ends.stop - 1))  # each looks whether the value is NaN
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._parts: list[Part] = []
        self._local: dict[int, Any] = {}

    def parts(self, past_cache: bool) -> list[Part]:
        """All parts of the stage."""
        self._begin()
        for n, i in enumerate(self._steps):
            kernel = KERNELS[self._nodes[i][0].name]
            self._local[i] = kernel(self._part.writer, *map(self._value, self._nodes[i][1:]))
            if len(self._part.writer.lines) > PART:
                self._end(n)
                self._begin()
        for n, i in enumerate(self._outputs):
            self._output(n, i, past_cache)
            if len(self._part.writer.lines) > PART:
                self._end(len(self._steps) + n)
                self._begin()
        self._end(len(self._steps) + len(self._outputs))
        return self._parts

    def _output(self, n: int, i: int, past_cache: bool) -> None:
        """An output in its column; where the value is NaN, so are the partials."""
        m = self._part.writer
        found = m.number(self._value(i))
        if n:
            value = m.number(self._value(self._outputs[0]))
            found = m.where(value != value, value, found)
        self._part.store(found, self._code.outputs[n], past_cache)

    def _begin(self) -> None:
        self._part = Part(f"part{self._depth}_{len(self._parts)}", self._code.narrow)
        self._local = {}

    def _end(self, n: int) -> None:
        """Store what is read after step n, here or in a later stage; a part that does nothing is left out."""
        m = self._part.writer
        computed = [i for i in self._local if self._last.get(i, -1) > n and i not in self._slots]
        for i, value in self._local.items():
            if i in self._code.held:
                self._part.store(m.number(value), self._code.held[i])
        for i in computed:
            if i not in self._code.held:
                self._slots[i] = self._free.pop() if self._free else self._new_slot()
                self._part.store_slot(m.number(self._local[i]), self._slots[i])
        for i in [i for i in self._slots if self._last[i] <= n]:
            self._free.append(self._slots.pop(i))
        if m.lines:
            self._parts.append(self._part)

    def _new_slot(self) -> int:
        self._code.slots += 1
        return self._code.slots - 1

    def _value(self, i: int) -> Any:
        """A node for a kernel: a vector, or a float where it is a literal."""
        node = self._nodes[i]
        if i in self._local:
            return self._local[i]
        if node[0] is VALUE:
            return literal(node[1])
        if not self._code.moves(i):
            return self._part.uniform(self._code.place_of_uniform(i))
        if i in self._code.held:
            return self._part.load(self._code.held[i])
        return self._part.load_slot(self._slots[i])
