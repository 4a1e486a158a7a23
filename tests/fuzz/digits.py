"""The executor of `--digits`: its numbers and its notes against differences of the formula as typed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb, ctx

from gradcli.core.ops import by_name

from . import exact
from .exact import same
from .slopes import FLAT, SEEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from .oracle import Trial

DIGITS = 25
STRIDE = 6  # one point in so many: a hundred times the work of floats


def judge(trial: Trial) -> None:
    """The point under a precision in digits, now and then."""
    trial.seen["points"] += 1
    if trial.seen["points"] % STRIDE:
        return
    f, point = trial.function, trial.point
    try:
        found = f.proven_at({x: repr(v) for x, v in point.items()}, DIGITS)
    except ValueError as error:
        trial.fail("crash", "digits", f"{type(error).__name__}: {error}".partition("\n")[0])
        return
    except Exception as error:
        trial.fail("crash", "digits", f"{type(error).__name__}: {error}".partition("\n")[0])
        return
    kinds = {note.kind for note in found.notes}
    graph = trial.graph(False)
    if any(node[0] is by_name("detach") for node in graph.nodes) or found.value == "NaN":
        return
    at = {x: Fraction(repr(float(v))) for x, v in point.items()}
    for name in f.variables:
        sides = exact.Sides(graph, at, (name, ()), arrays=False, decimals=True)
        left, right = sides.slopes(graph.outputs[0])
        if sides.jumps(graph.outputs[0]):
            far = _far(graph, at, name)
            if not kinds and far.jumps(graph.outputs[0]) and not _explains(found.grad[name], far):
                trial.fail("jump missed", "digits", f"the result jumps at this {name}")
        elif left is not None and right is not None:
            _slopes(trial, name, found.grad[name], (left, right), found.notes, lambda n=name: _far(graph, at, n))
            if not same(left, right) and not kinds and _stay((left, right), _far(graph, at, name), graph.outputs[0]):
                trial.fail("kink missed", "digits", f"{name}: {_short(left)} on the left, {_short(right)} on the right")


def _slopes(
    trial: Trial, name: str, said: str, sides: tuple[arb, arb], notes: list[Any], far: Callable[[], exact.Sides]
) -> None:
    """Where both sides agree: the partial is that slope or noted, and a kink is not."""
    left, right = sides
    output = trial.graph(False).outputs[0]
    if not same(left, right):
        return
    with ctx.workprec(exact.PRECISION):
        number = None if said in ("NaN", "Infinity", "-Infinity") else arb(said)
    is_right = number is not None and bool(abs(number - left) <= abs(left) * 1e-8 + FLAT or (number - left).contains(0))
    lies = is_right and len(trial.function.variables) == 1 and any(map(_is_kink, notes))
    if (lies or not (is_right or notes)) and not _is_smooth(far(), output, left):
        return
    if lies:
        trial.fail("note lies", "digits", f"a kink note, and the slope by {name} is {_short(left)} on both sides")
    if not is_right and not notes:
        trial.fail("slope", "digits", f"{name}: {said}, and {_short(left)} on both sides, without a note")


def _is_kink(note: Any) -> bool:
    """Does a note tell of a kink, with slopes that are known and that differences can tell apart?"""
    pairs = [(note.left[x], note.right[x]) for x in note.left or ()]
    known = all(u == u and v == v and (u == v or abs(u - v) >= SEEN) for u, v in pairs)
    return note.kind == "kink" and known


def _is_smooth(sides: exact.Sides, output: int, slope: arb) -> bool:
    """Do both sides agree on this slope a much smaller step away, too?"""
    return not sides.jumps(output) and all(v is not None and same(v, slope) for v in sides.slopes(output))


def _far(graph: Any, at: dict[str, Fraction], name: str) -> exact.Sides:
    return exact.Sides(graph, at, (name, ()), arrays=False, decimals=True, far=True)


def _stay(slopes: tuple[arb, arb], far: exact.Sides, output: int) -> bool:
    """Are the slopes on the two sides the same a much smaller step away, so that no curvature makes them?"""
    return all(v is not None and same(u, v) for u, v in zip(slopes, far.slopes(output), strict=True))


def _explains(said: str, far: exact.Sides) -> bool:
    """Is a slope so steep that the result changes as much over the step: zeta at -800, by 1e1338?"""
    with ctx.workprec(exact.PRECISION):
        return said not in ("NaN", "Infinity", "-Infinity") and bool(abs(arb(said)) * far.h > 2.0**-21)


def _short(x: arb) -> str:
    return x.str(8, radius=False)
