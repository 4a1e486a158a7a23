"""Derivatives of a row of the table: by its rules on floats, and by differences of its ball form."""

from __future__ import annotations

import flint

from gradcli.core.graph import VARIABLE, Builder, finish
from gradcli.core.reverse import differentiate
from gradcli.domains.balls import BALLS
from gradcli.domains.float_tape import Tape

# Differences are taken with so many bits: with the last ones where the ball that comes of the first is too wide. A step
# is 2 to the power of minus their twelfth part.
BITS = (1200, 6000)
ENOUGH = 100  # bits: the nearest float needs 53


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


def _accurate(row, point, quotient):
    """A quotient of differences of the row's balls, a function of its ball form, the point and a step."""
    for bits in BITS:
        with flint.ctx.workprec(bits):
            xs = [flint.arb(v) for v in point]
            # Small beside every argument.
            step = flint.arb(2) ** (-bits // 12) * min([1.0, *[abs(v) for v in point if v]])
            found = quotient(BALLS[row.name], xs, step)
        if found.rel_accuracy_bits() >= ENOUGH:
            break
    return found


def difference(row, point, i):
    """The partial by argument i, from a difference of balls."""

    def quotient(f, xs, h):
        return (f(*_moved(xs, (i, h))) - f(*_moved(xs, (i, -h)))) / (2 * h)

    return _accurate(row, point, quotient)


def second_difference(row, point, i, j):
    """The second partial by arguments i and j."""

    def quotient(f, xs, h):
        k = h * 3
        total = 0
        for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            total = total + s * t * f(*_moved(xs, (i, s * h), (j, t * k)))
        return total / (4 * h * k)

    return _accurate(row, point, quotient)
