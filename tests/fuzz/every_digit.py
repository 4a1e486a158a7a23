"""Is every printed digit true? Random programs against mpmath, on demand.

`PYTHONPATH=tests/ops python -m tests.fuzz.every_digit --programs 10000 --seed 1` computes each program at a point by
`grad`'s own way, and says which numbers are not the true ones, which floats lie outside their bound, how many alarms
are false, and how large bounds are against true errors.
"""

from __future__ import annotations

import argparse
import math
import sys
import warnings
from collections import Counter
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mpmath import mp, mpf

import gradcli
from gradcli.api.on_arrays import ARRAYS
from gradcli.api.on_floats import FLOATS
from gradcli.api.truth import ULPS, live_steps
from gradcli.domains.array_bounds import ArrayBounds
from gradcli.domains.error_bounds import ErrorBounds
from gradcli.domains.whole_bounds import size

from . import generator
from .mpmath_truth import Truth

if TYPE_CHECKING:
    from gradcli.api.function import Function

    from .programs import Point

HUGE = mpf(2) ** 1024 - mpf(2) ** 970
LEAST = mpf(2) ** -1075
# What the conventions decide, or no precision.
BY_RULE = frozenset(("undecided", "indeterminate", "kink", "jump", "boundary"))


class Number(NamedTuple):
    """A number of a program: printed and as plain float, its bound and whether that holds 8 ulp, and the truth."""

    printed: float
    plain: float
    bound: float
    holds: bool
    true: Any


class Tally:
    """What a run found: faults as lines, and the numbers that were judged."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.count: Counter[str] = Counter()
        self.ratios: list[float] = []

    def text(self) -> str:
        """The totals for a person."""
        numbers = self.count["numbers"] or 1
        share = 100 * self.count["false alarms"] / numbers
        lines = [f"{k} {n}" for k, n in sorted(self.count.items())]
        lines.append(f"false alarms {share:.1f} %, median bound/error {median(self.ratios or [1.0]):.2f}")
        return "\n".join([*lines, f"{len(self.faults)} faults", *self.faults])


def run(seed: int, programs: int, arrays: float, first: int = 0) -> Tally:
    """So many programs of a seed, each at one point."""
    tally = Tally()
    for k in range(first, first + programs):
        rng = Random(f"{seed}/{k}")
        if rng.random() < arrays:
            program, shapes = generator.array_program(rng)
        else:
            program, shapes = generator.scalar_program(rng), dict.fromkeys("xyz", ())
        at = generator.point(rng, shapes)
        if all(np.all(np.isfinite(v)) for v in at.values()):
            judge(program.text(), at, tally)
    return tally


def judge(text: str, point: Point, tally: Tally) -> None:
    """One program at one point."""
    f = gradcli.function(text)
    at = {x: np.asarray(point[x]) + 0.0 if np.ndim(point[x]) else float(point[x]) + 0.0 for x in f.variables}
    tally.count["programs"] += 1
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = f.true_at(at)
        except (gradcli.ExpressionError, ValueError):
            tally.count["refused"] += 1
            return
        if _has_signed_zero(f, at):  # of which mpmath knows nothing
            tally.count["with a -0"] += 1
            return
        kinds = {note.kind for note in found.notes}
        numbers = _numbers(f, at, found)
    escalated = not all(n.holds for n in numbers)
    for n in numbers:
        _count(n, kinds, escalated, f"{text!r} {_shown(at)}", tally)


def _has_signed_zero(f: Function, at: Point) -> bool:
    is_array = any(np.ndim(v) for v in at.values()) or f.program.whole
    values = f.compiled(False, ARRAYS if is_array else FLOATS).values(at)
    numbers = [v for v in values if isinstance(v, float | np.ndarray | np.generic)]
    return any(np.any((np.asarray(v) == 0) & np.signbit(v)) for v in numbers)


def _numbers(f: Function, at: Point, found: Any) -> list[Number]:
    """Every number of value and gradient that mpmath can tell."""
    truth = Truth(f.program, at)
    trues = [truth.value(), *[truth.slopes(x) for x in f.variables]]
    printed = [found.value, *[found.grad[x] for x in f.variables]]
    made = []
    for y, (plain, bound, holds), true in zip(printed, _bounds(f, at), trues, strict=True):
        y, plain, bound = (np.broadcast_to(v, np.shape(y)).ravel().tolist() for v in (y, plain, bound))
        true = [None] * len(y) if true is None else np.ravel(np.asarray(true, object)).tolist()
        for a, b, c, t in zip(y, plain, bound, true, strict=True):
            made.append(Number(a, b, c, holds or c == 0 or c <= ULPS * np.spacing(abs(b)), t))
    return made


def _bounds(f: Function, at: Point) -> list[tuple[Any, Any, bool]]:
    """Of each output the plain floats, their bounds, and whether these hold 8 ulp."""
    if not any(np.ndim(v) for v in at.values()) and not f.program.whole:
        compiled = f.compiled(True)
        values, graph = compiled.values(at), compiled.graph
        bounds = ErrorBounds(graph.nodes, values, live_steps(graph), sharp=True)
        return [(values[i], bounds.of(i), bounds.holds(i, ULPS)) for i in graph.outputs]
    compiled = f.compiled(True, ARRAYS)
    values = compiled.values({x: np.float64(v) if np.ndim(v) == 0 else v for x, v in at.items()})
    of_arrays = ArrayBounds(compiled.graph, values)
    outputs = compiled.graph.outputs
    return [(values[i], size(of_arrays.bounds[i]), of_arrays.holds(i, ULPS)) for i in outputs]


def _count(n: Number, kinds: set[str], escalated: bool, place: str, tally: Tally) -> None:
    if n.true is None or kinds & BY_RULE or n.printed != n.printed:
        tally.count["not judged"] += 1
        return
    with mp.workdps(200):
        tally.count["numbers"] += 1
        if not _is_true(n.printed, n.true, 1 if escalated else 8):
            tally.faults.append(f"wrong: {place}: {n.printed!r} is {_digits(n.true)}, notes {sorted(kinds)}")
        if n.plain - n.plain != 0 or abs(n.true) >= HUGE:
            return
        error = abs(n.true - n.plain)
        if n.bound < math.inf and error > n.bound * mpf("1.000000001") + 1e-19 * abs(n.true) + 5e-324:
            far = f"off by {_digits(error)}, bound {n.bound:g}"
            tally.faults.append(f"outside: {place}: {n.plain!r} for {_digits(n.true)}, {far}")
        is_off = error > 8 * math.ulp(n.plain) and error > 5e-324
        tally.count["off by more than 8 ulp"] += is_off
        tally.count["false alarms"] += not is_off and not n.holds
        if error:
            tally.ratios.append(float(n.bound / error))


def _is_true(y: float, true: Any, ulps: int) -> bool:
    if abs(true) >= HUGE:
        return abs(y) == math.inf and (y > 0) == (true > 0)
    if abs(true) < LEAST:
        return y == 0 or abs(y) <= 5e-324 * ulps
    return y - y == 0 and abs(true - y) <= ulps * math.ulp(y) * (1 + 1e-15)


def _digits(x: Any) -> str:
    return str(mp.nstr(x, 18))


def _shown(at: Point) -> str:
    return " ".join(f"{x}={np.asarray(v).tolist()!r}" for x, v in at.items())


def main() -> int:
    """Exit status 1 where a number is wrong or a float lies outside its bound."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.every_digit", description=__doc__)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--arrays", type=float, default=0.1, help="the share of programs on arrays")
    given = parser.parse_args()
    tally = run(given.seed, given.programs, given.arrays, given.first)
    print(tally.text())
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
