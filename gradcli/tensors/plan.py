"""Plans: a gradient program for tensors of known shapes, as a list of function calls and nothing else.

When the shapes are known, most of what undoes broadcasting has nothing to do, counts of elements
are constants, and a number repeated to an array can stay a number where NumPy repeats it anyway.
"""

from __future__ import annotations

from math import frexp
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import by_name
from gradcli.domains.float_tape import call
from gradcli.domains.floats import FLOATS
from gradcli.tensors.form import function_of
from gradcli.tensors.quiet import SILENT, hush, unhush

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gradcli.tensors.program import Program

_MATCH, _EXPAND, _TRANSPOSE = by_name("match"), by_name("expand"), by_name("transpose")
_ANY_LIKE = by_name("any_like")
_MUL = by_name("mul")
_LEFT, _RIGHT = by_name("left_of_product"), by_name("right_of_product")


class Plan:
    """The steps for one set of shapes, made from a run of the program: `values` are all its values."""

    __slots__ = ("_constants", "_on_floats", "_rows", "_steps", "_wanted", "fresh")

    def __init__(self, program: Program, values: list[Any], on_floats: bool) -> None:
        first = len(values) - len(program.steps)
        shapes = [() if on_floats or v is None or isinstance(v, (tuple, slice)) else np.shape(v) for v in values]
        steps, known = _shortened(program, values, shapes, first)
        alias = {k: step for k, step in steps.items() if isinstance(step, int)}
        wanted = [None if k is None else alias.get(k, k) for k in program.wanted]
        live = _live(steps, [k for k in wanted if k is not None])
        number = {k: k for k in range(program.nodes + 1)}
        self._constants: list[Any] = []
        for k in live:
            if k in known:
                number[k] = program.nodes + 1 + len(self._constants)
                self._constants.append(known[k])
        start = program.nodes + 1 + len(self._constants)
        self._rows: list[tuple[Any, tuple[int, ...]]] = []
        self._steps: list[Any] = []
        for k in live:
            if k in number:
                continue
            row, operands = steps[k]
            number[k] = start + len(self._steps)
            places = tuple(number[o] for o in operands)
            self._rows.append((row, places))
            f = (
                on_floats_of(row)
                if on_floats
                else _function(row, [shapes[o] if o < len(shapes) else () for o in operands])
            )
            self._steps.append(compiled(f, places))
        self._wanted = [None if k is None else number[k] for k in wanted]
        self._on_floats = on_floats
        self.fresh = [] if on_floats else self._fresh(start)
        if on_floats:
            self.fresh = [True] * len(wanted)

    def _fresh(self, start: int) -> list[bool]:
        """For each gradient whether no other value shares its memory, so that it need not be copied."""
        uses = [k for k in self._wanted if k is not None]
        for row, places in self._rows:
            if not row.fresh:
                uses += places
        answer = []
        for k in self._wanted:
            row = self._rows[k - start][0] if k is not None and k >= start and uses.count(k) == 1 else None
            answer.append(row is not None and row.fresh)
        return answer

    def run(self, values: list[Any], seed: Any) -> list[Any]:
        """The gradients; `values` are the nodes' values and are used up."""
        values.append(seed)
        values += self._constants
        if self._on_floats:
            run_floats(self._steps, self._rows, values)
        else:
            token = hush(SILENT)
            try:
                run_steps(self._steps, values)
            finally:
                unhush(token)
        return [0.0 if k is None else values[k] for k in self._wanted]


def _shortened(
    program: Program, values: list[Any], shapes: list[tuple[int, ...]], first: int
) -> tuple[dict[int, Any], dict[int, Any]]:
    """For each number its step (row, operands), or the number of an equal value; and the constants."""
    known = {program.nodes + 1 + k: v for k, v in enumerate(program.constants)}
    steps: dict[int, Any] = {}
    single: dict[int, int] = {}  # an array of one number repeated: where the number is
    for k, (row, operands) in enumerate(program.steps, first):
        operands = tuple(steps[o] if isinstance(steps.get(o), int) else o for o in operands)
        if row in (_MATCH, _ANY_LIKE) and shapes[operands[0]] == shapes[operands[1]]:
            steps[k] = operands[0]
            continue
        if shapes[k] == () and all(o in known or j in row.shapes for j, o in enumerate(operands)):
            value = values[k]
            known[k] = float(value) if isinstance(value, (float, np.ndarray)) and not _is_bool(value) else value
        if row in (_MATCH, _EXPAND) and shapes[operands[0]] == ():
            single[k] = operands[0]
        elif not row.whole:
            full = [o for o in operands if o not in single and shapes[o] == shapes[k]]
            if full:
                operands = tuple(single.get(o, o) for o in operands)
        steps[k] = _merged(steps, known, values, (row, operands)) if row is _MUL else (row, operands)
    return steps, known


def _merged(steps: dict[int, Any], known: dict[int, Any], values: list[Any], step: Any) -> Any:
    """c*(d*x) as (c*d)*x for constants, where d is a power of two: then the value is the same to the last bit."""
    for c, inner in (step[1], step[1][::-1]):
        found = steps.get(inner)
        if c not in known or not isinstance(found, tuple) or found[0] is not _MUL:
            continue
        for d, x in (found[1], found[1][::-1]):
            if type(known.get(d)) is float and frexp(known[d])[0] == 0.5:
                known[len(values)] = known[c] * known[d]
                values.append(known[len(values)])
                return _MUL, (len(values) - 1, x)
    return step


def _is_bool(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or getattr(value, "dtype", None) == np.bool_


def _live(steps: dict[int, Any], wanted: list[int]) -> list[int]:
    """The numbers that are needed, in order."""
    needed: set[int] = set()
    stack = list(wanted)
    while stack:
        k = stack.pop()
        if k in needed:
            continue
        needed.add(k)
        if k in steps:
            stack.extend(steps[k][1])
    return sorted(needed)


def _function(row: Any, shapes: list[tuple[int, ...]]) -> Callable[..., Any]:
    """The row's function, or where the shapes allow it a shorter way to the same value."""
    if row is _LEFT and len(shapes[0]) == len(shapes[1]) == len(shapes[2]) == 2:
        return lambda g, like, y: np.dot(g, y.T)
    if row is _RIGHT and len(shapes[0]) == len(shapes[1]) == len(shapes[2]) == 2:
        return lambda g, x, like: np.dot(x.T, g)
    if row is _TRANSPOSE:
        return lambda x: x.T
    if row is _MATCH and shapes[0][len(shapes[0]) - len(shapes[1]) :] == shapes[1]:
        lead = tuple(range(len(shapes[0]) - len(shapes[1])))
        if len(shapes[0]) == 2 and len(shapes[1]) == 1:
            ones = np.ones(shapes[0][0])  # a product of BLAS is faster than the sum over the first axis
            return lambda c, like: np.dot(ones, c)
        axes = None if not shapes[1] else lead[0] if len(lead) == 1 else lead
        return lambda c, like: np.add.reduce(c, axes)
    return function_of(row)


def on_floats_of(row: Any) -> Callable[..., float] | None:
    """The row's function on floats."""
    return _first if row in (_MATCH, _ANY_LIKE) else None if row.whole else FLOATS[row.name]


def _first(x: float, like: float) -> float:
    return x


def compiled(f: Any, operands: tuple[int, ...]) -> tuple[Any, int, Any]:
    """A step as (function, first operand, second or -1); with more operands (function, -1, all of them)."""
    if len(operands) > 2:
        return f, -1, operands
    return f, operands[0], operands[1] if len(operands) == 2 else -1


def run_steps(steps: Iterable[Any], values: list[Any]) -> None:
    """Append the value of each step."""
    append = values.append
    for f, a, b in steps:
        if a < 0:
            append(f(*[values[k] for k in b]))
        elif b < 0:
            append(f(values[a]))
        else:
            append(f(values[a], values[b]))


def run_floats(steps: list[Any], rows: list[tuple[Any, tuple[int, ...]]], values: list[Any]) -> None:
    """The same on floats; a step that raises gets its IEEE value and the run goes on."""
    remaining, start = iter(steps), len(values)
    while True:
        try:
            run_steps(remaining, values)
            return
        except (ArithmeticError, ValueError):
            row, operands = rows[len(values) - start]
            values.append(call(row, [values[k] for k in operands]))
