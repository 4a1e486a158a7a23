"""Gradient programs: the gradient of a recorded structure, compiled once and then run on saved values.

The structure of a history is the key: the operations in the order in which a walk from the result
meets them, and which tensor each operand is. A training loop has one structure, so that each
`backward` after the first is a loop of NumPy calls.

How `backward` goes: it collects the history and its key (`backward.collect`); finds the program of that key, or makes
it: the structure as a graph, reverse mode, passes. The program runs by the tape for the shapes at hand: at first a
tape for any shapes, from the second time on one that is shorter for these (`passes.shapes`).
Where a step chooses there are two programs: the first masks what was not chosen at the choice alone, and where its
results are not all finite the second one, `guarded`, keeps what lies below a choice apart too.

Of `(w*w).sum()` the gradient by w, which is tensor 2 of the history (0 is the sum, 1 the product):

>>> from gradcli.core.ops import by_name
>>> from gradcli.tensors.bound_op import HOLE, bind
>>> total, product = bind(by_name("sum"), (HOLE, None, 0)), bind(by_name("mul"), (HOLE, HOLE))
>>> program = GradientProgram(Structure([total, product, None], [(1,), (2, 2), ()]), (2,), False)
>>> program.checks  # both operands of the product are read: they must not have changed since
[(1, 0), (1, 1)]
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from numpy import float64, ndarray

from gradcli.core.graph import Builder, depending, finish
from gradcli.core.op import VARIABLE
from gradcli.core.passes.dead import dead
from gradcli.core.passes.truths import truths
from gradcli.core.reverse import differentiate
from gradcli.core.trace import MissingRuleError
from gradcli.domains.array_tape import folded
from gradcli.tensors.bound_op import ONLY_FLOATS, BoundOp, literal_node
from gradcli.tensors.dtypes import F16, F32
from gradcli.tensors.tape import TensorTape, on_floats_of


class Structure(NamedTuple):
    """A history as numbers: node i is of this operation (None for a leaf) and these operands."""

    ops: list[BoundOp | None]
    operands: list[tuple[int, ...]]


class GradientProgram:
    """The gradient of node 0 by the wanted nodes of a structure.

    goals: the wanted nodes. graph: their gradients, constants folded; its variables are the nodes of the structure, by
    number, and -1 for the seed.
    checks: (node, place of the operand, or -1 for the node itself): values that are read, so they
        must not have changed in place since. saving: the nodes that have such values;
        holding: others that such a node is an operand of.
    read: the nodes whose values, or shapes, are read.
    scalar: every operation has a function on floats.
    doubtful: what was not chosen is masked at the choice alone, so only finite results are right.
    """

    def __init__(self, structure: Structure, wanted: tuple[int, ...], seeded: bool, local: bool = False) -> None:
        self.goals = wanted
        steps = zip(structure.ops, structure.operands, strict=True)
        self.doubtful = local and any(operands and op.chooses for op, operands in steps)  # type: ignore[union-attr]
        self._made_of = structure, wanted, seeded
        self.tapes: dict[Any, TensorTape] = {}
        self.met: set[Any] = set()
        self.replay: Any = None  # its steps as recorded operations, from the second `create_graph` on
        builder, ids = _replayed(structure)
        history = builder.nodes[:]
        seed = builder.intern((VARIABLE, -1)) if seeded else None
        try:
            adjoints = differentiate(builder, ids[0], [ids[i] for i in wanted], arrays=True, seed=seed, local=local)
        except MissingRuleError as error:
            raise NotImplementedError(f"the derivative for '{error.op}: {error.operand}' is not implemented.") from None
        zero = builder.number(0.0)
        for k, i in enumerate(ids):
            builder.nodes[i] = (VARIABLE, k)  # its value is known
        self.graph = dead(folded(truths(finish(builder, [adjoints.get(ids[i], zero) for i in wanted]))))
        self.read = sorted({node[1] for node in self.graph.nodes if node[0] is VARIABLE and node[1] >= 0})
        self.scalar = all(node[0].leaf or on_floats_of(node[0]) is not None for node in self.graph.nodes)
        self.checks, self.saving = self._checks(structure, depending(history, [ids[i] for i in wanted]), ids)
        saving = frozenset(self.saving)
        holds = [not saving.isdisjoint(operands) for operands in structure.operands]
        self.holding = [i for i, held in enumerate(holds) if held and i not in saving]

    @cached_property
    def guarded(self) -> GradientProgram:
        """The program that is right for every result."""
        return GradientProgram(*self._made_of) if self.doubtful else self

    def _checks(
        self, structure: Structure, depends: bytearray, ids: list[int]
    ) -> tuple[list[tuple[int, int]], list[int]]:
        """Which saved values are read, in PyTorch's sense: by the rules of the nodes between; and of which nodes."""
        nodes = self.graph.nodes
        uses = [k for op, *operands in nodes if not op.leaf for j, k in enumerate(operands) if j not in op.shapes]
        read = {nodes[k][1] for k in (*uses, *self.graph.outputs) if nodes[k][0] is VARIABLE}
        checks, saving = [], []
        for i, op in enumerate(structure.ops):
            if not depends[ids[i]] or not structure.operands[i]:
                continue
            operands = structure.operands[i]
            places = op.saves(tuple(p for p, k in enumerate(operands) if depends[ids[k]]))  # type: ignore[union-attr]
            if places:
                saving.append(i)
            for p in places:
                checks.append((i, p))
                read.discard(i if p < 0 else operands[p])
        for i, operands in enumerate(structure.operands):  # what simplification reads beyond the rules
            checks.extend((i, p) for p, k in enumerate(operands) if k in read)
        return checks, saving

    def run(self, values: list[Any], seed: Any) -> tuple[list[Any], list[bool]]:
        """The gradients, and for each whether its memory is its own; `values` are the nodes' values and are used up."""
        on_floats = self.scalar and (
            type(values[-1]) is float
            and ONLY_FLOATS.issuperset(map(type, values))
            and (seed is None or type(seed) is float)
        )
        if on_floats:
            key: Any = None
        else:
            shapes: list[tuple[int, ...]] = []
            # NumPy's numbers: Python's raise where IEEE has an infinity. What has 16 bits is computed in 32.
            for i in self.read:
                v = values[i]
                if type(v) is ndarray:
                    shapes.append(v.shape)
                    if v.dtype is F16:
                        values[i] = v.astype(F32)
                else:
                    shapes.append(())
                    if type(v) is float:
                        values[i] = float64(v)
            key = tuple(shapes)
            if type(seed) is ndarray and seed.dtype is F16:
                seed = seed.astype(F32)
        values.append(seed)
        tape = self.tapes.get(key)
        if tape is not None:
            return tape.run(values), tape.fresh
        size = len(values)
        tape = TensorTape(self.graph, size, on_floats)
        found = tape.run(values)
        if key in self.met:  # worth a tape of its own from the second time on
            if len(self.tapes) >= _MOST_TAPES:
                self.tapes.clear()
            self.tapes[key] = tape.shortened(values, size)
        if len(self.met) >= _MOST_MET:
            self.met.clear()
        self.met.add(key)
        return found, [False] * len(self.goals)


_MOST_TAPES = 16
_MOST_MET = 1_024


def _replayed(structure: Structure) -> tuple[Builder, list[int]]:
    """The structure as a graph; operations are kept apart, wanted nodes within it too."""
    builder = Builder()
    ops, operands = structure.ops, structure.operands
    ids = [-1] * len(ops)
    for i in in_order(operands):
        op = ops[i]
        if op is None or not operands[i]:
            ids[i] = builder.intern((VARIABLE, i))
            continue
        rest = iter(operands[i])
        node = (
            op.row,
            *[ids[next(rest)] if k in op.holes else literal_node(builder, v) for k, v in enumerate(op.literals)],
        )
        builder.table.pop(node, None)
        ids[i] = builder.intern(node)
    return builder, ids


def in_order(operands: list[tuple[int, ...]]) -> list[int]:
    """All nodes that node 0 depends on, each after its operands; a loop, however deep the history is."""
    order: list[int] = []
    state = bytearray(len(operands))  # 1: waits for its operands, 2: done
    stack = [0]
    while stack:
        i = stack[-1]
        if state[i]:
            stack.pop()
            if state[i] == 1:
                state[i] = 2
                order.append(i)
            continue
        state[i] = 1
        stack.extend(k for k in operands[i] if not state[k])
    return order
