"""The evaluation of each point of a command, in the numbers that the options ask for."""

from __future__ import annotations

from itertools import islice

from gradcli.api.evaluation import Note
from gradcli.commands import exits
from gradcli.commands.problem import heard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.api.formula import Formula
    from gradcli.commands.inputs.points import Points
    from gradcli.commands.problem import Problem
    from gradcli.language.program import Program
    from gradcli.views.forms import Form
    from gradcli.views.notes import Notes

LOOKED_AT = 1000  # points of which the shapes are held against the formula before the first answer


def evaluations(
    problem: Problem, function: Formula, parameters: dict[str, Any], gradient: bool = True
) -> Iterator[Evaluation]:
    """Under `--digits` proven ones, under `--plain-floats` plain ones, else true ones."""
    points, digits = problem.points, parameters["digits"]
    if points.arrays and points.count > 1:
        _mind_shapes(points, function, gradient)
    if digits is not None:
        return (function.proven_at(point, digits, gradient) for point in points.texts())
    at = function.evaluate_at if parameters["plain_floats"] else function.true_at
    stream = (at(point, gradient) for point in points.floats())
    return _with_vanished(problem, stream) if points.vanished else stream


def _mind_shapes(points: Points, function: Formula, gradient: bool) -> None:
    """Run what differs in its shapes from the points before: a mistake is told before the first answer."""
    seen: set[Any] = set()
    for point in islice(points.floats(), LOOKED_AT):
        shapes = tuple([getattr(x, "shape", ()) for x in point.values()])
        if seen and shapes not in seen:
            function.evaluate_at(point, gradient)
        seen.add(shapes)


def show(
    problem: Problem, stream: Iterable[Any], form: Form, beside: Callable[[Any], Iterable[Any]] = lambda _: ()
) -> int:
    """Each evaluation in a form, and after them the notes for which it has no room: the exit status.

    beside: the numbers of an evaluation that are printed beside its value and its partials.
    """
    notes, no, first = None, problem.points.lost > 0, True
    if not form.inside:
        notes = notes_of(problem)
    for evaluation in stream:
        no |= is_undecided(evaluation)
        heard(evaluation, beside(evaluation))
        if notes is not None:
            notes.add(evaluation)
        if first:
            form.begin(evaluation)
            first = False
        form.point(evaluation)
    form.end()
    if notes is not None:
        notes.tell()
    return exits.NO if no else exits.DONE


def notes_of(problem: Problem) -> Notes:
    """The notes on the points of a problem, yet to be added."""
    from gradcli.views.notes import Notes

    return Notes(problem.program.text, problem.points.count > 1)


def is_undecided(evaluation: Evaluation) -> bool:
    """Is there a number that no precision decides?"""
    return any(note.kind == "undecided" for note in evaluation.notes)


def _with_vanished(problem: Problem, stream: Iterator[Evaluation]) -> Iterator[Evaluation]:
    """The evaluations, each with a note on values of `--at` that became 0."""
    program, vanished = problem.program, problem.points.vanished
    for evaluation in stream:
        gone = {x: text for x, text in vanished.items() if x in program.leaf and evaluation.at[x] == 0}
        told = [
            Note("underflow", "variable", program.span(program.leaf[x]), f"{x} = {text} is too small for float64: 0")
            for x, text in gone.items()
        ]
        # That something is infinite at 0 is nothing of a number that is not 0.
        lost = {program.leaf[x] for x in gone}
        others = [n for n in evaluation.notes if n.kind != "infinite" or not lost & _operands(program, n)]
        evaluation.notes = told + others
        yield evaluation


def _operands(program: Program, note: Note) -> set[int]:
    """Of what the operation of a note is one, by their ids."""
    return set(program.nodes[note.node][1:]) if note.node is not None else set()
