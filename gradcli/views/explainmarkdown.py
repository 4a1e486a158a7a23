"""`gradcli explain --markdown`: tables for a page of notes; every text of the user stands as code."""

from __future__ import annotations

from gradcli.views.explain import BACKWARD, FORWARD, GRADIENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gradcli.views.derivation import Derivation
    from gradcli.views.lesson import Lesson


def passes(lesson: Lesson, text: str) -> Iterator[str]:
    """The lines of both passes and of the gradient."""
    yield from _head(text)
    yield from ("## Forward", "", _sentence(FORWARD), "")
    rows = [[_code(x), "input", _code(v)] for _, x, v in lesson.inputs]
    rows += [[_code(line.name), _code(line.formula), _code(line.value)] for line in lesson.forward]
    yield from _table(("step", "formula", "value"), rows)
    yield from ("## Backward", "", _sentence(BACKWARD), "")
    lines = []
    for block in lesson.backward:
        for sent in block.lines:
            to = _code(sent.name)
            lines.append([_code(block.name), to, sent.rule, _code(sent.arrived), _code(sent.told), _code(sent.sent)])
    yield from _table(("from", "to", "rule", "adjoint", "local derivative", "sent"), lines)
    yield from ("## Gradient", "", _sentence(GRADIENT), "")
    sums = [[_code("value"), _code(lesson.value), ""]]
    sums += [[_code(f"d/d{x}"), _code(partial), _code(terms)] for x, partial, terms in lesson.gradient]
    yield from _table(("", "number", "sum of what was sent"), sums)


def derivations(found: Sequence[Derivation], text: str) -> Iterator[str]:
    """The lines of the derivation by each variable."""
    yield from _head(text)
    for one in found:
        yield from (f"## The derivative by {_code(one.by)}", "")
        rows = []
        for line in one.lines:
            full = f" = {line.full}" if line.full not in ("", line.chained) else ""
            derivative = f"{line.name}' = {line.chained}{full}"
            rows.append([_code(f"{line.name} = {line.formula}"), line.rule, _code(derivative)])
        yield from _table(("step", "rule", "derivative"), rows)
        yield from (_code(f"d/d{one.by} = {one.formula}"), "")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _head(text: str) -> Iterator[str]:
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (f"{fence}text", *text.strip().splitlines(), fence, "")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"| {' | '.join(heads)} |"
        yield f"|{' --- |' * len(heads)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"
        yield ""


def _code(text: str) -> str:
    """As code in a cell of a table, where a bar would end the cell."""
    if not text:
        return ""
    ticks = "`"
    while ticks in text:
        ticks += "`"
    inner = text.replace("|", "\\|").replace("\n", " ")
    return f"{ticks} {inner} {ticks}" if len(ticks) > 1 else f"`{inner}`"
