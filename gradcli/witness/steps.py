"""Step functions for sympy whose derivatives are 0, and `detach`, which has the value alone.

sympy's own leave derivatives of `floor` unevaluated and give `sign` a Dirac delta.
"""

from __future__ import annotations

from typing import Any

import sympy


class Step(sympy.Function):
    """A function of one real number, constant between its steps."""

    nargs = 1

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        """The value at a real number."""
        raise NotImplementedError

    @classmethod
    def eval(cls, x: sympy.Expr) -> sympy.Expr | None:
        return cls.at(x) if x.is_Number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return sympy.S.Zero

    def _eval_is_extended_real(self) -> bool | None:
        return self.args[0].is_extended_real

    def _eval_evalf(self, prec: int) -> sympy.Expr | None:
        x = self.args[0]._evalf(prec)
        return sympy.Float(self.at(x), precision=prec) if x.is_Number else None


class Sign(Step):
    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return sympy.sign(x)


class Floor(Step):
    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return sympy.floor(x)


class Ceil(Step):
    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return sympy.ceiling(x)


class Round(Step):
    """To the nearest integer, ties to even."""

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        below = sympy.floor(x)
        rest = x - below - sympy.S.Half
        return below + 1 if rest > 0 or (rest == 0 and below % 2) else below


class Trunc(Step):
    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return sympy.floor(x) if x > 0 else sympy.ceiling(x)


class Detach(Step):
    """x as a constant: it stays unevaluated so that its derivative is 0."""

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return x


def heaviside(x: sympy.Expr, at_zero: sympy.Expr) -> sympy.Expr:
    """0 below 0, 1 above."""
    return sympy.Piecewise((1, x > 0), (0, x < 0), (at_zero, True))


__all__: list[Any] = ["Ceil", "Detach", "Floor", "Round", "Sign", "Step", "Trunc", "heaviside"]
