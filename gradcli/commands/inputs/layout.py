"""How tables are read: the layout of their text, and what a row without its numbers does."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = {"tab": "\t", "\\t": "\t", "blank": " "}  # for what is hard to type
NO_HEADER = "none"


def layout_of(parameters: dict[str, Any]) -> dict[str, Any]:
    """What a Format calls these, of those that are given. Raises UsageError."""
    found: dict[str, Any] = {}
    if (delimiter := parameters["delimiter"]) is not None:
        found["delimiter"] = sign = WORDS.get(delimiter, delimiter)
        if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in "\"'+-.\r\n":
            what = f'--delimiter is one sign between cells, not "{shown(delimiter)}"'
            raise UsageError(what, "write --delimiter ';', tab, or blank for any number of blanks")
    if (comment := parameters["comment"]) is not None:
        found["comment"] = comment
        if not comment.strip() or "\n" in comment:
            raise UsageError(f'--comment "{shown(comment)}" begins no line', "write --comment '#'")
    if (header := parameters["header"]) is not None:
        names = [] if header == NO_HEADER else [name.strip() for name in header.split(",")]
        found["header"] = tuple(names)
        if not all(names):
            raise UsageError(f'--header "{shown(header)}": a name is missing', f"write --header x,y or {NO_HEADER}")
    if (decimal := parameters["decimal"]) is not None:
        found["decimal"] = decimal
        if decimal not in (",", "."):
            raise UsageError(f'--decimal is a comma or a point, not "{shown(decimal)}"', "write --decimal ,")
    return found


def left_out(label: str, lost: int, count: int) -> str:
    """The note on rows that are left out of so many that remain."""
    return f"{lost:,} of {lost + count:,} rows of {label} left out: no numbers"


class ArrayFiles:
    """How `X=@FILE` is read on a command line, and what was left out.

    texts: those that name the files, since a row that lacks one of a file's columns is left out of all of them; layout:
    of their text; skip: whether it is left out at all. lost: how many rows, by the file's name; notes: for the user.
    """

    def __init__(self, texts: list[str], parameters: dict[str, Any]) -> None:
        """Raises UsageError."""
        self.texts = texts
        self.layout = layout_of(parameters)
        self.skip = parameters.get("on_error") == "skip"
        self.lost: dict[str, int] = {}
        self.notes: dict[str, str] = {}

    def leave_out(self, label: str, lost: int, count: int) -> None:
        """Note how many rows of a file are left out."""
        if lost:
            self.lost[label] = lost
            self.notes[label] = left_out(label, lost, count)
