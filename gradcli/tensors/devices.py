"""The device: programs name one, and here it is always the CPU."""

from __future__ import annotations

import types
from typing import Any


class device:  # noqa: N801 - PyTorch's name
    """`device("cpu")`. Raises RuntimeError for another one."""

    def __init__(self, type: str | device, index: int | None = None) -> None:
        name, _, place = str(type).partition(":")
        if name != "cpu":
            raise RuntimeError(f"device '{name}' is not supported: tensors are on the CPU; use device='cpu'")
        self.type = name
        self.index = int(place) if place else index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (other.type, other.index) == (self.type, self.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type='{self.type}')" if self.index is None else f"device(type='cpu', index={self.index})"


CPU = device("cpu")

# What a program asks before it chooses its device.
ABSENT = types.SimpleNamespace(is_available=lambda: False, device_count=lambda: 0)


def check(wanted: Any) -> None:
    """Refuse every device but the CPU; None is the CPU too."""
    if wanted is not None:
        device(wanted)
