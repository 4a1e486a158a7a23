"""What `grad`, `eval`, `graph` and `check` share: the program, its points, and by what to differentiate."""

from __future__ import annotations

from gradcli.commands.inputs.points import Points, unknown
from gradcli.commands.inputs.sources import expression
from gradcli.commands.inputs.values import name_of
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS, parse
from gradcli.text import MANNER, tell_note
from gradcli.views.numbers import to_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.language.program import Program


class Problem:
    """program: the parsed text; points: as given, held against it; wrt, mixed: names, in order."""

    __slots__ = ("mixed", "points", "program", "wrt")

    def __init__(self, command: str, parameters: dict[str, Any], *, point_needed: bool = True) -> None:
        """Raises UsageError and ExpressionError; notes on the reading go to standard error."""
        text = expression(command, parameters)
        self.points = Points(parameters)
        given = names_of_wrt(parameters.get("wrt") or [])
        self.mixed = tuple(names_of_wrt([parameters.get("mixed") or ""], "--mixed")) if parameters.get("mixed") else ()
        limit = parameters["max_operations"] or MAX_OPERATIONS
        self.program = parse(text, bound=self.points.bound.union(given, self.mixed), max_operations=limit)
        for name in (*given, *self.mixed):
            if name not in self.program.variables:
                flag = "--wrt" if name in given else "--mixed"
                raise unknown(f"{flag} names {name}, which is not in the expression", name, self.program.variables)
        self.wrt = tuple(given) or self.program.variables
        if point_needed or self.points.any:
            self.points.for_program(self.program, [*given, *dict.fromkeys(self.mixed)])
        for note in self.points.notes:
            tell_note(f"note: {note}")
        tell_readings(self.program)


def tell_readings(program: Program) -> None:
    """Notes on readings of a text that its writer may not have meant."""
    if program.notes:
        from gradcli.views.notes import readings

        for reading in readings(program.notes, program.text):
            tell_note(reading)


def heard(evaluation: Evaluation, further: Iterable[Any] = ()) -> Evaluation:
    """The evaluation on its way out: remembered where it decides the exit status, without its notes where none are
    wanted. further: what is printed beside its value and partials."""
    MANNER.noted |= bool(evaluation.notes)
    if MANNER.strict and not MANNER.noted:
        numbers = [evaluation.value, *(evaluation.grad or {}).values(), evaluation.along, *further]
        numbers += (evaluation.condition or {}).values()
        numbers += [x for pair in (evaluation.named or {}).values() for x in pair]
        MANNER.noted = any("nan" in to_plain(x).lower() for x in numbers if x is not None)
    if MANNER.quiet:
        evaluation.notes, evaluation.more = [], 0
    return evaluation


def names_of_wrt(texts: list[str], flag: str = "--wrt") -> list[str]:
    """The names of `--wrt x,y`, or of `--mixed x,x,y`. Raises UsageError for one that is missing, or twice in --wrt."""
    names: list[str] = []
    for text in texts:
        for part in text.split(","):
            if not part.strip():
                raise UsageError(f"{flag}: a name is missing", f"write {flag} x,y")
            name = name_of(flag, part, f"write names with commas between: {flag} x,y")
            if name in names and flag == "--wrt":
                raise UsageError(f"--wrt names {name} twice", "name it once")
            names.append(name)
    return names


def only_one(parameters: dict[str, Any], *flags: str) -> None:
    """Raises UsageError where two options that exclude each other are given."""
    given = [flag for flag in flags if parameters.get(flag.removeprefix("--").replace("-", "_"))]
    if len(given) > 1:
        raise UsageError(f"{given[0]} and {given[1]} exclude each other", "leave one of them out")
