"""What command lines would wait for, ready: sympy in processes that are forked, a Dask cluster in this one.

Only the start differs: the witness and `--simplify` speak to the `main` of their child through pipes, and `--workers`
and `--cluster` reach a scheduler and its workers through TCP.
"""

from __future__ import annotations

import contextlib
import importlib.util
import multiprocessing
import os
import subprocess
import sys
from multiprocessing import spawn
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

DASK = importlib.util.find_spec("distributed") is not None
PATIENCE = 0.3  # seconds for a scheduler that is not there


@contextlib.contextmanager
def sympy() -> Iterator[None]:
    """Children that ask sympy are forked from one process that has loaded it, where the system can fork."""
    from gradcli.witness import simplifier, simplify, symbolic, worker

    if "forkserver" not in multiprocessing.get_all_start_methods():
        yield
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, f"{__package__}.warm"])
    witness = mock.Mock(Popen=lambda *_, **__: Child(context, worker.main))
    whole = mock.Mock(
        run=lambda *_, **given: Child(context, simplifier.main).run(**given), TimeoutExpired=subprocess.TimeoutExpired
    )
    with (
        mock.patch.object(spawn, "get_preparation_data", return_value={"sys_path": sys.path}),  # no second __main__
        mock.patch.object(symbolic, "subprocess", witness),
        mock.patch.object(simplify, "subprocess", whole),
    ):
        yield


class Child:
    """As much of a `subprocess.Popen`, and of `subprocess.run`, as is asked for."""

    def __init__(self, context: Any, main: Callable[[], None]) -> None:
        (requests, stdin), (stdout, replies) = os.pipe(), os.pipe()
        ends = Connection(requests, writable=False), Connection(replies, readable=False)
        self._process = context.Process(target=_serve, args=(main, *ends), daemon=True)
        # Python before 3.13 gives the process that forks no path to what it is to load, and says nothing.
        with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
            self._process.start()
        for end in ends:
            end.close()
        self.stdin = os.fdopen(stdin, "wb")
        self.stdout = os.fdopen(stdout, "rb")
        self.kill = self._process.kill

    def run(self, input: bytes, **_: Any) -> mock.Mock:
        with contextlib.suppress(BrokenPipeError), self.stdin:
            self.stdin.write(input)
        with self.stdout:
            out = self.stdout.read()
        return mock.Mock(returncode=self.wait(), stdout=out)

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode


def _serve(main: Callable[[], None], requests: Connection, replies: Connection) -> None:
    with (
        open(os.devnull, "w") as errors,
        os.fdopen(requests.fileno()) as stdin,
        os.fdopen(replies.fileno(), "w") as stdout,
    ):
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, errors
        main()


@contextlib.contextmanager
def dask() -> Iterator[str]:
    """The address of a scheduler whose two workers are threads of this process; `--workers` gets the same."""
    from distributed import LocalCluster

    from gradcli.batch import client

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", host="localhost", memory_limit=0,
            dashboard_address="localhost:0", scheduler_kwargs={"dashboard": False},
        ) as cluster,
        mock.patch.object(client, "_local", return_value=cluster.scheduler_address),
        mock.patch.object(client, "PATIENCE", PATIENCE),
    ):  # fmt: skip
        # By this name a changed letter leads to no other machine.
        yield f"tcp://localhost:{cluster.scheduler.port}"
