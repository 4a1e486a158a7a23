"""Plain floats: FLOATS are the quickest functions, which may raise; SAFE never raises and gives IEEE results.

Nothing here loads NumPy; what `math` lacks comes from balls, rounded, and loads python-flint when it is called.
"""

from __future__ import annotations

import _operator as operator  # to load the module around it takes as long as ten of ours
import math

from gradcli.core.graph import CONSTANTS
from gradcli.core.table import by_name
from gradcli.core.trace import template
from gradcli.domains.domain import Domain, parameters, steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.op import Op

INF, NAN = math.inf, math.nan

# Constants of the number format. Numbers in two parts: a float and what it lacks, which is positive.
FORMAT = {
    "splitter": 2.0**27 + 1,
    "least": 1e-290, "most": 1e300,  # squares beyond these lose digits, or overflow
    "degree": 57.295779513082316, "degree_rest": 5.117577790543373e-15,  # 180/pi
    "radian": 0.017453292519943295, "radian_rest": 2.9486522708701687e-19,  # pi/180
    # sqrt(1/2), also as a number of 26 bits and what that lacks
    "root_half": 0.7071067811865476, "root_half_high": 0.7071067839860916, "root_half_low": -2.799544089368687e-09,
    "bell": 1.1283791670955126, "normal": 0.3989422804014327,  # 2/sqrt(pi), 1/sqrt(2*pi)
}  # fmt: skip


def literal(value: Any) -> float:
    """A number, or the constant of this name, as a float."""
    return (CONSTANTS.get(value) or FORMAT[value]) if isinstance(value, str) else float(value)


def _pow_edge(x: float, y: float) -> float:
    odd = math.fmod(y, 2.0) in (1.0, -1.0)
    if x == 0:  # only a negative y raises
        return math.copysign(INF, x) if odd else INF
    if x < 0 and not y.is_integer():
        return NAN
    return -INF if x < 0 and odd else INF


def _div_edge(x: float, y: float) -> float:
    return NAN if x == 0 else math.copysign(INF, x) * math.copysign(1.0, y)


def _mod(x: float, y: float) -> float:
    if y == 0 or x - x != 0 or y != y:
        return NAN
    if y - y != 0 and x != 0:
        return x if (x > 0) == (y > 0) else y
    return x % y


def _max(x: float, *others: float) -> float:
    for v in others:
        if v >= x or v != v:  # of 0 and -0 the later, as NumPy has it
            x = v
    return x


def _min(x: float, *others: float) -> float:
    for v in others:
        if v <= x or v != v:
            x = v
    return x


def _floor(x: float) -> float:
    r = x // 1.0
    return r if r == r else x


def _ceil(x: float) -> float:
    r = -(-x // 1.0)
    return r if r == r else x


def _cbrt(x: float) -> float:
    """The cube root, mended by one Newton step with the residual in two parts.

    Products in two parts: T. J. Dekker, A floating-point technique for extending the available precision (1971),
    by G. W. Veltkamp's splitting.
    """
    m, e = math.frexp(x)
    if m == 0.0 or m - m != 0.0:
        return x
    shift = e % 3
    m = math.ldexp(m, shift)
    y = math.cbrt(m)
    square = y * y
    cube = square * y
    error = product_error(y, y, square) * y + product_error(square, y, cube)
    return math.ldexp(y - ((cube - m) + error) / (3.0 * square), (e - shift) // 3)


def sum_error(x: float, y: float, total: float) -> float:
    """x + y - total exactly, where total is the rounded x + y: D. E. Knuth."""
    part = total - x
    return (x - (total - part)) + (y - part)


def difference_error(x: float, y: float, rest: float) -> float:
    """x - y - rest exactly, where rest is the rounded x - y."""
    part = rest - x
    return (x - (rest - part)) - (y + part)


def product_error(x: float, y: float, product: float) -> float:
    """x*y - product exactly, where product is the rounded x*y."""
    a, b = _split(x)
    c, d = _split(y)
    return ((a * c - product) + a * d + b * c) + b * d


def _split(x: float) -> tuple[float, float]:
    c = FORMAT["splitter"] * x
    high = c - (c - x)
    return high, x - high


def rounded(name: str) -> Callable[..., float]:
    """From the ball function: at most 0.51 ulp, NaN where 16,000 bits do not suffice."""

    def on_float(*x: float) -> float:
        from flint import arb, ctx

        from gradcli.domains.arb import CONTEXT
        from gradcli.domains.arb_special import PRIMITIVES

        for bits in (80, 200, 600, 2000, 16000):
            with CONTEXT, ctx.workprec(bits):
                y = PRIMITIVES[name](*[arb(v) for v in x])
                if y.is_nan() or y.is_exact() or y.rel_accuracy_bits() > 62:
                    return float(y.mid())
                if abs(y) < arb(2) ** -1075:
                    return 0.0
                if abs(y) > arb(2) ** 1024:
                    return INF if y > 0 else -INF
        return NAN

    return on_float


def _signed(name: str) -> Callable[..., float]:
    """Balls know no -0: an infinite value at -0 has the other sign there, where the pole is odd."""
    plain = rounded(name)

    def mended(*x: float) -> float:
        y = plain(*x)
        odd = len(x) == 1 or x[0] % 2 == 0  # polygamma of even orders
        return -y if odd and x[-1] == 0 and math.copysign(1.0, x[-1]) < 0 else y

    return mended


_erfinv, _logaddexp = rounded("erfinv"), rounded("logaddexp")


def _sum_of_exponentials(x: float, y: float) -> float:
    """logaddexp: the quick form, and balls where it is much smaller than both of its terms."""
    r = by_name("logaddexp").precise(FLOATS.names, x, y)  # type: ignore[misc]
    return r if abs(r) >= 0.25 or not -0.7 < max(x, y) < 0 else _logaddexp(x, y)


def _truth(holds: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda x, y: 1.0 if holds(x, y) else 0.0


# Of these a float is the nearest to the ball, in arrays too, element by element.
ROUNDED = frozenset((
    "root", "erfcinv", "erfcx", "erfcx_slope", "ndtri", "log_ndtr", "log_ndtr_slope", "factorial", "binomial", "beta",
    "betaln", "binomial_by_m", "binomial_by_k", "digamma_step", "lambertw",
    "jv", "yv", "iv", "kv", "j0", "j1", "y0", "y1", "i0", "i1", "k0", "k1", "expint", "expi", "zeta", "zeta_derivative",
    "gammainc", "gammaincc", "betainc", "gamma_density", "beta_density",
))  # fmt: skip

PRIMITIVES: dict[str, Callable[..., float]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "mod": _mod,
    "neg": operator.neg, "pow": math.pow,
    **{name: _truth(getattr(operator, name)) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    "logical_and": lambda x, y: 1.0 if x and y else 0.0,
    "logical_or": lambda x, y: 1.0 if x or y else 0.0,
    "logical_not": lambda x: 0.0 if x else 1.0,
    "where": lambda c, x, y: x if c else y,
    "max": _max, "min": _min, "abs": abs, "detach": lambda x: x, "ulp": math.ulp,
    **{name: getattr(math, name) for name in (
        *("exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "hypot"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        *("fmod", "erf", "erfc"),
    )},
    "cbrt": _cbrt,
    "sign": lambda x: 1.0 if x > 0 else -1.0 if x < 0 else x + 0.0,
    "floor": _floor, "ceil": _ceil,
    "round": lambda x: math.copysign(round(x), x),
    "trunc": lambda x: math.copysign(math.trunc(x), x),
    "erfinv": lambda x: _erfinv(x) if x else x,
    "gamma": _signed("gamma"), "digamma": _signed("digamma"), "polygamma": _signed("polygamma"),
    "lgamma": rounded("lgamma"), "sinc_derivative": rounded("sinc_derivative"),
    "logaddexp": _sum_of_exponentials,
    **{name: rounded(name) for name in ROUNDED},
}  # fmt: skip

# The IEEE value where a primitive raised, and no operand is NaN. Without an entry a ValueError means NaN and an
# OverflowError infinity.
_EDGES: dict[str, Callable[..., float]] = {
    "div": _div_edge, "pow": _pow_edge,
    **dict.fromkeys(("log", "log2", "log10"), lambda x: -INF if x == 0 else NAN),
    "log1p": lambda x: -INF if x == -1 else NAN,
    "atanh": lambda x: math.copysign(INF, x) if abs(x) == 1 else NAN,
    "sinh": lambda x: math.copysign(INF, x),
    "round": lambda x: x, "trunc": lambda x: x,  # infinities, which Python's integers cannot hold
}  # fmt: skip


class _Safe(Domain):
    def __missing__(self, name: str) -> Callable[..., float]:
        raw = PRIMITIVES.get(name)
        function = self[name] = self.composed(by_name(name)) if raw is None else _guarded(raw, _EDGES.get(name))
        return function

    def composed(self, row: Any) -> Callable[..., float]:
        # step by step, because operators of Python raise
        return self.run(steps_of(row, precise=True), len(parameters(row)))


def _guarded(raw: Callable[..., float], edge: Callable[..., float] | None) -> Callable[..., float]:
    def function(*x: float) -> float:
        try:
            return raw(*x)
        except (ArithmeticError, ValueError) as error:
            if any(v != v for v in x):
                return NAN
            return edge(*x) if edge is not None else INF if isinstance(error, OverflowError) else NAN

    return function


FLOATS = Domain(PRIMITIVES, literal, rounds=True)
SAFE = _Safe({}, literal, rounds=True)


def rule_on_floats(op: Op, kind: str, index: int, count: int) -> Callable[..., Any] | None:
    """A rule of the table (see `trace.template`) as a function of floats, None where there is none."""
    key = ("on floats", kind, index, count)
    if key not in op.templates:
        traced = template(op, kind, index, count)
        inputs = (1 if op.variadic and kind != "share" else count) + (1 if kind == "active" else 2)
        op.templates[key] = None if traced is None else SAFE.run(traced, inputs)
    return op.templates[key]


def sum_of(numbers: Sequence[float]) -> float:
    """The sum, rounded once; IEEE's answer where an infinity or a NaN is among them."""
    try:
        return math.fsum(numbers)
    except ValueError:  # infinities of both signs
        return math.nan
    except OverflowError:  # perhaps only on the way
        return math.fsum([math.ldexp(x, -100) for x in numbers]) * 2.0**100
