"""Tensors apart from their history: on the same memory, as copies, in a pickle."""

from __future__ import annotations

from typing import Any

from gradcli.tensors.tensor import Tensor, as_it_is, remembered, share_versions

_new = object.__new__


def detach(self: Tensor) -> Tensor:
    """The same memory without the history."""
    other = shared(self)
    other.counter = self.counter
    return other


def detach_(self: Tensor) -> Tensor:
    """Forget the history of this tensor; what was computed with it goes backward all the same.

    Raises RuntimeError for a view.
    """
    if self.base is not None and self.op is not None:
        raise RuntimeError("Can't detach views in-place. Use detach() instead.")
    if not self.is_leaf:
        before = as_it_is(self)
        self.counter.count += 1  # who saved the value as a part of the history sees that it is none any more
        remembered(self, before)
        self.operands, self.versions = (), ()
    self.op = self.spent = None
    return self


def _data(self: Tensor) -> Tensor:
    """The same memory without the history; changes through it are not noticed by `backward`."""
    return shared(self)


def _set_data(self: Tensor, value: Tensor) -> None:
    """Raises TypeError for what is no tensor, RuntimeError for integers where gradients are required."""
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if self.op is not None and not value.dtype.is_floating_point:
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    self.value = value.array()


def _copy(self: Tensor) -> Tensor:
    return self.detach().requires_grad_(self.requires_grad)


def _deepcopy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
            "moment; use .detach().clone()"
        )
    other = memo[id(self)] = _new(type(self))
    other.value = self.value if type(self.value) is float else self.value.copy()
    other.op = self.op
    other._grad = None if self._grad is None else self._grad.__deepcopy__(memo)
    return other


def _reduce(self: Tensor) -> tuple[Any, ...]:
    """As in PyTorch a pickle holds the value and whether it requires grad, and gives a leaf."""
    return _leaf, (type(self), self.value, self.op is not None)


def _leaf(kind: type[Tensor], value: Any, requires_grad: bool) -> Tensor:
    """What a pickle of a tensor gives."""
    leaf = _new(kind)
    leaf.value = value
    return leaf.requires_grad_(requires_grad)


def shared(tensor: Tensor) -> Tensor:
    """A tensor without history on the same memory."""
    other = _new(Tensor)
    other.value = tensor.array()
    share_versions(tensor)
    return other


METHODS: dict[str, Any] = {
    "detach": detach, "detach_": detach_, "data": property(_data, _set_data), "__copy__": _copy,
    "__deepcopy__": _deepcopy, "__reduce__": _reduce,
}  # fmt: skip
