"""The steps of a history as PyTorch shows them: `tensor.grad_fn`."""

from __future__ import annotations

from functools import cache

from gradcli.tensors.custom import CustomOutput
from gradcli.tensors.history import FREED, LEAF
from gradcli.tensors.tensor import Tensor
from gradcli.tensors.views import fresh

_INNER = ("AccumulateGrad", "CopySlices", "CopyBackwards")  # of PyTorch's engine


class Node:
    """A step of the history, as PyTorch shows it: `<AddBackward0 object at 0x...>`, of a class of that name."""

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
        return tuple((None if t.op is None else node_of(t), 0) for t in operands)

    @property
    def variable(self) -> Tensor:
        """The leaf whose gradient is collected here."""
        return self._tensor

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and other._tensor is self._tensor

    def __hash__(self) -> int:
        return id(self._tensor)

    def __repr__(self) -> str:
        own = "torch.autograd.function." if type(self._tensor.op) is CustomOutput else ""
        return f"<{own}{self.shown()} object at {id(self._tensor):#x}>"


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
