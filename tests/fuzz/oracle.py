"""What is wrong with a program: floats, notes, map and balls held against each other and against differences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flint import arb, ctx

import gradcli
from gradcli.domains.array_tape import ArrayTape
from gradcli.domains.balls import evaluate
from gradcli.domains.float_tape import Tape
from gradcli.errors import ExpressionError, UsageError

from . import exact
from .rounding import enclosure
from .whole import UndecidedError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from gradcli.api.evaluation import Evaluation, Note
    from gradcli.api.function import Function
    from gradcli.core.graph import Graph

    from .programs import Point

ALLOWED = (ExpressionError, UsageError)  # errors that tell a user what to mend
EXECUTORS = ("floats", "map", "compiled", "balls", "notes", "digits", "tensors")
JUDGED = 2  # at so many points a program is judged by everything, at the others map is held against floats
# A number this near to the truth is not looked at further.
NEAR = 2.0**-47
SLOPE_NEAR = 2.0**-42  # exp and its kin turn the rounding of a large argument into so much
DIGITS = 25
EDGES = {"infinite", "domain", "overflow", "underflow", "indeterminate", "undecided"}


class Failure(NamedTuple):
    """kind: what is wrong, one word; who: the executor; point: where; detail: a line for a person."""

    kind: str
    who: str
    text: str
    point: Point
    detail: str

    @property
    def key(self) -> tuple[str, str]:
        """What a smaller program has to fail with to be the same failure."""
        return self.kind, self.who


class Trial:
    """One program at some points. `found` are its failures; `seen` counts what was reached and what was undecided."""

    def __init__(self, text: str, points: Sequence[Point], executors: Sequence[str], seen: Counter[str]) -> None:
        self.text = text
        self.executors = executors
        self.seen = seen
        self.found: list[Failure] = []
        self.point: Point = {}
        f = self._guarded("floats", lambda: gradcli.function(text))
        if f is None:
            return
        self.points = [{x: p[x] for x in f.variables} for p in points]
        self.function: Function = f
        self.program = f.program
        self._graphs: dict[bool, Graph] = {}
        self.arrays = f.program.whole or any(np.ndim(v) for p in self.points for v in p.values())
        for point in self.points[:JUDGED]:
            self.point = point
            self._at_point()
        for who, names in (("map", ()), ("compiled", ("compiled",))):
            if who in executors and not self.arrays and f.variables:
                self._on_map(who, names)
        if "tensors" in executors:
            from .tensors import judge

            judge(self)

    def graph(self, gradient: bool) -> Graph:
        """The graph of the value, and with gradient of the partials after it."""
        if gradient not in self._graphs:
            program = self.program
            wrt = [program.leaf[x] for x in self.function.variables] if gradient else []
            self._graphs[gradient] = exact.graph_of(program.nodes, program.results[0], wrt, self.arrays)
        return self._graphs[gradient]

    def values(self, graph: Graph) -> list[Any]:
        """The floats of all nodes of a graph at the point."""
        return (ArrayTape if self.arrays else Tape)(graph).run(self.point)[: len(graph.nodes)]

    # -- running

    def fail(self, kind: str, who: str, detail: str) -> None:
        """Write a failure down."""
        self.found.append(Failure(kind, who, self.text, self.point, detail))

    def _guarded(self, who: str, call: Any) -> Any:
        """The answer of a call; None where it was refused with a cure, or crashed."""
        try:
            return call()
        except ALLOWED:
            self.seen["refused"] += 1
        except Exception as error:
            self.fail("crash", who, f"{type(error).__name__}: {error}".partition("\n")[0])
        return None

    def _at_point(self) -> None:
        f, point = self.function, self.point
        value = self._guarded("floats", lambda: f(**point)) if self.arrays else 0.0
        if value is None or np.ndim(value):
            return
        try:
            found = f.value_and_grad(**point)
        except ALLOWED as error:
            self.fail("no gradient", "floats", f"the value is {value}: {error}".partition("\n")[0])
            return
        except Exception as error:
            self.fail("crash", "floats", f"{type(error).__name__}: {error}".partition("\n")[0])
            return
        evaluation = self._guarded("notes", lambda: f.evaluate(**point)) if "notes" in self.executors else None
        if "balls" in self.executors:
            with ctx.workprec(exact.PRECISION):
                Truth(self, found, evaluation).judge()
        if "digits" in self.executors and not self.arrays and all(math.isfinite(v) for v in point.values()):
            from .digits import judge

            judge(self)

    def _on_map(self, who: str, names: Sequence[str]) -> None:
        f = self.function
        columns = {x: np.array([p[x] for p in self.points]) for x in f.variables}
        found = self._guarded(who, lambda: f.map(*names, **columns))
        if found is None:
            return
        for k, point in enumerate(self.points):
            self.point = point
            value, grad = f.value_and_grad(**point)
            theirs = [found[0][k], *[found[1][x][k] for x in f.variables]]
            ours = [value, *[grad[x] for x in f.variables]]
            if not all(map(is_near, theirs, ours)):
                self.against(who, theirs, ours)

    def against(self, who: str, theirs: Sequence[Any], ours: Sequence[Any]) -> None:
        """Another executor's numbers at the point: ours, or within what rounding may do."""
        try:
            at = exact.exactly(self.point)
            allowed = enclosure(self.program, self.function.variables, at, self.arrays)
        except UndecidedError:
            self.seen["undecided"] += 1
            return
        for name, a, b, ball in zip(("value", *self.function.variables), theirs, ours, allowed, strict=False):
            for x, y, within in zip(flat(a), flat(b), flat(ball, np.size(a)), strict=True):
                near = NEAR if name == "value" else SLOPE_NEAR
                if not is_near(x, y) and is_settled(within) and not _lies(x, within, near):
                    self.fail("number", who, f"{name}: {x!r}, floats {y!r}, rounding gives {_shown(within)}")


class Truth:
    """The numbers and notes of floats at one point, against balls and differences."""

    def __init__(self, trial: Trial, found: tuple[float, dict[str, Any]], evaluation: Evaluation | None) -> None:
        self.trial = trial
        self.value, self.grad = found
        self.notes: list[Note] | None = None if evaluation is None else evaluation.notes
        self.kinds = {note.kind for note in self.notes or ()}
        self.f = trial.function
        self.at = exact.exactly(trial.point)
        self._enclosure: list[Any] | None = None

    def judge(self) -> None:
        trial = self.trial
        for kind in self.kinds:
            trial.seen["note " + kind] += 1
        self._silence()
        self._left_out()
        try:
            self.graph = trial.graph(True)
            self.values = exact.run(self.graph.nodes, self.at, trial.arrays)
            self._numbers()
            if self._is_finite():
                self._slopes()
        except UndecidedError:
            trial.seen["undecided"] += 1

    def _is_finite(self) -> bool:
        v = self.values[self.graph.outputs[0]]
        return isinstance(v, arb) and v.is_finite() and all(np.isfinite(x).all() for x in self.trial.point.values())

    def _silence(self) -> None:
        """A number that is not finite, from a point that is, has a note."""
        if self.notes is None or self.notes or _odd_text(self.trial.text):
            return
        if all(np.isfinite(v).all() for v in self.trial.point.values()):
            odd = [x for x, v in (("value", self.value), *self.grad.items()) if not np.isfinite(v).all()]
            if odd:
                self.trial.fail("silence", "notes", f"{odd[0]} is not finite, and no note")

    def _left_out(self) -> None:
        """What may be NaN or any number without a change of the value has the slope 0: no choice takes it."""
        if not self.trial.arrays or self.value - self.value != 0:
            return
        for x in self.f.variables:
            for e, slope in enumerate(flat(self.grad[x])):
                if slope - slope != 0 and all(self._with(x, e, v) == self.value for v in (math.nan, 0.3, -1.7)):
                    self.trial.fail(
                        "choice", "floats", f"{x}: element {e} counts for nothing, and its slope is {slope}"
                    )

    def _with(self, x: str, e: int, value: float) -> Any:
        """The value with another number in the place of an element of a variable."""
        changed = np.array(self.trial.point[x], dtype=np.float64)
        changed.flat[e] = value
        return self.f(**{**self.trial.point, x: changed if changed.ndim else float(changed)})

    def _numbers(self) -> None:
        """The value and the partials of floats against those of the same graph in balls."""
        truths = exact.outputs(self.graph, self.values)
        value = truths[0]
        if isinstance(value, arb) and value.is_nan():
            truths = truths[:1]
        names = ("value", *self.f.variables)
        ours = [self.value, *[self.grad[x] for x in self.f.variables]]
        for k, (name, x, truth) in enumerate(zip(names, ours, truths, strict=False)):
            for e, (a, b) in enumerate(zip(flat(x), flat(truth, np.size(x)), strict=True)):
                if not is_known(b):
                    self.trial.seen["undecided numbers"] += 1
                elif (
                    not _is_near(a, b)
                    and not (k and self._cancels(a, b))
                    and not self._signed_zero()
                    and not self._allows(k, e, a, b)
                ):
                    self.trial.fail("number", "floats", f"{name}: {a!r}, in truth {_shown(b)}{self._with_notes()}")

    def _cancels(self, x: float, truth: arb) -> bool:
        """Is a slope 0 in truth, and but for the rounding of its terms in floats, or a sum of larger ones?"""
        size = max([abs(v) for g in self.grad.values() for v in flat(g) if v - v == 0], default=0.0)
        if self.trial.arrays and abs(truth - x) <= 1e-13 * size:
            return True  # broadcasting sums
        if abs(truth - x) <= 1e-305:
            return True  # products of numbers below 2**-1022
        size = max(size, 1.0)
        return truth.contains(0) and truth.abs_upper() < 1e-60 and abs(x) <= 1e-12 * size

    def _signed_zero(self) -> bool:
        """Is there a -0, which balls lack? Where it decides floats follow IEEE."""
        for v in (*self.trial.values(self.graph), *self.trial.point.values()):
            if isinstance(v, (float, np.ndarray)) and (np.equal(v, 0) & np.signbit(v)).any():
                self.trial.seen["signed zeros"] += 1
                return True
        return False

    def _with_notes(self) -> str:
        return f", notes: {', '.join(sorted(self.kinds))}" if self.kinds else ""

    def _allows(self, k: int, e: int, x: float, truth: arb) -> bool:
        """Is a number of floats what rounding makes of the truth, or is it noted?"""
        lost = self._lost()
        is_small = truth.is_finite() and x - x == 0 and abs(truth - x) < abs(truth) * 2.0**-20
        is_noted = self.notes is None or self.kinds & {"underflow", "overflow", "cancellation", "undecided"}
        # Rounding alone may take a step, and is told as that, whatever was lost to 0 below.
        is_noted = is_noted or ("jump" in self.kinds and self._is_rounding(k, e, x))
        if " is 0 " in lost and not is_small and not is_noted:
            self.trial.fail("underflow", "notes", f"{lost}{self._with_notes()}")
        if lost or self.kinds & {"overflow", "underflow", "indeterminate"}:
            return True
        if x - x != 0 and not truth.is_nan() and (self.notes is None or self.kinds & EDGES):
            return True
        return self._is_rounding(k, e, x)

    def _is_rounding(self, k: int, e: int, x: float) -> bool:
        within = self.within(k, e)
        return not is_settled(within) or _lies(x, within, SLOPE_NEAR if k else NEAR)

    def within(self, k: int, e: int) -> arb:
        """What rounding may make of an element of an output."""
        if self._enclosure is None:
            self._enclosure = enclosure(self.f.program, self.f.variables, self.at, self.trial.arrays)
        size = 1 if k == 0 else np.size(self.grad[self.f.variables[k - 1]])
        return flat(self._enclosure[k], size)[e]

    def _lost(self) -> str:
        """An operation of the text that is 0, or has lost digits below 2**-1022, in floats and not in truth."""
        graph = self.trial.graph(False)
        floats = self.trial.values(graph)
        if self.trial.arrays:
            numbers = [abs(v) for v in (*floats, *self.trial.point.values()) if isinstance(v, np.ndarray | float)]
            small = any(np.any(np.less(v, 1e-307) & np.greater(v, 0)) for v in numbers)
            return "a number below 2**-1022 has few digits" if small else ""
        lost = ""
        for node, x, truth in zip(graph.nodes, floats, exact.run(graph.nodes, self.at, False), strict=True):
            if abs(x) < 1e-307 and truth.is_finite() and abs(truth) < 1e-307 and not (truth - x).contains(0):
                told = f"in floats and {_shown(truth)} in truth"
                if x == 0 and not self._is_zero_of_floats(node, floats):
                    return f"{node[0].name} is 0 {told}"
                lost = f"{node[0].name} is rounded to {x + 0.0:g} {told}"
        return lost

    def _is_zero_of_floats(self, node: Any, floats: list[Any]) -> bool:
        """Is 0 what an operation gives of its operands in floats, which were rounded before?"""
        return node[0].leaf is False and evaluate(node[0], [arb(floats[k]) for k in node[1:]]).contains(0)

    # -- slopes

    def _slopes(self) -> None:
        from .slopes import Slopes

        Slopes(self).judge()


def flat(x: Any, size: int = 1) -> list[Any]:
    """The numbers of an array in a row; one number as often as it is asked for."""
    if isinstance(x, np.ndarray) and x.ndim:
        return list(np.broadcast_to(x, x.shape).ravel()) if x.size >= size else [x.ravel()[0]] * size
    return [x] * size


def is_known(x: Any) -> bool:
    """Is a ball settled well enough to judge a float by?"""
    return isinstance(x, arb) and bool(
        x.is_nan() or x.is_exact() or x.rel_accuracy_bits() > 60 or (x.is_finite() and x.abs_upper() < 1e-60)
    )


def is_settled(x: Any) -> bool:
    """Does an enclosure say anything?"""
    return isinstance(x, arb) and bool(x.is_nan() or x.is_exact() or x.is_finite())


def is_near(x: Any, y: Any) -> bool:
    """Are two floats, or arrays of them, next to each other?"""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    with np.errstate(all="ignore"):
        return bool(np.all((x == y) | ((x != x) & (y != y)) | (abs(x - y) <= NEAR * abs(y))))


def _is_near(x: float, truth: arb) -> bool:
    """Is a float next to the true number?"""
    if truth.is_nan() or x != x:
        return bool(truth.is_nan() and x != x)
    if x - x != 0 or not truth.is_finite():
        return bool(truth == x or (abs(truth) > exact.MOST and (truth > 0) == (x > 0) and x - x != 0))
    return bool(abs(truth - x) <= abs(truth) * NEAR + exact.TINY)


def _lies(x: float, within: arb, near: float = NEAR) -> bool:
    """May a float be one of these numbers, each rounded by a few units?"""
    if within.is_nan() or x != x:
        return bool(within.is_nan() and x != x)
    if x - x != 0:
        return bool(within == x or not within.abs_upper() < 1e308)
    return bool(
        within.is_finite() and (within + arb(0, (within.abs_upper() * near + 8 * exact.TINY).upper())).contains(x)
    )


def _odd_text(text: str) -> bool:
    return "inf" in text or "nan" in text or "e400" in text


def _shown(x: arb) -> str:
    return x.str(17, radius=not x.is_exact() and bool(x.rel_accuracy_bits() < 50))
