"""An iterator that runs ahead in a thread of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")

DEPTH = 1  # finished items that wait; each is a chunk of memory
LEAVE = 5.0  # seconds for a thread to finish what it is at
PATIENCE = 0.2  # seconds after which a thread that waits looks whether it is still wanted


@contextmanager
def prefetched(items: Iterable[T], stopped: Event) -> Iterator[Iterator[T]]:
    """The items, made in a thread while the caller works on the one before; what it raises comes at its place.

    stopped: shared by the threads of a pipeline. On leaving it is set, and the thread waited
    for; one that waits for a slow standard input is left to itself.
    """
    queue: Queue[Any] = Queue(DEPTH)
    thread = Thread(target=_make, args=(items, queue, stopped), daemon=True)
    thread.start()
    try:
        yield _taken(queue, stopped)
    finally:
        stopped.set()
        thread.join(LEAVE)


def _make(items: Iterable[Any], queue: Queue[Any], stopped: Event) -> None:
    try:
        for item in items:
            if not _put(queue, (item, None), stopped):
                return
            del item  # its memory is the taker's alone
        _put(queue, (None, StopIteration()), stopped)
    except BaseException as error:
        _put(queue, (None, error), stopped)
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()


def _put(queue: Queue[Any], item: Any, stopped: Event) -> bool:
    while not stopped.is_set():
        try:
            queue.put(item, timeout=PATIENCE)
        except Full:
            continue
        return True
    return False


def _taken(queue: Queue[Any], stopped: Event) -> Iterator[Any]:
    while not stopped.is_set():
        try:
            item, error = queue.get(timeout=PATIENCE)
        except Empty:
            continue
        if isinstance(error, StopIteration):
            return
        if error is not None:
            raise error
        yield item
        del item
