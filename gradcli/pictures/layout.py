"""A drawing in numbers: where each box stands, and the points of each arrow."""

from __future__ import annotations

from itertools import pairwise

from gradcli.pictures.coordinates import places
from gradcli.pictures.crossings import ordered
from gradcli.pictures.layers import Layered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.pictures.layers import Arrow

Point = tuple[float, float]

GAP = 22.0  # between boxes of a layer
BEND = 4.0  # the breadth of an arrow that passes a layer
LEAST_RISE, MOST_RISE = 34.0, 110.0  # between layers: more where arrows have far to go to the side


class Layout:
    """Boxes from the top down, each above those that use it.

    width, height: of all; corners: of each box the left upper one; paths: of each arrow the points from the lower edge
    of its box, out of its layer, in and out of every layer that it passes, to the upper edge of the box that uses it;
    within a layer it is upright, between two (from the points 1, 3, 5, .. to the next) a curve.
    """

    def __init__(self, sizes: Sequence[Point], layer: Sequence[int], arrows: Sequence[Arrow]) -> None:
        """sizes: (width, height) of each box; layer: as layers_of gives it."""
        layered = Layered(layer, arrows)
        rows = ordered(layered)
        breadth = [w for w, _ in sizes] + [BEND] * (len(layered.layer) - len(sizes))
        self._middle = places(layered, rows, breadth, GAP)
        self._ports = _Ports(layered, self._middle, breadth)
        self._tops, self._bottoms, self.height = self._heights(layered, rows, sizes)
        self.width = max([x + w / 2 for x, w in zip(self._middle, breadth, strict=True)], default=0.0)
        self.corners: list[Point] = []
        for i, (w, h) in enumerate(sizes):
            top, bottom = self._tops[layer[i]], self._bottoms[layer[i]]
            self.corners.append((self._middle[i] - w / 2, (top + bottom - h) / 2))
        turns: dict[Arrow, int] = {}
        self.paths = []
        for arrow, way in zip(arrows, layered.ways, strict=True):
            turns[arrow] = turns.get(arrow, -1) + 1
            self.paths.append(self._path(layered, way, turns[arrow], sizes))

    def _heights(
        self, layered: Layered, rows: list[list[int]], sizes: Sequence[Point]
    ) -> tuple[list[float], list[float], float]:
        """The upper and the lower edge of each layer, and of all: the last layer is at the top."""
        tops, bottoms, y = [0.0] * len(rows), [0.0] * len(rows), 0.0
        for k in range(len(rows) - 1, -1, -1):
            tops[k] = y
            bottoms[k] = y = y + max([sizes[v][1] for v in rows[k] if v < layered.boxes], default=0.0)
            aside = [abs(self._middle[v] - self._middle[w]) for v in rows[k] for w in layered.below[v]]
            y += min(MOST_RISE, LEAST_RISE + 0.15 * max(aside, default=0.0))
        return tops, bottoms, bottoms[0] if bottoms else 0.0

    def _path(self, layered: Layered, way: list[int], turn: int, sizes: Sequence[Point]) -> list[Point]:
        first, last = way[0], way[-1]
        points = []
        for upper, lower in pairwise(way):
            points.append((self._ports.out(upper, lower, turn), self._bottoms[layered.layer[upper]]))
            points.append((self._ports.into(lower, upper, turn), self._tops[layered.layer[lower]]))
        start = points[0][0], self.corners[first][1] + sizes[first][1]
        return [start, *points, (points[-1][0], self.corners[last][1])]


class _Ports:
    """Where arrows leave and enter a box: side by side in the order of their other ends, so that none cross there."""

    def __init__(self, layered: Layered, middle: Sequence[float], breadth: Sequence[float]) -> None:
        self._out: dict[Arrow, list[float]] = {}
        self._into: dict[Arrow, list[float]] = {}
        for v in range(layered.boxes):
            for beside, found in ((layered.below, self._out), (layered.above, self._into)):
                one = found is self._out  # the arrows to one bend leave as one
                ends = [
                    (w, k)
                    for w in sorted(beside[v], key=middle.__getitem__)
                    for k in range(1 if one and w >= layered.boxes else beside[v][w])
                ]
                for k, (w, _) in enumerate(ends):
                    shift = 0.6 * breadth[v] * ((k + 1) / (len(ends) + 1) - 0.5)
                    found.setdefault((v, w), []).append(middle[v] + shift)
        self._middle = middle

    def out(self, v: int, w: int, turn: int) -> float:
        """Where the arrow from v to w leaves, the turn-th of those between the same boxes."""
        found = self._out.get((v, w), [self._middle[v]])
        return found[min(turn, len(found) - 1)]

    def into(self, v: int, w: int, turn: int) -> float:
        """Where the arrow from w enters v."""
        found = self._into.get((v, w), [self._middle[v]])
        return found[min(turn, len(found) - 1)]
