"""A graph as statements and expressions of a language, in the order of its nodes."""

from __future__ import annotations

import re
from itertools import compress

from gradcli.core.graph import reachable
from gradcli.core.op import CONSTANT, NUMBER, VALUE, VARIABLE, Op
from gradcli.domains.floats import literal
from gradcli.errors import UsageError
from gradcli.export.lowering import TRUTH_AS_NUMBER, as_graph, lowered
from gradcli.export.names import Names
from gradcli.language.names import parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.core.graph import Graph
    from gradcli.export.language import Language

ATOM, COMPARED, SUM, PRODUCT, MINUS = 11, 5, 6, 7, 8
LONGEST = 60  # signs of an expression that is used once and gets no name


class Code:
    """What is written so far beside the function itself: the helpers, each once, in the order of their needs.

    formula: the text of the program, for errors.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.helpers: dict[str, str] = {}
        self._made: dict[str, str] = {}

    def call(self, op: Op) -> str:
        """The text of the function that an operation is. Raises UsageError where the language has none."""
        if op.name not in self._made:
            self._made[op.name] = self._found(op)
        return self._made[op.name]

    def _found(self, op: Op) -> str:
        language = self.language
        if op.name in language.functions:
            return self.need(language.functions[op.name])
        name = language.prefix + op.name
        if language.helper(op.name):
            return self.need(name)
        if op.on_array and language.arrays:
            return language.whole(op, self.helpers)
        try:
            self.helpers[name] = self._composed(op, name)
        except KeyError:
            raise UsageError(f"there is no {op.symbol or op.name} in {language.title}", language.cure) from None
        return name

    def need(self, name: str) -> str:
        """The name of a function, after what it is made of where it is a helper."""
        if not name.startswith(self.language.prefix) or name in self.helpers:
            return name
        source = self.language.helper(name.removeprefix(self.language.prefix))
        self.helpers[name] = source  # two may call each other
        for other in re.findall(rf"(?<![\w.])({self.language.prefix}\w+)\(", source):
            self.need(other)
        self.helpers[name] = self.helpers.pop(name)  # in the order of need
        return name

    def _composed(self, op: Op, name: str) -> str:
        wanted = [p.name for p in parameters(op)]
        names = Names(self.language.reserved, self.language.ascii_only, self.language.prefix)
        shown = {x: names.take(x) for x in wanted}
        graph = lowered(as_graph(op, wanted), self.language.supplies, op.whole)
        writer = Writer(self, graph, shown, names)
        (result,) = writer.outputs()
        return self.language.helper_function(name, list(shown.values()), writer.lines, result, op.definition)


class Writer:
    """lines: the statements. variables: the name in the code of each variable."""

    def __init__(
        self,
        code: Code,
        graph: Graph,
        variables: Mapping[str, str],
        names: Names,
        assigned: Mapping[int, str] | None = None,
    ) -> None:
        """assigned: the nodes that have names of their own. Raises UsageError as Code.call."""
        self.code = code
        self.language = code.language
        self.graph = graph
        self.lines: list[str] = []
        self._names = names
        self._variables = variables
        self._text: list[tuple[int, str]] = []
        self._number = 0
        nodes = graph.nodes
        assigned = assigned or {}
        live = reachable(nodes, graph.outputs)
        uses = [0] * len(nodes)
        for node in compress(nodes, live):
            for k in () if node[0].leaf else node[1:]:
                uses[k] += 1
        for i in graph.outputs:
            uses[i] += 1
        kept = set(assigned)
        for i, node in enumerate(nodes):
            if not live[i]:
                self._text.append((ATOM, ""))
                continue
            precedence, text = self._leaf(node) if node[0].leaf else self._operation(node)
            if not node[0].leaf and (uses[i] > 1 or len(text) > LONGEST or i in kept):
                name = assigned.get(i) or self._next()
                self.lines.append(self.language.statement(name, text, node[0].decides))
                precedence, text = ATOM, name
            self._text.append((precedence, text))

    def outputs(self) -> list[str]:
        """The expressions of the outputs."""
        return [self._text[i][1] for i in self.graph.outputs]

    def _next(self) -> str:
        self._number += 1
        return self._names.take(f"t{self._number}")

    def _leaf(self, node: tuple) -> tuple[int, str]:
        op = node[0]
        if op is VARIABLE:
            return ATOM, self._variables[node[1]]
        if op is NUMBER or op is VALUE or op is CONSTANT:
            text = self.language.number(literal(node[1]))
            return (MINUS if text[0] == "-" else ATOM), text
        return ATOM, self.language.leaves[op]

    def text(self, i: int, least: int = 0) -> str:
        """The text of a node that was written, in parentheses where it binds less tightly than `least`."""
        precedence, text = self._text[i]
        return f"({text})" if precedence < least else text

    def truth(self, i: int) -> str:
        """A node as true or false, as an operand of a comparison would stand."""
        if self.graph.nodes[i][0].decides:
            return self.text(i, COMPARED)
        return f"{self.text(i, SUM)} != {self.language.number(0.0)}"

    def _operation(self, node: tuple) -> tuple[int, str]:
        op, *operands = node
        language = self.language
        if op is TRUTH_AS_NUMBER and self.graph.nodes[operands[0]][0].decides:
            return language.choice(self.truth(operands[0]), language.number(1.0), language.number(0.0))
        if op.name == "where":
            return language.choice(self.truth(operands[0]), self.text(operands[1], 2), self.text(operands[2], 2))
        if op.name in ("logical_and", "logical_or"):
            return language.joined(self.truth(operands[0]), self.truth(operands[1]), language.words[op.name])
        if op.name == "logical_not":
            return language.negated(self.truth(operands[0]))
        if op.decides and not op.whole:
            return COMPARED, f"{self.text(operands[0], SUM)} {op.symbol} {self.text(operands[1], SUM)}"
        if op.name in _SIGNS:
            level = _SIGNS[op.name]
            if op.name != "div" or language.divides(self.graph.nodes[operands[1]]):
                left, right = self.text(operands[0], level), self.text(operands[1], level + 1)
                return level, f"{left} {op.symbol} {right}"
        if op.name == "neg":
            return MINUS, f"-{self.text(operands[0], MINUS + 1)}"
        return ATOM, self._called(op, operands)

    def _called(self, op: Op, operands: Sequence[int]) -> str:
        if op.variadic and not op.whole:  # two at a time
            function = self.code.call(op)
            text = self.text(operands[0])
            for k in operands[1:]:
                text = f"{function}({text}, {self.text(k)})"
            return text
        words = [self.text(k) for k in operands]
        return self.language.called(self.code.call(op), words)


_SIGNS = {"add": SUM, "sub": SUM, "mul": PRODUCT, "div": PRODUCT}
