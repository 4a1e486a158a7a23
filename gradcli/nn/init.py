"""How weights begin: they are filled in place, without a record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.functions import where
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_, fill_
from gradcli.tensors.random import Generator, randperm
from gradcli.tensors.random import normal_ as _normal
from gradcli.tensors.random import uniform_ as _uniform
from gradcli.tensors.record import made

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor

_GAINS = {"tanh": 5.0 / 3, "relu": math.sqrt(2.0), "selu": 3.0 / 4}
_PLAIN = ("linear", "sigmoid", "conv1d", "conv2d", "conv3d")


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor of the standard deviation that suits an activation. Raises ValueError for an unknown one.

    >>> calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity in _PLAIN:
        return 1
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return _GAINS[nonlinearity]


@no_grad()
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Numbers evenly distributed from a to b."""
    return _uniform(tensor, a, b, generator=generator)


@no_grad()
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normally distributed numbers."""
    return _normal(tensor, mean, std, generator=generator)


@no_grad()
def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:  # fmt: skip
    """Normally distributed numbers between a and b."""
    low, high = (0.5 * (1 + math.erf((end - mean) / std / math.sqrt(2.0))) for end in (a, b))
    if high - low > 0.3:  # drawn again where they lie outside
        _normal(tensor, mean, std, generator=generator)
        while (outside := _outside(tensor, a, b)).any():
            again = _normal(made(np.empty(tensor.shape, tensor.dtype.numpy)), mean, std, generator=generator)
            copy_(tensor, where(outside, again, tensor))
        return tensor
    drawn = _uniform(made(np.empty(tensor.shape)), 2 * low - 1, 2 * high - 1, generator=generator)
    return copy_(tensor, (drawn.erfinv() * (std * math.sqrt(2.0)) + mean).clamp(a, b))


@no_grad()
def constant_(tensor: Tensor, val: float) -> Tensor:
    """One number in every place."""
    return fill_(tensor, val)


def _outside(tensor: Any, a: float, b: float) -> Any:
    return (tensor < a) | (tensor > b)


def ones_(tensor: Tensor) -> Tensor:
    """Ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros."""
    return constant_(tensor, 0.0)


@no_grad()
def eye_(tensor: Tensor) -> Tensor:
    """Ones on the diagonal of a matrix. Raises ValueError for what is none."""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    return copy_(tensor, made(np.eye(*tensor.shape)))


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs and outputs a weight joins."""
    if tensor.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def _fan(tensor: Tensor, mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Evenly within gain*sqrt(6/(inputs + outputs)) of 0 (Glorot and Bengio, 2010)."""
    bound = math.sqrt(3.0) * (gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor)))))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normally with the standard deviation gain*sqrt(2/(inputs + outputs)) (Glorot and Bengio, 2010)."""
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor)))), generator)


def kaiming_uniform_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:  # fmt: skip
    """Evenly within gain*sqrt(3/inputs) of 0 (He and others, 2015)."""
    bound = math.sqrt(3.0) * (calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:  # fmt: skip
    """Normally with the standard deviation gain/sqrt(inputs) (He and others, 2015)."""
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), generator)


@no_grad()
def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Rows, or columns where they are fewer, at right angles (Saxe and others, 2013).

    Raises ValueError for a vector.
    """
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    drawn = np.asarray(_normal(made(np.empty((rows, columns))), generator=generator).value)
    q, r = np.linalg.qr(drawn.T if rows < columns else drawn)
    q = q * np.sign(np.diag(r))
    return copy_(tensor, made(((q.T if rows < columns else q) * gain).reshape(tensor.shape)))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Normally distributed, a share of each column 0 (Martens, 2010). Raises ValueError for what is no matrix."""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    normal_(tensor, 0, std, generator)
    rows, columns = tensor.shape
    with no_grad():
        for k in range(columns):
            tensor[randperm(rows)[: math.ceil(sparsity * rows)], k] = 0.0
    return tensor


def __getattr__(name: str) -> Any:
    """The names without an underscore of old programs. Raises AttributeError for others."""
    found = globals().get(name + "_")
    if found is None:
        raise AttributeError(f"module 'torch.nn.init' has no attribute '{name}'")
    return found


__all__ = [
    "calculate_gain", "constant_", "eye_", "kaiming_normal_", "kaiming_uniform_", "normal_", "ones_", "orthogonal_",
    "sparse_", "trunc_normal_", "uniform_", "xavier_normal_", "xavier_uniform_", "zeros_",
]  # fmt: skip
