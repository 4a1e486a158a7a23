"""Contours: where a surface has a level, as lines whose every point lies on it.

Marching squares (W. Lorensen, H. Cline, Marching cubes, 1987, of one dimension less): a level crosses the edges of a
grid whose ends lie on its two sides. The crossing is found by bisection; where the value there is not the level there
is a pole or a jump, and no crossing. Between two crossings the line is followed by Newton's method along the gradient.
"""

from __future__ import annotations

import numpy as np

from gradcli.plotting.sampling import evenly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.plotting.field import Field

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Line = tuple[Vector, Vector]

BISECTIONS = 60
ON = 1e-9  # of the spread: so near to its level is a point that lies on it
FOLLOWED = 2  # times that each piece is halved
DENSE = 1500  # crossings of a level: more are an oscillation that no grid follows
FEW = 40  # lines of a level that are followed to the edge of a domain
NEWTON = 6
PARTS = 8  # of a piece, in which a jump is looked for
STEPS = 14  # towards the edge of a domain, each half as long


class Grid:
    """The surface at (nx + 1) by (ny + 1) points; z: rows from the lowest y up; spread: of the values."""

    def __init__(self, field: Field, x: tuple[float, float], y: tuple[float, float], size: tuple[int, int]) -> None:
        self.field = field
        self.x, self.y = evenly(*x, size[0] + 1), evenly(*y, size[1] + 1)
        across, up = np.meshgrid(self.x, self.y)
        self.z = field(across.ravel(), up.ravel()).z.reshape(across.shape)
        finite = self.z[np.isfinite(self.z)]
        low, high = np.quantile(finite / 2, [0.02, 0.98]).tolist() if finite.size else (0.0, 0.0)
        self.spread = min((high - low) * 2, 1e300)

    def contour(self, level: float) -> list[Line]:
        """The lines of a level, each from one end to the other, or closed."""
        crossings = _Crossings(self, level)
        lines = [crossings.places[chain] for chain in crossings.chains()]
        if len(crossings.places) <= DENSE:
            for _ in range(FOLLOWED):
                lines = [self._halved(line, level) for line in lines]
            lines = [part for line in lines for part in self._whole(line)]
        if len(lines) <= FEW:
            lines = [self._extended(line, level) for line in lines]
        return [(line[:, 0], line[:, 1]) for line in lines]

    def newton(self, x: Vector, y: Vector, level: float) -> tuple[Vector, Vector, Vector]:
        """The points of the level below or above these along the gradient, and where there are such."""
        field = self.field
        with np.errstate(all="ignore"):
            for _ in range(NEWTON):
                at = field(x, y)
                steep = at.by_x**2 + at.by_y**2
                step = (at.z - level) / steep
                moves = np.abs(at.z - level) > ON * self.spread / 10
                x = np.where(moves, x - step * at.by_x, x)
                y = np.where(moves, y - step * at.by_y, y)
            on = np.abs(field(x, y).z - level) <= ON * self.spread
        inside = (self.x[0] <= x) & (x <= self.x[-1]) & (self.y[0] <= y) & (y <= self.y[-1])
        return x, y, on & inside

    def _halved(self, line: Vector, level: float) -> Vector:
        """The line with a point of the level between every two, where there is one near the middle."""
        if len(line) < 2:
            return line
        middle = (line[:-1] + line[1:]) / 2
        x, y, on = self.newton(middle[:, 0], middle[:, 1], level)
        cell = np.array([self.x[1] - self.x[0], self.y[1] - self.y[0]])
        found = np.stack([x, y], axis=1)
        apart = np.abs((line[1:] - line[:-1]) / cell).max(axis=1)
        near = on & (np.abs((found - middle) / cell).max(axis=1) <= apart / 2)
        every = np.empty((2 * len(line) - 1, 2))
        every[::2], every[1::2] = line, found
        keep = np.ones(len(every), bool)
        keep[1::2] = near
        return every[keep]

    def _whole(self, line: Vector) -> Iterator[Vector]:
        """The line, or its parts where a piece of it leads over a jump.

        Along a piece the value rises by what the gradients say, but for what these change; over a jump by more.
        """
        if len(line) < 2:
            return
        part = np.linspace(0.0, 1.0, PARTS + 1)
        x, y = (line[:-1, k, None] * (1 - part) + line[1:, k, None] * part for k in (0, 1))
        at = [column.reshape(x.shape) for column in self.field(x.ravel(), y.ravel())]
        ways, (rises, turns_x, turns_y) = [np.diff(a) for a in at[:2]], [np.diff(a) for a in at[2:]]
        with np.errstate(all="ignore"):
            slopes = [(a[:, :-1] / 2 + a[:, 1:] / 2) * way for a, way in zip(at[3:], ways, strict=True)]
            bend = np.abs(turns_x * ways[0]) + np.abs(turns_y * ways[1])
            leaps = np.abs(rises - slopes[0] - slopes[1]) > bend + ON * self.spread
        breaks = np.flatnonzero(leaps.any(axis=1)) + 1
        yield from (piece for piece in np.split(line, breaks) if len(piece) > 1)

    def _extended(self, line: Vector, level: float) -> Vector:
        """An open line that ends within the grid, up to where there is no value or no such value any more."""
        if len(line) < 2 or np.array_equal(line[0], line[-1]):
            return line
        before, after = self._on(line[1], line[0], level), self._on(line[-2], line[-1], level)
        return np.concatenate([before[::-1], line, after])

    def _on(self, inner: Vector, end: Vector, level: float) -> Vector:
        """Further points from an end, each on the level; the steps halve where there is none."""
        cell = np.array([self.x[1] - self.x[0], self.y[1] - self.y[0]])
        on_border = end[0] in (self.x[0], self.x[-1]) or end[1] in (self.y[0], self.y[-1])
        way = (end - inner) / cell
        length = float(np.hypot(*way))
        found: list[Vector] = []
        if on_border or not length:
            return np.empty((0, 2))
        step = 0.5 * way / length
        for _ in range(STEPS):
            ahead = end + step * cell
            x, y, on = self.newton(ahead[:1], ahead[1:], level)
            reached = np.array([x[0], y[0]])
            if on[0] and float(np.hypot(*((reached - end) / cell - step))) <= 0.5 * float(np.hypot(*step)):
                found.append(reached)
                end = reached
            else:
                step = step / 2
        return np.array(found).reshape(-1, 2)


class _Crossings:
    """Where a level crosses the edges of a grid; places: one row each."""

    def __init__(self, grid: Grid, level: float) -> None:
        self._grid, self._level = grid, level
        z = grid.z
        above, finite = z > level, np.isfinite(z)
        level_edges = (above[:, :-1] != above[:, 1:]) & finite[:, :-1] & finite[:, 1:]
        upright_edges = (above[:-1] != above[1:]) & finite[:-1] & finite[1:]
        self._count = 0
        self._level_ids, self._upright_ids = self._numbered(level_edges), self._numbered(upright_edges)
        starts, ends = [], []
        for edges, right, up in ((level_edges, 1, 0), (upright_edges, 0, 1)):
            j, i = np.nonzero(edges)
            starts.append(np.stack([grid.x[i], grid.y[j]], axis=1))
            ends.append(np.stack([grid.x[i + right], grid.y[j + up]], axis=1))
        self.places, self._real = self._found(np.concatenate(starts), np.concatenate(ends))

    def _numbered(self, edges: Any) -> Any:
        ids = np.full(edges.shape, -1)
        size = int(edges.sum())
        ids[edges] = np.arange(self._count, self._count + size)
        self._count += size
        return ids

    def _found(self, start: Vector, end: Vector) -> tuple[Vector, Any]:
        """The places between the ends where the level is met, and where it truly is."""
        field, level = self._grid.field, self._level
        rising = field(*start.T).z <= level
        for _ in range(BISECTIONS):
            middle = start / 2 + end / 2
            low = (field(*middle.T).z <= level) == rising
            start, end = np.where(low[:, None], middle, start), np.where(low[:, None], end, middle)
        z = [np.abs(field(*side.T).z - level) for side in (start, end)]
        nearer = np.where((z[0] <= z[1])[:, None], start, end)
        return nearer, np.minimum(*z) <= ON * self._grid.spread

    def chains(self) -> Iterator[list[int]]:
        """The crossings in the order of each line; a closed line ends where it began."""
        links: dict[int, list[int]] = {}
        for a, b in self._pairs():
            if self._real[a] and self._real[b]:
                links.setdefault(a, []).append(b)
                links.setdefault(b, []).append(a)
        ends = [k for k, near in links.items() if len(near) == 1]
        for start in [*ends, *links]:
            chain = [start]
            while links.get(chain[-1]):
                here = chain[-1]
                there = links[here].pop()
                links[there].remove(here)
                chain.append(there)
            if len(chain) > 1:
                yield chain

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """The two crossings of each cell that are one piece; at a saddle the middle of the cell tells which are."""
        bottom, top = self._level_ids[:-1], self._level_ids[1:]
        left, right = self._upright_ids[:, :-1], self._upright_ids[:, 1:]
        sides = np.stack([bottom, right, top, left], axis=-1)
        count = (sides >= 0).sum(axis=-1)
        for j, i in zip(*np.nonzero(count >= 2), strict=True):
            here = [int(k) for k in sides[j, i] if k >= 0]
            if len(here) < 4:
                yield here[0], here[1]
            else:
                yield from self._at_saddle(here, j, i)

    def _at_saddle(self, here: list[int], j: int, i: int) -> Sequence[tuple[int, int]]:
        grid = self._grid
        x, y = grid.x[i] / 2 + grid.x[i + 1] / 2, grid.y[j] / 2 + grid.y[j + 1] / 2
        middle = grid.field(np.array([x]), np.array([y])).z[0] > self._level
        bottom, right, top, left = here
        joined = middle == (grid.z[j, i] > self._level)  # the left lower corner and the right upper one
        return [(bottom, right), (top, left)] if joined else [(bottom, left), (top, right)]
