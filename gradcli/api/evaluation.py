"""What a calculation gives, before anything is printed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program


# Notes on what floats could not hold: of numbers that are not printed they say nothing.
OF_FLOATS = ("overflow", "underflow", "indeterminate")


class Note:
    """Something that happened at a point, by a written rule (gradcli/docs/conventions.md).

    kind: one of kink, jump, boundary, infinite, domain, overflow, underflow, indeterminate, undecided,
    cancellation; op: the operation's name; at: its place in the text, half-open, in code
    points; message: one line; left, right: at a kink the one-sided partials of the whole
    result by variable, of at most 20 variables, those of an array in its shape; more: how many further ones it
    concerns; plain: of a cancellation the number that plain floats give; node: which node of the graph as written it
    is on, or None.
    """

    __slots__ = ("at", "kind", "left", "message", "more", "node", "op", "plain", "right")

    def __init__(
        self,
        kind: str,
        op: str,
        at: tuple[int, int],
        message: str,
        left: dict[str, Any] | None = None,
        right: dict[str, Any] | None = None,
        more: int = 0,
    ) -> None:
        self.kind = kind
        self.op = op
        self.at = at
        self.message = message
        self.left = left
        self.right = right
        self.more = more
        self.plain: float | None = None
        self.node: int | None = None

    def __repr__(self) -> str:
        return f"Note({self.kind!r}, {self.op!r}, {self.at!r}, {self.message!r})"

    def _repr_html_(self) -> str:
        from gradcli.api.notebook import note_html

        return note_html(self.kind, self.message)


def joined(notes: list[Note], further: list[Note]) -> list[Note]:
    """Notes, and those of the further ones that say another thing or say it elsewhere."""
    known = {(note.kind, note.op, note.at) for note in notes}
    return [*notes, *[note for note in further if (note.kind, note.op, note.at) not in known]]


def note_on_origin(program: Program, graph: Graph, i: int, kind: str, message: str) -> Note:
    """A note at the operation as written that a node of a graph came from."""
    return note_on(program, max(graph.origin[i], 0), kind, message)


def note_on(program: Program, node: int, kind: str, message: str, **more: Any) -> Note:
    """A note on a node of the graph as written."""
    note = Note(kind, program.nodes[node][0].name, program.span(node), message, **more)
    note.node = node
    return note


def undecided_notes(program: Program, graph: Graph, found: Iterable[tuple[int, str]]) -> list[Note]:
    """A note for each place that no precision decides: of nodes, each with what is said of it."""
    notes = {}
    for i, why in found:
        note = note_on_origin(program, graph, i, "undecided", "")
        note.message = f"{program.text[slice(*note.at)]:.60} {why}"
        notes[note.at] = note
    return list(notes.values())


class Evaluation:
    """One point: the value and, where they were asked for, the partials.

    at: variable to number; value: a number, or a tuple where the text is a tuple; grad:
    variable to partial, or None; named: assigned name to (value, partial or None), or None;
    notes: what happened, at most 20, with `more` further ones counted; check: the verdict
    of the witness, or None; condition: variable to its condition number, or None; along: the directional derivative,
    or None.
    Numbers are floats, or under a precision in digits the decimal text.
    """

    __slots__ = ("along", "at", "check", "condition", "grad", "more", "named", "notes", "value")

    def __init__(
        self,
        at: dict[str, Any],
        value: Any,
        grad: dict[str, Any] | None = None,
        notes: list[Note] | None = None,
        more: int = 0,
        named: dict[str, tuple[Any, Any]] | None = None,
    ) -> None:
        self.at = at
        self.value = value
        self.grad = grad
        self.notes = notes or []
        self.more = more
        self.named = named
        self.check: Any = None
        self.condition: dict[str, Any] | None = None
        self.along: Any = None

    def altered(self, **numbers: Any) -> Evaluation:
        """The same with other numbers. To load `copy` takes a tenth of the time of a short answer."""
        other: Evaluation = object.__new__(type(self))
        for name in {*Evaluation.__slots__, *type(self).__slots__}:
            if name in numbers or hasattr(self, name):
                setattr(other, name, numbers[name] if name in numbers else getattr(self, name))
        return other

    def __repr__(self) -> str:
        grad = "" if self.grad is None else f", grad={self.grad!r}"
        notes = f", notes={self.notes!r}" if self.notes else ""
        return f"Evaluation(at={self.at!r}, value={self.value!r}{grad}{notes})"

    def _repr_html_(self) -> str:
        from gradcli.api.notebook import evaluation_html

        notes = [note._repr_html_() for note in self.notes]
        return evaluation_html(self.at, self.value, self.grad or {}, notes)

    def _repr_latex_(self) -> str | None:
        from gradcli.api.notebook import evaluation_latex

        return evaluation_latex(self.at, self.value, self.grad or {})


class SecondOrder(Evaluation):
    """One point with its second derivatives.

    matrix: see gradcli.api.matrices; exact: the rows of those variables that have second derivatives in balls of a
    precision in bits, None where a choice is not decided, or floats are enough.
    """

    __slots__ = ("exact", "matrix", "spectrum")
    matrix: Any
    exact: Any
    spectrum: Any


class SeveralResults(Evaluation):
    """One point of which the value is a tuple of results; jac: for each of them variable to partial."""

    __slots__ = ("jac",)
    jac: list[dict[str, Any]]


class Proven:
    """A value and its partials, each the float64 nearest to the true number or its neighbour.

    value, grad: as `value_and_grad` gives them; bounds: (bound of the value, bound by variable), the proven relative
    errors, infinite for what no precision up to 1,000 decimals decides (that number is NaN).
    """

    __slots__ = ("bounds", "grad", "value")

    def __init__(self, found: tuple[Any, dict[str, Any]], bounds: tuple[Any, dict[str, Any]]) -> None:
        self.value, self.grad = found
        self.bounds = bounds

    def __repr__(self) -> str:
        return f"Proven(value={self.value!r}, grad={self.grad!r}, bounds={self.bounds!r})"
