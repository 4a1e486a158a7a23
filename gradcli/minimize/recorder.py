"""What happens on the way: the steps, the best point, and when it is pointless to go on."""

from __future__ import annotations

import math

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.minimize.objective import Objective, Vector

LOWEST = -1e100  # what falls below this falls without end


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


class Recorder:
    """Evaluates for a method, remembers the last points, and tells of each step.

    start, last: the first and the latest step. tell: called with each step.
    """

    def __init__(
        self,
        objective: Objective,
        limit: int,
        tell: Callable[[Step], None] | None = None,
        start: Vector | None = None,
    ) -> None:
        """Evaluate at the start, by default the objective's; limit: the largest number of steps."""
        x = objective.start if start is None else start
        self.objective = objective
        self.limit = limit
        self._tell = tell
        self._seen: dict[bytes, tuple[float, Vector]] = {}
        self.start = self.last = Step(0, x, *self.evaluate(x))
        if tell is not None:
            tell(self.start)

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """The value and the gradient; the last few points are remembered."""
        key = x.tobytes()
        if key not in self._seen:
            while len(self._seen) > 3:
                del self._seen[next(iter(self._seen))]
            self._seen[key] = self.objective.gradient(x)
        return self._seen[key]

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
        if self.last.norm == 0.0:
            raise StoppedError("the gradient is 0")
        if value < LOWEST:
            raise StoppedError("the value falls without end: there is no minimum on this way")
        if self.last.number >= self.limit:
            used_up = "the one step is used up" if self.limit == 1 else f"the {self.limit} steps are used up"
            raise StoppedError(used_up)
        return self.last


def norm(gradient: Vector) -> float:
    """The Euclidean length, without overflow."""
    return math.hypot(*gradient.tolist())
