"""The executor for millions of points: a plan of NumPy calls over blocks that stay in the cache, on all cores.

NumPy lets go of the interpreter's lock within a call, so threads share the blocks. Importing
this loads NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.core.graph import Graph
from gradcli.cpu import cores
from gradcli.domains.blocks.memory import borrowed, fresh
from gradcli.domains.blocks.plan import MASK, TRUTH, Plan
from gradcli.domains.blocks.threads import shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BLOCK = 65536  # elements; smaller blocks lose to the interpreter's lock
MANY_BUFFERS = 32  # above this number half a block, so that the buffers stay in the last cache
SMALLEST = 8192


class BlockTape:
    """A graph compiled for arrays of points, of which the first output is the value and the others its partials.

    scalars: variables that are one number for all points. dtype: "float64" or "float32", of every
    buffer and result.

    >>> from gradcli.api.function import function
    >>> tape = BlockTape(function("a*x**2").optimised(), ["a"])
    >>> value, by_a, by_x = tape.run({"x": np.array([1.0, 2.0])}, {"a": 3.0}, 2)
    >>> by_x
    array([ 6., 12.])
    """

    def __init__(self, graph: Graph, scalars: Iterable[str], dtype: str = "float64") -> None:
        self.dtype = np.dtype(dtype)
        self.plan = Plan(graph, scalars, self.dtype)
        self._bits = np.dtype(f"i{self.dtype.itemsize}")
        self._assign()
        plan = self.plan
        moving = {i for i, _ in (*plan.inputs, *self._written)}
        self._moving = [  # the steps whose operands are elsewhere in the next block
            n for n, step in enumerate(plan.steps) if any(k >> 1 in moving for k in (*step.operands, *step.results))
        ]

    def _assign(self) -> None:
        """Give each value a place: an output's own array, or a buffer that is free again after its last use."""
        plan = self.plan
        last: dict[int, int] = {}
        for n, step in enumerate(plan.steps):
            for k in step.operands:
                last[k >> 1] = n
        self._place: dict[int, int] = {}  # value to buffer
        self._sizes: list[int] = []  # of each buffer: bytes an element
        self._written: list[tuple[int, int]] = []  # (value, output) that a step writes in place
        self._copied: list[tuple[int, int]] = []  # (value, output) that is copied at the end
        wide = self.dtype.itemsize
        free: dict[int, list[int]] = {1: [], wide: []}
        made = {k >> 1 for step in plan.steps for k in step.results}
        own = set()
        for n, i in enumerate(plan.outputs):
            if i in made and i not in own:
                own.add(i)
                self._written.append((i, n))
            else:
                self._copied.append((i, n))
        for i, _ in plan.inputs:
            self._place[i] = self._buffer(wide, free)  # for what has to be converted
        held = own | {i for i, _ in self._copied} | {i for i, _ in plan.inputs}
        for n, step in enumerate(plan.steps):
            operands = {k >> 1 for k in step.operands}
            if len(step.results) == 1:
                self._release(operands, n, last, held, free)
            for k in step.results:
                if k >> 1 not in own:
                    self._place[k >> 1] = self._buffer(1 if plan.kinds[k >> 1] is TRUTH else wide, free)
            if len(step.results) > 1:
                self._release(operands, n, last, held, free)
            self._release({k >> 1 for k in step.results if k >> 1 not in last}, n, last, held, free)

    def _buffer(self, size: int, free: dict[int, list[int]]) -> int:
        if free[size]:
            return free[size].pop()
        self._sizes.append(size)
        return len(self._sizes) - 1

    def _release(
        self, values: Iterable[int], n: int, last: dict[int, int], held: set[int], free: dict[int, list[int]]
    ) -> None:
        for i in values:
            if i in self._place and i not in held and last.get(i, n) == n:
                free[1 if self.plan.kinds[i] is TRUTH else self.dtype.itemsize].append(self._place[i])

    def run(
        self, columns: Mapping[str, Any], scalars: Mapping[str, float], length: int, threads: int | None = None
    ) -> list[Any]:
        """The outputs as fresh arrays of this length; where the first is NaN, so are the others.

        columns: variable to a 1-D array of numbers, which is only read. threads: how many share the
        work, the caller's among them; one for each core by default.
        """
        outputs = [fresh(length, self.dtype) for _ in self.plan.outputs]
        threads = threads or cores()
        block = self._block(length, threads)
        starts = iter(range(0, length, block))
        common = self._uniform(scalars)
        helpers = min(threads, -(-length // block)) - 1 if length else 0
        shared(self._work, starts, helpers, block, length, common, columns, outputs)
        return outputs

    def _block(self, length: int, threads: int) -> int:
        """How many elements: so many bytes that what is in use stays in the cache."""
        many = sum(size > 1 for size in self._sizes) + len(self.plan.outputs) > MANY_BUFFERS
        largest = (BLOCK // 2 if many else BLOCK) * 8 // self.dtype.itemsize
        share = -(-length // (threads * SMALLEST)) * SMALLEST  # short arrays still serve all cores
        return min(largest, max(share, SMALLEST))

    def _uniform(self, scalars: Mapping[str, float]) -> list[Any]:
        """The values that are the same at every point, each with its bits behind it; None for the others."""
        plan = self.plan
        found: list[Any] = [None] * (2 * len(plan.kinds))
        dtype, bits = self.dtype, self._bits
        with np.errstate(all="ignore"):
            for i, value in plan.literals.items():
                _set(found, i, value, dtype, bits)
            for i, name in plan.given:
                _set(found, i, scalars[name], dtype, bits)
            for function, operands, i in plan.uniform:
                _set(found, i, function(*[found[k] for k in operands]), dtype, bits)
        return found

    def _work(
        self, starts: Iterator[int], block: int, length: int, common: list[Any], columns: Mapping[str, Any],
        outputs: Sequence[Any],
    ) -> None:  # fmt: skip
        """Take blocks until none is left."""
        values, steps = common[:], self.plan.steps
        block = min(block, length)
        with np.errstate(all="ignore"), borrowed(self._sizes, block) as buffers:
            size = -1
            calls: list[Any] = [None] * len(steps)
            for start in starts:
                stop = min(start + block, length)
                changed: Iterable[int] = self._moving
                if stop - start != size:
                    size = stop - start
                    changed = range(len(steps))
                    self._point_at(values, [b[: k * size] for b, k in zip(buffers, self._sizes, strict=True)])
                self._load(values, columns, start, stop)
                for i, n in self._written:
                    part = outputs[n][start:stop]
                    values[2 * i], values[2 * i + 1] = part, part.view(self._bits)
                for n in changed:
                    step = steps[n]
                    calls[n] = (step.function, [values[k] for k in (*step.operands, *step.results)])
                for function, operands in calls:  # the less is done here, the less threads wait for each other
                    function(*operands)
                for i, n in self._copied:
                    outputs[n][start:stop] = values[2 * i]
                _spread_nan([y[start:stop] for y in outputs])

    def _point_at(self, values: list[Any], buffers: Sequence[Any]) -> None:
        for i, k in self._place.items():
            kind, buffer = self.plan.kinds[i], buffers[k]
            values[2 * i] = buffer.view(bool if kind is TRUTH else self._bits if kind is MASK else self.dtype)
            values[2 * i + 1] = buffer.view(self._bits) if kind is not TRUTH else None

    def _load(self, values: list[Any], columns: Mapping[str, Any], start: int, stop: int) -> None:
        """The columns of a block: as they are where they can be, else converted into a buffer."""
        for i, name in self.plan.inputs:
            part = columns[name][start:stop]
            if not is_plain(part, self.dtype):
                np.copyto(values[2 * i], part, casting="unsafe")
                continue
            values[2 * i], values[2 * i + 1] = part, part.view(self._bits)


def is_plain(x: Any, dtype: Any) -> bool:
    """Is an array what NumPy's fast loops read: of this type, contiguous and aligned?"""
    return x.dtype == dtype and x.flags.c_contiguous and x.flags.aligned


def _set(values: list[Any], i: int, value: Any, dtype: Any, bits: Any) -> None:
    """A number as a plain float, which leaves the type of narrower arrays as it is; and its bits."""
    values[2 * i] = float(value) if isinstance(value, np.floating) else value
    values[2 * i + 1] = int(dtype.type(value).view(bits))


def _spread_nan(outputs: Sequence[Any]) -> None:
    """Where the value is NaN all partials are."""
    if np.isnan(outputs[0].max()):
        nan = np.isnan(outputs[0])
        for partial in outputs[1:]:
            partial[nan] = np.nan
