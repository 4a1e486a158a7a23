"""The figure of a formula over two variables: contours with the labels of their levels, and a path over them."""

from __future__ import annotations

import numpy as np

from gradcli.errors import UsageError
from gradcli.plotting.contours import Grid
from gradcli.plotting.field import Field
from gradcli.plotting.figure import SHADES, Axis, Caption, Figure, Label, Layer, Panel
from gradcli.plotting.levels import levels_of
from gradcli.plotting.ticks import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.plotting.trace import Trace

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Line = tuple[Vector, Vector]

LEAST, MOST = 32, 240  # cells across
FEWEST, LEVELS = 4, 12  # levels, of small and of large pictures
DOTS = 18  # across the picture for each level
EDGE = 0.06  # of the panel, without labels
APART = (0.06, 0.08)  # of the panel, between the labels of levels and those of a path's ends
EVERY = 7  # points of a line that may have the label


def surface(program: Program, x: Axis, y: Axis, at: Mapping[str, Any], dots: int, trace: Trace | None = None) -> Figure:
    """The figure over two axes, of which the names are those of variables.

    at: the other variables; dots: across the picture. Raises UsageError for a tuple, and where there are no contours.
    """
    if len(program.results) > 1:
        raise UsageError("contours are of one result, and here is a tuple", "plot one result at a time")
    across = min(max(dots // 3, LEAST), MOST)
    field = Field(program, (x.name, y.name), at)
    grid = Grid(field, (x.low, x.high), (y.low, y.high), (across, across * 5 // 8))
    finite = grid.z[np.isfinite(grid.z)]
    if not finite.size:
        raise UsageError(f"there is no value in this range of {x.name} and {y.name}", "draw another range")
    most = min(max(dots // DOTS, FEWEST), LEVELS)
    levels = [(level, text, lines) for level, text in levels_of(grid.z, most) if (lines := grid.contour(level))]
    shades = [round((SHADES - 1) * k / max(len(levels) - 1, 1)) for k in range(len(levels))]
    layers = [Layer("contour", lines, shade) for shade, (_, _, lines) in zip(shades, levels, strict=True)]
    path = trace.columns((x.name, y.name)) if trace is not None else []
    steps = np.array(path).T.reshape(-1, 2).tolist()
    labels = list(_labels(levels, shades, (x, y), steps))
    said = [Caption(f"levels {', '.join(text for _, text, _ in levels)}")] if levels else []
    if not levels:
        said.append(Caption(f"the value is {place(float(finite[0]))} wherever it was looked at: no contours"))
    if np.isnan(grid.z).any():
        part = float(np.isnan(grid.z).mean())
        said.append(Caption(f"no value in {max(part, 0.001):.1%} of the picture"))
    if trace is not None:
        layers.append(Layer("path", [(path[0], path[1])]))
        labels += [Label(px, py, text) for (px, py), text in ((steps[0], "start"), (steps[-1], "end"))]
        said.append(Caption(trace.told((x.name, y.name))))
    return Figure(program.text, [Panel(x, y, layers, labels=labels)], said)


def _labels(
    levels: Sequence[tuple[float, str, Sequence[Line]]],
    shades: Sequence[int],
    axes: tuple[Axis, Axis],
    steps: Sequence[Sequence[float]],
) -> Iterator[Label]:
    """For each level the place on its lines that is farthest from the labels before it, and from the steps of a path.

    steps: of the path, of which both ends have labels; a level that lies beneath these goes without.
    """
    x, y = axes
    taken = [(float(x.parts(step[0])), float(y.parts(step[1]))) for step in steps]
    named = [taken[0], taken[-1]] if taken else []
    for shade, (_, text, lines) in zip(shades, levels, strict=True):
        spots = [spot for xs, ys in lines for spot in _inner(xs, ys)]
        parts = [(float(x.parts(px)), float(y.parts(py))) for px, py in spots]
        inner = [
            k
            for k, (a, b) in enumerate(parts)
            if all(EDGE <= p <= 1 - EDGE for p in (a, b))
            and all(abs(a - at) > APART[0] or abs(b - up) > APART[1] for at, up in named)
        ]
        if not inner:
            continue
        best = max(inner, key=lambda k: min([abs(parts[k][0] - a) + abs(parts[k][1] - b) for a, b in taken] or [0.0]))
        taken.append(parts[best])
        yield Label(*spots[best], text, shade)


def _inner(x: Vector, y: Vector) -> Iterator[tuple[float, float]]:
    """Some points of a line, not near its ends."""
    cut = len(x) // 6
    inner = slice(cut, len(x) - cut, EVERY)
    yield from zip(x[inner].tolist(), y[inner].tolist(), strict=True)
