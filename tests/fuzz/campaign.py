"""Many programs: generated, judged, shrunk and counted, in chunks that each have a seed of their own."""

from __future__ import annotations

import shlex
import warnings
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import generator
from .known import known
from .oracle import Failure, Trial
from .programs import Program, rows
from .shrinker import shrink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .programs import Point

CHUNK = 500
POINTS = 8


class Plan(NamedTuple):
    """What to run: executors, and the share of programs on arrays.

    shrunk: how many new failures a chunk shrinks; sampled: in one chunk of so many the first hit of each entry of
    the list of what is known is shrunk too, for a larger program may hide something new behind it.
    """

    seed: int
    executors: tuple[str, ...]
    arrays: float = 0.15
    shrunk: int = 12
    sampled: int = 10


class Report:
    """Totals of a run.

    seen: what was reached, by row (`row NAME`), kind of note and what was undecided; known: hits of each entry of
    the list; failures: the smallest programs of what is not on it.
    """

    def __init__(self) -> None:
        self.programs = 0
        self.seen: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self.failures: dict[str, Failure] = {}

    def add(self, other: Report) -> None:
        """Take in another run."""
        self.programs += other.programs
        self.seen += other.seen
        self.known += other.known
        for key, failure in other.failures.items():
            self.failures.setdefault(key, failure)

    def text(self) -> str:
        """The totals for a person."""
        lines = [f"{self.programs} programs"]
        reached = {k.removeprefix("row "): n for k, n in self.seen.items() if k.startswith("row ")}
        lines.append("rows: " + ", ".join(f"{k} {n}" for k, n in sorted(reached.items(), key=lambda p: -p[1])))
        rest = {k: n for k, n in self.seen.items() if not k.startswith("row ")}
        lines.append("reached: " + ", ".join(f"{k} {n}" for k, n in sorted(rest.items())))
        lines += [f"known, {n} times: {reason}" for reason, n in self.known.most_common()]
        lines.append(f"{len(self.failures)} new failures")
        for f in self.failures.values():
            lines += [f"  {f.kind} ({f.who}): {f.detail}", f"    {command(f)}"]
        return "\n".join(lines)


def command(failure: Failure) -> str:
    """The line of a shell that shows a failure again."""
    at = [f" --at {shlex.quote(f'{x}={np.asarray(v).tolist()!r}')}" for x, v in failure.point.items()]
    return f"python -m tests.fuzz --program {shlex.quote(failure.text)}{''.join(at)} --executors {failure.who}"


def needed(who: str) -> tuple[str, ...]:
    """The executors that a failure of one needs to show."""
    return ("floats", who) if who in ("map", "compiled", "tensors") else ("floats", "balls", "notes", who)


def judged(text: str, points: Sequence[Point], executors: Iterable[str], seen: Counter[str]) -> list[Failure]:
    """The failures of one program."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return Trial(text, points, tuple(executors), seen).found


def run_chunk(plan: Plan, chunk: int, count: int = CHUNK) -> Report:
    """So many programs from the seed of the plan and the number of the chunk."""
    rng = Random(f"{plan.seed}/{chunk}")
    report = Report()
    for _ in range(count):
        if rng.random() < plan.arrays:
            program, shapes = generator.array_program(rng)
        else:
            program, shapes = generator.scalar_program(rng), dict.fromkeys("xyz", ())
        points = [generator.point(rng, shapes) for _ in range(POINTS)]
        report.programs += 1
        report.seen.update(f"row {name}" for name in rows(program))
        for failure in {
            f.key: f for f in reversed(judged(program.text(), points, plan.executors, report.seen))
        }.values():
            entry = known(failure)
            if entry is not None:
                report.known[entry.reason] += 1
                if chunk % plan.sampled or report.known[entry.reason] > 1:
                    continue
            else:
                report.seen["failures"] += 1
            if len(report.failures) < plan.shrunk:
                small = smallest(program, failure)
                if known(small) is None:
                    report.failures.setdefault(f"{small.kind} {small.who} {small.text}", small)
    return report


def smallest(program: Program, failure: Failure) -> Failure:
    """The same failure of the smallest program."""
    last = [failure]
    is_known = known(failure) is not None

    def fails(smaller: Program, point: Point) -> bool:
        try:
            found = judged(smaller.text(), [point], needed(failure.who), Counter(points=5))
        except RecursionError:
            return False
        same = [f for f in found if f.key == failure.key and (is_known or known(f) is None)]
        if same:
            last[0] = same[0]
        return bool(same)

    shrink(program, failure.point, fails)
    return last[0]


def run(plan: Plan, chunks: Sequence[int], workers: int = 1, told: Any = None) -> Report:
    """All chunks, on so many processes; `told` is called with the report so far after each."""
    report = Report()
    if workers == 1:
        for chunk in chunks:
            report.add(run_chunk(plan, chunk))
            if told:
                told(report)
        return report
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    with ProcessPoolExecutor(workers, max_tasks_per_child=20) as pool:
        for part in pool.map(partial(run_chunk, plan), chunks):
            report.add(part)
            if told:
                told(report)
    return report
