"""What a run over many rows says on standard error: how many rows were odd, and what happened at the first of them."""

from __future__ import annotations

from gradcli.batch.outcome import DROPPED, INFINITE, LOST, SKIPPED, UNDEFINED, UNKNOWN
from gradcli.errors import excerpt
from gradcli.views.notes import point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gradcli.api.function import Function
    from gradcli.batch.outcome import Outcome, Tally


def lines(outcome: Outcome, function: Function, labels: Sequence[str], at: Mapping[str, float]) -> Iterator[str]:
    """labels: of the inputs; at: the variables that are the same in all rows."""
    for kind, wording in WORDING.items():
        tally = outcome.tallies.get(kind)
        if tally is None:
            continue
        number, row, detail = tally.first
        rows = f"{tally.count:,} of {outcome.rows:,} row{'' if outcome.rows == 1 else 's'}"
        if kind == DROPPED:
            yield f"note: {rows} {wording(tally)}: {labels[number]}, row {row} {detail}"
            continue
        if isinstance(detail, str):
            yield f"note: {rows} {wording(tally)}: {detail}"
            continue
        given = {x: float.fromhex(v) for x, v in detail.items()}
        where = f"{labels[number]}, row {row}, {point(given)}"
        told = f"note: {rows} {wording(tally)}: {where}"
        yield told if kind == UNKNOWN else _explained(told, function, {**at, **given})


def _lost(tally: Tally) -> str:
    return "has no number and gives NaN" if tally.count == 1 else "have no number and give NaN, first"


def _dropped(tally: Tally) -> str:
    return "is left out" if tally.count == 1 else "are left out, first"


def _unknown(tally: Tally) -> str:
    return "has NaN among its numbers" if tally.count == 1 else "have NaN among their numbers, first"


def _undefined(tally: Tally) -> str:
    return "is NaN" if tally.count == 1 else "are NaN, first"


def _infinite(tally: Tally) -> str:
    return "is not finite" if tally.count == 1 else "are not finite, first"


WORDING = {
    LOST: _lost,
    SKIPPED: _dropped,
    DROPPED: _dropped,
    UNKNOWN: _unknown,
    UNDEFINED: _undefined,
    INFINITE: _infinite,
}


def _explained(told: str, function: Function, given: dict[str, float]) -> str:
    """With the first thing that made the row so: the operation and its place."""
    evaluation = function.evaluate_at({x: given[x] for x in function.variables})
    kinds = ("domain", "infinite", "overflow", "underflow", "indeterminate")
    found = [note for note in evaluation.notes if note.kind in kinds]
    if not found:
        return told
    return f"{told}\n  {found[0].message}\n{excerpt(function.text, found[0].at)}"
