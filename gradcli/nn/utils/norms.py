"""Weights as a length and a direction, and of norm 1, the old way: a hook computes them before each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.nn import functional as F  # noqa: N812 - its usual name
from gradcli.nn.parameter import Parameter
from gradcli.nn.utils.parametrizations import iterate, lengths, over_largest, scaled
from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.random import randn
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class _Computed:
    """The hook of a weight that is computed from parts. kind: how it is called."""

    def __init__(self, kind: str, name: str, compute: Callable[[Any], Tensor], parts: list[str]) -> None:
        self.kind, self.name, self.compute, self.parts = kind, name, compute, parts

    def __call__(self, module: Any, args: Any) -> None:
        object.__setattr__(module, self.name, self.compute(module))


def _found(module: Any, name: str) -> list[tuple[int, _Computed]]:
    hooks = [(key, hook) for key, (_, hook) in vars(module)["_watchers"].items()]
    return [(key, hook) for key, hook in hooks if isinstance(hook, _Computed) and hook.name == name]


def _registered(
    module: Any, name: str, kind: str, parts: dict[str, Tensor], compute: Callable[[Any], Tensor], value: Tensor
) -> Any:
    """Let a parameter be computed from parts. Raises RuntimeError where it is so already."""
    if any(hook.kind == kind for _, hook in _found(module, name)):
        raise RuntimeError(f"Cannot register two {kind} hooks on the same parameter {name}")
    delattr(module, name)
    for part, tensor in parts.items():
        if isinstance(tensor, Parameter):
            module.register_parameter(part, tensor)
        else:
            module.register_buffer(part, tensor)
    object.__setattr__(module, name, value)
    module.register_forward_pre_hook(_Computed(kind, name, compute, list(parts)))
    return module


def _removed(module: Any, name: str, kind: str) -> Any:
    """Make the parameter an ordinary one again, of the value that it has. Raises ValueError where there is none."""
    for key, hook in _found(module, name):
        if hook.kind == kind:
            with no_grad():
                value = Parameter(hook.compute(module))
            del vars(module)["_watchers"][key]
            for part in (*hook.parts, name):
                delattr(module, part)
            module.register_parameter(name, value)
            return module
    raise ValueError(f"{kind} of '{name}' not found in {module}")


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Let a weight be `weight_g` (norms along all axes but dim) times the direction of `weight_v`.

    >>> from gradcli import nn
    >>> [(name, tuple(p.shape)) for name, p in weight_norm(nn.Linear(3, 2)).named_parameters()][1:]
    [('weight_g', (2, 1)), ('weight_v', (2, 3))]
    """
    axis = -1 if dim is None else dim
    weight = module._parameters[name].detach()
    length, direction = Parameter(lengths(weight, axis)), Parameter(weight)

    def compute(owner: Any) -> Tensor:
        return scaled(getattr(owner, f"{name}_g"), getattr(owner, f"{name}_v"), axis)

    parts: dict[str, Tensor] = {f"{name}_g": length, f"{name}_v": direction}
    return _registered(module, name, "weight_norm", parts, compute, scaled(length, direction, axis))


def remove_weight_norm(module: Any, name: str = "weight") -> Any:
    """Undo `weight_norm`. Raises ValueError where it was not done."""
    return _removed(module, name, "weight_norm")


def spectral_norm(
    module: Any, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Any:
    """Let a weight be `weight_orig` over its largest singular value, which `weight_u` and `weight_v` estimate."""
    weight = module._parameters[name]

    def matrix(w: Tensor) -> Tensor:
        return (w.movedim(dim, 0) if dim else w).flatten(1)

    rows, columns = matrix(weight).shape
    parts = {
        f"{name}_orig": weight,
        f"{name}_u": F.normalize(randn(rows), dim=0, eps=eps),
        f"{name}_v": F.normalize(randn(columns), dim=0, eps=eps),
    }

    def compute(owner: Any) -> Tensor:
        full, u, v = [getattr(owner, part) for part in parts]
        table = matrix(full)
        if owner.training:
            iterate(table.t(), v, u, n_power_iterations, eps)
        return over_largest(full, table, u, v)

    return _registered(module, name, "spectral_norm", parts, compute, weight.detach())


def remove_spectral_norm(module: Any, name: str = "weight") -> Any:
    """Undo `spectral_norm`. Raises ValueError where it was not done."""
    return _removed(module, name, "spectral_norm")


__all__ = ["remove_spectral_norm", "remove_weight_norm", "spectral_norm", "weight_norm"]
