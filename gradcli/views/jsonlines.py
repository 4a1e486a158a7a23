"""`--json`: one line for each point, made without the `json` module, which costs 7 ms to load."""

from __future__ import annotations

from gradcli.views.numbers import to_json
from gradcli.views.output import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from gradcli.api.evaluation import Evaluation, Note
    from gradcli.witness.result import Check


class JsonLines(Lines):
    """One object a point, with its notes and its check."""

    inside = True

    def point(self, evaluation: Evaluation) -> None:
        self.line(line(evaluation, self._points))


def line(evaluation: Evaluation, points: int | None = None) -> str:
    """One JSON object, without the newline.

    points: the evaluation is the sum over so many points; that number then stands in the
    place of `at`.
    """
    parts = [f'{{"at": {object_of(evaluation.at)}' if points is None else f'{{"points": {points}']
    parts.append(f'"value": {to_json(evaluation.value)}')
    if evaluation.grad is not None:
        parts.append(f'"grad": {object_of(evaluation.grad)}')
    if evaluation.named is not None:
        parts.append(f'"named": {_named(evaluation.named)}')
    if evaluation.check is not None:
        parts.append(f'"check": {_check(evaluation.check)}')
    return ", ".join(parts + notes_of(evaluation)) + "}"


def notes_of(evaluation: Evaluation) -> list[str]:
    """The members `notes` and `more_notes`, where there are any."""
    parts = []
    if evaluation.notes:
        parts.append(f'"notes": {array_of(evaluation.notes)}')
    if evaluation.more:
        parts.append(f'"more_notes": {evaluation.more}')
    return parts


def array_of(notes: Iterable[Note]) -> str:
    return "[" + ", ".join([_note(note) for note in notes]) + "]"


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


def object_of(numbers: Mapping[str, Any]) -> str:
    """Names and their numbers."""
    return "{" + ", ".join([f"{quote(name)}: {to_json(x)}" for name, x in numbers.items()]) + "}"


def _named(named: Mapping[str, tuple[Any, Any]]) -> str:
    parts = []
    for name, (value, partial) in named.items():
        grad = "" if partial is None else f', "grad": {to_json(partial)}'
        parts.append(f'{quote(name)}: {{"value": {to_json(value)}{grad}}}')
    return "{" + ", ".join(parts) + "}"


def ok_of(check: Check) -> str:
    """true, false where a witness disagrees, null where no partial could be checked."""
    rows = check.rows[1:] or check.rows  # without variables the value is all there is
    if all(row.verdict == "not checked" for row in rows):
        return "null"
    return "true" if check.ok else "false"


def _check(check: Check) -> str:
    error = "null" if check.max_rel_error is None else to_json(check.max_rel_error)
    why = f', "why": {quote(check.why)}' if check.why else ""
    return f'{{"ok": {ok_of(check)}, "max_rel_error": {error}{why}}}'


def _note(note: Note) -> str:
    start, end = note.at
    parts = [f'{{"kind": {quote(note.kind)}, "op": {quote(note.op)}, "at": [{start}, {end}]']
    if note.left is not None:
        parts.append(f'"left": {object_of(note.left)}')
    if note.right is not None:
        parts.append(f'"right": {object_of(note.right)}')
    parts.append(f'"message": {quote(note.message)}')
    return ", ".join(parts) + "}"
