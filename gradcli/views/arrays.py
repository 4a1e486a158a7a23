"""Arrays for people: a row a line, the decimal points of a column under each other."""

from __future__ import annotations

from gradcli.views.numbers import align, to_show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Of a longer array the first and the last few along each axis are shown, and its shape.
MOST = 1000
ENDS = 3
GAP = "..."


def block(x: Any) -> str:
    """A number or a vector on one line, a matrix on as many lines as it has rows."""
    shape = getattr(x, "shape", ())
    if len(shape) < 2 and getattr(x, "size", 0) <= MOST:
        return to_show(x)
    cells = _texts(x.tolist(), x.size > MOST)
    rows = _rows(cells, len(shape))
    for column in range(max((len(row) for row in rows), default=0)):
        _align(rows, column)
    note = [f"(shape {shape}; --json shows all)"] if x.size > MOST else []
    return "\n".join(_lines(cells, len(shape)) + note)


def _texts(x: Any, cut: bool) -> Any:
    """Nested lists of texts."""
    if not isinstance(x, list):
        return to_show(x)
    if cut and len(x) > 2 * ENDS:
        head, tail = [_texts(v, cut) for v in x[:ENDS]], [_texts(v, cut) for v in x[-ENDS:]]
        return [*head, GAP, *tail]
    return [_texts(v, cut) for v in x]


def _rows(cells: Any, axes: int) -> list[list[str]]:
    """The lists along the last axis."""
    if cells == GAP:
        return []
    return [cells] if axes == 1 else [row for part in cells for row in _rows(part, axes - 1)]


def _align(rows: list[list[str]], column: int) -> None:
    """Bring the texts of one column, with the commas after them, to one width."""
    texts = align([row[column] for row in rows]) if rows[0][column] != GAP else [GAP] * len(rows)
    last = column == len(rows[0]) - 1
    width = max(map(len, texts)) + 1
    for row, text in zip(rows, texts, strict=True):
        row[column] = text if last else f"{text},".ljust(width)


def _lines(cells: Any, axes: int) -> list[str]:
    if cells == GAP:
        return [GAP]
    if axes == 1:
        return ["[" + " ".join(cells) + "]"]
    lines = []
    for k, part in enumerate(cells):
        inner = _lines(part, axes - 1)
        inner[-1] += "," if k < len(cells) - 1 else "]"
        lines += [" " + line for line in inner]
    return ["[" + lines[0][1:], *lines[1:]] if lines else ["[]"]
