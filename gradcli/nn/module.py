"""Modules: parameters, modules within modules, and a `forward`."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Parameter(Tensor):
    """A tensor that a module has among its parameters; it requires grad."""

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        self.value = 0.0 if data is None else data.detach().value
        self.requires_grad_(requires_grad)

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()


class Matched(NamedTuple):
    """What `load_state_dict` gives: the names that did not fit, none here."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        return "<All keys matched successfully>"


class Module:
    """A part of a network. A subclass sets parameters and modules as attributes and defines `forward`."""

    training = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "_parameters" not in self.__dict__:
            if isinstance(value, (Parameter, Module)):
                what = "parameters" if isinstance(value, Parameter) else "module"
                raise AttributeError(
                    f"cannot assign {what} before Module.__init__() call: call super().__init__() first"
                )
        elif isinstance(value, Parameter):
            self._modules.pop(name, None)
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._parameters.pop(name, None)
            self._modules[name] = value
        elif name in self._parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{type(value).__name__}' as parameter '{name}' "
                    "(torch.nn.Parameter or None expected)"
                )
            del self._parameters[name]
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._parameters.pop(name, None)
        self._modules.pop(name, None)
        object.__delattr__(self, name)

    def __init__(self) -> None:
        self._modules: dict[str, Module] = {}
        self._parameters: dict[str, Parameter] = {}

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.forward(*args, **options)

    def forward(self, *args: Any, **options: Any) -> Any:
        """What the module computes."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under this name."""
        setattr(self, name, param)

    def add_module(self, name: str, module: Module) -> None:
        """Add a module under this name."""
        setattr(self, name, module)

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all within it, each once, with their dotted names."""
        seen: set[int] = set()
        stack: list[tuple[str, Module]] = [(prefix, self)]
        while stack:
            name, module = stack.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield name, module
            stack.extend(reversed([(f"{name}.{k}" if name else k, m) for k, m in module._modules.items()]))

    def modules(self) -> Iterator[Module]:
        """This module and all within it."""
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[Module]:
        """The modules directly within this one."""
        return iter(self._modules.values())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly within this one, with their names."""
        return iter(self._modules.items())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, with their dotted names."""
        seen: set[int] = set()
        for prefix, module in self.named_modules():
            for name, parameter in module._parameters.items():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield (f"{prefix}.{name}" if prefix else name), parameter

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters())

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the parameters, or set them to zero."""
        for p in self.parameters():
            if p._grad is not None:
                p._grad = None if set_to_none else p._grad.detach().zero_()

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Let gradients be collected for the parameters, or no longer."""
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def train(self, mode: bool = True) -> Module:
        """Say that the module is being trained."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Say that the module is being used."""
        return self.train(False)

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call a function with every module, the inner ones first."""
        for module in reversed(list(self.modules())):
            fn(module)
        return self

    def double(self) -> Module:
        """Parameters as float64."""
        return self._cast("double")

    def float(self) -> Module:
        """Parameters as float32."""
        return self._cast("float")

    def _cast(self, name: str) -> Module:
        for p in self.parameters():
            p.value = getattr(p.detach(), name)().value
        return self

    def to(self, *where: Any, dtype: Any = None, device: Any = None) -> Module:
        """Parameters as another type; a device is the CPU."""
        for p in self.parameters():
            p.value = p.detach().to(*where, dtype=dtype, device=device).value
        return self

    def state_dict(self) -> OrderedDict[str, Tensor]:
        """The parameters by name, without history, memory shared."""
        return OrderedDict((name, p.detach()) for name, p in self.named_parameters())

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> Matched:
        """Take over the values that `state_dict` gave. Raises RuntimeError where names differ."""
        own = dict(self.named_parameters())
        missing = [f'"{name}"' for name in own if name not in state_dict]
        unknown = [f'"{name}"' for name in state_dict if name not in own]
        if missing or unknown:
            lines = [f"Error(s) in loading state_dict for {type(self).__name__}:"]
            lines += [f"Missing key(s) in state_dict: {', '.join(missing)}. "] * bool(missing)
            lines += [f"Unexpected key(s) in state_dict: {', '.join(unknown)}. "] * bool(unknown)
            raise RuntimeError("\n\t".join(lines))
        with no_grad():
            for name, p in own.items():
                copy_(p, state_dict[name])
        return Matched([], [])

    def extra_repr(self) -> str:
        """What is shown between the brackets of a module without inner modules."""
        return ""

    def __repr__(self) -> str:
        if not self._modules:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = [f"  ({name}): " + repr(module).replace("\n", "\n  ") for name, module in self._modules.items()]
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"
