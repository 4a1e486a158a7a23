"""How much rounding may have spoilt the rows of a table: a bound on the error of every result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from gradcli.api.formula import Formula
from gradcli.api.function import Function
from gradcli.api.map import worst_tape
from gradcli.api.on_arrays import ARRAYS
from gradcli.api.truth import ULPS
from gradcli.batch.outcome import Tally
from gradcli.batch.tally import Numbers
from gradcli.cpu import cores
from gradcli.domains.array_bounds import ArrayBounds
from gradcli.domains.blocks.lacking import LACKS
from gradcli.domains.compiled.choice import bounds_pay
from gradcli.domains.compiled.engine import is_installed, obstacle
from gradcli.domains.graph_bounds import all_known
from gradcli.domains.whole_bounds import size
from gradcli.tables.chunk import Chunk

BLOCK = 16384  # rows whose bounds stay in the cache


def audit(
    function: Function,
    chunk: Chunk,
    numbers: Numbers,
    scalars: Mapping[str, float],
    outputs: Sequence[Any],
    number: int,
    threads: int | None = None,
) -> Tally:
    """The rows with a value or partial whose bound is over 8 units in its last place, and the worst row.

    number: that of the input. The detail is [bound in units in the last place, which result, point], floats in
    hexadecimal; the bound is infinite where nothing is known. Where it pays one graph bounds all rows, and whole arrays
    those of which that does not say whether they are over.
    """
    length = len(outputs[0])
    if not length:
        return Tally(0, (number, 0, []))
    outputs = outputs[: 1 + len(function.wrt)]  # without uncertainties
    executor = _executor(function, length)
    if executor:
        given = {f"result {k}": y for k, y in enumerate(outputs)}
        tape = worst_tape(function, frozenset(scalars), list(given), executor)
        ulps, which, surely = tape.run({**numbers.columns, **given}, scalars, length, threads)
        doubtful = (ulps > ULPS) & ~(surely > ULPS)
        rows = np.flatnonzero(doubtful if numbers.lost is None else doubtful & ~numbers.lost)
    else:
        ulps, which, rows = np.full(length, np.inf), np.zeros(length, np.int64), np.arange(length)
    if len(rows):
        known, of = _by_arrays(function, numbers, scalars, outputs, rows, threads)
        nearer = known < ulps[rows]
        ulps[rows[nearer]], which[rows[nearer]] = known[nearer], of[nearer]
    if numbers.lost is not None:
        ulps[numbers.lost] = 0.0
    k = int(ulps.argmax())
    point = {x: float(v[k]).hex() for x, v in numbers.columns.items()}
    return Tally(int((ulps > ULPS).sum()), (number, chunk.row(k), [float(ulps[k]).hex(), int(which[k]), point]))


def _executor(function: Function, length: int) -> str:
    """What runs the graph of bounds over so many rows; "" where whole arrays are quicker."""
    graph = function.optimised(True)
    if not bounds_pay(graph, length):
        return ""
    if is_installed() and not obstacle():
        return "compiled"
    return "blocks" if all_known(graph, LACKS) else ""


def _by_arrays(
    function: Function, numbers: Numbers, scalars: Mapping[str, float], outputs: Sequence[Any], rows: Any,
    threads: int | None,
) -> tuple[Any, Any]:  # fmt: skip
    """For each of these rows the largest bound of a result, in units in its last place, and which result it is."""
    formula = Formula(function.program, function.wrt)

    def block(start: int) -> tuple[Any, Any]:
        some = rows[start : start + BLOCK]
        columns = {x: np.asarray(v[some], np.float64) for x, v in numbers.columns.items()}
        at = {**columns, **{x: np.float64(v) for x, v in scalars.items()}}
        return _worst(formula, at, [y[some] for y in outputs])

    formula.compiled(True, ARRAYS)  # before the threads ask for it
    with ThreadPoolExecutor(threads or cores()) as pool:
        parts = list(pool.map(block, range(0, len(rows), BLOCK)))
    ulps, which = (np.concatenate(part) for part in zip(*parts, strict=True))
    return ulps, which


def _worst(formula: Formula, at: Mapping[str, Any], outputs: Sequence[Any]) -> tuple[Any, Any]:
    """The same at these points."""
    compiled = formula.compiled(True, ARRAYS)
    values = compiled.values(at)
    bounds = ArrayBounds(compiled.graph, values)
    ulps = np.zeros((len(outputs), len(outputs[0])))
    with np.errstate(all="ignore"):
        for k, (i, y) in enumerate(zip(compiled.graph.outputs, outputs, strict=True)):
            # The blocks' last digits differ from those of whole arrays.
            apart = np.where((y == values[i]) | np.isnan(y), 0.0, np.abs(y - values[i]))
            reach = size(bounds.bounds[i]) + apart
            ulps[k] = np.where(reach == 0, 0.0, np.where(np.isfinite(y), reach / np.spacing(np.abs(y)), np.inf))
        ulps[:, np.isnan(outputs[0])] = 0.0  # of what has no value other notes tell
    return ulps.max(axis=0), ulps.argmax(axis=0)
