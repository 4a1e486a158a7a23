"""sympy's expressions of real symbols. Composed operations are built by their definition.

StepFunction functions have derivatives 0: sympy's own leave that of `floor` unevaluated and give `sign` a Dirac delta.
"""

from __future__ import annotations

import math
from typing import Any

import sympy

from gradcli.domains.domain import Domain

CONSTANTS = {
    "pi": sympy.pi, "π": sympy.pi, "tau": 2 * sympy.pi, "e": sympy.E, "inf": sympy.oo, "nan": sympy.nan,
}  # fmt: skip


class StepFunction(sympy.Function):
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


class Sign(StepFunction):
    """-1, 0 or 1."""

    at = staticmethod(sympy.sign)


class Floor(StepFunction):
    """Down to an integer."""

    at = staticmethod(sympy.floor)


class Ceil(StepFunction):
    """Up to an integer."""

    at = staticmethod(sympy.ceiling)


class Round(StepFunction):
    """To the nearest integer, ties to even."""

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        below = sympy.floor(x)
        rest = x - below - sympy.S.Half
        return below + 1 if rest > 0 or (rest == 0 and below % 2) else below


class Trunc(StepFunction):
    """Towards 0 to an integer."""

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return sympy.floor(x) if x > 0 else sympy.ceiling(x)


class Detach(StepFunction):
    """x as a constant: it stays unevaluated so that its derivative is 0."""

    @classmethod
    def at(cls, x: sympy.Expr) -> sympy.Expr:
        return x


class ZetaDerivative(sympy.Function):
    """The n-th derivative of Hurwitz' zeta by s, of which sympy has none."""

    nargs = 3

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        n, s, q = self.args
        if argindex == 2:
            return ZetaDerivative(n + 1, s, q)
        below = n * ZetaDerivative(n - 1, s + 1, q) if n != 0 else 0
        return -s * ZetaDerivative(n, s + 1, q) - below

    def _eval_evalf(self, prec: int) -> sympy.Expr | None:
        from mpmath import mp, mpf  # noqa: PLC0415

        n, s, q = [x.evalf(prec // 3 + 10) for x in self.args]
        if not (s.is_Float and q.is_Float):
            return None
        with mp.workprec(prec + 20):
            return sympy.Float(mp.zeta(mpf(s), mpf(q), int(n)), precision=prec)


def _whole(function: Any) -> Any:
    """A function of a whole order, which is a number."""
    return lambda n, x: function(int(n) if n.is_number else n, x)


_BESSEL = {"j": sympy.besselj, "y": sympy.bessely, "i": sympy.besseli, "k": sympy.besselk}


def literal(value: float | str) -> sympy.Expr:
    """The constant of this name, or the rational number that a float is."""
    if isinstance(value, str):
        return CONSTANTS[value]
    if math.isinf(value):
        return sympy.oo if value > 0 else -sympy.oo
    return sympy.nan if value != value else sympy.Rational(*value.as_integer_ratio())


def _truth(condition: Any) -> sympy.Expr:
    return sympy.Piecewise((1, condition), (0, True))


def _true(x: sympy.Expr) -> Any:
    """The condition that a number is not 0; of a truth value the condition that made it."""
    if isinstance(x, sympy.Piecewise) and len(x.args) == 2 and (x.args[0][0], x.args[1][0]) == (1, 0):
        return x.args[0][1]
    return sympy.Ne(x, 0)


def _lgamma(x: sympy.Expr) -> sympy.Expr:
    return sympy.Piecewise((sympy.loggamma(x), x > 0), (sympy.log(sympy.Abs(sympy.gamma(x))), True))


def _polygamma(n: sympy.Expr, x: sympy.Expr) -> sympy.Expr:
    return sympy.polygamma(int(n) if n.is_number else n, x)


def _sinc_derivative(n: sympy.Expr, x: sympy.Expr) -> sympy.Expr:
    u = sympy.Symbol("u", real=True)
    return sympy.sinc(sympy.pi * u).diff(u, int(n)).subs(u, x)


_RELATIONS = {
    "lt": sympy.Lt, "le": sympy.Le, "gt": sympy.Gt, "ge": sympy.Ge, "eq": sympy.Eq, "ne": sympy.Ne,
}  # fmt: skip

PRIMITIVES: dict[str, Any] = {
    "add": sympy.Add, "sub": lambda x, y: x - y, "mul": sympy.Mul, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "pow": lambda x, y: x**y,
    **{name: lambda x, y, relation=relation: _truth(relation(x, y)) for name, relation in _RELATIONS.items()},
    "logical_and": lambda x, y: _truth(sympy.And(_true(x), _true(y))),
    "logical_or": lambda x, y: _truth(sympy.Or(_true(x), _true(y))),
    "logical_not": lambda x: _truth(sympy.Not(_true(x))),
    "where": lambda c, x, y: sympy.Piecewise((x, _true(c)), (y, True)),
    "max": sympy.Max, "min": sympy.Min, "abs": sympy.Abs, "detach": Detach,
    **{name: getattr(sympy, name) for name in (
        *("exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "gamma"),
    )},
    "cbrt": lambda x: Sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    "sign": Sign, "floor": Floor, "ceil": Ceil, "round": Round, "trunc": Trunc,
    "sinc": lambda x: sympy.sinc(sympy.pi * x), "sinc_derivative": _sinc_derivative,
    "root": lambda x, n: Sign(x) * sympy.Abs(x) ** (1 / n),
    "lambertw": lambda x, k: sympy.LambertW(x, int(k) if k.is_number else k),
    "jv": _whole(sympy.besselj), "yv": _whole(sympy.bessely), "iv": _whole(sympy.besseli), "kv": _whole(sympy.besselk),
    **{f"{name}{n}": lambda x, n=n, f=f: f(n, x) for n in (0, 1) for name, f in _BESSEL.items()},
    "expint": _whole(sympy.expint), "expi": sympy.Ei, "zeta": lambda s, q: ZetaDerivative(0, s, q),
    "zeta_derivative": lambda n, s, q: ZetaDerivative(int(n) if n.is_number else n, s, q),
    "gammainc": lambda a, x: sympy.lowergamma(a, x) / sympy.gamma(a),
    "gammaincc": lambda a, x: sympy.uppergamma(a, x) / sympy.gamma(a),
    "betainc": lambda a, b, x: sympy.betainc_regularized(a, b, 0, x),
    "lgamma": _lgamma, "digamma": lambda x: sympy.polygamma(0, x), "polygamma": _polygamma,
}  # fmt: skip

SYMBOLS = Domain(PRIMITIVES, literal)
