"""The functions of `saved_tensors_hooks` that are in force: (pack, unpack), the last one counts."""

from __future__ import annotations

from typing import Any

HOOKS: list[tuple[Any, Any]] = []


class Packing:
    """Why no functions may be set, None where they may."""

    refusal: str | None = None
