"""Which operation has a kink, a jump or a pole between two neighbouring floats, where no float stands on it.

Its operands on both sides tell: at a number between them (0, a whole number, that of the other operand) the operation's
own predicate holds.
"""

from __future__ import annotations

from itertools import product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gradcli.plotting.features import Feature
    from gradcli.plotting.section import Section

MOST = 3  # operands
WHOLE = 1e15  # larger floats are whole numbers or halves of them anyway
# Which predicates make what.
MARKS = {"kink": ("kink", "jump"), "jump": ("jump", "pole"), "pole": ("pole",)}


def culprit(section: Section, feature: Feature) -> str:
    """The piece of the text that does it; nothing where none is found, or several."""
    if section.singly or feature.kind not in MARKS:
        return ""
    compiled = section.formula.compiled(False)
    graph = compiled.graph
    before, after = (compiled.values(section.at(x)) for x in (feature.left, feature.right))
    found = set()
    for i, (op, *operands) in enumerate(graph.nodes):
        marks = [getattr(op, name) for name in MARKS[feature.kind] if getattr(op, name) is not None]
        if op.leaf or not marks or len(operands) > MOST or graph.origin[i] < 0:
            continue
        sides = [before[k] for k in operands], [after[k] for k in operands]
        if sides[0] != sides[1] and any(mark(*x) for mark in marks for x in _between(*sides)):
            found.add(section.program.span(graph.origin[i]))
    return section.text[slice(*found.pop())] if len(found) == 1 else ""


def _between(left: Sequence[float], right: Sequence[float]) -> Iterator[tuple[Any, ...]]:
    """Operands between those of both sides at which something may happen."""
    options = []
    for a, b in zip(left, right, strict=True):
        low, high = min(a, b), max(a, b)
        middle = a / 2 + b / 2
        special = {0.0, round(middle), round(2 * middle) / 2} if abs(middle) < WHOLE else {middle}
        options.append([a, *[x for x in special if low < x < high or (low < high and x in (low, high))]])
    yield from product(*options)
    if len(left) == 2 and (left[0] < left[1]) != (right[0] < right[1]):
        yield left[0], left[0]
