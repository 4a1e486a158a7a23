"""The propagation of distributions by Monte Carlo (JCGM 101:2008), over blocks of random draws, on all cores.

The draws are those of one numpy Generator in one order, so that a seed decides every digit.
"""

from __future__ import annotations

import math

import numpy as np

from gradcli.api.function import Function
from gradcli.domains.blocks.tape import BlockTape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.uncertainty.covariance import Inputs

    Vector = np.ndarray[Any, np.dtype[np.float64]]

CHUNK = 262_144  # trials that are drawn at a time


class MonteCarlo:
    """What the trials of one result say.

    mean, u: their mean and standard deviation; interval: the shortest that holds the probability; symmetric: the one
    with as much on either side; noise: the standard error of its two ends; lost: how many trials have no finite value,
    and are left out; trials, seed.
    """

    __slots__ = ("interval", "lost", "mean", "noise", "seed", "symmetric", "trials", "u")

    def __init__(self, values: Vector, p: float, seed: int) -> None:
        """values: of the trials; they are sorted in place."""
        self.trials, self.seed = values.size, seed
        finite = values[np.isfinite(values)]
        self.lost = values.size - finite.size
        count = finite.size
        self.mean = self.u = math.nan
        self.interval = self.symmetric = self.noise = (math.nan, math.nan)
        if count < 2:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            self.mean, self.u = float(finite.mean()), float(finite.std(ddof=1))
            finite.sort()
            inside = min(int(p * count + 0.5), count - 1)  # JCGM 101, 7.7
            widths = finite[inside:] - finite[: count - inside]
        best = int(np.argmin(widths))
        self.interval = float(finite[best]), float(finite[best + inside])
        low = (count - inside) // 2
        self.symmetric = float(finite[low]), float(finite[low + inside])
        spread = max(int(math.sqrt(count * (1 - p) / 2)), 1)
        self.noise = _noise(finite, low, spread), _noise(finite, low + inside, spread)

    def __repr__(self) -> str:
        return f"MonteCarlo(mean={self.mean!r}, u={self.u!r}, interval={self.interval!r})"


def _noise(ordered: Vector, k: int, spread: int) -> float:
    """The standard error of an order statistic: by those as far away as its rank may be off."""
    return float(ordered[min(k + spread, ordered.size - 1)] - ordered[max(k - spread, 0)]) / 2


class Draws:
    """Random draws of the uncertain inputs, with their correlations.

    Inputs that belong together are normal, or of a multivariate t distribution where their degrees of freedom are
    known (JCGM 102, 5.3.2); correlated inputs of other shapes keep their shape, by a Gaussian copula.
    """

    def __init__(self, inputs: Inputs, seed: int) -> None:
        self._known = list(inputs.known.items())
        self._rng = np.random.default_rng(seed)
        self._blocks = [(block, _root(inputs, block)) for block in inputs.blocks()]

    def next(self, count: int) -> dict[str, Vector]:
        """Name to so many draws."""
        found = {}
        for block, root in self._blocks:
            if len(block) == 1:
                name, one = self._known[block[0]]
                found[name] = one.drawn(self._rng, count)
                continue
            z = root @ self._rng.standard_normal((len(block), count))
            dof = min(self._known[k][1].dof for k in block)
            if dof < math.inf:
                z *= np.sqrt(dof / self._rng.chisquare(dof, count))
            for k, row in zip(block, z, strict=True):
                name, one = self._known[k]
                found[name] = one.at_normal(row)
        return found


def _root(inputs: Inputs, block: list[int]) -> Any:
    """A square root of the correlations, which may be of less than full rank."""
    u = inputs.u[block]
    values, vectors = np.linalg.eigh(inputs.sigma[np.ix_(block, block)] / np.outer(u, u))
    return vectors * np.sqrt(np.maximum(values, 0.0))


def simulate(program: Program, inputs: Inputs, p: float, trials: int, seed: int) -> list[MonteCarlo]:
    """Of each result of an elementwise program what the trials say. p: the probability of the intervals."""
    draws = Draws(inputs, seed)
    constants = {name: x.value for name, x in inputs.known.items() if not x.u}
    tapes = [BlockTape(Function(only(program, k)).optimised(False), constants) for k in range(len(program.results))]
    values = [np.empty(trials) for _ in tapes]
    for start in range(0, trials, CHUNK):
        count = min(CHUNK, trials - start)
        columns = draws.next(count)
        for tape, column in zip(tapes, values, strict=True):
            column[start : start + count] = tape.run(columns, constants, count)[0]
    return [MonteCarlo(column, p, seed) for column in values]


def only(program: Program, result: int) -> Program:
    """The same program with one of its results."""
    if len(program.results) == 1:
        return program
    import copy

    found = copy.copy(program)
    found.results = (program.results[result],)
    return found


def first_order_holds(value: float, u: float, expanded: float, trials: MonteCarlo, digits: int = 2) -> bool | None:
    """May the first order be trusted? None where the trials are too few to say (JCGM 101, 8).

    The ends of `value ± expanded` and those of the symmetric interval agree within half a unit of the last of so many
    digits of u, and what chance may do to them. u, expanded: of the first order.
    """
    if trials.trials < 2:
        return None
    if trials.lost or not math.isfinite(u):
        return False if trials.trials > trials.lost else None
    if not u > 0:
        return trials.u == 0.0
    tolerance = 10.0 ** (math.floor(math.log10(u)) - digits + 1) / 2
    ends = zip((value - expanded, value + expanded), trials.symmetric, trials.noise, strict=True)
    if not all(abs(a - b) <= tolerance + 3 * noise for a, b, noise in ends):
        return False
    return True if max(trials.noise) <= 2 * tolerance else None
