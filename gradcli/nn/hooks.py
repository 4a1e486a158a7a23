"""Hooks of modules: of one module and of all, before and after `forward`, and for gradients on their way back."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from gradcli.tensors import custom
from gradcli.tensors.history import Handle
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class Hooks(OrderedDict[int, tuple[str, Any]]):
    """The hooks of one module, or of all, in order: by the numbers of their handles the kind and the hook.

    Kinds of those around `forward`: before, after; of the gradients of the results and of those of the arguments:
    leaving, entering. Of those around the state: state, loaded.
    """

    def of(self, kind: str) -> list[Any]:
        """The hooks of a kind."""
        return [hook for place, hook in self.values() if place == kind]

    def __deepcopy__(self, memo: dict[int, Any]) -> Hooks:
        return Hooks(self)


EVERYWHERE = Hooks()


class WithOptions:
    """A hook of `forward` that is given the keyword arguments too."""

    def __init__(self, hook: Callable[..., Any]) -> None:
        self.hook = hook


def added(hooks: Hooks, kind: str, hook: Callable[..., Any], first: bool = False, options: bool = False) -> Handle:
    """A hook more, at the end or as the first."""
    handle = Handle(hooks)
    hooks[handle.key] = kind, WithOptions(hook) if options else hook
    if first:
        hooks.move_to_end(handle.key, last=False)
    return handle


def called(module: Any, own: Hooks, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """`module.forward` among its hooks. Raises RuntimeError for a hook that returns what is no (args, options)."""
    for hook in (*EVERYWHERE.of("before"), *own.of("before")):
        if type(hook) is WithOptions:
            changed = hook.hook(module, args, options)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                    )
                args, options = changed
        else:
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
    entering = [*EVERYWHERE.of("entering"), *own.of("entering")]
    leaving = [*EVERYWHERE.of("leaving"), *own.of("leaving")]
    watch = _Gradients(module, entering, leaving) if entering or leaving else None
    if watch is not None:
        args = watch.entered(args)
    result = module.forward(*args, **options)
    for hook in (*EVERYWHERE.of("after"), *own.of("after")):
        changed = hook.hook(module, args, options, result) if type(hook) is WithOptions else hook(module, args, result)
        result = result if changed is None else changed
    return result if watch is None else watch.left(result)


class _Gradients:
    """The gradients of one call on their way back: they pass a step before the arguments and one after the results."""

    def __init__(self, module: Any, entering: list[Any], leaving: list[Any]) -> None:
        self._module, self._entering, self._leaving = module, entering, leaving
        self._count = 0
        self._places: list[int] = []
        self._outer: tuple[Any, ...] = ()

    def entered(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments behind a step that calls the hooks."""
        self._count = len(args)
        places = [k for k, x in enumerate(args) if isinstance(x, Tensor)]
        tensors = tuple(args[k] for k in places)
        if not any(x.requires_grad for x in tensors):
            return args
        self._places = [k for k in places if args[k].requires_grad]
        return _passed(args, places, lambda gradients: self._inner(places, gradients))

    def left(self, result: Any) -> Any:
        """The results behind a step that keeps their gradients."""
        results = (result,) if isinstance(result, Tensor) else result
        if not isinstance(results, tuple):
            return result
        places = [k for k, y in enumerate(results) if isinstance(y, Tensor)]
        if not any(results[k].requires_grad for k in places):
            return result
        passed = _passed(results, places, lambda gradients: self._arrived(len(results), places, gradients))
        return passed[0] if isinstance(result, Tensor) else passed

    def _arrived(self, count: int, places: list[int], gradients: list[Any]) -> list[Any]:
        self._outer = _spread(count, places, gradients)
        for hook in self._leaving:
            changed = hook(self._module, self._outer)
            if changed is not None:
                self._outer = changed if isinstance(changed, tuple) else (changed,)
        if not self._places:  # no argument has a gradient
            for hook in self._entering:
                hook(self._module, (None,) * self._count, self._outer)
        return [self._outer[k] for k in places]

    def _inner(self, places: list[int], gradients: list[Any]) -> list[Any]:
        found = tuple(g if k in self._places else None for k, g in enumerate(_spread(self._count, places, gradients)))
        for hook in self._entering:
            changed = hook(self._module, found, self._outer)
            if changed is not None:
                found = changed if isinstance(changed, tuple) else (changed,)
        return [found[k] for k in places]


def _spread(count: int, places: list[int], values: list[Any]) -> tuple[Any, ...]:
    spread: list[Any] = [None] * count
    for k, v in zip(places, values, strict=True):
        spread[k] = v
    return tuple(spread)


def _passed(values: tuple[Any, ...], places: list[int], backward: Callable[[list[Any]], list[Any]]) -> tuple[Any, ...]:
    """The values, the tensors among them behind a step whose gradients are these."""
    tensors = tuple(values[k] for k in places)
    passed = custom.step("BackwardHookFunctionBackward", [t.value for t in tensors], tensors, backward)
    rest = list(values)
    for k, t in zip(places, passed, strict=True):
        rest[k] = t
    return tuple(rest)
