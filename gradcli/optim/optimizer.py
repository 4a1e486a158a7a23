"""What the optimisers share: groups of parameters, zero_grad, step, state."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gradcli.tensors.bound_op import settled
from gradcli.tensors.dtypes import Default
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.history import Handle
from gradcli.tensors.inplace import written
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class Optimizer:
    """Parameters and how to change them. A subclass has `update(group, x, g, state)` on arrays.

    params: tensors, (name, tensor) pairs, or dicts with "params" and options of their own.
    shown: options of how it computes, which change nothing here.
    Raises ValueError for an empty list and for options out of range, TypeError for what is no tensor.
    """

    step_hooks: tuple[dict[int, Any], dict[int, Any]] | None = None  # before and after a step
    options = ""  # in the order in which PyTorch has them
    keeps = ""  # what is kept for each tensor, in that order
    shows: ClassVar[dict[str, Any]] = {}  # what PyTorch prints beside: how it computes, not what

    def __init__(self, params: Any, defaults: dict[str, Any], shown: dict[str, Any] | None = None) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                f"{params.type()}: write [x] in place of x"
            )
        for name in shown or ():
            if name not in self.shows:
                raise TypeError(f"{type(self).__name__}.__init__() got an unexpected keyword argument '{name}'")
        if shown and shown.get("differentiable"):
            raise ValueError("differentiable=True is left out here: write the step with tensors, w - lr * grad")
        self.defaults = _ordered({**defaults, **self.shows, **(shown or {})}, self.options)
        self.arrays: defaultdict[Tensor, dict[str, Any]] = defaultdict(dict)
        self._own_state: defaultdict[Tensor, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self.steps = 0  # schedulers ask whether there was one
        groups = list(params)
        if not groups:
            raise ValueError(
                "optimizer got an empty parameter list: pass the tensors to change, as in SGD([x, y], lr=0.1) or "
                "SGD(model.parameters(), lr=0.1)"
            )
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Add tensors with options of their own.

        Raises TypeError for what is no tensor, ValueError for one that is no leaf or in two groups.
        """
        given = group["params"]
        given = [given] if isinstance(given, Tensor) else list(given)
        tensors = [p[1] if isinstance(p, tuple) else p for p in given]
        for p in tensors:
            if not isinstance(p, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {type(p).__name__}")
            if not p.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor: pass the tensor made with requires_grad=True")
            if any(p is q for known in self.param_groups for q in known["params"]):
                raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append({**self.defaults, **group, "params": tensors})

    @property
    def state(self) -> Any:
        """What is kept for each tensor; of the rules here as tensors, in memory that they share."""
        if not self.arrays:
            return self._own_state
        shown = {p: {k: _as_tensor(k, v) for k, v in _ordered(kept, self.keeps).items()}
                 for p, kept in self.arrays.items()}  # fmt: skip
        return defaultdict(dict, {**self._own_state, **shown})

    @state.setter
    def state(self, state: Any) -> None:
        self.arrays, self._own_state = defaultdict(dict), state

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or set them to zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if p._grad is None:
                    continue
                if set_to_none:
                    p._grad = None
                else:
                    p._grad = p._grad.detach().zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every tensor that has a gradient. closure: computes the loss anew, with its gradients."""
        loss = None if closure is None else self._recomputed(closure)
        self.steps += 1
        arrays, update = self.arrays, self.update
        token = set_errors(IGNORE)
        try:
            for group in self.param_groups:
                upwards, decays = group.get("maximize"), group.get("weight_decay")
                for p in group["params"]:
                    gradient = p._grad
                    if gradient is None:
                        continue
                    x, g = p.value, gradient.value
                    if upwards:
                        g = -g
                    start = x
                    if decays:
                        start, g = _decayed(group, x, g)
                    new = update(group, start, g, arrays[p])
                    if type(x) is float:
                        p.value = float(new)
                    else:
                        x[...] = new
                    written(p)
        finally:
            reset_errors(token)
        return loss

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call `hook(optimizer, args, kwargs)` before each step; what it returns, if not None, takes their place."""
        return self._hooked(0, hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call `hook(optimizer, args, kwargs)` after each step."""
        return self._hooked(1, hook)

    def _hooked(self, place: int, hook: Callable[..., Any]) -> Handle:
        """Add a hook, of the first sort or the second; the first one makes a step of this optimiser's own."""
        if self.step_hooks is None:
            self.step_hooks = ({}, {})
            before, after = self.step_hooks
            step = self.step

            def hooked_step(*args: Any, **options: Any) -> Any:
                for each in list(before.values()):
                    changed = each(self, args, options)
                    if changed is not None:
                        args, options = changed
                result = step(*args, **options)
                for each in list(after.values()):
                    each(self, args, options)
                return result

            self.step = hooked_step  # type: ignore[method-assign]
        handle = Handle(self.step_hooks[place])
        self.step_hooks[place][handle.key] = hook
        return handle

    def _recomputed(self, closure: Callable[[], Any]) -> Any:
        before, MODE.recording = MODE.recording, True
        try:
            return closure()
        finally:
            MODE.recording = before

    def update(self, group: dict[str, Any], x: Any, g: Any, state: dict[str, Any]) -> Any:
        """The new value of a parameter x with gradient g; what decays of either is taken off before."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """The options and the state, tensors by their place."""
        tensors = [p for group in self.param_groups for p in group["params"]]
        place = {p: k for k, p in enumerate(tensors)}
        groups = [
            {**{k: v for k, v in group.items() if k != "params"}, "params": [place[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {place.get(p, p): values for p, values in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        tensors = [p for group in self.param_groups for p in group["params"]]
        self.state = defaultdict(dict)
        for place, state in state_dict["state"].items():
            self.arrays[tensors[place]] = {k: _value(v) for k, v in state.items()}
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=True):
            group.update({k: v for k, v in saved.items() if k != "params"})

    def __repr__(self) -> str:
        text = type(self).__name__ + " ("
        for k, group in enumerate(self.param_groups):
            lines = [f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params"]
            text += f"\nParameter Group {k}\n{''.join(lines)}"
        return text + ")"


def _decayed(group: dict[str, Any], x: Any, g: Any) -> tuple[Any, Any]:
    """The parameter pulled towards 0 where that is decoupled, and else the gradient that pulls it there."""
    decay = group["weight_decay"]
    return (x * (1 - group["lr"] * decay), g) if group.get("decoupled_weight_decay") else (x, g + decay * x)


def _value(v: Any) -> Any:
    return [_value(x) for x in v] if isinstance(v, list) else v.value if isinstance(v, Tensor) else v


def _ordered(values: dict[str, Any], names: str) -> dict[str, Any]:
    """The same dict, in the order of these names."""
    return {name: values[name] for name in [*[n for n in names.split() if n in values], *values]}


def _as_tensor(name: str, v: Any) -> Any:
    if isinstance(v, list):
        return [_as_tensor(name, x) for x in v]
    if v is None or name in _NUMBERS:
        return v
    return made(settled(np.asarray(v, Default.dtype.numpy if type(v) is float and name == "step" else None)[()]))


_NUMBERS = ("func_evals", "n_iter", "t", "prev_loss")  # of LBFGS, which PyTorch keeps as such


def need(holds: bool, what: str, value: Any) -> None:
    """Refuse an option out of range in PyTorch's words. Raises ValueError."""
    if not holds:
        raise ValueError(f"Invalid {what}: {value}")


def checked(options: dict[str, Any]) -> dict[str, Any]:
    """The options that many rules have, each in its range. Raises ValueError."""
    for name, value in options.items():
        if name in _LEAST_0:
            need(value >= 0, _LEAST_0[name], value)
        for k, beta in enumerate(value if name == "betas" else ()):
            need(0 <= beta < 1, f"beta parameter at index {k}", beta)
    return options


_LEAST_0 = {
    "lr": "learning rate", "eps": "epsilon value", "momentum": "momentum value", "weight_decay": "weight_decay value",
    "lr_decay": "lr_decay value", "initial_accumulator_value": "initial_accumulator_value value",
    "momentum_decay": "momentum_decay value",
}  # fmt: skip
