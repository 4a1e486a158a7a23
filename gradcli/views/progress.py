"""The bar of a long run on a terminal: how far, rows a second, time left."""

from __future__ import annotations

import sys
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@contextmanager
def progress(sizes: Sequence[int | None]) -> Iterator[Callable[[int, int, float], None] | None]:
    """What is called with (rows written, number of the input, fraction of it); None where nobody looks.

    sizes: of the inputs in bytes, None where one is not known.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    known = [size for size in sizes if size is not None]
    whole: int = sum(known)
    total = whole if len(known) == len(sizes) and whole else None
    before = [sum(known[:k]) for k in range(len(known))]
    console = Console(stderr=True)
    columns = [
        BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), TextColumn("left"),
    ]  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, rows=0, speed="")
        rows = begun = None

        def advance(more: int, number: int, fraction: float) -> None:
            nonlocal rows, begun
            if rows is None:
                rows = begun = more  # what an earlier run did
            else:
                rows += more
            elapsed = bar.tasks[task].elapsed or 0.0
            speed = f"{(rows - (begun or 0)) / elapsed:,.0f} rows/s" if elapsed > 0.2 else ""
            done = before[number] + fraction * known[number] if total else None
            bar.update(task, completed=done, rows=rows, speed=speed)

        yield advance
