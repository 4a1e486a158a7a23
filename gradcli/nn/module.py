"""Modules: parameters, buffers, modules within modules, hooks, and a `forward`."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from gradcli.nn.hooks import EVERYWHERE, Hooks, added, called
from gradcli.nn.parameter import Parameter
from gradcli.nn.state import Matched, loaded
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gradcli.tensors.history import Handle


class Module:
    """A part of a network. A subclass sets parameters and modules as attributes and defines `forward`."""

    training = True

    if TYPE_CHECKING:  # parameters, buffers and modules are attributes

        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: Any) -> None:
        if "_parameters" not in self.__dict__:
            if isinstance(value, (Parameter, Module)):
                what = "parameters" if isinstance(value, Parameter) else "module"
                raise AttributeError(
                    f"cannot assign {what} before Module.__init__() call: call super().__init__() first"
                )
        elif isinstance(value, Parameter):
            if name not in self._parameters:  # else it keeps its place: `layer.weight += 1` sets it again
                self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, Module):
            if name not in self._modules:
                self._forget(name)
            self._modules[name] = value
        elif name in self._parameters and value is not None:
            raise TypeError(
                f"cannot assign '{_typename(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
            )
        elif name in self._buffers:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{_typename(value)}' as buffer '{name}' (torch.Tensor or None expected)"
                )
            self._buffers[name] = value
        elif name in self._modules and value is not None:
            raise TypeError(
                f"cannot assign '{_typename(value)}' as child module '{name}' (torch.nn.Module or None expected)"
            )
        elif name in self._parameters:
            self._parameters[name] = None
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._forget(name)
        object.__delattr__(self, name)

    def _forget(self, name: str) -> None:
        for kept in (self._parameters, self._modules, self._buffers):
            kept.pop(name, None)
        self._transient.discard(name)

    # What `__init__` makes.
    _modules: dict[str, Module]
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _transient: set[str]  # buffers that are no part of the state
    _watchers: Hooks  # of calls
    _keepers: Hooks  # of the state

    def __init__(self) -> None:
        for name in ("_parameters", "_modules", "_buffers"):
            object.__setattr__(self, name, {})
        object.__setattr__(self, "_transient", set())
        for name in ("_watchers", "_keepers"):
            object.__setattr__(self, name, Hooks())

    def __call__(self, *args: Any, **options: Any) -> Any:
        try:
            hooks = self._watchers
        except AttributeError:
            raise AttributeError(f"call super().__init__() in {type(self).__name__}.__init__ first") from None
        if hooks or EVERYWHERE:
            return called(self, hooks, args, options)
        return self.forward(*args, **options)

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call `hook(module, args)` before `forward`; what it returns, if not None, takes the place of args.

        with_kwargs: call `hook(module, args, kwargs)`, which returns both. prepend: before the other hooks.
        """
        return added(self._watchers, "before", hook, prepend, with_kwargs)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call `hook(module, args, output)` after `forward`; what it returns, if not None, takes output's place.

        with_kwargs: call `hook(module, args, kwargs, output)`. prepend: before the other hooks.
        """
        return added(self._watchers, "after", hook, prepend, with_kwargs)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> Handle:
        """Call `hook(module, grad_input, grad_output)`, of the arguments and the results, when both are known.

        What it returns, if not None, takes the place of grad_input.
        """
        return added(self._watchers, "entering", hook, prepend)

    register_backward_hook = register_full_backward_hook  # its name in old programs

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> Handle:
        """Call `hook(module, grad_output)` when those are known; what it returns, if not None, takes their place."""
        return added(self._watchers, "leaving", hook, prepend)

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call `hook(module, state_dict, prefix, {})` when `state_dict` has the part of this module."""
        return added(self._keepers, "state", hook)

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call `hook(module, incompatible_keys)` after `load_state_dict`."""
        return added(self._keepers, "loaded", hook)

    def forward(self, *args: Any, **options: Any) -> Any:
        """What the module computes."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under this name. Raises TypeError, KeyError, ValueError as PyTorch does."""
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required): wrap it as torch.nn.Parameter(x)"
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. To "
                f"express '{name}' as a function of another Tensor, compute the value in the forward() method."
            )
        self._check_name("parameter", name, self._parameters)
        if param is None:
            self._parameters[name] = None
        setattr(self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that is part of the state but no parameter. Raises TypeError, KeyError as PyTorch does."""
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._check_name("buffer", name, self._buffers)
        self._buffers[name] = tensor
        if not persistent:
            self._transient.add(name)
        setattr(self, name, tensor)

    def _check_name(self, what: str, name: Any, known: dict[str, Any]) -> None:
        """Raises TypeError, KeyError for a name that cannot be given."""
        if not isinstance(name, str):
            raise TypeError(f"{what} name should be a string. Got {type(name).__name__}")
        if "." in name:
            raise KeyError(f'{what} name can\'t contain "."' + f", got: {name}" * (what == "module"))
        if not name:
            raise KeyError(f'{what} name can\'t be empty string ""')
        if name not in known and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a module under this name. Raises TypeError for what is none, KeyError for a name that cannot be given."""
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"{type(module).__name__} is not a Module subclass")
        self._check_name("module", name, self._modules)
        setattr(self, name, module)

    register_module = add_module

    def named_modules(self, memo: Any = None, prefix: str = "") -> Iterator[tuple[str, Module]]:
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

    def get_submodule(self, target: str) -> Module:
        """The module with this dotted name. Raises AttributeError where there is none."""
        found: Any = self
        for part in target.split(".") if target else ():
            if part not in found._modules:
                raise AttributeError(f"{type(found).__name__} has no attribute `{part}`")
            found = found._modules[part]
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter with this dotted name. Raises AttributeError where there is none."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        found = module._parameters.get(name)
        if found is None:
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer with this dotted name. Raises AttributeError where there is none."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        found = module._buffers.get(name)
        if found is None:
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
        return found

    def _named(self, kind: str, prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        for path, module in self.named_modules(prefix=prefix) if recurse else [(prefix, self)]:
            for name, value in getattr(module, kind).items():
                if value is not None and id(value) not in seen:
                    seen.add(id(value))
                    yield (f"{path}.{name}" if path else name), value

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, with their dotted names; without recurse those of this module alone."""
        return self._named("_parameters", prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Tensor]]:
        """All buffers, each once, with their dotted names."""
        return self._named("_buffers", prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

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
        """Say that the module is being trained. Raises ValueError for what is no truth."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Say that the module is being used."""
        return self.train(False)

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call a function with every module, the inner ones first."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def double(self) -> Module:
        """Parameters and buffers as float64."""
        return self._cast(lambda t: t.double())

    def float(self) -> Module:
        """Parameters and buffers as float32."""
        return self._cast(lambda t: t.float())

    def half(self) -> Module:
        """Parameters and buffers as float16."""
        return self._cast(lambda t: t.half())

    def cpu(self) -> Module:
        """The module itself."""
        return self

    def to(self, *where: Any, dtype: Any = None, device: Any = None) -> Module:
        """Parameters and buffers as another type; a device is the CPU."""
        return self._cast(lambda t: t.to(*where, dtype=dtype, device=device))

    def _cast(self, cast: Callable[[Tensor], Tensor]) -> Module:
        for p in [*self.parameters(), *self.buffers()]:
            if p.dtype.is_floating_point:
                p.value = cast(p.detach()).value
        return self

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> OrderedDict[str, Tensor]:
        """Parameters and buffers by name, without history, memory shared."""
        state: OrderedDict[str, Tensor] = OrderedDict()
        for path, module in _paths(self, prefix.removesuffix(".")):
            for name, value in _own_state(module):
                if value is not None:
                    state[f"{path}.{name}" if path else name] = value if keep_vars else value.detach()
        for path, module in _paths(self, prefix.removesuffix(".")):
            for hook in module._keepers.of("state"):
                hook(module, state, f"{path}." if path else "", {})
        return state

    def load_state_dict(self, state_dict: dict[str, Any], strict: bool = True, assign: bool = False) -> Matched:
        """Take over the values that `state_dict` gave; with assign the tensors themselves.

        Raises RuntimeError where names (unless not strict) or shapes differ.
        """
        found = loaded(type(self).__name__, self._own_tensors(), state_dict, strict, self._put if assign else None)
        for module in self.modules():
            for hook in module._keepers.of("loaded"):
                hook(module, found)
        return found

    def _own_tensors(self) -> dict[str, Tensor]:
        """The parameters and buffers of the state by their dotted names."""
        return {
            f"{path}.{name}" if path else name: value
            for path, module in _paths(self, "")
            for name, value in _own_state(module)
            if value is not None
        }

    def _put(self, target: str, value: Tensor) -> None:
        """Set the parameter or buffer of this dotted name."""
        path, _, name = target.rpartition(".")
        owner: Any = self.get_submodule(path)
        old = owner._parameters.get(name)
        setattr(owner, name, value if old is None else Parameter(value, old.requires_grad))

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What is shown between the brackets of a module."""
        return ""

    def _shown(self) -> list[tuple[str, str]]:
        return [(f"({name}): ", repr(module)) for name, module in self._modules.items()]

    def __repr__(self) -> str:
        extra = self.extra_repr()
        if not self._modules and "\n" not in extra:
            return f"{type(self).__name__}({extra})"
        lines = [f"  {line}" for line in extra.splitlines()]
        lines += ["  " + name + text.replace("\n", "\n  ") for name, text in self._shown()]
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"


def _typename(value: Any) -> str:
    return value.type() if isinstance(value, Tensor) else type(value).__name__


def _own_state(module: Any) -> list[tuple[str, Tensor | None]]:
    kept = [(name, buffer) for name, buffer in module._buffers.items() if name not in module._transient]
    return [*module._parameters.items(), *kept]


def _paths(module: Module, prefix: str) -> Iterator[tuple[str, Module]]:
    """Every module by every name that it has, unlike `named_modules`."""
    stack = [(prefix, module)]
    while stack:
        name, inner = stack.pop()
        yield name, inner
        stack.extend(reversed([(f"{name}.{k}" if name else k, m) for k, m in inner._modules.items() if m is not None]))
