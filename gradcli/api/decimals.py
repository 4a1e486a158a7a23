"""`--digits`: numbers as decimals of which every digit is proven."""

from __future__ import annotations

from gradcli.api.evaluation import Evaluation, undecided_notes
from gradcli.api.on_floats import DECIMALS, FLOATS
from gradcli.domains.digits import MOST_ELEMENTS, each, elements, proven
from gradcli.domains.nearest import numbers
from gradcli.errors import UsageError
from gradcli.language.parser import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.notes import Observer
    from gradcli.core.graph import Graph
    from gradcli.language.program import Program

    class Formula(Protocol):
        """What is evaluated, of gradcli.api.function.Function."""

        program: Program
        variables: tuple[str, ...]
        wrt: tuple[str, ...]

        def __init__(self, program: Program) -> None: ...
        def needs_arrays(self, point: Mapping[str, Any]) -> bool: ...
        def size_at(self, point: Mapping[str, Any]) -> int: ...
        def evaluate_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation: ...
        def observing(self, graph: Graph, gradient: bool, arithmetic: Arithmetic) -> Observer: ...
        def graph_of(self, gradient: bool, arrays: bool) -> Graph: ...
        def tell_of_named(self, evaluation: Evaluation, odd: list[int], graph: Graph, *further: Any) -> None: ...
        def arranged(
            self, outputs: list[Any], at: Mapping[str, Any], gradient: bool, arithmetic: Arithmetic
        ) -> Evaluation: ...


_NO_NUMBER = {"NaN", "Infinity", "-Infinity"}


def in_digits(f: Formula, point: Mapping[str, Any], digits: int, gradient: bool) -> Evaluation:
    """See Function.proven_at. Raises UsageError for too many elements."""
    leaves, floats = leaves_of(f, point)
    arrays = f.needs_arrays(floats)
    if arrays:
        if f.size_at(floats) > MOST_ELEMENTS:
            raise UsageError(f"--digits is for arrays of at most {MOST_ELEMENTS:,} elements", "leave --digits out")
        f.evaluate_at(floats, gradient)  # where shapes do not fit, this says so
    graph = f.graph_of(gradient, arrays)
    found, state = proven(graph, leaves, digits)
    identity = type(f)(parse("x")).graph_of(False, False)
    shown = {
        x: _as_typed(point[x]) or each(proven(identity, {"x": leaves[x]}, digits)[0][0], _text) for x in f.variables
    }
    evaluation = f.arranged([each(x, _text) for x in found], shown, gradient, DECIMALS)
    open_ = [(number.node, number.why) for x in found for number in elements(x) if not number.decided]
    evaluation.notes = undecided_notes(f.program, graph, open_)
    if evaluation.notes or state is None:
        return evaluation
    arithmetic, values = _standing(graph, state, arrays)
    observer = f.observing(graph, gradient, arithmetic)
    evaluation.notes, evaluation.more = observer.notes(*values)
    odd = [k for k, (y, _) in enumerate((evaluation.named or {}).values()) if not _NO_NUMBER.isdisjoint(elements(y))]
    if odd:
        f.tell_of_named(evaluation, odd, graph, gradient, arithmetic, *values)
    return evaluation


def _standing(graph: Graph, state: Any, arrays: bool) -> tuple[Arithmetic, Sequence[Any]]:
    """What finds the notes of a graph, and what it finds them of."""
    if not arrays:
        return FLOATS, numbers(state)
    from gradcli.api.on_arrays import ARRAYS
    from gradcli.domains.standing import standing

    return ARRAYS, [standing(graph, state)]


def leaves_of(f: Formula, point: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables of a point of texts and arrays: as graphs of what was typed, and as floats."""
    texts = {x: type(f)(parse(text)) for x in f.variables if isinstance(text := point[x], str)}
    floats = {x: texts[x].evaluate_at({}, False).value if x in texts else point[x] for x in f.variables}
    return {x: texts[x].graph_of(False, False) if x in texts else point[x] for x in f.variables}, floats


def _text(number: Any) -> str:
    return number.text


def _as_typed(text: Any) -> str | None:
    """The text of a value, where it is a plain decimal."""
    if not isinstance(text, str):
        return None
    bare = text.strip().removeprefix("-")
    return text.strip() if bare.isascii() and bare.replace(".", "", 1).isdigit() else None
