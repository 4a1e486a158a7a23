"""The truth once more, from mpmath alone: values by the references of tests/ops, slopes by differences.

Nothing here reads a rule, a definition of an elementwise row, or a ball. A number is judged where two precisions
agree, and of slopes two steps and two sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from mpmath import mp, mpf
from op_reference import REFERENCE

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE, reachable
from gradcli.core.structure import ELLIPSIS
from gradcli.domains.domain import Domain
from gradcli.domains.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from gradcli.language.program import Program

    Place: TypeAlias = tuple[str, tuple[int, ...]]

DIGITS = (200, 320, 700)  # of the two precisions: of slow functions the first two, else the first and the last
AGREE = mpf(10) ** -30  # two of a number are one
NOTHING = mpf(2) ** -1080  # smaller is 0 to every float
STEPS = (mpf(10) ** -60, mpf(10) ** -63)  # of a difference, against the variable
BITS = 12_000  # of the binary exponent, beyond which mpmath is asked no more
MOST = mpf(10) ** 100  # of a program with slow functions: larger numbers have no digits behind the point
FEW = 300  # how far mpmath's slow functions are asked
NEVER = frozenset(("yv", "kv", "y0", "y1", "k0", "k1"))  # a minute at 320 digits
# What a reference raises where it knows no answer.
UNKNOWN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, mpmath.libmp.NoConvergence)
STEPS_OF_ONE = frozenset(("floor", "ceil", "round", "trunc", "frac"))
SLOW = frozenset((
    "jv", "iv", "j0", "j1", "i0", "i1", "expint", "expi", "zeta", "zeta_derivative",
    "lambertw", "polygamma", "sinc_derivative", "erfcx", "log_ndtr", "digamma_step", "betaln", "beta", "binomial",
    "erfcinv", "ndtri", "factorial", "gamma", "lgamma", "digamma", "erfinv", "gammainc", "gammaincc", "betainc",
))  # fmt: skip


class BeyondError(ArithmeticError):
    """What mpmath has no finite real number for, or what would take it too long."""


def _constant(what: Any) -> Any:
    names = {"pi": mp.pi, "tau": 2 * mp.pi, "e": mp.e, "inf": mpmath.inf, "nan": mpmath.nan}
    return +names[what] if isinstance(what, str) else mpf(what)


def _checked(name: str, function: Any) -> Any:
    """A reference that raises BeyondError in place of what is no finite real number."""

    def call(*x: Any) -> Any:
        if name in NEVER or (name in SLOW and any(abs(v) > FEW for v in x)):
            raise BeyondError
        if name == "polygamma" and x[0] % 1:
            raise BeyondError
        if name in STEPS_OF_ONE and abs(x[0]) > MOST:  # a step at every number that a difference may meet
            raise BeyondError
        if name in ("mod", "fmod") and abs(x[0]) > abs(x[1]) * mpf(10) ** 100:
            raise BeyondError
        y = function(*x)
        if isinstance(y, mpmath.mpc) or not mpmath.isfinite(y) or abs(mpmath.mag(y) if y else 0) > BITS:
            raise BeyondError
        return mpf(y)

    return call


def _matrix(function: Any) -> Any:
    return lambda *x: function(*[mpmath.matrix(v) for v in x])


NUMBERS = Domain({name: _checked(name, function) for name, function in REFERENCE.items()}, _constant, moving=True)
ARRAYS = Objects(
    NUMBERS,
    float,
    {
        "det": _matrix(mpmath.det),
        "inv": _matrix(lambda a: (a**-1).tolist()),
        "solve": _matrix(lambda a, b: (a**-1 * b).tolist()),
    },
)


class Truth:
    """A program at a point of floats and arrays of them."""

    def __init__(self, program: Program, point: Mapping[str, Any]) -> None:
        self.program = program
        self.is_array = bool(program.whole) or any(np.ndim(v) for v in point.values())
        self.needed = reachable(program.nodes, program.results)  # not the bodies of functions
        self.is_slow = any(
            op.name in SLOW and needed for (op, *_), needed in zip(program.nodes, self.needed, strict=True)
        )
        self.point = {x: _exact(v) for x, v in point.items()}

    def value(self) -> Any:
        """The value: a number or an array, None where there is none to judge by."""
        return self._settled(lambda: self._run(self.point)[self.program.results[0]])

    def slopes(self, name: str) -> list[Any]:
        """By each element of a variable the slope of the sum of the results; None where there is none to judge by."""
        x = self.point[name]
        places = [*np.ndindex(x.shape)] if isinstance(x, np.ndarray) else [()]
        return [self._settled(lambda at=(name, place): self._slope(at)) for place in places]

    def _settled(self, ask: Any) -> Any:
        found = []
        for digits in (DIGITS[0], DIGITS[1 if self.is_slow else 2]):
            with mp.workdps(digits):
                try:
                    found.append(ask())
                except UNKNOWN:
                    return None
        with mp.workdps(DIGITS[0]):
            pairs = zip(*[np.ravel(np.asarray(v, object)) for v in found], strict=True)
            return found[1] if all(a is not None and b is not None and _same(a, b) for a, b in pairs) else None

    def _run(self, point: Mapping[str, Any], cut: Mapping[int, Any] | None = None) -> list[Any]:
        """The number of every node. cut: what no gradient flows through, as it was at the point itself."""
        values: list[Any] = []
        for i, (op, *operands) in enumerate(self.program.nodes):
            if not self.needed[i]:
                values.append(None)
            elif op is VARIABLE:
                values.append(point[operands[0]])
            elif op is NUMBER or op is CONSTANT:
                values.append(_constant(operands[0]))
            elif op.leaf:
                values.append(Ellipsis if op is ELLIPSIS else None)
            elif cut and i in cut:
                values.append(cut[i])
            elif self.is_array:
                values.append(ARRAYS.apply(self.program.nodes, (op, *operands), [values[k] for k in operands]))
            else:
                values.append(NUMBERS[op.name](*[values[k] for k in operands]))
            if self.is_slow and isinstance(values[-1], mpf) and abs(values[-1]) > MOST:
                raise BeyondError  # both precisions may lack the same digits
        return values

    def _slope(self, at: Place) -> Any:
        """The central difference of two steps, where all four one-sided ones are one number."""
        size = min(abs(_element(self.point, at)), mpf(1)) or mpf(1)
        span = self._span(size)
        if self.is_slow and span > 300:
            raise BeyondError
        with mp.extraprec(span):
            found = self._central(at, size)
        if found != 0:
            return found
        if self.is_slow:
            raise BeyondError
        with mp.extraprec(5000):  # a 0 may be a change beyond the digits
            return self._central(at, size)

    def _span(self, size: Any) -> int:
        """The bits between a step and the largest number on the way, which would swallow it."""
        numbers = [e for v in self._run(self.point) for e in np.ravel(v) if isinstance(e, mpf) and e]
        return max(0, max(map(mpmath.mag, numbers)) - mpmath.mag(size))

    def _central(self, at: Place, size: Any) -> Any:
        middle = self._run(self.point)
        cut = {i: middle[i] for i, node in enumerate(self.program.nodes) if node[0].name == "detach"}
        y, found = self._result(middle), []
        for step in STEPS:
            h = step * size
            left, right = (self._result(self._run(_moved(self.point, at, s * h), cut)) for s in (-1, 1))
            sides, central = ((y - left) / h, (right - y) / h), (right - left) / (2 * h)
            if not all(_near(side, central, step) for side in sides):
                return None
            found.append(central)
        return found[1] if _same(*found) else None

    def _result(self, values: list[Any]) -> Any:
        y = values[self.program.results[0]]
        return np.sum(y) if isinstance(y, np.ndarray) else y


def _exact(v: Any) -> Any:
    return np.frompyfunc(lambda e: mpf(float(e)), 1, 1)(v) if np.ndim(v) else mpf(float(v))


def _element(point: Mapping[str, Any], at: Place) -> Any:
    name, place = at
    return point[name][place] if place else point[name]


def _moved(point: Mapping[str, Any], at: Place, h: Any) -> dict[str, Any]:
    name, place = at
    if not place:
        return {**point, name: point[name] + h}
    array = point[name].copy()
    array[place] += h
    return {**point, name: array}


def _same(a: Any, b: Any) -> bool:
    return abs(a - b) <= AGREE * abs(b) or (abs(a) < NOTHING and abs(b) < NOTHING)


def _near(side: Any, central: Any, step: Any) -> bool:
    """Is a one-sided difference the slope, but for the curvature?"""
    return abs(side - central) <= mpf(10) ** -20 * abs(central) + step / STEPS[0] * mpf(10) ** -35
