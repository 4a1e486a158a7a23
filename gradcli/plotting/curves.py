"""The figure of a formula along one variable: a curve for each result and each point, and tangents."""

from __future__ import annotations

import numpy as np

from gradcli.errors import UsageError
from gradcli.numerals import to_show
from gradcli.plotting.captions import captions
from gradcli.plotting.curve import Curve
from gradcli.plotting.figure import Axis, Caption, Figure, Layer, Mark, Panel, padded
from gradcli.plotting.section import Section
from gradcli.plotting.ticks import place
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.plotting.trace import Trace

MOST = 12  # curves
CAPTIONS = 12
MARKED = 200  # on the axis
CIRCLES = 40  # features that have circles on the curve


def curves(
    program: Program,
    x: Axis,
    points: Sequence[Mapping[str, Any]],
    tangents: Sequence[float],
    dots: int,
    trace: Trace | None = None,
) -> tuple[Figure, bool]:
    """The figure over an axis, and whether rounding errors are seen in it.

    points: the other variables, a curve each; tangents: where they touch; dots: across the picture; trace: steps on the
    curve. Raises UsageError for too many curves, and where there is no value.
    """
    name, low, high = x.name, x.low, x.high
    count = len(points) * len(program.results)
    if count > MOST:
        raise UsageError(f"{count} curves are too many for a picture", f"draw at most {MOST}")
    found, labels = [], []
    for at in points:
        for k in range(len(program.results)):
            found.append(Curve(Section(program, k, name, at), low, high, dots + 1))
            labels.append(_label(program, k, name, at, points) if count > 1 else "")
    windows = [curve.window for curve in found if curve.window]
    if not windows:
        raise UsageError(f"there is no value between {name} = {place(low)} and {place(high)}", "draw another range")
    window = padded(min(a for a, _ in windows), max(b for _, b in windows))
    y = Axis(*window, "")
    layers = [
        Layer("curve", curve.pieces, k, label) for k, (curve, label) in enumerate(zip(found, labels, strict=True))
    ]
    said: list[Caption] = []
    marks = [mark for curve in found for mark in _marks(curve)]
    for curve, label in zip(found, labels, strict=True):
        for place_ in tangents:
            tangent = Tangent(curve.section, place_)
            layers[:0] = tangent.layers(x)
            marks += tangent.marks
            said.append(
                Caption(f"{tangent.text} ({label})" if label else tangent.text, "tangent" if tangent.marks else "")
            )
    said += dict.fromkeys([caption for curve in found for caption in captions(curve)])
    if len(said) > CAPTIONS:
        said = [*said[: CAPTIONS - 1], Caption(f"{len(said) - CAPTIONS + 1} more such places")]
    if trace is not None:
        (steps,) = trace.columns((name,))
        layers.append(Layer("points", [(steps, found[0].section(steps).y)]))
        said.insert(0, Caption(trace.told((name,))))
    figure = Figure(program.text, [Panel(x, y, layers, marks)], said)
    return figure, any(curve.section.spoilt for curve in found)


def _label(program: Program, k: int, name: str, at: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> str:
    """What a curve is: its text where there are several results, and what its point has of its own."""
    own = [f"{v} = {to_show(x)}" for v, x in at.items() if v != name and any(p[v] is not x for p in points)]
    parts = [shown(program.source(program.results[k]), 50)] if len(program.results) > 1 else []
    return ", ".join([*parts, *[shown(text, 40) for text in own]]) if len(points) > 1 else "".join(parts)


def _marks(curve: Curve) -> Iterator[Mark]:
    """The marks of its features; circles where they are few enough to be told apart."""
    for f in curve.features[:MARKED]:
        middle = f.left / 2 + f.right / 2
        if f.kind not in ("jump", "kink", "hole") or len(curve.features) > CIRCLES:
            yield Mark(f.kind, middle)
            continue
        own = curve.section(np.unique([f.left, middle, f.right])).y
        if f.kind == "kink":
            yield Mark(f.kind, middle, ((float(own[0]), True),))
            continue
        near = 1e-6 * abs(f.sides[1] - f.sides[0])
        at = curve.section(np.array([curve.place(f).x])).y[0]
        ends = f.sides if f.kind == "jump" else f.sides[:1]
        yield Mark(f.kind, middle, tuple([(y, abs(at - y) <= near) for y in ends]))


class Tangent:
    """The tangent of a curve: what is said of it, and where it touches, if it does."""

    def __init__(self, section: Section, at: float) -> None:
        point = section.true(at)
        self._at, self._value, self._slope = at, float(point.value), float((point.grad or {})[section.name])
        self.marks: list[Mark] = []
        where = f"{section.name} = {to_show(at)}"
        for what, number in (("value", self._value), ("slope", self._slope)):
            if not np.isfinite(number):
                self.text = f"no tangent at {where}: the {what} is {to_show(number)}"
                return
        self.marks = [Mark("tangent", at, ((self._value, True),))]
        self.text = f"tangent at {where}: slope {to_show(self._slope)}, value {to_show(self._value)}"
        noted = [note.message for note in point.notes if note.kind in ("kink", "jump", "boundary")]
        self.text = "; ".join([self.text, *noted[:1]])

    def layers(self, x: Axis) -> list[Layer]:
        """The line over the whole axis."""
        if not self.marks:
            return []
        ends = np.array([x.low, x.high])
        with np.errstate(over="ignore"):
            line = self._value + self._slope * (ends - self._at)
        return [Layer("tangent", [(ends, line)])] if np.isfinite(line).all() else []
