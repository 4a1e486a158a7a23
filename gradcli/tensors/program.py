"""Gradient programs: the gradient of a recorded structure, compiled once and then run on saved values.

The structure of a history is the key: the forms in the order in which a walk from the result
meets them, and which tensor each operand is. A training loop has one structure, so that each
`backward` after the first is a loop of NumPy calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy import float64, ndarray

from gradcli.core.graph import CONSTANTS, Builder
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.passes.truths import is_read
from gradcli.core.reverse import differentiate
from gradcli.core.structure import ELLIPSIS, NOTHING, SLICE, TUPLE
from gradcli.tensors.form import Form, function_of, literal_node
from gradcli.tensors.plan import Plan, compiled, on_floats_of, run_floats, run_steps
from gradcli.tensors.quiet import SILENT, hush, unhush

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MATCH = by_name("match")
_POSITIVE = by_name("positive")


class Structure:
    """A history as numbers: node i has this form (None for a tensor without one) and these operands."""

    __slots__ = ("forms", "operands")

    def __init__(self, forms: list[Form | None], operands: list[tuple[int, ...]]) -> None:
        self.forms = forms
        self.operands = operands


class Program:
    """The gradient of node 0 by the wanted nodes of a structure.

    Values are numbered: the nodes, then the seed, then the constants, then one for each step.
    goals: the wanted nodes; wanted: for each its gradient's number, None where the result does not depend on it.
    checks: (node, place of the operand, or -1 for the node itself): values that are read, so they
        must not have changed in place since. saving: the nodes that have such values, and their dependents.
    scalar: every step has a function on floats.
    """

    __slots__ = (
        "checks", "constants", "goals", "met", "nodes", "plans", "saving", "scalar", "steps",
        "wanted",
    )  # fmt: skip

    def __init__(self, structure: Structure, wanted: tuple[int, ...], seeded: bool) -> None:
        self.nodes = len(structure.forms)
        self.constants: list[Any] = []
        self.steps: list[tuple[Any, tuple[int, ...]]] = []  # (row, numbers of its operands)
        self.goals = wanted
        self.plans: dict[Any, Plan] = {}
        self.met: set[Any] = set()
        builder, ids = _replayed(structure, wanted)
        inputs = len(builder.nodes)
        seed = builder.intern((VARIABLE, -1)) if seeded else None
        output = ids[0]
        adjoints = differentiate(builder, output, [ids[i] for i in wanted], arrays=True, seed=seed)
        number = self._number(builder, ids, inputs, seed, adjoints)
        self.wanted = [number.get(adjoints.get(ids[i], -1)) for i in wanted]
        self.scalar = all(on_floats_of(row) is not None for row, _ in self.steps)
        self.checks, self.saving = self._checks(structure, wanted)

    def _number(
        self, builder: Builder, ids: list[int], inputs: int, seed: int | None, adjoints: dict[int, int]
    ) -> dict[int, int]:
        """Give numbers to the nodes of the graph that the gradients need, and write down the steps."""
        nodes = builder.nodes
        number = {i: k for k, i in reversed(list(enumerate(ids)))}
        if seed is not None:
            number[seed] = self.nodes
        needed = sorted(_needed(nodes, (adjoints[ids_] for ids_ in set(adjoints) & set(ids)), number))
        for i in needed:
            if _is_constant(nodes, i):
                number[i] = self.nodes + 1 + len(self.constants)
                self.constants.append(_constant(nodes, i))
        first = self.nodes + 1 + len(self.constants)
        for i in needed:
            if i not in number:
                row, *operands = nodes[i]
                operands = [self._as_number(nodes, row, j, k, number) for j, k in enumerate(operands)]
                number[i] = first + len(self.steps)
                self.steps.append((row, tuple(operands)))
        return number

    def _as_number(self, nodes: list[Any], row: Any, place: int, i: int, number: dict[int, int]) -> int:
        """The number of an operand; a boolean is made 1.0 or 0.0 first where it is calculated with."""
        if not nodes[i][0].decides or row.decides or is_read(row, place):
            return number[i]
        self.steps.append((_POSITIVE, (number[i],)))
        return self.nodes + len(self.constants) + len(self.steps)

    def _checks(self, structure: Structure, wanted: tuple[int, ...]) -> tuple[list[tuple[int, int]], list[int]]:
        """Which saved values are read, in PyTorch's sense: by the rules of the nodes between."""
        depends = _depending(structure, wanted)
        read = {k for row, operands in self.steps for j, k in enumerate(operands) if j not in row.shapes}
        read.update(k for k in self.wanted if k is not None)
        checks, saving = [], []
        for i, form in enumerate(structure.forms):
            if not depends[i] or not structure.operands[i]:
                continue
            operands = structure.operands[i]
            places = form.saves(tuple(p for p, k in enumerate(operands) if depends[k]))  # type: ignore[union-attr]
            if places:
                saving.append(i)
            for p in places:
                checks.append((i, p))
                read.discard(i if p < 0 else operands[p])
        for i, operands in enumerate(structure.operands):  # what simplification reads beyond the rules
            checks.extend((i, p) for p, k in enumerate(operands) if k in read)
        return checks, _with_dependents(structure, saving)

    def run(self, values: list[Any], seed: Any) -> tuple[list[Any], list[bool]]:
        """The gradients, and for each whether its memory is its own; `values` are the nodes' values and are used up."""
        on_floats = self.scalar and (
            type(values[-1]) is float
            and _ONLY_FLOATS.issuperset(map(type, values))
            and (seed is None or type(seed) is float)
        )
        if on_floats:
            key: Any = None
        else:
            key = tuple([v.shape if type(v) is ndarray else () for v in values])
            # NumPy's numbers: Python's raise where IEEE has an infinity.
            values = [float64(v) if type(v) is float else v for v in values]
        plan = self.plans.get(key)
        if plan is not None:
            return plan.run(values, seed), plan.fresh
        values.append(seed)
        values += self.constants
        if on_floats:
            run_floats(self._compiled(on_floats_of), self.steps, values)
        else:
            token = hush(SILENT)
            try:
                run_steps(self._compiled(function_of), values)
            finally:
                unhush(token)
        if key in self.met:  # worth a plan from the second time on
            if len(self.plans) >= _MOST_PLANS:
                self.plans.clear()
            self.plans[key] = Plan(self, values, on_floats)
        if len(self.met) >= _MOST_MET:
            self.met.clear()
        self.met.add(key)
        return [0.0 if k is None else values[k] for k in self.wanted], [False] * len(self.wanted)

    def _compiled(self, function: Callable[[Any], Any]) -> list[Any]:
        return [compiled(function(row), operands) for row, operands in self.steps]


_ONLY_FLOATS = frozenset((float,))
_MOST_PLANS = 16
_MOST_MET = 1_024


def _replayed(structure: Structure, wanted: tuple[int, ...]) -> tuple[Builder, list[int]]:
    """The structure as a graph; operations are kept apart, wanted nodes within it too."""
    builder = Builder()
    forms, operands = structure.forms, structure.operands
    ids = [-1] * len(forms)
    for i in in_order(operands):
        form = forms[i]
        if form is None or not operands[i]:
            ids[i] = builder.intern((VARIABLE, i))
            continue
        rest = iter(operands[i])
        node = (
            form.row,
            *[ids[next(rest)] if k in form.holes else literal_node(builder, v) for k, v in enumerate(form.literals)],
        )
        builder.table.pop(node, None)
        ids[i] = builder.intern(node)
    return builder, ids


def _with_dependents(structure: Structure, nodes: list[int]) -> list[int]:
    """These nodes and all that depend on them: none of them can go backward once their values are freed."""
    found = set(nodes)
    for i in in_order(structure.operands):
        if not found.isdisjoint(structure.operands[i]):
            found.add(i)
    return sorted(found)


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


def _depending(structure: Structure, wanted: Iterable[int]) -> bytearray:
    depends = bytearray(len(structure.forms))
    for i in wanted:
        depends[i] = 1
    for i in in_order(structure.operands):
        if any(depends[k] for k in structure.operands[i]):
            depends[i] = 1
    return depends


def _needed(nodes: list[Any], outputs: Iterable[int], known: dict[int, int]) -> set[int]:
    """The nodes that these outputs need beyond the known ones."""
    needed: set[int] = set()
    stack = list(outputs)
    while stack:
        i = stack.pop()
        if i in needed or i in known:
            continue
        needed.add(i)
        if not nodes[i][0].leaf:
            stack.extend(nodes[i][1:])
    return needed


def _is_constant(nodes: list[Any], i: int) -> bool:
    row = nodes[i][0]
    if row in (SLICE, TUPLE):
        return all(_is_constant(nodes, k) for k in nodes[i][1:])
    return row in (NUMBER, CONSTANT, NOTHING, ELLIPSIS)


def _constant(nodes: list[Any], i: int) -> Any:
    row, *rest = nodes[i]
    if row is NUMBER:
        return rest[0]
    if row is CONSTANT:
        return CONSTANTS[rest[0]]
    if row in (NOTHING, ELLIPSIS):
        return None if row is NOTHING else ...
    parts = [_constant(nodes, k) for k in rest]
    if row is TUPLE:
        return tuple(parts)
    return slice(*[None if v is None else int(v) for v in parts])
