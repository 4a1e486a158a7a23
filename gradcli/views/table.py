"""The table of `grad` and `eval`: a block for one point, a row a point for several.

value   11
d/dx     7   x = 2
"""

from __future__ import annotations

from itertools import zip_longest

from gradcli.views.arrays import block
from gradcli.views.delimited import assigned, labels, numbers
from gradcli.views.forms import Form
from gradcli.views.numbers import align, fewer, tabled, to_show
from gradcli.views.prose import GAP, columns, pad
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.evaluation import Evaluation

# So many rows are aligned with each other; the rest of a longer table need not be known yet.
CHUNK = 1000


class Table(Form):
    """The points as they come; one alone is a block, and so is each where a row is wider than the terminal even if
    rounded."""

    checked = True
    refuses = ()

    def __init__(self, points: int | None = None, screen: Screen | None = None, digits: int | None = None) -> None:
        super().__init__(points, digits)
        self._screen = screen or Screen()
        self._chunk: list[Evaluation] = []
        self._made: list[_Column] = []
        self._rounded: int | None = None
        self._printed = 0

    def point(self, evaluation: Evaluation) -> None:
        self._chunk.append(tabled_point(evaluation, self._digits))
        if len(self._chunk) == CHUNK:
            self._flush()

    def end(self) -> None:
        self._flush()
        self._screen.say_rounded(self._rounded)

    def _flush(self) -> None:
        """Print what is gathered: the columns grow to hold it."""
        chunk, self._chunk = self._chunk, []
        screen, first = self._screen, not self._printed
        self._printed += len(chunk)
        if (self._made or first) and len(chunk) > first:
            lines = self._lines(chunk)
            if first and lines:
                head = [screen.paint(c.label, "head") + " " * (c.width - columns(c.label)) for c in self._made]
                screen.line(GAP.join(head))
                screen.line(screen.paint(("-" if screen.ascii else "─") * _width(self._made), "faint"))
            for line in lines:
                screen.line(line)
        if self._made:
            return
        for k, evaluation in enumerate(chunk):
            if k or not first:
                screen.line()
            print_point(screen, evaluation, self._points)

    def _lines(self, chunk: list[Evaluation]) -> list[str]:
        """The rows of a chunk, rounded where they would be wider than the terminal; none where that does not help.

        In a later chunk the columns begin anew where those that there are leave too little room.
        """
        grown = [(c.label, c.style, c.width) for c in self._made]
        fresh = [(label, style, columns(label)) for label, style in labels(chunk[0])]
        for begun in (grown, fresh) if grown else (fresh,):
            for digits in fewer(self._digits):
                if self._rounded is not None and (digits is None or digits > self._rounded):
                    continue
                made = [_Column(*column) for column in begun]
                shown = chunk if digits is None else [tabled_point(evaluation, digits) for evaluation in chunk]
                lines = _lines(self._screen, made, shown)
                if self._screen.fits(_width(made)):
                    self._made = made
                    self._rounded = digits if self._digits is None else None
                    return lines
        return lines if grown else []


def tabled_point(evaluation: Evaluation, digits: int | None) -> Evaluation:
    """The same with the numbers that a table shows."""

    def shown(numbers: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return None if numbers is None else {name: tabled(x, digits) for name, x in numbers.items()}

    return evaluation.altered(
        at=shown(evaluation.at) or {},
        grad=shown(evaluation.grad),
        value=tabled(evaluation.value, digits),
        named=shown(evaluation.named),
    )


class _Row:
    """One line of a block: what it is, the number, and beside it a variable and its value, or a word on the number."""

    __slots__ = ("label", "name", "number", "style", "told", "value")

    def __init__(self, label: str, number: str, style: str, name: str = "", value: str = "", told: str = "") -> None:
        self.label = label
        self.number = number
        self.style = style
        self.name = name
        self.value = value
        self.told = told


def print_point(screen: Screen, evaluation: Evaluation, points: int | None = None) -> None:
    """One point: the value, the partials and the variables; stacked where a terminal is too narrow for its lines."""
    groups = [_point(evaluation), _assigned(evaluation), _conditions(evaluation)]
    starts = {len(groups[0]), len(groups[0]) + len(groups[1])}
    rows = [row for group in groups for row in group]
    numbers = align([row.number for row in rows])
    values = align([row.value for row in rows])
    widths = (
        max(columns(row.label) for row in rows),
        max(len(line) for number in numbers for line in number.split("\n")),
        max(columns(row.name) for row in rows),
    )
    indent = "\n" + " " * (widths[2] + 3)
    asides = [
        f"{pad(row.name, widths[2])} = {value}".replace("\n", indent) if row.name else row.told
        for row, value in zip(rows, values, strict=True)
    ]
    if points is not None:
        asides[0] = f"sum over {points} point{'' if points == 1 else 's'}"
    longest = max(columns(line) for aside in asides for line in aside.split("\n"))
    stacked = screen.width is not None and widths[0] + widths[1] + longest + 2 * len(GAP) > screen.width
    for k, row in enumerate(rows):
        if k in starts:
            screen.line()
        if stacked:
            _stack(screen, row, asides[k])
            continue
        label = row.label
        for part, aside in zip_longest(numbers[k].split("\n"), asides[k].split("\n"), fillvalue=""):
            number = screen.paint(part, row.style) + " " * (widths[1] - len(part))
            screen.line(f"{pad(label, widths[0])}{GAP}{number}{GAP}{screen.paint(aside, 'faint')}")
            label = ""


def _stack(screen: Screen, row: _Row, aside: str) -> None:
    if row.label:
        screen.line(row.label)
        for line in row.number.split("\n"):
            screen.line(f"  {screen.paint(line, row.style)}")
    if "\n" in aside:
        for line in aside.split("\n"):
            screen.line(f"  {screen.paint(line, 'faint')}")
    elif aside:
        screen.line(f"  {screen.paint(' '.join(aside.split()), 'faint')}")


def _point(evaluation: Evaluation) -> list[_Row]:
    """The value, and beside each partial its variable; then the variables that have no partial."""
    at = {name: block(x) for name, x in evaluation.at.items()}
    value = block(evaluation.value)
    if evaluation.grad is None and at:
        first, *others = at.items()
        rows = [_Row("value", value, "value", *first)]
        return rows + [_Row("", "", "", *other) for other in others]
    grad = evaluation.grad or {}
    rows = [_Row("value", value, "value")]
    for name, partial in grad.items():
        beside = (name, at[name]) if name in at else ("", "")
        rows.append(_Row(f"d/d{name}", block(partial), "partial", *beside))
    rows += [_Row("", "", "", name, text) for name, text in at.items() if name not in grad]
    if evaluation.along is not None:
        rows.append(_Row("along", block(evaluation.along), "partial"))
    return rows


def _assigned(evaluation: Evaluation) -> list[_Row]:
    """The names that the program assigns, each with the partial by it where there is one."""
    rows = []
    for name, (value, partial) in (evaluation.named or {}).items():
        label = assigned(name, [*evaluation.at, "value"])
        if partial is None:
            rows.append(_Row(label, block(value), "value"))
        else:
            rows.append(_Row(f"d/d{label}", block(partial), "partial", label, block(value)))
    return rows


def _conditions(evaluation: Evaluation) -> list[_Row]:
    """The condition numbers, and what they cost."""
    if evaluation.condition is None:
        return []
    from gradcli.api.condition import digits_lost

    rows = []
    for name, number in evaluation.condition.items():
        lost = digits_lost(number)
        told = "" if lost is None else f"{lost or 'no'} digit{'' if lost == 1 else 's'} lost whatever the arithmetic"
        rows.append(_Row(f"condition {name}", block(number), "", told=told))
    return rows


class _Column:
    """A column of the table for several points; it only ever grows."""

    __slots__ = ("label", "style", "width")

    def __init__(self, label: str, style: str, width: int) -> None:
        self.label = label
        self.style = style
        self.width = width

    def cells(self, numbers: Sequence[str]) -> list[tuple[str, str]]:
        """The numbers, their points in one column, and the blanks after each."""
        aligned = align(numbers)
        self.width = max(self.width, *map(len, aligned))
        return [(number, " " * (self.width - len(number))) for number in aligned]


def _lines(screen: Screen, made: list[_Column], chunk: list[Evaluation]) -> list[str]:
    """The rows of a chunk; the columns grow to hold them."""
    grid = zip(*[[to_show(x) for x in numbers(evaluation)] for evaluation in chunk], strict=True)
    painted = [
        [screen.paint(number, column.style) + blanks for number, blanks in column.cells(cells)]
        for column, cells in zip(made, grid, strict=True)
    ]
    return [GAP.join(row) for row in zip(*painted, strict=True)]


def _width(made: list[_Column]) -> int:
    return sum(column.width for column in made) + len(GAP) * (len(made) - 1)
