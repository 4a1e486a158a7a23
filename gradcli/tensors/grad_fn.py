"""The steps of a history as PyTorch shows them: `tensor.grad_fn`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from gradcli.core.ops import by_name
from gradcli.language.names import parameters
from gradcli.tensors.bound_op import HOLE, BoundOp, bind
from gradcli.tensors.custom import CustomOutput
from gradcli.tensors.history import FREED, LEAF, Handle
from gradcli.tensors.running import FREED_MESSAGE, changed
from gradcli.tensors.tensor import Tensor, watch
from gradcli.tensors.views import fresh

if TYPE_CHECKING:
    from collections.abc import Callable

_INNER = ("AccumulateGrad", "CopySlices", "CopyBackwards")  # of PyTorch's engine
# PyTorch's names of the operands of a product, beside `self` and `other`.
_OPERANDS = {
    "MmBackward0": ("self", "mat2"), "BmmBackward0": ("self", "mat2"), "MvBackward0": ("self", "vec"),
    "DotBackward0": ("self", "tensor"), "AddmmBackward0": ("mat1", "mat2", "self"),
    "MseLossBackward0": ("self", "target"), "L1LossBackward0": ("self", "target"),
}  # fmt: skip
_TURNED = bind(by_name("transpose"), (HOLE,), "TBackward0")


class Node:
    """A step of the history, as PyTorch shows it: `<AddBackward0 object at 0x...>`, of a class of that name.

    `_saved_self`, `_saved_other`, `_saved_result` are the values that backward reads, as far as it reads them, and
    `_saved_exponent` and its kin the numbers of the operation.
    """

    __slots__ = ("_tensor",)

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor

    def name(self) -> str:
        """PyTorch's name of the step."""
        shown = self.shown()
        return f"torch::autograd::{shown}" if shown in _INNER else shown

    def shown(self) -> str:
        """The name as a tensor prints it."""
        tensor = self._tensor
        if tensor.op is LEAF:
            return "AccumulateGrad"
        return (tensor.spent if tensor.op is FREED else tensor.op).name

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The steps before this one, one for each operand; None where it does not require grad."""
        operands = self._tensor.operands
        if operands and operands[0].value is None and operands[0].op is not FREED:  # a user's function
            operands = operands[0].operands
        op = self._tensor.op
        if type(op) is BoundOp and op.row.name == "linear" and op.name in ("AddmmBackward0", "MmBackward0"):
            operands = (*operands[2:], operands[0], _turned(operands[1]))  # the product with the weight's transpose
        return tuple((None if t.op is None else node_of(t), 0) for t in operands)

    @property
    def metadata(self) -> dict[str, Any]:
        """What anomaly mode would note of the step: nothing."""
        return {}

    @property
    def variable(self) -> Tensor:
        """The leaf whose gradient is collected here."""
        return self._tensor

    def register_prehook(self, hook: Callable[[tuple[Any, ...]], Any]) -> Handle:
        """Call `hook(grad_outputs)` before the step; what it returns, if not None, takes their place."""
        return self._tensor.register_hook(lambda gradient: _first(hook((gradient,))))

    def register_hook(self, hook: Callable[[tuple[Any, ...], tuple[Any, ...]], Any]) -> Handle:
        """Call `hook(grad_inputs, grad_outputs)` after the step; what it returns takes the place of grad_inputs.

        Of the leaf's own step it is called when `.grad` is there. Raises RuntimeError as `Tensor.register_hook` does.
        """
        tensor = self._tensor
        if tensor.op is LEAF:
            return tensor.register_post_accumulate_grad_hook(lambda leaf: hook((), (leaf._grad,)))
        if type(tensor.op) is CustomOutput:
            tensor = tensor.operands[0]
        if tensor.step_hooks is None:
            tensor.step_hooks = {}
            watch(tensor)
        handle = Handle(tensor.step_hooks)
        tensor.step_hooks[handle.key] = hook
        return handle

    def __getattr__(self, name: str) -> Any:
        """What is saved, and of a user's function what it keeps in its context.

        Raises AttributeError for other names, RuntimeError for what was let go or has changed.
        """
        tensor = self._tensor
        op = tensor.spent if tensor.op is FREED else tensor.op
        if type(op) is CustomOutput and op.step.context is not None:
            return getattr(op.step.context, name)
        known = _saved(op) if type(op) is BoundOp else {}
        raw = name.startswith("_raw_saved_")
        key = name.removeprefix("_raw_saved_").removeprefix("_saved_")
        if key == name or key not in known:
            raise AttributeError(f"'{self.shown()}' object has no attribute '{name}'")
        literal, place = known[key]
        if place is None:
            return literal
        if raw:
            return SavedTensor(tensor, place)
        return _value(tensor, place)

    def __dir__(self) -> list[str]:
        tensor = self._tensor
        op = tensor.spent if tensor.op is FREED else tensor.op
        known = _saved(op) if type(op) is BoundOp else {}
        raw = [f"_raw_saved_{key}" for key, (_, place) in known.items() if place is not None]
        return sorted([*object.__dir__(self), *raw, *[f"_saved_{key}" for key in known]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and other._tensor is self._tensor

    def __hash__(self) -> int:
        return id(self._tensor)

    def __repr__(self) -> str:
        own = "torch.autograd.function." if type(self._tensor.op) is CustomOutput else ""
        return f"<{own}{self.shown()} object at {id(self._tensor):#x}>"


class SavedTensor:
    """The place of a value that a step keeps."""

    def __init__(self, tensor: Tensor, place: int) -> None:
        self._tensor, self._place = tensor, place

    def register_hooks(self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]) -> None:
        """Keep what `pack_hook(value)` gives, and let backward call `unpack_hook` of that.

        Raises RuntimeError where it was done before, or the value was let go.
        """
        tensor, place = self._tensor, self._place
        if tensor.packed is not None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set is forbidden"
            )
        tensor.packed = (unpack_hook, {place: pack_hook(_value(tensor, place).detach())})


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, tuple) else found


def _turned(weight: Tensor) -> Tensor:
    """The transpose of a layer's weight, which is a step of PyTorch's history."""
    if weight.op is None:
        return weight
    turned = object.__new__(Tensor)
    turned.value, turned.op, turned.operands = weight.array().T, _TURNED, (weight,)
    return turned


@cache
def _saved(op: BoundOp) -> dict[str, tuple[Any, int | None]]:
    """By name the literals of an operation, and the places of what its rules read: -1 is the result."""
    names = [parameter.name for parameter in parameters(op.row)]
    own = _OPERANDS.get(op.name, ("self", "exponent" if op.row.name == "pow" else "other", *names[2:]))
    reads = op.saves(tuple(range(len(op.holes))))
    found: dict[str, tuple[Any, int | None]] = {}
    for k, literal in enumerate(op.literals[: len(names)]):
        if literal is not HOLE and k:
            found[own[k] if own[k] != "other" else names[k].replace("axis", "dim")] = (literal, None)
    for place, k in enumerate(op.holes):
        if place in reads and k < len(own):
            found[own[k]] = (None, place)
    if -1 in reads:
        found["result"] = (None, -1)
    return found


def _value(tensor: Tensor, place: int) -> Tensor:
    """A value that a step keeps, as backward would find it. Raises RuntimeError where that is gone or has changed."""
    if tensor.op is FREED:
        raise RuntimeError(FREED_MESSAGE)
    if tensor.packed is not None and place in tensor.packed[1]:
        unpack, kept = tensor.packed
        return unpack(kept[place])
    kept_tensor = tensor if place < 0 else tensor.operands[place]
    if kept_tensor.counter.count != (tensor.born if place < 0 else tensor.versions[place]):
        raise changed(kept_tensor, tensor, place)
    if place >= 0:
        return kept_tensor
    again = object.__new__(Tensor)  # a result is seen through another tensor
    again.value, again.op, again.counter, again.born = tensor.value, tensor.op, tensor.counter, tensor.born
    again.operands, again.versions = tensor.operands, tensor.versions
    return again


@cache
def _kind(name: str) -> type[Node]:
    return type(name, (Node,), {"__slots__": ()})


def node_of(tensor: Tensor) -> Node:
    """The step that made a tensor."""
    return _kind(Node(tensor).shown())(tensor)


def _grad_fn(self: Tensor) -> Node | None:
    """The operation that made the tensor; None for a leaf."""
    return None if self.is_leaf else node_of(fresh(self))


METHODS = {"grad_fn": property(_grad_fn)}
