"""The program: `gradcli`, or `python -m gradcli`. Importing this module starts it: from here on Ctrl-C is its own.

At whatever moment Ctrl-C comes, the status is 130 and `gradcli: interrupted` the most that is printed. In the library
(`import gradcli`, and `main` of gradcli.commands.main) it stays Python's KeyboardInterrupt.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` loads enum: a fourth of --version's time
import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

# Does main run, which has files to clean up? Until then a process can end on the spot.
_begun = False


def _interrupted(number: int, frame: FrameType | None) -> None:
    """KeyboardInterrupt, but never inside an import: a compiled library that meets it in its initialisation crashes."""
    if not _begun:
        _end()
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _later()
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _end() -> None:
    try:
        os.write(2, b"gradcli: interrupted\n")
    finally:
        os._exit(130)


def _later() -> None:
    """The signal once more, in a moment."""
    import _thread
    import time

    program = _thread.get_ident()

    def again() -> None:
        time.sleep(0.01)
        if hasattr(_signal, "pthread_kill"):
            _signal.pthread_kill(program, _signal.SIGINT)  # it also ends what waits
        else:  # Windows
            _thread.interrupt_main()

    _thread.start_new_thread(again, ())


def _dropped(what: Any) -> None:
    """An error that Python can only print: in a finaliser or a callback. An interrupt is not lost there."""
    if what.exc_type is KeyboardInterrupt:
        _later()
    else:
        sys.__unraisablehook__(what)


# The collector would look through all that starts up, again and again, and find nothing.
gc.set_threshold(50_000)

# Not where SIGINT is ignored (nohup, a shell's background), and not in a worker process that imports the script again.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler and "__mp_main__" not in sys.modules:
    _signal.signal(_signal.SIGINT, _interrupted)
    sys.unraisablehook = _dropped

from gradcli.commands import exits  # noqa: E402
from gradcli.commands import main as edge  # noqa: E402


def main() -> int:
    """Run the program's command line and return the exit status; an interrupt after that is too late to count."""
    global _begun
    try:
        _begun = True
        status = edge.main()
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        _leave(status)
    except KeyboardInterrupt:  # a second one, or one after the answer
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        status = exits.INTERRUPTED
    return status


def _leave(status: int) -> None:
    """End at once where nothing waits for an orderly end: freeing each object is a sixth of the time of an answer."""
    if "threading" not in sys.modules and not atexit._ncallbacks():  # noqa: SLF001
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
