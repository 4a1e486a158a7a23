"""The tensors that a module has for its own, to be trained."""

from __future__ import annotations

from gradcli.tensors.tensor import Tensor


class Parameter(Tensor):
    """A tensor that a module has among its parameters; it requires grad."""

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        self.value = 0.0 if data is None else data.detach().value
        self.requires_grad_(requires_grad)

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()
