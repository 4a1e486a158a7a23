"""`--accumulate`: one evaluation for all points, as repeated `backward()` gives it."""

from __future__ import annotations

from array import array

from gradcli.api.evaluation import Evaluation, Note
from gradcli.domains.floats import sum_of
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn

NOTES = 20


def accumulated(evaluations: Iterable[Evaluation]) -> Evaluation:
    """The sums of the values and of each partial, each rounded once; the notes, each kind and place once."""
    values: list[Any] = []
    partials: dict[str, Any] = {}
    notes: dict[tuple[str, str, tuple[int, int]], list[Any]] = {}  # the first note, and at how many points
    points = 0
    single = True
    grad = False
    more = 0
    for evaluation in evaluations:
        value = evaluation.value
        single = not isinstance(value, tuple)
        row = (value,) if single else value
        if not values:
            values = [_column(x) for x in row]
            grad = evaluation.grad is not None
            partials = {name: _column(x) for name, x in (evaluation.grad or {}).items()}
        for column, x in zip(values, row, strict=True):
            _gather(column, x)
        for name, x in (evaluation.grad or {}).items():
            _gather(partials[name], x)
        more += evaluation.more
        points += 1
        here = set()
        for note in evaluation.notes:
            key = (note.kind, note.op, note.at)
            notes.setdefault(key, [note, 0])[1] += key not in here
            here.add(key)
    sums = tuple(total(column) for column in values)
    kept = [_of_many(note, count, points) for note, count in notes.values()]
    return Evaluation(
        {},
        sums[0] if single else sums,
        {name: total(column) for name, column in partials.items()} if grad else None,
        kept[:NOTES],
        more + max(0, len(kept) - NOTES),
    )


def _of_many(note: Note, count: int, points: int) -> Note:
    """The note with the number of points at which it came up."""
    where = f" (at {count} of {points} points)" if points > 1 else ""
    return Note(note.kind, note.op, note.at, note.message + where, note.left, note.right)


def _column(first: Any) -> Any:
    """Where the numbers, or the arrays, of all points are gathered."""
    return array("d") if isinstance(first, float) else []


def _gather(column: Any, x: Any) -> None:
    """Raises UsageError where numbers and arrays meet."""
    if isinstance(column, list) is isinstance(x, float):
        _differ()
    column.append(x)


def _differ() -> NoReturn:
    raise UsageError("--accumulate: the points' arrays have different shapes", "give arrays of one shape") from None


def total(numbers: Sequence[Any]) -> Any:
    """The sum, rounded once; IEEE's answer where an infinity or a NaN is among them; arrays by element."""
    if isinstance(numbers, list):
        return _total_of_arrays(numbers)
    return sum_of(numbers)


def _total_of_arrays(arrays: list[Any]) -> Any:
    import numpy as np

    try:
        stacked = np.stack(arrays)
    except ValueError:
        _differ()
    return np.apply_along_axis(lambda column: total(array("d", column)), 0, stacked) if stacked.size else stacked.sum(0)
