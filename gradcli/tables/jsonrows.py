"""JSON texts as rows: lines of objects, or an array of them; numbers are kept as they are written."""

from __future__ import annotations

import json
import re

from gradcli.errors import UsageError
from gradcli.tables.plain import PlainSource
from gradcli.tables.source import NUMBER_CURE, indices
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.tables.formats import Format

LINE_CURE = 'each line is one object: {"x": 1}'
ARRAY_CURE = 'an array holds one object a row: [{"x": 1}, {"x": 2}]'

BLANKS = re.compile(r"[ \t\r\n]*")


class PlainObjects(PlainSource):
    """One JSON object a line, or an array of them; `{"at": {...}}` is what gradcli itself prints. Raises UsageError."""

    def __init__(self, label: str, text: str, form: Format, bare: bool = False) -> None:
        super().__init__(label)
        self._objects: list[tuple[int, dict[str, Any]]] = []
        self.lines: list[str] = []  # as they are written
        for line, part in lines_of(label, text):
            try:
                row = row_of(part)
            except TwiceError as error:
                raise UsageError(f"{label}, line {line}: {error.name} is given twice", "give it once") from None
            except RowError as error:
                raise UsageError(f"{label}, line {line} {error}", LINE_CURE) from None
            at = row.get("at")
            self._objects.append((line, at if isinstance(at, dict) else row))
            self.lines.append(part)
            self.keys = self.keys or tuple(row)
        if not self._objects:
            raise UsageError(f"{label} is empty", LINE_CURE)
        self.names = tuple(dict.fromkeys([name for _, row in self._objects for name in row]))

    def rows(self, columns: Sequence[str], skip: bool) -> tuple[list[Any], list[int]]:
        """See PlainSource. Raises UsageError."""
        indices(self.label, self.names, columns)
        rows: list[Any] = []
        for k, (line, row) in enumerate(self._objects):
            missing = next((name for name in columns if name not in row), None)
            if missing is not None and not skip:
                raise UsageError(f"{self.label}, row {k + 1} (line {line}) has no {shown(missing)}", NUMBER_CURE)
            rows.append([row.get(name) for name in columns])
        return rows, [line for line, _ in self._objects]


class Number(str):
    """A JSON number's text; a string of JSON is one of Python's."""

    __slots__ = ()


class RowError(ValueError):
    """A line that cannot be a row; its words go on after the number of the line."""


class TwiceError(RowError):
    """A name stands twice in an object."""

    def __init__(self, name: str) -> None:
        super().__init__(f"has {shown(name)} twice")
        self.name = shown(name)


def row_of(line: str) -> dict[str, Any]:
    """The object of a line, also of an object in it each name once. Raises RowError."""
    try:
        row = DECODER.decode(line)
    except RowError:
        raise
    except (ValueError, RecursionError):
        raise RowError("is no JSON") from None
    if not isinstance(row, dict):
        raise RowError("is no JSON object")
    return row


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        raise TwiceError(next(name for name in names if names.count(name) > 1))
    return row


def lines_of(label: str, text: str) -> Iterator[tuple[int, str]]:
    """(line number, text) of each line that is not blank, or of each element of an array. Raises UsageError."""
    if not text.lstrip().startswith("["):
        yield from ((k, part) for k, part in enumerate(text.split("\n"), 1) if part.strip())
        return
    decode = json.JSONDecoder().raw_decode
    line, last = 1, 0
    at = BLANKS.match(text, text.index("[") + 1).end()  # type: ignore[union-attr]
    while not text.startswith("]", at):
        line += text.count("\n", last, at)
        last = at
        try:
            end = decode(text, at)[1]
        except (ValueError, RecursionError):
            raise UsageError(f"{label}, line {line} is no JSON", ARRAY_CURE) from None
        yield line, " ".join(text[at:end].splitlines())
        at = BLANKS.match(text, end).end()  # type: ignore[union-attr]
        if text.startswith(",", at):
            at = BLANKS.match(text, at + 1).end()  # type: ignore[union-attr]
        elif not text.startswith("]", at):
            raise UsageError(f"{label}: the JSON array is not closed", ARRAY_CURE)
    if text[at + 1 :].strip():
        raise UsageError(f"{label} goes on after its JSON array", ARRAY_CURE)


def text_of(value: Any) -> str | None:
    """A cell: text and numbers as they are, null, true and false, nested values as JSON."""
    if isinstance(value, str):
        if not value.isascii():
            _checked(value)
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _checked(_nested(value))


def _checked(text: str) -> str:
    """JSON can write half of a pair of surrogates, which is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RowError("has half of a surrogate pair, which is no text") from None
    return text


def _nested(value: Any) -> str:
    """JSON of a list or an object, in which numbers keep their text."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_nested(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_object)
