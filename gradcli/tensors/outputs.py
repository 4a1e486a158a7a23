"""Results that are written into a tensor given as `out`, and PyTorch's second words for the axis."""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.devices import check
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.inplace import written
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


def into(name: str, result: Any, out: Any) -> Any:
    """Write results into the tensors given for them, which take their shape.

    Raises RuntimeError where a gradient is required, or a type does not hold the numbers; TypeError for no tensor.
    """
    if isinstance(out, (tuple, list)):
        for part, place in zip(result, out, strict=True):
            into(name, part, place)
        return type(result)(*out) if hasattr(result, "_fields") else tuple(out)
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {type(out).__name__}")
    if MODE.recording and (out.requires_grad or result.requires_grad):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad: leave `out` away, or compute within torch.no_grad()"
        )
    if not dtypes.can_cast(result.dtype, out.dtype):
        kinds = [dtypes.SCALAR[x.dtype.name] for x in (result, out)]
        raise RuntimeError(f"result type {kinds[0]} can't be cast to the desired output type {kinds[1]}")
    value = np.asarray(result.value)
    if result.shape != out.shape:
        if out.numel():
            warnings.warn(
                f"An output with one or more elements was resized since it had shape {list(out.shape)}, which does not "
                f"match the required output shape {list(result.shape)}.",
                UserWarning,
                stacklevel=3,
            )
        out.value = np.array(value, out.dtype.numpy)
    else:
        out.array()[...] = value
    written(out)
    return out


def public(name: str, function: Any) -> Any:
    """What `torch.name` is: a function of tensors with the parameters `out` and `axis` too."""
    if not inspect.isfunction(function) or hasattr(function, "takes_out"):
        return function
    return _spoken(function, name)


def method(function: Any) -> Any:
    """A method whose `dim` is called `axis` too."""
    if not inspect.isfunction(function):
        return function
    known = inspect.signature(function).parameters
    return _spoken(function, "") if "dim" in known and "axis" not in known else function


def _spoken(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    known = inspect.signature(function).parameters
    renamed = "dim" in known and "axis" not in known
    writes = bool(name) and "out" not in known

    @functools.wraps(function)
    def spoken(*args: Any, **options: Any) -> Any:
        if options:
            if renamed and "axis" in options:
                options["dim"] = options.pop("axis")
            if writes and "out" in options:
                out = options.pop("out")
                result = function(*args, **options)
                return result if out is None else into(name, result, out)
        return function(*args, **options)

    return spoken


def placed(make: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes tensors, with PyTorch's parameters `device`, `layout`, `pin_memory` and `out`."""

    @functools.wraps(make)
    def make_there(
        *args: Any, device: Any = None, layout: Any = None, pin_memory: bool = False, out: Any = None, **options: Any
    ) -> Any:
        check(device)
        if "dtype" in options:
            options["dtype"] = dtypes.chosen(options["dtype"])
        found = make(*args, **options)
        return found if out is None else _filled(make.__name__, found, out)

    return make_there


def _filled(maker: str, result: Tensor, out: Tensor) -> Tensor:
    """A new tensor written into another one, whatever its numbers."""
    return into(maker, made(np.asarray(result.value).astype(out.dtype.numpy)), out)
