"""The way to a Dask cluster: one of this machine's processes, or one that a scheduler's address names."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from gradcli import __version__
from gradcli.batch.worker import Failed
from gradcli.cpu import cores
from gradcli.errors import UsageError
from gradcli.text import tell, tell_note

PATIENCE = 10.0  # seconds for the scheduler to answer
LEAVE = 30.0  # seconds for tasks to notice that nobody waits for them
AHEAD = 4  # tasks a thread of the workers that are submitted at a time
LEAST = 16  # at least so many in all
LOOK = 5.0  # seconds after which the workers are counted anew
AGAIN = 3  # times that a task is submitted anew after it was lost
FAILURES = 10  # workers that may die of a task before it is given up


class Cluster:
    """client: Dask's; threads: with how many a task is to map; name: what the keys of this run's tasks begin with."""

    def __init__(self, client: Any, threads: int) -> None:
        self.client = client
        self.threads = threads
        self.name = f"gradcli-{uuid.uuid4().hex[:12]}"
        self._room = LEAST
        self._looked = 0.0
        self._keys = 0

    def key(self, task: Task) -> str:
        """A new one."""
        self._keys += 1
        return f"{self.name}-{task.function.__name__}-{self._keys}"

    @property
    def room(self) -> int:
        """How many tasks may be under way; workers may come and go."""
        now = time.monotonic()
        if now - self._looked > LOOK:
            self._room = max(LEAST, AHEAD * self.size)
            self._looked = now
        return self._room

    @property
    def size(self) -> int:
        """How many tasks the workers run at a time."""
        return sum(self.client.nthreads().values())

    def quiet(self) -> None:
        """Wait until no worker runs a task of this run any more."""
        name = self.name
        end = time.monotonic() + LEAVE

        def running(dask_worker: Any) -> bool:
            tasks = dask_worker.state.tasks.values()
            return any(task.state in ("executing", "cancelled") and task.key.startswith(name) for task in tasks)

        while time.monotonic() < end and any(self.client.run(running, on_error="ignore").values()):
            time.sleep(0.05)


@contextmanager
def cluster(workers: int | None, address: str | None) -> Iterator[Cluster]:
    """A cluster to work on. Raises UsageError.

    workers: how many processes of this machine, with one task at a time each; address: of a scheduler that is there.
    """
    try:
        import distributed
    except ImportError:
        message = "--workers and --cluster need dask.distributed, which is not installed"
        raise UsageError(message, "pip install 'gradcli[cluster]'") from None
    local = client = None
    with _quiet(), TemporaryDirectory(prefix="gradcli-", ignore_cleanup_errors=True) as folder:
        try:
            if address is None:
                local = _local(workers or 1, folder)
                client = distributed.Client(local, set_as_default=False)
            else:
                client = _reached(address)
            _check(client, address)
            if sys.stderr.isatty() and client.dashboard_link:
                tell(f"dashboard: {client.dashboard_link}")
            yield Cluster(client, max(1, cores() // workers) if workers else 1)
        finally:
            with _uninterrupted():
                for held in (client, local):
                    if held is not None:
                        with suppress(Exception):
                            held.close(timeout=5)


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask neither logs nor warns: what went wrong is told once, and by us."""
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    known += ["tornado.application", "asyncio"]  # which tell what Dask's loops meet
    loggers = [logging.getLogger(name) for name in known]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _local(workers: int, folder: str) -> Any:
    """folder: for what Dask leaves on disk."""
    import dask
    from distributed import LocalCluster

    settings = {"distributed.scheduler.allowed-failures": FAILURES, "temporary-directory": folder}
    with _uninterrupted(), dask.config.set(settings):
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            local_directory=folder,
            memory_limit=0,  # a task bounds what it takes by itself
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": sys.stderr.isatty()},
            silence_logs=logging.CRITICAL,
        )


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started in it leave Ctrl-C to this one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _reached(address: str) -> Any:
    from distributed import Client
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        # A client that is made with a bad address would hang at exit.
        scheme, rest = parse_address(address)
        get_backend(scheme)
        parse_host_port(rest)
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError, ImportError) as error:
        why = "" if isinstance(error, (OSError, TimeoutError)) else f": {str(error).partition(chr(10))[0]}"
        message = f"the scheduler {address} is not reached{why or f' within {PATIENCE:g} s'}"
        raise UsageError(message, "dask scheduler starts one, and prints its address") from None


def _check(client: Any, address: str | None) -> None:
    """Have the workers that are there this gradcli? Those that come later are asked with their tasks."""
    try:
        # A lambda travels as it is, where the name of a function would need gradcli to be there.
        found = client.run(lambda: __import__("gradcli").__version__)
    except ModuleNotFoundError as error:
        message = f"the workers of {address} lack {error.name}"
        raise UsageError(message, f"install gradcli {__version__} with its extra data there") from None
    for worker, version in found.items():
        if version != __version__:
            message = f"the worker {worker} has gradcli {version}, this is {__version__}"
            raise UsageError(message, "install the same version on both")
    if not found and address is not None:
        tell_note(f"note: the cluster {address} has no workers yet")


@dataclass
class Task:
    """A task to be submitted.

    number: of its output, the lower the earlier; tag: what the caller wants to know of it later; lost:
    how often it was.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    number: int = 0
    tag: Any = None
    lost: int = 0


class Backlog:
    """Steps in the order in which they are best begun: what is begun is finished before other things begin."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = [iter(tasks)]

    def push(self, tasks: Iterable[Task]) -> None:
        """These come first."""
        self._tasks.append(iter(tasks))

    def next(self) -> Task | None:
        """The task that is best begun now; None where there is none."""
        while self._tasks:
            task = next(self._tasks[-1], None)
            if task is not None:
                return task
            self._tasks.pop()
        return None


def run(cluster: Cluster, backlog: Backlog) -> Generator[tuple[Task, Any], None, None]:
    """Run the tasks, only so many at a time; each with its result, as it is finished.

    The caller may push further tasks to the backlog. When this ends early, the tasks that are under way are cancelled.
    Raises what a task raises.
    """
    from distributed import as_completed

    client = cluster.client
    finished = as_completed(loop=client.loop, with_results=True, raise_errors=False)
    under_way: dict[str, tuple[Any, Task]] = {}
    try:
        while True:
            while len(under_way) < cluster.room and (task := backlog.next()) is not None:
                key = cluster.key(task)
                future = client.submit(task.function, *task.arguments, key=key, priority=-task.number, pure=False)
                under_way[key] = future, task
                finished.add(future)
            if not under_way:
                return
            future, value = next(finished)
            _, task = under_way.pop(future.key)
            try:
                value = _result(future, value)
            except LostError:
                if task.lost == AGAIN or client.status != "running":
                    raise
                task.lost += 1
                backlog.push([task])
                continue
            yield task, value
    except BaseException:
        if client.status == "running":
            with suppress(Exception):
                client.cancel([future for future, _ in under_way.values()], force=True)
                cluster.quiet()
        raise


class LostError(UsageError):
    """Workers, or the scheduler, were lost with the task."""


def _result(future: Any, value: Any) -> Any:
    """What a task gave. Raises what it raised; LostError where workers or the scheduler were lost."""
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    cure = "--resume goes on where it stopped"
    try:
        if future.status in ("cancelled", "lost"):
            raise CancelledError
        if future.status != "finished":
            value = future.result()
    except KilledWorker:
        message = "one worker after the other died with the same task; it may lack memory"
        raise LostError(message, cure) from None
    except (CancelledError, CommClosedError):
        raise LostError("the scheduler of the cluster is gone", cure) from None
    except ModuleNotFoundError as error:
        message = f"a worker of the cluster lacks {error.name}"
        raise UsageError(message, f"install gradcli {__version__} with its extra data there") from None
    if isinstance(value, Failed):
        raise value.error()
    return value
