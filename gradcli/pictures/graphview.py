"""A graph to be drawn: what the tree, Graphviz, Mermaid and JSON views have in common."""

from __future__ import annotations

from gradcli.core.graph import reachable
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.core.structure import NOTHING
from gradcli.language.printer import given, snippets
from gradcli.numerals import to_show
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Node

# A piece of text of up to so many characters is shown whole: a long one at each node would be quadratic.
WIDEST = 48

MOST_ELEMENTS = 12

KINDS = {VARIABLE: "variable", CONSTANT: "constant", NUMBER: "number"}


class GraphView:
    """What a view of a graph needs.

    nodes: as in gradcli.core.graph; roots: (label, node id), the label "" where there is but
    one thing to draw; text, span: the text and where a node stands in it, half-open, or None
    for a graph that nobody wrote; values, adjoints: by node, each a number or None; names:
    node id to the name that the program assigns it; answers: by root, what it stands for where
    that may differ from its node: where the value is NaN every partial is. noted: node id to the
    kinds of the notes on it, none to begin with.
    """

    def __init__(
        self,
        nodes: list[Node],
        roots: Sequence[tuple[str, int]],
        text: str = "",
        span: Callable[[int], tuple[int, int]] | None = None,
        values: Sequence[float | None] | None = None,
        adjoints: Sequence[float | None] | None = None,
        names: Mapping[int, str] | None = None,
        answers: Sequence[float] | None = None,
    ) -> None:
        self.nodes = _without_defaults(nodes)
        self.roots = list(roots)
        self.text = text
        self.span = span
        self.values = values
        self.adjoints = adjoints
        self.names = names or {}
        self.answers = answers
        self.noted: Mapping[int, str] = {}
        self.live = reachable(self.nodes, [i for _, i in self.roots])
        self._snippet = snippets(nodes, WIDEST)

    def kind(self, i: int) -> str:
        """variable, constant, number or operation."""
        return KINDS.get(self.nodes[i][0], "operation")

    def sign(self, i: int) -> str:
        """The operation as a user writes it: `+`, `sin`."""
        op = self.nodes[i][0]
        return op.symbol or op.name

    def source(self, i: int) -> str:
        """The piece of text that a node came from; a graph that nobody wrote is printed."""
        if self.span is None or self.nodes[i][0].leaf:
            return self._snippet(i)
        start, end = self.span(i)
        if end - start > WIDEST:
            half = (WIDEST - 3) // 2
            return shown(f"{self.text[start : start + half]}...{self.text[end - half : end]}", WIDEST)
        return shown(self.text[start:end], WIDEST)

    def value(self, i: int) -> str:
        """The value as text, "" where there is none; a number shows itself."""
        x = None if self.values is None or self.kind(i) == "number" else self.values[i]
        return "" if x is None else _brief(x)

    def adjoint(self, i: int) -> str:
        """As `value`; nobody differentiates by a number."""
        if self.kind(i) in ("number", "constant"):
            return ""
        x = None if self.adjoints is None else self.adjoints[i]
        return "" if x is None else _brief(x)

    def answer(self, k: int) -> str:
        """What the k-th root stands for, where its node does not say the same."""
        if self.answers is None or self.values is None:
            return ""
        text, node = to_show(self.answers[k]), self.values[self.roots[k][1]]
        return "" if node is not None and to_show(node) == text else text

    def lines(self, i: int) -> list[tuple[str, str]]:
        """(what it says, text) of each line inside a node of a drawing.

        What it says: sign (of an operation, and the name that it is assigned), text, value, adjoint, note.
        """
        name = f"{self.names[i]} = " if i in self.names else ""
        sign = name + self.sign(i) if self.kind(i) == "operation" else ""
        found = (
            ("sign", sign),
            ("text", self.source(i)),
            ("value", self.value(i)),
            ("adjoint", self.adjoint(i)),
            ("note", self.noted.get(i, "")),
        )
        return [line for line in found if line[1]]

    def label(self, i: int) -> list[str]:
        """The lines inside a node of a drawing, as plain texts."""
        return [f"{what} {text}" if what in ("value", "adjoint") else text for what, text in self.lines(i)]

    def uses(self) -> list[int]:
        """How many operations and roots use each node."""
        count = [0] * len(self.nodes)
        for _, i in self.roots:
            count[i] += 1
        for i, node in enumerate(self.nodes):
            if self.live[i] and not node[0].leaf:
                for k in node[1:]:
                    count[k] += 1
        return count


def _without_defaults(nodes: list[Node]) -> list[Node]:
    """The nodes without arguments that are as by default: nobody typed an axis that is None."""
    if not any(node[0].whole for node in nodes):
        return nodes
    return [
        (node[0], *[k for _, k in given(nodes, node) if nodes[k][0] is not NOTHING]) if node[0].whole else node
        for node in nodes
    ]


def _brief(x: Any) -> str:
    """A number, 0 for -0; or an array, of which only the shape is told where it is long."""
    if getattr(x, "size", 1) > MOST_ELEMENTS:
        return f"array of shape {x.shape}"
    return to_show(x + 0.0)
