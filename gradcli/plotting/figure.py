"""A figure: what a terminal and an SVG draw alike."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Piece = tuple[Vector, Vector]

SHADES = 9  # of the colours of levels
PADDING = 0.03  # of the values, above and below


class Axis(NamedTuple):
    """From low to high, and what stands at its end."""

    low: float
    high: float
    name: str

    def parts(self, x: Any) -> Any:
        """0 at low, 1 at high."""
        width = self.high / 2 - self.low / 2
        return (np.asarray(x, np.float64) / 2 - self.low / 2) / width


class Layer(NamedTuple):
    """What is drawn in one way.

    kind: curve, tangent, contour, path, points, band or level; pieces: each (x, y); number: which of its kind, for its
    colour; label: what it is, for the legend, or "".
    """

    kind: str
    pieces: Sequence[Piece]
    number: int = 0
    label: str = ""


class Mark(NamedTuple):
    """Something at a place of the x axis.

    kind: as in gradcli.plotting.features, or tangent; points: (y, whether the curve has this value there).
    """

    kind: str
    x: float
    points: tuple[tuple[float, bool], ...] = ()


class Label(NamedTuple):
    """A text at a place; number: the colour of its level, or that of a path."""

    x: float
    y: float
    text: str
    number: int = -1


class Panel(NamedTuple):
    """One pair of axes; share: of the height."""

    x: Axis
    y: Axis
    layers: Sequence[Layer]
    marks: Sequence[Mark] = ()
    labels: Sequence[Label] = ()
    share: float = 1.0


class Caption(NamedTuple):
    """A sentence below: the kind of its mark, or nothing."""

    text: str
    kind: str = ""


class Figure(NamedTuple):
    """title: the formula; captions: what is to be said of the picture."""

    title: str
    panels: Sequence[Panel]
    captions: Sequence[Caption]


def padded(low: float, high: float) -> tuple[float, float]:
    """A window with some room above and below; of one value a window around it."""
    room = (high - low) * PADDING or abs(low) / 8 or 1.0
    return low - room, high + room


def clipped(pieces: Sequence[Piece], x: Axis, y: Axis) -> Iterator[Vector]:
    """The pieces as parts of the axes (rows of two), cut where they leave the panel; each run by itself."""
    for piece in pieces:
        points = np.stack([x.parts(piece[0]), y.parts(piece[1])], axis=1)
        inside = ((points >= 0) & (points <= 1)).all(axis=1)
        if inside.all():
            yield points
            continue
        yield from _runs(points)


def _runs(points: Vector) -> Iterator[Vector]:
    """The parts of a polygonal line within the unit square."""
    run: list[Any] = []
    for a, b in pairwise(points.tolist()):
        part = _cut(a, b)
        if part is None:
            if run:
                yield np.array(run)
            run = []
            continue
        first, last = part
        run.append(last) if run else run.extend([first, last])
        if last != b:
            yield np.array(run)
            run = []
    if run:
        yield np.array(run)
    elif len(points) == 1 and ((points >= 0) & (points <= 1)).all():
        yield points


def _cut(a: list[float], b: list[float]) -> tuple[list[float], list[float]] | None:
    """The ends of what lies within the unit square of the way from a to b; None where it passes by.

    Each side of the square cuts what the others left, and the new end stands on it exactly, however far the old one.
    """
    for k in (0, 1):
        for side, inward in ((0.0, 1), (1.0, -1)):
            out_a, out_b = ((end[k] - side) * inward < 0 for end in (a, b))
            if out_a and out_b:
                return None
            if out_a or out_b:
                part = (side - a[k]) / (b[k] - a[k])
                other = a[1 - k] + part * (b[1 - k] - a[1 - k])
                cut = [side, other] if k == 0 else [other, side]
                a, b = (cut, b) if out_a else (a, cut)
    return a, b
