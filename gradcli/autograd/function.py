"""Functions with a gradient of one's own: a forward, and a backward that says what it does to gradients."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from gradcli.tensors.backward import grad
from gradcli.tensors.creation import zeros_like
from gradcli.tensors.custom import CustomStep, joined
from gradcli.tensors.detached import shared
from gradcli.tensors.grad_mode import MODE, enable_grad, no_grad
from gradcli.tensors.running import FREED_MESSAGE
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class FunctionCtx:
    """What `forward` leaves for `backward`; other attributes may be set as one likes."""

    def __init__(self, needs: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs
        self._saved: list[tuple[Tensor | None, int]] | None = []
        self.silent_: tuple[Tensor, ...] = ()
        self.dirty_: tuple[Tensor, ...] = ()
        self.fills_ = True

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep tensors; a change in place of one is noticed. Raises TypeError for what is none."""
        for t in tensors:
            if t is not None and not isinstance(t, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument is of type {type(t).__name__}"
                )
        self._saved = [(t, 0 if t is None else t.counter.count) for t in tensors]

    save_for_forward = save_for_backward

    @property
    def saved_tensors(self) -> tuple[Tensor | None, ...]:
        """What was kept. Raises RuntimeError where it was let go, or changed since."""
        if self._saved is None:
            raise RuntimeError(FREED_MESSAGE)
        for t, version in self._saved:
            if t is not None and t.counter.count != version:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: "
                    f"a saved tensor of shape {list(t.shape)} is at version {t.counter.count}; "
                    f"expected version {version} instead."
                )
        return tuple(t for t, _ in self._saved)

    def mark_non_differentiable(self, *outputs: Tensor) -> None:
        """Let these outputs require no gradient."""
        self.silent_ = outputs

    def mark_dirty(self, *inputs: Tensor) -> None:
        """Say that these inputs were changed in place; they are to be outputs."""
        self.dirty_ = inputs

    def set_materialize_grads(self, value: bool) -> None:
        """Should gradients that nothing asked for be zeros (the default), or None?"""
        self.fills_ = value

    def release_(self) -> None:
        """Let go of what was kept."""
        if self._saved:
            self._saved = None


class Function:
    """An operation of one's own. A subclass has static methods `forward` and `backward`, and is called by `apply`.

    >>> import gradcli as torch
    >>> class Cube(Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return 3 * x**2 * g
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> Cube.apply(x).backward()
    >>> x.grad
    tensor(12.)
    """

    def __call__(self, *args: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. "
            f"Please use new-style autograd function: write {type(self).__name__}.apply(...)"
        )

    @staticmethod
    def forward(*args: Any, **options: Any) -> Any:
        """The value: `forward(ctx, *inputs)`, or `forward(*inputs)` beside `setup_context(ctx, inputs, output)`."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Keep what `backward` needs."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """From the gradients of the outputs those of the inputs, None for what has none."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    @classmethod
    def apply(cls, *inputs: Any, **options: Any) -> Any:
        """Call it."""
        recorded = MODE.recording and any(isinstance(x, Tensor) and x.op is not None for x in inputs)
        ctx = FunctionCtx(tuple(recorded and isinstance(x, Tensor) and x.op is not None for x in inputs))
        with no_grad():
            if cls.setup_context is Function.setup_context:
                found = cls.forward(ctx, *inputs, **options)
            else:
                found = cls.forward(*inputs, **options)
                cls.setup_context(ctx, inputs, found)
        several = isinstance(found, (tuple, list))
        outputs = list(found) if several else [found]
        for k, y in enumerate(outputs):
            if isinstance(y, Tensor) and not any(y is x for x in ctx.dirty_) and any(y is x for x in inputs):
                outputs[k] = shared(y)
        if recorded:
            cls._record(ctx, inputs, outputs)
        return tuple(outputs) if several else outputs[0]

    @classmethod
    def _record(cls, ctx: FunctionCtx, inputs: tuple[Any, ...], results: list[Any]) -> None:
        outputs = [y for y in results if isinstance(y, Tensor)]
        name = f"{cls.__name__}Backward"
        places = [k for k, x in enumerate(inputs) if isinstance(x, Tensor)]
        user = cls.backward
        if user is Function.backward:
            user = getattr(cls, "vjp", None) or (_transposed(cls.jvp, inputs) if hasattr(cls, "jvp") else user)

        places_of = [isinstance(y, Tensor) for y in results]  # what is no tensor has no gradient, and a place

        def backward(gradients: list[Any]) -> list[Any]:
            known = iter(gradients)
            found = user(ctx, *[next(known) if tensor else None for tensor in places_of])
            found = tuple(found) if isinstance(found, (tuple, list)) else (found,)
            while len(found) > len(inputs) and found[-1] is None:
                found = found[:-1]
            if len(found) != len(inputs):
                raise RuntimeError(
                    f"function {name} returned an incorrect number of gradients "
                    f"(expected {len(inputs)}, got {len(found)})"
                )
            for k, g in enumerate(found):
                if g is not None and not isinstance(g, Tensor):
                    raise TypeError(f"expected Variable or None at index {k} (got {type(g).__name__})")
            return [found[k] for k in places]

        step = CustomStep(name, backward, ctx.release_)
        step.silent, step.fills, step.context = frozenset(ctx.silent_), ctx.fills_, ctx
        joined(step, tuple(inputs[k] for k in places), outputs, ctx.dirty_)


def _transposed(jvp: Callable[..., Any], inputs: tuple[Any, ...]) -> Callable[..., Any]:
    """The backward of a function that says its derivative along tangents alone: that is linear in them."""

    def backward(ctx: Any, *gradients: Any) -> Any:
        with enable_grad():
            tangents = [zeros_like(x).requires_grad_() if isinstance(x, Tensor) else None for x in inputs]
            kept = dict(vars(ctx))
            found = jvp(ctx, *tangents)
            vars(ctx).update(kept)  # it may let go of what it used, and be called again
            results = found if isinstance(found, tuple) else (found,)
            total = sum((y * g).sum() for y, g in zip(results, gradients, strict=True) if y is not None)
            asked = [t for t in tangents if t is not None]
            known = iter(grad(total, asked, create_graph=MODE.recording, allow_unused=True, materialize_grads=True))
        return tuple(None if t is None else next(known) for t in tangents)

    return backward


class _Once(Function):
    """What a backward that is no function of its own makes: it cannot be differentiated again."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> Any:
        return tuple(x.clone() for x in args[: args[-1]])

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """A backward that is computed without a record; to differentiate it again is an error."""

    @functools.wraps(function)
    def wrapper(ctx: Any, *gradients: Any) -> Any:
        with no_grad():
            found = function(ctx, *gradients)
        asked = [g for g in gradients if isinstance(g, Tensor) and g.op is not None]
        if not MODE.recording or not asked:
            return found
        parts = list(found) if isinstance(found, tuple) else [found]
        tensors = [g for g in parts if isinstance(g, Tensor)]
        marked = iter(_Once.apply(*tensors, *asked, len(tensors)))
        parts = [next(marked) if isinstance(g, Tensor) else g for g in parts]
        return tuple(parts) if isinstance(found, tuple) else parts[0]

    return wrapper


__all__ = ["Function", "FunctionCtx", "once_differentiable"]
