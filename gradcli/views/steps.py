"""A program as steps, each of one operation, and the rules by which they are differentiated."""

from __future__ import annotations

import re

from gradcli.api.annotation import live_nodes
from gradcli.api.derivative import public
from gradcli.core.graph import Builder, depending, finish
from gradcli.core.op import CONSTANT, DISCRETE, NUMBER, VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import SLICE, TUPLE
from gradcli.core.trace import partial_of, rule_of
from gradcli.domains.float_tape import Tape
from gradcli.errors import UsageError
from gradcli.language.printer import steps, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program

LETTERS = ("v", "w", "s", "u", "step")


class Steps:
    """What a program computes, operation by operation.

    order: the operations that the result needs, in order; names: of each of them and of each variable: what the program
    assigns it to, else a letter and its id; depends: for each node whether it depends on a variable of wrt.
    """

    def __init__(self, program: Program, wrt: Sequence[str]) -> None:
        self.nodes = nodes = program.nodes
        self.program = program
        self.order = [i for i in live_nodes(program) if not (nodes[i][0].leaf or nodes[i][0] in (SLICE, TUPLE))]
        self.depends = depending(nodes, [program.leaf[x] for x in wrt])
        self.names = {i: x for x, i in program.leaf.items()}
        letter = _free(program)
        assigned = {i: x for x, i in program.named.items() if x not in program.leaf}
        for i in self.order:
            self.names[i] = assigned.get(i) or f"{letter}{i}"
        self.formula = steps(nodes, self.names)

    def rule(self, i: int, k: int) -> str:
        """The name of the rule by which operation i is differentiated by its operand k."""
        op, *operands = self.nodes[i]
        mark = rule_of(op, k)
        if op.decides or mark == DISCRETE:
            return "constant between steps"
        if isinstance(mark, str):
            return mark
        if not op.rules:
            return f"derivative of {op.name}"
        others = [x for j, x in enumerate(operands) if j != k]
        return op.rules[0 if op.variadic else k][not any(self.depends[x] for x in others)]

    def slope(self, i: int, k: int) -> str:
        """The partial of operation i by its operand k, a formula in names; "" where no formula says it."""
        op = self.nodes[i][0]
        if op.whole or op.share is not None:
            return ""
        builder, found = self._partial(i, k)
        try:
            graph = public(builder, builder.number(0.0) if found is None else found[0])
        except UsageError:
            return ""
        return to_text(graph.nodes, graph.outputs, exact=False, sparing=True)

    def condition(self, i: int, k: int) -> str:
        """Where operation i depends on its operand k, in names; "" for everywhere."""
        builder, found = self._partial(i, k)
        return "" if found is None or found[1] is None else to_text(builder.nodes, [found[1]], exact=False)

    def closed(self, i: int, k: int, values: Sequence[Any]) -> str:
        """Of an operation that does not depend on its operand k at these values: in words why, else ""."""
        builder, found = self._partial(i, k)
        if found is None or found[1] is None:
            return ""
        nodes, condition = builder.nodes, found[1]
        turned = nodes[condition][0] is by_name("logical_not")
        told = to_text(nodes, [nodes[condition][1] if turned else condition], exact=False)
        graph = finish(builder, [condition])
        holds = Tape(graph).run({name: values[j] for j, name in self.names.items()})[graph.outputs[0]] != 0
        return "" if holds else f"{told} is {'true' if turned else 'false'}"

    def chained(self, i: int) -> str:
        """The derivative of operation i in names and their derivatives, `v2'`; the variable's own is 1.

        Raises UsageError where no formula says it.
        """
        builder = Builder()
        y = self._embedded(builder, i)
        total = None
        for k, x in enumerate(self.nodes[i][1:]):
            found = partial_of(builder, y, k, builder.number(1.0)) if self.depends[x] else None
            if found is None:
                continue
            partial, condition = found
            inner = builder.number(1.0) if self.nodes[x][0] is VARIABLE else builder.intern((VARIABLE, self.prime(x)))
            term = builder.make(by_name("mul"), partial, inner)
            if condition is not None:
                term = builder.make(by_name("where"), condition, term, builder.number(0.0))
            total = term if total is None else builder.make(by_name("add"), total, term)
        graph = public(builder, builder.number(0.0) if total is None else total)
        return to_text(graph.nodes, graph.outputs, sparing=True)

    def prime(self, i: int) -> str:
        """What the derivative of a step is called."""
        return f"{self.names[i]}'"

    def _partial(self, i: int, k: int) -> tuple[Builder, tuple[int, int | None] | None]:
        """See `partial_of`; of operations on whole arrays no formula is told."""
        builder = Builder()
        if self.nodes[i][0].whole:
            return builder, None
        return builder, partial_of(builder, self._embedded(builder, i), k, builder.number(1.0))

    def _embedded(self, builder: Builder, i: int) -> int:
        """Operation i on its operands as variables; truths stand as they are computed, because rules read them."""
        op, *operands = self.nodes[i]
        return builder.intern((op, *[self._operand(builder, x) for x in operands]))

    def _operand(self, builder: Builder, x: int) -> int:
        node = self.nodes[x]
        if node[0] is NUMBER or node[0] is CONSTANT:
            return builder.intern(node)
        if node[0].decides and not node[0].whole:
            return self._embedded(builder, x)
        return builder.intern((VARIABLE, self.names[x]) if x in self.names else node)


def _free(program: Program) -> str:
    """A letter of which no name in the program is made, followed by digits."""
    taken: Mapping[str, Any] = {**program.leaf, **program.named}
    return next((c for c in LETTERS if not any(re.fullmatch(rf"{c}\d+", x) for x in taken)), "node")
