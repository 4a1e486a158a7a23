"""What a worker of a cluster does: units of tables to parts of an output, parts to the output, units to sums.

A unit is some chunks of a table whose chunks are known beforehand, or a whole table of text; a table that is
alone in its output is one unit also where it is small, or where there are tables enough for all workers. Every task
may be run twice, as it is when its worker is lost: the second run finds what the first has finished.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from threading import Event
from typing import Any, TypeVar

from gradcli import __version__
from gradcli.batch.mapper import Mapped
from gradcli.batch.outcome import Outcome
from gradcli.batch.parts import Parts, PartTarget
from gradcli.batch.prefetch import prefetched
from gradcli.batch.query import Query
from gradcli.batch.run import Input, Run
from gradcli.batch.tally import Numbers
from gradcli.batch.target import Target, target_for
from gradcli.domains.compiled.engine import obstacle
from gradcli.errors import ExpressionError, UsageError
from gradcli.tables.chunk import Chunk
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location, reason

F = TypeVar("F", bound=Callable[..., Any])

CHUNKS = 8  # of a unit: fewer, and the scheduler would limit a large run
FAST = "install the same on all workers, and with this: pip install 'gradcli[fast]'"


@dataclass
class Work:
    """What all tasks on one output know.

    location, form, compression: of the output; None where only sums are wanted. inputs: how many; heads: those that
    stand for all of them in a Run, see `heads_of`; first: number of the first in the whole run. keep: the parts
    stay for a later run, and those that are there must be of the same; fresh: whatever there is is dropped; whole: a
    table alone in its output is one unit; threads: for the mapping; executor: for it, the same on all workers;
    obstacle: to compiled code where the command runs, of an audit, whose bounds may be compiled.
    """

    query: Query
    location: Location | None
    form: Format | None
    compression: str | None
    inputs: int
    heads: Sequence[Input]
    first: int
    keep: bool = False
    fresh: bool = False
    whole: bool = False
    threads: int | None = None
    executor: str = ""
    obstacle: str = ""
    version: str = __version__

    @property
    def written(self) -> Format:
        """The format of the output, where there is one."""
        assert self.form is not None
        return self.form


def heads_of(inputs: Sequence[Input]) -> list[Input]:
    """The first input, which gives the columns, and where there is one the first that is not of JSON lines."""
    first, *others = inputs
    return [first, *[x for x in others if first.form.lines and not x.form.lines][:1]]


@dataclass
class Done:
    """What became of a unit. units: how many its table has, told by its first; outcome: of a whole output, or None."""

    units: int
    rows: int
    outcome: Outcome | None


class UnitRun(Run):
    """A run over one unit of input k of the work: all of it where chunks are not known beforehand.

    Raises UsageError where this worker has another version, or no compiled code where the others have it.
    """

    def __init__(self, work: Work, table: Input, k: int, number: int) -> None:
        if work.version != __version__:
            message = f"the cluster runs gradcli {__version__}, this is {work.version}"
            raise UsageError(message, "install the same version on both")
        inputs = [*work.heads, table] if k else work.heads
        self._at = len(inputs) - 1 if k else 0
        self._chunk = number * CHUNKS
        if work.executor == "compiled" and obstacle():
            message = f"the formula is to be compiled, and on a worker of the cluster {obstacle()}"
            raise UsageError(message, FAST)
        if work.query.audit and bool(work.obstacle) != bool(obstacle()):
            who = (
                f"on a worker of the cluster {obstacle()}" if obstacle() else f"where the command runs {work.obstacle}"
            )
            raise UsageError(f"of the bounds of --audit some would be compiled and some not: {who}", FAST)
        options: dict[str, Any] = {"threads": work.threads, "executor": work.executor}
        super().__init__(work.query, inputs, work.form, first=work.first + k - self._at, **options)
        count = self._count() if number == 0 else None
        self.units = 1 if count is None else max(1, -(-count // CHUNKS))
        self._stop = None if number == 0 and count is None else self._chunk + CHUNKS

    def _count(self) -> int | None:
        """How many chunks the table has; None where it is one unit of unknown length."""
        if self.inputs[self._at].form.text:
            return None
        if self._at == 0 and self._opened is not None:
            return self._opened.count(self.wanted)
        with self.inputs[self._at].open() as source:
            return source.count(self.wanted)

    def whole(self) -> None:
        """Take all units of the table."""
        self._stop = None

    def _read(self, begin: int, chunk: int) -> Iterator[tuple[int, Chunk, Numbers, float]]:
        with self._source(self._at) as source:
            for found in source.chunks(self.wanted, max(self._chunk, chunk), self._stop):
                yield self._at, found, self.mapper.numbers(found, source), 0.0


class Failed:
    """What a task raised. It travels as a value: an exception is changed, logged, or lost by Dask."""

    def __init__(self, error: Exception) -> None:
        self._kind = type(error)
        self._arguments = error.args
        self._state = vars(error)

    def error(self) -> Exception:
        """The exception as it was raised."""
        found = self._kind.__new__(self._kind, *self._arguments)
        vars(found).update(self._state)
        return found


def _task(function: F) -> F:
    """The function, which never raises."""

    @wraps(function)
    def guarded(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (UsageError, ExpressionError) as error:
            return Failed(error)
        except OSError as error:
            location = arguments[0].location
            message = f"{location.label} cannot be written" if location is not None else "a table cannot be read"
            return Failed(UsageError(f"{message}: {reason(error)}"))
        except KeyboardInterrupt:
            return Failed(RuntimeError("the run was stopped"))
        except Exception as error:
            told = "".join(traceback.format_exception(error))
            return Failed(RuntimeError(f"{type(error).__name__} in a worker: {error}\n{told}"))

    return guarded  # type: ignore[return-value]


@_task
def unit(work: Work, table: Input, k: int, number: int) -> Done:
    """Write the part of this unit; of a table that is alone in its output, where it is to be one unit, the output."""
    assert work.location is not None
    run = UnitRun(work, table, k, number)
    units = run.units
    identity = run.identity(work.form, work.compression)
    if work.inputs == 1 and number == 0 and (units == 1 or work.whole):
        run.whole()
        added = len(run.mapper.results)
        target = target_for(work.location, work.written, work.compression, added, keep=work.keep, fresh=work.fresh)
        outcome = run.into(target, identity, _wanted)
        return Done(1, outcome.rows, outcome)
    parts = Parts(work.location)
    del identity["machine"]  # the machines of a cluster may differ
    name = _name(k, number)
    identity["unit"] = [work.first + k, k, number, CHUNKS]
    if parts.holds(name, identity, work.keep):
        return Done(units, 0, None)
    if number == 0:
        parts.make()
    part: Any = PartTarget(parts, name)
    outcome = run.into(part, identity, _wanted)
    return Done(units, outcome.rows, None)


@_task
def join(work: Work, units: Sequence[int], digest: str) -> Outcome:
    """Put the parts together in their order. units: of each input; digest: of all inputs."""
    assert work.location is not None
    run = Run(work.query, work.heads, work.form, first=work.first, executor="blocks")
    parts = Parts(work.location)
    identity = {**run.identity(work.form, work.compression), "input": digest, "machine": []}
    outcome = parts.outcome(identity)
    if outcome is None:
        added = len(run.mapper.results)
        target = target_for(parts.joined(), work.written, work.compression, added, keep=work.keep, fresh=False)
        outcome = _joined(target, identity, run, parts, units)
        parts.note(identity, outcome)
    parts.publish()
    return outcome


def _joined(target: Any, identity: dict[str, Any], run: Run, parts: Parts, units: Sequence[int]) -> Outcome:
    try:
        reached = target.begin(identity, run.empty)
        if reached.finished:
            return reached.outcome
        with prefetched(_left(parts, units, reached.input, reached.chunk), Event()) as left:
            for k, mapped in left:
                _wanted(0, 0, 0.0)
                target.append(k, mapped)
        target.finish()
    except BaseException:
        target.abandon()
        raise
    return reached.outcome


def _left(parts: Parts, units: Sequence[int], begin: int, first: int) -> Iterator[tuple[int, Mapped]]:
    """The chunks from number `first` of input `begin` on, each with the number of its input."""
    for k in range(begin, len(units)):
        for part in range(units[k]):
            if k == begin and units[k] > 1 and (part + 1) * CHUNKS <= first:
                continue
            for mapped in parts.chunks(_name(k, part)):
                if k > begin or mapped.index >= first:
                    yield k, mapped


@_task
def clear(work: Work) -> None:
    """Remove the parts of an output that is in its place."""
    assert work.location is not None
    Parts(work.location).clear()


@_task
def sums(work: Work, table: Input, k: int, number: int) -> Done:
    """The outcome of a unit, of which no row is written."""
    run = UnitRun(work, table, k, number)
    outcome = run.into(Target(), {}, _wanted)
    return Done(run.units, outcome.rows, outcome)


def _name(k: int, number: int) -> str:
    return f"{k:06d}-{number:06d}.arrows"


def _wanted(rows: int, number: int, fraction: float) -> None:
    """Raises KeyboardInterrupt where nobody waits for the task any more; called after every chunk."""
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    if task is None or task.state == "cancelled":
        raise KeyboardInterrupt
