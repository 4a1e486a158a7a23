"""`gradcli propagate`: the uncertainty of a result, its budget, and whether the first order may be trusted."""

from __future__ import annotations

import sys
from copy import copy

from gradcli.api.evaluation import Evaluation
from gradcli.api.spread import PREFIX, spreads
from gradcli.commands import exits
from gradcli.commands.inputs.at import Given
from gradcli.commands.inputs.layout import ArrayFiles, layout_of
from gradcli.commands.inputs.points import unknown
from gradcli.commands.inputs.sources import expression
from gradcli.commands.inputs.uncertain import Fitted, Values, correlate, cover, free
from gradcli.commands.inputs.values import constant
from gradcli.commands.problem import heard, tell_readings
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS, mind_names, parse
from gradcli.text import label_of, listed, shown, tell_note
from gradcli.uncertainty.covariance import Inputs
from gradcli.uncertainty.inputs import Input
from gradcli.uncertainty.propagate import COVERAGE, SEED, TRIALS, Propagator, checked
from gradcli.uncertainty.rounding import RULES

FEW = 10  # points for which there are trials without a word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from gradcli.commands.inputs.pointfile import PointFile
    from gradcli.language.program import Program
    from gradcli.uncertainty.propagate import Propagation


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli propagate`: the exit status."""
    text = expression(command, parameters)
    rule = parameters["round"] or RULES[0]
    coverage = COVERAGE if parameters["coverage"] is None else constant("--coverage", parameters["coverage"])[0]
    sources = Sources(parameters)
    program = parse(text, bound=sources.bound, max_operations=parameters["max_operations"] or MAX_OPERATIONS)
    mind_names(program, sources.bound)
    points = sources.for_program(program)
    for note in sources.notes:
        tell_note(f"note: {note}")
    tell_readings(program)
    first = next(points)
    checked(first, coverage)
    trials = parameters["trials"]
    if trials is None:
        trials = TRIALS if sources.count <= FEW else 0
    view = _View(parameters, rule, program.text, several=sources.count > 1)
    propagator: Propagator | None = None
    names: list[str] = []
    for inputs in (first, *points):
        checked(inputs, coverage)
        uncertain = [name for name, x in inputs.known.items() if x.u]
        if propagator is None or uncertain != names:
            propagator, names = Propagator(program, uncertain), uncertain
        view.answer(propagator.at(inputs, coverage, trials, SEED if parameters["seed"] is None else parameters["seed"]))
    view.end()
    return exits.NO if sources.lost else exits.DONE


class Sources:
    """What gives the inputs: `--at`, `--fit`, and the rows of `--points`. bound: all names that get values; lost: rows
    that are left out; notes: for the user; count: of the points, after `for_program`."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        """Raises UsageError."""
        self._parameters = parameters
        files = ArrayFiles(parameters["at"], parameters)
        self._values = Values()
        self._given = Given(parameters["at"], files, self._values.read)
        self._fitted = Fitted(parameters["fit"]).parameters if parameters["fit"] is not None else None
        self._file: PointFile | None = None
        if parameters["points"] is not None:
            from gradcli.commands.inputs.pointfile import PointFile

            self._file = PointFile(parameters["points"], parameters)
        self.notes = list(files.notes.values())
        self.lost = sum(files.lost.values())
        self.count = 1

    @property
    def bound(self) -> frozenset[str]:
        """The names that are given values."""
        fitted = (*self._fitted.names, *self._fitted.held) if self._fitted else ()
        return frozenset([*self._given.counts, *fitted, *(self._file.columns if self._file else ())])

    def for_program(self, program: Program) -> Iterator[Inputs]:
        """The inputs of each point, which are its own. Raises UsageError."""
        variables = program.variables
        self._mind(variables)
        rows: list[dict[str, Input]] = [{}]
        if self._file is not None:
            rows = self._rows(self._file, variables)
            if len(self._given.points) > 1:
                raise UsageError(
                    "--at gives a name twice beside --points", "with --points, --at fixes the other variables"
                )
        fixed = self._fitted.inputs if self._fitted else {}
        held = self._fitted.held if self._fitted else {}
        if self._fitted:
            self._fitted.mind(variables)
        for name in fixed:
            if name in self._given.counts or name in rows[0]:
                raise UsageError(f"{name} is given by --fit and by another option", "give it once")
        known = [
            {**held, **fixed, **row, **{name: value for name, (value, _) in point.items()}}
            for point in self._given.points
            for row in rows
        ]
        missing = [name for name in variables if name not in known[0]]
        if missing:
            cure = f"add --at {','.join(f'{shown(name)}=2±0.1' for name in missing[:12])}"
            raise UsageError(f"no value for {listed(missing)}", cure)
        self.count = len(known)
        return (self._inputs({name: copy(point[name]) for name in variables}) for point in known)

    def _inputs(self, known: dict[str, Input]) -> Inputs:
        found = Inputs(known)
        self._values.join(found)
        if self._fitted is not None:
            self._fitted.join(found)
        parameters = self._parameters
        if parameters["cov"] is not None:
            cover(found, parameters["cov"], layout_of(parameters))
        correlate(found, parameters["corr"])
        free(found, parameters["dof"])
        return found

    def _mind(self, variables: tuple[str, ...]) -> None:
        for name in self._given.counts:
            if name not in variables:
                raise unknown(f"--at gives {name}, which is not in the expression", name, variables)
        if self._file is not None:
            twice = [name for name in self._given.counts if name in self._file.columns]
            if twice:
                raise UsageError(f"{twice[0]} is given by --at and by --points", "give it once")

    def _rows(self, file: PointFile, variables: tuple[str, ...]) -> list[dict[str, Input]]:
        """A row's values; a column `u_x` is the uncertainty of x, unless it is a variable itself."""
        of = {PREFIX + name: name for name in spreads(variables, file.columns)}
        file.take([*variables, *of])
        self.notes += file.notes
        self.lost += file.lost
        rows = []
        for number, numbers in enumerate(file.floats(), 1):
            row = dict(zip(file.names, map(float, numbers), strict=True))
            known = {name: Input(x) for name, x in row.items() if name in variables}
            for name, x in row.items():
                if name in of and of[name] in known:
                    if not 0 <= x < float("inf"):
                        raise UsageError(
                            f"{file.label}, row {number}: {name} is {x:g}", "an uncertainty is a number from 0"
                        )
                    known[of[name]].u = x
            rows.append(known)
        return rows


class _View:
    """Prints answers as they come."""

    def __init__(self, parameters: dict[str, Any], rule: str, text: str, several: bool) -> None:
        self._json, self._rule, self._text, self._several = parameters["json"], rule, text, several
        self._path = parameters["report"]
        if self._path is not None:
            self._write("a", "")  # so that one that cannot be written is told before anything is
        self._pages: list[str] = []
        self._said: set[str] = set()
        self._answers = 0

    def answer(self, found: Propagation) -> None:
        """Print one; what it remarks goes to standard error, once."""
        from gradcli.views.propagate import line, report, show

        for result in found.results:
            result.notes = heard(Evaluation(found.at, result.value, None, result.notes)).notes
        if self._json:
            print(line(found))
        else:
            from gradcli.views.screen import Screen

            screen = Screen(sys.stdout)
            if self._several:
                from gradcli.views.notes import point

                if self._answers:
                    screen.line()
                screen.line(screen.paint(f"at {point(found.at)}", "head"))
            show(screen, found, self._rule)
            self._notes(found)
        self._answers += 1
        if self._path is not None:
            self._pages.append(report(found, self._rule))
        for remark in found.remarks:
            if remark not in self._said:
                self._said.add(remark)
                tell_note(f"note: {remark}")

    def _notes(self, found: Propagation) -> None:
        from gradcli.views.notes import Notes

        notes = Notes(self._text, self._several)
        for result in found.results:
            notes.add(Evaluation(found.at, result.value, None, result.notes))
        notes.tell()

    def end(self) -> None:
        """Write the report. Raises UsageError."""
        if self._path is not None:
            self._write("w", "\n".join(self._pages))

    def _write(self, mode: str, text: str) -> None:
        try:
            with open(self._path, mode, encoding="utf-8") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(f"--report: {label_of(self._path)} cannot be written: {why}") from None
