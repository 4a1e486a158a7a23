"""Balls as fractions and back: where a number is rational, what a comparison or a step makes of it is decided."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq, fmpz

from gradcli.domains import fractions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.op import Op

# Rational arithmetic goes on while numerator and denominator have at most so many bits.
MOST_BITS = 1024


def from_fraction(q: Fraction) -> arb:
    """The ball of a rational number at the current precision."""
    return arb(fmpq(fmpz(q.numerator), fmpz(q.denominator)))


def dyadic(x: arb) -> Fraction | None:
    """The number that an exact ball is, where it has not too many bits."""
    if not x.is_exact() or not x.is_finite():
        return None
    m, k = x.man_exp()
    if abs(k) > MOST_BITS or m.bit_length() > MOST_BITS:
        return None
    return Fraction(int(m)) * Fraction(2) ** int(k)


def bits(q: Fraction) -> int:
    """How many bits numerator and denominator have."""
    return q.numerator.bit_length() + q.denominator.bit_length()


def evaluate(op: Op, known: Sequence[Fraction | None]) -> Fraction | None:
    """An operation on rational numbers; None where one is not known, or the result is not or has too many bits."""
    operands = [q for q in known if q is not None]
    result = None if len(operands) < len(known) else fractions.evaluate(op.name, operands)
    return result if result is None or op.decides or bits(result) <= MOST_BITS else None
