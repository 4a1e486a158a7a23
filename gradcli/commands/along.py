"""`grad --along x=1,y=2`: the directional derivative beside the partials."""

from __future__ import annotations

import math

from gradcli.commands.inputs.at import Given
from gradcli.errors import NoSeriesError, UsageError
from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gradcli.api.evaluation import Evaluation
    from gradcli.commands.problem import Problem


class Direction:
    """A vector that names every variable by which a problem is differentiated.

    Where the value is smooth its derivative along the vector is true, as the partials are; elsewhere it is the sum of
    the partials, which conventions gave, times the vector.
    """

    def __init__(self, problem: Problem, texts: list[str], plain: bool) -> None:
        """Raises UsageError where it is none, or names other variables."""
        given = Given(texts)
        if len(given.points) > 1:
            twice = next(x for x, count in given.counts.items() if count > 1)
            raise UsageError(f"--along names {twice} twice", "there is one direction")
        self._problem, self._plain = problem, plain
        self._vector, wrt = given.points[0], problem.wrt
        for name in self._vector:
            if name not in wrt:
                cure = f"the variable{'s are' if len(wrt) > 1 else ' is'} {listed(wrt)}" if wrt else "leave --along out"
                raise UsageError(f"--along names {name}, by which nothing is differentiated", cure)
        for name in wrt:
            if name not in self._vector:
                written = ",".join(f"{x}={self._vector[x][1] if x in self._vector else 0}" for x in wrt)
                raise UsageError(f"--along names no {name}", f"a direction names every variable: --along {written}")

    def of(self, point: Mapping[str, Any], evaluation: Evaluation, digits: int | None) -> Any:
        """The derivative along the vector at a point, to so many digits or in floats. Raises UsageError."""
        return self._in_floats(point, evaluation) if digits is None else self._in_digits(point, evaluation, digits)

    def _in_floats(self, point: Mapping[str, Any], evaluation: Evaluation) -> Any:
        """The derivative at a point of floats or arrays. Raises UsageError where shapes do not fit."""
        terms = [self._terms(x, evaluation) for x in self._problem.wrt]
        plain = _sum([term for several in terms for term in several])
        smooth = not self._plain and plain == plain and not self._problem.program.whole
        if not smooth or not all(type(v) is float for v in (*point.values(), *self._numbers().values())):
            return plain
        from flint import arb

        from gradcli.api.taylor import Taylor

        moves = {x: (lambda v=v: arb(v)) for x, v in self._numbers().items() if v}
        try:
            return Taylor(self._problem.program, "", 1, moves).floats(point)[1]
        except NoSeriesError:
            return plain

    def _in_digits(self, point: Mapping[str, Any], evaluation: Evaluation, digits: int) -> str:
        """The same to so many digits; where it is not smooth the last may be off. Raises UsageError for arrays."""
        from gradcli.api.taylor import Taylor, decimal

        if all(isinstance(text, str) for text in point.values()) and not self._problem.program.whole:
            moves = {x: decimal(text) for x, (value, text) in self._vector.items() if value != 0}
            try:
                return Taylor(self._problem.program, "", 1, moves).digits(point, digits)[1]
            except NoSeriesError:
                pass
        from decimal import Context, Decimal

        context, total = Context(prec=digits, traps=[]), Decimal(0)
        for x, partial in (evaluation.grad or {}).items():
            if not isinstance(partial, str) or not isinstance(self._vector[x][0], float):
                raise UsageError("--along is of numbers here", "leave --digits out")
            total = context.add(total, context.multiply(Decimal(partial), Decimal(self._vector[x][0])))
        return str(total) if total else "0"

    def _numbers(self) -> dict[str, Any]:
        return {x: value for x, (value, _) in self._vector.items()}

    def _terms(self, x: str, evaluation: Evaluation) -> list[float]:
        """The partial by a variable times the vector, element by element; a 0 of the vector counts for nothing."""
        partial, value = (evaluation.grad or {})[x], self._vector[x][0]
        if type(value) is float and type(partial) is float:
            return [partial * value if value else 0.0]
        import numpy as np

        if np.shape(value) not in ((), np.shape(partial)):
            ones = ",".join(f"{name}=1" for name in self._problem.wrt)
            raise UsageError(f"--along gives {x} another shape than it has", f"write numbers: --along {ones}")
        with np.errstate(all="ignore"):
            return list(np.where(np.equal(value, 0), 0.0, np.multiply(partial, value)).ravel().tolist())


def _sum(terms: list[float]) -> float:
    try:
        return math.fsum(terms)
    except (ValueError, OverflowError):  # infinities
        return sum(terms)
