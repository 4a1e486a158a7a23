"""A graph as a flat plan over blocks: NumPy calls in order, each with the buffer that it writes.

A plan is in static single assignment form too, but its values have kinds: numbers, truths (one
byte each), masks (integers of all ones or all zeros, so that a choice is two or three operations
on bits), and uniform ones, which are the same number at every point. What the table composes
is expanded before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.op import Op
from gradcli.core.ops import by_name
from gradcli.core.passes.expand import expand
from gradcli.core.passes.strength import strength
from gradcli.domains import float_tape as floats
from gradcli.domains.array_tape import function_of
from gradcli.domains.arrays import PRIMITIVES, SPECIAL, narrow_literal
from gradcli.domains.blocks.algebra import simpler
from gradcli.domains.blocks.erf import FAST_EXPM1, erf
from gradcli.domains.blocks.signs import place_signs
from gradcli.domains.blocks.trig import FAST_TANGENT, sin_alone, sin_cos
from gradcli.domains.domain import steps_of
from gradcli.domains.floats import literal as wide_literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FLOAT, TRUTH, MASK, UNIFORM = "float", "truth", "mask", "uniform"

_WHERE, _POWER, _ERF = by_name("where"), by_name("pow"), by_name("erf")
_LOGIC = frozenset(by_name(x) for x in ("logical_and", "logical_or", "logical_not"))
_CLAMP = by_name("clamp")
_EXTREMES = {by_name("max"): np.maximum, by_name("min"): np.minimum}


def _steps_of(op: Op) -> Any:
    """The steps of a composed operation, None where blocks have a call of their own."""
    supplied = op.name in PRIMITIVES or op.name in SPECIAL or op is _CLAMP or op.whole
    return None if supplied else steps_of(op, precise=True)


class Step:
    """One call: `function(*operands, *results)`, which are codes: twice the value's id, plus 1 for its bits."""

    __slots__ = ("function", "operands", "results")

    def __init__(self, function: Callable[..., Any], operands: tuple[int, ...], results: tuple[int, ...]) -> None:
        self.function = function
        self.operands = operands
        self.results = results


class Plan:
    """The steps for one block of this type of numbers.

    scalars: the variables that are one number for all points.
    kinds: of each value; inputs: (value, name) of the variables that are arrays; given: (value, name)
    of those that are scalars; uniform: (function, ids, id), to be run once for all
    points; literals: id to number; steps: in order; outputs: values, one for each output of the graph.
    """

    def __init__(self, graph: Graph, scalars: Iterable[str], dtype: Any) -> None:
        self.narrow = dtype.itemsize < 8
        self.kinds: list[str] = []
        self.inputs: list[tuple[int, str]] = []
        self.given: list[tuple[int, str]] = []
        self.uniform: list[tuple[Callable[..., Any], tuple[int, ...], int]] = []
        self.literals: dict[int, Any] = {}
        self.steps: list[Step] = []
        self.made: dict[int, tuple[Any, tuple[int, ...]]] = {}  # value to the ufunc and the values that it is of
        self._known: dict[tuple[Any, ...], int] = {}
        scalar = frozenset(scalars)
        graph = strength(expand(graph, _steps_of))
        places: list[int] = []
        for node in graph.nodes:
            places.append(self._leaf(node, scalar) if node[0].leaf else self._operation(node, places))
        self.outputs = [self.number(places[i]) for i in graph.outputs]
        self._drop_dead()
        place_signs(self)
        self._drop_dead()
        if not self.narrow:  # NumPy has vector code for the sines of float32
            self._pair_sines()
        self._give_room()

    def _new(self, kind: str) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _leaf(self, node: tuple[Any, ...], scalar: frozenset[str]) -> int:
        if node[0] is VARIABLE:
            one = node[1] in scalar
            i = self._new(UNIFORM if one else FLOAT)
            (self.given if one else self.inputs).append((i, node[1]))
            return i
        return self.literal((narrow_literal if self.narrow else wide_literal)(node[1]))

    def literal(self, value: Any) -> int:
        key = (np.float64(value).tobytes(), type(value))  # -0.0 is not 0.0
        if key not in self._known:
            i = self._known[key] = self._new(UNIFORM)
            self.literals[i] = value
        return self._known[key]

    def emit(self, function: Callable[..., Any], operands: Sequence[int], kind: str) -> int:
        """The value of a call on codes; the same call is made once."""
        function = _WITH_KEYWORD.get(function, function)
        key = (function, *operands)
        if key not in self._known:
            if all(self.is_uniform(k >> 1) for k in operands):
                i = self._new(UNIFORM)
                self.uniform.append((function, tuple(operands), i))
            else:
                i = self._new(kind)
                self.steps.append(Step(function, tuple(operands), (2 * i + (function in _ON_BITS),)))
            self._known[key] = i
        return self._known[key]

    def is_uniform(self, i: int) -> bool:
        return self.kinds[i] is UNIFORM

    def opposite(self, i: int) -> int:
        """The negative of a uniform value."""
        value = self.literals.get(i)
        return self.emit(np.negative, (2 * i,), UNIFORM) if value is None else self.literal(-value)

    def step(self, function: Any, operands: tuple[int, ...]) -> Step:
        """A call whose number is a new value."""
        return Step(function, operands, (2 * self._new(FLOAT),))

    def _operation(self, node: tuple[Any, ...], places: list[int]) -> int:
        op, operands = node[0], [places[k] for k in node[1:]]
        if all(self.kinds[k] is UNIFORM for k in operands):
            return self.emit(_Called(op), [2 * k for k in operands], UNIFORM)
        if op is _WHERE:
            return self.select(self.truth(operands[0]), self.number(operands[1]), self.number(operands[2]))
        if op in _LOGIC:
            return self.emit(function_of(op), [2 * self.truth(k) for k in operands], TRUTH)
        operands = [self.number(k) for k in operands]
        if op is _POWER and self.literals.get(operands[1]) in (0.5, -0.5):
            root = self.emit(_root, (2 * operands[0],), FLOAT)
            return root if self.literals[operands[1]] > 0 else self.ufunc(np.divide, (self.literal(1.0), root))
        if op is _ERF and FAST_EXPM1:
            return self.emit(erf, [2 * k for k in operands], FLOAT)
        if op is _CLAMP:
            x, low, high = operands
            if self.is_uniform(low) and self.is_uniform(high):
                return self.emit(_clip, [2 * k for k in operands], FLOAT)  # minimum with a number is slower
            return self.ufunc(np.minimum, (self.ufunc(np.maximum, (x, low)), high))
        if op in _EXTREMES:
            found, *others = operands
            for k in others:
                found = self.ufunc(_EXTREMES[op], (found, k))
            return found
        function = function_of(op)
        if isinstance(function, np.ufunc):
            return self.ufunc(function, operands)
        return self.emit(_Copied(function), [2 * k for k in operands], FLOAT)

    def ufunc(self, function: Any, operands: Sequence[int]) -> int:
        """A call of a ufunc on numbers or truths."""
        if function in _TRUTHS:
            return self.emit(function, [2 * self.truth(k) for k in operands], TRUTH)
        numbers = [self.number(k) for k in operands]
        if function in (np.add, np.multiply):
            numbers.sort(key=lambda k: (not self.is_uniform(k), k))  # so that both orders are one call
        if all(self.is_uniform(k) for k in numbers):
            return self.emit(function, [2 * k for k in numbers], UNIFORM)
        found = simpler(self, function, numbers)
        if found is not None:
            return found
        truth = f"{'d' * len(operands)}->?" in function.types
        i = self.emit(function, [2 * k for k in numbers], TRUTH if truth else FLOAT)
        self.made.setdefault(i, (function, tuple(numbers)))
        return i

    def truth(self, i: int) -> int:
        """The value as true (not 0) or false."""
        if self.kinds[i] is TRUTH:
            return i
        return self.emit(np.not_equal, (2 * i, 2 * self.literal(0.0)), TRUTH)

    def number(self, i: int) -> int:
        """The value as a number."""
        return self.emit(_as_number, (2 * i,), FLOAT) if self.kinds[i] is TRUTH else i

    def select(self, c: int, x: int, y: int) -> int:
        """x where c is true, else y, bit by bit: what was not chosen leaves no trace, NaN or not."""
        if x == y:
            return x
        mask = self.emit(_as_mask, (2 * c,), MASK)
        if self._is_zero(y):
            return self.emit(np.bitwise_and, (2 * x + 1, 2 * mask), FLOAT)
        if self._is_zero(x):
            other = self.emit(np.invert, (2 * mask,), MASK)
            return self.emit(np.bitwise_and, (2 * y + 1, 2 * other), FLOAT)
        differ = self.emit(np.bitwise_xor, (2 * x + 1, 2 * y + 1), MASK)
        chosen = self.emit(np.bitwise_and, (2 * differ, 2 * mask), MASK)
        return self.emit(np.bitwise_xor, (2 * chosen, 2 * y + 1), FLOAT)

    def _is_zero(self, i: int) -> bool:
        value = self.literals.get(i)
        return value is not None and np.float64(value).tobytes() == bytes(8)

    def _drop_dead(self) -> None:
        needed = bytearray(len(self.kinds))
        for i in self.outputs:
            needed[i] = 1
        kept = []
        for step in reversed(self.steps):
            if needed[step.results[0] >> 1]:
                kept.append(step)
                for k in step.operands:
                    needed[k >> 1] = 1
        self.steps = kept[::-1]
        wanted = []
        for function, operands, i in reversed(self.uniform):
            if needed[i]:
                wanted.append((function, operands, i))
                for k in operands:
                    needed[k >> 1] = 1
        self.uniform = wanted[::-1]

    def _pair_sines(self) -> None:
        """Sine and cosine of the same value: one step for both, where the first of them stands."""
        found: dict[tuple[int, ...], dict[Any, int]] = {}
        for step in self.steps:
            if step.function in _SINES:
                found.setdefault(step.operands, {})[step.function] = step.results[0]
        steps = []
        for step in self.steps:
            if step.function not in _SINES:
                steps.append(step)
            elif step.operands in found:
                pair = found.pop(step.operands)
                if FAST_TANGENT and np.cos not in pair:
                    steps.append(Step(sin_alone, step.operands, step.results))
                    continue
                results = tuple(pair[f] if f in pair else 2 * self._new(FLOAT) for f in _SINES)
                steps.append(Step(sin_cos, step.operands, results))
        self.steps = steps

    def _give_room(self) -> None:
        """Some steps get buffers to work in, as further results."""
        for step in self.steps:
            for _ in range(_ROOM.get(step.function, 0)):
                step.results += (2 * self._new(FLOAT),)


_SINES = (np.sin, np.cos)
_ROOM: dict[Any, int] = {sin_cos: 1, sin_alone: 1, erf: 2}
_TRUTHS = {np.bitwise_and, np.bitwise_or, np.logical_and, np.logical_or, np.logical_not}
_ON_BITS = {np.bitwise_and, np.bitwise_xor, np.invert}  # as select uses them, they read and write int64


def _maximum(x: Any, y: Any, out: Any = None) -> Any:
    return np.maximum(x, y, out=out)


def _minimum(x: Any, y: Any, out: Any = None) -> Any:
    return np.minimum(x, y, out=out)


def _clip(x: Any, low: Any, high: Any, out: Any) -> Any:
    return np.clip(x, low, high, out=out)


_WITH_KEYWORD: dict[Any, Any] = {np.maximum: _maximum, np.minimum: _minimum}  # NumPy deprecates their `out` by place


class _Called:
    """An operation on uniform values, as the executor for one point does it."""

    def __init__(self, op: Op) -> None:
        self.op = op

    def __call__(self, *x: float) -> float:
        return floats.call(self.op, x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Called) and other.op is self.op

    def __hash__(self) -> int:
        return hash(self.op)


class _Copied:
    """A function without `out`: called on float64 numbers, and its answer copied."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *operands: Any) -> None:
        *x, out = operands
        out[...] = self.function(*[np.asarray(v, np.float64) for v in x])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Copied) and other.function is self.function

    def __hash__(self) -> int:
        return hash(self.function)


def _as_mask(c: Any, out: Any = None) -> Any:
    if out is None:
        return -1 if c else 0
    small = c.view(np.int8)
    np.negative(small, small)  # 0 or -1 in one byte
    np.copyto(out, small)
    return np.negative(small, small)


def _as_number(c: Any, out: Any = None) -> Any:
    if out is None:
        return float(c)
    return np.copyto(out, c)


def _root(x: Any, out: Any) -> None:
    """x**0.5 differs from sqrt(x) at -0 and at -inf."""
    lowest = np.equal(x, -np.inf)
    np.add(x, 0.0, out)
    np.sqrt(out, out)
    if lowest.any():
        out[lowest] = np.inf
