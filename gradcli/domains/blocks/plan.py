"""A graph as a flat plan over blocks: NumPy calls in order, each with the buffers that it writes.

First the passes (`lowered`), then a call or a few for each node (`Plan`), then a buffer for each value (`tape`). A
plan is in static single assignment form too, but its values have kinds:

    float      numbers of the block's type
    truth      a byte each, as NumPy's comparisons write it
    mask       integers of all ones or all zeros, so that a choice is three operations on bits, or one beside a 0
    uniform    one number for all points, which is computed before the first block

What a call reads and writes are codes: 2*i is value i as numbers, 2*i + 1 the integers that its bits are.

>>> from gradcli.api.function import function
>>> plan = Plan(function("x if x > 0 else y").optimised(False), [], np.dtype("float64"))
>>> for step in plan.steps:
...     print(step.function.__name__, step.operands, step.results)
greater (0, 2) (4,)
_as_mask (4,) (8,)
bitwise_xor (1, 7) (11,)
bitwise_and (10, 8) (13,)
bitwise_xor (12, 7) (15,)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE, Graph, depending
from gradcli.core.op import VALUE, Op
from gradcli.core.ops import by_name
from gradcli.core.passes.algebra import algebra
from gradcli.core.passes.dead import dead
from gradcli.core.passes.expand import expand
from gradcli.core.passes.fold import fold
from gradcli.core.passes.signs import signs
from gradcli.core.passes.strength import strength
from gradcli.core.passes.truths import AS_NUMBER, truths
from gradcli.domains import float_tape as floats
from gradcli.domains.array_tape import function_of
from gradcli.domains.arrays import PRIMITIVES, SPECIAL, narrow_literal
from gradcli.domains.blocks.erf import erf, erf_here
from gradcli.domains.blocks.lacking import LACKING
from gradcli.domains.blocks.trig import FAST_TANGENT, sin_alone, sin_cos
from gradcli.domains.domain import steps_of
from gradcli.domains.floats import literal as wide_literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

FLOAT, TRUTH, MASK, UNIFORM = "float", "truth", "mask", "uniform"

SUPPLIED = frozenset((*PRIMITIVES, *SPECIAL, "clamp", *[f"{name} lacks" for name in LACKING]))
_WHERE, _POWER, _ERF, _CLAMP = map(by_name, ("where", "pow", "erf", "clamp"))
_LOGIC = frozenset(by_name(x) for x in ("logical_and", "logical_or", "logical_not"))


def lowered(
    graph: Graph, scalars: frozenset[str], narrow: bool, supplied: Container[str] = SUPPLIED, *powers: int
) -> tuple[Graph, bytearray]:
    """The graph of what blocks supply, and for each node whether it differs from point to point.

    supplied: the operations that have a function of their own, the others are composed; powers: the least and the
    largest that become products, as of `strength`.
    """
    literal = narrow_literal if narrow else wide_literal
    graph = strength(expand(graph, lambda op: _steps_of(op, supplied)), *powers)
    graph = fold(graph, lambda node: literal(node[1]), lambda op, operands, i: floats.call(op, operands))
    graph = dead(algebra(truths(graph)))
    graph = dead(signs(graph, _moving(graph, scalars)))
    return graph, _moving(graph, scalars)


def _moving(graph: Graph, scalars: frozenset[str]) -> bytearray:
    columns = [i for i, node in enumerate(graph.nodes) if node[0] is VARIABLE and node[1] not in scalars]
    return depending(graph.nodes, columns)


def _steps_of(op: Op, supplied: Container[str]) -> Any:
    """The steps of a composed operation, None where it is supplied, or where there are none."""
    return None if op.name in supplied or op.whole else steps_of(op, precise=True)


class Step:
    """One call: `function(*operands, *results)`, all of them codes. Results after the first are room to work in."""

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
        self.kinds: list[str] = []
        self.inputs: list[tuple[int, str]] = []
        self.given: list[tuple[int, str]] = []
        self.uniform: list[tuple[Callable[..., Any], tuple[int, ...], int]] = []
        self.literals: dict[int, Any] = {}
        self.steps: list[Step] = []
        self._known: dict[tuple[Any, ...], int] = {}
        narrow = dtype.itemsize < 8
        graph, moving = lowered(graph, frozenset(scalars), narrow)
        places: list[int] = []
        for node, moves in zip(graph.nodes, moving, strict=True):
            if node[0].leaf:
                places.append(self._leaf(node, FLOAT if moves else UNIFORM))
            else:
                operands = [places[k] for k in node[1:]]
                places.append(self._operation(node[0], operands) if moves else self._uniform(node[0], operands))
        self.outputs = [places[i] for i in graph.outputs]
        if not narrow:  # NumPy has vector code for the sines of float32
            self._pair_sines()
        self._give_room()

    def _new(self, kind: str) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _leaf(self, node: tuple[Any, ...], kind: str) -> int:
        if node[0] is VALUE:
            return self.literal(node[1])
        i = self._new(kind)
        (self.given if kind is UNIFORM else self.inputs).append((i, node[1]))
        return i

    def literal(self, value: Any) -> int:
        """The value of a literal; one for equal ones."""
        key = (np.float64(value).tobytes(), type(value))  # -0.0 is not 0.0
        if key not in self._known:
            i = self._known[key] = self._new(UNIFORM)
            self.literals[i] = value
        return self._known[key]

    def emit(self, function: Callable[..., Any], operands: Sequence[int], kind: str) -> int:
        """The value of a call on codes; the same call is made once."""
        key = (function, *operands)
        if key not in self._known:
            if all(self.kinds[k >> 1] is UNIFORM for k in operands):
                i = self._new(UNIFORM)
                self.uniform.append((function, tuple(operands), i))
            else:
                i = self._new(kind)
                self.steps.append(Step(function, tuple(operands), (2 * i + (function in _ON_BITS),)))
            self._known[key] = i
        return self._known[key]

    def _uniform(self, op: Op, operands: list[int]) -> int:
        """As the executor for one point does it."""
        return (
            operands[0]
            if op is AS_NUMBER
            else self.emit(lambda *x: floats.call(op, x), [2 * k for k in operands], UNIFORM)
        )

    def _operation(self, op: Op, operands: list[int]) -> int:
        codes = [2 * k for k in operands]
        if op is _WHERE:
            return self.select(self.truth(operands[0]), *operands[1:])
        if op in _LOGIC:
            return self.emit(function_of(op), [2 * self.truth(k) for k in operands], TRUTH)
        if op is AS_NUMBER:
            return self.emit(_as_number, codes, FLOAT)
        if op is _POWER and self.literals.get(operands[1]) in (0.5, -0.5):
            root = self.emit(_root, codes[:1], FLOAT)
            one = self.literal(1.0)
            return root if self.literals[operands[1]] > 0 else self.emit(np.divide, (2 * one, 2 * root), FLOAT)
        if op is _ERF:
            return self.emit(erf_here(), codes, FLOAT)
        if op is _CLAMP:
            return self.emit(_clip, codes, FLOAT)
        if op in _EXTREMES:
            found, *others = codes
            for k in others:
                found = 2 * self.emit(_EXTREMES[op], (found, k), FLOAT)
            return found >> 1
        if op.name.endswith(" lacks"):
            return self.emit(LACKING[op.name.removesuffix(" lacks")], codes, FLOAT)
        function = function_of(op)
        return self.emit(
            function if isinstance(function, np.ufunc) else _copied(function), codes, TRUTH if op.decides else FLOAT
        )

    def truth(self, i: int) -> int:
        """The value as true (not 0) or false."""
        if self.kinds[i] is TRUTH:
            return i
        return self.emit(np.not_equal, (2 * i, 2 * self.literal(0.0)), TRUTH)

    def select(self, c: int, x: int, y: int) -> int:
        """x where c is true, else y, bit by bit: what was not chosen leaves no trace, NaN or not."""
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
_ON_BITS = {np.bitwise_and, np.bitwise_xor, np.invert}  # as select uses them, they read and write int64


# NumPy deprecates their `out` by place.


def _maximum(x: Any, y: Any, out: Any = None) -> Any:
    return np.maximum(x, y, out=out)


def _minimum(x: Any, y: Any, out: Any = None) -> Any:
    return np.minimum(x, y, out=out)


def _clip(x: Any, low: Any, high: Any, out: Any) -> Any:
    return np.clip(x, low, high, out=out)


_EXTREMES = {by_name("max"): _maximum, by_name("min"): _minimum}


def _copied(function: Callable[..., Any]) -> Callable[..., None]:
    """A function without `out`: called on float64 numbers, and its answer copied."""

    def call(*operands: Any) -> None:
        *x, out = operands
        out[...] = function(*[np.asarray(v, np.float64) for v in x])

    return call


def _as_mask(c: Any, out: Any = None) -> Any:
    if out is None:
        return -1 if c else 0
    small = c.view(np.int8)
    np.negative(small, small)  # 0 or -1 in one byte
    np.copyto(out, small)
    return np.negative(small, small)


def _as_number(c: Any, out: Any) -> None:
    np.copyto(out, c)


def _root(x: Any, out: Any) -> None:
    """x**0.5 differs from sqrt(x) at -0 and at -inf."""
    lowest = np.equal(x, -np.inf)
    np.add(x, 0.0, out)
    np.sqrt(out, out)
    if lowest.any():
        out[lowest] = np.inf
