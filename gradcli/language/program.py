"""A parsed program: the graph as written, its names, and where everything stands in the text."""

from __future__ import annotations

from gradcli.core.graph import reachable
from gradcli.core.integers import integers
from gradcli.core.op import VARIABLE
from gradcli.core.reverse import differentiate
from gradcli.core.trace import MissingRuleError
from gradcli.errors import ExpressionError
from gradcli.language.lexer import positions
from gradcli.language.names import nfkc
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gradcli.core.graph import Builder, Node
    from gradcli.core.integers import Integers


class Program:
    """What the parser gives.

    text: as typed; nodes: the graph as written, in which leaves are shared and nothing else;
    results: node ids, more than one where the text is a tuple; variables: the free names in
    order of first appearance; leaf: variable to node id; constants: names such as `pi` that
    kept their default here; prefixes: names such as `np` that were read as a library's;
    notes: (message, start, end) of readings that a user may not have meant; whole: an
    operation looks at whole arrays.
    """

    __slots__ = (
        "_assigned", "_derived", "_ends", "_first", "_last", "_named", "_starts", "_targets", "constants", "leaf",
        "nodes", "notes", "prefixes", "results", "text", "variables", "whole",
    )  # fmt: skip

    def __init__(self, text: str, nodes: list[Node], first: Integers, last: Integers) -> None:
        self.text = text
        self.nodes = nodes
        self.results: tuple[int, ...] = ()
        self.variables: tuple[str, ...] = ()
        self.leaf: dict[str, int] = {}
        self.constants: tuple[str, ...] = ()
        self.prefixes: tuple[str, ...] = ()
        self.notes: list[tuple[str, int, int]] = []
        self.whole = False
        self._first = first
        self._last = last
        self._targets, self._assigned = integers(len(text)), integers(len(text))
        self._named: dict[str, int] | None = None
        self._starts: Integers | None = None
        self._ends: Integers | None = None
        self._derived: set[tuple[int, int]] = set()

    def assign(self, target: int, node: int) -> None:
        """The name that is the token `target` now means this node."""
        self._targets.append(target)
        self._assigned.append(node)

    @property
    def named(self) -> dict[str, int]:
        """Assigned name to node id, read from the text when somebody asks: there may be a million of them."""
        if self._named is None:
            spans = [self.place(k, k) for k in self._targets]
            names = [nfkc(self.text[start:end]) for start, end in spans]
            self._named = dict(zip(names, self._assigned, strict=True))
        return self._named

    def mark_derived(self, first: int, last: int) -> None:
        """The nodes at these tokens are those of a derivative that the text asks for."""
        self._derived.add((first, last))

    def is_derived(self, node: int) -> bool:
        """Does a node stand for no operation of the text, but for a part of its `diff(..)`?"""
        return (self._first[node], self._last[node]) in self._derived

    def take_variables(self, names: Sequence[str]) -> None:
        """Let these be the variables, in this order, whether the text needs them or not; it has no others."""
        for name in names:
            if name not in self.leaf:
                self.leaf[name] = len(self.nodes)
                self.nodes.append((VARIABLE, name))
                self._first.append(0)
                self._last.append(0)
        self.leaf = {name: self.leaf[name] for name in names}
        self.variables = tuple(names)

    def span(self, node: int) -> tuple[int, int]:
        """Where a node stands in the text, half-open, in code points.

        A node that a call of a defined function made stands in the function's body.
        """
        return self.place(self._first[node], self._last[node])

    def place(self, first: int, last: int) -> tuple[int, int]:
        """The place of the tokens from `first` to `last`, both included."""
        if self._starts is None or self._ends is None:
            self._starts, self._ends = positions(self.text)
        end = len(self.text)
        return min(self._starts[first], end), min(self._ends[last], end)

    def source(self, node: int) -> str:
        """The piece of text that a node came from."""
        start, end = self.span(node)
        return self.text[start:end]

    def differentiate(
        self,
        builder: Builder,
        output: int,
        wrt: Iterable[int],
        arrays: bool = False,
        uses: dict[tuple[int, int], int] | None = None,
    ) -> dict[int, int]:
        """`core.reverse.differentiate` in a builder made of this program. Raises ExpressionError for a missing rule."""
        try:
            return differentiate(builder, output, wrt, arrays=arrays, uses=uses)
        except MissingRuleError as error:
            raise self.refused(error) from None

    def without_rule(self) -> bytearray:
        """For each node whether it moves an operand for which an operation has no rule."""
        marked = [x[k] for op, *x in self.nodes for k in op.missing]
        return reachable(self.nodes, marked)

    def refused(self, error: MissingRuleError) -> ExpressionError:
        """What to tell of a missing rule: its place, and by what there are derivatives."""
        lacking = self.without_rule()
        free = [x for x, leaf in self.leaf.items() if not lacking[leaf]]
        cure = f"write its {error.operand} as a number"
        if free:
            cure = f"differentiate by {listed(free)} alone: --wrt {','.join(free)}; or {cure}"
        return ExpressionError(str(error), self.text, self.span(error.node), cure)
