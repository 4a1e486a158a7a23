"""The memory of tensors: what it is shown as, lengths that change, and functions of single elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.creation import finished, shape_of
from gradcli.tensors.inplace import may_change, written
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Storage:
    """The memory below a tensor and the views of it: numbers in one row."""

    def __init__(self, tensor: Tensor) -> None:
        base: Any = tensor.array()
        while isinstance(base.base, np.ndarray):
            base = base.base
        self._memory = base

    def data_ptr(self) -> int:
        """Where it begins."""
        return self._memory.ctypes.data

    def nbytes(self) -> int:
        """How many bytes it has."""
        return self._memory.nbytes

    def size(self) -> int:
        """How many numbers it has."""
        return self._memory.size

    def tolist(self) -> list[Any]:
        """The numbers."""
        return self._memory.ravel(order="K").tolist()

    def __len__(self) -> int:
        return self.size()

    def __getitem__(self, place: int) -> Any:
        return self.tolist()[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __repr__(self) -> str:
        kind = dtypes.of(self._memory.dtype)
        numbers = "".join(f" {n}\n" for n in self.tolist())
        return f"{numbers}[torch.storage.TypedStorage(dtype={kind!r}, device=cpu) of size {self.size()}]"


class UntypedStorage(Storage):
    """The same as bytes."""

    def size(self) -> int:
        return self.nbytes()

    def tolist(self) -> list[int]:
        return list(self._memory.tobytes())


def resize_(self: Tensor, *sizes: Any) -> Tensor:
    """The tensor in another shape; numbers that are new are 0. Raises RuntimeError where it requires grad."""
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    shape = shape_of(sizes)
    count = int(np.prod(shape, dtype=int))
    flat = np.zeros(count, self.dtype.numpy)
    old = np.ravel(self.array())[:count]
    flat[: old.size] = old
    self.value = flat.reshape(shape)
    written(self)
    return self


def new(self: Tensor, *data: Any) -> Tensor:
    """A tensor of the same type: of numbers, or of zeros where lengths are given."""
    if len(data) == 1 and not hasattr(data[0], "__index__"):
        given = data[0]
        if not (isinstance(given, tuple) and all(isinstance(n, int) for n in given)):
            return finished(np.asarray(given.value if isinstance(given, Tensor) else given).astype(self.dtype.numpy))
    return finished(np.zeros(shape_of(data or (0,)), self.dtype.numpy))


def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Each element as a function of it, in place. Raises TypeError where the tensor requires grad."""
    if self.requires_grad:
        raise TypeError("apply_ is only implemented on CPU tensors that do not require grad: use tensor operations")
    may_change(self)
    memory = self.array()
    memory[...] = np.reshape([callable(x) for x in memory.ravel().tolist()], memory.shape)
    written(self)
    return self


def map_(self: Tensor, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
    """Each element as a function of it and of another tensor's, in place. Raises TypeError as `apply_` does."""
    others = iter(np.broadcast_to(np.asarray(tensor.value), self.shape).ravel().tolist())
    return apply_(self, lambda x: callable(x, next(others)))


class Word:
    """A word of PyTorch's that chooses nothing here. `name`: its own."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


STRIDED = Word("strided")

METHODS: dict[str, Any] = {
    "storage": lambda self: Storage(self), "untyped_storage": lambda self: UntypedStorage(self),
    "resize_": resize_, "new": new, "apply_": apply_,
    "map_": map_, "resize_as_": lambda self, other: resize_(self, *other.shape),
    "share_memory_": lambda self: self, "pin_memory": lambda self: self, "is_shared": lambda self: False,
    "is_pinned": lambda self: False, "is_meta": False, "is_cpu": True, "is_quantized": False, "output_nr": 0,
    "name": None, "layout": property(lambda self: STRIDED),
}  # fmt: skip
