"""The first row of a text table: what its cells may be. It needs no pyarrow."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.words import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

SEPARATORS = ";| "  # of tables that others write


def check_header(label: str, names: Sequence[str]) -> None:
    """Raises UsageError where these can be no names of columns."""
    if len(names) == 1 and any(c in SEPARATORS for c in names[0]):
        what = f'{label} has one column, "{shown(names[0])}"'
        raise UsageError(what, "columns are separated by commas or tabs, not by semicolons, bars or blanks")
    if all(is_number(name) for name in names):
        raise UsageError(f"{label} has no header: it begins with numbers", "its first line must name the columns")


def is_number(cell: Any) -> bool:
    """Does Python's float read it?"""
    try:
        float(cell)
    except (ValueError, TypeError):
        return False
    return True
