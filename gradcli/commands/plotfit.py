"""`gradcli plot --fit FILE`: the data, the curve with its band, and the residuals of what `fit --json` wrote."""

from __future__ import annotations

import math
import os

import numpy as np

from gradcli.api.function import Function
from gradcli.commands.inputs.fitanswer import FitAnswer
from gradcli.commands.inputs.pointfile import PointFile
from gradcli.commands.inputs.ranges import range_of
from gradcli.errors import UsageError
from gradcli.plotting.curve import Curve
from gradcli.plotting.figure import Axis, Caption, Figure, Layer, Panel, padded
from gradcli.plotting.section import Section
from gradcli.regression.intervals import deviation, quantile
from gradcli.regression.loading import Model
from gradcli.text import listed
from gradcli.uncertainty.rounding import rounded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Vector = np.ndarray[Any, np.dtype[np.float64]]

MOST = 5_000  # rows that are drawn
BARS = 500  # rows that have their uncertainties drawn
SHARES = 0.7, 0.3  # of the height: the data, the residuals
COVERAGE = 0.95


class Answer(FitAnswer):
    """What the file says, with the model (text), what it is fitted to (response) and where the data are."""

    def __init__(self, path: str) -> None:
        """Raises UsageError where the file is no such answer."""
        self.path = path
        super().__init__(path)

    def _take(self, found: dict[str, Any]) -> None:
        super()._take(found)
        self.held = {x: float(v) for x, v in found.get("at", {}).items()}
        self.text, self.response = str(found["model"]), str(found["y"])
        self.dof = math.inf if found.get("absolute") else float(found["dof"])
        self.converged, self.why = bool(found["converged"]), str(found["why"])
        self.residual_sd = float(found["residual_sd"])
        self.reading = dict(found.get("reading", {}))

    def table(self, given: str | None) -> tuple[str, dict[str, Any]]:
        """The path of the data, and how they are read. Raises UsageError."""
        blank = dict.fromkeys(("delimiter", "comment", "header", "decimal", "on_error"))
        reading = {**blank, "column": [], **self.reading}
        path = given or reading.pop("data", None)
        if path is None or path == "-":
            what = f"{self.label} does not say where the data are"
            raise UsageError(what, f"name them: gradcli plot --fit {self.label} data.csv")
        beside = os.path.join(os.path.dirname(self.path), path)
        return (path if os.path.exists(path) or not os.path.exists(beside) else beside), reading


def figure(path: str, data: str | None, spans: list[str], dots: int) -> Figure:
    """The figure of a fit. data: where the table is, if not where the fit read it; spans: those of `--range`.

    Raises UsageError.
    """
    answer = Answer(path)
    where, reading = answer.table(data)
    table = PointFile(where, reading, stream=True)
    model = Model(answer.text, answer.response, table.columns, answer.values, answer.held, answer.reading.get("sigma"))
    rows = model.load(table.label, table.pieces(model.columns), skip=reading["on_error"] == "skip")
    every = -(-rows.count // MOST)
    chunks = list(rows.thinned(every) if every > 1 else rows)
    columns = [np.concatenate(column) for column in zip(*chunks, strict=True)]
    band = _Band(answer, model)
    fitted = band(dict(zip(model.predictors, columns, strict=False)))[0] + np.zeros(columns[-2].size)
    drawn = _Drawn(answer, columns[-2], fitted, 1 / columns[-1] if "sigma" in answer.reading else None)
    if len(model.predictors) == 1:
        panels = drawn.over(model, columns[0], spans, dots, band)
    elif spans:
        raise UsageError(f"--range is of one predictor, and the model has {len(model.predictors)}", "leave it out")
    else:
        panels = drawn.over_itself()
    captions = [
        *drawn.captions(),
        *([Caption(f"every {every:,}th of {rows.count:,} rows is drawn")] if every > 1 else []),
    ]
    return Figure(f"{answer.response} = {answer.text}", panels, captions)


class _Band:
    """The model with the parameters of the answer: values and half the width of the confidence band."""

    def __init__(self, answer: Answer, model: Model) -> None:
        self._names, self._cov = list(answer.values), answer.cov
        self._function = Function(model.program, self._names)
        self._at = {**answer.held, **answer.values}
        self._t = quantile(COVERAGE, answer.dof)

    def __call__(self, columns: dict[str, Vector]) -> tuple[Vector, Vector]:
        function = self._function.map if columns else self._function.value_and_grad
        values, grad = function(**self._at, **columns)
        return np.asarray(values), self._t * deviation(np.array([grad[name] for name in self._names]), self._cov)


class _Drawn:
    """The data beside what the model says of them; sigma: the uncertainties of the response, if they are known."""

    def __init__(self, answer: Answer, y: Vector, fitted: Vector, sigma: Vector | None) -> None:
        self._answer = answer
        self._y, self._fitted = y, fitted
        self._sigma = sigma if sigma is not None and sigma.size <= BARS else None

    def over(self, model: Model, x: Vector, spans: list[str], dots: int, band: _Band) -> list[Panel]:
        """Over the one predictor."""
        (name,) = model.predictors
        axis = Axis(*_span(name, x, spans), name)
        at = {**self._answer.held, **self._answer.values, name: axis.low}
        curve = Curve(Section(model.program, 0, name, at), axis.low, axis.high, dots + 1)
        pieces = [(xs, ys, band({name: xs})[1]) for xs, ys in curve.pieces]
        inside = (axis.low <= x) & (x <= axis.high)
        edges = [ys + u * sign for _, ys, u in pieces for sign in ((-1, 1) if np.isfinite(u).all() else (0,))]
        low, high = _seen(self._y[inside], self._reach(inside), edges)
        bands = [(np.concatenate([xs, xs[::-1]]), np.concatenate([ys - u, (ys + u)[::-1]])) for xs, ys, u in pieces]
        layers = [Layer("band", [piece for piece in bands if np.isfinite(piece[1]).all()])]
        layers += [Layer("curve", curve.pieces), *self._bars(x, self._y), Layer("points", [(x, self._y)])]
        return [
            Panel(axis, Axis(*padded(low, high), self._answer.response), layers, share=SHARES[0]),
            self._residuals(axis, x),
        ]

    def over_itself(self) -> list[Panel]:
        """What was observed over what the model says; on the line they are equal."""
        ends = padded(float(self._fitted.min()), float(self._fitted.max()))
        axis = Axis(*ends, "fitted")
        line = np.array(ends)
        layers = [Layer("curve", [(line, line)]), *self._bars(self._fitted, self._y)]
        layers.append(Layer("points", [(self._fitted, self._y)]))
        y = Axis(*padded(*_seen(self._y, self._reach(...), [])), self._answer.response)
        return [Panel(axis, y, layers, share=SHARES[0]), self._residuals(axis, self._fitted)]

    def _residuals(self, axis: Axis, x: Vector) -> Panel:
        rest = self._y - self._fitted
        reach = float(np.max(np.abs(rest) + self._reach(...))) or abs(float(self._y.max())) * 1e-15 or 1.0
        layers = [*self._bars(x, rest), Layer("points", [(x, rest)])]
        return Panel(axis, Axis(*padded(-reach, reach), "residuals"), layers, share=SHARES[1])

    def _reach(self, which: Any) -> Any:
        """How far the bars of these rows reach to both sides."""
        return 0.0 if self._sigma is None else self._sigma[which]

    def _bars(self, x: Vector, y: Vector) -> list[Layer]:
        if self._sigma is None:
            return []
        ends = zip(x.tolist(), (y - self._sigma).tolist(), (y + self._sigma).tolist(), strict=True)
        return [Layer("bar", [(np.array([at, at]), np.array([low, high])) for at, low, high in ends])]

    def captions(self) -> list[Caption]:
        """The parameters, what is drawn, and whether to believe it."""
        answer = self._answer
        found = [f"{x} = {rounded(value, answer.sd[x]).pair}" for x, value in answer.values.items()]
        said = [Caption(", ".join(found))]
        if np.isfinite(answer.cov).all() and answer.dof > 0:
            said.append(Caption(f"band: {COVERAGE:.0%} confidence of the curve; residual sd {answer.residual_sd:.4g}"))
        if not answer.converged:
            said.append(Caption(f"not converged: {answer.why}"))
        return said


def _span(name: str, x: Vector, spans: list[str]) -> tuple[float, float]:
    """The range that is asked for, else that of the data."""
    if not spans:
        return padded(float(x.min()), float(x.max()))
    found = [range_of(text) for text in spans]
    for given in found:
        given.settle([name], [])
    names = [given.names[0] for given in found]
    if names != [name]:
        raise UsageError(f"--range gives {listed(names)}, and the model is over {name}", f"write --range {name}=0:10")
    return found[0].low, found[0].high


def _seen(y: Vector, bars: Any, curve: list[Vector]) -> tuple[float, float]:
    """The window of data and curve (or the edges of its band); of a curve that goes far beyond the data not all."""
    if not y.size:
        ends = [(float(ys.min()), float(ys.max())) for ys in curve] or [(-1.0, 1.0)]
        return min(a for a, _ in ends), max(b for _, b in ends)
    low, high = float(np.min(y - bars)), float(np.max(y + bars))
    room = 2 * (high - low) or abs(high) or 1.0
    lowest, highest = ([float(part(ys)) for ys in curve] for part in (np.min, np.max))
    return max(min([low, *lowest]), low - room), min(max([high, *highest]), high + room)
