"""Bars on a terminal, gone when the work is done; where nobody looks at standard error there is none."""

from __future__ import annotations

import sys
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any


@contextmanager
def bar(total: float | None, *columns: str, **fields: Any) -> Iterator[Any]:
    """Its `update(**changes)`, and how long it is there; None where nobody looks.

    columns: names of rich's columns, and texts with the fields in them; total: None where the end is not known.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    made = [getattr(progress, x)() if x.endswith("Column") else progress.TextColumn(x) for x in columns]
    with progress.Progress(
        *made, console=Console(stderr=True, highlight=False, force_jupyter=False), transient=True
    ) as shown:
        task = shown.add_task("", total=total, **fields)

        def update(**changes: Any) -> float:
            shown.update(task, **changes)
            return shown.tasks[0].elapsed or 0.0

        yield update


@contextmanager
def rows_done(sizes: Sequence[int | None]) -> Iterator[Callable[[int, int, float], None] | None]:
    """What is called with (rows written, number of the input, fraction of it); None where nobody looks.

    sizes: of the inputs in bytes, None where one is not known.
    """
    known = [size for size in sizes if size is not None]
    total = sum(known) if len(known) == len(sizes) else 0
    before = [sum(known[:k]) for k in range(len(known))]
    rows = begun = -1

    def advance(more: int, number: int, fraction: float) -> None:
        nonlocal rows, begun
        if begun < 0:
            rows = begun = more  # what an earlier run did
        else:
            rows += more
        elapsed = update(completed=before[number] + fraction * known[number] if total else None, rows=rows)
        if elapsed > 0.2:
            update(speed=f"{(rows - begun) / elapsed:,.0f} rows/s")

    texts = "{task.fields[rows]:,} rows", "{task.fields[speed]}"
    columns = "BarColumn", "TaskProgressColumn", *texts, "TimeRemainingColumn", "left"
    with bar(total or None, *columns, rows=0, speed="") as update:
        yield None if update is None else advance


@contextmanager
def units_done(total: int) -> Iterator[Callable[[int, int], None]]:
    """What is called with (rows of a unit that is done, how many further units are known by it)."""
    rows = 0

    def advance(more_rows: int, more_units: int) -> None:
        nonlocal rows, total
        rows += more_rows
        total += more_units
        if update is not None:
            update(advance=1, total=total, rows=rows)

    columns = "MofNCompleteColumn", "tasks, {task.fields[rows]:,} rows", "TimeElapsedColumn", "TimeRemainingColumn"
    with bar(total, "BarColumn", *columns, rows=0) as update:
        yield advance
