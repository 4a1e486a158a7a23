"""Where the vertices of ordered layers stand: arrows short and long ones straight, boxes apart.

Each layer in turn takes the places nearest to those that its neighbours wish (least squares), under the least distances
of the order: an isotonic regression, by pooling adjacent violators (R. E. Barlow et al., "Statistical inference under
order restrictions", Wiley 1972).
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.pictures.layers import Layered

SWEEPS = 12
STRAIGHT = 8.0  # how much more an arrow between two bends weighs
ASIDE = 0.1  # what an arrow from an input weighs: a long sum runs straight down, what is added stands beside it


def places(layered: Layered, rows: Sequence[Sequence[int]], breadth: Sequence[float], gap: float) -> list[float]:
    """The middle of each vertex across the layers, from 0; breadth: what it takes there."""
    middle = [0.0] * len(layered.layer)
    distances = [_distances(row, breadth, gap) for row in rows]
    for row, apart in zip(rows, distances, strict=True):
        for v, offset in zip(row, apart, strict=True):
            middle[v] = offset - apart[-1] / 2
    pull = _pulls(layered)
    both = [{**up, **down} for up, down in zip(layered.above, layered.below, strict=True)]
    order = range(len(rows))
    for sweep in range(SWEEPS):
        rising = sweep % 2 == 0
        beside = both if sweep >= SWEEPS // 2 else layered.below if rising else layered.above
        for k in order if rising else order[::-1]:
            _place(rows[k], distances[k], middle, beside, pull)
    least = min([middle[v] - breadth[v] / 2 for row in rows for v in row], default=0.0)
    return [x - least for x in middle]


def _distances(row: Sequence[int], breadth: Sequence[float], gap: float) -> list[float]:
    """How far each middle stands from the first at least."""
    found = [0.0]
    for v, w in pairwise(row):
        found.append(found[-1] + (breadth[v] + breadth[w]) / 2 + gap)
    return found


def _pulls(layered: Layered) -> list[float]:
    """What each vertex brings to the weight of an arrow: the weight is the product of both."""
    return [
        STRAIGHT**0.5 if v >= layered.boxes else 1.0 if layered.above[v] else ASIDE for v in range(len(layered.layer))
    ]


def _place(
    row: Sequence[int],
    offsets: list[float],
    middle: list[float],
    beside: Sequence[dict[int, int]],
    pull: Sequence[float],
) -> None:
    pooled: list[tuple[float, float, int]] = []  # (mean, weight, how many vertices)
    for v, offset in zip(row, offsets, strict=True):
        total = weight = 0.0
        for k, n in beside[v].items():
            total += n * pull[k] * middle[k]
            weight += n * pull[k]
        mean, count = (total / weight if weight else middle[v]) - offset, 1
        weight = weight * pull[v] or 0.01
        while pooled and pooled[-1][0] > mean:
            other, more, vertices = pooled.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, count = weight + more, count + vertices
        pooled.append((mean, weight, count))
    where = iter(zip(row, offsets, strict=True))
    for mean, _, count in pooled:
        for _ in range(count):
            v, offset = next(where)
            middle[v] = mean + offset
