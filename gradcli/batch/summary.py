"""Sums and statistics of the results as tables: what `-o` writes under `--accumulate` and `--stats`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from gradcli.batch.outcome import FIELDS, Moments
from gradcli.tables.formats import Format


def sums(points: int, wrt: tuple[str, ...], named: Mapping[str, Moments], form: Format) -> pa.Table:
    """One row; as JSON lines it is the object that `gradcli grad --accumulate --json` prints."""
    names = list(named)
    totals = [x.total for x in named.values()]
    if not form.lines:
        return pa.table({"points": [points], **{name: [x] for name, x in zip(names, totals, strict=True)}})
    return pa.table({"points": [points], "value": totals[:1], "grad": [dict(zip(wrt, totals[1:], strict=True))]})


def statistics(points: int, named: Mapping[str, Moments], form: Format) -> pa.Table:
    """A row for each result; as JSON lines one object of them."""
    rows = {name: dict(zip(FIELDS, x.fields(), strict=True)) for name, x in named.items()}
    if not form.lines:
        columns: dict[str, list[Any]] = {field: [row[field] for row in rows.values()] for field in FIELDS}
        return pa.table({"result": list(rows), **columns})
    return pa.table({"points": [points], "stats": [rows]})
