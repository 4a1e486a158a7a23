"""`gradcli explain` as text: both passes line by line, or the derivation by rules."""

from __future__ import annotations

from gradcli.views.lesson import factor
from gradcli.views.prose import GAP, columns, pad, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.views.derivation import Derivation
    from gradcli.views.lesson import Arrived, Lesson, Sent
    from gradcli.views.screen import Screen

    # (text, style) of each column
    Row = list[tuple[str, str]]

FORWARD = "each step is computed from the inputs and the steps before it."
BACKWARD = (
    "the adjoint of a step is the derivative of the result by that step. By the chain rule a step sends to "
    "each of its operands its own adjoint times its local derivative; what an operand is sent adds up to its adjoint."
)
GRADIENT = "the adjoints of the inputs."
NO_STEPS = "There are no steps: the formula is its result."
WIDEST = 36  # columns of a cell that pushes the ones after it in all rows
PROSE = 80  # columns of a line of prose where no terminal is narrower


def show(screen: Screen, lesson: Lesson) -> None:
    """Print both passes and the gradient."""
    _prose(screen, f"Forward: {FORWARD}" if lesson.forward else NO_STEPS)
    for _, x, v in lesson.inputs:
        screen.line(f"  {screen.paint(x, 'variable')} = {screen.paint(v, 'value')}")
    for line in lesson.forward:
        start, middle = f"  {line.name} = {line.formula}", f" = {line.numbers}" if line.numbers else ""
        if screen.width is not None and columns(f"{start}{middle} = {line.value}") > screen.width:
            middle = ""
        screen.line(f"{start}{screen.paint(middle, 'faint')} = {screen.paint(line.value, 'value')}")
    screen.line()
    if lesson.backward:
        _prose(screen, f"Backward: {BACKWARD}")
    for k, block in enumerate(lesson.backward):
        if k:
            screen.line()
        _block(screen, block, first=k == 0)
    if lesson.backward:
        screen.line()
    _prose(screen, f"The gradient: {GRADIENT}")
    rows: list[Row] = [[("value", ""), (lesson.value, "value"), ("", "")]]
    for x, partial, terms in lesson.gradient:
        rows.append([(f"d/d{x}", ""), (partial, "partial"), (f"= {terms}" if terms else "", "faint")])
    _table(screen, rows, "  ")


def show_derivations(screen: Screen, derivations: Sequence[Derivation]) -> None:
    """Print the derivation by each variable, and at its end the formula."""
    for derivation in derivations:
        screen.part()
        x = derivation.by
        name = derivation.lines[-1].name if derivation.lines else x
        _prose(screen, f"The derivative by {x}, step by step: {name}' is the derivative of {name} by {x}.")
        rows: list[Row] = []
        for line in derivation.lines:
            full = f" = {line.full}" if line.full not in ("", line.chained) else ""
            result = f"{line.name}' = {line.chained}{full}"
            rows.append([(f"{line.name} = {line.formula}", ""), (line.rule, "faint"), (result, "value")])
        _table(screen, rows, "  ")
        if rows:
            screen.line()
        screen.line(f"  d/d{x} = {screen.paint(derivation.formula, 'partial')}")


def _prose(screen: Screen, text: str) -> None:
    """A paragraph and an empty line."""
    for line in wrapped(text, min(PROSE, screen.width or PROSE)):
        screen.line(screen.paint(line, "head"))
    screen.line()


def _block(screen: Screen, block: Arrived, first: bool) -> None:
    """An operation, and a line for each of its operands."""
    reason = "the result is no number" if block.adjoint == "nan" else "it is the result"
    why = f", because {reason}" if first else ""
    screen.line(f"  {block.name} = {block.formula}   has the adjoint {screen.paint(block.adjoint, 'partial')}{why}")
    if block.silent and block.lines:
        screen.line(f"    sends 0 to {', '.join(dict.fromkeys(line.name for line in block.lines))}")
    else:
        _table(screen, [_row(line) for line in block.lines], "    ")
    for line in block.lines:
        if line.total:
            screen.line(f"    adjoint of {line.name}: {screen.paint(line.total, 'partial')}")


def _row(line: Sent) -> Row:
    product = f"{line.arrived} * {factor(line.local)} = " if line.local else ""
    return [(f"to {line.name}", ""), (line.rule, "faint"), (line.told, ""), (f"sends {product}{line.sent}", "value")]


def _table(screen: Screen, rows: Sequence[Row], indent: str) -> None:
    """The rows in columns; where a terminal is too narrow, the cells of each one below the other."""
    if not rows:
        return
    widths = [
        max([columns(text) for text, _ in cells if columns(text) <= WIDEST], default=0)
        for cells in zip(*rows, strict=True)
    ]
    for row in rows:
        padded = [pad(text, width) if width else text for (text, _), width in zip(row, widths, strict=True)]
        if screen.width is not None and columns((indent + GAP.join(padded)).rstrip()) > screen.width:
            for k, (text, style) in enumerate(row):
                if text:
                    screen.line(f"{indent}{'  ' if k else ''}{screen.paint(text, style)}")
            continue
        cells = [
            screen.paint(text, style) + blank[len(text) :]
            for (text, style), blank in zip(row, padded, strict=True)
            if blank
        ]
        screen.line(indent + GAP.join(cells))
