"""Pausing the garbage collector while millions of tuples are made that have no cycles."""

from __future__ import annotations

import gc


class Paused:
    """`with Paused():` the collector rests; it scans all live tuples again and again otherwise."""

    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            gc.enable()
