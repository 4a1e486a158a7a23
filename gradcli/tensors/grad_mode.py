"""Whether operations are recorded: `no_grad` and its kin, as context managers and as decorators."""

from __future__ import annotations

import functools
import inspect
import threading
from typing import Any


class _Mode(threading.local):
    recording = True
    inference = False


MODE = _Mode()


class _Switch:
    """Set the mode on entry, put it back on exit. One object may be entered again and again, also nested."""

    recording = True
    inference: bool | None = None  # None leaves it as it is
    _before: Any = None  # the mode at the last entry, and what was there before that

    def __enter__(self) -> None:
        self._before = MODE.recording, MODE.inference, self._before
        MODE.recording = self.recording
        if self.inference is not None:
            MODE.inference = self.inference

    def __exit__(self, *error: object) -> None:
        MODE.recording, MODE.inference, self._before = self._before

    def _again(self) -> _Switch:
        return type(self)()

    def __call__(self, function: Any) -> Any:
        if inspect.isgeneratorfunction(function):
            return self._generator(function)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return wrapped

    def _generator(self, function: Any) -> Any:
        """A generator whose steps run in the mode; between them the caller's mode holds."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                steps = function(*args, **kwargs)
            resume, value = steps.send, None
            while True:
                try:
                    with self._again():
                        found = resume(value)
                except StopIteration as end:
                    return end.value
                try:
                    resume, value = steps.send, (yield found)
                except GeneratorExit:
                    with self._again():
                        steps.close()
                    raise
                except BaseException as error:
                    resume, value = steps.throw, error

        return wrapped


class _Bare(_Switch):
    """A switch without arguments: `@no_grad` works as `@no_grad()` does."""

    def __new__(cls, function: Any = None) -> Any:
        switch = super().__new__(cls)
        return switch if function is None else switch(function)


class no_grad(_Bare):  # noqa: N801 - PyTorch's name
    """Operations within are not recorded: their results do not require grad."""

    recording = False


class enable_grad(_Bare):  # noqa: N801 - PyTorch's name
    """Operations within are recorded, also inside of `no_grad`."""

    recording = True


class inference_mode(_Switch):  # noqa: N801 - PyTorch's name
    """As `no_grad`, and what is made within can never be part of a recorded operation."""

    def __new__(cls, mode: Any = True) -> Any:
        switch = super().__new__(cls)
        if isinstance(mode, bool):
            return switch
        switch.__init__()  # type: ignore[misc]
        return switch(mode)

    def __init__(self, mode: Any = True) -> None:
        self.mode = mode
        self.recording, self.inference = not mode, bool(mode)

    def _again(self) -> _Switch:
        return type(self)(self.mode)


class set_grad_enabled(_Switch):  # noqa: N801 - PyTorch's name
    """`set_grad_enabled(False)` takes effect at once; as a context manager it is undone on exit."""

    def __init__(self, mode: bool) -> None:
        self.recording = bool(mode)
        self._first: tuple[bool, bool] | None = (MODE.recording, MODE.inference)
        MODE.recording = self.recording

    def __enter__(self) -> None:
        first, self._first = self._first, None
        super().__enter__()
        if first is not None:
            self._before = *first, self._before[2]

    def _again(self) -> _Switch:
        return set_grad_enabled(self.recording)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.recording})"

    def __call__(self, function: Any) -> Any:
        if self._first is not None:  # used as a decorator: the call decides, not this line
            MODE.recording, self._first = self._first[0], None
        return super().__call__(function)


def is_grad_enabled() -> bool:
    """Are operations recorded here?"""
    return MODE.recording


def is_inference_mode_enabled() -> bool:
    """Is this inside of `inference_mode`?"""
    return MODE.inference
