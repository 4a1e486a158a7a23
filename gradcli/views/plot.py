"""A figure in a terminal: braille between axes of box-drawing lines, or ASCII; sentences below."""

from __future__ import annotations

import shutil
from itertools import groupby

from gradcli.plotting.figure import SHADES, clipped
from gradcli.plotting.ticks import Ticks
from gradcli.views.bitmap import ACROSS, Bitmap
from gradcli.views.prose import columns, wrapped
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.plotting.figure import Axis, Figure, Layer, Panel

WIDTH = 80  # of a picture that goes to a pipe or a file
NARROWEST, WIDEST = 24, 240
ROWS = 20
COLOURS = ("first", "second", "third", "fourth", "fifth", "sixth")
LEVELS = ("fifth", "first", "third", "second", "sixth")  # from the lowest up
# Marks on the x axis: on a terminal, and in ASCII.
MARKS = {
    "pole": ("╫", "!"), "jump": ("○", "o"), "kink": ("▲", "^"), "hole": ("○", "o"), "edge": ("┃", "["),
    "overflow": ("┃", "["), "tangent": ("◆", "*"),
}  # fmt: skip
MARKED = {"points": "o", "path": "*"}  # where ASCII has no colours
TANGENT_GAP, BAND_GAP = 3, 4  # one of so many dots is set


class Canvas:
    """Where a figure is drawn: ascii: there are no other signs; width, rows: of the whole picture and of its panels."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.ascii = screen.ascii or screen.width is None
        size = shutil.get_terminal_size((WIDTH, 2 * ROWS))
        self.width = min(max(screen.width or size.columns, NARROWEST), WIDEST)
        # In a pipe a picture is as high as it likes.
        self.rows = max(6, min(round(self.width / 4), size.lines - 8 if screen.width else 60, 60))

    def show(self, figure: Figure) -> None:
        """The panels from the top down, and what there is to say."""
        rows = [max(5, round(self.rows * panel.share)) for panel in figure.panels]
        upright = [Ticks(p.y.low, p.y.high, max(3, n // 3)) for p, n in zip(figure.panels, rows, strict=True)]
        margin = max(columns(text) for ticks in upright for text in [ticks.offset, *[text for _, text in ticks.places]])
        for panel, count, ticks in zip(figure.panels, rows, upright, strict=True):
            self._panel(panel, count, ticks, margin)
        for line in self._legend(figure):
            self.screen.line(line)
        for caption in figure.captions:
            mark = f"{MARKS[caption.kind][self.ascii]} " if caption.kind else ""
            room = self.width - len(mark) if self.screen.width else len(caption.text) + 1
            first, *others = wrapped(caption.text, room)
            self.screen.line(self.screen.paint(mark, "doubt") + first)
            for line in others:
                self.screen.line(" " * len(mark) + line)

    def _legend(self, figure: Figure) -> list[str]:
        found = []
        for layer in [layer for panel in figure.panels for layer in panel.layers if layer.label]:
            sign = ("o" if self.ascii else "•") if layer.kind == "points" else ("--" if self.ascii else "━━")
            tag = f"{layer.number + 1} " if layer.kind == "curve" else ""
            found.append(f"{self.screen.paint(tag + sign, _style(layer))} {layer.label}")
        return found

    def _panel(self, panel: Panel, rows: int, vertical: Ticks, margin: int) -> None:
        labels = self._rows_of(vertical, panel.y, rows)
        several = sum(layer.kind == "curve" for layer in panel.layers) > 1
        width = self.width - margin - 2 - max(2 if several else 0, columns(panel.x.name) + 1)
        bitmap = Bitmap(width, rows)
        for layer in panel.layers:
            self._layer(bitmap, layer, panel)
        if vertical.offset:
            self.screen.line(f"{vertical.offset:>{margin}}")
        if panel.y.name:
            self.screen.line(f"{panel.y.name:>{margin}}")
        ends = self._ends(panel, rows) if several else {}
        upright = {self._column(mark.x, panel.x, width) for mark in panel.marks if mark.kind == "pole"}
        zero = round((1 - panel.y.parts(0.0)) * (rows - 1)) if panel.y.low < 0 < panel.y.high else -1
        texts = self._texts(panel, width, rows)
        for row, cells in enumerate(bitmap.rows(self.ascii)):
            for at, cell in texts.get(row, ()):
                cells[at] = cell
            line = self._painted(
                [
                    (sign, style) if sign else self._empty(row == zero, at in upright)
                    for at, (sign, style) in enumerate(cells)
                ]
            )
            border = self._sign("┤|" if row in labels else "│|")
            end = self.screen.paint(f" {ends[row][0]}", ends[row][1]) if row in ends else ""
            self.screen.line(f"{labels.get(row, ''):>{margin}} {border}{line}{end}")
        self._below(panel, margin, width)

    def _painted(self, cells: list[tuple[str, str]]) -> str:
        """Cells of one style side by side are painted at once."""
        groups = groupby(cells, key=lambda cell: cell[1])
        return "".join([self.screen.paint("".join([sign for sign, _ in group]), style) for style, group in groups])

    def _empty(self, zero: bool, upright: bool) -> tuple[str, str]:
        if self.ascii or not (zero or upright):
            return " ", ""
        return "┊" if upright else "┈", "faint"

    def _below(self, panel: Panel, margin: int, width: int) -> None:
        """The x axis with its marks and its name, and the labels of its ticks."""
        axis = panel.x
        ticks, texts = self._labels(axis, margin + 2, width)
        line = [(self._sign("─-"), "")] * width
        for x, _ in ticks.places:
            line[self._column(x, axis, width)] = (self._sign("┬+"), "")
        for mark in panel.marks:
            line[self._column(mark.x, axis, width)] = (MARKS[mark.kind][self.ascii], "doubt")
        name = f"{axis.name} - {ticks.offset}" if ticks.offset else axis.name
        beside = "" if ticks.offset else f" {name}"
        self.screen.line(" " * (margin + 1) + self._sign("└+") + self._painted(line) + beside)
        self.screen.line(texts)
        if ticks.offset:
            self.screen.line(" " * (margin + 2 + width - columns(name)) + name)

    def _labels(self, axis: Axis, start: int, width: int) -> tuple[Ticks, str]:
        """As many ticks as have room for their labels, and the line of these."""
        for most in range(max(2, width // 6), 0, -1):
            ticks = Ticks(axis.low, axis.high, most)
            line = ""
            for x, text in ticks.places:
                at = start + self._column(x, axis, width) - len(text) // 2
                at = min(at, self.width - len(text))
                if line and at < len(line) + 2:
                    break
                line = line.ljust(at) + text
            else:
                return ticks, line
        return ticks, line

    def _texts(self, panel: Panel, width: int, rows: int) -> dict[int, list[tuple[int, tuple[str, str]]]]:
        """The cells of the labels, by row; a label that would meet another one is left out."""
        found: dict[int, list[tuple[int, tuple[str, str]]]] = {}
        for label in panel.labels:
            row = round((1 - float(panel.y.parts(label.y))) * (rows - 1))
            start = self._column(label.x, panel.x, width) - len(label.text) // 2
            start = min(max(start, 0), width - len(label.text))
            cells = range(start, start + len(label.text))
            taken = {at for at, _ in found.get(row, ())}
            if 0 <= row < rows and not taken & set(range(start - 1, cells.stop + 1)):
                style = LEVELS[label.number * len(LEVELS) // SHADES] if label.number >= 0 else "bad"
                found.setdefault(row, []).extend([(at, (c, style)) for at, c in zip(cells, label.text, strict=True)])
        return found

    def _layer(self, bitmap: Bitmap, layer: Layer, panel: Panel) -> None:
        if layer.kind == "band":
            for xs, ys in layer.pieces:
                half = len(xs) // 2
                for run in clipped([(xs[:half], ys[:half]), (xs[half:], ys[half:])], panel.x, panel.y):
                    bitmap.path([(x, y) for x, y in run.tolist()], _style(layer), BAND_GAP)
            return
        every = TANGENT_GAP if layer.kind == "tangent" else 1
        if layer.kind == "points":
            for xs, ys in layer.pieces:
                for at in zip(panel.x.parts(xs).tolist(), panel.y.parts(ys).tolist(), strict=True):
                    if 0 <= at[0] <= 1 and 0 <= at[1] <= 1:
                        bitmap.path([at], _style(layer))
                        bitmap.mark(*at, MARKED["points"])
            return
        for run in clipped(layer.pieces, panel.x, panel.y):
            bitmap.path([(x, y) for x, y in run.tolist()], _style(layer), every)
            if layer.kind in MARKED:
                for x, y in run.tolist():
                    bitmap.mark(x, y, MARKED[layer.kind])

    def _ends(self, panel: Panel, rows: int) -> dict[int, tuple[str, str]]:
        """The numbers of several curves, each at the row where it leaves the picture."""
        found: dict[int, tuple[str, str]] = {}
        for layer in panel.layers:
            if layer.kind == "curve" and layer.pieces:
                part = float(panel.y.parts(layer.pieces[-1][1][-1]))
                if 0 <= part <= 1:
                    row = round((1 - part) * (rows - 1))
                    row = next((r for r in (row, row - 1, row + 1) if r not in found and 0 <= r < rows), row)
                    found[row] = (str(layer.number + 1), _style(layer))
        return found

    def _rows_of(self, ticks: Ticks, axis: Axis, rows: int) -> dict[int, str]:
        return {round((1 - float(axis.parts(y))) * (rows - 1)): text for y, text in ticks.places}

    def _column(self, x: float, axis: Axis, width: int) -> int:
        dots = ACROSS * width - 1
        return min(max(round(float(axis.parts(x)) * dots), 0), dots) // ACROSS

    def _sign(self, pair: str) -> str:
        return pair[self.ascii]


def _style(layer: Layer) -> str:
    if layer.kind == "curve":
        return COLOURS[layer.number % len(COLOURS)]
    if layer.kind == "contour":
        return LEVELS[layer.number * len(LEVELS) // SHADES]
    return {"tangent": "doubt", "path": "bad", "points": "head", "band": "faint", "bar": "head"}.get(
        layer.kind, "first"
    )


def show(screen: Screen, figure: Figure) -> None:
    """Draw the figure on this screen."""
    Canvas(screen).show(figure)


def resolution(screen: Screen) -> int:
    """How many dots there are across the picture."""
    return ACROSS * Canvas(screen).width


__all__: Sequence[str] = ["resolution", "show"]
