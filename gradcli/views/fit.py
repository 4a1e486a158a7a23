"""The answer of `fit`: a table, a JSON line."""

from __future__ import annotations

import math

from gradcli.regression.answer import members
from gradcli.text import listed
from gradcli.views.jsonlines import json_of
from gradcli.views.numbers import align
from gradcli.views.prose import GAP, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.regression.answer import Fit
    from gradcli.views.screen import Screen

HIGH = 0.9  # correlations from here on are told


def line(fit: Fit) -> str:
    """One JSON object, without the newline."""
    return json_of(members(fit))


def show(screen: Screen, fit: Fit) -> None:
    """The parameters with their standard errors, what belongs to them, and whether to believe it."""
    rows = [(name, value, f"± {sd}", _profile(fit, name)) for name, value, sd in fit.rounded]
    names, values, errors = (padded(list(column)) for column in list(zip(*rows, strict=True))[:3])
    for name, value, error, (_, _, _, aside) in zip(names, padded(align(values)), errors, rows, strict=True):
        screen.beside([(name, ""), (value, "value"), (error, "")], aside)
    screen.line()
    screen.sentence(f"residual standard deviation {fit.residual_sd:.6g}, {fit.dof:,} degrees of freedom")
    screen.sentence(f"sum of squares {fit.rss:.10g}, reduced chi-square {fit.reduced_chi2:.6g}")
    r = fit.correlations
    high = [
        f"{fit.names[i]} and {fit.names[j]} {r[i, j]:.4f}"
        for i in range(len(fit.names))
        for j in range(i + 1, len(fit.names))
        if abs(r[i, j]) >= HIGH
    ]
    if high:
        screen.sentence(f"high correlations: {listed(high)}")
    _band(screen, fit)
    screen.line()
    verdict = "converged" if fit.converged else "not converged"
    screen.sentence(f"{verdict}: {fit.why}", "good" if fit.converged else "bad")
    passes = f"{fit.steps} step{'' if fit.steps == 1 else 's'}, {fit.evaluations} passes over {fit.rows:,} rows"
    screen.sentence(passes, "faint")


def _profile(fit: Fit, name: str) -> str:
    if name not in fit.profile:
        return ""
    low, high = fit.profile[name]
    sd = fit.parameters[name][1]
    return f"profile from {_end(low, sd)} to {_end(high, sd)}"


def _end(x: float, sd: float) -> str:
    if not (math.isfinite(x) and math.isfinite(sd) and sd > 0):
        return f"{x:.6g}"
    digits = math.floor(math.log10(max(abs(x), sd))) - math.floor(math.log10(sd)) + 3
    return f"{x:.{max(digits, 3)}g}"


def _band(screen: Screen, fit: Fit) -> None:
    if not fit.band:
        return
    screen.line()
    heads = [*fit.band[0][0], "value", "low", "high"]
    cells = [[f"{x:.6g}" for x in (*at.values(), *numbers)] for at, *numbers in fit.band]
    columns = [
        padded([head, *align(list(column))]) for head, column in zip(heads, zip(*cells, strict=True), strict=True)
    ]
    first, *others = zip(*columns, strict=True)
    screen.line(screen.paint(GAP.join(first), "head"))
    for row in others:
        screen.line(GAP.join(row))
