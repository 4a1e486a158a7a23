"""`gradcli graph`: the graph as a tree, printed line by line without recursion.

Below DEEPEST levels the guides stop and a line says its depth, because the guides of a chain
of a million operations would be a million characters wide.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from gradcli.views.numbers import align
from gradcli.views.prose import GAP, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.pictures.graphview import GraphView
    from gradcli.views.screen import Screen

DEEPEST = 24
CHUNK = 1000  # so many lines are aligned with each other
UNICODE = ("├── ", "└── ", "│   ", "    ")
ASCII = ("|-- ", "`-- ", "|   ", "    ")


class _Line(NamedTuple):
    """One line: guides and label as they are printed, how wide they are, and the numbers."""

    painted: str
    width: int
    value: str = ""
    adjoint: str = ""


def show(screen: Screen, view: GraphView) -> None:
    """Print the trees of all roots."""
    lines = _Tree(screen, view).lines()
    headed = False
    while chunk := list(islice(lines, CHUNK)):
        numbers = any(line.value for line in chunk)  # a literal is its own value
        _show_lines(screen, chunk, headed or numbers, numbers and not headed)
        headed |= numbers


def _show_lines(screen: Screen, chunk: list[_Line], numbers: bool, first: bool) -> None:
    if not numbers:
        for line in chunk:
            screen.line(line.painted)
        return
    left = max(line.width for line in chunk)
    values = align([line.value for line in chunk])
    adjoints = align([line.adjoint for line in chunk])
    middle = max(len("value"), *map(len, values))
    right = max(len("adjoint"), *map(len, adjoints))
    if screen.width is not None and left + middle + right + 2 * len(GAP) > screen.width:
        for line in chunk:
            value = screen.paint(f"= {line.value}", "value") if line.value else ""
            adjoint = screen.paint(f"adjoint {line.adjoint}", "partial") if line.adjoint else ""
            screen.line("  ".join([part for part in (line.painted, value, adjoint) if part]))
        return
    if first:
        heads = f"{'value':<{middle}}{GAP}{'adjoint' if any(adjoints) else ''}"
        screen.line(" " * left + GAP + screen.paint(heads.rstrip(), "faint"))
    for line, value, adjoint in zip(chunk, values, adjoints, strict=True):
        blanks = " " * (left - line.width)
        painted = screen.paint(value, "value") + " " * (middle - len(value))
        screen.line(f"{line.painted}{blanks}{GAP}{painted}{GAP}{screen.paint(adjoint, 'partial')}")


class _Tree:
    """The state of the walk: which nodes are drawn, and the numbers of the shared ones."""

    def __init__(self, screen: Screen, view: GraphView) -> None:
        self.screen = screen
        self.view = view
        self.uses = view.uses()
        self.drawn = bytearray(len(view.nodes))
        self.numbers: dict[int, int] = {}
        self.guides = ASCII if screen.ascii else UNICODE

    def lines(self) -> Iterator[_Line]:
        for k, (label, root) in enumerate(self.view.roots):
            if label:
                if k:
                    yield _Line("", 0)
                yield _Line(self.screen.paint(label, "head"), columns(label), self.view.answer(k))
            yield from self._walk(root, 1 if label else 0)

    def _walk(self, root: int, depth: int) -> Iterator[_Line]:
        """Depth first: (node, guides of its line, guides of the lines under it, depth)."""
        branch, corner, through, blank = self.guides
        stack = [(root, corner, blank, depth)] if depth else [(root, "", "", 0)]
        nodes = self.view.nodes
        while stack:
            i, own, under, depth = stack.pop()
            again = self.drawn[i]
            yield self._line(i, own, depth)
            if again or nodes[i][0].leaf:
                continue
            operands = nodes[i][1:]
            if depth >= DEEPEST:
                stack += [(k, under, under, depth + 1) for k in reversed(operands)]
                continue
            stack.append((operands[-1], under + corner, under + blank, depth + 1))
            stack += [(k, under + branch, under + through, depth + 1) for k in reversed(operands[:-1])]

    def _line(self, i: int, guides: str, depth: int) -> _Line:
        parts = self._label(i)
        if depth > DEEPEST:
            parts.insert(0, (f"(depth {depth}) ", "faint"))
        width = len(guides) + sum([columns(text) for text, _ in parts])
        painted = self.screen.paint(guides, "faint") + "".join([self.screen.paint(*part) for part in parts])
        if self.drawn[i]:
            return _Line(painted, width)
        self.drawn[i] = 1
        return _Line(painted, width, self.view.value(i), self.view.adjoint(i))

    def _label(self, i: int) -> list[tuple[str, str]]:
        """(text, style): the kind of a leaf and itself, or the operation and the text it came from."""
        view = self.view
        kind = view.kind(i)
        if kind != "operation":
            label = [(f"{kind} ", "faint"), (view.source(i), kind)]
            return [*label, (", as above", "faint")] if self.drawn[i] and kind == "variable" else label
        name = view.names.get(i)
        if name is None and self.uses[i] > 1:
            name = f"#{self.numbers.setdefault(i, len(self.numbers) + 1)}"
        if self.drawn[i]:
            return [(f"{name}, as above", "faint")]
        label = [(view.sign(i), "operation"), (f"  {view.source(i)}", "faint")]
        return [(f"{name} = ", ""), *label] if name else label
