"""An input quantity: its best estimate, its standard uncertainty, and the distribution that stands for what is known.

Sources: JCGM 100:2008, 4.2 and 4.3; JCGM 101:2008, 6.4 and table 1.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Of each distribution over an interval: the standard deviation in units of the half-width, and the excess kurtosis.
BOUNDED = {
    "rect": (1 / math.sqrt(3), -1.2),
    "tri": (1 / math.sqrt(6), -0.6),
    "arcsine": (1 / math.sqrt(2), -1.5),
}


class Input:
    """One input quantity.

    value: the estimate; u: its standard uncertainty, 0.0 for a constant; dof: the degrees of freedom of u; shape:
    "normal" (with finite dof a scaled t distribution, JCGM 101, 6.4.9), "rect", "tri", "arcsine" or "t"; scale: the
    half-width of an interval, or of "t" its scale; nu: of "t" its degrees of freedom; group: what readings or fit it
    comes from together with others, or nothing.

    >>> Input(2.0, 0.1)
    2.0 ± 0.1
    """

    __slots__ = ("dof", "group", "nu", "scale", "shape", "u", "value")

    def __init__(
        self, value: float, u: float = 0.0, dof: float = math.inf, shape: str = "normal", scale: float = 0.0,
        nu: float = math.inf,
    ) -> None:  # fmt: skip
        self.value = value
        self.u = u
        self.dof = dof
        self.shape = shape
        self.scale = scale
        self.nu = nu
        self.group = ""

    def __repr__(self) -> str:
        return f"{self.value!r} ± {self.u!r}" if self.u else f"{self.value!r}"

    @property
    def excess(self) -> float:
        """The fourth central moment over u^4, less the 3 of a normal distribution."""
        if self.shape == "t":
            return 6 / (self.nu - 4) if self.nu > 4 else math.inf
        return BOUNDED[self.shape][1] if self.shape in BOUNDED else 0.0

    def drawn(self, rng: Any, count: int) -> Any:
        """So many random draws: an array of NumPy. rng: a numpy Generator."""
        if self.shape == "rect":
            return self.value + self.scale * (2 * rng.random(count) - 1)
        if self.shape == "tri":
            return self.value + self.scale * (rng.random(count) + rng.random(count) - 1)
        if self.shape == "arcsine":
            import numpy as np

            return self.value + self.scale * np.sin(2 * np.pi * rng.random(count))
        if self.shape == "t":
            return self.value + self.scale * rng.standard_t(self.nu, count)
        if self.dof < math.inf:
            return self.value + self.u * rng.standard_t(self.dof, count)
        return self.value + self.u * rng.standard_normal(count)

    def at_normal(self, z: Any) -> Any:
        """What has the probability that standard normal numbers have: draws of a Gaussian copula."""
        if self.shape == "normal":
            return self.value + self.u * z
        import numpy as np
        from scipy.special import ndtr, stdtrit

        p = ndtr(z)
        if self.shape == "rect":
            return self.value + self.scale * (2 * p - 1)
        if self.shape == "tri":
            low, high = np.sqrt(2 * p) - 1, 1 - np.sqrt(2 * (1 - p))
            return self.value + self.scale * np.where(p < 0.5, low, high)
        if self.shape == "arcsine":
            return self.value - self.scale * np.cos(np.pi * p)
        return self.value + self.scale * stdtrit(self.nu, p)


def bounded(shape: str, low: float, high: float) -> Input:
    """A quantity between two limits: "rect", "tri" or "arcsine" (JCGM 101, table 1)."""
    half = (high - low) / 2
    return Input(low + half, half * BOUNDED[shape][0], shape=shape, scale=half)


def of_t(mean: float, scale: float, nu: float) -> Input:
    """A scaled and shifted t distribution; nu above 2, where it has a standard deviation (JCGM 101, 6.4.9.4)."""
    return Input(mean, scale * math.sqrt(nu / (nu - 2)), shape="t", scale=scale, nu=nu)
