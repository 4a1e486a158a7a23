"""What a run over many rows says on standard error: how many rows were odd, and what happened at the first of them."""

from __future__ import annotations

import math

from gradcli.batch.outcome import AUDIT, DROPPED, INFINITE, LOST, SKIPPED, UNDEFINED, UNKNOWN
from gradcli.errors import excerpt
from gradcli.views.notes import point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from gradcli.api.function import Function
    from gradcli.batch.outcome import Outcome


def lines(outcome: Outcome, function: Function, labels: Sequence[str], at: Mapping[str, float]) -> Iterator[str]:
    """labels: of the inputs; at: the variables that are the same in all rows."""
    yield from _audited(outcome, function, labels)
    for kind, wording in WORDING.items():
        tally = outcome.tallies.get(kind)
        if tally is None:
            continue
        number, row, detail = tally.first
        rows = f"{tally.count:,} of {outcome.rows:,} row{'' if outcome.rows == 1 else 's'} {wording[tally.count > 1]}"
        if kind == DROPPED:
            yield f"note: {rows}: {labels[number]}, row {row} {detail}"
            continue
        if isinstance(detail, str):
            yield f"note: {rows}: {detail}"
            continue
        given = {x: float.fromhex(v) for x, v in detail.items()}
        where = f"{labels[number]}, row {row}, {point(given)}"
        told = f"note: {rows}: {where}"
        yield told if kind == UNKNOWN else _explained(told, function, {**at, **given})


def audit_of(outcome: Outcome, function: Function) -> dict[str, Any] | None:
    """What an audit found, for JSON; None where there was none.

    {"rows": audited, "over": those with a bound over 8 units in the last place, "worst": {"input": .., "row": ..,
    "result": .., "ulps": .., "at": {..}}}; input counts from 0, row from 1.
    """
    tally = outcome.tallies.get(AUDIT)
    if tally is None:
        return None
    found: dict[str, Any] = {"rows": outcome.rows - outcome.lost, "over": tally.count}
    number, row, detail = tally.first
    if detail:
        ulps, k, given = detail
        result = ["value", *[f"d/d{x}" for x in function.wrt]][k]
        at = {x: float.fromhex(v) for x, v in given.items()}
        found["worst"] = {"input": number, "row": row, "result": result, "ulps": float.fromhex(ulps), "at": at}
    return found


def _audited(outcome: Outcome, function: Function, labels: Sequence[str]) -> Iterator[str]:
    found = audit_of(outcome, function)
    if found is None:
        return
    many = "" if found["rows"] == 1 else "s"
    told = f"{found['over']:,} of {found['rows']:,} row{many} may be off by more than 8 units in the last place"
    if worst := found.get("worst"):
        ulps = worst["ulps"]
        size = "by any amount" if ulps == math.inf else f"by {ulps:.2g} units"
        told += f"; the worst is {worst['result']} {size} in {labels[worst['input']]}, row {worst['row']}, "
        told += point(worst["at"])
    yield f"audit: {told}"


# What is said of one row, and of several.
_DROPPED = ("is left out", "are left out, first")
WORDING = {
    LOST: ("has no number and gives NaN", "have no number and give NaN, first"),
    SKIPPED: _DROPPED,
    DROPPED: _DROPPED,
    UNKNOWN: ("has NaN among its numbers", "have NaN among their numbers, first"),
    UNDEFINED: ("is NaN", "are NaN, first"),
    INFINITE: ("is not finite", "are not finite, first"),
}


def _explained(told: str, function: Function, given: dict[str, float]) -> str:
    """With the first thing that made the row so: the operation and its place."""
    evaluation = function.evaluate_at({x: given[x] for x in function.variables})
    kinds = ("domain", "infinite", "overflow", "underflow", "indeterminate")
    found = [note for note in evaluation.notes if note.kind in kinds]
    if not found:
        return told
    return f"{told}\n  {found[0].message}\n{excerpt(function.text, found[0].at)}"
