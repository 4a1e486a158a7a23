"""`--at`: points written out."""

from __future__ import annotations

from gradcli.commands.inputs.values import name_of, number_or_array
from gradcli.errors import UsageError
from gradcli.text import pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.commands.inputs.layout import ArrayFiles

    Read = Callable[[str, str, ArrayFiles | None], tuple[Any, str]]


class Given:
    """What `--at` gives: the points in order, and for each name how often it is named.

    A value is a float or an array, and its text.
    """

    __slots__ = ("counts", "points")

    def __init__(self, texts: list[str], files: ArrayFiles | None = None, read: Read = number_or_array) -> None:
        """files: how those of arrays are read, where there may be any; read: what makes a value and its text of a
        text, `(place, text, files)`. Raises UsageError."""
        self.points: list[dict[str, tuple[Any, str]]] = [{}]
        self.counts: dict[str, int] = {}
        own: set[str] = set()  # what the current point was itself given
        last = self.points[0]
        for text in texts:
            for name, number in _assignments(text, files, read):
                if name in own:
                    last = dict(last)
                    self.points.append(last)
                    own.clear()
                last[name] = number
                own.add(name)
                self.counts[name] = self.counts.get(name, 0) + 1
        self._spread()

    def _spread(self) -> None:
        """A variable that is named once holds for all points, also for those before."""
        last = self.points[-1]
        for name, count in self.counts.items():
            if count == 1:
                for point in self.points:
                    point[name] = last[name]


def _assignments(text: str, files: ArrayFiles | None, read: Read) -> list[tuple[str, tuple[Any, str]]]:
    assignments = []
    parts = list(pieces(text, ","))
    for k, part in enumerate(parts):
        name, equals, value = part.partition("=")
        if not equals:
            raise _no_assignment(text, parts, k)
        name = name_of("--at", name, "write x=2")
        if "=" in value:
            _mind_equals(name, value, text)
        assignments.append((name, read(f"--at {name}", value, files)))
    return assignments


def _mind_equals(name: str, value: str, text: str) -> None:
    """`x==2` and `x=2 y=3`; a value may hold `clamp(3, max=2)`."""
    import re

    if re.search(r"^=|\s[^\W\d]\w*\s*=(?!=)", value):
        cure = re.sub(r"\s+(?=[^\W\d]\w*\s*=)", ",", text.replace("==", "="))
        raise UsageError(f'--at {name}: "{shown(value)}" is no value', f"write {shown(cure)}")


def _no_assignment(text: str, parts: list[str], k: int) -> UsageError:
    """A piece without `=`: a list of values for one name, or nothing at all."""
    message = f'--at "{shown(text)}": '
    if not parts[k].strip():
        return UsageError(message + ("there is no point" if len(parts) == 1 else "a comma too many"), "write x=2,y=3")
    if k == 0:
        bare = parts[0].strip()
        what = f"{bare} has no value" if bare.isidentifier() else f'"{shown(bare)}" has no name'
        return UsageError(message + what, f"write {_written(parts[0])}")
    start = max(i for i in range(k) if "=" in parts[i])
    name = parts[start].partition("=")[0].strip()
    values = [parts[start].partition("=")[2].strip()]
    for part in parts[start + 1 :]:
        if "=" in part or not part.strip():
            break
        values.append(part.strip())
    if all(value.isdigit() and len(value) == 3 for value in values[1:]) and values[0].isdigit():
        return UsageError(f"{message}{shown(','.join(values))} is several numbers", f"write {name}={'_'.join(values)}")
    array = f"--at {name}=[{','.join(values)}]"
    points = " ".join(f"--at {name}={value}" for value in values)
    return UsageError(
        message + f'"{shown(parts[k].strip())}" has no name',
        f"write {array} for an array, or {points} for several points",
    )


def _written(text: str) -> str:
    """`x=2` for `x:2`, `x 2`, `{"x": 2}` and their like; for a name alone with some number, for a number with x."""
    import re

    found = re.fullmatch(r"""[\s({"']*([^\W\d]\w*)["']?\s*(?:[:=→]|->|:=|is )*\s*([^\s=:)}]*)[\s)}]*""", text)
    if found:
        return f"{found[1]}={found[2] or 2}"
    return f"x={text.strip() if re.fullmatch('[-+.0-9e]+', text.strip()) else 2}"
