"""The child process in which sympy works: it may recurse, take for ever, or eat memory.

It reads a formula (nodes by name, the variables as numbers) and then points, and answers for
each point the value and every partial as soon as it has them, until its input ends.
"""

from __future__ import annotations

import sys
import threading

from gradcli.witness.pipe import receive, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

MEMORY = 2 << 30  # bytes
STACK = 512 << 20


def main() -> None:
    """Serve on standard input and output. Nothing else may print there."""
    replies = sys.stdout.buffer
    sys.stdout = sys.stderr
    _limit_memory()
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(STACK)
    thread = threading.Thread(target=_serve, args=(sys.stdin.buffer, replies))
    thread.start()
    thread.join()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    task = receive(requests)
    from gradcli.witness.formula import Formula

    formula: Formula | None = None
    while (request := receive(requests)) is not None:
        ticket, point = request
        for k in range(len(task["wrt"]) + 1):
            try:
                formula = formula or Formula(task)
                answer: Any = formula.at(k, point)
            except Exception as error:
                answer = ("failed", _reason(error))
            send(replies, (ticket, answer))


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "sympy needed more than 2 GB"
    if isinstance(error, RecursionError):
        return "sympy recursed too deeply"
    return "sympy cannot evaluate it here"
