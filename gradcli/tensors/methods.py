"""The methods of tensors, given to the class in one place: it knows none of the modules that define them."""

from __future__ import annotations

from typing import Any

from gradcli.tensors import (
    assembling,
    backward,
    creation,
    dtypes,
    functions,
    grad_fn,
    indexing,
    inplace,
    operators,
    picking,
    printing,
    random,
    shapes,
)
from gradcli.tensors.tensor import Tensor

# What is a function of the namespace and a method too.
FUNCTIONS: dict[str, Any] = {
    **functions.FUNCTIONS,
    **shapes.FUNCTIONS,
    **picking.FUNCTIONS,
    **assembling.FUNCTIONS,
    "clone": functions.clone,
    "isnan": functions.elementwise_test("isnan"),
    "isinf": functions.elementwise_test("isinf"),
    "isfinite": functions.elementwise_test("isfinite"),
    "allclose": functions.allclose,
    "equal": functions.equal,
    "maximum": functions.maximum,
    "minimum": functions.minimum,
}

_CASTS = {"double": dtypes.float64, "float": dtypes.float32, "long": dtypes.int64, "bool": dtypes.bool_}


def _cast(dtype: dtypes.dtype) -> Any:
    return lambda self: functions.to(self, dtype)


METHODS: dict[str, Any] = {
    **creation.METHODS,
    **functions.IN_PLACE,
    **FUNCTIONS,
    **shapes.METHODS,
    **operators.METHODS,
    **picking.METHODS,
    **assembling.METHODS,
    **inplace.METHODS,
    **indexing.METHODS,
    **backward.METHODS,
    **grad_fn.METHODS,
    **printing.METHODS,
    **random.METHODS,
    "to": functions.to,
    "cpu": lambda self: self,
    "type": functions.type_,
    "type_as": lambda self, other: functions.to(self, other.dtype),
    "where": lambda self, condition, other: functions.where(condition, self, other),
    **{name: _cast(dtype) for name, dtype in _CASTS.items()},
}

for _name, _method in METHODS.items():
    setattr(Tensor, _name, _method)
