"""Intervals that believe the model more than its linear form, by profiles of the sum of squares; the curve's band.

Source: D. Bates and D. Watts, Nonlinear Regression Analysis and Its Applications (1988), chapter 6.
"""

from __future__ import annotations

import math

import numpy as np

from gradcli.api.function import Function
from gradcli.regression.levenberg import search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gradcli.regression.answer import Fit
    from gradcli.regression.levenberg import Bounds
    from gradcli.regression.problem import Problem, Vector

WIDER = 40  # times that a side is made half as long again before it is called open
CLOSE = 1e-7  # of the standard error: so near an end is found


def quantile(p: float, dof: float) -> float:
    """Of Student's t, two-sided; of the normal distribution where the degrees of freedom are infinite."""
    from scipy.special import stdtrit

    return float(stdtrit(dof, (1 + p) / 2)) if dof > 0 else math.nan


def profile(problem: Problem, fit: Fit, name: str, p: float, bounds: Bounds | None = None) -> tuple[float, float]:
    """The interval of a parameter in which the sum of squares, the others fitted anew, stays below its limit.

    An end that is not reached is infinite, or the parameter's bound; of a fit that did not converge both are NaN.
    """
    if not fit.converged:
        return math.nan, math.nan
    t = quantile(p, math.inf if fit.absolute else fit.dof)
    k = fit.names.index(name)
    low, high = (-math.inf, math.inf) if bounds is None else (float(bounds[0][k]), float(bounds[1][k]))
    side = _Side(problem, fit, k, t, bounds)
    return side.end(-1.0, low), side.end(1.0, high)


class _Side:
    """The profile of one parameter: how far the fit with it held is beyond the limit."""

    def __init__(self, problem: Problem, fit: Fit, k: int, t: float, bounds: Bounds | None) -> None:
        self._problem, self._fit, self._k, self._t = problem, fit, k, t
        others = np.arange(len(fit.names)) != k
        self._others = others
        self._bounds = None if bounds is None else (bounds[0][others], bounds[1][others])
        self._drift = fit.cov[others, k] / fit.cov[k, k]  # how the others go with it, to the first order

    def _beyond(self, value: float) -> float:
        """The signed root of the growth of the sum, in standard deviations, less the limit."""
        fit = self._fit
        held = self._problem.without(fit.names[self._k], value)
        start = fit.b[self._others] + self._drift * (value - fit.b[self._k])
        if self._bounds is not None:
            start = np.clip(start, *self._bounds)
        cost = math.inf
        for b in (start, fit.b[self._others]):
            first = held.at(b)
            if first.finite:
                cost = search(held, b, 1.0, self._bounds, 200, first=first).triangle.cost if held.names else first.cost
                break
        if not cost < math.inf:
            return math.inf
        return math.sqrt(max(cost - fit.cost, 0.0) / fit.scale) - self._t

    def end(self, sign: float, stop: float) -> float:
        """Where the profile crosses the limit on one side."""
        fit, k = self._fit, self._k
        inside, f_inside = float(fit.b[k]), -self._t
        sd = float(fit.sd[k])
        if not (math.isfinite(sd) and sd > 0 and math.isfinite(self._t)):
            return sign * math.inf
        reach = self._t * sd
        for _ in range(WIDER):
            outside = fit.b[k] + sign * reach
            if sign * (outside - stop) >= 0:
                outside = stop
            f_outside = self._beyond(float(outside))
            if f_outside >= 0:
                return self._between(inside, f_inside, float(outside), f_outside, CLOSE * sd)
            if outside == stop:
                return stop
            inside, f_inside, reach = float(outside), f_outside, 1.5 * reach
        return sign * math.inf

    def _between(self, a: float, fa: float, b: float, fb: float, close: float) -> float:
        """The zero between: the secant of false position, halved where one end stays (Illinois)."""
        for _ in range(60):
            c = (a + b) / 2 if not math.isfinite(fb) else b - fb * (b - a) / (fb - fa)
            if abs(b - a) <= close or c in (a, b):
                return c
            fc = self._beyond(c)
            if fc == 0 or abs(fc) < 1e-9:
                return c
            if fc < 0:
                a, fa = c, fc
                fb = fb / 2 if math.isfinite(fb) else fb
            else:
                b, fb = c, fc
                fa /= 2
        return (a + b) / 2


def band(problem: Problem, fit: Fit, points: Iterable[dict[str, float]], p: float) -> None:
    """Fill `fit.band`: the curve and its confidence band at points of the predictors."""
    t = quantile(p, math.inf if fit.absolute else fit.dof)
    function = Function(problem.program, fit.names)
    at = dict(zip(fit.names, fit.b.tolist(), strict=True))
    for point in points:
        value, grad = function.value_and_grad(**problem.held, **at, **point)
        half = float(t * deviation(np.array([grad[name] for name in fit.names]), fit.cov))
        fit.band.append((point, value, value - half, value + half))


def deviation(gradient: Vector, cov: Vector) -> Vector:
    """The standard deviation of a curve, or of each point of it, by its gradient by the parameters (the first axis)."""
    with np.errstate(all="ignore"):
        found = np.sqrt(np.maximum(np.einsum("i...,ij,j...->...", gradient, cov, gradient), 0.0))
    return np.asarray(np.where(np.isfinite(gradient).all(axis=0), found, np.nan))
