"""Functions of NumPy arrays that need scipy, or floats element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import erf, erfc, gamma, gammaln, psi
from scipy.special import erfinv as inverse_of_erf

from gradcli.domains.floats import FLOATS

INF = np.inf

polygamma = np.vectorize(FLOATS["polygamma"], otypes=[float])
sinc_derivative = np.vectorize(FLOATS["sinc_derivative"], otypes=[float])
_mend = np.vectorize(FLOATS["logaddexp"], otypes=[float])


def logaddexp(x: Any, y: Any) -> Any:
    """Where the sum is much smaller than both of its terms the form for floats mends it."""
    r, top = np.logaddexp(x, y), np.maximum(x, y)
    thin = (np.abs(r) < 0.25) & (top > -0.7) & (top < 0)
    if not thin.any():
        return r
    x, y, r = np.broadcast_arrays(x, y, r)
    r = np.array(r)
    r[thin] = _mend(x[thin], y[thin])
    return r


def erfinv(x: Any) -> Any:
    return np.copysign(inverse_of_erf(x), x)  # scipy makes 0 of -0


def lgamma(x: Any) -> Any:
    return np.where(x == -INF, INF, gammaln(x))


def digamma(x: Any) -> Any:
    """By reflection below 0, where scipy loses digits near the poles."""
    x = np.asarray(x)
    r = x - np.rint(x)
    below = psi(1.0 - x) - np.pi / np.tan(np.pi * r)
    return np.where(x < 0, np.where(r == 0, np.nan, below), psi(x))


__all__ = ["digamma", "erf", "erfc", "erfinv", "gamma", "lgamma", "logaddexp", "polygamma", "sinc_derivative"]
