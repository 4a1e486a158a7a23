"""A figure as SVG: no script, no font of its own, light and dark as the reader's screen is."""

from __future__ import annotations

from gradcli.pictures.svg import xml_escape
from gradcli.plotting.figure import clipped
from gradcli.plotting.ticks import Ticks
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.plotting.figure import Figure, Layer, Panel, Vector

WIDTH, HEIGHT = 800.0, 460.0  # of the axes and what is around them, without the sentences
LEFT, RIGHT, TOP, BOTTOM = 16.0, 20.0, 44.0, 34.0
LINE = 20.0  # of text
LETTER = 7.3  # the width of a digit
NEAR = 0.04  # of a pixel: points that are nearer to a line than this are not needed
TALLEST = 24  # captions
# Names of colours: light, dark.
COLOURS = {
    "paper": ("#ffffff", "#15171c"), "ink": ("#1f2328", "#e6e8eb"), "faint": ("#656d76", "#9198a1"),
    "grid": ("#e4e7eb", "#2b3038"), "first": ("#0969da", "#6cb6ff"), "second": ("#c93c37", "#ff938a"),
    "third": ("#1a7f37", "#57d27a"), "fourth": ("#8250df", "#c9a5ff"), "fifth": ("#9a6700", "#e3b341"),
    "sixth": ("#0b7285", "#66d9e8"), "doubt": ("#bc4c00", "#ffa657"),
}  # fmt: skip
FONTS = "'DejaVu Sans',Verdana,'Liberation Sans','Noto Sans',Arial,sans-serif"
CURVES = ("first", "second", "third", "fourth", "fifth", "sixth")


def svg(figure: Figure) -> tuple[str, float, float]:
    """The picture as one text, its width and its height."""
    legend = [layer for panel in figure.panels for layer in panel.layers if layer.label]
    captions = figure.captions[:TALLEST]
    height = HEIGHT + LINE * (len(legend) + len(captions)) + (8 if legend or captions else 0)
    parts = [_head(figure, height)]
    top = TOP
    room = HEIGHT - TOP - BOTTOM * len(figure.panels)
    for number, panel in enumerate(figure.panels):
        tall = room * panel.share / sum(other.share for other in figure.panels)
        parts += Drawing(panel, number, top, tall).elements()
        top += tall + BOTTOM
    y = HEIGHT + 8
    for layer in legend:
        colour = _colour(layer)
        parts.append(f'<path class="{layer.kind} {colour}" d="M{LEFT} {y - 5:g}h22"/>')
        parts.append(_text(LEFT + 30, y, layer.label, "ink"))
        y += LINE
    for caption in captions:
        parts.append(_text(LEFT, y, caption.text, "faint"))
        y += LINE
    return "\n".join([*parts, "</svg>", ""]), WIDTH, height


class Drawing:
    """One panel between top and top + tall."""

    def __init__(self, panel: Panel, number: int, top: float, tall: float) -> None:
        self.panel = panel
        self.number = number
        self.top, self.tall = top, tall
        self.upright = Ticks(panel.y.low, panel.y.high, max(2, int(tall / 44)))
        self.left = LEFT + 10 + LETTER * max([len(text) for _, text in self.upright.places] + [3])
        self.wide = WIDTH - RIGHT - self.left

    def elements(self) -> Iterator[str]:
        """The axes, then what is drawn between them."""
        yield from self._axes()
        clip = f"panel{self.number}"
        box = f'x="{self.left:.2f}" y="{self.top:.2f}" width="{self.wide:.2f}" height="{self.tall:.2f}"'
        yield f'<clipPath id="{clip}"><rect {box}/></clipPath>'
        for mark in self.panel.marks:
            if mark.kind == "pole":
                x = self._x(mark.x)
                yield f'<path class="pole" d="M{x:.2f} {self.top:.2f}v{self.tall:.2f}"/>'
        for layer in self.panel.layers:
            yield from self._layer(layer)
        yield from self._points()

    def _axes(self) -> Iterator[str]:
        panel, bottom = self.panel, self.top + self.tall
        for y, text in self.upright.places:
            at = self._y(y)
            yield f'<path class="{"zero" if y == 0 else "grid"}" d="M{self.left:.2f} {at:.2f}h{self.wide:.2f}"/>'
            yield _text(self.left - 8, at + 4.5, text, "faint", "end")
        if self.upright.offset:
            yield _text(LEFT, self.top - 8, f"{self.upright.offset} +", "faint")
        level = Ticks(panel.x.low, panel.x.high, self._most())
        for x, text in level.places:
            at = self._x(x)
            yield f'<path class="{"zero" if x == 0 else "grid"}" d="M{at:.2f} {self.top:.2f}v{self.tall:.2f}"/>'
            yield _text(at, bottom + 17, text, "faint", "middle")
        yield f'<path class="frame" d="M{self.left:.2f} {self.top:.2f}V{bottom:.2f}H{self.left + self.wide:.2f}"/>'
        name = f"{panel.x.name} - {level.offset}" if level.offset else panel.x.name
        yield _text(self.left + self.wide, bottom + 32, name, "ink", "end")
        if panel.y.name:
            yield _text(self.left + 6, self.top + 13, panel.y.name, "faint")

    def _most(self) -> int:
        """How many ticks have room for their labels."""
        for most in range(14, 2, -1):
            places = Ticks(self.panel.x.low, self.panel.x.high, most).places
            if (len(places) + 1) * (max(len(text) for _, text in places) * LETTER + 22) < self.wide:
                return most
        return 2

    def _layer(self, layer: Layer) -> Iterator[str]:
        colour = _colour(layer)
        clip = f'clip-path="url(#panel{self.number})"'
        runs = [self._pixels(run) for run in clipped(layer.pieces, self.panel.x, self.panel.y)]
        dots = [run[0] for run in runs if len(run) == 1]
        lines = [_path(simplified(run)) for run in runs if len(run) > 1]
        if lines:
            yield f'<path class="{layer.kind} {colour}" {clip} d="{" ".join(lines)}"/>'
        for x, y in dots:
            yield f'<circle class="dot {colour}" cx="{x:.2f}" cy="{y:.2f}" r="3"/>'

    def _points(self) -> Iterator[str]:
        """Circles: full where the curve has the value, empty where it only comes near."""
        for mark in self.panel.marks:
            for y, full in mark.points:
                if self.panel.y.low <= y <= self.panel.y.high and self.panel.x.low <= mark.x <= self.panel.x.high:
                    kind = "full" if full else "empty"
                    yield f'<circle class="{kind}" cx="{self._x(mark.x):.2f}" cy="{self._y(y):.2f}" r="3.2"/>'

    def _pixels(self, run: Vector) -> list[tuple[float, float]]:
        return [(self.left + x * self.wide, self.top + (1 - y) * self.tall) for x, y in run.tolist()]

    def _x(self, x: float) -> float:
        return float(self.left + min(max(float(self.panel.x.parts(x)), 0.0), 1.0) * self.wide)

    def _y(self, y: float) -> float:
        return float(self.top + (1 - float(self.panel.y.parts(y))) * self.tall)


def simplified(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without the points that lie on the line between those that are kept.

    As long as all points that were passed lie within a wedge from the last one kept, the line goes on (the cone of
    J. Sklansky and V. Gonzalez, Fast polygonal approximation of digitized curves, 1980).
    """
    kept, start = [points[0]], 0
    while start < len(points) - 1:
        low, high, end = float("-inf"), float("inf"), start + 1
        x0, y0 = points[start]
        for k in range(start + 1, len(points)):
            dx, dy = points[k][0] - x0, points[k][1] - y0
            if dx <= NEAR:
                if abs(dy) > NEAR:
                    break
                end = k
                continue
            slope, room = dy / dx, NEAR / dx
            if not low <= slope <= high:
                break
            low, high, end = max(low, slope - room), min(high, slope + room), k
        kept.append(points[end])
        start = end
    return kept


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join([f"{x:.2f} {y:.2f}" for x, y in points])


def _colour(layer: Layer) -> str:
    if layer.kind == "curve":
        return CURVES[layer.number % len(CURVES)]
    return {"tangent": "doubt", "path": "second", "points": "ink"}.get(layer.kind, "first")


def _head(figure: Figure, height: float) -> str:
    title = xml_escape(shown(figure.title, 90))
    light, dark = (_styles(k) for k in (0, 1))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" '
        f'height="{height:g}" role="img">',
        f"<title>{title}</title>",
        "<style>",
        f"text{{font:13px {FONTS}}}",
        "path{fill:none;stroke-width:1}.curve{stroke-width:2;stroke-linejoin:round;stroke-linecap:round}",
        ".tangent{stroke-width:1.5;stroke-dasharray:6 4}.pole{stroke-dasharray:2 4}.title{font-size:15px}",
        *light,
        "@media (prefers-color-scheme:dark){",
        *dark,
        "}",
        "</style>",
        f'<rect class="paper" width="{WIDTH:g}" height="{height:g}"/>',
        f'<text class="ink title" x="{LEFT:g}" y="26">{title}</text>',
    ])  # fmt: skip


def _styles(which: int) -> Iterator[str]:
    """The rules of one scheme."""
    colour = {name: pair[which] for name, pair in COLOURS.items()}
    yield f".paper{{fill:{colour['paper']}}}text.ink{{fill:{colour['ink']}}}text.faint{{fill:{colour['faint']}}}"
    yield f".grid{{stroke:{colour['grid']}}}.frame,.zero,.pole{{stroke:{colour['faint']}}}"
    yield f".full{{fill:{colour['doubt']}}}.empty{{fill:{colour['paper']};stroke:{colour['doubt']};stroke-width:1.4}}"
    for name in (*CURVES, "doubt"):
        yield f"path.{name}{{stroke:{colour[name]}}}circle.{name}{{fill:{colour[name]}}}"


def _text(x: float, y: float, text: str, style: str, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{style}" x="{x:.2f}" y="{y:.2f}"{where}>{xml_escape(text)}</text>'


__all__ = ["FONTS", "svg"]
