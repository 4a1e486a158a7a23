"""The points of a command: `--at`, `--sweep`, `--range` and `--points` together.

What gives numbers is a source: `names`, `count`, and `floats()` and `texts()`, which yield a
tuple of numbers a point. The points are the product of the sources, the last varying fastest.
"""

from __future__ import annotations

from gradcli.commands.inputs.at import Given
from gradcli.commands.inputs.layout import ArrayFiles
from gradcli.commands.inputs.values import MOST_POINTS, constant_like, vanishes
from gradcli.errors import UsageError
from gradcli.language.names import FUNCTIONS
from gradcli.language.parser import mind_names
from gradcli.text import listed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.commands.inputs.pointfile import PointFile
    from gradcli.commands.inputs.ranges import Range
    from gradcli.commands.inputs.sweep import Sweep
    from gradcli.language.program import Program


class Written:
    """The points of `--at` as a source."""

    __slots__ = ("_points", "count", "names")
    flag = "--at"

    def __init__(self, given: Given) -> None:
        self._points = given.points
        self.names = tuple(given.counts)
        self.count = len(given.points)

    def floats(self) -> Iterator[tuple[Any, ...]]:
        """The values of the names, a tuple a point."""
        return (tuple([point[name][0] for name in self.names]) for point in self._points)

    def texts(self) -> Iterator[tuple[Any, ...]]:
        """Of an array from a file there is no text: its floats serve."""
        numbers = (tuple([point[name] for name in self.names]) for point in self._points)
        return (tuple([value if text[0] == "@" else text for value, text in point]) for point in numbers)


class Points:
    """The points as given on the command line.

    `bound` are the names that get values, for the parser; `for_program` then holds them
    against the variables of the expression. lost: how many rows of a file are left out; ranges: those of `--range`, of
    which the lower end stands in the points.
    """

    def __init__(self, parameters: dict[str, Any]) -> None:
        """Raises UsageError."""
        given = parameters.get("at", [])
        files = ArrayFiles(given, parameters)
        self._given = Given(given, files)
        self._sweeps: list[Sweep] = []
        self.ranges: list[Range] = []
        self._file: PointFile | None = None
        if parameters.get("sweep"):
            from gradcli.commands.inputs.sweep import sweep

            self._sweeps = [sweep(text) for text in parameters["sweep"]]
        if parameters.get("range"):
            from gradcli.commands.inputs.ranges import range_of

            self.ranges = [range_of(text) for text in parameters["range"]]
        if parameters.get("points") is not None:
            from gradcli.commands.inputs.pointfile import PointFile

            self._file = PointFile(parameters["points"], parameters)
        self._sources: list[Any] = []
        self._order: list[tuple[str, int]] = []
        self.count = 1
        self.notes = list(files.notes.values())
        self.lost = sum(files.lost.values())

    @property
    def _written(self) -> list[Any]:
        return [*self._sweeps, *self.ranges]

    @property
    def any(self) -> bool:
        """Is anything given?"""
        return bool(self._given.counts or self._sweeps or self.ranges or self._file)

    @property
    def arrays(self) -> bool:
        """Does `--at` give an array?"""
        return any(not isinstance(value, float) for point in self._given.points for value, _ in point.values())

    @property
    def vanished(self) -> dict[str, str]:
        """The variables that `--at` gives a number that is 0 in float64 alone, and its text."""
        given = [pair for point in self._given.points for pair in point.items()]
        return {name: text for name, (value, text) in given if vanishes(value, text)}

    @property
    def bound(self) -> frozenset[str]:
        """The names that are given values."""
        names = [*self._given.counts, *[name for source in self._written for name in source.names]]
        return frozenset([*names, *(self._file.columns if self._file else ())])

    def for_program(self, program: Program, wrt: Sequence[str] = ()) -> None:
        """Check all that can be checked, and read the file. Raises UsageError.

        wrt: the names of `--wrt`; a constant among them that nobody gives a value keeps its own.
        """
        variables = program.variables
        for source in self.ranges:
            source.settle(variables, [*self._given.counts, *[x for other in self.ranges for x in other.names]])
        mind_names(program, self.bound)
        self._known(variables)
        self._sources = [Written(self._given)] if self._given.counts else []
        if self._file is not None:
            self._file.take(variables)
            self.notes += self._file.notes
            self.lost += self._file.lost
            self._sources.append(self._file)
        self._sources += self._written
        self._once()
        self._add_constants(wrt)
        self._complete(variables)
        names = [name for source in self._sources for name in source.names]
        self._order = [(name, names.index(name)) for name in variables]
        for source in self._sources:
            self.count *= source.count
        if self.count > MOST_POINTS:
            raise UsageError(f"{self.count:,} points are more than {MOST_POINTS:,}", "--sweep x=0:1:1001 makes fewer")

    def floats(self) -> Iterator[dict[str, Any]]:
        """Each point as variable to float64 or array, in the order of the variables."""
        return self._points([source.floats for source in self._sources])

    def texts(self) -> Iterator[dict[str, Any]]:
        """Each point as variable to the text of its number, or to an array from a file."""
        return self._points([source.texts for source in self._sources])

    def _points(self, streams: Sequence[Any]) -> Iterator[dict[str, Any]]:
        order = self._order
        rows: Iterator[tuple[Any, ...]] = streams[0]() if streams else iter([()])
        for stream in streams[1:]:
            rows = _product(rows, stream)
        return ({name: row[k] for name, k in order} for row in rows)

    def _known(self, variables: Sequence[str]) -> None:
        """A name that the expression does not have is a slip."""
        flags = dict.fromkeys(self._given.counts, "--at")
        flags.update({name: source.flag for source in self._written for name in source.names})
        for name, flag in flags.items():
            if name not in variables:
                raise unknown(f"{flag} gives {name}, which is not in the expression", name, variables)

    def _once(self) -> None:
        seen: dict[str, str] = {}
        for source in self._sources:
            flag = "--points" if source is self._file else source.flag
            for name in source.names:
                if name in seen:
                    by = f"by {seen[name]} and by {flag}" if seen[name] != flag else f"by two {flag}"
                    raise UsageError(f"{name} is given {by}", "give it once")
                seen[name] = flag
        if (self._file or self._sweeps) and len(self._given.points) > 1:
            name = next(name for name, count in self._given.counts.items() if count > 1)
            other = "--points" if self._file else "--sweep"
            raise UsageError(f"--at gives {name} twice beside {other}", f"with {other}, --at fixes the other variables")

    def _add_constants(self, wrt: Sequence[str]) -> None:
        from gradcli.core.graph import CONSTANTS

        names = {name for source in self._sources for name in source.names}
        kept = [f"{name}={name}" for name in wrt if name in CONSTANTS and name not in names]
        if kept:
            self._sources.append(Written(Given(kept)))

    def _complete(self, variables: Sequence[str]) -> None:
        names = {name for source in self._sources for name in source.names}
        missing = [name for name in variables if name not in names]
        if missing:
            raise _missing(missing, variables, self._file)
        for k, point in enumerate(self._given.points):
            for name in self._given.counts:
                if name not in point:
                    cure = f"name {name} in the first point, or once for all points"
                    raise UsageError(f"--at gives no {name} at point {k + 1}", cure)


def _product(rows: Iterator[tuple[Any, ...]], stream: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        for further in stream():
            yield row + further


def unknown(message: str, name: str, variables: Sequence[str]) -> UsageError:
    """A name that is no variable of the expression."""
    from gradcli.text import nearest

    meant = nearest(name, variables)
    cure = f"did you mean {meant}? " if meant else ""
    if not variables:
        return UsageError(message, "the expression has no variables")
    plural = "variable is" if len(variables) == 1 else "variables are"
    return UsageError(message, f"{cure}the {plural} {listed(tuple(variables))}")


def _missing(missing: Sequence[str], variables: Sequence[str], file: PointFile | None) -> UsageError:
    plural = "variable is" if len(variables) == 1 else "variables are"
    found = f"the {plural} {listed(tuple(variables))}"
    if file is not None:
        columns = listed(file.columns) if file.columns else "none"
        found += f"; the columns of {file.label} are {columns}"
    cure = f"{found}\nadd --at {','.join(f'{shown(name)}=1' for name in missing[:12])}"
    if file is not None:
        cure += file.cure(missing[0])
    for name in missing:
        if name in FUNCTIONS:
            cure += f"\n{name} is a function where it is called: {name}(x)"
        meant = constant_like(name)
        if meant:
            cure += f"\ndid you mean the constant {meant} by {name}?"
    return UsageError(f"no value for {listed(tuple(missing))}", cure)
