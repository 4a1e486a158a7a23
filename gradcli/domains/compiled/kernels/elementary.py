"""What an instruction or a few compute, without an approximation."""

from __future__ import annotations

from functools import reduce
from math import inf
from typing import Any

from gradcli.domains.compiled.writer import Vector, Writer


def _larger(m: Writer, x: Vector, y: Vector) -> Vector:
    """Of 0 and -0 the later; NaN where one is."""
    return m.where((x > y) | (x != x), x, y)


def _smaller(m: Writer, x: Vector, y: Vector) -> Vector:
    return m.where((x < y) | (x != x), x, y)


def largest(m: Writer, *x: Any) -> Vector:
    """The largest of any number."""
    return reduce(lambda a, b: _larger(m, a, b), map(m.number, x))


def smallest(m: Writer, *x: Any) -> Vector:
    """The smallest of any number."""
    return reduce(lambda a, b: _smaller(m, a, b), map(m.number, x))


def clamp(m: Writer, x: Any, low: Any, high: Any) -> Vector:
    """Between two bounds, of which the upper one wins."""
    return smallest(m, largest(m, x, low), high)


def sign(m: Writer, x: Vector) -> Vector:
    """1, -1, 0 or NaN."""
    return m.where(x > 0.0, 1.0, m.where(x < 0.0, -1.0, x + 0.0))


def where(m: Writer, c: Any, x: Any, y: Any) -> Vector:
    """A choice."""
    return m.where(m.truth(m.number(c) if not isinstance(c, Vector) else c), m.number(x), m.number(y))


def fmod(m: Writer, x: Vector, y: Vector) -> Vector:
    """x - trunc(x/y)*y without an error: the product may be one y too large; far out the C library's."""
    a, b = m.abs(x), m.abs(y)
    ratio = a / b
    far = (ratio >= 2.0**52) | (b == inf)
    rest = m.fma(-m.call("trunc", ratio), b, a)
    rest = m.where(rest < 0.0, rest + b, rest)
    return m.elsewhere(far, (x, y), m.copysign(rest, x), "fmod")


def mod(m: Writer, x: Vector, y: Vector) -> Vector:
    """With the sign of y, as Python has it."""
    rest = fmod(m, x, y)
    rest = m.where((rest != 0.0) & ((m.bits(rest) ^ m.bits(y)) < 0), rest + y, rest)
    return m.where(rest == 0.0, m.copysign(rest, y), rest)
