"""The functions of layers and losses."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from gradcli.nn.loss_functions import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    nll_loss,
    smooth_l1_loss,
)
from gradcli.nn.margins import (
    cosine_embedding_loss,
    gaussian_nll_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    poisson_nll_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from gradcli.nn.padding import pad
from gradcli.nn.thresholds import (
    celu,
    glu,
    hardshrink,
    hardsigmoid,
    hardswish,
    prelu,
    rrelu,
    softmin,
    softshrink,
    tanhshrink,
    threshold,
)
from gradcli.nn.written import may_write
from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import plain
from gradcli.tensors.creation import zeros_like
from gradcli.tensors.functions import named
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.indexing import get
from gradcli.tensors.inplace import copy_, written
from gradcli.tensors.left_out import missing
from gradcli.tensors.namespace import NAMES
from gradcli.tensors.picking import one_hot
from gradcli.tensors.random import bernoulli_, rand_like
from gradcli.tensors.record import apply_one, made, renamed
from gradcli.tensors.shapes import linear
from gradcli.tensors.tensor import Tensor

sigmoid = NAMES["sigmoid"]
logsigmoid = NAMES["logsigmoid"]
softsign = NAMES["softsign"]
pdist = NAMES["pdist"]
tanh = NAMES["tanh"]
_relu, _elu, _gelu, _softplus = (NAMES[name] for name in ("relu", "elu", "gelu", "softplus"))
_clamp, _where = NAMES["clamp"], NAMES["where"]
_RELU = plain("relu", 1)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0)."""
    if inplace:
        return input.relu_()
    return apply_one(_RELU, input) if isinstance(input, Tensor) else _relu(input)


@may_write
def leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x above 0, negative_slope*x below."""
    return NAMES["leaky_relu"](input, negative_slope)


@may_write
def elu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x above 0, alpha*(exp(x) - 1) below."""
    return _elu(input, alpha)


@may_write
def selu(input: Tensor) -> Tensor:
    """elu with the constants of Klambauer and others, 2017."""
    return renamed(_elu(input, 1.6732632423543772848170429916717) * 1.0507009873554804934193349852946, "EluBackward0")


@may_write
def relu6(input: Tensor) -> Tensor:
    """x between 0 and 6."""
    return hardtanh(input, 0.0, 6.0)


@may_write
def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """x between min_val and max_val."""
    inside = (input > min_val) & (input < max_val)  # PyTorch's slope at the ends is 0, that of clamp 1
    return renamed(_where(inside, input, _clamp(input.detach(), min_val, max_val)), "HardtanhBackward0")


@may_write
def silu(input: Tensor) -> Tensor:
    """x*sigmoid(x)."""
    return NAMES["silu"](input)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x*ndtr(x), or with `approximate="tanh"` Hendrycks' and Gimpel's form. Raises RuntimeError for another one."""
    if approximate == "none":
        return _gelu(input)
    if approximate != "tanh":
        raise RuntimeError("approximate argument must be either none or tanh.")
    inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input**3)
    return renamed(0.5 * input * (1 + tanh(inner)), "GeluBackward0")


@may_write
def mish(input: Tensor) -> Tensor:
    """x*tanh(softplus(x))."""
    return renamed(input * tanh(_softplus(input)), "MishBackward0")


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + exp(beta*x))/beta."""
    return _softplus(input) if beta == 1 else renamed(_softplus(input * beta) / beta, "SoftplusBackward0")


def _axis(input: Tensor, dim: int | None, name: str) -> int:
    if dim is not None:
        return dim
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        UserWarning,
        stacklevel=3,
    )
    return 0 if input.ndim in (0, 1, 3) else 1


def softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """exp(x) over its sum along an axis."""
    return NAMES["softmax"](input if dtype is None else input.to(dtype), _axis(input, dim, "softmax"))


def log_softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """The logarithm of softmax."""
    return NAMES["log_softmax"](input if dtype is None else input.to(dtype), _axis(input, dim, "log_softmax"))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Elements set to 0 with probability p, the others divided by 1 - p. Raises ValueError for no probability."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return input
    noise = made(np.zeros(input.shape, input.dtype.numpy))
    if p < 1:
        noise = bernoulli_(noise, 1 - p) / (1 - p)
    return input.mul_(noise) if inplace else input * noise


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:  # fmt: skip
    """The rows of the weight at whole numbers, which `nn.Embedding` explains.

    Raises RuntimeError, IndexError for numbers that are no rows.
    """
    if input.dtype.category != 1:
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; "
            f"but got torch.{dtypes.LEGACY[input.dtype.name]} instead (while checking arguments for embedding)"
        )
    places = np.asarray(input.value)
    if ((places < 0) | (places >= weight.shape[0])).any():
        raise IndexError("index out of range in self")
    if max_norm is not None:
        _bound_rows(weight, np.unique(places), max_norm, norm_type)
    rows = get(weight, input, "EmbeddingBackward0")
    if scale_grad_by_freq:
        share = made(1.0 / np.bincount(places.ravel(), minlength=1)[places][..., None])
        rows = rows * share + rows.detach() * (1.0 - share)
    if padding_idx is not None:
        padding = made((places == padding_idx % weight.shape[0])[..., None])
        rows = _where(padding, rows.detach(), rows)
    return renamed(rows, "EmbeddingBackward0")


@no_grad()
def _bound_rows(weight: Tensor, places: np.ndarray, max_norm: float, norm_type: float) -> None:
    """Bring rows of a weight to at most this norm."""
    array = weight.array()
    norms = np.linalg.norm(array[places], norm_type, axis=1)
    large = norms > max_norm
    array[places[large]] *= (max_norm / (norms[large] + 1e-7))[:, None]
    written(weight)


def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None,
    bias: Tensor | None = None, training: bool = False, momentum: float = 0.1, eps: float = 1e-05,
) -> Tensor:  # fmt: skip
    """Each feature (second axis) less its mean, over the root of its variance + eps; times weight, plus bias.

    In training of the batch, which moves the running ones by momentum; else of the running ones. Raises ValueError
    for a batch of one value.
    """
    axes = [k for k in range(input.ndim) if k != 1]
    count = math.prod(input.shape[k] for k in axes)
    wide = [-1 if k == 1 else 1 for k in range(input.ndim)]
    if training:
        if count <= 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.shape}")
        mean = input.mean(axes)
        variance = ((input - mean.reshape(*wide)) ** 2).mean(axes)
        with no_grad():
            for running, now in ((running_mean, mean), (running_var, variance * (count / (count - 1)))):
                if running is not None:
                    copy_(running, now.detach() * momentum + running * (1 - momentum))
    else:
        assert running_mean is not None
        assert running_var is not None
        mean, variance = running_mean, running_var
    scaled = (input - mean.reshape(*wide)) * (variance + eps).rsqrt().reshape(*wide)
    return _affine(scaled, weight, bias, wide, "NativeBatchNormBackward0")


def layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
) -> Tensor:
    """Each sample less its mean over the last axes, over the root of its variance + eps; times weight, plus bias.

    Raises RuntimeError where the input does not end with these axes.
    """
    shape = tuple(normalized_shape)
    if tuple(input.shape[-len(shape) :]) != shape:
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {', '.join(map(str, shape))}], "
            f"but got input of size{list(input.shape)}"
        )
    axes = list(range(-len(shape), 0))
    centred = input - input.mean(axes, keepdim=True)
    scaled = centred * ((centred**2).mean(axes, keepdim=True) + eps).rsqrt()
    return _affine(scaled, weight, bias, None, "NativeLayerNormBackward0")


def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None) -> Tensor:
    """Each sample over the root of the mean of the squares along the last axes + eps; times weight.

    eps: by default the distance from 1 to the next number of the type.
    """
    axes = list(range(-len(tuple(normalized_shape)), 0))
    small = float(np.finfo(input.dtype.numpy).eps) if eps is None else eps
    return _affine(input * ((input**2).mean(axes, keepdim=True) + small).rsqrt(), weight, None, None, "MulBackward0")


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
) -> Tensor:
    """Groups of channels less their mean, over the root of their variance + eps; times weight, plus bias.

    Raises RuntimeError where the channels are not a multiple of the groups.
    """
    count, channels, *rest = input.shape
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(input.shape)} and num_groups={num_groups}"
        )
    groups = input.reshape(count, num_groups, -1)
    scaled = layer_norm(groups, groups.shape[2:], None, None, eps).reshape(*input.shape)
    return _affine(scaled, weight, bias, (channels, *[1] * len(rest)), "NativeGroupNormBackward0")


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A softmax of logits with Gumbel's noise over tau: draws from categories that have gradients (Jang et al., 2017).

    hard: 1 at the largest and 0 elsewhere, with the gradient of the softmax.
    """
    noise = -(-rand_like(logits).log()).log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    chosen = soft.argmax(dim, keepdim=True)
    return zeros_like(logits).scatter(dim, chosen, 1.0) - soft.detach() + soft


def _affine(x: Tensor, weight: Tensor | None, bias: Tensor | None, shape: Any, name: str) -> Tensor:
    if weight is not None:
        x = x * (weight if shape is None else weight.reshape(*shape))
    if bias is not None:
        x = x + (bias if shape is None else bias.reshape(*shape))
    return renamed(x, name)


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """Vectors along an axis, divided by their p-norm, or by eps where that is larger."""
    return input / input.norm(p, dim, keepdim=True).clamp(min=eps)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along an axis."""
    first, second = (x / x.norm(2, dim, keepdim=True).clamp(min=eps) for x in (x1, x2))
    return renamed((first * second).sum(dim), "SumBackward1")


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> Tensor:
    """The p-norm of x1 - x2 + eps along the last axis."""
    return renamed((x1 - x2 + eps).norm(p, -1, keepdim=keepdim), "NormBackward1")


__all__ = [
    "batch_norm", "binary_cross_entropy", "binary_cross_entropy_with_logits", "celu", "celu_", "cosine_embedding_loss",
    "cosine_similarity", "cross_entropy", "dropout", "elu", "elu_", "embedding", "gaussian_nll_loss", "gelu", "glu",
    "group_norm", "gumbel_softmax", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "hardtanh_",
    "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss", "layer_norm", "leaky_relu", "leaky_relu_", "linear",
    "log_softmax", "logsigmoid", "margin_ranking_loss", "mish", "mse_loss", "multi_margin_loss",
    "multilabel_margin_loss", "multilabel_soft_margin_loss", "nll_loss", "normalize", "one_hot", "pad",
    "pairwise_distance", "pdist", "poisson_nll_loss", "prelu", "relu", "relu6", "relu_", "rms_norm", "rrelu", "rrelu_",
    "selu", "selu_", "sigmoid", "silu", "smooth_l1_loss", "soft_margin_loss", "softmax", "softmin", "softplus",
    "softshrink", "softsign", "tanh", "tanhshrink", "threshold", "threshold_", "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]  # fmt: skip


def _in_place(function: Any, name: str) -> Any:
    return named(lambda input, *args, **options: function(input, *args, inplace=True, **options), name,
                 f"{function.__name__}, written into the tensor")  # fmt: skip


relu_, elu_, selu_, celu_, leaky_relu_, rrelu_, hardtanh_, threshold_ = (
    _in_place(function, function.__name__ + "_")
    for function in (relu, elu, selu, celu, leaky_relu, rrelu, hardtanh, threshold)
)


def __getattr__(name: str) -> Any:
    """Raises AttributeError: what is not here is left out, and no slip of the pen."""
    raise AttributeError(missing("nn.functional", name, __all__))
