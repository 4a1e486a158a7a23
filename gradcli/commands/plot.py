"""`gradcli plot`: a picture of a formula, in the terminal or in a file."""

from __future__ import annotations

from gradcli.commands import exits
from gradcli.commands.inputs.values import constant, name_of
from gradcli.commands.problem import Problem
from gradcli.errors import UsageError
from gradcli.text import MANNER, shown, tell_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.plotting.figure import Figure

DOTS = 720  # across a picture in a file
ENDINGS = (".svg", ".png")


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli plot`: the exit status. Raises UsageError."""
    path = parameters["output"]
    if path is not None and not path.lower().endswith(ENDINGS):
        raise UsageError(f"-o {shown(path)}: the ending names no form", "write .svg or .png")
    problem = Problem(command, parameters, point_needed=False)
    ranges = problem.points.ranges
    if not ranges:
        name = problem.program.variables[0] if problem.program.variables else "x"
        raise UsageError("plot needs the range", f"add --range {shown(name)}=0:10")
    if len(ranges) > 1:
        raise UsageError(f"plot draws one variable, not {len(ranges)}", "fix the others: --at y=1")
    show(_curves(problem, _tangents(problem, parameters["tangent"]), _dots(path)), path)
    return exits.DONE


def _dots(path: str | None) -> int:
    """How many dots there are across the picture."""
    if path is not None:
        return DOTS
    from gradcli.views.plot import resolution
    from gradcli.views.screen import Screen

    return resolution(Screen())


def show(figure: Figure, path: str | None) -> None:
    """Draw the figure on the terminal or write it; what happens in it decides on the exit status of --strict."""
    MANNER.noted |= any(caption.kind for caption in figure.captions)
    if path is None:
        from gradcli.views.plot import show
        from gradcli.views.screen import Screen

        show(Screen(), figure)
        return
    from gradcli.views.output import deliver, deliver_bytes
    from gradcli.views.plotsvg import FONTS, svg

    text, width, height = svg(figure)
    if path.lower().endswith(".png"):
        from gradcli.pictures.png import png

        deliver_bytes(png(text, width, height, FONTS), path)
    else:
        deliver(text, path)
    for caption in figure.captions:
        tell_note(f"note: {caption.text}")


def _tangents(problem: Problem, texts: list[str]) -> list[float]:
    """Where `--tangent x=1.5` asks for one. Raises UsageError."""
    (name,) = problem.points.ranges[0].names
    found = []
    for text in texts:
        head, equals, rest = text.partition("=")
        given = name_of("--tangent", head, f"write --tangent {name}=1") if equals else name
        if given != name:
            raise UsageError(f"--tangent names {given}, and the curve is over {name}", f"write --tangent {name}=1")
        x = constant(f"--tangent {name}", rest if equals else text)[0]
        if x - x != 0:
            raise UsageError(f"--tangent {name}: {x} is not finite", "a tangent touches at a number")
        found.append(x)
    return found


def _curves(problem: Problem, tangents: list[float], dots: int) -> Figure:
    from gradcli.plotting.curves import curves

    ((name,), low, high) = ((r := problem.points.ranges[0]).names, r.low, r.high)
    figure, spoilt = curves(problem.program, name, low, high, list(problem.points.floats()), tangents, dots)
    if spoilt:
        tell_note("note: the picture shows rounding: float64 loses the digits, and there are too many points to mend")
    return figure
