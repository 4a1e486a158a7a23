"""`gradcli batch --accumulate` and `--stats`: sums and statistics of the results, as a table or as JSON."""

from __future__ import annotations

from gradcli.batch.outcome import FIELDS, Moments
from gradcli.views.jsonlines import json_of
from gradcli.views.numbers import align, tabled, to_show
from gradcli.views.prose import GAP, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.views.screen import Screen


def json_line(points: int, named: Mapping[str, Moments], audited: dict[str, Any] | None = None) -> str:
    """One object: how many points, and the statistics of each result; audited: see `with_audit`."""
    stats = {name: dict(zip(FIELDS, moments.fields(), strict=True)) for name, moments in named.items()}
    return with_audit(json_of({"points": points, "stats": stats}), audited)


def with_audit(line: str, audited: dict[str, Any] | None) -> str:
    """A line of JSON with what an audit found, where there was one."""
    return line if audited is None else line.removesuffix("}") + ', "audit": ' + json_of(audited) + "}"


def show(screen: Screen, points: int, named: Mapping[str, Moments]) -> None:
    """A row for each result."""
    rows = zip(*[[to_show(tabled(x)) for x in moments.fields()] for moments in named.values()], strict=True)
    table = [padded(["", *named])]
    for field, numbers in zip(FIELDS, rows, strict=True):
        if field != "nan" or any(moments.nan for moments in named.values()):
            table.append(padded([field, *align(numbers)]))
    for k, (name, *cells) in enumerate(zip(*table, strict=True)):
        style = ("head", "value", "partial")[min(k, 2)]
        screen.line(GAP.join([name, *[screen.paint(cell, style) for cell in cells]]))
    screen.line(screen.paint(f"over {points:,} row{'' if points == 1 else 's'}", "faint"))
