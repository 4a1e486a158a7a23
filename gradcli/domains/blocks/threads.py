"""The threads that share the blocks of one run."""

from __future__ import annotations

import os
from typing import Any

from gradcli.cpu import cores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import ThreadPoolExecutor

_pool: tuple[int, ThreadPoolExecutor] | None = None


def shared(work: Callable[..., None], starts: Iterator[int], helpers: int, *job: Any) -> None:
    """Call work(starts, *job) here and on so many further threads; each takes starts until none is left."""
    if helpers < 1:
        work(starts, *job)
        return
    pending = [_threads().submit(work, starts, *job) for _ in range(helpers)]
    try:
        work(starts, *job)
    finally:
        for _ in starts:  # after an exception the others have nothing left to take
            pass
        for future in pending:
            if not future.cancel():  # it may wait behind another run
                future.result()


def _threads() -> ThreadPoolExecutor:
    """The pool of this process: threads do not survive a fork."""
    global _pool
    if _pool is None or _pool[0] != os.getpid():
        from concurrent.futures import ThreadPoolExecutor

        _pool = (os.getpid(), ThreadPoolExecutor(max(1, cores() - 1), thread_name_prefix="gradcli"))
    return _pool[1]
