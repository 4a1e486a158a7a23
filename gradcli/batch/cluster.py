"""A run on a Dask cluster: what is submitted when, and what becomes of it.

For each output, here a Job, the workers do these tasks of `worker`:

    unit     the first of each input, which tells how many there are: its rows go to a part beside the output
    unit     each further one of the input
    join     when no unit is left: the parts, in order, become the output. A unit that was all writes it by itself
    clear    the parts go

The driver holds no rows, and tasks for a few units at a time only (`client.run`), however large the data set is. What a
lost worker was at is submitted anew; a part that is there already is found. Sums need no parts: each unit's come here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from copy import copy
from typing import Any

from gradcli.batch.client import AHEAD, Backlog, Cluster, Task, cluster, run
from gradcli.batch.outcome import Outcome
from gradcli.batch.output import File, Output
from gradcli.batch.parts import Parts
from gradcli.batch.query import Query
from gradcli.batch.run import Input, Run
from gradcli.batch.worker import Done, Work, clear, heads_of, join, sums, unit
from gradcli.domains.compiled.engine import obstacle
from gradcli.errors import UsageError
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location

Bar = Callable[[int], AbstractContextManager[Callable[[int, int], None]]]  # of so many units


def write(query: Query, output: Output, workers: int | None, address: str | None, bar: Bar) -> Outcome:
    """Write all files of the output. Raises UsageError, ExpressionError, OSError.

    workers: processes of this machine; address: of a scheduler, where that is None; bar: of the units.
    """
    checked = _check(query, output.files[0].inputs, output.files[0].form)
    done = output.settled(query)
    if any(file.location is None for file in output.files):
        raise UsageError("a cluster writes files, not standard output", "-o FILE or -o FOLDER/ names them")
    jobs: list[Job] = []
    try:
        with cluster(workers, address) as found:
            output.make_folder()
            options: dict[str, Any] = {
                "keep": output.resume,
                "fresh": output.force,
                "whole": len(output.files) >= AHEAD * found.size,
                "threads": found.threads,
                "obstacle": obstacle() if query.audit else "",
            }
            for k, file in enumerate(output.files):
                options["executor"] = _executor(checked, file.inputs)
                jobs.append(Job(query, file, k, address is not None, options))
            outcome = _write(found, jobs, lambda number, told: output.record(output.files[number], query, told), bar)
            output.complete()
        return done.merge(outcome)
    except BaseException:
        if not output.resume:
            for job in jobs:
                job.drop()
        raise


def summed(query: Query, inputs: Sequence[Input], workers: int | None, address: str | None, bar: Bar) -> Outcome:
    """The sums of all rows, and what there is to tell of them. Raises UsageError, ExpressionError, OSError."""
    executor = _executor(_check(query, inputs, None), inputs)
    with cluster(workers, address) as found:
        if address is not None:
            inputs = [_absolute(x) for x in inputs]
        options: dict[str, Any] = {"threads": found.threads, "executor": executor}
        options["obstacle"] = obstacle() if query.audit else ""
        work = Work(query, None, None, None, len(inputs), heads_of(inputs), 0, **options)
        return _summed(found, work, inputs, bar)


def _executor(run: Run, inputs: Sequence[Input]) -> str:
    """What all workers run the formula with: blocks where the size of a table is not known."""
    found = run.executor_for(inputs) or "blocks"
    run.query.ran.add(found)
    return found


def _check(query: Query, inputs: Sequence[Input], form: Format | None) -> Run:
    """What is wrong with the formula or the first table is told before anything is started."""
    for x in inputs:
        if not x.location.seekable:
            message = f"{x.location.label} can be read only here and once, not by the workers of a cluster"
            raise UsageError(message, "put it in a file")
    return Run(query, inputs[:1], form)


class Job:
    """An output file under way. work: for its tasks; units: of each input, 0 where not known yet; left: of all."""

    def __init__(self, query: Query, file: File, number: int, shared: bool, options: dict[str, Any]) -> None:
        """shared: the workers are on other machines, where only a path from the root on means the same; options: of
        the Work."""
        assert file.location is not None
        self.number = number
        self._begun = False
        self._location = _from_root(file.location) if shared else file.location
        self.inputs = [_absolute(x) for x in file.inputs] if shared else file.inputs
        heads = heads_of(self.inputs)
        self.work = Work(
            query, self._location, file.form, file.compression, len(self.inputs), heads, file.first, **options
        )  # fmt: skip
        self.units = [0] * len(self.inputs)
        self.left = len(self.inputs)

    def tasks(self) -> Iterator[Task]:
        """The first unit of each input: it tells how many there are."""
        if self.work.fresh:
            Parts(self._location).clear()
        self._begun = True
        for k in range(len(self.inputs)):
            yield self._unit(k, 0)

    def done(self, task: Task, found: Done) -> Iterable[Task]:
        """What is to be done now that this unit is."""
        k, chunk = task.tag
        self.left -= 1
        if chunk == 0:
            self.units[k] = found.units
            self.left += found.units - 1
        if self.left:
            return (self._unit(k, more) for more in range(1, found.units if chunk == 0 else 0))
        if found.outcome is not None:
            self._begun = False
            return ()
        return [Task(join, (self.work, self.units, self._digest()), self.number)]

    def _unit(self, k: int, chunk: int) -> Task:
        return Task(unit, (self.work, self.inputs[k], k, chunk), self.number, tag=(k, chunk))

    def end(self) -> None:
        """The output is in its place, without anything beside it."""
        self._begun = False

    def drop(self) -> None:
        """Remove what there is of an output that is not finished."""
        if self._begun:
            with suppress(OSError):
                Parts(self._location).clear()

    def _digest(self) -> str:
        """Of all inputs; their list may be long."""
        return hashlib.sha256(json.dumps([x.known() for x in self.inputs]).encode()).hexdigest()


def _write(cluster: Cluster, jobs: Sequence[Job], record: Callable[[int, Outcome], None], bar: Bar) -> Outcome:
    """record: called with the number of each output that is done, and its outcome."""
    outcome = Outcome()
    backlog = Backlog(task for job in jobs for task in job.tasks())
    with bar(sum(len(job.inputs) for job in jobs)) as advance, closing(run(cluster, backlog)) as done:
        for task, found in done:
            job = jobs[task.number]
            if task.function is unit:
                advance(found.rows, found.units - 1 if task.tag[1] == 0 else 0)
                backlog.push(job.done(task, found))
                if found.outcome is not None:
                    record(task.number, found.outcome)
                    outcome = outcome.merge(found.outcome)
            elif task.function is join:
                record(task.number, found)
                outcome = outcome.merge(found)
                backlog.push([Task(clear, (job.work,), job.number)])
            else:
                job.end()
    return outcome


def _summed(cluster: Cluster, work: Work, inputs: Sequence[Input], bar: Bar) -> Outcome:
    """The outcomes are merged here: a unit of millions of rows gives a few hundred bytes."""
    total = Outcome()
    backlog = Backlog(task for k in range(len(inputs)) for task in _sums(work, inputs, k, range(1)))
    with bar(len(inputs)) as advance, closing(run(cluster, backlog)) as done:
        for task, found in done:
            k, number = task.tag
            more = range(1, found.units if number == 0 else 1)
            advance(found.rows, len(more))
            backlog.push(_sums(work, inputs, k, more))
            total = total.merge(found.outcome)
    return total


def _sums(work: Work, inputs: Sequence[Input], k: int, units: range) -> Iterator[Task]:
    return (Task(sums, (work, inputs[k], k, number), tag=(k, number)) for number in units)


def _absolute(x: Input) -> Input:
    found = copy(x)
    found.location = _from_root(x.location)
    return found


def _from_root(location: Location) -> Location:
    if location.local is None:
        return location
    path = os.path.abspath(location.local)
    return Location(location.label, path, path, None, location.size, location.stamp)
