"""Memory that is used again: fresh pages cost up to half of the time of a light formula."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEPT = 256 * 2**20  # bytes of results that may stay in memory after their owner has let go of them; see keep_at_most
SMALLEST_KEPT = 2**20
ARENA_KEPT = 64 * 2**20
LINE = 64  # bytes

_results: list[Any] = []  # the latest results, in use or not
_arenas: list[Any] = []
_lock = Lock()


def keep_at_most(size: int) -> None:
    """Hold so many bytes from now on, for a run whose memory is bounded."""
    global KEPT
    KEPT = size


def _references(arrays: Sequence[Any], i: int) -> int:
    base = arrays[i]
    return sys.getrefcount(base)


_UNUSED = _references([np.empty(0)], 0)  # of an array to which the list alone refers: it has no view left


def fresh(length: int, dtype: Any) -> Any:
    """An array that nobody else sees. A long one begins at a cache line, in pages that another may have dropped."""
    size = dtype.itemsize * length
    if size < SMALLEST_KEPT:
        return np.empty(length, dtype)
    if size > KEPT - LINE:
        return _aligned(np.empty(size + LINE, np.uint8), size).view(dtype)
    with _lock:
        for i in range(len(_results)):  # enumerate would keep a reference of its own
            if size <= _results[i].nbytes - LINE <= 2 * size and _references(_results, i) == _UNUSED:
                _results.append(_results.pop(i))
                return _aligned(_results[-1], size).view(dtype)
        _results.append(np.empty(size + LINE, np.uint8))
        while sum(base.nbytes for base in _results) > KEPT:
            del _results[0]  # it is its owner's alone from now on
        return _aligned(_results[-1], size).view(dtype)


def _aligned(raw: Any, size: int) -> Any:
    """So many bytes of an array from the beginning of a cache line on: a third faster within the cache."""
    start = -raw.ctypes.data % LINE
    return raw[start : start + size]


@contextmanager
def borrowed(sizes: Sequence[int], block: int) -> Iterator[list[Any]]:
    """Byte arrays of a block each, for elements of these sizes; they are of this thread until the end."""
    starts, total = [], 0
    for size in sizes:
        starts.append(total)
        total += -(-size * block // LINE) * LINE
    try:
        arena = _arenas.pop()
    except IndexError:
        arena = np.empty(0, np.uint8)
    if arena.nbytes < total + LINE:
        arena = np.empty(total + LINE, np.uint8)
    room = _aligned(arena, total)
    try:
        yield [room[start : start + size * block] for start, size in zip(starts, sizes, strict=True)]
    finally:
        if arena.nbytes <= ARENA_KEPT:
            _arenas.append(arena)
