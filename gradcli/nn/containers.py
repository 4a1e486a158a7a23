"""Modules that hold modules: one after the other, as a list, as a dict."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from gradcli.nn.module import Module
from gradcli.nn.parameter import Parameter
from gradcli.tensors.dtypes import LEGACY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gradcli.tensors.tensor import Tensor


class _Listed(Module):
    """Modules by their number."""

    def _names(self) -> dict[str, Any]:
        return self._modules

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._names().values()))

    def _key(self, index: Any) -> str:
        place = operator.index(index)
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return list(self._names())[place]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(*self._as_arguments(list(self._names().items())[index]))
        return self._names()[self._key(index)]

    def _as_arguments(self, named: list[tuple[str, Any]]) -> list[Any]:
        return [[value for _, value in named]]

    def __setitem__(self, index: Any, value: Any) -> None:
        setattr(self, self._key(index), value)

    def __delitem__(self, index: Any) -> None:
        gone = [self._key(k) for k in range(len(self))[index]] if isinstance(index, slice) else [self._key(index)]
        kept = [value for name, value in self._names().items() if name not in gone]
        for name in list(self._names()):
            delattr(self, name)
        for k, value in enumerate(kept):
            setattr(self, str(k), value)

    def append(self, module: Any) -> Any:
        """Add one at the end."""
        setattr(self, str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Any]) -> Any:
        """Add several at the end."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index: int, module: Any) -> Any:
        """Add one before a place."""
        values = list(self)
        values.insert(index, module)
        for k, value in enumerate(values):
            setattr(self, str(k), value)
        return self


class Sequential(_Listed):
    """Modules one after the other.

    >>> from gradcli import nn
    >>> Sequential(nn.Linear(2, 3), nn.Tanh())
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): Tanh()
    )
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__()
        named = modules[0].items() if len(modules) == 1 and isinstance(modules[0], dict) else enumerate(modules)
        for name, module in named:
            self.add_module(str(name), module)

    def _as_arguments(self, named: list[tuple[str, Any]]) -> list[Any]:
        return [dict(named)]

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)
        return input


class ModuleList(_Listed):
    """Modules as a list."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        for k, module in enumerate(modules or ()):
            self.add_module(str(k), module)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        return self.extend(modules)

    def _shown(self) -> list[tuple[str, str]]:
        """Equal neighbours are shown once, with their number."""
        runs: list[list[Any]] = []
        for k, module in enumerate(self):
            text = repr(module)
            if runs and runs[-1][2] == text:
                runs[-1][1] = k
            else:
                runs.append([k, k, text])
        return [(f"({a}): ", text) if a == b else (f"({a}-{b}): {b - a + 1} x ", text) for a, b, text in runs]

    def __repr__(self) -> str:
        return super().__repr__()


class ModuleDict(Module):
    """Modules by name."""

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Any) -> None:
        """Add those of a dict, or of pairs."""
        for name, module in modules.items() if hasattr(modules, "items") else modules:
            self.add_module(name, module)

    def __getitem__(self, name: str) -> Module:
        return self._modules[name]

    def __setitem__(self, name: str, module: Module) -> None:
        self.add_module(name, module)

    def __delitem__(self, name: str) -> None:
        delattr(self, name)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, name: str) -> bool:
        return name in self._modules

    def keys(self) -> Any:
        """The names."""
        return self._modules.keys()

    def values(self) -> Any:
        """The modules."""
        return self._modules.values()

    def items(self) -> Any:
        """(name, module) pairs."""
        return self._modules.items()

    def pop(self, name: str) -> Module:
        """Take a module away, and return it."""
        module = self._modules[name]
        delattr(self, name)
        return module

    def clear(self) -> None:
        """Take all modules away."""
        for name in list(self._modules):
            delattr(self, name)


def _shown(key: Any, parameter: Tensor, kind: str) -> str:
    """The line of a parameter in what a container of them prints."""
    return f"  ({key}): Parameter containing: [torch.{kind} of size {'x'.join(map(str, parameter.shape))}]"


class ParameterList(_Listed):
    """Parameters as a list."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        for value in values or ():
            self.append(value)

    def _names(self) -> dict[str, Any]:
        return self._parameters

    def append(self, module: Any) -> Any:
        return super().append(module if isinstance(module, Parameter) else Parameter(module))

    def __repr__(self) -> str:
        lines = [_shown(k, p, p.dtype.name) for k, p in enumerate(self)]
        return f"ParameterList({lines[0]})" if len(lines) == 1 else "\n  ".join(["ParameterList(", *lines]) + "\n)"


class ParameterDict(Module):
    """Parameters by name."""

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        for name, value in dict(parameters or {}).items():
            self[name] = value

    def __getitem__(self, name: str) -> Any:
        return self._parameters[name]

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value if isinstance(value, Parameter) else Parameter(value))

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __contains__(self, name: str) -> bool:
        return name in self._parameters

    def extra_repr(self) -> str:
        return "\n".join([_shown(k, p, LEGACY[p.dtype.name]) for k, p in self.items()])

    def keys(self) -> Any:
        """The names."""
        return self._parameters.keys()

    def values(self) -> Any:
        """The parameters."""
        return self._parameters.values()

    def items(self) -> Any:
        """(name, parameter) pairs."""
        return self._parameters.items()
