"""What the optimisers share: groups of parameters, zero_grad, step, state."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gradcli.tensors.bound_op import settled
from gradcli.tensors.errstate import IGNORE, reset_errors, set_errors
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.inplace import written
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class Optimizer:
    """Parameters and how to change them. A subclass has `update(group, x, g, state)` on arrays.

    params: tensors, (name, tensor) pairs, or dicts with "params" and options of their own.
    Raises ValueError for an empty list and for options out of range, TypeError for what is no tensor.
    """

    shows: ClassVar[dict[str, Any]] = {}  # what PyTorch prints beside: how it computes, not what

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts: "
                "write [x] in place of x"
            )
        self.defaults = {**defaults, **self.shows}
        self.state: defaultdict[Tensor, dict[str, Any]] = defaultdict(dict)
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
        token = set_errors(IGNORE)
        try:
            for group in self.param_groups:
                for p in group["params"]:
                    if p._grad is None:
                        continue
                    state = self.state[p]
                    x, g = p.value, p._grad.value
                    if group.get("maximize"):
                        g = -g
                    new = self.update(group, *_decayed(group, x, g), state)
                    if type(x) is float:
                        p.value = float(new)
                    else:
                        x[...] = new
                    written(p)
        finally:
            reset_errors(token)
        return loss

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
        groups = [{**group, "params": [place[p] for p in group["params"]]} for group in self.param_groups]
        state = {place[p]: {k: made(settled(np.asarray(v)[()])) for k, v in s.items()} for p, s in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        tensors = [p for group in self.param_groups for p in group["params"]]
        self.state = defaultdict(dict)
        for place, state in state_dict["state"].items():
            self.state[tensors[place]] = {k: _value(v) for k, v in state.items()}
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
    decay = group.get("weight_decay")
    if not decay:
        return x, g
    return (x * (1 - group["lr"] * decay), g) if group.get("decoupled_weight_decay") else (x, g + decay * x)


def _value(v: Any) -> Any:
    return v.value if isinstance(v, Tensor) else v


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
