"""Parameters that are computed from others: `register_parametrization(layer, "weight", module)`.

>>> from gradcli import nn
>>> class Positive(nn.Module):
...     def forward(self, x):
...         return x.exp()
>>> layer = register_parametrization(nn.Linear(1, 1, bias=False), "weight", Positive())
>>> layer.weight.item() > 0, [name for name, _ in layer.named_parameters()]
(True, ['parametrizations.weight.original'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from gradcli.nn.containers import ModuleDict, ModuleList
from gradcli.nn.module import Module
from gradcli.nn.parameter import Parameter
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Cache:
    """Within how many `cached` the program is, and what was computed there."""

    depth = 0
    known: ClassVar[dict[tuple[int, str], Any]] = {}


class cached:  # noqa: N801 - PyTorch's name
    """Within it each parametrized tensor is computed once."""

    def __enter__(self) -> None:
        _Cache.depth += 1

    def __exit__(self, *error: object) -> None:
        _Cache.depth -= 1
        if not _Cache.depth:
            _Cache.known.clear()


class ParametrizationList(ModuleList):
    """The modules that a tensor goes through, from `original`, or from `original0`, `original1` and so on."""

    def __init__(self, modules: Sequence[Module], original: Tensor) -> None:
        super().__init__(modules)
        value: Any = original
        with no_grad():
            for module in reversed(self):
                if hasattr(module, "right_inverse"):
                    value = module.right_inverse(value)
        self.is_tensor = isinstance(value, Tensor)
        if self.is_tensor:
            if value is not original:
                copy = Parameter(value) if isinstance(original, Parameter) else value
                original = copy.requires_grad_(original.requires_grad) if isinstance(copy, Parameter) else copy
            self._set("original", original)
        else:
            self.ntensors = len(value)
            for k, part in enumerate(value):
                self._set(f"original{k}", Parameter(part) if isinstance(original, Parameter) else part)

    def _set(self, name: str, value: Tensor) -> None:
        if isinstance(value, Parameter):
            self.register_parameter(name, value)
        else:
            self.register_buffer(name, value)

    def right_inverse(self, value: Tensor) -> None:
        """Let the tensor become this value. Raises RuntimeError where a module cannot be undone."""
        found: Any = value
        with no_grad():
            for module in reversed(self):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement right_inverse: "
                        "define it to assign to the parametrized tensor"
                    )
                found = module.right_inverse(found)
            for k, part in enumerate([found] if self.is_tensor else found):
                copy_(self.original if self.is_tensor else getattr(self, f"original{k}"), part)

    def forward(self) -> Any:
        """The tensor."""
        first, *rest = self
        if self.is_tensor:
            value = first(self.original)
        else:
            value = first(*[getattr(self, f"original{k}") for k in range(self.ntensors)])
        for module in rest:
            value = module(value)
        return value


def _property(name: str) -> property:
    def get(self: Any) -> Any:
        if not _Cache.depth:
            return self.parametrizations[name]()
        key = (id(self), name)
        if key not in _Cache.known:
            _Cache.known[key] = self.parametrizations[name]()
        return _Cache.known[key]

    return property(get, lambda self, value: self.parametrizations[name].right_inverse(value))


def _with_properties(module: Module) -> None:
    """Give a module a class of its own, which can have properties."""
    kind = type(module)

    def assign(self: Module, name: str, value: Any) -> None:
        if name in self.parametrizations:
            self.parametrizations[name].right_inverse(value)
        else:
            kind.__setattr__(self, name, value)

    module.parametrizations = ModuleDict()
    object.__setattr__(module, "__class__", type(f"Parametrized{kind.__name__}", (kind,), {"__setattr__": assign}))


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Has a module parametrized tensors, or one of this name?"""
    known = module._modules.get("parametrizations")
    return isinstance(known, ModuleDict) and (len(known) > 0 if tensor_name is None else tensor_name in known)


def register_parametrization(module: Any, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> Module:
    """Let a parameter or buffer be what `parametrization` makes of it, or of what others made before.

    Raises ValueError for what is no tensor of the module, or where shape or type change and unsafe is not said.
    """
    if is_parametrized(module, tensor_name):
        before = getattr(module, tensor_name)
        chain = module.parametrizations[tensor_name]
        if hasattr(parametrization, "right_inverse"):
            value = parametrization.right_inverse(before)
            chain.right_inverse(value)
        _check(parametrization, tensor_name, before, unsafe)
        chain.append(parametrization)
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(
            f"Module '{module!r}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    original = getattr(module, tensor_name)
    chain = ParametrizationList([parametrization], original)
    with no_grad():
        _fits(chain(), original, tensor_name, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        _with_properties(module)
    setattr(type(module), tensor_name, _property(tensor_name))
    module.parametrizations[tensor_name] = chain
    return module


def _check(parametrization: Module, name: str, before: Tensor, unsafe: bool) -> None:
    with no_grad():
        _fits(parametrization(before), before, name, unsafe)


def _fits(found: Any, original: Tensor, name: str, unsafe: bool) -> None:
    """Raises ValueError where a parametrization gives another type or shape."""
    if unsafe:
        return
    if not isinstance(found, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(found).__name__}.")
    for what, old, new in (("dtype", original.dtype, found.dtype), ("shape", original.shape, found.shape)):
        if old != new:
            raise ValueError(
                f"Registering a parametrization may not change the {what} of the tensor, unless `unsafe` flag is "
                f"enabled.\nmodule.{name}.{what}: {old}\nparametrization(module.{name}).{what}: {new}"
            )


def remove_parametrizations(module: Any, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """Make a parametrized tensor an ordinary one: as it is, or as its original was.

    Raises ValueError where it is none, or has several originals that are to be left.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    chain = module.parametrizations[tensor_name]
    if not leave_parametrized and not chain.is_tensor:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a "
            "sequence of tensors."
        )
    original = chain.original if chain.is_tensor else chain.original0
    if leave_parametrized:
        with no_grad():
            value = getattr(module, tensor_name)
        if chain.is_tensor:
            original.data = value.clone()
        else:
            original = Parameter(value) if isinstance(original, Parameter) else value
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    if not len(module.parametrizations):
        object.__setattr__(module, "__class__", type(module).__bases__[0])
        delattr(module, "parametrizations")
    if isinstance(original, Parameter):
        module.register_parameter(tensor_name, original)
    else:
        module.register_buffer(tensor_name, original)
    return module


__all__ = [
    "ParametrizationList", "cached", "is_parametrized", "register_parametrization", "remove_parametrizations",
]  # fmt: skip
