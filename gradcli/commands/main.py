"""The edge of the program: what a command raises becomes a message and an exit status here, and nowhere else."""

from __future__ import annotations

import os
import sys

from gradcli.commands import exits
from gradcli.commands.declared import NO_COLOR, VERSION
from gradcli.errors import ExpressionError, UsageError
from gradcli.text import MANNER, shortened, speaks_utf8, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Packages that are not called as what they install.
_PACKAGES = {"flint": "python-flint"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (by default the program's own) and return the exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        try:
            _prepare_streams()
            _prepare_manner(words)
            status = _run(words)
            sys.stdout.flush()
        except Exception as error:
            if isinstance(error, BrokenPipeError):
                raise
            status = _report(error, debug="--debug" in words[1:])
        return status
    except BrokenPipeError:
        _drop_output()
        return exits.CLOSED_PIPE
    except KeyboardInterrupt:
        _drop_output()  # else the rest waits at the exit for a reader that may be gone
        tell("gradcli: interrupted")
        return exits.INTERRUPTED
    finally:
        MANNER.begin()  # who runs several command lines begins each anew


def _run(words: list[str]) -> int:
    if not words:
        from gradcli.commands.short_help import print_short_help

        return print_short_help()
    if words[0] in (VERSION.flag, VERSION.short):
        from gradcli import __version__

        print(f"gradcli {__version__}")
        return exits.DONE
    from gradcli.commands.reader import read

    known = read(words)
    if known is None:
        return exits.DONE
    command, parameters = known
    MANNER.quiet, MANNER.strict = bool(parameters.get("quiet")), bool(parameters.get("strict"))
    module = __import__(f"gradcli.commands.{command.module}", fromlist=("run",))
    status = int(module.run(command.name, parameters))
    return exits.NO if status == exits.DONE and MANNER.strict and MANNER.noted else status


def _report(error: Exception, debug: bool) -> int:
    """Say what went wrong, on standard error; the exit status."""
    if debug:
        import traceback

        tell("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, (UsageError, ExpressionError)):
        tell(f"gradcli: {error}")
        return exits.USAGE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        tell(f"gradcli: {where}{error.strerror or error}")
        _drop_output()
        return exits.USAGE
    if isinstance(error, ModuleNotFoundError) and error.name:
        missing = error.name.partition(".")[0]
        if missing != "gradcli":
            tell(
                f"gradcli: this needs {missing}, which is not installed\npip install {_PACKAGES.get(missing, missing)}"
            )
            return exits.USAGE
    if isinstance(error, MemoryError):
        tell("gradcli: not enough memory for this input")
        return exits.USAGE
    what = shortened(" ".join(f"{type(error).__name__}: {error}".split()), 200)
    tell(f"gradcli: internal error: {what}")
    tell("This is a fault of gradcli. Please report it on the project's page, with the command line,")
    tell("what gradcli --version says, and what --debug added to the command line shows.")
    return exits.FAULT


def _prepare_streams() -> None:
    """Streams that take any text, so that no name of a variable can stop an answer."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        raise UsageError("standard output is closed")
    if not speaks_utf8(sys.stdout):
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _prepare_manner(words: list[str]) -> None:
    """Colours for standard error are loaded only where rich would show them."""
    MANNER.colourless = NO_COLOR.flag in words
    if sys.stderr.isatty() or os.environ.get("FORCE_COLOR"):
        from gradcli.views.marks import painted

        MANNER.painted = painted


def _drop_output() -> None:
    """Let what cannot be written any more go nowhere, also at the interpreter's exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # a stream without a file, as in a test
