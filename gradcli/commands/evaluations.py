"""The evaluation of each point of a command, in the numbers that the options ask for."""

from __future__ import annotations

from gradcli.api.evaluation import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.api.formula import Formula
    from gradcli.commands.problem import Problem


def evaluations(
    problem: Problem, function: Formula, parameters: dict[str, Any], gradient: bool = True
) -> Iterator[Evaluation]:
    """Under `--digits` proven ones, under `--plain-floats` plain ones, else true ones."""
    points, digits = problem.points, parameters["digits"]
    if digits is not None:
        return (function.proven_at(point, digits, gradient) for point in points.texts())
    at = function.evaluate_at if parameters["plain_floats"] else function.true_at
    stream = (at(point, gradient) for point in points.floats())
    return _with_vanished(problem, stream) if points.vanished else stream


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
        others = [
            n for n in evaluation.notes if n.kind != "infinite" or program.text[slice(*n.at)] not in _calls(n, gone)
        ]
        evaluation.notes = told + others
        yield evaluation


def _calls(note: Note, names: Iterable[str]) -> list[str]:
    return [text for x in names for text in (f"{note.op}({x})", f"1/{x}", f"1 / {x}")]
