"""What happens on the way: the steps, the best point, and when it is pointless to go on."""

from __future__ import annotations

import math

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.minimize.objective import Objective, Vector

    Bounds = tuple[Vector, Vector]

LOWEST = -1e100  # what falls below this falls without end
ENOUGH = 1e-10  # what a step may still gain, relative to the value
FLAT = 1e-6  # and to this part of the whole way down, or of 1


class StoppedError(Exception):
    """Going on is pointless; the reason is the text."""


class Step:
    """One step: its number, where, the value and the gradient there."""

    __slots__ = ("gradient", "number", "value", "x")

    def __init__(self, number: int, x: Vector, value: float, gradient: Vector) -> None:
        self.number = number
        self.x = x
        self.value = value
        self.gradient = gradient

    @property
    def norm(self) -> float:
        """The length of the gradient."""
        return norm(self.gradient)

    @property
    def finite(self) -> bool:
        """Are the value and the gradient finite?"""
        return math.isfinite(self.value) and bool(np.isfinite(self.gradient).all())

    def free(self, bounds: Bounds | None) -> Vector:
        """For each variable whether it may move: not where the slope presses it against a bound."""
        if bounds is None:
            return np.ones(self.x.size, bool)
        low, high = bounds
        pressed = ((self.x <= low) & (self.gradient > 0)) | ((self.x >= high) & (self.gradient < 0))
        return ~(pressed | (low == high))


class Recorder:
    """Evaluates for a method, remembers the last points, and tells of each step.

    start, last: the first and the latest step. bounds: the lowest and the highest value of each element.
    """

    def __init__(
        self,
        objective: Objective,
        limit: int,
        bounds: Bounds | None = None,
        tell: Callable[[Step], None] | None = None,
        start: Vector | None = None,
    ) -> None:
        """Evaluate at the start, by default the objective's.

        limit: the largest number of steps; tell: called with each step.
        """
        self.objective = objective
        self.limit = limit
        self.bounds = bounds
        self._tell = tell
        self._seen: dict[bytes, tuple[float, Vector]] = {}
        self.start = self.last = self.look(objective.start if start is None else start)
        if tell is not None:
            tell(self.start)

    @property
    def worth(self) -> float:
        """A difference of the value that is not worth going on for."""
        return ENOUGH * (abs(self.last.value) + FLAT * self.way)

    @property
    def way(self) -> float:
        """How far the value fell since the start, at most 1."""
        first = self.start.value
        return min(abs(first - self.last.value), 1.0) if math.isfinite(first) else 1.0

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """The value and the gradient; the last few points are remembered."""
        key = x.tobytes()
        if key not in self._seen:
            while len(self._seen) > 3:
                del self._seen[next(iter(self._seen))]
            self._seen[key] = self.objective.gradient(x)
        return self._seen[key]

    def look(self, x: Vector) -> Step:
        """What would be a step to x."""
        return Step(0, x, *self.evaluate(x))

    def within(self, x: Vector) -> Vector:
        """The point within the bounds that is nearest to x."""
        return x if self.bounds is None else np.clip(x, *self.bounds)

    def value_or_inf(self, x: Vector) -> float:
        """For methods that compare values: where there is none it is infinite, so that they turn back."""
        value = self.evaluate(x)[0]
        return math.inf if value != value else value

    def step(self, x: Vector) -> Step:
        """A method has arrived at x. Raises StoppedError where it is pointless to go on."""
        x = np.array(x, np.float64)
        value, gradient = self.evaluate(x)
        if not value < math.inf:
            raise StoppedError("the value is not finite one step on")
        self.last = Step(self.last.number + 1, x, value, gradient)
        if self._tell is not None:
            self._tell(self.last)
        if value < LOWEST:
            raise StoppedError("the value falls without end: there is no minimum on this way")
        if self.last.number >= self.limit:
            used_up = "the one step is used up" if self.limit == 1 else f"the {self.limit} steps are used up"
            raise StoppedError(used_up)
        return self.last


def norm(gradient: Vector) -> float:
    """The Euclidean length, without overflow."""
    return math.hypot(*gradient.tolist())
