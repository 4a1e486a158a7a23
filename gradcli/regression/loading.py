"""From columns to what is fitted: the predictors of the model, the response and the weights, row by row."""

from __future__ import annotations

import numpy as np

from gradcli.api.function import Function
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS, mind_names, parse
from gradcli.regression.rows import Rows
from gradcli.text import listed, nearest

SQUARABLE = 1e140

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any


class Model:
    """A model text with its response and weights, held against the columns of a table.

    program: of the model; names: the parameters, in order of first appearance in it; predictors: the columns that it
    needs; columns: all that are needed; lost: rows left out while loading.
    """

    def __init__(
        self, text: str, response: str, columns: Sequence[str], start: Mapping[str, Any], held: Mapping[str, float],
        sigma: str | None = None, limit: int = MAX_OPERATIONS,
    ) -> None:  # fmt: skip
        """Raises UsageError and ExpressionError where names do not go together."""
        for flag, names in (("start", start), ("at", held)):
            for name in names:
                if name in columns:
                    raise UsageError(f"{name} is given by {flag} and is a column of the table", "rename one of them")
        for name in held:
            if name in start:
                raise UsageError(f"{name} has a start and a value that is held", "leave one of them out")
        known = frozenset([*start, *held, *columns])
        self.text, self.response_text = text, response
        self.program = parse(text, bound=known, max_operations=limit)
        mind_names(self.program, known)
        if len(self.program.results) > 1:
            raise UsageError("a tuple of results is no model", "fit one formula")
        variables = self.program.variables
        for flag, names in (("start", start), ("at", held)):
            for name in names:
                if name not in variables:
                    meant = nearest(name, variables)
                    cure = f"did you mean {meant}?" if meant else f"the variables are {listed(variables or ('none',))}"
                    raise UsageError(f"{flag} gives {name}, which is not in the model", cure)
        missing = [name for name in variables if name not in known]
        if missing:
            what = f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} neither a parameter nor a column"
            cure = f"give a parameter its start: {missing[0]}=1; the columns are {listed(tuple(columns))}"
            raise UsageError(what, cure)
        self.names = [name for name in variables if name in start]
        self.predictors = [name for name in variables if name in columns]
        self._response = _of_columns("y", response, columns)
        self._sigma = None if sigma is None else _of_columns("sigma", sigma, columns)
        further = [*self._response.variables, *(self._sigma.variables if self._sigma else ())]
        self.columns = list(dict.fromkeys([*self.predictors, *further]))
        self.lost = 0

    def load(self, label: str, pieces: Iterable[Mapping[str, Any]], *, skip: bool = False) -> Rows:
        """The rows, of which each piece has arrays of the columns. skip: leave out those without finite numbers.

        Raises UsageError with the first such row otherwise, and where there are fewer rows than parameters.
        """
        rows = Rows(len(self.predictors) + 2)
        seen, largest = 0, 0.0
        for piece in pieces:
            made = [*[np.asarray(piece[x], np.float64) for x in self.predictors], _evaluated(self._response, piece)]
            u = np.ones(len(made[-1])) if self._sigma is None else _evaluated(self._sigma, piece)
            with np.errstate(all="ignore"):
                made.append(1 / u)
                bad = ~(np.isfinite(made).all(axis=0) & (u > 0))
            if bad.any():
                if not skip:
                    raise self._no_number(label, seen + int(np.argmax(bad)), [*made[:-1], u], int(np.argmax(bad)))
                self.lost += int(bad.sum())
                made = [column[~bad] for column in made]
            seen += len(bad)
            rows.append(made)
            largest = max(largest, float(np.max(np.abs(made[-2] * made[-1]), initial=0.0)))
        if largest and not 1 / SQUARABLE <= largest <= SQUARABLE:
            what = f"y is up to {largest:g} times its sigma, whose square float64 does not hold"
            raise UsageError(f"{label}: {what}", "take another unit for y")
        if rows.count < len(self.names):
            what = f"{label} has {rows.count} row{'' if rows.count == 1 else 's'} for {len(self.names)} parameters"
            raise UsageError(what, "fit fewer parameters, or hold some")
        return rows

    def _no_number(self, label: str, row: int, columns: list[Any], k: int) -> UsageError:
        names = [*self.predictors, f"y = {self.response_text}", "sigma"]
        place = next(j for j, column in enumerate(columns) if not np.isfinite(column[k]) or (j == len(columns) - 1))
        what = f"{label}, row {row + 1}: {names[place]} is {columns[place][k]:g}"
        return UsageError(what, "--on-error skip leaves such rows out")


def _of_columns(what: str, text: str, columns: Sequence[str]) -> Function:
    """An expression of columns alone. Raises UsageError."""
    program = parse(text, bound=frozenset(columns))
    missing = [name for name in program.variables if name not in columns]
    if missing or not program.variables:
        message = f"{what} names {missing[0]}, which is no column" if missing else f"{what} names no column"
        raise UsageError(message, f"the columns are {listed(tuple(columns))}")
    return Function(program)


def _evaluated(function: Function, piece: Mapping[str, Any]) -> Any:
    """The expression at every row; a name alone is its column."""
    program = function.program
    if program.results[0] == program.leaf.get(program.variables[0]):
        return np.asarray(piece[program.variables[0]], np.float64)
    return function.map(**{x: piece[x] for x in program.variables})[0]
