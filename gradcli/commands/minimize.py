"""`gradcli minimize`: the minimum of an expression, and how far it can be trusted."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack

from gradcli.commands import exits
from gradcli.commands.inputs.layout import ArrayFiles
from gradcli.commands.inputs.points import unknown
from gradcli.commands.inputs.sources import expression
from gradcli.commands.inputs.startvalues import GivenBounds, rate_of, values_of
from gradcli.commands.problem import tell_readings
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS, mind_names, parse
from gradcli.text import label_of, listed, shown, tell_note
from gradcli.views.output import StandardOutput
from gradcli.views.progress import bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from gradcli.commands.inputs.pointfile import PointFile
    from gradcli.language.program import Program
    from gradcli.minimize.answer import Answer
    from gradcli.minimize.objective import Objective
    from gradcli.minimize.recorder import Step

STEPS = 100_000  # of the methods that stop when they are there
PLAIN_STEPS = 10_000  # of those with a learning rate


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli minimize`: the exit status."""
    # On a busy machine matrices of 100 variables take ten times as long with threads; NumPy is not loaded yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    text = expression(command, parameters)
    files = ArrayFiles([*parameters["start"], *parameters["at"]], parameters)
    start = values_of("--start", parameters["start"], files)
    fixed = values_of("--at", parameters["at"], files)
    for note in files.notes.values():
        tell_note(f"note: {note}")
    bounds = GivenBounds(parameters["bounds"], start)
    method = _method(parameters, bounds)
    rate = rate_of(parameters["lr"])
    data = _data(parameters, {"--start": start, "--at": fixed})
    program = _program(text, parameters["max_operations"], start, fixed, data)
    if data is not None:
        fixed.update(_columns(data, program))

    from gradcli.minimize.answer import minimize
    from gradcli.minimize.methods import METHODS
    from gradcli.minimize.objective import Objective

    varied = {name: start[name] for name in program.variables if name in start}
    objective = Objective(program, varied, fixed, maximize=parameters["maximize"])
    # How many steps the others take nobody knows beforehand: they stop when they are there.
    plain = method is not None and METHODS[method].rate is not None
    steps = parameters["steps"] or (PLAIN_STEPS if plain else STEPS)
    limits = bounds.vectors(objective.names, objective.shapes)
    with Watch(parameters["trace"], objective, steps if plain else None) as watch:
        answer = minimize(
            objective, method, steps=steps, rate=rate, bounds=limits, tell=watch.tell
        )  # fmt: skip
    # Where the trace has standard output to itself the answer is told on standard error.
    _print(answer, parameters["json"], sys.stderr if parameters["trace"] == "-" else sys.stdout)
    lost = bool(files.lost) or (data is not None and data.lost > 0)
    return exits.DONE if answer.converged and not lost else exits.NO


def _print(answer: Answer, json: bool, file: TextIO) -> None:
    from gradcli.views.minimize import line, show

    if json:
        print(line(answer), file=file)
    else:
        from gradcli.views.screen import Screen

        show(Screen(file), answer)


def _method(parameters: dict[str, Any], bounds: GivenBounds) -> str | None:
    """The method; the options must go with it."""
    from gradcli.minimize.methods import METHODS

    method = parameters["method"]
    if bounds.any and method is not None and not METHODS[method].bounded:
        able = tuple(name for name, row in METHODS.items() if row.bounded)
        raise UsageError(f"{method} knows no bounds", f"{listed(able)} do, and the default")
    if parameters["lr"] is not None and (method is None or METHODS[method].rate is None):
        able = tuple(name for name, row in METHODS.items() if row.rate is not None)
        raise UsageError(f"{method or 'the default method'} has no learning rate", f"--lr goes with {listed(able)}")
    return method


def _data(parameters: dict[str, Any], given: dict[str, dict[str, Any]]) -> PointFile | None:
    """The table, whose columns nothing else may give; given: for each flag its names."""
    path = data_path(parameters)
    if path is None:
        return None
    from gradcli.commands.inputs.pointfile import PointFile

    file = PointFile(path, parameters)
    for flag, names in given.items():
        for name in names:
            if name in file.columns:
                raise UsageError(f"{name} is given by {flag} and by {label_of(path)}", "rename one of them")
    return file


def data_path(parameters: dict[str, Any]) -> str | None:
    """The table that stands after the expression, or that of `--data`. Raises UsageError."""
    texts = parameters["DATA"]
    if not texts:
        return parameters["data"]
    if len(texts) > 1:
        raise UsageError(
            f'"{shown(texts[1])}" is one argument too many', "put the expression in quotes; DATA is one table"
        )
    if parameters["data"] is not None:
        raise UsageError("the data are given twice, as DATA and by --data", "give them once")
    return texts[0]


def _program(
    text: str, limit: int | None, start: dict[str, Any], fixed: dict[str, Any], data: PointFile | None
) -> Program:
    """The program, of which every variable has a start, a fixed value or a column."""
    columns = () if data is None else data.columns
    known = frozenset([*start, *fixed, *columns])
    program = parse(text, bound=known, max_operations=limit or MAX_OPERATIONS)
    if len(program.results) > 1:
        raise UsageError("a tuple of results has no minimum", "minimize one result, or their sum")
    mind_names(program, [*start, *fixed, *columns])
    for flag, name in [*[("--start", x) for x in start], *[("--at", x) for x in fixed]]:
        if flag == "--at" and name in start:
            raise UsageError(f"{name} is given by --start and by --at", "--at gives what stays as it is")
        if name not in program.variables:
            raise unknown(f"{flag} gives {name}, which is not in the expression", name, program.variables)
    missing = [name for name in program.variables if name not in known]
    if missing:
        cure = f"add --start {','.join(f'{shown(name)}=1' for name in missing[:12])}"
        what = f"no start for {listed(tuple(missing))}"
        if data is not None:
            what += f", and no such column in {data.label}"
            cure += f"; the columns are {listed(tuple(shown(name) for name in data.columns))}" + data.cure(missing[0])
        raise UsageError(what, cure)
    if not start:
        raise UsageError("there is nothing to vary", "name the variables with their start: --start x=5")
    tell_readings(program)
    return program


def _columns(file: PointFile, program: Program) -> dict[str, Any]:
    """The columns that the program uses, as vectors; what is ignored is told."""
    import numpy as np

    file.take(program.variables)
    for note in file.notes:
        tell_note(f"note: {note}")
    return dict(zip(file.names, map(np.array, file.vectors()), strict=True))


class Watch:
    """Tells of each step: in the trace, and on a terminal with a bar on standard error."""

    def __init__(self, path: str | None, objective: Objective, steps: int | None) -> None:
        """path: of the trace; steps: how many there will be, if known.

        Raises UsageError where the trace cannot be written.
        """
        self._objective = objective
        self._path = path
        self._steps = steps
        self._held = ExitStack()
        self._line: Callable[[str], None] | None = None
        self._update: Any = None

    def __enter__(self) -> Watch:
        if self._path == "-":
            output = StandardOutput()
            self._held.callback(output.flush)
            self._line = output.line
        elif self._path is not None:
            try:
                file = self._held.enter_context(open(self._path, "w", encoding="utf-8"))
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise UsageError(f"--trace: {label_of(self._path)} cannot be written: {why}") from None
            self._line = lambda text: print(text, file=file)
        columns = "minimize", "BarColumn", "MofNCompleteColumn", "value {task.fields[value]}"
        self._update = self._held.enter_context(bar(self._steps, *columns, value=""))
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def tell(self, step: Step) -> None:
        """Write the step to the trace, and to the bar."""
        value = self._objective.sign * step.value
        if self._update is not None:
            self._update(completed=step.number, value=f"{value:.6g}")
        if self._line is not None:
            from gradcli.views.minimize import step_line

            self._line(step_line(step, value, self._objective.point(step.x)))
