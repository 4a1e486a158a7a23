"""The child process in which sympy works: it may recurse, take for ever, or eat memory.

It reads a formula (nodes by name, the variables as numbers) and then points, and answers for
each point the value and every partial as soon as it has them, until its input ends. The time for
a point is the processor's, so that a busy machine changes no answer, and begins when sympy is there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

from gradcli.witness.pipe import receive, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

MEMORY = 2 << 30  # bytes
STACK = 512 << 20
LATE = 75  # the exit status where the time for a point is over and no signal says so
ABSENT = 76  # where there is no sympy
LATE_STATUSES = (LATE, -int(getattr(signal, "SIGPROF", LATE)))


def main() -> None:
    """Serve on standard input and output."""
    serve(_serve)


def serve(answers: Callable[[BinaryIO, BinaryIO, Callable[[float], Any]], None]) -> None:
    """Run this on standard input, standard output and a limit of time: within limits, and with room to recurse.

    Nothing else may print there.
    """
    replies = sys.stdout.buffer
    sys.stdout = sys.stderr
    limit_memory()
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(STACK)
    thread = threading.Thread(target=answers, args=(sys.stdin.buffer, replies, time_limit()))
    thread.start()
    thread.join()


def limit_memory() -> None:
    """Let this process have no more than that, where the system can be asked for it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS has the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def time_limit() -> Callable[[float], Any]:
    """Given seconds, this ends the process when they are used up, also in the middle of an instruction; 0: no limit."""
    if hasattr(signal, "setitimer"):
        return lambda seconds: signal.setitimer(signal.ITIMER_PROF, seconds)
    timer = threading.Timer(0, os._exit)

    def limit(seconds: float) -> None:
        nonlocal timer
        timer.cancel()
        if seconds:
            timer = threading.Timer(seconds, os._exit, (LATE,))
            timer.daemon = True
            timer.start()

    return limit


def _serve(requests: BinaryIO, replies: BinaryIO, limit: Callable[[float], Any]) -> None:
    task = receive(requests)
    try:
        from gradcli.witness.formula import Formula
    except ImportError:
        os._exit(ABSENT)
    formula: Formula | None = None
    loaded = time.process_time()
    while (request := receive(requests)) is not None:
        ticket, point, seconds = request
        limit(max(seconds, 1e-6))
        for k in range(len(task["wrt"]) + 1):
            try:
                formula = formula or Formula(task)
                answer: Any = formula.at(k, point)
            except Exception as error:
                answer = ("failed", reason(error))
            send(replies, (ticket, answer, time.process_time() - loaded))
        limit(0)


def reason(error: BaseException) -> str:
    """Why there is no answer, in words."""
    if isinstance(error, MemoryError):
        return "sympy needed more than 2 GB"
    if isinstance(error, RecursionError):
        return "sympy recursed too deeply"
    return "sympy cannot evaluate it here"
