"""`gradcli fit`: the parameters of a model by least squares, with their standard errors."""

from __future__ import annotations

import sys
from itertools import product

from gradcli.commands import exits
from gradcli.commands.inputs.layout import ArrayFiles, left_out
from gradcli.commands.inputs.pointfile import PointFile
from gradcli.commands.inputs.sources import expression
from gradcli.commands.inputs.startvalues import GivenBounds, values_of
from gradcli.commands.inputs.values import constant
from gradcli.commands.minimize import data_path
from gradcli.commands.problem import names_of_wrt, tell_readings
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS
from gradcli.text import listed, shown, tell_note
from gradcli.views.progress import bar

# The options by which plot --fit reads the data again.
READ = ("sigma", "column", "on_error", "delimiter", "comment", "header", "decimal")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.regression.answer import Fit


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli fit`: the exit status. Raises UsageError."""
    text = expression(command, parameters)
    path = data_path(parameters)
    if path is None:
        raise UsageError("fit needs a table", 'write gradcli fit "a + b*x" data.csv --y y --start a=1,b=1')
    if parameters["y"] is None:
        raise UsageError("fit needs the response", "write --y y, or an expression of columns: --y 'log(y)'")
    if not parameters["start"]:
        raise UsageError("fit needs the parameters with their start", "write --start a=1,b=1")
    files = ArrayFiles([], parameters)
    start = _numbers("--start", values_of("--start", parameters["start"], files))
    held = _numbers("--at", values_of("--at", parameters["at"], files))
    given = GivenBounds(parameters["bounds"], start)
    coverage = 0.95 if parameters["coverage"] is None else constant("--coverage", parameters["coverage"])[0]
    if not 0 < coverage < 1:
        raise UsageError(f"a coverage of {coverage:g} is no probability", "write one between 0 and 1: 0.95")
    table = PointFile(path, parameters, stream=True)

    from gradcli.regression.answer import STEPS, fitted
    from gradcli.regression.loading import Model
    from gradcli.regression.problem import Problem

    limit = parameters["max_operations"] or MAX_OPERATIONS
    model = Model(text, parameters["y"], table.columns, start, held, parameters["sigma"], limit)
    loss = _loss(parameters["loss"])
    profiles = names_of_wrt(parameters["profile"], "--profile")
    _mind_profiles(profiles, model.names)
    points = _points(parameters["band"], model.predictors)
    tell_readings(model.program)
    skip = parameters["on_error"] == "skip"
    rows = model.load(table.label, table.pieces(model.columns), skip=skip)
    lost = table.lost + model.lost
    for note in table.notes:
        tell_note(f"note: {note}")
    if lost:
        tell_note(f"note: {left_out(table.label, lost, rows.count)}")
    problem = Problem(model.program, model.names, model.predictors, held, rows, loss)
    bounds = given.vectors(model.names, [()] * len(model.names))

    import numpy as np

    first = np.array([start[name] for name in model.names])
    with bar(None, "step {task.completed}", "sum of squares {task.fields[cost]}", cost="") as update:

        def told(number: int, b: Any, cost: float) -> None:
            if update is not None:
                update(completed=number, cost=f"{cost:.6g}")

        steps = parameters["steps"] or STEPS
        found = fitted(problem, first, absolute=parameters["absolute"], bounds=bounds, limit=steps, tell=told)
    found.response = parameters["y"]
    found.reading = {"data": path, **{name: parameters[name] for name in READ if parameters[name]}}
    if profiles or points:
        from gradcli.regression.intervals import band, profile

        for name in profiles:
            found.profile[name] = profile(problem, found, name, coverage, bounds)
        band(problem, found, points, coverage)
    _print(found, parameters["json"])
    return exits.DONE if found.converged and not lost else exits.NO


def _print(found: Fit, json: bool) -> None:
    from gradcli.views.fit import line, show

    if json:
        print(line(found))
    else:
        from gradcli.views.screen import Screen

        show(Screen(sys.stdout), found)
    for remark in found.remarks:
        tell_note(f"note: {remark}")


def _numbers(flag: str, values: dict[str, Any]) -> dict[str, float]:
    for name, value in values.items():
        if not isinstance(value, float):
            raise UsageError(f"{flag} {name}: a parameter is one number", f"write {flag} {name}=1")
        if value - value != 0:
            raise UsageError(f"{flag} {name}: {value:g} is not finite", f"write {flag} {name}=1")
    return values


def _loss(text: str | None) -> Any:
    """`huber`, or `huber:1.5` with its scale. Raises UsageError."""
    if text is None:
        return None
    from gradcli.regression.library import loss_of

    name, colon, scale = text.partition(":")
    return loss_of(shown(name.strip()), constant("--loss", scale)[0] if colon else 1.0)


def _mind_profiles(names: list[str], parameters: list[str]) -> None:
    for name in names:
        if name not in parameters:
            raise UsageError(
                f"--profile names {name}, which is no parameter", f"the parameters are {listed(parameters)}"
            )


def _points(texts: list[str], predictors: list[str]) -> list[dict[str, float]]:
    """The grid of `--band x=0:100:50`. Raises UsageError."""
    if not texts:
        return []
    from gradcli.commands.inputs.sweep import sweep

    sweeps = [sweep(text, "--band") for text in texts]
    names = [name for one in sweeps for name in one.names]
    if sorted(names) != sorted(predictors):
        what = f"--band gives {listed(names)}, and the columns of the model are {listed(predictors) or 'none'}"
        raise UsageError(what, "give each of them once: --band x=0:100:50")
    return [dict(zip(names, (x for (x,) in row), strict=True)) for row in product(*[one.floats() for one in sweeps])]
