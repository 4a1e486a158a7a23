"""`--accumulate`: one evaluation for all points, as repeated `backward()` gives it."""

from __future__ import annotations

import math
from array import array

from gradcli.faces.result import Evaluation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gradcli.faces.result import Note

NOTES = 20


def accumulated(evaluations: Iterable[Evaluation]) -> Evaluation:
    """The sums of the values and of each partial, each rounded once; the notes, each kind and place once."""
    values: list[array[float]] = []
    partials: dict[str, array[float]] = {}
    notes: dict[tuple[str, str, tuple[int, int]], Note] = {}
    single = True
    grad = False
    more = 0
    for evaluation in evaluations:
        value = evaluation.value
        single = isinstance(value, float)
        row = (value,) if single else value
        if not values:
            values = [array("d") for _ in row]
            grad = evaluation.grad is not None
            partials = {name: array("d") for name in evaluation.grad or ()}
        for column, x in zip(values, row, strict=True):
            column.append(x)
        for name, x in (evaluation.grad or {}).items():
            partials[name].append(x)
        more += evaluation.more
        for note in evaluation.notes:
            notes.setdefault((note.kind, note.op, note.at), note)
    sums = tuple(total(column) for column in values)
    kept = list(notes.values())
    return Evaluation(
        {},
        sums[0] if single else sums,
        {name: total(column) for name, column in partials.items()} if grad else None,
        kept[:NOTES],
        more + max(0, len(kept) - NOTES),
    )


def total(numbers: Sequence[float]) -> float:
    """The sum, rounded once; IEEE's answer where an infinity or a NaN is among the numbers."""
    try:
        return math.fsum(numbers)
    except ValueError:  # infinities of both signs
        return math.nan
    except OverflowError:  # perhaps only on the way
        return math.fsum([math.ldexp(x, -100) for x in numbers]) * 2.0**100
