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
    columns: dict[int | str, Any] = {}  # of the values by their numbers, of the partials by their names
    notes: dict[tuple[str, str, tuple[int, int]], list[Any]] = {}  # the first note, and at how many points
    points = more = 0
    for evaluation in evaluations:
        single = not isinstance(evaluation.value, tuple)
        values = (evaluation.value,) if single else evaluation.value
        numbers: dict[Any, Any] = dict(enumerate(values))
        for name, x in {**numbers, **(evaluation.grad or {})}.items():
            if name not in columns:
                columns[name] = array("d") if isinstance(x, float) else []
            _gather(columns[name], x)
        more += evaluation.more
        points += 1
        here = set()
        for note in evaluation.notes:
            key = (note.kind, note.op, note.at)
            notes.setdefault(key, [note, 0])[1] += key not in here
            here.add(key)
    sums = {name: total(column) for name, column in columns.items()}
    kept = [_of_many(note, count, points) for note, count in notes.values()]
    return Evaluation(
        {},
        sums[0] if single else tuple([sums[k] for k in range(len(values))]),
        None if evaluation.grad is None else {name: sums[name] for name in evaluation.grad},
        kept[:NOTES],
        more + max(0, len(kept) - NOTES),
    )


def _of_many(note: Note, count: int, points: int) -> Note:
    """The note with the number of points at which it came up."""
    where = f" (at {count} of {points} points)" if points > 1 else ""
    return Note(note.kind, note.op, note.at, note.message + where, note.left, note.right)


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
