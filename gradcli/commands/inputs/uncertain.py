"""The inputs of `propagate`: `--at` with uncertainties, `--corr`, `--cov`, `--dof`, `--fit`."""

from __future__ import annotations

import math

from gradcli.commands.inputs.fitanswer import FitAnswer
from gradcli.commands.inputs.values import constant, name_of
from gradcli.errors import UsageError
from gradcli.text import label_of, listed, pieces, shown
from gradcli.uncertainty.inputs import Input
from gradcli.uncertainty.library import set_dof
from gradcli.uncertainty.notation import input_of
from gradcli.uncertainty.parameters import Parameters
from gradcli.uncertainty.readings import join_readings, mean_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.commands.inputs.layout import ArrayFiles
    from gradcli.uncertainty.covariance import Inputs


class Values:
    """Reads values with uncertainties; `readings` holds what came from files: path to name to column."""

    def __init__(self) -> None:
        self.readings: dict[str, dict[str, Any]] = {}

    def read(self, place: str, text: str, files: ArrayFiles | None) -> tuple[Input, str]:
        """The input that a text stands for, and the text. Raises UsageError."""
        text = text.strip()
        if not text.startswith("@") or files is None:
            return input_of(place, text, _constant), text
        from gradcli.commands.inputs.arrayfile import array_in, parts_of

        column = array_in(place, text[1:].strip(), files)
        self.readings.setdefault(parts_of(text[1:].strip())[0], {})[place.removeprefix("--at ")] = column
        return mean_of(place, column), text

    def join(self, inputs: Inputs) -> None:
        """Give the inputs the covariances of the columns that were read together. Raises UsageError."""
        for path, columns in self.readings.items():
            join_readings(inputs, label_of(path), columns)


def _constant(place: str, text: str) -> float:
    return constant(place, text)[0]


class Fitted(FitAnswer):
    """The parameters of a fit as inputs."""

    def _take(self, found: dict[str, Any]) -> None:
        super()._take(found)
        known = found.get("absolute") or not found.get("dof")  # the uncertainties of the data, and so those here
        fitted = {x: (value, self.sd[x]) for x, value in self.values.items()}
        dof = math.inf if known else float(found["dof"])
        self.parameters = Parameters(self.label, fitted, self.cov, dof, found.get("at", {}))


def correlate(inputs: Inputs, texts: list[str]) -> None:
    """`--corr "V,I=-0.36"`; several pairs stand one after another. Raises UsageError."""
    cure = 'write --corr "V,I=-0.36"'
    for text in texts:
        names: list[str] = []
        for part in pieces(text, ","):
            name, equals, value = part.partition("=")
            names.append(name_of("--corr", name, cure))
            if equals:
                if len(names) != 2:
                    raise UsageError(f'--corr "{shown(text)}" names no pair', cure)
                inputs.correlate(names[0], names[1], constant("--corr", value)[0])
                names = []
        if names:
            raise UsageError(f'--corr "{shown(text)}": {listed(names)} without a number', cure)


def cover(inputs: Inputs, path: str, layout: dict[str, Any]) -> None:
    """`--cov FILE`: a header of names, and the covariance matrix in their order. Raises UsageError."""
    import numpy as np

    from gradcli.tables.opening import TableFile
    from gradcli.tables.source import variable_of

    with TableFile(path, layout).table() as source:
        columns = list(source.names)
        if columns and variable_of(columns[0]) not in inputs.known and len(columns) > 1:
            columns = columns[1:]  # the names of the rows
        names = [variable_of(x) for x in columns]
        for name in names:
            if name not in inputs.known:
                raise UsageError(
                    f"--cov: {source.label} has {shown(name)}, which is no input",
                    f"the inputs are {listed(inputs.names)}",
                )
        numbers = source.read(columns).numbers
    rows = len(numbers[0]) if numbers else 0
    matrix = np.array([np.asarray(column, np.float64) for column in numbers]).reshape(len(names), rows).T
    inputs.cover(source.label, names, matrix)


def free(inputs: Inputs, texts: list[str]) -> None:
    """`--dof ls=18,d=25.6`. Raises UsageError."""
    for text in texts:
        for part in pieces(text, ","):
            name, equals, value = part.partition("=")
            if not equals:
                raise UsageError(f'--dof "{shown(text)}" names no input', "write --dof x=18")
            set_dof(inputs, name_of("--dof", name, "write --dof x=18"), constant("--dof", value)[0])
