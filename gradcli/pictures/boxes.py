"""What is drawn of a graph: its boxes and the arrows between them.

Every node is a box, and so is the label of a root. A leaf that is used more than twice is drawn at each use, and so is
what is used very far away: arrows that nobody can follow would be all that is seen.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from gradcli.errors import UsageError
from gradcli.pictures.layers import layers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.pictures.graphview import GraphView
    from gradcli.pictures.layers import Arrow

MOST = 10_000  # boxes
OFTEN = 2  # uses of a leaf that is drawn once
FAR = 40  # layers that an arrow passes at most

# Of a monospaced font, in its size: no usual one is wider (SF Mono 0.618, DejaVu Sans Mono 0.602).
ADVANCE, LINE = 0.62, 1.3
FONT = 12.0
PADDING = (10.0, 6.0)


class Box(NamedTuple):
    """node: its id, or that of a root; root: the number of the root that it labels, or None; again: it is drawn
    elsewhere, too; lines: (what it says, text), see GraphView.lines."""

    node: int
    root: int | None
    again: bool
    lines: list[tuple[str, str]]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        widest = max([columns(said(what) + text) for what, text in self.lines])
        return widest * ADVANCE * FONT + 2 * PADDING[0], len(self.lines) * LINE * FONT + 2 * PADDING[1]


class Boxes:
    """boxes: each after those that it uses; arrows: (from, to), the operands of a box in their order; layers: of each
    box, see layers_of."""

    def __init__(self, view: GraphView) -> None:
        """Raises UsageError for a graph that is too large."""
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.layers: list[int] = []
        self._view = view
        live = [i for i in range(len(view.nodes)) if view.live[i]]
        if len(live) > MOST:
            message = f"a drawing is of at most {MOST:,} nodes; this graph has {len(live):,}"
            raise UsageError(message, "the tree, --json, --dot and --mermaid take any number; --wrt x draws less of it")
        self._add(live)

    def _add(self, live: list[int]) -> None:
        view, uses = self._view, self._view.uses()
        often = {i for i in live if view.nodes[i][0].leaf and uses[i] > OFTEN}
        layer = self._node_layers(live, often)
        box: dict[int, int] = {}
        for i in live:
            if i in often:
                continue
            operands = [] if view.nodes[i][0].leaf else view.nodes[i][1:]
            ends = []
            for k in operands:
                again = k in often or layer[k] - layer[i] > FAR
                ends.append(self._box(k, layer[i] + 1, again=True) if again else box[k])
            box[i] = self._box(i, layer[i])
            self.arrows += [(k, box[i]) for k in ends]
        for k, (label, i) in enumerate(view.roots):
            if i in often:
                box[i] = self._box(i, layer[i], again=True)
            if label:
                self._root(k, box[i])

    def _node_layers(self, live: list[int], often: set[int]) -> dict[int, int]:
        """The layer of each node; under what has a label there is one for it."""
        view, number = self._view, {i: k for k, i in enumerate(live)}
        operations = [i for i in live if not view.nodes[i][0].leaf]
        arrows = [(number[k], number[i]) for i in operations for k in view.nodes[i][1:] if k not in often]
        labelled = [number[i] for label, i in view.roots if label]
        arrows += [(i, len(live) + k) for k, i in enumerate(labelled)]
        return dict(zip(live, layers_of(len(live) + len(labelled), arrows), strict=False))

    def _box(self, i: int, layer: int, again: bool = False) -> int:
        lines = self._view.lines(i)
        self.boxes.append(Box(i, None, again, lines))
        self.layers.append(layer)
        return len(self.boxes) - 1

    def _root(self, k: int, box: int) -> None:
        label, i = self._view.roots[k]
        answer = self._view.answer(k)
        lines = [("text", label), *([("value", answer)] if answer else [])]
        self.arrows.append((box, len(self.boxes)))
        self.boxes.append(Box(i, k, False, lines))
        self.layers.append(self.layers[box] - 1)


def said(what: str) -> str:
    """What stands before a number: `value `, `adjoint `."""
    return f"{what} " if what in ("value", "adjoint") else ""


def columns(text: str) -> int:
    """How many characters of a monospaced font a text takes."""
    if text.isascii():
        return len(text)
    return sum([_columns(c) for c in text])


def _columns(c: str) -> int:
    return 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
