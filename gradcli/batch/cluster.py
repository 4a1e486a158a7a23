"""A run on a Dask cluster: what is submitted when, and what becomes of it.

The driver holds no rows, and tasks for a few units at a time only, however large the data set is.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import closing, suppress
from copy import copy

from gradcli.batch.client import AHEAD, Plan, Step, cluster, result, run, units_done
from gradcli.batch.outcome import Outcome
from gradcli.batch.parts import Parts
from gradcli.batch.run import Run
from gradcli.batch.worker import Work, clear, join, merged, sums, told, unit
from gradcli.errors import UsageError
from gradcli.tables.locations import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from gradcli.batch.client import Cluster
    from gradcli.batch.output import File, Output
    from gradcli.batch.query import Query
    from gradcli.batch.run import Input
    from gradcli.batch.worker import Done
    from gradcli.tables.formats import Format

GROUP = 16  # outcomes that one task merges
LEVELS = 2  # of the tree of sums that are merged by tasks; what they give is merged here


def write(query: Query, output: Output, workers: int | None, address: str | None) -> Outcome:
    """Write all files of the output. Raises UsageError, ExpressionError, OSError.

    workers: processes of this machine; address: of a scheduler, where that is None.
    """
    _check(query, output.files[0].inputs, output.files[0].form)
    done = output.settled(query)
    jobs = [Job(file, k) for k, file in enumerate(output.files)]
    keep, fresh = output.resume, output.force
    try:
        with cluster(workers, address) as found:
            output.make_folder()
            whole = len(jobs) >= AHEAD * found.size
            for job in jobs:
                job.prepare(query, keep, fresh, whole=whole, threads=found.threads, shared=address is not None)
            outcome = _write(found, jobs, lambda number, told: output.record(output.files[number], query, told))
            output.complete()
        return done.merge(outcome)
    except BaseException:
        if not keep:
            for job in jobs:
                job.drop()
        raise


def summed(query: Query, inputs: Sequence[Input], workers: int | None, address: str | None) -> Outcome:
    """The sums of all rows, and what there is to tell of them. Raises UsageError, ExpressionError, OSError."""
    _check(query, inputs, None)
    with cluster(workers, address) as found:
        if address is not None:
            inputs = [_absolute(x) for x in inputs]
        return _summed(found, Work(query, None, None, None, inputs, 0, threads=found.threads), inputs)


def _check(query: Query, inputs: Sequence[Input], form: Format | None) -> None:
    """What is wrong with the formula or the first table is told before anything is started."""
    for x in inputs:
        if not x.place.seekable:
            message = f"{x.place.label} can be read only here and once, not by the workers of a cluster"
            raise UsageError(message, "put it in a file")
    Run(query, inputs[:1], form)


class Job:
    """An output file under way. work: for its tasks; units: of each input, 0 where not known yet; left: of all."""

    def __init__(self, file: File, number: int) -> None:
        """Raises UsageError."""
        if file.place is None:
            raise UsageError("a cluster writes files, not standard output", "-o FILE or -o FOLDER/ names them")
        self.number = number
        self._file = file
        self._place = file.place
        self._begun = False

    def prepare(self, query: Query, keep: bool, fresh: bool, *, whole: bool, threads: int, shared: bool) -> None:
        """whole: there are outputs enough for all workers; shared: these are on other machines, where only a path
        from the root on means the same.
        """
        file = self._file
        self.inputs = [_absolute(x) for x in file.inputs] if shared else file.inputs
        if shared:
            self._place = _from_root(self._place)
        self.work = Work(
            query, self._place, file.form, file.compression, self.inputs, file.first,
            keep=keep, fresh=fresh, whole=whole, threads=threads,
        )  # fmt: skip
        self.units = [0] * len(self.inputs)
        self.left = len(self.inputs)

    def steps(self) -> Iterator[Step]:
        """The first unit of each input: it tells how many there are."""
        if self.work.fresh:
            Parts(self._place).clear()
        self._begun = True
        for k in range(len(self.inputs)):
            yield self._unit(k, 0)

    def done(self, step: Step, found: Done) -> Iterable[Step]:
        """What is to be done now that this unit is."""
        k, chunk = step.tag
        self.left -= 1
        if chunk == 0:
            self.units[k] = found.units
            self.left += found.units - 1
        if self.left:
            return (self._unit(k, more) for more in range(1, found.units if chunk == 0 else 0))
        if found.outcome is not None:
            self._begun = False
            return ()
        return [Step(join, self.work, self.units, self._digest(), number=self.number)]

    def _unit(self, k: int, chunk: int) -> Step:
        return Step(unit, self.work, self.inputs[k], k, chunk, number=self.number, tag=(k, chunk))

    def end(self) -> None:
        """The output is in its place, without anything beside it."""
        self._begun = False

    def drop(self) -> None:
        """Remove what there is of an output that is not finished."""
        if self._begun:
            with suppress(OSError):
                Parts(self._place).clear()

    def _digest(self) -> str:
        """Of all inputs; their list may be long."""
        known = [[x.place.label, x.form.name, x.place.size, x.place.stamp] for x in self.inputs]
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def _write(cluster: Cluster, jobs: Sequence[Job], record: Callable[[int, Outcome], None]) -> Outcome:
    """record: called with the number of each output that is done, and its outcome."""
    outcome = Outcome()
    plan = Plan(step for job in jobs for step in job.steps())
    with units_done(sum(len(job.inputs) for job in jobs)) as progress, closing(run(cluster, plan, gather=True)) as done:
        for step, found in done:
            job = jobs[step.number]
            if step.function is unit:
                progress.more(found.units - 1 if step.tag[1] == 0 else 0)
                progress.advance(found.rows)
                plan.push(job.done(step, found))
                if found.outcome is not None:
                    record(step.number, found.outcome)
                    outcome = outcome.merge(found.outcome)
            elif step.function is join:
                record(step.number, found)
                outcome = outcome.merge(found)
                plan.push([Step(clear, job.work, number=job.number)])
            else:
                job.end()
    return outcome


def _summed(cluster: Cluster, work: Work, inputs: Sequence[Input]) -> Outcome:
    """Outcomes stay on the workers, and are merged there in groups, until few are left."""
    total = Outcome()
    held: list[list[Any]] = [[] for _ in range(LEVELS)]  # futures that wait to be merged, by their height in the tree
    plan = Plan(step for k, x in enumerate(inputs) for step in _sums(work, x, k, range(1)))
    with units_done(len(inputs)) as progress, closing(run(cluster, plan, gather=False)) as done:
        for step, future in done:
            if step.function is sums:
                plan.push([Step(told, future, tag=step.tag)])
                continue
            if step.function is told:
                k, chunk = step.tag
                found = result(future)
                progress.advance(found.rows)
                if chunk == 0:
                    progress.more(found.units - 1)
                    plan.push(_sums(work, inputs[k], k, range(1, found.units)))
                height, future = 0, step.arguments[0]
            else:
                height = step.tag
            if height == LEVELS:
                total = total.merge(result(future).outcome)
                continue
            held[height].append(future)
            if len(held[height]) == GROUP:
                plan.push([Step(merged, held[height], tag=height + 1)])
                held[height] = []
    left = [future for futures in held for future in futures]
    for _, found in run(cluster, Plan([Step(merged, left)]), gather=True):
        total = total.merge(found.outcome)
    return total


def _sums(work: Work, x: Input, k: int, units: range) -> Iterator[Step]:
    return (Step(sums, work, x, k, chunk, tag=(k, chunk)) for chunk in units)


def _absolute(x: Input) -> Input:
    found = copy(x)
    found.place = _from_root(x.place)
    return found


def _from_root(place: Place) -> Place:
    if place.local is None:
        return place
    path = os.path.abspath(place.local)
    return Place(place.label, path, path, None, place.size, place.stamp)
