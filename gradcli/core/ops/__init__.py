"""The table of operations. A new operation is one row in one of these files.

TABLE has all rows, FAMILIES their modules; both are loaded with the first use, since few formulas need many rows.

>>> by_name("softplus").definition, by_name("softplus").signature
('log(1 + exp(x))', 'x')
"""

from __future__ import annotations

from gradcli.core import families
from gradcli.core.table import by_name, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Op

    FAMILIES: tuple[Any, ...]
    TABLE: dict[str, Op]


def __getattr__(name: str) -> Any:
    if name not in ("FAMILIES", "TABLE"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    modules = tuple(map(load, families.FAMILIES))
    globals().update(FAMILIES=modules, TABLE={row.name: row for family in modules for row in family.ROWS})
    return globals()[name]


__all__ = ["FAMILIES", "TABLE", "by_name"]
