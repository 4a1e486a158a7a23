"""Special functions under PyTorch's names: rows of the table of operations, and a few made of them.

>>> import gradcli as torch
>>> from gradcli.special import entr, expit
>>> expit(torch.tensor([0.0, 2.0]))
tensor([0.5000, 0.8808])
>>> entr(torch.tensor([0.5, 0.0]))
tensor([0.3466, 0.0000])
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.left_out import missing
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.record import made, renamed

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor

# PyTorch's name of a row of the table where that is not the row's own.
_RENAMED = {
    "expit": "sigmoid", "gammaln": "lgamma", "psi": "digamma", "bessel_j0": "j0", "bessel_j1": "j1", "bessel_y0": "y0",
    "bessel_y1": "y1", "modified_bessel_i0": "i0", "modified_bessel_i1": "i1", "modified_bessel_k0": "k0",
    "modified_bessel_k1": "k1", "multigammaln": "mvlgamma",
}  # fmt: skip
_OWN = (
    *("erf", "erfc", "erfinv", "erfcx", "digamma", "polygamma", "gammainc", "gammaincc", "zeta", "i0", "i1"),
    *("ndtr", "ndtri", "log_ndtr", "xlogy", "xlog1py", "sinc", "exp2", "expm1", "log1p", "round", "logsumexp"),
)
_rows = {**{name: NAMES[name] for name in _OWN}, **{name: NAMES[row] for name, row in _RENAMED.items()}}
globals().update(_rows)


def softmax(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """exp(x) over its sum along an axis."""
    return NAMES["softmax"](input if dtype is None else input.to(dtype), dim)


def log_softmax(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The logarithm of softmax."""
    return NAMES["log_softmax"](input if dtype is None else input.to(dtype), dim)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(x/(1 - x)), on request of x between eps and 1 - eps."""
    return NAMES["logit"](input if eps is None else input.clamp(eps, 1 - eps))


def entr(input: Tensor) -> Tensor:
    """-x*log(x), 0 at 0 and minus infinity below."""
    below = made(np.asarray(np.asarray(input.value) < 0))
    entropy = NAMES["xlogy"](-input, input.masked_fill(below, 1.0))
    return renamed(entropy.masked_fill(below, -math.inf), "SpecialEntrBackward0")


__all__ = [*_rows, "entr", "log_softmax", "logit", "softmax"]


def __getattr__(name: str) -> Any:
    """Raises AttributeError: what is not here is left out."""
    raise AttributeError(missing("special", name, __all__))
