"""The order of the vertices in each layer: few arrows cross.

Medians and exchanges of neighbours: E. R. Gansner, E. Koutsofios, S. C. North, K.-P. Vo, "A technique for drawing
directed graphs", IEEE Transactions on Software Engineering 19 (1993) 214-230; the count of crossings: W. Barth,
P. Mutzel, M. Jünger, "Simple and efficient bilayer cross counting", Journal of Graph Algorithms and Applications 8
(2004) 179-194. Small drawings begin from several orders, and the best is kept.
"""

from __future__ import annotations

from random import Random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.pictures.layers import Layered

EFFORT = 200_000  # vertices looked at, over all sweeps and beginnings
MOST_SWEEPS, MOST_STARTS = 24, 16


def ordered(layered: Layered) -> list[list[int]]:
    """The vertices of each layer from left to right."""
    size = max(1, len(layered.layer))
    starts = max(1, min(MOST_STARTS, EFFORT // (size * MOST_SWEEPS)))
    sweeps = max(2, min(MOST_SWEEPS, EFFORT // size))
    random, best, least = Random(1), layered.rows(), -1
    for start in range(starts):
        order = _Order(layered, layered.rows())
        if start:
            order.shuffle(random)
        found = order.improved(sweeps)
        if least < 0 or order.least < least:
            best, least = found, order.least
        if not least:
            break
    return best


def crossings(upper: Sequence[int], lower: Sequence[int], below: Sequence[dict[int, int]]) -> int:
    """How many pairs of arrows between two neighbouring layers cross; below: see Layered.

    >>> crossings([0, 1], [2, 3], [{3: 1}, {2: 1}, {}, {}])
    1
    """
    place = {v: k for k, v in enumerate(lower)}
    tree, total, found = [0] * (len(lower) + 1), 0, 0
    for u in upper:
        ends = [(place[v], weight) for v, weight in below[u].items()]
        for k, weight in ends:  # those before that end further right
            before, k = 0, k + 1
            while k:
                before += tree[k]
                k -= k & -k
            found += weight * (total - before)
        for k, weight in ends:
            total += weight
            k += 1
            while k < len(tree):
                tree[k] += weight
                k += k & -k
    return found


class _Order:
    """An order that is being improved; place: of each vertex in its layer."""

    def __init__(self, layered: Layered, rows: list[list[int]]) -> None:
        self.above, self.below = layered.above, layered.below
        self.rows = rows
        self.place = [0] * len(layered.layer)
        for row in rows:
            self._settle(row)
        self.least = self._count()

    def _settle(self, row: list[int]) -> None:
        for k, v in enumerate(row):
            self.place[v] = k

    def _count(self) -> int:
        return sum([crossings(self.rows[k + 1], self.rows[k], self.below) for k in range(len(self.rows) - 1)])

    def shuffle(self, random: Random) -> None:
        for row in self.rows:
            random.shuffle(row)
            self._settle(row)
        self.least = self._count()

    def improved(self, sweeps: int) -> list[list[int]]:
        """The best order that so many sweeps find."""
        best, idle = [list(row) for row in self.rows], 0
        for sweep in range(sweeps):
            if not self.least or idle > 5:
                break
            up = sweep % 2 == 0
            for row in self.rows[1:] if up else self.rows[-2::-1]:
                self._sort(row, self.below if up else self.above, sweep % 4 < 2)
            self._exchange(least=sweep % 4 // 2)
            while self._exchange():
                pass
            count = self._count()
            idle += 1
            if count < self.least:
                self.least, best, idle = count, [list(row) for row in self.rows], 0
        return best

    def _sort(self, row: list[int], beside: Sequence[dict[int, int]], medians: bool) -> None:
        """A layer by the medians, or the means, of the places of its neighbours; what has none stays where it is."""
        place = self.place
        free = [v for v in row if beside[v]]
        value = {}
        for v in free:
            ends = sorted([place[k] for k in beside[v]])
            half = len(ends) // 2
            middle = (ends[half] + ends[~half]) / 2
            value[v] = (
                middle if medians else sum([place[k] * n for k, n in beside[v].items()]) / sum(beside[v].values())
            )
        free.sort(key=value.__getitem__)
        sorted_ones = iter(free)
        row[:] = [next(sorted_ones) if beside[v] else v for v in row]
        self._settle(row)

    def _exchange(self, least: int = 1) -> bool:
        """Exchange neighbours where at least so many fewer arrows cross then: was there one?"""
        better = False
        for row in self.rows:
            for k in range(len(row) - 1):
                v, w = row[k], row[k + 1]
                if self._gain(v, w) >= least:
                    row[k], row[k + 1] = w, v
                    self.place[v], self.place[w] = k + 1, k
                    better = True
        return better

    def _gain(self, v: int, w: int) -> int:
        """How many crossings fewer there are with w before v."""
        place, gain = self.place, 0
        for beside in (self.above, self.below):
            for a, n in beside[v].items():
                for b, m in beside[w].items():
                    gain += n * m * ((place[a] > place[b]) - (place[a] < place[b]))
        return gain
