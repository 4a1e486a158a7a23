"""The options of `minimize` and `fit` that give numbers: `--start`, `--at`, `--bounds`, `--lr`."""

from __future__ import annotations

import math

from gradcli.commands.inputs.values import constant, name_of, number_or_array
from gradcli.errors import UsageError
from gradcli.text import pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.commands.inputs.layout import ArrayFiles
    from gradcli.minimize.recorder import Bounds as Vectors


def values_of(flag: str, texts: list[str], files: ArrayFiles) -> dict[str, Any]:
    """The names and numbers of `--start x=5,y=[1,2]` or `--at`. Raises UsageError."""
    values: dict[str, Any] = {}
    for text in texts:
        for name, value in _assignments(flag, text, f"write {flag} x=5"):
            if name in values:
                raise UsageError(f"{flag} gives {name} twice", "give it once")
            place = f"{flag} {name}"
            values[name], _ = number_or_array(place, value, files)
            if not getattr(values[name], "size", 1):
                raise UsageError(f"{place}: the array is empty", "write at least one number: x=[1]")
    return values


def rate_of(text: str | None) -> float | None:
    """The number of `--lr 0.01`. Raises UsageError."""
    if text is None:
        return None
    rate = constant("--lr", text)[0]
    if not 0.0 < rate < math.inf:
        raise UsageError(f'--lr takes a number above 0, not "{shown(text)}"')
    return rate


class GivenBounds:
    """The bounds of `--bounds x=0:10,y=0:`; each holds for all elements of its variable."""

    __slots__ = ("_limits", "any")

    def __init__(self, texts: list[str], start: dict[str, Any]) -> None:
        """Raises UsageError."""
        self._limits: dict[str, tuple[float, float]] = {}
        for text in texts:
            for name, value in _assignments("--bounds", text, "write --bounds x=0:10"):
                if name in self._limits:
                    raise UsageError(f"--bounds gives {name} twice", "give it once")
                if name not in start:
                    raise UsageError(f"--bounds gives {name}, which has no start", f"add --start {name}=1")
                self._limits[name] = _limits(name, value)
                _within(name, start[name], *self._limits[name])
        self.any = bool(self._limits)

    def vectors(self, names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> Vectors | None:
        """The lower and the upper bound of each element of the variables of these names and shapes, in one vector."""
        if not self._limits:
            return None
        import numpy as np

        limits = [self._limits.get(name, (-math.inf, math.inf)) for name in names]
        counts = [math.prod(shape) for shape in shapes]
        return np.repeat([low for low, _ in limits], counts), np.repeat([high for _, high in limits], counts)


def _limits(name: str, text: str) -> tuple[float, float]:
    parts = list(pieces(text, ":"))
    if len(parts) != 2:
        raise UsageError(f'--bounds {name}: "{shown(text)}" is not LOW:HIGH', f"write --bounds {name}=0:10")
    low, high = (
        constant(f"--bounds {name}", part)[0] if part.strip() else open_end
        for part, open_end in zip(parts, (-math.inf, math.inf), strict=True)
    )
    if not low <= high:
        raise UsageError(f"--bounds {name}: {low:g} is not below {high:g}", "write the lower bound first")
    return low, high


def _within(name: str, value: Any, low: float, high: float) -> None:
    import numpy as np

    if not bool(np.all((np.asarray(value) >= low) & (np.asarray(value) <= high))):
        raise UsageError(f"the start of {name} is outside its bounds", f"start {name} between {low:g} and {high:g}")


def _assignments(flag: str, text: str, cure: str) -> list[tuple[str, str]]:
    """(name, text of the value) for each `x=...` between commas."""
    found = []
    for part in pieces(text, ","):
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f'{flag} "{shown(text)}": "{shown(part.strip())}" has no name', cure)
        found.append((name_of(flag, name, cure), value))
    return found
