"""`--json`: one line for each point, made without the `json` module, which costs 7 ms to load."""

from __future__ import annotations

from gradcli.views.numbers import to_json
from gradcli.views.output import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.evaluation import Evaluation, Note
    from gradcli.witness.result import Check


class JsonForm(Lines):
    """One object a point, with its notes and its check."""

    inside = True

    def point(self, evaluation: Evaluation) -> None:
        self.line(line(evaluation, self._points))


def line(evaluation: Evaluation, points: int | None = None, further: Sequence[str] = ()) -> str:
    """One JSON object, without the newline; further: members that other commands add.

    points: the evaluation is the sum over so many points; that number then stands in the
    place of `at`.
    """
    parts = [f'"at": {object_of(evaluation.at)}' if points is None else f'"points": {points}']
    parts.append(f'"value": {to_json(evaluation.value)}')
    if evaluation.grad is not None:
        parts.append(f'"grad": {object_of(evaluation.grad)}')
    if evaluation.along is not None:
        parts.append(f'"along": {to_json(evaluation.along)}')
    if evaluation.condition is not None:
        parts.append(f'"condition": {object_of(evaluation.condition)}')
    if evaluation.named is not None:
        parts.append(f'"named": {_named(evaluation.named)}')
    parts += further
    if (check := evaluation.check) is not None:
        verdict = {"ok": ok_of(check), "max_rel_error": check.max_rel_error}
        parts.append(f'"check": {json_of(verdict | {"why": check.why} if check.why else verdict)}')
    parts += [f'"{name}": {json_of(x)}' for name, x in notes_of(evaluation).items()]
    return "{" + ", ".join(parts) + "}"


def object_of(numbers: Mapping[str, Any]) -> str:
    """Names and their numbers."""
    return "{" + ", ".join([member(name, x) for name, x in numbers.items()]) + "}"


def member(name: str, x: Any) -> str:
    """A name and its number."""
    return f"{quote(name)}: {to_json(x)}"


def _named(named: Mapping[str, tuple[Any, Any]]) -> str:
    parts = []
    for name, (value, partial) in named.items():
        grad = "" if partial is None else f', "grad": {to_json(partial)}'
        parts.append(f'{quote(name)}: {{"value": {to_json(value)}{grad}}}')
    return "{" + ", ".join(parts) + "}"


def notes_of(evaluation: Evaluation) -> dict[str, Any]:
    """The members `notes` and `more` (how many are not among them), where there are any."""
    found: dict[str, Any] = {"notes": array_of(evaluation.notes)} if evaluation.notes else {}
    return found | {"more": evaluation.more} if evaluation.more else found


def array_of(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """The notes as members of a JSON array."""
    found = []
    for note in notes:
        numbers = {"left": note.left, "right": note.right, "plain": note.plain, "more": note.more or None}
        found.append({
            "kind": note.kind, "op": note.op, "at": list(note.at),
            **{name: x for name, x in numbers.items() if x is not None}, "message": note.message,
        })  # fmt: skip
    return found


def ok_of(check: Check) -> bool | None:
    """False where a witness disagrees, None where no partial could be checked."""
    rows = check.rows[1:] or check.rows  # without variables the value is all there is
    return None if all(row.verdict == "not checked" for row in rows) else check.ok


def json_of(x: Any) -> str:
    """Any value as JSON: objects and lists of what may stand in them; tuples and arrays are numbers, see `to_json`."""
    kind = type(x)
    if kind is float:
        return to_json(x)
    if kind is str:
        return quote(x)
    if kind is dict:
        return "{" + ", ".join([f"{quote(name)}: {json_of(value)}" for name, value in x.items()]) + "}"
    if kind is list:
        return "[" + ", ".join([json_of(item) for item in x]) + "]"
    if kind is int:
        return str(x)
    if kind is bool:
        return "true" if x else "false"
    return "null" if x is None else to_json(x)


def quote(text: str) -> str:
    """A JSON string. Names stay as they are in the text; what cannot be printed is escaped."""
    if text.isidentifier() or (text.isprintable() and '"' not in text and "\\" not in text):
        return f'"{text}"'
    return '"' + "".join([_escape(c) for c in text]) + '"'


def _escape(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    code = ord(c)
    if c.isprintable():
        return c
    if code > 0xFFFF:  # a surrogate pair, as the standard wants it
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
