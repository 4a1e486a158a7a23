"""The methods of tensors, given to the class in one place: it knows none of the modules that define them."""

from __future__ import annotations

from typing import Any

from gradcli.tensors import (
    backward,
    built,
    creation,
    cumulative,
    detached,
    differences,
    dtypes,
    functions,
    grad_fn,
    indexing,
    inplace,
    memory,
    operators,
    ordering,
    outputs,
    picking,
    printing,
    questions,
    random,
    rebasing,
    scattering,
    searching,
    shapes,
    statistics,
    whole_numbers,
    worded,
)
from gradcli.tensors.left_out import missing
from gradcli.tensors.tensor import Tensor

# What is a function of the namespace and a method too.
FUNCTIONS: dict[str, Any] = {
    **functions.FUNCTIONS,
    **shapes.FUNCTIONS,
    **picking.FUNCTIONS,
    **ordering.FUNCTIONS,
    **cumulative.FUNCTIONS,
    **scattering.FUNCTIONS,
    **differences.FUNCTIONS,
    **searching.FUNCTIONS,
    **worded.FUNCTIONS,
    **whole_numbers.FUNCTIONS,
    **statistics.FUNCTIONS,
    **built.FUNCTIONS,
    **questions.FUNCTIONS,
    "clone": functions.clone,
    "maximum": functions.maximum,
    "minimum": functions.minimum,
}


def _cast(dtype: dtypes.dtype) -> Any:
    return lambda self: functions.to(self, dtype)


def _written(name: str) -> Any:
    """`name_`: what the function gives, written into the tensor."""
    function = FUNCTIONS[name]

    def method(self: Tensor, *args: Any, **options: Any) -> Tensor:
        return inplace.replaced(self, lambda old: function(old, *args, **options))

    return functions.named(method, f"{name}_", f"{name}, written into the tensor")


_WRITTEN = (
    "masked_fill", "scatter", "scatter_add", "index_add", "index_fill", "lerp", "addmm", "addcmul", "addcdiv",
    "index_copy", "index_put", "masked_scatter", "scatter_reduce", "tril", "triu", "cumsum", "cumprod", "nan_to_num",
    "addmv", "baddbmm", "fill_diagonal", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not",
    "floor_divide", "eq", "ne", "lt", "le", "gt", "ge", "not_equal", "less", "less_equal", "greater", "greater_equal",
    "logical_and", "logical_or", "hypot", "atan2", "arctan2", "fmod", "remainder", "copysign", "xlogy", "gcd", "lcm",
    "clamp_min", "clamp_max", "float_power", "ldexp", "multiply", "divide", "true_divide", "subtract", "addr", "renorm",
)  # fmt: skip


def _turned(name: str) -> Any:
    """`name_`: the tensor becomes what the function gives, a view of its memory."""
    function = FUNCTIONS[name]

    def method(self: Tensor, *args: Any) -> Tensor:
        inplace.may_change(self)
        return rebasing.turned(self, lambda old: function(old, *args))

    return functions.named(method, f"{name}_", f"{name} of the tensor itself")


class _LeftOut:
    """An attribute that says that it is left out. A `__getattr__` would make every other attribute slow to read."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, tensor: Tensor | None, owner: type) -> Any:
        raise AttributeError(missing("Tensor", self._name, ()))


_LEFT_OUT = ("bfloat16", "cuda", "imag", "istft", "sparse_mask", "stft", "to_sparse", "xpu")

METHODS: dict[str, Any] = {
    **{name: _LeftOut(name) for name in _LEFT_OUT},
    **{f"{name}_": _turned(name) for name in ("unsqueeze", "squeeze", "t", "transpose", "swapaxes", "swapdims")},
    **{f"{name}_": _written(name) for name in _WRITTEN},
    **creation.METHODS,
    **functions.IN_PLACE,
    **FUNCTIONS,
    **shapes.METHODS,
    **operators.METHODS,
    **whole_numbers.METHODS,
    **built.METHODS,
    **picking.METHODS,
    **questions.METHODS,
    **inplace.METHODS,
    **indexing.METHODS,
    **backward.METHODS,
    **grad_fn.METHODS,
    **printing.METHODS,
    **random.METHODS,
    **memory.METHODS,
    **detached.METHODS,
    "polygamma": lambda self, n: FUNCTIONS["polygamma"](n, self),
    "to": functions.to,
    "cpu": lambda self: self,
    "real": property(lambda self: self),
    "is_sparse": False,
    "is_cuda": False,
    "get_device": lambda self: -1,
    "itemsize": property(lambda self: self.element_size()),
    "nbytes": property(lambda self: self.element_size() * self.numel()),
    "type": functions.type_,
    "type_as": lambda self, other: functions.to(self, other.dtype),
    "where": lambda self, condition, other: functions.where(condition, self, other),
    **{name: _cast(dtype) for name, dtype in dtypes.CASTS.items()},
}

for _name, _method in METHODS.items():
    setattr(Tensor, _name, outputs.method(_method))
