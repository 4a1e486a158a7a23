"""The direction along which the gradient by an array is checked first: one number for all elements."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEED = 20
UNITS = 64


def direction(shape: tuple[int, ...]) -> Any:
    """Random numbers of either sign from 1/2 to 1, multiples of 1/64: an array of floats, always the same."""
    import numpy as np

    random = np.random.default_rng(SEED)
    return random.integers(UNITS // 2, UNITS, shape, endpoint=True) * random.choice((-1.0, 1.0), shape) / UNITS
