"""`--csv`: a header, and a row for each point."""

from __future__ import annotations

from gradcli.text import VALUE_VARIABLE
from gradcli.views.numbers import to_json, to_plain
from gradcli.views.output import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from gradcli.api.evaluation import Evaluation


class CsvForm(Lines):
    """An array is one cell, written as JSON."""

    def begin(self, first: Evaluation) -> None:
        self.line(",".join([cell(label) for label, _ in labels(first, self._points)]))

    def point(self, evaluation: Evaluation) -> None:
        self.line(",".join([_number(x) for x in numbers(evaluation, self._points)]))


def labels(evaluation: Evaluation, points: int | None = None) -> list[tuple[str, str]]:
    """(label, style) of each column of a row: the variables or `points`, `value`, `d/dx` for each x, `along`; then for
    each assigned name c its `c` and, where there are partials, `d/dc`; and `condition x` for each x."""
    names = list(evaluation.at) if points is None else ["points"]
    found = [*[(variable(name), "") for name in names], ("value", "value")]
    found += [(f"d/d{name}", "partial") for name in evaluation.grad or {}]
    found += [("along", "partial")] if evaluation.along is not None else []
    for name, (_, partial) in (evaluation.named or {}).items():
        label = assigned(name, [*names, "value"])
        found += [(label, "")] if partial is None else [(label, ""), (f"d/d{label}", "partial")]
    return found + [(f"condition {name}", "") for name in evaluation.condition or {}]


def numbers(evaluation: Evaluation, points: int | None = None) -> list[Any]:
    """The numbers under `labels`, in the same order."""
    found = [*evaluation.at.values()] if points is None else [str(points)]
    found.append(evaluation.value)
    if evaluation.grad is not None:
        found += evaluation.grad.values()
    found += [evaluation.along] if evaluation.along is not None else []
    for value, partial in (evaluation.named or {}).values():
        found += [value] if partial is None else [value, partial]
    return [*found, *(evaluation.condition or {}).values()]


def variable(name: str) -> str:
    """The column of a variable; one called `value` makes way for the result."""
    return VALUE_VARIABLE if name == "value" else name


def assigned(name: str, taken: Collection[str]) -> str:
    """The column of an assigned name: `x = x + 1` assigns the name of a variable, which has its own."""
    return f"{name} (assigned)" if name in taken else name


def _number(x: Any) -> str:
    return to_plain(x) if isinstance(x, float | int | str) else cell(to_json(x))


def cell(text: str) -> str:
    """Quoted where a reader would split it."""
    if any(c in text for c in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
