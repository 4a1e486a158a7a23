"""Parts of a tensor: marks, versions, shapes, hooks."""

from __future__ import annotations

import weakref
from typing import Any


class Mark:
    """What stands in the place of an operation where there is no operation. `name`: its own in this module."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    __reduce__ = __repr__  # a copy is the mark itself


LEAF = Mark("LEAF")  # of a leaf that requires grad
FREED = Mark("FREED")  # of an operation whose saved values are freed


class Versions:
    """How often a value was changed in place; shared by all tensors that share memory, and knows the views of them."""

    __slots__ = ("_most", "_views", "count")

    def __init__(self) -> None:
        self.count = 0
        self._views: list[weakref.ref[Any]] = []
        self._most = 16

    def add(self, view: Any) -> None:
        """A view more."""
        self._views.append(weakref.ref(view))
        if len(self._views) > self._most:
            self._views = [ref for ref in self._views if ref() is not None]
            self._most = 2 * len(self._views) + 16

    def living(self) -> list[Any]:
        """The views that are still there."""
        found = [ref() for ref in self._views]
        return [view for view in found if view is not None]


NEVER = Versions()  # of values that were never changed and share no memory; replaced at the first change
UNCOUNTED = Versions()  # of values that were made within `inference_mode`


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


class Kind(type):
    """The class of tensor classes: those of this package show themselves under PyTorch's names."""

    def __repr__(cls) -> str:
        own = cls.__module__.startswith("gradcli.")
        return (
            f"<class 'torch.{'nn.parameter.' * (cls.__name__ != 'Tensor')}{cls.__name__}'>"
            if own
            else type.__repr__(cls)
        )


class Handle:
    """What `register_hook` returns: `remove()` takes the hook away."""

    _next = 0

    def __init__(self, hooks: dict[int, Any]) -> None:
        Handle._next += 1
        self.key = Handle._next
        self._hooks = hooks
        self._others: tuple[Handle, ...] = ()

    def with_other(self, other: Handle) -> Handle:
        """This handle, which takes another one's hook away too."""
        self._others = (*self._others, other)
        return self

    def remove(self) -> None:
        """Take the hook away."""
        self._hooks.pop(self.key, None)
        for other in self._others:
            other.remove()

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()
