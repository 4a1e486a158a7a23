"""The answer of `propagate`: a table with the budget, a JSON line, a report in Markdown."""

from __future__ import annotations

import math

from gradcli.text import visible
from gradcli.uncertainty.montecarlo import first_order_holds
from gradcli.uncertainty.rounding import rounded
from gradcli.views.jsonlines import array_of, json_of
from gradcli.views.numbers import align
from gradcli.views.prose import GAP, columns, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.uncertainty.montecarlo import MonteCarlo
    from gradcli.uncertainty.propagate import Propagation, Uncertain
    from gradcli.views.screen import Screen

MATTERS = 0.005  # a second order that changes the uncertainty by less of it is not shown
HEADS = ("input", "value", "u", "sensitivity", "contribution", "share")


def line(found: Propagation) -> str:
    """One JSON object, without the newline."""
    results = [{"at": found.at, **_members(result)} for result in found.results]
    if len(results) == 1:
        return json_of(results[0])
    return json_of({"results": results, "corr": found.corr})


def _members(result: Uncertain) -> dict[str, Any]:
    lines = [
        {name: getattr(x, name) for name in ("input", "value", "u", "sensitivity", "contribution", "share")}
        for x in result.budget
    ]
    members: dict[str, Any] = {
        name: getattr(result, name) for name in ("value", "u", "u_first", "u_second", "shift", "dof")
    }
    members["coverage"] = result.coverage
    members["budget"] = lines
    members["mc"] = None if result.mc is None else _trials(result.mc)
    members["validated"] = result.validated
    if result.notes:
        members["notes"] = array_of(result.notes)
    return members


def _trials(mc: MonteCarlo) -> dict[str, Any]:
    members = {
        "mean": mc.mean, "u": mc.u, "interval": list(mc.interval), "trials": mc.trials, "seed": mc.seed,
    }  # fmt: skip
    return members | {"lost": mc.lost} if mc.lost else members


def show(screen: Screen, found: Propagation, rule: str) -> None:
    """The result and its budget, for each result; then what they have in common."""
    for k, result in enumerate(found.results):
        if k:
            screen.line()
        if len(found.results) > 1:
            screen.line(screen.paint(f"result {k + 1}", "head"))
        rows = _lines(result, rule)
        labels, numbers = padded([row[0] for row in rows]), padded([row[1] for row in rows])
        for label, number, (_, _, aside) in zip(labels, numbers, rows, strict=True):
            screen.beside([(label, ""), (number, "value" if label.strip() == "value" else "")], aside)
        if result.budget:
            screen.line()
            _show_budget(screen, _grid(result))
        verdict = _verdict(result)
        if verdict:
            screen.line()
            screen.sentence(verdict, "good" if result.validated else "bad")
    if len(found.results) > 1:
        screen.line()
        screen.line(screen.paint("correlations of the results", "head"))
        for correlations in found.corr:
            screen.line(GAP.join(f"{r:7.4f}" for r in correlations))


def _show_budget(screen: Screen, rows: list[list[str]]) -> None:
    """A row for each input; on a terminal that is too narrow a block."""
    heads, *inputs = rows
    if screen.fits(max(columns(GAP.join(row).rstrip()) for row in rows)):
        screen.line(screen.paint(GAP.join(heads), "head"))
        for cells in inputs:
            screen.line(GAP.join(cells))
        return
    for name, *cells in inputs:
        screen.line(screen.paint(name.strip(), "head"))
        for head, cell in zip(padded([head.strip() for head in heads[1:]]), cells, strict=True):
            screen.line(f"  {head}{GAP}{cell.strip()}")


def _lines(result: Uncertain, rule: str) -> list[tuple[str, str, str]]:
    """(label, number, what else)."""
    both = rounded(result.value, result.u, rule)
    percent = f"{100 * result.p:.6g}%"
    dof = f", {result.dof:.3g} degrees of freedom" if result.dof is not None and result.dof < 1e6 else ""
    found = [("value", both.pair, both.short), (percent, f"± {_two(result.expanded)}", f"k = {result.k:.3g}{dof}")]
    if result.u_second is not None and (
        abs(result.u - result.u_first) > MATTERS * result.u or abs(result.shift or 0.0) > MATTERS * result.u
    ):
        shift = (
            f"; the mean lies {_two(result.shift or 0.0)} off" if abs(result.shift or 0) > MATTERS * result.u else ""
        )
        found.append(("first order", _two(result.u_first), f"second order {_two(result.u_second)}{shift}"))
    if result.mc is not None:
        mc = result.mc
        lost = f"; {mc.lost:,} without a value" if mc.lost else ""
        what = f"{percent} from {_near(mc.interval[0], mc.u)} to {_near(mc.interval[1], mc.u)}"
        found.append(
            (
                "Monte Carlo",
                rounded(mc.mean, mc.u, rule).pair,
                f"{what}; {mc.trials:,} trial{'s' * (mc.trials != 1)}, seed {mc.seed}{lost}",
            )
        )
    return found


def _near(x: float, u: float) -> str:
    """A number to a tenth of the last of two digits of u."""
    if not (math.isfinite(x) and math.isfinite(u) and u > 0):
        return f"{x:g}"
    places = 2 - math.floor(math.log10(u))
    if 0 <= places <= 12 and abs(x) < 1e15:
        return f"{x:.{places}f}"
    return f"{x:.{max(places + math.floor(math.log10(abs(x) or u)), 0)}e}"


def _two(x: float) -> str:
    """Two digits."""
    return f"{x:.0f}" if 10 <= abs(x) < 1e6 else f"{x:#.2g}".rstrip(".") if x else "0"


def _grid(result: Uncertain) -> list[list[str]]:
    """The rows of the budget, their columns aligned."""
    small = 1e-9 * result.u_first if math.isfinite(result.u_first) else 0.0
    share = [f"{100 * x.share:.1f}%" if math.isfinite(x.share) else "" for x in result.budget]
    rows = [
        (
            x.input, f"{x.value:.10g}", f"{x.u:.3g}",
            "0" if x.contribution <= small else f"{x.sensitivity:.4g}",
            "0" if x.contribution <= small else f"{x.contribution:.3g}", share[k].replace("-0.0%", "0.0%"),
        )
        for k, x in enumerate(result.budget)
    ]  # fmt: skip
    listed = [[head, *cells] for head, cells in zip(HEADS, zip(*rows, strict=True), strict=True)]
    aligned = [[column[0], *align(column[1:])] if k else column for k, column in enumerate(listed)]
    return [list(row) for row in zip(*[padded(column) for column in aligned], strict=True)]


def _verdict(result: Uncertain) -> str:
    if result.mc is None:
        return ""
    if result.mc.lost == result.mc.trials:
        return "no trial has a value"
    if result.validated is None:
        return "whether the first order may be trusted so few trials do not tell: more --trials do"
    if result.validated:
        return "the first order may be trusted: the trials agree with its interval (JCGM 101, 8)"
    if first_order_holds(result.value, result.u_first, result.k * result.u_first, result.mc, digits=1):
        return "the first order may be trusted to one digit of its uncertainty, not to two"
    return "the first order may not be trusted: the trials disagree with its interval"


def report(found: Propagation, rule: str) -> str:
    """The same as a page in Markdown."""
    lines = ["# Uncertainty of a result", "", "```", visible(found.text), "```", ""]
    for k, result in enumerate(found.results):
        if len(found.results) > 1:
            lines += [f"## Result {k + 1}", ""]
        lines += ["| | | |", "| --- | --- | --- |"]
        lines += [f"| {label} | {number} | {aside} |" for label, number, aside in _lines(result, rule)]
        if result.budget:
            grid = _grid(result)
            lines += ["", f"| {' | '.join(grid[0])} |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
            lines += [f"| {' | '.join(cell.strip() for cell in row)} |" for row in grid[1:]]
        lines += ["", *[f"- {note.message}" for note in result.notes], *filter(None, [_verdict(result)]), ""]
    if len(found.results) > 1:
        lines += ["Correlations of the results:", "", "```"]
        lines += [" ".join(f"{r:8.4f}" for r in row) for row in found.corr] + ["```", ""]
    return "\n".join([*lines, *[f"- {remark}" for remark in found.remarks], ""])
