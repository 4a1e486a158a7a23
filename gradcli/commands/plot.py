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
    from gradcli.plotting.trace import Trace

DOTS = 720  # across a picture in a file
ENDINGS = (".svg", ".png")
NOT_OF_FITS = {"at": "--at", "tangent": "--tangent", "trace": "--trace", "file": "--file"}


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli plot`: the exit status. Raises UsageError."""
    path = parameters["output"]
    if path is not None and not path.lower().endswith(ENDINGS):
        raise UsageError(f"-o {shown(path)}: the ending names no form", "write .svg or .png")
    if parameters["fit"] is not None:
        show(_fit(parameters, _dots(path)), path)
        return exits.DONE
    trace = _trace(parameters["trace"])
    problem = Problem(command, _with_ranges(parameters, trace), point_needed=False)
    ranges = problem.points.ranges
    if not ranges:
        name = problem.program.variables[0] if problem.program.variables else "x"
        raise UsageError("plot needs the range", f"add --range {shown(name)}=0:10")
    if len(ranges) > 2:
        raise UsageError(f"plot draws one variable or two, not {len(ranges)}", "fix the others: --at y=1")
    draw = _surface if len(ranges) == 2 else _curves
    show(draw(problem, parameters["tangent"], trace, _dots(path)), path)
    return exits.DONE


def _with_ranges(parameters: dict[str, Any], trace: Trace | None) -> dict[str, Any]:
    """The parameters; where there is no range, with that of the path."""
    if trace is None or parameters["range"] or not 0 < len(trace.names) < 3:
        return parameters
    return {
        **parameters,
        "range": [f"{x}={low!r}:{high!r}" for x in sorted(trace.names) for low, high in [trace.range(x)]],
    }


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


def _touching(name: str, texts: list[str]) -> list[float]:
    """Where `--tangent x=1.5` asks for one. Raises UsageError."""
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


def _trace(path: str | None) -> Trace | None:
    if path is None:
        return None
    from gradcli.plotting.trace import Trace

    return Trace(path)


def _fit(parameters: dict[str, Any], dots: int) -> Figure:
    """What `--fit` draws. Raises UsageError for what does not go with it."""
    for name, flag in NOT_OF_FITS.items():
        if parameters[name]:
            raise UsageError(f"{flag} does not go with --fit", "leave one of them out")
    from gradcli.commands.plotfit import figure

    return figure(parameters["fit"], parameters["EXPR"], parameters["range"], dots)


def _curves(problem: Problem, tangents: list[str], trace: Trace | None, dots: int) -> Figure:
    from gradcli.plotting.curves import curves
    from gradcli.plotting.figure import Axis

    (given,) = problem.points.ranges
    axis = Axis(given.low, given.high, given.names[0])
    points = list(problem.points.floats())
    figure, spoilt = curves(problem.program, axis, points, _touching(axis.name, tangents), dots, trace)
    if spoilt:
        tell_note("note: the picture shows rounding: float64 loses the digits, and there are too many points to mend")
    return figure


def _surface(problem: Problem, tangents: list[str], trace: Trace | None, dots: int) -> Figure:
    from gradcli.plotting.figure import Axis
    from gradcli.plotting.surface import surface

    x, y = (Axis(given.low, given.high, given.names[0]) for given in problem.points.ranges)
    if tangents:
        raise UsageError("a tangent is that of a curve, and here are two variables", "leave --tangent out")
    if problem.points.count > 1:
        raise UsageError(f"contours are of one point of the others, not of {problem.points.count}", "give each once")
    return surface(problem.program, x, y, next(problem.points.floats()), dots, trace)
