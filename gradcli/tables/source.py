"""What a table in a file is to those who read it: names of columns, and numbers by column. It needs no pyarrow."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.text import VALUE_VARIABLE, listed, quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, Self

SEPARATORS = ";| "  # of tables that others write

MISSING = "the number is missing"
EMPTY_CURE = "the first line names the columns, each further line is a row"
WIDTH_CURE = "--on-error nan leaves such rows out"
ROW_CURE = "--on-error nan goes on, with nan for such a row"
NUMBER_CURE = "a number is needed in every row; nan stands for an unknown one"


class Columns:
    """Columns of a table. count: of the rows. numbers: of each column, floats, and arrays of NumPy where a cell is one.
    texts: of each column the decimals as written, where they were asked for. skipped: how many rows are left out."""

    __slots__ = ("count", "numbers", "skipped", "texts")

    def __init__(self, count: int, numbers: list[Any], texts: list[list[str]], skipped: int = 0) -> None:
        self.count = count
        self.numbers = numbers
        self.texts = texts
        self.skipped = skipped


class Source:
    """A table that can be read; the base of all formats.

    label: what messages call it. names: all its columns. keys: of a JSON line itself, whose columns may be inside
    one of them. headed: whether its columns have names. decimal: the sign before decimals.
    """

    headed = True
    decimal = "."

    def __init__(self, label: str) -> None:
        self.label = label
        self.names: tuple[str, ...] = ()
        self.keys: tuple[str, ...] = ()

    def read(self, columns: Sequence[str], *, texts: bool = False, skip: bool = False) -> Columns:
        """The numbers of these columns, to the last row. texts: as `--digits` needs them; skip: leave rows without
        all of their numbers out. Raises UsageError."""
        raise NotImplementedError

    def pieces(self, columns: Sequence[str], *, skip: bool = False) -> Iterator[tuple[list[Any], int]]:
        """(arrays of NumPy, how many rows are left out) of one stretch of rows after another. Raises UsageError."""
        import numpy as np

        read = self.read(columns, skip=skip)
        yield [np.asarray(column, np.float64) for column in read.numbers], read.skipped

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def column_of(names: Sequence[str], variable: str) -> str | None:
    """The name as the file has it of the column that holds a variable of an expression; None: there is none.

    Names are compared as the language does, blanks around them off and in Unicode's form NFKC. What
    `gradcli grad --csv` calls `value (variable)` is the variable `value`.
    """
    if variable == "value" and VALUE_VARIABLE in names:
        return VALUE_VARIABLE
    wanted = variable_of(variable)
    return next((name for name in names if variable_of(name) == wanted), None)


def column_cure(names: Sequence[str], variable: str) -> str:
    """How a column whose name is none of a variable can still be one; "" where all names are."""
    others = [name for name in names if not name.strip().isidentifier() and name]
    if not others:
        return ""
    near = next((name for name in others if variable.casefold() in name.casefold()), others[0])
    return f"--column {shown(variable)}={quoted(near)} reads it from that column"


def variable_of(column: str) -> str:
    """The name by which an expression knows a column."""
    if column.isascii():
        return column.strip()
    import unicodedata

    return unicodedata.normalize("NFKC", column.strip())


def indices(label: str, names: Sequence[str], columns: Sequence[str], numbers: Sequence[str] = ()) -> list[int]:
    """Where the columns are among the names; the k-th mention of a name is its k-th place. Raises UsageError."""
    places: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        places.setdefault(name, []).append(k)
    for name in numbers:
        if len(places.get(name, ())) > 1:
            raise UsageError(f"{label} has two columns {shown(name)}", "rename one of them")
    found = []
    for name in columns:
        left = places.get(name)
        if not left:
            cure = f"its columns are {listed(tuple(names))}" if names else ""
            raise UsageError(f"{label} has no column {shown(name)}", cure)
        found.append(left.pop(0))
    return found


def names_of(label: str, first: Sequence[str], given: Sequence[str] | None) -> tuple[str, ...]:
    """The names of the columns of a text table with this first row; given: of one without a header, where they may be
    numbers. Raises UsageError where these can be no names."""
    if given is not None:
        return tuple(given) or tuple(map(str, range(1, len(first) + 1)))
    names = tuple([name.strip() for name in first])
    if names[0].startswith(("#", "%")):
        sign = names[0][0]
        raise UsageError(f'{label} begins with "{shown(names[0])}"', f"--comment {quoted(sign)} leaves such lines out")
    if len(names) == 1 and any(c in SEPARATORS for c in names[0]):
        what = f'{label} has one column, "{shown(names[0])}"'
        sign = next(c for c in SEPARATORS if c in names[0])
        raise UsageError(what, f"--delimiter {'blank' if sign == ' ' else quoted(sign)} reads such a table")
    if all(is_number(name) for name in names):
        what = f"{label} has no header: it begins with numbers"
        raise UsageError(what, "its first line names the columns, or --header x,y does, or --header none numbers them")
    return names


def cells_of(count: int) -> str:
    """`1 cell`, `2 cells`."""
    return f"{count} cell{'' if count == 1 else 's'}"


def is_number(cell: Any) -> bool:
    """Does Python's float read it? A boolean is none."""
    try:
        float(cell)
    except (ValueError, TypeError):
        return False
    return not isinstance(cell, bool)


def no_number(cell: Any) -> str:
    """What is said of a cell that is no number."""
    if isinstance(cell, str):
        return f'"{shown(cell)}" is not a number' if cell.strip() else MISSING
    kinds = {type(None): "null", list: "an array", dict: "an object", bool: "a boolean"}
    return f"{kinds.get(type(cell), 'this')} is not a number"


def as_literal(cell: str) -> str:
    """A cell as a number of the language: the decimal as written, `inf`, `-inf` or `nan`."""
    text = cell.strip()
    return text if text.isascii() and any(c.isdigit() for c in text) else repr(float(text))
