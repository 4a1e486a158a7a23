"""A model over rows: at given parameters its residuals and exact Jacobian, as the triangle of their QR factors.

Each chunk is reduced by orthogonal factors on top of what was there, so memory does not grow with the rows, and the
normal equations, which square the condition number, are never formed (Björck, Numerical Methods for Least Squares
Problems, 1996, section 6.3.3).
"""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from gradcli.api.function import Function
from gradcli.api.map import block_tape
from gradcli.cpu import cores
from gradcli.regression.rows import CHUNK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.regression.loss import Loss
    from gradcli.regression.rows import Rows

    Vector = np.ndarray[Any, np.dtype[np.float64]]

THREADED = 8192  # elements of a matrix from which on OpenBLAS shares it between threads, which then wait for each other
SLICE = 2**14  # rows whose Jacobian stays in the cache


class Triangle:
    """The factors at some parameters.

    r: the upper triangle of the Jacobian, p by p; z: the residuals in its coordinates; cost: the sum of squares, or of
    the loss; rss: the sum of squares of the weighted residuals. The model of the cost at a step s is |r s + z|^2 and
    what no step changes.
    """

    __slots__ = ("cost", "finite", "r", "rss", "z")

    def __init__(self, factor: Vector, cost: float, rss: float) -> None:
        p = factor.shape[1] - 1
        self.r = factor[:p, :p]
        self.z = factor[:p, p]
        self.cost = cost
        self.rss = rss
        self.finite = math.isfinite(cost) and bool(np.isfinite(factor).all())

    @property
    def gradient(self) -> Vector:
        """Half the gradient of the cost."""
        return self.r.T @ self.z


class Problem:
    """What is to be fitted.

    names: of the parameters; columns: the predictors, in the order of the first columns of `rows`, which are followed
    by the response and the weight 1/sigma; held: the values of all other variables. evaluations counts passes.
    """

    def __init__(
        self, program: Program, names: Sequence[str], columns: Sequence[str], held: Mapping[str, float], rows: Rows,
        loss: Loss | None = None, noise: float | None = None,
    ) -> None:  # fmt: skip
        """noise: what rounding makes of the response, where it is known.

        Raises ExpressionError where the model looks at whole arrays."""
        self.program = program
        self.names = list(names)
        self.columns = list(columns)
        self.held = dict(held)
        self.rows = rows
        self.loss = loss
        self.evaluations = 0
        self._tape = block_tape(Function(program, self.names), frozenset([*self.names, *held]))
        self.noise = _noise(rows) if noise is None else noise

    def at(self, b: Vector) -> Triangle:
        """The factors at these parameters."""
        self.evaluations += 1
        scalars = {**self.held, **dict(zip(self.names, b.tolist(), strict=True))}
        width = len(self.names) + 1
        factor, cost, rss = np.zeros((width, width)), 0.0, 0.0
        for part in _in_turn(self._parts(scalars), self.rows.count > CHUNK):
            factor = triangle(np.vstack([factor, part[0]]))
            cost, rss = cost + part[1], rss + part[2]
            if not np.isfinite(factor).all():
                break
        if self.loss is None:
            with np.errstate(over="ignore"):
                cost = rss = float(factor[:, -1] @ factor[:, -1])
        return Triangle(factor, cost, rss)

    def _parts(self, scalars: Mapping[str, float]) -> Iterator[Callable[[], tuple[Vector, float, float]]]:
        """For each chunk what makes its triangle, its cost and its sum of squares; the values are there before."""
        for *columns, y, weight in self.rows:
            outputs = self._tape.run(dict(zip(self.columns, columns, strict=True)), scalars, len(y))
            yield partial(_reduced, outputs, y, weight, self.loss)

    def first_without_value(self, b: Vector) -> tuple[int, dict[str, float]] | None:
        """The first row (from 0) where the model has no finite value, and its predictors."""
        scalars = {**self.held, **dict(zip(self.names, b.tolist(), strict=True))}
        start = 0
        for *columns, y, _ in self.rows:
            value = self._tape.run(dict(zip(self.columns, columns, strict=True)), scalars, len(y))[0]
            bad = ~np.isfinite(value)
            if bad.any():
                k = int(np.argmax(bad))
                return start + k, {x: float(c[k]) for x, c in zip(self.columns, columns, strict=True)}
            start += len(y)
        return None

    def thinned(self, every: int) -> Problem:
        """The same over every so-manieth row."""
        return Problem(self.program, self.names, self.columns, self.held, self.rows.thinned(every), self.loss)

    def without(self, name: str, value: float) -> Problem:
        """The same with one parameter held."""
        names = [x for x in self.names if x != name]
        return Problem(self.program, names, self.columns, {**self.held, name: value}, self.rows, self.loss, self.noise)


def _noise(rows: Rows) -> float:
    """What rounding makes of the response: an ulp of each element, in the length of the residuals."""
    with np.errstate(over="ignore"):
        return 2.0**-52 * math.sqrt(sum(float(np.sum((y * w) ** 2)) for *_, y, w in rows))


def _in_turn(jobs: Iterator[Callable[[], Any]], threads: bool) -> Iterator[Any]:
    """The results of these jobs in their order; threads: one is done while the next is prepared."""
    if not threads:
        for job in jobs:
            yield job()
        return
    with ThreadPoolExecutor(cores()) as pool:
        pending: deque[Any] = deque()
        for job in jobs:
            pending.append(pool.submit(job))
            if len(pending) > cores():
                yield pending.popleft().result()
        for future in pending:
            yield future.result()


def _reduced(outputs: list[Vector], y: Vector, weight: Vector, loss: Loss | None) -> tuple[Vector, float, float]:
    """(the triangle of some rows, their cost, their sum of squares); outputs: the model and its partials."""
    width = len(outputs)
    block = _block(width)
    factors, cost, rss = [], 0.0, 0.0
    with np.errstate(all="ignore"):
        for start in range(0, len(y), SLICE):
            model, *partials = [column[start : start + SLICE] for column in outputs]
            count = len(model)
            rows = np.zeros((width, -(-count // block) * block))
            residuals, factor = rows[-1, :count], weight[start : start + SLICE]
            np.subtract(model, y[start : start + SLICE], out=residuals)
            residuals *= factor
            if loss is not None:
                rss += float(np.sum(residuals**2))
                cost += loss.cost(residuals)
                residuals[:], bent = loss.rescaled(residuals)
                factor = factor * bent
            for k, column in enumerate(partials):
                np.multiply(column, factor, out=rows[k, :count])
            factors.append(triangle(rows.reshape(width, -1, block).transpose(1, 2, 0)).reshape(-1, width))
    return _together(np.vstack(factors), block), cost, rss


def _together(rows: Vector, block: int) -> Vector:
    """One triangle of many below each other."""
    width = rows.shape[1]
    while len(rows) > block:
        padded = np.zeros((-(-len(rows) // block) * block, width))
        padded[: len(rows)] = rows
        rows = triangle(padded.reshape(-1, block, width)).reshape(-1, width)
    return triangle(rows)


def _block(width: int) -> int:
    """Rows of one factorisation: a power of two, at least four times its columns, and else below THREADED."""
    return max(2 ** int(math.log2(THREADED / width)), 2 ** math.ceil(math.log2(4 * width)))


def triangle(rows: Vector) -> Vector:
    """The triangle of the orthogonal factors of a matrix, or of each of a stack."""
    found: Any = np.linalg.qr(rows, mode="r")
    return found
