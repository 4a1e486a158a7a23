"""Derivatives of a row of the table: by its rules on floats, and by differences of its ball form."""

from __future__ import annotations

import flint

from gradcli.core.graph import VARIABLE, Builder, finish
from gradcli.core.reverse import differentiate
from gradcli.domains.balls import BALLS
from gradcli.domains.float_tape import Tape

BITS = 6000
STEP = flint.arb(2) ** -500


class Slopes:
    """The value, the gradient and the Hessian of a row, as its rules give them.

    fixed: values of leading arguments that are literals (the order of polygamma).
    """

    def __init__(self, row, count, fixed=()):
        builder = Builder()
        self.count = count
        self.names = [f"x{k}" for k in range(count)]
        xs = [builder.intern((VARIABLE, name)) for name in self.names]
        zero = builder.number(0.0)
        value = builder.intern((row, *[builder.number(v) for v in fixed], *xs))
        first = differentiate(builder, value, xs)
        gradient = [first.get(x, zero) for x in xs]
        outputs = [value, *gradient]
        for g in gradient:
            second = differentiate(builder, g, xs)
            outputs += [second.get(x, zero) for x in xs]
        self.tape = Tape(finish(builder, outputs))

    def at(self, *point):
        """(value, gradient, Hessian) on floats."""
        values = self.tape.run(dict(zip(self.names, point, strict=True)))
        out = [values[k] for k in self.tape.outputs]
        n = self.count
        return out[0], out[1 : n + 1], [out[n + 1 + n * k : n + 1 + n * (k + 1)] for k in range(n)]


def _moved(point, *moves):
    xs = list(point)
    for k, h in moves:
        xs[k] = xs[k] + h
    return xs


def _step(point):
    """Small beside every argument."""
    step = STEP
    for v in point:
        if v != 0 and abs(v) < 1:
            step = step.min(STEP * abs(v))
    return step


def difference(row, point, i):
    """The partial by argument i, from a difference of balls: good for some 900 bits."""
    with flint.ctx.workprec(BITS):
        point = [flint.arb(v) for v in point]
        h = _step(point)
        return (BALLS[row.name](*_moved(point, (i, h))) - BALLS[row.name](*_moved(point, (i, -h)))) / (2 * h)


def second_difference(row, point, i, j):
    """The second partial by arguments i and j."""
    with flint.ctx.workprec(BITS):
        point = [flint.arb(v) for v in point]
        h = _step(point)
        k = h * 3
        total = 0
        for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            total = total + s * t * BALLS[row.name](*_moved(point, (i, s * h), (j, t * k)))
        return total / (4 * h * k)
