"""Pausing the garbage collector while millions of tuples are made that have no cycles."""

from __future__ import annotations

import gc

MANY = 100_000


class Paused:
    """`with Paused():` the collector rests; it scans all live tuples again and again otherwise.

    Many that were made meanwhile go to the oldest generation unread, because they have no cycles.
    """

    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            if gc.get_count()[0] > MANY and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
