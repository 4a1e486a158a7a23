"""`--csv`: a header, and a row for each point."""

from __future__ import annotations

from gradcli.views.numbers import to_json, to_plain
from gradcli.words import VALUE_VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

    from gradcli.faces.result import Evaluation


def header(at: Iterable[str], grad: Iterable[str] = (), named: Iterable[str] = (), partials: bool = True) -> str:
    """The variables, `value`, `d/dx` for each x; then for each assigned name c its `c` and, with partials, `d/dc`.

    For a sum over points `at` is `("points",)`.
    """
    at = list(at)
    cells = [*[variable(name) for name in at], "value", *[f"d/d{name}" for name in grad]]
    for name in named:
        label = assigned(name, [*at, "value"])
        cells += [label, f"d/d{label}"] if partials else [label]
    return ",".join([_cell(text) for text in cells])


def variable(name: str) -> str:
    """The column of a variable; one called `value` makes way for the result."""
    return VALUE_VARIABLE if name == "value" else name


def assigned(name: str, taken: Collection[str]) -> str:
    """The column of an assigned name: `x = x + 1` assigns the name of a variable, which has its own."""
    return f"{name} (assigned)" if name in taken else name


def row(evaluation: Evaluation, points: int | None = None) -> str:
    """The numbers under `header`, in the same order; an array is one cell, written as JSON."""
    numbers = [*evaluation.at.values()] if points is None else [str(points)]
    numbers.append(evaluation.value)
    if evaluation.grad is not None:
        numbers += evaluation.grad.values()
    for value, partial in (evaluation.named or {}).values():
        numbers += [value] if partial is None else [value, partial]
    return ",".join([_number(x) for x in numbers])


def _number(x: Any) -> str:
    return to_plain(x) if isinstance(x, float | int | str) else _cell(to_json(x))


def _cell(text: str) -> str:
    """Quoted where a reader would split it."""
    if any(c in text for c in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
