"""What is computed for each row of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcli.api.function import Function
from gradcli.api.spread import PREFIX, Spread, spreads
from gradcli.errors import UsageError
from gradcli.language.names import nfkc
from gradcli.language.parser import MAX_OPERATIONS, mind_names, parse
from gradcli.tables.source import column_cure, column_of
from gradcli.text import listed, nearest


@dataclass
class Query:
    """A formula over the columns of a table; it can be pickled, and compiles anew where it arrives.

    text: the formula; wrt: names to differentiate by, all variables where it is empty; at:
    variables that are one number for all rows; columns: variable to the name of its column,
    where the two differ; names: result (`value`, `d/dx`) to the name of its column, where
    that differs; prefix: stands before the others; only: leave the table's own columns out;
    on_error: what a row without its numbers does, "stop", "nan" or "skip"; dtype: of the results,
    "float64" or "float32"; uncertain: a column `u_x` is the uncertainty of x, and there is a result `u`; audit:
    bounds on the errors of the results are wanted too.
    `ran` holds the executors that ran it here.
    """

    text: str
    wrt: Sequence[str] = ()
    at: Mapping[str, float] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    only: bool = False
    on_error: str = "stop"
    dtype: str = "float64"
    uncertain: bool = False
    audit: bool = False
    max_operations: int = MAX_OPERATIONS
    _bound: frozenset[str] = frozenset()
    _spreads: Sequence[str] = ()
    _function: Function | None = None
    _ran: set[str] = field(default_factory=set)

    @property
    def ran(self) -> set[str]:
        """The executors that ran it in this process, "blocks" and "compiled"."""
        return self._ran

    @property
    def lenient(self) -> bool:
        """Are rows without their numbers no error?"""
        return self.on_error != "stop"

    def described(self) -> dict[str, Any]:
        """All that the results depend on, for JSON."""
        at = {x: v.hex() for x, v in self.at.items()}  # JSON has no infinity
        return {k: v for k, v in vars(self).items() if not k.startswith("_")} | {"at": at}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_function": None}

    def bind(self, names: Sequence[str], label: str) -> None:
        """Compile the formula for tables with these columns. Raises UsageError and ExpressionError."""
        for variable, column in self.columns.items():
            if column_of(names, column) is None:
                raise no_column(f"--column {variable}={column}: {label} has no column {column}", column, names)
        self._bound = frozenset([*map(nfkc, names), *self.columns, *self.at, *self.wrt])
        self._function = None
        variables = self.function.variables
        for variable in self.at:
            if variable not in variables:
                raise no_column(f"--at gives {variable}, which is not in the expression", variable, variables)
            if variable in self.columns or column_of(names, variable) is not None:
                raise UsageError(f"{variable} is given by --at and by a column of {label}", "give it once")
        for variable in self.columns:
            if variable not in variables and variable.removeprefix(PREFIX) not in self._spreads:
                raise no_column(f"--column gives {variable}, which is not in the expression", variable, variables)
        sources = self.sources(names)
        missing = [x for x in variables if x not in self.at and x not in sources]
        if missing:
            mind_names(self.function.program, [*self.at, *sources, *names])
            x = missing[0]
            cures = [f"--at {x}=1 gives one number for all rows", column_cure(names, x)]
            raise no_column(f"{label} has no column {x}", x, names, "; ".join(filter(None, cures)))
        if not sources:
            message = f"the expression uses no column of {label}"
            raise UsageError(message, f"its columns are {listed(names)}")

    @property
    def function(self) -> Function:
        """The function of the rows, made at first use. Raises UsageError for a name of --wrt that it has not."""
        if self._function is None:
            program = parse(self.text, bound=self._bound, max_operations=self.max_operations)
            for x in self.wrt:
                if x not in program.variables:
                    raise no_column(f"--wrt names {x}, which is not in the expression", x, program.variables)
            known = [*self._bound, *self.columns]
            self._spreads = spreads(program.variables, known) if self.uncertain and not program.whole else []
            wrt = self.wrt or None
            self._function = Spread(program, wrt, self._spreads) if self._spreads else Function(program, wrt)
        return self._function

    def sources(self, names: Sequence[str]) -> dict[str, str]:
        """The variables that come from columns, each with the name of its column; and `u_x` with that of x's u."""
        variables = [x for x in self.function.variables if x not in self.at]
        variables += [PREFIX + x for x in self._spreads]
        found = {x: column_of(names, self.columns.get(x, x)) for x in variables}
        return {x: column for x, column in found.items() if column is not None}

    def results(self, names: Sequence[str]) -> list[str]:
        """The names of the result columns. Raises UsageError where one is taken; names: those of the kept columns."""
        own = ["value", *[f"d/d{x}" for x in self.function.wrt], *(["u"] if self._spreads else [])]
        for x in self.names:
            if x not in own:
                raise UsageError(f"--names gives {x}, which is no result", f"the results are {', '.join(own)}")
        found = [self.prefix + self.names.get(x, x) for x in own]
        for k, name in enumerate(found):
            if name in names:
                raise taken("the input", name)
            if name in found[:k]:
                raise UsageError(f"two results are called {name}", "give each its own name")
            if not name.isprintable():
                raise UsageError(f"a result cannot be called {name!a}", "a name holds no control characters")
        return found


def taken(place: str, name: str) -> UsageError:
    """A result's name is that of a column already."""
    cure = f"--prefix p_ writes p_{name}, --names gives another name, --only leaves the input out"
    return UsageError(f"{place} has a column {name} already", cure)


def no_column(message: str, name: str, names: Sequence[str], cure: str = "") -> UsageError:
    """A name that is not there: the nearest one, and all."""
    meant = nearest(name, names)
    parts = [f"did you mean {meant}?" if meant else "", f"the names are {listed(names)}" if names else "", cure]
    return UsageError(message, "; ".join(filter(None, parts)))
