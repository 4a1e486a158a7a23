"""What a table in a file is to those who read it: names of columns, and numbers by column. It needs no pyarrow."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.text import VALUE_VARIABLE, listed, quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Self

SEPARATORS = ";| "  # of tables that others write

MISSING = "the number is missing"
EMPTY_CURE = "the first line names the columns, each further line is a row"
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
    one of them. headed: whether the file names its columns.
    """

    headed = True

    def __init__(self, label: str) -> None:
        self.label = label
        self.names: tuple[str, ...] = ()
        self.keys: tuple[str, ...] = ()

    def read(self, columns: Sequence[str], *, texts: bool = False, skip: bool = False) -> Columns:
        """The numbers of these columns, to the last row. texts: as `--digits` needs them; skip: leave rows without
        all of their numbers out. Raises UsageError."""
        raise NotImplementedError

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


def check_header(label: str, names: Sequence[str]) -> None:
    """Raises UsageError where these can be no names of columns of a text table."""
    if len(names) == 1 and any(c in SEPARATORS for c in names[0]):
        what = f'{label} has one column, "{shown(names[0])}"'
        raise UsageError(what, "columns are separated by commas or tabs, not by semicolons, bars or blanks")
    if all(is_number(name) for name in names):
        raise UsageError(f"{label} has no header: it begins with numbers", "its first line must name the columns")


def cells_of(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


def is_number(cell: Any) -> bool:
    """Does Python's float read it?"""
    try:
        float(cell)
    except (ValueError, TypeError):
        return False
    return True


def as_literal(cell: str) -> str:
    """A cell as a number of the language: the decimal as written, `inf`, `-inf` or `nan`."""
    text = cell.strip()
    return text if text.isascii() and any(c.isdigit() for c in text) else repr(float(text))
