"""Layers: each box of a drawing above all boxes that use it, and long arrows cut at every layer that they pass.

The layered method: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
structures", IEEE Transactions on Systems, Man and Cybernetics 11 (1981) 109-125. Its vertices are the boxes, and a bend
for each layer that an arrow passes; the arrows of one box share their bends.
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

Arrow = tuple[int, int]  # from a box to one that uses it


def layers_of(count: int, arrows: Sequence[Arrow]) -> list[int]:
    """For each box the longest way to a box that nothing uses: 0 for these.

    arrows: (from, to) with from < to. Then boxes that use more than they are used move towards what they use.

    >>> layers_of(3, [(0, 1), (0, 2), (1, 2)])
    [2, 1, 0]
    """
    used: list[list[int]] = [[] for _ in range(count)]
    using: list[list[int]] = [[] for _ in range(count)]
    for source, target in arrows:
        used[source].append(target)
        using[target].append(source)
    layer = [0] * count
    for i in range(count - 1, -1, -1):
        layer[i] = max([layer[k] + 1 for k in used[i]], default=0)
    for i in range(count):
        if len(using[i]) > len(used[i]) > 0:
            layer[i] = min([layer[k] - 1 for k in using[i]])
    return layer


class Layered:
    """Boxes and bends in layers.

    layer: of each vertex, bends after the boxes; above, below: for each vertex the vertices of the next layer with more
    and with less, each with the number of arrows between the two; ways: for each arrow its vertices.
    """

    def __init__(self, layer: Sequence[int], arrows: Sequence[Arrow]) -> None:
        self.boxes = len(layer)
        self.layer = list(layer)
        self.above: list[dict[int, int]] = [{} for _ in layer]
        self.below: list[dict[int, int]] = [{} for _ in layer]
        bends: dict[Arrow, int] = {}
        self.ways = [self._way(arrow, bends) for arrow in arrows]
        for way in self.ways:
            for upper, lower in pairwise(way):
                self.below[upper][lower] = self.below[upper].get(lower, 0) + 1
                self.above[lower][upper] = self.above[lower].get(upper, 0) + 1

    def _way(self, arrow: Arrow, bends: dict[Arrow, int]) -> list[int]:
        source, target = arrow
        way = [source]
        for layer in range(self.layer[source] - 1, self.layer[target], -1):
            bend = bends.setdefault((source, layer), len(self.layer))
            if bend == len(self.layer):
                self.layer.append(layer)
                self.above.append({})
                self.below.append({})
            way.append(bend)
        return [*way, target]

    def rows(self) -> list[list[int]]:
        """The vertices of each layer, as a walk from the last boxes up finds them: of a tree no two arrows cross."""
        rows: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        seen = bytearray(len(self.layer))
        stack = [i for i in range(self.boxes) if not self.below[i]][::-1]
        while stack:
            v = stack.pop()
            if not seen[v]:
                seen[v] = 1
                rows[self.layer[v]].append(v)
                stack += list(self.above[v])[::-1]
        return rows
