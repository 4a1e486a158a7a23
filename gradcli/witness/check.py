"""The check: an answer held against sympy, against differences, and against exact arithmetic.

The verdict asks whether the rules are right: it compares our gradient graph, evaluated in
balls, with witnesses that do not know it. How many digits the float kept is a second thing,
and information only.
"""

from __future__ import annotations

import math
import time

from gradcli.api.function import Function
from gradcli.core.graph import reachable
from gradcli.domains.digits import MOST_ELEMENTS, elements
from gradcli.domains.domain import UndecidedError
from gradcli.witness.judge import UNDECIDED, Judge, Special
from gradcli.witness.result import Check, Row
from gradcli.witness.symbolic import MOST_ELEMENTS as MOST_SYMBOLS
from gradcli.witness.symbolic import MOST_OPERATIONS, TOO_LARGE, TOO_LONG, TOO_MANY, Symbolic
from gradcli.witness.verdict import NOT_CHECKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program

QUICK_OPERATIONS = 5_000
# Beyond these not even our own numbers in exact arithmetic would be there in time.
OPERATIONS_PER_SECOND = 20_000


def check(
    program: Program,
    point: Mapping[str, Any],
    wrt: Sequence[str],
    answer: tuple[float, Mapping[str, Any]],
    *,
    timeout: float,
    thorough: bool,
) -> Check:
    """Check one point. answer: value and partials by `wrt`; timeout in seconds.

    thorough: both witnesses; else sympy, and differences only where sympy does not settle it.

    >>> from gradcli.language.parser import parse
    >>> found = check(parse("x**2"), {"x": 3.0}, ["x"], (9.0, {"x": 6.0}), timeout=60.0, thorough=False)
    >>> found.ok, found.max_rel_error
    (True, 0.0)
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
        self._function = Function(program, wrt)
        self._graphs: dict[bool, tuple[Graph, Graph]] = {}

    @property
    def used(self) -> float:
        """Seconds of processor time, of this process since it began and of sympy's once it was loaded."""
        return time.process_time() + (self._symbolic.used if self._symbolic is not None else 0.0)

    @property
    def thorough(self) -> bool:
        """Are both witnesses asked?"""
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
        """End the child process."""
        if self._symbolic is not None:
            self._symbolic.close()

    def check(
        self,
        point: Mapping[str, Any],
        answer: tuple[float, Mapping[str, Any]],
        floats: tuple[float, Mapping[str, Any]] | None = None,
        *,
        timeout: float,
    ) -> Check:
        """Check the numbers of one point within so many seconds of processor time, here and for sympy.

        By an array one random direction is checked, and single partials where that disagrees. floats: what plain
        floats give, if it is they that are to be told how many digits they kept.
        """
        deadline = time.process_time() + timeout
        value, partials = answer
        plain, slopes = floats or (None, {})
        rows = [Row("value", value, floats=plain)]
        rows += [Row(name, partials[name], floats=slopes.get(name)) for name in self._wrt]
        why = self._refusal(point, timeout)
        if not why:
            try:
                self._judge(rows, point, deadline, timeout)
            except TimeoutError:
                why = "time"
            except UndecidedError:
                why = UNDECIDED
        for row in rows:
            if row.verdict == NOT_CHECKED and not row.why:
                row.why = why or "no witness can tell"
        return Check(rows)

    def _refusal(self, point: Mapping[str, Any], timeout: float) -> str:
        """Why this is not even tried, or ""."""
        if len(self._program.results) > 1:
            return "several results"
        if not all(math.isfinite(e) for x in point.values() for e in elements(x)):
            return "the point is not finite"
        size = self._function.size_at(point)
        if size > MOST_ELEMENTS:
            return f"more than {MOST_ELEMENTS:,} elements"
        if not self._thorough and self.too_long:
            return self.too_long
        most, work = int(OPERATIONS_PER_SECOND * timeout), self._operations * size
        if work <= most or (size == 1 and not self._thorough):
            return ""
        return f"{timeout:.2g} s are too short for {work:,} operations"

    def _judge(self, rows: list[Row], point: Mapping[str, Any], deadline: float, timeout: float) -> None:
        arrays = self._function.needs_arrays(point)
        # A quick check leaves some time to the other witness, which is faster than a lost sympy.
        patience = timeout if self._thorough else 0.75 * timeout
        symbolic: Symbolic | str = TOO_MANY
        if self._function.size_at(point) <= MOST_SYMBOLS:
            self.start()
            symbolic = self._symbolic or TOO_LARGE
        if isinstance(symbolic, Symbolic):
            symbolic.ask(point, patience)
        if arrays not in self._graphs:
            self._graphs[arrays] = self._function.optimised(arrays=arrays), self._function.optimised(False, arrays)
        graphs = self._graphs[arrays]
        special = Special(graphs[1], point, self._function.evaluate_at(point).notes if arrays else None)
        judge = Judge(graphs, point, symbolic, deadline, special)
        judge.judge(rows, self._thorough)
        for row in rows:
            if row.why == TOO_LONG:
                row.why = f"sympy needed more than {patience:.2g} s"
