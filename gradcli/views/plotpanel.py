"""One pair of axes of a figure as elements of an SVG."""

from __future__ import annotations

import numpy as np

from gradcli.pictures.svg import xml_escape
from gradcli.plotting.figure import clipped
from gradcli.plotting.ticks import Ticks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.plotting.figure import Label, Layer, Panel, Piece, Vector

WIDTH = 800.0  # of the picture
LEFT, RIGHT = 16.0, 20.0
LETTER = 7.3  # the width of a digit
NEAR = 0.04  # of a pixel: points that are nearer to a line than this are not needed
CROWD = 300  # points that are drawn large
MOST_STEPS = 400  # of a path that have a dot each
CURVES = ("first", "second", "third", "fourth", "fifth", "sixth")


class Drawing:
    """One panel between top and top + tall; left: of its axes, as far as the labels of all panels need it."""

    def __init__(self, panel: Panel, number: int, top: float, tall: float) -> None:
        self.panel = panel
        self.number = number
        self.top, self.tall = top, tall
        self.upright = Ticks(panel.y.low, panel.y.high, max(5, int(tall / 44)))
        self.left = LEFT + 10 + LETTER * max([len(text) for _, text in self.upright.places] + [3])

    @property
    def wide(self) -> float:
        """The width between the axes."""
        return WIDTH - RIGHT - self.left

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
        for label in self.panel.labels:
            if 0 <= float(self.panel.x.parts(label.x)) <= 1 and 0 <= float(self.panel.y.parts(label.y)) <= 1:
                yield from self._label(label)

    def _axes(self) -> Iterator[str]:
        panel, bottom = self.panel, self.top + self.tall
        for y, text in self.upright.places:
            at = self._y(y)
            yield f'<path class="{"zero" if y == 0 else "grid"}" d="M{self.left:.2f} {at:.2f}h{self.wide:.2f}"/>'
            yield text_at(self.left - 8, at + 4.5, text, "faint", "end")
        if self.upright.offset:
            yield text_at(LEFT, self.top - 8, f"{self.upright.offset} +", "faint")
        level = Ticks(panel.x.low, panel.x.high, self._most())
        for x, text in level.places:
            at = self._x(x)
            yield f'<path class="{"zero" if x == 0 else "grid"}" d="M{at:.2f} {self.top:.2f}v{self.tall:.2f}"/>'
            yield text_at(at, bottom + 17, text, "faint", "middle")
        yield f'<path class="frame" d="M{self.left:.2f} {self.top:.2f}V{bottom:.2f}H{self.left + self.wide:.2f}"/>'
        name = f"{panel.x.name} - {level.offset}" if level.offset else panel.x.name
        yield text_at(self.left + self.wide, bottom + 32, name, "ink", "end")
        if panel.y.name:
            yield text_at(LEFT, self.top - 11, panel.y.name, "ink")

    def _most(self) -> int:
        """How many ticks have room for their labels."""
        for most in range(14, 2, -1):
            places = Ticks(self.panel.x.low, self.panel.x.high, most).places
            if (len(places) + 1) * (max(len(text) for _, text in places) * LETTER + 22) < self.wide:
                return most
        return 2

    def _layer(self, layer: Layer) -> Iterator[str]:
        colour = colour_of(layer)
        clip = f'clip-path="url(#panel{self.number})"'
        if layer.kind == "band":
            for piece in layer.pieces:
                yield f'<path class="band" {clip} d="{_path(self._outline(piece))}Z"/>'
            return
        runs = [self._pixels(run) for run in clipped(layer.pieces, self.panel.x, self.panel.y)]
        dots = [run[0] for run in runs if len(run) == 1]
        if layer.kind == "points":
            runs, dots = [], self._inside(layer)
        digits = 6 if layer.kind == "contour" else 2
        lines = [_path(simplified(run), digits) for run in runs if len(run) > 1]
        if layer.kind == "path" and len(runs) <= MOST_STEPS:
            dots = [dot for run in runs for dot in run]
        if lines:
            style = layer.kind if layer.kind == "curve" and not layer.number else f"{layer.kind} {colour}"
            yield f'<path class="{style}" {clip} d="{" ".join(lines)}"/>'
        radius = 3 if len(dots) <= CROWD else 1.6
        for x, y in dots:
            yield f'<circle class="dot {colour}" cx="{x:.2f}" cy="{y:.2f}" r="{radius}"/>'

    def _inside(self, layer: Layer) -> list[tuple[float, float]]:
        """The points of a layer that lie within the panel."""
        found = []
        for xs, ys in layer.pieces:
            parts = np.stack([self.panel.x.parts(xs), self.panel.y.parts(ys)], axis=1)
            found += self._pixels(parts[((parts >= 0) & (parts <= 1)).all(axis=1)])
        return found

    def _points(self) -> Iterator[str]:
        """Circles: full where the curve has the value, empty where it only comes near."""
        for mark in self.panel.marks:
            for y, full in mark.points:
                if self.panel.y.low <= y <= self.panel.y.high and self.panel.x.low <= mark.x <= self.panel.x.high:
                    kind = "full" if full else "empty"
                    yield f'<circle class="{kind}" cx="{self._x(mark.x):.2f}" cy="{self._y(y):.2f}" r="3.2"/>'

    def _outline(self, piece: Piece) -> list[tuple[float, float]]:
        """The corners of an area, there and back; none is farther out than a panel's height."""
        x, y = self.panel.x.parts(piece[0]), np.clip(self.panel.y.parts(piece[1]), -1.0, 2.0)
        points, half = self._pixels(np.stack([x, y], axis=1)), len(x) // 2
        return [*simplified(points[:half]), *simplified(points[half:][::-1])[::-1]]

    def _label(self, label: Label) -> Iterator[str]:
        x, y = self._x(label.x), self._y(label.y)
        if label.number >= 0:
            wide = LETTER * len(label.text) + 2
            yield f'<rect class="paper" x="{x - wide / 2:.2f}" y="{y - 7:.2f}" width="{wide:.2f}" height="14"/>'
            yield text_at(x, y + 4, label.text, f"level shade{label.number}", "middle")
            return
        yield f'<circle class="second" cx="{x:.2f}" cy="{y:.2f}" r="4"/>'
        yield text_at(x, y - 9, label.text, "level ink", "middle")

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


def _path(points: list[tuple[float, float]], digits: int = 2) -> str:
    return "M" + "L".join([f"{x:.{digits}f} {y:.{digits}f}" for x, y in points])


def colour_of(layer: Layer) -> str:
    """The class of its colour."""
    if layer.kind == "curve":
        return CURVES[layer.number % len(CURVES)]
    if layer.kind == "contour":
        return f"shade{layer.number}"
    return {"tangent": "doubt", "path": "second", "points": "ink", "bar": "ink"}.get(layer.kind, "first")


def text_at(x: float, y: float, text: str, style: str, anchor: str = "") -> str:
    """A text whose base line begins at (x, y), or ends or has its middle there."""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{style}" x="{x:.2f}" y="{y:.2f}"{where}>{xml_escape(text)}</text>'
