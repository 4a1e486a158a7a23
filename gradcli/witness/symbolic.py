"""The symbolic witness, seen from outside: sympy in a child process that can be stopped."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from gradcli.core.graph import NUMBER, VARIABLE
from gradcli.witness.pipe import receive, send
from gradcli.witness.worker import ABSENT, LATE_STATUSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.language.program import Program

# -P keeps modules of the user's directory out; the package need not be installed.
_START = "import sys; sys.path.append(sys.argv[1]); from gradcli.witness.worker import main; main()"
TOO_LONG = "sympy needed too long"
MISSING = "sympy cannot be loaded; pip install sympy"
# Beyond these sympy would not answer in time.
MOST_OPERATIONS = 20_000
TOO_LARGE = f"sympy is not asked about more than {MOST_OPERATIONS:,} operations"
# How long the child may take to load sympy, and how much longer than on an idle machine to answer.
PATIENCE = 60.0
SLOWDOWN = 10
LONGEST = 1e6  # seconds: what timers take on every system
# Of arrays on the way.
MOST_ELEMENTS = 100
TOO_MANY = f"sympy is not asked about more than {MOST_ELEMENTS:,} elements"
ROOT = str(Path(__file__).resolve().parents[2])


class Symbolic:
    """sympy's answers for one program, at one point after the other.

    `start` may be called long before the first `ask`: sympy loads meanwhile. used: the seconds of
    processor time that sympy has worked on points.
    """

    def __init__(self, program: Program, wrt: Sequence[str]) -> None:
        self._variables = program.variables
        self._task = task(program, wrt)
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._ticket = 0
        self._end = ""
        self._seconds = 0.0
        self._before = 0.0
        self.used = 0.0

    def start(self) -> None:
        """Start the child, unless it runs already."""
        if self._child is not None:
            return
        self._answers = queue.SimpleQueue()
        self._before = self.used
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
        )
        threading.Thread(target=_collect, args=(self._child, self._answers), daemon=True).start()
        self._send(self._task)

    def ask(self, point: Mapping[str, Any], seconds: float) -> None:
        """Begin with a point of finite floats and arrays of them; its answers come in the order value, partials.

        seconds: of processor time for all of them, from when sympy is loaded. Answers about the
        point before, if any are left, are forgotten.
        """
        self.start()
        self._ticket += 1
        self._seconds = min(seconds, LONGEST)
        self._send((self._ticket, [_ratios(point[name]) for name in self._variables], self._seconds))

    def answer(self) -> tuple:
        """The next answer, as `Formula.at` gives it, or ("failed", why) where the child is gone."""
        ticket, answer = 0, None
        while self._child is not None and ticket != self._ticket:
            try:
                message = self._answers.get(timeout=PATIENCE + SLOWDOWN * self._seconds)
            except queue.Empty:
                self._stop(TOO_LONG)
                break
            if message is None:
                status = self._child.wait()
                late = status in LATE_STATUSES
                self.used += self._seconds if late else 0.0
                self._stop(TOO_LONG if late else MISSING if status == ABSENT else "sympy broke down")
                break
            ticket, answer, used = message
            self.used = self._before + used
        return ("failed", self._end) if answer is None or ticket != self._ticket else answer

    def close(self) -> None:
        """Stop the child."""
        self._stop("sympy was stopped")

    def _stop(self, why: str) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        self._end = why
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):  # not all was written, and the reader is gone
                stream.close()  # type: ignore[union-attr]

    def _send(self, message: Any) -> None:
        with contextlib.suppress(OSError):  # where the child is gone its reader reports it
            send(self._child.stdin, message)  # type: ignore[union-attr, arg-type]


def surroundings() -> dict[str, str]:
    """The environment of a child: NumPy's threads would take the memory that it may have."""
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def _collect(child: subprocess.Popen[bytes], answers: queue.SimpleQueue[Any]) -> None:
    """Queue what the child says; None where it ends."""
    while True:
        try:
            message = receive(child.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError, EOFError):
            message = None
        answers.put(message)
        if message is None:
            return


def _ratios(x: Any) -> tuple:
    """A float as a fraction; an array as its shape and the fractions of its elements."""
    shape = getattr(x, "shape", ())
    return (shape, [float(v).as_integer_ratio() for v in x.flat]) if shape else float(x).as_integer_ratio()


def named(node: Node, number: Mapping[str, int]) -> tuple:
    """A node by the names of operations and the numbers of variables; a literal is its float64."""
    op, *rest = node
    return (op.name, *([number[rest[0]]] if op is VARIABLE else [rest[0], None] if op is NUMBER else rest))


def task(program: Program, wrt: Sequence[str]) -> dict[str, Any]:
    """The graph as written, without a word of the user's text."""
    number = {name: k for k, name in enumerate(program.variables)}
    return {
        "nodes": [named(node, number) for node in program.nodes],
        "output": program.results[0],
        "variables": len(number),
        "wrt": [number[name] for name in wrt],
    }
