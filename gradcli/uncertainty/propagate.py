"""`gradcli.propagate`: the uncertainty of what is computed from uncertain inputs."""

from __future__ import annotations

import math

import numpy as np

from gradcli.api.evaluation import Note
from gradcli.api.function import Function
from gradcli.errors import UsageError
from gradcli.uncertainty import law
from gradcli.uncertainty.covariance import Inputs
from gradcli.uncertainty.derivatives import HigherOrders
from gradcli.uncertainty.doubts import doubts
from gradcli.uncertainty.montecarlo import MonteCarlo, first_order_holds, only, simulate
from gradcli.uncertainty.rounding import rounded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.language.program import Program
    from gradcli.uncertainty.covariance import Matrix

TRIALS = 1_000_000
COVERAGE = 0.95
SEED = 1


class Uncertain:
    """One result.

    value: at the estimates; u: its standard uncertainty, u_first by the linear formula and u_second what the second
    order adds (u^2 = u_first^2 + u_second^2; negative where it takes away, None where it has no say); shift: how far
    the mean lies from the value, to the second order; dof: degrees of freedom of u_first, None where correlations
    forbid the formula; p, k, expanded: the coverage probability, its factor, and k u; budget: a line an input, the
    largest first; mc: the trials, or None; validated: does the first order hold (JCGM 101, 8)? None: not known;
    notes: on the value and on what lies within the uncertainty.
    """

    __slots__ = (
        "budget", "dof", "expanded", "k", "mc", "notes", "p", "shift", "u", "u_first", "u_second", "validated", "value",
    )  # fmt: skip

    value: float
    u: float
    u_first: float
    u_second: float | None
    shift: float | None
    dof: float | None
    p: float
    k: float
    expanded: float
    budget: list[law.Share]
    mc: MonteCarlo | None
    validated: bool | None
    notes: list[Note]

    @property
    def coverage(self) -> dict[str, float]:
        """The coverage probability p, the factor k, and the expanded uncertainty U."""
        return {"p": self.p, "k": self.k, "U": self.expanded}

    def __repr__(self) -> str:
        return rounded(self.value, self.u).pair if self.u else f"{self.value!r}"


class Propagation:
    """What `propagate` gives.

    at: the estimates of the inputs; results: an Uncertain for each result; corr: their correlations, to the first
    order; remarks: sentences for people. Of a single result `value`, `u` and all the others are here too.
    """

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.text = program.text
        self.at = {name: x.value for name, x in inputs.known.items()}
        self.results: list[Uncertain] = []
        self.corr: list[list[float]] = []
        self.remarks: list[str] = []

    def __getattr__(self, name: str) -> object:
        results = vars(self).get("results", ())
        if len(results) == 1 and (name in Uncertain.__slots__ or name == "coverage"):
            return getattr(results[0], name)
        raise AttributeError(name)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.results))

    def _repr_html_(self) -> str:
        from html import escape

        from gradcli.api.notebook import table

        heads = ("input", "value", "u", "sensitivity", "contribution", "share")
        parts = []
        for result in self.results:
            rows = [
                (escape(x.input), f"{x.value:.6g}", f"{x.u:.3g}", f"{x.sensitivity:.4g}", f"{x.contribution:.3g}",
                 f"{100 * x.share:.1f}%")
                for x in result.budget
            ]  # fmt: skip
            parts.append(f"<p><b>{escape(repr(result))}</b></p>{table(rows, heads)}")
        return "".join(parts)


class Propagator:
    """A program, made ready for points whose uncertain inputs are these. The results of `at` are in order."""

    def __init__(self, program: Program, uncertain: list[str]) -> None:
        self.program = program
        self._names = [name for name in program.variables if name in uncertain]
        count = len(program.results)
        self._functions = [Function(only(program, k), self._names) for k in range(count)]
        self._orders = [HigherOrders(program, k, self._names) for k in range(count)]

    def at(self, inputs: Inputs, coverage: float, trials: int, seed: int) -> Propagation:
        """At these inputs, which are all variables of the program. trials: 0 for none."""
        program = self.program
        found = Propagation(program, inputs)
        gradients = []
        for function, orders in zip(self._functions, self._orders, strict=True):
            result, gradient = _by_series(function, orders, inputs, coverage)
            found.results.append(result)
            gradients.append(gradient)
        found.corr = _correlations(gradients, inputs)
        _remark(found, inputs, self._orders)
        if not self._names or not trials:
            return found
        if program.whole:
            found.remarks.append("no Monte Carlo: the formula looks at whole arrays")
            return found
        for k, (result, mc) in enumerate(
            zip(found.results, simulate(program, inputs, coverage, trials, seed), strict=True)
        ):
            result.mc = mc
            result.validated = first_order_holds(result.value, result.u_first, result.k * result.u_first, mc)
            result.notes = [*result.notes, *doubts(program, k, inputs, seed)]
        return found


def _by_series(function: Function, orders: HigherOrders, inputs: Inputs, coverage: float) -> tuple[Uncertain, Matrix]:
    point = {name: x.value for name, x in inputs.known.items()}
    evaluation = function.true_at(point)
    result = Uncertain()
    result.value, result.notes, result.mc, result.validated = evaluation.value, evaluation.notes, None, None
    gradient = np.array([(evaluation.grad or {}).get(name, 0.0) for name in inputs.names])  # 0 by what is exact
    where = [k for k, x in enumerate(inputs.known.values()) if x.u]
    result.u_first = law.first_order(gradient[where], inputs.sigma[np.ix_(where, where)])
    result.u, result.u_second, result.shift = result.u_first, None, None
    if not orders.left_out and math.isfinite(result.value):
        second = orders.at(point, inputs.sigma[np.ix_(where, where)])
        if second.finite:
            added, result.shift = law.second_order(gradient[where], second, inputs, where)
            _add(result, added)
    result.dof = law.degrees_of_freedom(gradient, inputs)
    result.p = coverage
    result.k = law.coverage_factor(coverage, math.inf if result.dof is None or not result.dof > 0 else result.dof)
    result.expanded = result.k * result.u
    result.budget = law.budget(gradient, inputs)
    return result, gradient


def _add(result: Uncertain, added: float) -> None:
    """The second order, unless it takes away more than there is, or knows no end (a fourth moment that is infinite)."""
    total = result.u_first**2 + added
    if not (math.isfinite(total) and total >= 0):
        return
    result.u_second = math.copysign(math.sqrt(abs(added)), added)
    result.u = math.hypot(result.u_first, result.u_second) if added >= 0 else math.sqrt(total)


def _correlations(gradients: list[Matrix], inputs: Inputs) -> list[list[float]]:
    partials = np.array(gradients)
    with np.errstate(all="ignore"):
        covariance = partials @ inputs.sigma @ partials.T
        u = np.sqrt(np.diag(covariance))
        found = np.clip(covariance / np.outer(u, u), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found.tolist()


def _remark(found: Propagation, inputs: Inputs, orders: list[HigherOrders]) -> None:
    constants = [name for name, x in inputs.known.items() if not x.u]
    if constants:
        plural = "is a constant" if len(constants) == 1 else "are constants"
        found.remarks.append(f"{', '.join(constants)} {plural}: without an uncertainty")
    if any(result.dof is None for result in found.results):
        found.remarks.append(
            "no degrees of freedom: the formula of Welch and Satterthwaite is for inputs without correlations; "
            "k is that of the normal distribution"
        )
    if any(x.left_out for x in orders):
        found.remarks.append("no second order: the formula is too long")
    elif any(result.u_second is None and result.u_first == result.u_first for result in found.results):
        found.remarks.append("no second order: its terms are not finite, or outweigh the first")


def checked(inputs: Inputs, coverage: float) -> None:
    """Raises UsageError where the numbers cannot be."""
    if not 0 < coverage < 1:
        raise UsageError(f"a coverage of {coverage:g} is no probability", "write one between 0 and 1: 0.95")
    inputs.mind()
