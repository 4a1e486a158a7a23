"""Layers that learn the number of their inputs at their first call."""

from __future__ import annotations

from typing import Any

from gradcli.nn.layers import Linear
from gradcli.nn.norms import BatchNorm1d
from gradcli.nn.parameter import Parameter
from gradcli.tensors.creation import empty, ones, zeros
from gradcli.tensors.history import Size
from gradcli.tensors.tensor import Tensor

_NO_SHAPE = (
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in `load_state_dict` "
    "when trying to load an uninitialized parameter into an initialized one. Call `forward` to initialize the "
    "parameters before accessing their attributes."
)


class UninitializedParameter(Parameter):
    """A parameter whose shape is not known yet."""

    def __init__(self, requires_grad: bool = True) -> None:
        super().__init__(zeros(0), requires_grad)

    @property
    def shape(self) -> Size:
        """Raises RuntimeError: there is none yet."""
        raise RuntimeError(_NO_SHAPE)

    def materialize(self, value: Tensor) -> None:
        """Become an ordinary parameter of this value; it stays the same object, which optimisers know."""
        self.value = value.value
        object.__setattr__(self, "__class__", Parameter)

    def __repr__(self) -> str:
        return "<UninitializedParameter>"


class LazyLinear(Linear):
    """A Linear whose in_features are those of its first input.

    >>> import gradcli as torch
    >>> layer = LazyLinear(3)
    >>> layer
    LazyLinear(in_features=0, out_features=3, bias=True)
    >>> layer(torch.zeros(5, 2)).shape
    torch.Size([5, 3])
    >>> layer
    Linear(in_features=2, out_features=3, bias=True)
    """

    def __init__(self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__(0, 0, False, device, dtype)
        self.out_features, self._dtype = out_features, dtype
        self.weight = UninitializedParameter()
        if bias:
            self.bias = UninitializedParameter()

    def has_uninitialized_params(self) -> bool:
        """Has it not been called yet?"""
        return isinstance(self.weight, UninitializedParameter)

    def initialize_parameters(self, input: Tensor) -> None:
        """Become a Linear for such inputs."""
        loaded = not self.has_uninitialized_params()
        self.in_features = self.weight.shape[1] if loaded else input.shape[-1]
        object.__setattr__(self, "__class__", Linear)
        if loaded:
            return
        self.weight.materialize(empty(self.out_features, self.in_features, dtype=self._dtype))
        if self.bias is not None:
            self.bias.materialize(empty(self.out_features, dtype=self._dtype))
        self.reset_parameters()

    def forward(self, input: Tensor) -> Tensor:
        self.initialize_parameters(input)
        return self.forward(input)  # a Linear's


class LazyBatchNorm1d(BatchNorm1d):
    """A BatchNorm1d whose num_features are those of its first input."""

    def __init__(
        self, eps: float = 1e-05, momentum: float | None = 0.1, affine: bool = True, track_running_stats: bool = True,
        *, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(0, eps, momentum, affine, track_running_stats, dtype=dtype)
        self._dtype = dtype
        if affine:
            self.weight, self.bias = UninitializedParameter(), UninitializedParameter()

    def forward(self, input: Tensor) -> Tensor:
        self.num_features = count = input.shape[1]
        if isinstance(self.weight, UninitializedParameter):
            self.weight.materialize(ones(count, dtype=self._dtype))
            self.bias.materialize(zeros(count, dtype=self._dtype))
        if self.track_running_stats:
            self.running_mean, self.running_var = zeros(count, dtype=self._dtype), ones(count, dtype=self._dtype)
        object.__setattr__(self, "__class__", BatchNorm1d)
        return self.forward(input)  # a BatchNorm1d's
