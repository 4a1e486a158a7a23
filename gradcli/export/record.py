"""What a language is given to write: one function of value and gradient, in parts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Example:
    """A test point, with the engine's numbers: at, value, grad."""

    def __init__(self, at: Mapping[str, Any], value: Any, grad: Mapping[str, Any]) -> None:
        self.at = at
        self.value = value
        self.grad = grad


class Record:
    """name: of the function; parameters: variable to name in the code, in order; unused: those that it does not read;
    wrt: by what it is differentiated; lines: statements; value, partials: expressions after them; value_name,
    partial_names: free names for these; helpers: sources; text: of the formula; example: a test point, or None; whole:
    are there arrays?
    """

    name: str
    text: str
    parameters: dict[str, str]
    unused: list[str]
    wrt: tuple[str, ...]
    lines: list[str]
    value: str
    partials: list[str]
    value_name: str
    partial_names: list[str]
    helpers: list[str]
    example: Example | None
    whole: bool
