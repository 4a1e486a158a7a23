"""A graph as SVG: boxes from the inputs down to the results, in light and dark, without a script.

Source of the format: https://www.w3.org/TR/SVG11/. Every box of a node is a group with `data-node="ID"`, every arrow a
path with `data-from` and `data-to`; the classes are those of STYLE. Rules are plain, because rasterisers know no more.
"""

from __future__ import annotations

from html import escape

from gradcli.pictures.boxes import FONT, LINE, PADDING, Boxes, said
from gradcli.pictures.layout import Layout
from gradcli.text import shown, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gradcli.pictures.boxes import Box
    from gradcli.pictures.graphview import GraphView
    from gradcli.pictures.layout import Point

MARGIN = 12.0
HEAD = (3.5, 6.0)  # of an arrow: half its breadth, its length
# Names, too, for rasterisers that do not know which font is monospaced.
FONTS = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono', "
    "'Ubuntu Mono', 'Cascadia Mono', 'FreeMono', 'Courier New', monospace, 'DejaVu Sans', 'Noto Sans', Arial"
)

# (what, of light drawings, of dark ones); of boxes (fill, stroke)
COLOURS = (
    ("paper", ("#ffffff", ""), ("#0d1117", "")),
    ("operation", ("#eef4fb", "#6f9bc8"), ("#182a40", "#5585b8")),
    ("variable", ("#e0f5e4", "#3f9150"), ("#12301b", "#4aa864")),
    ("constant", ("#f1e8fb", "#9370c4"), ("#2a1d40", "#9a76d9")),
    ("number", ("#f4f4f4", "#b0b0b0"), ("#22262c", "#6e7681")),
    ("noted", ("#fde6e6", "#c93c37"), ("#4a1719", "#f85149")),
    ("kink", ("#ffe8c7", "#d9730d"), ("#4a2d08", "#f0883e")),
)
INKS = (("text", "#1f2328", "#e6edf3"), ("label", "#59636e", "#9aa4af"), ("arrow", "#6e7781", "#8b949e"))


def _style() -> str:
    rules = [
        f".gradcli-graph text {{ font: {FONT:g}px {FONTS}; text-anchor: middle }}",
        ".gradcli-graph .sign { font-weight: bold }",
        ".gradcli-graph .arrow { fill: none; stroke-width: 1.2 }",
        ".gradcli-graph .root rect { fill: none; stroke: none }",
        ".gradcli-graph .root text { font-weight: bold }",
        ".gradcli-graph .kink rect, .gradcli-graph .noted rect { stroke-width: 2 }",
    ]
    dark = _inked(1)
    return "\n".join([*rules, *_inked(0), "@media (prefers-color-scheme: dark) {", *dark, "}"])


def _inked(dark: int) -> list[str]:
    """The rules that say a colour."""
    rules = []
    for what, *pairs in COLOURS:
        fill, stroke = pairs[dark]
        line = f"; stroke: {stroke}" if stroke else ""
        rules.append(f".gradcli-graph .{what}{' rect' if stroke else ''} {{ fill: {fill}{line} }}")
    text, label, arrow = [ink[1 + dark] for ink in INKS]
    rules.append(f".gradcli-graph text {{ fill: {text} }}")
    rules.append(f".gradcli-graph .said {{ fill: {label} }}")
    rules.append(f".gradcli-graph .arrow {{ stroke: {arrow} }}")
    return rules


STYLE = _style()


class Drawing:
    """A graph drawn; width, height: of the whole. Raises UsageError for a graph of more than 10,000 nodes."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._found = Boxes(view)
        self._sizes = [box.size for box in self._found.boxes]
        self._layout = Layout(self._sizes, self._found.layers, self._found.arrows)
        self.width, self.height = self._layout.width + 2 * MARGIN, self._layout.height + 2 * MARGIN

    def lines(self) -> Iterator[str]:
        """The lines of the document."""
        found, width, height = self._found, _n(self.width), _n(self.height)
        about = xml_escape(f"graph of {shown(self._view.text.strip())}" if self._view.text else "graph")
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="gradcli-graph" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-label="{about}" xml:space="preserve">'
        )
        yield f"<style>\n{STYLE}\n</style>"
        yield f'<rect class="paper" width="{width}" height="{height}"/>'
        yield f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">'
        for (source, target), points in zip(found.arrows, self._layout.paths, strict=True):
            ends = f'data-from="{found.boxes[source].node}" data-to="{_end(found.boxes[target])}"'
            yield f'<path class="arrow" {ends} d="{_curve(points)}"/>'
        for box, corner, size in zip(found.boxes, self._layout.corners, self._sizes, strict=True):
            yield from _box(self._view, box, corner, size)
        yield "</g>"
        yield "</svg>"


def _end(box: Box) -> str:
    return str(box.node) if box.root is None else f"root-{box.root}"


def _box(view: GraphView, box: Box, corner: Point, size: Point) -> Iterator[str]:
    (x, y), (width, height) = corner, size
    leaf = view.nodes[box.node][0].leaf
    round_ = height / 2 if leaf and height < 30 else 10.0 if leaf else 4.0
    yield f'<g {_marks(view, box)} transform="translate({_n(x)} {_n(y)})">'
    yield f'<rect width="{_n(width)}" height="{_n(height)}" rx="{_n(round_)}"/>'
    for k, (what, text) in enumerate(box.lines):
        base = PADDING[1] + (k + 0.5) * LINE * FONT + 0.35 * FONT
        inner = xml_escape(text)
        if said(what):
            inner = f'<tspan class="said">{said(what)}</tspan><tspan>{inner}</tspan>'
        yield f'<text class="{what}" x="{_n(width / 2)}" y="{_n(base)}">{inner}</text>'
    yield "</g>"


def _marks(view: GraphView, box: Box) -> str:
    """The classes of a box, and what it stands for."""
    if box.root is not None:
        return f'class="root" data-root="{box.root}"'
    classes = ["node", view.kind(box.node)]
    if box.node in view.noted:
        classes += ["noted", *view.noted[box.node].split(", ")]
    if box.again:
        classes.append("again")
    return f'class="{" ".join(classes)}" data-node="{box.node}"'


def _curve(points: Sequence[Point]) -> str:
    """The path through the points of an arrow, and its head."""
    (x, y), *rest = points
    pieces = [f"M{_n(x)} {_n(y)}"]
    for k, (right, down) in enumerate(rest):
        if k % 2 and abs(right - x) > 0.05:
            half = _n((y + down) / 2)
            pieces.append(f"C{_n(x)} {half} {_n(right)} {half} {_n(right)} {_n(down)}")
        elif down != y:
            pieces.append(f"V{_n(down)}")
        x, y = right, down
    breadth, length = HEAD
    pieces.append(f"M{_n(x - breadth)} {_n(y - length)}L{_n(x)} {_n(y)}L{_n(x + breadth)} {_n(y - length)}")
    return "".join(pieces)


def _n(x: float) -> str:
    """A length, to a tenth of a pixel."""
    return f"{x:.1f}".removesuffix(".0")


def xml_escape(text: str) -> str:
    """A text inside an element or an attribute, without what XML cannot hold."""
    return escape(visible(text))
