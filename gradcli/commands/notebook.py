"""`%load_ext gradcli`: the command line in a notebook, as `%gradcli grad "x**2" --at x=2` and `%%gradcli --at x=2`.

The protocol: https://ipython.readthedocs.io/en/stable/config/extensions/index.html. IPython itself is loaded to show
pictures alone, and by then it is there.
"""

from __future__ import annotations

import io
import shlex
import sys
from contextlib import redirect_stdout

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.main import main
from gradcli.text import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext gradcli` calls."""
    shell.register_magic_function(run, magic_kind="line_cell", magic_name="gradcli")


def run(line: str, cell: str | None = None) -> None:
    """A command line, of which a cell is the formula or program: then the command is `grad` if none is named."""
    try:
        words = shlex.split(line)
    except ValueError:
        tell("gradcli: a quotation mark is without its partner\nwrite the formula in quotes, or in a %%gradcli cell")
        return
    output = _Output(sys.stdout)
    with redirect_stdout(output):
        main(words if cell is None else _with_program(words, cell))
    output.show()


def _with_program(words: list[str], cell: str) -> list[str]:
    command, rest = (words[0], words[1:]) if words and words[0] in COMMANDS else ("grad", words)
    return [command, *rest, "--", cell] if cell.startswith("--") else [command, cell, *rest]


class _Output(io.TextIOBase):
    """Standard output of a cell: texts go on as they come, pictures are kept to be shown as such.

    It has no file descriptor, because what a command does to its own at a closed pipe is not for IPython's.
    """

    encoding = "utf-8"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._svg: list[str] = []
        self.buffer = io.BytesIO()

    def write(self, text: str) -> int:
        if self._svg or text.startswith("<svg "):
            self._svg.append(text)
            return len(text)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def show(self) -> None:
        """The pictures."""
        if not (self._svg or self.buffer.getvalue()):
            return
        from IPython.display import SVG, Image, display

        display(SVG("".join(self._svg)) if self._svg else Image(self.buffer.getvalue(), format="png"))
