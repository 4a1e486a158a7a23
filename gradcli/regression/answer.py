"""A fit and what it says: standard errors, correlations, what the data cannot tell, and whether to believe it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from gradcli.errors import UsageError
from gradcli.regression.levenberg import STEPS, Small, search
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.regression.levenberg import Bounds, Search
    from gradcli.regression.problem import Problem, Triangle, Vector

RADII = (1.0, 100.0, 0.1)  # of the first region, each where the one before did not lead anywhere
SAMPLE = 50_000  # rows that a long table is tried on first
LONG = 4  # times that many are one
ALIKE = 1e-11  # columns of the Jacobian that are closer to dependent than this part cannot be told apart
FAR = 1e10  # times itself and its start: a parameter with such a standard error is not known at all
PART = 0.1  # of the direction in which nothing changes


class Parameter(NamedTuple):
    """A parameter's value and standard error."""

    value: float
    sd: float


class Fit:
    """What `fit` gives.

    parameters: name to Parameter; cov: their covariances, in that order; rss: the sum of the squared
    residuals, weighted where there are weights; residual_sd: sqrt(rss/dof); dof: rows less parameters; reduced_chi2:
    rss/dof; converged, why; steps, evaluations: of them each is one pass over the rows; unknown: parameters that the
    data cannot tell; at_bounds: those that a bound stops; rows; profile: name to the interval of the profile; band:
    rows of (point, value, low, high); remarks: sentences for people; reading: where the data are, and the options by
    which they are read again.
    """

    def __init__(self, problem: Problem, found: Search, start: Vector, absolute: bool) -> None:
        self.text = problem.program.text
        self.response = ""
        self.names = problem.names
        self.held = problem.held
        self.b = found.b
        self.rows = problem.rows.count
        self.rss = found.triangle.rss
        self.cost = found.triangle.cost
        self.dof = self.rows - len(self.names)
        self.absolute = absolute
        self.reduced_chi2 = self.rss / self.dof if self.dof else math.nan
        self.residual_sd = math.sqrt(self.reduced_chi2)
        self.converged, self.why, self.steps = found.converged, found.why, found.steps
        self.evaluations = problem.evaluations
        self.at_bounds = [name for name, free in zip(self.names, found.free, strict=True) if not free]
        self.profile: dict[str, tuple[float, float]] = {}
        self.band: list[tuple[dict[str, float], float, float, float]] = []
        self.remarks: list[str] = []
        self.reading: dict[str, Any] = {}
        self.cov, self.unknown = _covariance(found, self.names)
        self.cov *= self.scale
        far = self.sd > FAR * np.maximum(np.abs(found.b), np.abs(start))
        self.unknown = [name for name, lost in zip(self.names, far, strict=True) if lost or name in self.unknown]
        if self.unknown:
            self.converged = False
            one = len(self.unknown) == 1
            self.why = f"the data cannot tell {listed(self.unknown)}" + ("" if one else " apart")
        if self.at_bounds:
            self.remarks.append(f"{listed(self.at_bounds)} at a bound: no standard error")

    @property
    def scale(self) -> float:
        """The variance of a residual of weight 1."""
        return 1.0 if self.absolute else self.cost / self.dof if self.dof else math.nan

    @property
    def sd(self) -> Vector:
        """The standard errors, in order."""
        return np.sqrt(np.diag(self.cov))

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Name to value and standard error."""
        return {x: Parameter(float(b), float(u)) for x, b, u in zip(self.names, self.b, self.sd, strict=True)}

    @property
    def correlations(self) -> Vector:
        """Of the parameters, in order."""
        u = self.sd
        with np.errstate(all="ignore"):
            return self.cov / np.outer(u, u)

    @property
    def rounded(self) -> list[tuple[str, str, str]]:
        """The name of each parameter, its value to ten digits and its standard error to three."""
        return [(x, f"{value:.10g}", f"{sd:.3g}") for x, (value, sd) in self.parameters.items()]

    def __repr__(self) -> str:
        width = max(map(len, self.names))
        lines = [f"{x:{width}}   {value} ± {sd}" for x, value, sd in self.rounded]
        return "\n".join([*lines, f"{'converged' if self.converged else 'not converged'}: {self.why}"])

    def _repr_html_(self) -> str:
        from html import escape

        from gradcli.api.notebook import table

        rows = [(escape(x), value, sd) for x, value, sd in self.rounded]
        verdict = f"{'converged' if self.converged else 'not converged'}: {escape(self.why)}"
        shown = table(rows, ("parameter", "value", "sd"))
        return f"{shown}<p>{verdict}; residual sd {self.residual_sd:.4g}, {self.dof} dof</p>"


def fitted(
    problem: Problem, start: Vector, *, absolute: bool = False, bounds: Bounds | None = None, limit: int = STEPS,
    tell: Callable[[int, Vector, float], None] | None = None,
) -> Fit:  # fmt: skip
    """The fit, from the start. Raises UsageError where the model has no value or no slope there."""
    first = problem.at(start)
    if not first.finite:
        raise _no_start(problem, start, first)
    start, first = _nearer(problem, start, first, bounds)
    best: Fit | None = None
    for radius in RADII:
        found = Fit(problem, search(problem, start, radius, bounds, limit, tell, first), start, absolute)
        if best is None or (found.converged, -found.cost) > (best.converged, -best.cost):
            best = found
        if best.converged or found.steps >= limit:
            break
    assert best is not None
    best.evaluations = problem.evaluations
    return best


def _nearer(problem: Problem, start: Vector, first: Triangle, bounds: Bounds | None) -> tuple[Vector, Triangle]:
    """Of a long table a better start, with its factors: where a fit to some of its rows leads, if that is lower."""
    if problem.rows.count < LONG * SAMPLE:
        return start, first
    found = search(problem.thinned(problem.rows.count // SAMPLE), start, RADII[0], bounds)
    there = problem.at(found.b) if found.converged else first
    return (found.b, there) if there.finite and there.cost < first.cost else (start, first)


def _no_start(problem: Problem, start: Vector, first: Triangle) -> UsageError:
    place = problem.first_without_value(start)
    overflow = bool(np.isfinite(first.r).all())
    cure = "start elsewhere"
    if place is None:
        what = "the sum of squares overflows" if overflow else "the derivatives of the model are not finite"
        return UsageError(f"at the start {what}", cure)
    row, at = place
    told = f" ({', '.join(f'{name} = {x:g}' for name, x in at.items())})" if at else ""
    return UsageError(f"at the start the model has no finite value in row {row + 1}{told}", cure)


def _covariance(found: Search, names: list[str]) -> tuple[Vector, list[str]]:
    """(the inverse of J'J, which parameters it does not know); NaN where a bound stops a parameter."""
    size = len(names)
    cov = np.full((size, size), math.nan)
    small = Small(found.triangle, found.free)
    where = small.where
    if not where.size:
        return cov, []
    norms = small.norms(size)[where]
    unit = np.where(norms > 0, norms, 1.0)
    _, s, vt = np.linalg.svd(small.r / unit)
    s = np.concatenate([s, np.zeros(where.size - s.size)])
    null = vt[s <= ALIKE * s[0]] if s[0] > 0 else vt
    lost = np.any(np.abs(null) > PART, axis=0)
    keep = s > ALIKE * s[0]
    root = vt[keep].T / s[keep] / unit[:, None]
    inner = root @ root.T
    inner[lost, :] = math.nan
    inner[:, lost] = math.nan
    inner[lost, lost] = math.inf
    cov[np.ix_(where, where)] = inner
    return cov, [names[k] for k in where[lost]]


def members(fit: Fit) -> dict[str, Any]:
    """The answer as members of a JSON object."""
    found: dict[str, Any] = {
        "parameters": {name: {"value": value, "sd": sd} for name, (value, sd) in fit.parameters.items()},
        "cov": fit.cov.tolist(), "rss": fit.rss, "residual_sd": fit.residual_sd, "dof": fit.dof,
        "reduced_chi2": fit.reduced_chi2, "converged": fit.converged, "why": fit.why, "steps": fit.steps,
        "evaluations": fit.evaluations, "model": fit.text, "y": fit.response,
    }  # fmt: skip
    if fit.absolute:
        found["absolute"] = True
    if fit.reading:
        found["reading"] = fit.reading
    if fit.held:
        found["at"] = fit.held
    if fit.profile:
        found["profile"] = {name: list(ends) for name, ends in fit.profile.items()}
    if fit.band:
        found["band"] = [{**at, "value": value, "low": low, "high": high} for at, value, low, high in fit.band]
    return found
