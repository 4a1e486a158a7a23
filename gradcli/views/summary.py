"""`gradcli batch --accumulate` and `--stats`: sums and statistics of the results, as a table or as JSON."""

from __future__ import annotations

from gradcli.batch.outcome import FIELDS, Moments
from gradcli.views.jsonlines import json_of
from gradcli.views.numbers import align, to_show
from gradcli.views.screen import columns, pad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gradcli.views.screen import Screen

GAP = "   "


def json_line(points: int, named: Mapping[str, Moments]) -> str:
    """One object: how many points, and the statistics of each result."""
    stats = {name: dict(zip(FIELDS, moments.fields(), strict=True)) for name, moments in named.items()}
    return json_of({"points": points, "stats": stats})


def show(screen: Screen, points: int, named: Mapping[str, Moments]) -> None:
    """A row for each result."""
    rows = [[to_show(x) for x in moments.fields()] for moments in named.values()]
    if not any(moments.nan for moments in named.values()):
        kept = [k for k, field in enumerate(FIELDS) if field != "nan"]
    else:
        kept = list(range(len(FIELDS)))
    table: list[list[str]] = []
    for k in kept:
        numbers = align([row[k] for row in rows])
        table.append([FIELDS[k], *numbers])
    head = max(columns(name) for name in named)
    widths = [max(map(len, column)) for column in table]
    cells = [pad(column[0], width) for column, width in zip(table, widths, strict=True)]
    screen.line(GAP.join([" " * head, *[screen.paint(cell, "head") for cell in cells]]))
    for k, name in enumerate(named, 1):
        style = "value" if k == 1 else "partial"
        numbers = [screen.paint(pad(column[k], width), style) for column, width in zip(table, widths, strict=True)]
        screen.line(GAP.join([pad(name, head), *numbers]))
    screen.line(screen.paint(f"over {points:,} row{'' if points == 1 else 's'}", "faint"))
