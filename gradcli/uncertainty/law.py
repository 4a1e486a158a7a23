"""The law of propagation, to the first and to the second order, and the budget that it gives.

Sources: JCGM 100:2008, 5.1.2 (the note: the second order), 5.2.2, G.4 (Welch-Satterthwaite); the second order here is
the variance of the Taylor series to all terms of the size u^4, which for independent normal inputs are those of the
note, and for others have their own fourth moment.
"""

from __future__ import annotations

import math

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.uncertainty.covariance import Inputs, Matrix
    from gradcli.uncertainty.derivatives import Second


class Share:
    """A line of the budget: an input, its sensitivity (the partial), its contribution |sensitivity| u, and the share of
    the first-order variance, which with correlations counts half of each covariance (it can be negative)."""

    __slots__ = ("contribution", "input", "sensitivity", "share", "u", "value")

    def __init__(self, name: str, value: float, u: float, sensitivity: float, share: float) -> None:
        self.input = name
        self.value = value
        self.u = u
        self.sensitivity = sensitivity
        self.contribution = abs(sensitivity) * u
        self.share = share

    def __repr__(self) -> str:
        return f"Share({self.input!r}, contribution={self.contribution!r}, share={self.share!r})"


def first_order(gradient: Matrix, sigma: Matrix) -> float:
    """The standard uncertainty of the linear formula."""
    return math.sqrt(max(float(gradient @ sigma @ gradient), 0.0))


def second_order(gradient: Matrix, second: Second, inputs: Inputs, where: list[int]) -> tuple[float, float]:
    """(what the second order adds to the variance, the shift of the mean). where: places of the uncertain inputs."""
    sigma = inputs.sigma[np.ix_(where, where)]
    product = second.hessian @ sigma
    added = float(np.sum(product * product.T)) / 2 + float(gradient @ sigma @ second.along)
    known = list(inputs.known.values())
    alone = {block[0] for block in inputs.blocks() if len(block) == 1}
    for k, place in enumerate(where):
        excess = known[place].excess if place in alone else 0.0
        if excess and (second.hessian[k, k] or second.own[k]):
            terms = second.hessian[k, k] ** 2 / 4 + gradient[k] * second.own[k] / 3
            added += excess * known[place].u ** 4 * terms
    return added, float(np.trace(product)) / 2


def budget(gradient: Matrix, inputs: Inputs) -> list[Share]:
    """A line for each uncertain input, the largest contribution first. gradient: by every input."""
    parts = gradient * (inputs.sigma @ gradient)
    total = float(parts.sum())
    lines = [
        Share(name, x.value, x.u, float(gradient[k]), float(parts[k]) / total if total > 0 else 0.0)
        for k, (name, x) in enumerate(inputs.known.items())
        if x.u
    ]
    return sorted(lines, key=lambda line: -line.contribution if line.contribution == line.contribution else 0.0)


def degrees_of_freedom(gradient: Matrix, inputs: Inputs) -> float | None:
    """Those of the first-order uncertainty, by Welch and Satterthwaite; None where correlations forbid the formula.

    What was measured or fitted together counts as one: any linear combination of it has its degrees of freedom.
    """
    known = list(inputs.known.values())
    total, parts = 0.0, 0.0
    for block in inputs.blocks():
        g = gradient[block]
        variance = float(g @ inputs.sigma[np.ix_(block, block)] @ g)
        total += variance
        dofs = {known[k].dof for k in block}
        together = len({known[k].group for k in block}) == 1 and known[block[0]].group != ""
        if len(block) > 1 and not together and dofs != {math.inf}:
            return None
        dof = min(dofs)
        if dof < math.inf:
            parts += variance**2 / dof
    return total**2 / parts if parts > 0 else math.inf


def coverage_factor(p: float, dof: float) -> float:
    """The k for which an interval of k standard uncertainties has the probability p (JCGM 100, G.3 and G.6.4)."""
    if dof == math.inf:
        from statistics import NormalDist

        return NormalDist().inv_cdf((1 + p) / 2)
    from scipy.special import stdtrit

    return float(stdtrit(dof, (1 + p) / 2))
