"""The executor of compiled code: the stages of a graph over blocks of points, on all cores."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import numpy as np

from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.op import VALUE
from gradcli.cpu import cores
from gradcli.domains import float_tape as floats
from gradcli.domains.array_tape import function_of
from gradcli.domains.blocks.memory import borrowed, fresh
from gradcli.domains.blocks.plan import SUPPLIED, lowered
from gradcli.domains.blocks.tape import is_plain
from gradcli.domains.blocks.threads import shared
from gradcli.domains.compiled.code import Code
from gradcli.domains.compiled.engine import compiled
from gradcli.domains.compiled.kernels.table import KERNELS
from gradcli.domains.compiled.part import BUFFER, BUFFERED, FIRST_COLUMN, UNIFORM
from gradcli.domains.compiled.writer import WIDTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BLOCK = 2**17  # points, where nothing but compiled code runs: one call for each
SMALL_BLOCK = 2**13  # where NumPy computes or converts something: what is in use stays in the cache
SMALLEST = 2**10

PRODUCTS = (-1, 4)  # powers that are products and a division: others would be off by up to 4 ulp, or leave the range
_FLOAT64, _FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)


# Blocks have a function of their own for it, because the C library's erfc is not as near as the kernel is.
_COMPOSED = frozenset(("ndtr",))


def coded(graph: Graph, scalars: frozenset[str], past_cache: bool = False, narrow: bool = False) -> Code:
    """The code for a graph of the value and its partials."""
    supplied = SUPPLIED.union(KERNELS) - _COMPOSED
    return Code(*lowered(graph, scalars, False, supplied, *PRODUCTS), past_cache, narrow)


class CompiledTape:
    """A graph compiled to machine code, to be used as a BlockTape is.

    scalars: variables that are one number for all points; past_cache: results are written past it; dtype: of the
    results, "float64" or "float32", and of the columns before the arithmetic, which is that of float64.

    >>> from gradcli.api.function import function
    >>> tape = CompiledTape(function("a*x**2").optimised(), ["a"])
    >>> value, by_a, by_x = tape.run({"x": np.array([1.0, 2.0])}, {"a": 3.0}, 2)
    >>> by_x
    array([ 6., 12.])
    """

    def __init__(self, graph: Graph, scalars: Iterable[str], past_cache: bool = False, dtype: str = "float64") -> None:
        self.dtype = np.dtype(dtype)
        self.code = code = coded(graph, frozenset(scalars), past_cache, self.dtype == _FLOAT32)
        self._read = [_FLOAT32 if column in code.narrow else _FLOAT64 for column, _ in code.inputs]
        functions = compiled(code.text, [name for name, _ in code.stages if name])
        self._stages = [(functions.get(name or ""), self._calls(calls)) for name, calls in code.stages]
        inputs, outputs = {column for column, _ in code.inputs}, set(code.outputs)
        self._within = [k for k in range(code.columns) if k not in inputs and k not in outputs]  # what passes on
        self._calls_numpy = any(calls for _, calls in code.stages)

    def _calls(self, calls: Sequence[tuple[int, tuple[int, ...]]]) -> list[tuple[Any, list[tuple[str, Any]], int]]:
        """For each call the function, where its operands are, and the column of its result."""
        code = self.code
        found = []
        for i, operands in calls:
            places: list[tuple[str, Any]] = []
            for k in operands:
                node = code.graph.nodes[k]
                if node[0] is VALUE:
                    places.append(("literal", node[1]))
                elif code.moves(k):
                    places.append(("column", code.held[k]))
                else:
                    places.append(("uniform", code.place_of_uniform(k)))
            found.append((function_of(code.graph.nodes[i][0]), places, code.held[i]))
        return found

    def run(
        self, columns: Mapping[str, Any], scalars: Mapping[str, float], length: int, threads: int | None = None
    ) -> list[Any]:
        """The outputs as fresh arrays of this length; where the first is NaN, so are the others.

        columns: variable to a 1-D array of numbers, which is only read. threads: how many share the
        work, the caller's among them; one for each core by default.
        """
        outputs = [fresh(length, self.dtype) for _ in self.code.outputs]
        arrays = [columns[name] for _, name in self.code.inputs]
        threads = threads or cores()
        rounded = length - length % WIDTH
        converts = not all(map(is_plain, arrays, self._read))
        block = SMALL_BLOCK if converts or self._calls_numpy else BLOCK
        share = -(-rounded // (threads * SMALLEST)) * SMALLEST
        block = min(block, max(share, SMALLEST))
        uniform = self._uniform(scalars)
        helpers = min(threads, -(-rounded // block)) - 1
        if rounded:
            shared(self._work, iter(range(0, rounded, block)), helpers, block, rounded, uniform, arrays, outputs)
        if rounded < length:
            self._rest(length - rounded, uniform, arrays, outputs)
        return outputs

    def _uniform(self, scalars: Mapping[str, float]) -> Any:
        """The numbers that hold for all points, as one array."""
        code = self.code
        found: dict[int, float] = {}
        for i, node in enumerate(code.graph.nodes):
            if code.moves(i) or not code.uniform:
                continue
            if node[0] is VALUE:
                found[i] = node[1]
            else:
                found[i] = (
                    scalars[node[1]] if node[0] is VARIABLE else floats.call(node[0], [found[k] for k in node[1:]])
                )
        return np.array([found[i] for i in code.uniform], _FLOAT64)

    def _rest(self, count: int, uniform: Any, arrays: Sequence[Any], outputs: Sequence[Any]) -> None:
        """The last points, less than a vector of them: the same code on copies that are padded."""
        ends = [np.full(WIDTH, x[-1], kind) for x, kind in zip(arrays, self._read, strict=True)]
        for end, x in zip(ends, arrays, strict=True):
            end[:count] = x[len(x) - count :]
        room = np.empty((len(outputs) + 1) * WIDTH, _FLOAT64)
        start = -(room.ctypes.data // 8) % WIDTH  # a multiple of 64 bytes
        results = [room[start + k * WIDTH :][:WIDTH].view(self.dtype) for k in range(len(outputs))]
        self._work(iter([0]), WIDTH, WIDTH, uniform, ends, results)
        for output, result in zip(outputs, results, strict=True):
            output[len(output) - count :] = result[:count]

    def _work(
        self, starts: Iterator[int], block: int, length: int, uniform: Any, arrays: Sequence[Any],
        outputs: Sequence[Any],
    ) -> None:  # fmt: skip
        """Take blocks until none is left."""
        code = self.code
        plain = list(map(is_plain, arrays, self._read))
        own = [*(column for (column, _), as_is in zip(code.inputs, plain, strict=True) if not as_is), *self._within]
        table = np.zeros(FIRST_COLUMN + code.columns, np.uintp)
        table[UNIFORM] = uniform.ctypes.data
        address = table.ctypes.data
        with np.errstate(all="ignore"), borrowed([8] * len(own), block) as rooms, _buffer(code.slots) as buffer:
            table[BUFFER] = buffer
            found: list[Any] = [None] * code.columns
            for column, room in zip(own, rooms, strict=True):
                found[column] = room.view(_FLOAT32 if column in code.narrow else _FLOAT64)
                table[FIRST_COLUMN + column] = room.ctypes.data
            moving = [(column, arrays[k]) for k, (column, _) in enumerate(code.inputs) if plain[k]]
            moving += zip(code.outputs, outputs, strict=True)
            bases = [(FIRST_COLUMN + column, x.ctypes.data, x.itemsize) for column, x in moving]
            for start in starts:
                stop = min(start + block, length)
                for place, base, size in bases:
                    table[place] = base + size * start
                if self._calls_numpy:
                    for column, x in moving:
                        found[column] = x[start:stop]
                for k, (column, _) in enumerate(code.inputs):
                    if not plain[k]:
                        np.copyto(found[column][: stop - start], arrays[k][start:stop], casting="unsafe")
                self._run(address, stop - start, uniform, found)

    def _run(self, address: int, count: int, uniform: Any, found: Sequence[Any]) -> None:
        """All stages over one block."""
        for function, calls in self._stages:
            if function is not None:
                function(address, count)
            for call, places, column in calls:
                operands = [
                    where if kind == "literal" else float(uniform[where]) if kind == "uniform" else found[where][:count]
                    for kind, where in places
                ]
                found[column][:count] = call(*operands)


@contextmanager
def _buffer(slots: int) -> Iterator[int]:
    """The address of a buffer for what passes from part to part."""
    with borrowed([8 * slots], BUFFERED) as (room,):
        yield room.ctypes.data
