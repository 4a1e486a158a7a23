"""The rows of the table of operations by name: a family is loaded when one of its rows is asked for."""

from __future__ import annotations

from gradcli.core.families import FAMILIES
from gradcli.core.op import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAMILY_OF = {name: family for family, names in FAMILIES.items() for name in names.split()}


class _Rows(dict[str, Op]):
    """The rows of the families that are loaded."""

    def __missing__(self, name: str) -> Op:
        self.update((row.name, row) for row in load(FAMILY_OF[name]).ROWS)
        return self[name]


def load(family: str) -> Any:
    """The module of a family."""
    return __import__(f"gradcli.core.ops.{family}", fromlist=("ROWS",))


by_name = _Rows().__getitem__
