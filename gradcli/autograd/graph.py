"""What backward keeps of the values, packed and unpacked by functions of the user's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.tensors.grad_fn import Node, node_of
from gradcli.tensors.packing import HOOKS, Packing
from gradcli.tensors.pieces import ENDS
from gradcli.tensors.tensor import share_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.tensors.history import Handle
    from gradcli.tensors.tensor import Tensor


class saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """Within it `pack(tensor)` is called for each value that an operation keeps, and backward calls `unpack` of that.

    >>> import gradcli as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> with saved_tensors_hooks(lambda t: t.tolist(), lambda number: torch.tensor(number)):
    ...     y = x**2
    >>> y.backward()
    >>> x.grad
    tensor(6.)
    """

    def __init__(self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]) -> None:
        self._hooks = (pack_hook, unpack_hook)

    def __enter__(self) -> None:
        """Raises RuntimeError where `disable_saved_tensors_hooks` says so."""
        if Packing.refusal is not None:
            raise RuntimeError(Packing.refusal)
        HOOKS.append(self._hooks)

    def __exit__(self, *error: object) -> None:
        HOOKS.pop()


class save_on_cpu(saved_tensors_hooks):  # noqa: N801 - PyTorch's name
    """Values are on the CPU anyway."""

    def __init__(self, pin_memory: bool = False) -> None:
        super().__init__(lambda t: t, lambda t: t)


class disable_saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """Within it `saved_tensors_hooks` raise a RuntimeError with this message."""

    def __init__(self, error_message: str) -> None:
        self._message = error_message
        self._before: list[str | None] = []

    def __enter__(self) -> None:
        self._before.append(Packing.refusal)
        Packing.refusal = self._message

    def __exit__(self, *error: object) -> None:
        Packing.refusal = self._before.pop()


class _Together:
    """Gradients of several tensors, handed on when all are known, or when a backward ends that leaves some out."""

    def __init__(self, count: int, hook: Callable[[Any], Any], at_first: bool) -> None:
        self._count, self._hook, self._at_first = count, hook, at_first
        self._known: dict[int, Tensor] = {}

    def seen(self, place: int, gradient: Tensor) -> None:
        """The gradient of one has arrived."""
        if not self._known:
            ENDS.append(self.end)
            if self._at_first:
                self._hook(gradient)
        self._known[place] = gradient
        if len(self._known) == self._count:
            self.end()

    def end(self) -> None:
        """The backward is over, as far as these are concerned."""
        known, self._known = self._known, {}
        if known and not self._at_first:
            self._hook([known.get(k) for k in range(self._count)])


def register_multi_grad_hook(tensors: Sequence[Tensor], fn: Callable[..., Any], *, mode: str = "all") -> Handle:
    """Call `fn(gradients)` when those of all tensors are known; of mode "any" `fn(gradient)` at the first.

    Raises ValueError for another mode, RuntimeError for a tensor that requires no gradient.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    together = _Together(len(tensors), fn, mode == "any")
    first, *rest = [t.register_hook(partial(together.seen, k)) for k, t in enumerate(tensors)]
    for handle in rest:
        first.with_other(handle)
    return first


class GradientEdge(NamedTuple):
    """Where in the history a gradient arrives."""

    node: Node
    output_nr: int


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The edge of a tensor's gradient. Raises RuntimeError where it requires none."""
    if not tensor.requires_grad:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return GradientEdge(node_of(tensor), 0)


def increment_version(tensor: Any) -> None:
    """Say that a tensor, or each of several, was changed in place."""
    for t in [tensor] if hasattr(tensor, "counter") else tensor:
        share_versions(t).count += 1


__all__ = [
    "GradientEdge", "Node", "disable_saved_tensors_hooks", "get_gradient_edge", "increment_version",
    "register_multi_grad_hook", "save_on_cpu", "saved_tensors_hooks",
]  # fmt: skip
