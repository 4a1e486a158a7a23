"""The check: an answer held against sympy, against differences, and against exact arithmetic.

The verdict asks whether the rules are right: it compares our gradient graph, evaluated in
balls, with witnesses that do not know it. How many digits the float kept is a second thing,
and information only.
"""

from __future__ import annotations

import time

from gradcli.core.graph import reachable
from gradcli.faces.function import Function
from gradcli.witness.judge import Judge
from gradcli.witness.symbolic import MOST_OPERATIONS, TOO_LONG, Symbolic
from gradcli.witness.verdict import DISAGREES, NOT_CHECKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program

QUICK_OPERATIONS = 5_000
# Beyond these not even our own numbers in exact arithmetic would be there in time.
OPERATIONS_PER_SECOND = 20_000


class Row:
    """The check of one number.

    name: "value" or the variable; answer: the float; truth: our own formula in exact
    arithmetic, 30 digits; symbolic, numeric: what the witnesses say, 30 digits or a word,
    None where there is nothing; left, right: the slopes on the two sides where they differ;
    symbolic_digits, numeric_digits: on how many digits truth and witness agree, at most 30;
    kept: how many of its 16 digits the float kept; error: its relative error; verdict:
    "agrees", "disagrees", "kink" (our number lies between the slopes on the two sides) or
    "not checked", and then `why`.
    """

    __slots__ = (
        "answer", "error", "kept", "left", "name", "numeric", "numeric_digits", "right", "symbolic",
        "symbolic_digits", "truth", "verdict", "why",
    )  # fmt: skip

    def __init__(self, name: str, answer: float, why: str = "") -> None:
        self.name = name
        self.answer = answer
        self.truth: str | None = None
        self.symbolic: str | None = None
        self.numeric: str | None = None
        self.left: str | None = None
        self.right: str | None = None
        self.symbolic_digits: int | None = None
        self.numeric_digits: int | None = None
        self.kept: float | None = None
        self.error: float | None = None
        self.verdict = NOT_CHECKED
        self.why = why

    def __repr__(self) -> str:
        return f"Row({self.name!r}, {self.answer!r}, {self.verdict!r}, {self.why!r})"


class Check:
    """The check of one point: a row for the value and one for each partial.

    ok: no witness disagrees; checked: how many partials a witness could check; max_rel_error:
    the largest relative error of the floats, None where it is not known; why: why a partial
    was not checked, or "".
    """

    __slots__ = ("rows",)

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    @property
    def ok(self) -> bool:
        return all(row.verdict != DISAGREES for row in self.rows)

    @property
    def checked(self) -> int:
        return sum(row.verdict != NOT_CHECKED for row in self.rows[1:])

    @property
    def max_rel_error(self) -> float | None:
        return max((row.error for row in self.rows if row.error is not None), default=None)

    @property
    def why(self) -> str:
        return next((row.why for row in self.rows[1:] or self.rows if row.why), "")


def check(
    program: Program,
    point: Mapping[str, float],
    wrt: Sequence[str],
    answer: tuple[float, Mapping[str, float]],
    *,
    timeout: float,
    thorough: bool,
) -> Check:
    """Check one point. answer: value and partials by `wrt`; timeout in seconds.

    thorough: both witnesses; else sympy, and differences only where sympy does not settle it.
    """
    checker = Checker(program, wrt, thorough=thorough)
    try:
        return checker.check(point, answer, timeout=timeout)
    finally:
        checker.close()


class Checker:
    """Checks of one program at several points, with one child process.

    `start` may be called early, so that sympy loads while other work goes on; `close` ends it.
    """

    def __init__(self, program: Program, wrt: Sequence[str], *, thorough: bool) -> None:
        self._program = program
        self._wrt = tuple(wrt)
        self._thorough = thorough
        live = reachable(program.nodes, program.results)
        self._operations = sum(live[i] and not node[0].leaf for i, node in enumerate(program.nodes))
        self._symbolic: Symbolic | None = None
        self._graph: Graph | None = None
        self._value: Graph | None = None

    @property
    def used(self) -> float:
        """Seconds of processor time, of this process since it began and of sympy's once it was loaded."""
        return time.process_time() + (self._symbolic.used if self._symbolic is not None else 0.0)

    @property
    def thorough(self) -> bool:
        return self._thorough

    @property
    def too_long(self) -> str:
        """Why a quick check does not try this program, or ""."""
        return f"more than {QUICK_OPERATIONS:,} operations" if self._operations > QUICK_OPERATIONS else ""

    def start(self) -> None:
        """Start sympy, where it will be asked."""
        if self._operations <= (MOST_OPERATIONS if self._thorough else QUICK_OPERATIONS):
            self._symbolic = self._symbolic or Symbolic(self._program, self._wrt)
            self._symbolic.start()

    def close(self) -> None:
        if self._symbolic is not None:
            self._symbolic.close()

    def check(self, point: Mapping[str, float], answer: tuple[float, Mapping[str, float]], *, timeout: float) -> Check:
        """Check the floats of one point within so many seconds of processor time, here and for sympy."""
        deadline = time.process_time() + timeout
        value, partials = answer
        rows = [Row("value", value), *[Row(name, partials[name]) for name in self._wrt]]
        why = self._refusal(point, timeout)
        if not why:
            try:
                self._judge(rows, point, deadline, timeout)
            except TimeoutError:
                why = "time"
        for row in rows:
            if row.verdict == NOT_CHECKED and not row.why:
                row.why = why or "no witness can tell"
        return Check(rows)

    def _refusal(self, point: Mapping[str, float], timeout: float) -> str:
        """Why this is not even tried, or ""."""
        if len(self._program.results) > 1:
            return "several results"
        if any(x - x != 0 for x in point.values()):
            return "the point is not finite"
        if not self._thorough:
            return self.too_long
        most = int(OPERATIONS_PER_SECOND * timeout)
        return f"{timeout:.2g} s are too short for {self._operations:,} operations" if self._operations > most else ""

    def _judge(self, rows: list[Row], point: Mapping[str, float], deadline: float, timeout: float) -> None:
        self.start()
        # A quick check leaves some time to the other witness, which is faster than a lost sympy.
        patience = timeout if self._thorough else 0.75 * timeout
        if self._symbolic is not None:
            self._symbolic.ask(point, patience)
        judge = Judge(self._graphs(), self._wrt, point, self._symbolic, deadline)
        judge.judge(rows, self._thorough)
        for row in rows:
            if row.why == TOO_LONG:
                row.why = f"sympy needed more than {patience:.2g} s"

    def _graphs(self) -> tuple[Graph, Graph]:
        """The optimised graph of value and partials, and that of the value alone."""
        if self._graph is None or self._value is None:
            function = Function(self._program, self._wrt)
            self._graph, self._value = function.graph(), function.graph(gradient=False)
        return self._graph, self._value
