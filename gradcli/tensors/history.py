"""Parts of a history: marks, versions, shapes, hooks, and the steps as PyTorch shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.tensors.tensor import Tensor


class Mark:
    """What stands in the place of a form where there is no operation. `name`: its own in this module."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    __reduce__ = __repr__  # a copy is the mark itself


LEAF = Mark("LEAF")  # of a leaf that requires grad
FREED = Mark("FREED")  # of an operation whose saved values are freed


class Versions:
    """How often a value was changed in place; shared by all tensors that share memory."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


NEVER = Versions()  # of values that were never changed and share no memory; replaced at the first change


class Size(tuple):
    """A shape."""

    def numel(self) -> int:
        """The product of the lengths."""
        product = 1
        for n in self:
            product *= n
        return product

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return Size(found) if isinstance(index, slice) else found

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


class Handle:
    """What `register_hook` returns: `remove()` takes the hook away."""

    __slots__ = ("_hooks", "key")
    _next = 0

    def __init__(self, hooks: dict[int, Any]) -> None:
        Handle._next += 1
        self.key = Handle._next
        self._hooks = hooks

    def remove(self) -> None:
        """Take the hook away."""
        self._hooks.pop(self.key, None)


class Backward:
    """A step of the history, as PyTorch shows it: `<AddBackward0 object at 0x...>`."""

    __slots__ = ("_tensor",)

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor

    def name(self) -> str:
        """PyTorch's name of the step."""
        tensor = self._tensor
        if tensor.form is LEAF:
            return "AccumulateGrad"
        return (tensor.spent if tensor.form is FREED else tensor.form).name

    @property
    def next_functions(self) -> tuple[tuple[Backward | None, int], ...]:
        """The steps before this one, one for each operand; None where it does not require grad."""
        return tuple((None if t.form is None else Backward(t), 0) for t in self._tensor.operands)

    @property
    def variable(self) -> Tensor:
        """The leaf whose gradient is collected here."""
        return self._tensor

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Backward) and other._tensor is self._tensor

    def __hash__(self) -> int:
        return id(self._tensor)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self._tensor):#x}>"
