"""Files whose columns give values to variables: `--points` a row a point, `--data` the columns as vectors."""

from __future__ import annotations

from gradcli.commands.inputs.layout import layout_of, left_out
from gradcli.commands.inputs.values import name_of
from gradcli.errors import UsageError
from gradcli.tables.opening import TableFile
from gradcli.tables.source import column_cure, column_of, variable_of
from gradcli.text import VALUE_VARIABLE, listed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.tables.source import Columns

COLUMN_CURE = 'write --column x="sepal length (cm)"'


class PointFile:
    """columns: the names that it gives values to, known before any number is read, so that the expression can
    be parsed with them; `take` then reads the numbers of those that the expression uses, and fills `names`, `count`,
    `lost`, the number of rows that are left out, and `notes`, which are for the user.
    """

    def __init__(self, path: str, parameters: dict[str, Any], *, stream: bool = False) -> None:
        """parameters: also `--column`, `--on-error`, `--digits` and the layout; stream: `pieces` will be asked, not
        `take`. Raises UsageError."""
        file = TableFile(path, layout_of(parameters))
        self._source = file.stream() if stream else file.table()
        self.label = self._source.label
        self._renamed = columns_of(parameters["column"])
        for name, column in self._renamed.items():
            if column_of(self._source.names, column) is None:
                cure = f"its columns are {listed(self._source.names)}"
                raise UsageError(f"--column {name}={shown(column)}: {self.label} has no column {shown(column)}", cure)
        own = ["value" if x == VALUE_VARIABLE else variable_of(x) for x in self._source.names]
        self.columns = tuple(dict.fromkeys([*own, *self._renamed]))
        self.names: tuple[str, ...] = ()
        self.count = self.lost = 0
        self.notes: list[str] = []
        self._texts = parameters.get("digits") is not None
        self._skip = parameters["on_error"] == "skip"
        self._found: Columns | None = None
        self._places: list[int] = []

    def take(self, variables: Sequence[str]) -> None:
        """Read the columns of these variables. Raises UsageError."""
        columns = self._chosen(variables)
        with self._source as source:
            read = self._found = source.read(columns, texts=self._texts, skip=self._skip)
        self.count, self.lost = read.count, read.skipped
        if not self.count:
            raise UsageError(f"{self.label} holds no points", "it needs at least one row of numbers")
        if self.lost:
            self.notes.append(left_out(self.label, self.lost, self.count))

    def pieces(self, variables: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The columns of these variables as arrays, of one stretch of rows after another. Raises UsageError."""
        columns = self._chosen(variables)
        with self._source as source:
            for numbers, lost in source.pieces(columns, skip=self._skip):
                self.lost += lost
                self.count += len(numbers[0]) if numbers else 0
                yield {name: numbers[k] for name, k in zip(self.names, self._places, strict=True)}

    def _chosen(self, variables: Sequence[str]) -> list[str]:
        """The columns of the file that these variables need; what is said of the others is noted."""
        from gradcli.core.graph import CONSTANTS

        for name in self._renamed:
            if name not in variables:
                raise UsageError(f"--column gives {name}, which is not in the expression", "leave it out")
        found = {x: column_of(self._source.names, self._renamed.get(x, x)) for x in variables}
        sources = {x: column for x, column in found.items() if column is not None}
        self.names = tuple(sources)
        columns = list(dict.fromkeys(sources.values()))
        self._places = [columns.index(column) for column in sources.values()]
        for name in self.names:
            if name in CONSTANTS:
                self.notes.append(f"{name} is a column of {self.label} here, not the constant {CONSTANTS[name]!r}")
        ignored = [x for x in dict.fromkeys(self._source.names) if x and x not in columns]
        if ignored:
            plural = "" if len(ignored) == 1 else "s"
            self.notes.append(f"column{plural} {listed(ignored)} of {self.label} ignored: not in the expression")
        return columns

    def cure(self, variable: str) -> str:
        """A further line on a variable without a column, where `--column` may give it one."""
        cure = column_cure(self._source.names, variable)
        return f"\n{cure}" if cure else ""

    def vectors(self) -> list[Any]:
        """The numbers of each name. After `take`."""
        assert self._found is not None
        return [self._found.numbers[k] for k in self._places]

    def floats(self) -> Iterator[tuple[Any, ...]]:
        """The values of the names, a tuple a point."""
        return zip(*self.vectors(), strict=True) if self.names else iter([()] * self.count)

    def texts(self) -> Iterator[tuple[str, ...]]:
        """The same as they were written."""
        assert self._found is not None
        texts = [self._found.texts[k] for k in self._places]
        return zip(*texts, strict=True) if self.names else iter([()] * self.count)


def columns_of(texts: Sequence[str]) -> dict[str, str]:
    """Variable to column, of `--column X=COLUMN`: the column's name may hold anything. Raises UsageError."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals or not column:
            raise UsageError(f'--column "{shown(text)}" names no column', COLUMN_CURE)
        name = name_of("--column", name, COLUMN_CURE)
        if name in found:
            raise UsageError(f"--column gives {name} twice", "give it once")
        found[name] = column
    return found
