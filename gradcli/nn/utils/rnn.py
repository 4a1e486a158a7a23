"""Sequences of different lengths as one tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.tensors.left_out import missing
from gradcli.tensors.shapes import stack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gradcli.tensors.tensor import Tensor


def pad_sequence(
    sequences: Iterable[Tensor], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Tensor:
    """Sequences side by side, the shorter ones filled up with `padding_value`.

    >>> import gradcli as torch
    >>> pad_sequence([torch.tensor([1, 2]), torch.tensor([3])], batch_first=True)
    tensor([[1, 2],
            [3, 0]])
    """
    given = list(sequences)
    longest = max(len(s) for s in given)
    rows = []
    for s in given:
        row = s.new_full((longest, *s.shape[1:]), padding_value)
        place = slice(longest - len(s), None) if padding_side == "left" else slice(0, len(s))
        row[place] = s
        rows.append(row)
    return stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False) -> list[Tensor]:
    """The sequences of what `pad_sequence` gave, by their lengths."""
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[:length] for row, length in zip(rows, lengths.tolist(), strict=True)]


def __getattr__(name: str) -> Any:
    """Raises AttributeError: packed sequences are for recurrent networks, which are left out."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    raise AttributeError(missing("nn.utils.rnn", name, __all__))


__all__ = ["pad_sequence", "unpad_sequence"]
