"""The state of a module taken over from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.tensors.grad_mode import no_grad
from gradcli.tensors.inplace import copy_
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class Matched(NamedTuple):
    """What `load_state_dict` gives: the names that did not fit."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def loaded(
    kind: str, own: dict[str, Tensor], given: dict[str, Any], strict: bool, put: Callable[[str, Tensor], None] | None
) -> Matched:
    """Copy the given values into a module's own tensors, or `put` them in their place.

    Raises TypeError for what is no dict, RuntimeError where names (unless not strict) or shapes differ.
    """
    if not hasattr(given, "keys"):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(given)}.")
    missing = [name for name in own if name not in given]
    unknown = [name for name in given if name not in own]
    lines = []
    if strict:
        lines += [f"Missing key(s) in state_dict: {_quoted(missing)}. "] * bool(missing)
        lines += [f"Unexpected key(s) in state_dict: {_quoted(unknown)}. "] * bool(unknown)
    for name, tensor in own.items():
        if name in given and not hasattr(tensor, "materialize") and given[name].shape != tensor.shape:
            lines.append(
                f"size mismatch for {name}: copying a param with shape {given[name].shape} from checkpoint, "
                f"the shape in current model is {tensor.shape}."
            )
    if lines:
        raise RuntimeError("\n\t".join([f"Error(s) in loading state_dict for {kind}:", *lines]))
    with no_grad():
        for name, tensor in own.items():
            if name in given:
                if hasattr(tensor, "materialize"):  # a layer that learns its inputs so
                    tensor.materialize(given[name].clone())
                elif put is None:
                    copy_(tensor, given[name])
                else:
                    put(name, given[name])
    return Matched(missing, unknown)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
