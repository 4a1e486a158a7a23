"""The steps that `gradcli minimize --trace FILE` wrote: a path over the picture of what was minimized."""

from __future__ import annotations

import json
import math

import numpy as np

from gradcli.errors import UsageError
from gradcli.plotting.ticks import place
from gradcli.tables.files import read_text
from gradcli.text import label_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Vector = np.ndarray[Any, np.dtype[np.float64]]

ROOM = 0.25  # around the path, where the range is its own
LEAST = 1e-3  # of the numbers themselves, where the path does not move
SPELT = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Trace:
    """label: the file's; names: the variables that are numbers; steps: how many."""

    def __init__(self, path: str) -> None:
        """Raises UsageError for what no trace is."""
        self.label = label_of(path)
        lines = [line for line in read_text(path).splitlines() if line.strip()]
        points, self._values = [], []
        for number, line in enumerate(lines, 1):
            try:
                step = json.loads(line)
                points.append({x: float(SPELT.get(v, v)) for x, v in step["at"].items() if not isinstance(v, list)})
                self._values.append(float(SPELT.get(step["value"], step["value"])))
            except (ValueError, TypeError, KeyError, AttributeError):
                what = f"{self.label}, line {number} is no step that gradcli minimize --trace wrote"
                raise UsageError(what, "write gradcli minimize .. --trace steps.jsonl") from None
        if not points:
            raise UsageError(f"{self.label} holds no steps", "write gradcli minimize .. --trace steps.jsonl")
        self._points = points
        self.names = tuple(x for x in points[0] if all(x in point for point in points))

    @property
    def steps(self) -> int:
        """How many there are, without the start."""
        return len(self._points) - 1

    def columns(self, names: tuple[str, ...]) -> list[Vector]:
        """The path of each of these variables. Raises UsageError where it has another."""
        for name in names:
            if name not in self.names:
                found = listed(self.names) if self.names else "no number"
                raise UsageError(f"the steps of {self.label} have no {name}, but {found}", "trace what is plotted")
        return [np.array([point[name] for point in self._points]) for name in names]

    def range(self, name: str) -> tuple[float, float]:
        """The range of a variable, with some room."""
        (path,) = self.columns((name,))
        finite = path[np.isfinite(path)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        room = max(ROOM * (high - low), LEAST * max(abs(low), abs(high))) or 1.0
        return low - room, high + room

    def told(self, names: tuple[str, ...]) -> str:
        """From where to where it goes, in how many steps."""
        ends = [", ".join([f"{x} = {place(point[x])}" for x in names]) for point in (self._points[0], self._points[-1])]
        steps = f"{self.steps} step{'' if self.steps == 1 else 's'}"
        return f"{self.label}: {steps} from {ends[0]} to {ends[1]}, value {place(self._values[-1])}"
