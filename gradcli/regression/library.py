"""The library's way in: `gradcli.fit("a*exp(-b*x)", {"x": xs, "y": ys}, y="y", start={"a": 1, "b": 0.1})`."""

from __future__ import annotations

import math

import numpy as np

from gradcli.errors import UsageError
from gradcli.regression.answer import Fit, fitted
from gradcli.regression.intervals import profile as profiled
from gradcli.regression.loading import Model
from gradcli.regression.loss import LOSSES, Loss
from gradcli.regression.problem import Problem
from gradcli.regression.rows import CHUNK
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


def fit(  # noqa: PLR0913 - each a word of its own
    text: str, data: Any, *, y: str = "y", start: Mapping[str, float], at: Mapping[str, float] | None = None,
    sigma: str | None = None, absolute: bool = False, bounds: Mapping[str, tuple[float, float]] | None = None,
    loss: str | None = None, loss_scale: float = 1.0, skip: bool = False, profile: Sequence[str] = (),
    coverage: float = 0.95,
) -> Fit:  # fmt: skip
    """The parameters of a model by least squares, with their standard errors.

    text: the model; data: a table of columns (a dict of arrays, a data frame), or the name of a file; y: an expression
    of columns; start: the parameters; at: values of other variables that stay; sigma: the standard uncertainty of y, an
    expression of columns; absolute: it is known, not only up to a factor; bounds: (low, high) of parameters; loss:
    "huber", "soft_l1" or "cauchy", which counts residuals (in units of sigma) above loss_scale for less; skip: leave
    out rows without finite numbers; profile: parameters whose interval of this coverage is found by fitting the others
    anew.
    Raises ExpressionError for the text, UsageError for names and numbers.

    >>> xs = np.array([0.0, 1.0, 2.0, 3.0])
    >>> fit("a + b*x", {"x": xs, "y": 1 + 2*xs}, start={"a": 0, "b": 0}).b.round(9).tolist()
    [1.0, 2.0]
    """
    if not start:
        raise UsageError("there is no parameter to fit", 'name the parameters with their start: start={"a": 1}')
    label, columns, pieces = _opened(data)
    model = Model(text, y, columns, start, at or {}, sigma)
    rows = model.load(label, pieces(model.columns), skip=skip)
    problem = Problem(model.program, model.names, model.predictors, _floats(at or {}), rows, loss_of(loss, loss_scale))
    numbers = _floats(start)
    vectors = None
    if bounds:
        ends = [bounds.get(name, (-math.inf, math.inf)) for name in model.names]
        vectors = np.array([low for low, _ in ends], float), np.array([high for _, high in ends], float)
    found = fitted(problem, np.array([numbers[x] for x in model.names]), absolute=absolute, bounds=vectors)
    found.response = y
    for name in profile:
        if name not in model.names:
            raise UsageError(f"{name} is no parameter", f"the parameters are {listed(model.names)}")
        found.profile[name] = profiled(problem, found, name, coverage, vectors)
    return found


def loss_of(name: str | None, scale: float = 1.0) -> Loss | None:
    """The loss of this name; None is that of least squares. Raises UsageError."""
    if name is None:
        return None
    if name not in LOSSES:
        raise UsageError(f"there is no loss {name}", f"the losses are {listed(tuple(LOSSES))}")
    if not 0 < scale < math.inf:
        raise UsageError(f"a loss of the scale {scale:g}", "the scale is a number above 0")
    return Loss(name, scale)


def _floats(numbers: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(x) for name, x in numbers.items()}


def _opened(data: Any) -> tuple[str, list[str], Any]:
    """(label, names of columns, a function of names to pieces)."""
    if isinstance(data, str):
        from gradcli.tables.opening import TableFile

        source = TableFile(data, {}).stream()

        def pieces(names: list[str]) -> Any:
            with source:
                for numbers, _ in source.pieces(names):
                    yield dict(zip(names, numbers, strict=True))

        return source.label, list(source.names), pieces
    asked = next((x for x in ("keys", "column_names", "columns") if hasattr(data, x)), None)
    if asked is None:
        raise UsageError(f"{type(data).__name__} is no table", 'write {"x": xs, "y": ys}, or the name of a file')
    names = list(data.keys() if asked == "keys" else getattr(data, asked))
    return "the table", names, lambda wanted: _sliced({x: _column(x, data[x]) for x in wanted})


def _column(name: str, values: Any) -> Any:
    try:
        found = np.asarray(values)
        found = found if found.dtype.kind in "fiub" else found.astype(np.float64)
    except (ValueError, TypeError):
        raise UsageError(f"the column {name} has something that is no number", "give a vector of numbers") from None
    if found.ndim != 1:
        raise UsageError(f"the column {name} has the shape {found.shape}", "give a vector of numbers")
    return found


def _sliced(columns: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A chunk of rows after another, so that what is made of them stays small."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {count:,}" for name, count in lengths.items())
        raise UsageError(f"the columns differ in length: {told} rows", "give columns of one length")
    for start in range(0, max(lengths.values()), CHUNK):
        yield {x: np.asarray(column[start : start + CHUNK], np.float64) for x, column in columns.items()}
