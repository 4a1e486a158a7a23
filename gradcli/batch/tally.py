"""What there is to tell of the rows of a chunk: which have no numbers, which no finite results, and the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcli.batch.outcome import DROPPED, INFINITE, LOST, SKIPPED, UNDEFINED, UNKNOWN, Outcome, Tally
from gradcli.batch.sums import moments
from gradcli.tables.chunk import Chunk


@dataclass
class Numbers:
    """The variables of a chunk.

    columns: variable to its array, NaN in the rows that are lost; own: name to the same as read, and
    which of it is missing or None; lost: which rows lack a number, or None; message: about the first of these.
    """

    label: str
    columns: dict[str, Any]
    own: dict[str, tuple[Any, Any]]
    lost: Any = None
    message: str = ""

    def lose(self, missing: Any, message: str) -> None:
        """Some rows lack the number of a further variable; message: about the first of them."""
        if missing is None:
            return
        if self.lost is None or missing.argmax() < self.lost.argmax():
            self.message = message
        self.lost = missing if self.lost is None else self.lost | missing

    def spread(self) -> None:
        """A row that lacks one number has none."""
        if self.lost is not None:
            self.columns = {x: np.where(self.lost, np.nan, column) for x, column in self.columns.items()}


def outcome_of(
    chunk: Chunk, numbers: Numbers, outputs: Sequence[Any], number: int, *, skip: bool, sums: bool
) -> Outcome:
    """number: that of the input; skip: rows without numbers are left out; sums: those of the outputs are wanted."""
    outcome = Outcome(len(outputs[0]) + len(chunk.dropped))
    if chunk.dropped:
        row, message = chunk.dropped[0]
        outcome.count(DROPPED, Tally(len(chunk.dropped), (number, row, message)))
    lost = numbers.lost
    if lost is not None:
        first = chunk.row(int(lost.argmax()))
        outcome.count(SKIPPED if skip else LOST, Tally(int(lost.sum()), (number, first, numbers.message)))
    odd = _not_finite(outputs)
    if odd is not None:
        _sort(outcome, chunk, numbers, outputs[0], odd if lost is None else odd[~lost[odd]], number)
    if sums:
        outcome.moments = [moments(x if lost is None else x[~lost]) for x in outputs]
    return outcome


def _sort(outcome: Outcome, chunk: Chunk, numbers: Numbers, value: Any, odd: Any, number: int) -> None:
    """Sort the rows that are not finite: NaN among their numbers, outside the domain, infinite."""
    given = [np.asarray(column[odd], np.float64) for column in numbers.columns.values()]
    unknown = np.zeros(len(odd), bool)
    for column in given:
        unknown |= np.isnan(column)
    undefined = np.isnan(value[odd]) & ~unknown
    for kind, those in {UNKNOWN: unknown, UNDEFINED: undefined, INFINITE: ~(unknown | undefined)}.items():
        if those.any():
            k = int(those.argmax())
            point = {x: float(column[k]).hex() for x, column in zip(numbers.columns, given, strict=True)}
            outcome.count(kind, Tally(int(those.sum()), (number, chunk.row(int(odd[k])), point)))


def _not_finite(outputs: Sequence[Any]) -> Any:
    """The rows in which a result is not finite, or None; a sum finds out at half the price of a test by element."""
    found = None
    for output in outputs:
        with np.errstate(all="ignore"):
            if np.isfinite(output.sum()):
                continue
        bad = ~np.isfinite(output)
        found = bad if found is None else found | bad
    return None if found is None or not found.any() else np.flatnonzero(found)
