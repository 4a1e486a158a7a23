"""All names of PyTorch that this package has: what `import gradcli as torch` finds."""

from __future__ import annotations

import math
import types
from typing import Any

from gradcli.tensors import creation, devices, dtypes, functions, grad_mode, shapes
from gradcli.tensors.history import Size
from gradcli.tensors.tensor import Tensor

_more = {
    "clone": functions.clone,
    "isnan": functions._test("isnan"),
    "isinf": functions._test("isinf"),
    "isfinite": functions._test("isfinite"),
    "allclose": functions.allclose,
    "equal": functions.equal,
    "maximum": functions.maximum,
    "minimum": functions.minimum,
}

_methods = {
    "to": functions.to,
    "cpu": lambda self: self,
    "type": functions.type_,
    "type_as": lambda self, other: functions.to(self, other.dtype),
    "where": lambda self, condition, other: functions.where(condition, self, other),
}

_casts = {"double": dtypes.float64, "float": dtypes.float32, "long": dtypes.int64, "bool": dtypes.bool_}

for _name, _method in (shapes.METHODS | functions.FUNCTIONS | _more | _methods).items():
    setattr(Tensor, _name, _method)
functions.install()
for _name, _dtype in _casts.items():
    setattr(Tensor, _name, lambda self, _dtype=_dtype: functions.to(self, _dtype))

linalg = types.SimpleNamespace(
    norm=shapes.norm, **{name: functions.FUNCTIONS[name] for name in ("det", "inv", "solve")}
)

NAMES: dict[str, Any] = {
    **functions.FUNCTIONS,
    **functions.IN_PLACE,
    **_more,
    "where": functions.where,
    "is_tensor": functions.is_tensor,
    "linalg": linalg,
    "Tensor": Tensor,
    "Size": Size,
    "dtype": dtypes.dtype,
    "device": devices.device,
    "cuda": devices.ABSENT,
    "accelerator": devices.ABSENT,
    "float64": dtypes.float64,
    "double": dtypes.float64,
    "float32": dtypes.float32,
    "float": dtypes.float32,
    "int64": dtypes.int64,
    "long": dtypes.int64,
    "bool": dtypes.bool_,
    "get_default_dtype": dtypes.get_default_dtype,
    "set_default_dtype": dtypes.set_default_dtype,
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
    **{
        name: getattr(grad_mode, name)
        for name in (
            *("no_grad", "enable_grad", "set_grad_enabled", "inference_mode"),
            *("is_grad_enabled", "is_inference_mode_enabled"),
        )
    },
    "from_numpy": creation.from_numpy,
    "manual_seed": creation.manual_seed,
    **{
        name: devices.placed(getattr(creation, name))
        for name in (
            *("tensor", "as_tensor", "zeros", "ones", "empty", "full", "arange", "linspace", "eye"),
            *("randn", "rand", "randint", "randperm"),
            *("zeros_like", "ones_like", "empty_like", "full_like", "randn_like", "rand_like"),
        )
    },
}
