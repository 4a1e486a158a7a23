"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

from gradcli.core.op import Op, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _ln(base: Array, like: Array) -> Array:
    """The constant log(base) in a rule, where steps must hang on a symbol: 0*like is folded away."""
    return fn.log(0 * like + base)


def _log_row(name: str, base: int) -> Op:
    return Op(
        name, "x",
        about=f"the logarithm to base {base}", example=f"{name}({base**3})",
        domain="x >= 0", edges="infinite at 0", definition=f"log(x)/log({base})",
        vjp=(lambda g, y, x: g / fn.positive(x) / _ln(base, x),),
        pole=lambda x: x == 0,
    )  # fmt: skip


def _log_base(m: Any, x: Array, base: Array) -> Array:
    """A whole number where x is that power of the base."""
    y = m.log(x) / m.log(base)
    near = m.round(y)
    return m.where(m.logical_and(m.abs(y - near) < 1e-9, m.pow(base, near) == x), near, y)


def _logit(m: Any, x: Array) -> Array:
    near = m.logical_and(x > 0.25, x < 0.75)
    return m.where(near, 2 * m.atanh(2 * x - 1), m.log(x) - m.log1p(-x))


# `positive` in the rules makes -0 the edge of the domain too: sqrt(-x) at 0 has slope -inf.
ROWS = (
    Op(
        "exp", "x",
        about="e to the power x", ulp=0.6, example="exp(1)",
        vjp=(lambda g, y, x: g * y,),
        underflow=not_zero,
    ),
    Op(
        "exp2", "x",
        about="2 to the power x", ulp=0.6, example="exp2(10)", definition="2**x",
        vjp=(lambda g, y, x: g * (y * _ln(2, x)),),
        underflow=not_zero,
    ),
    Op(
        "exp10", "x",
        about="10 to the power x", ulp=0.6, example="exp10(3)", definition="10**x",
        vjp=(lambda g, y, x: g * (y * _ln(10, x)),),
        underflow=not_zero,
    ),
    Op(
        "expm1", "x",
        about="exp(x) - 1, precise near 0", ulp=1, example="expm1(1e-9)", definition="exp(x) - 1",
        vjp=(lambda g, y, x: g * fn.exp(x),),  # y + 1 would lose digits below 0
    ),
    Op(
        "log", "x",
        aliases="ln", about="the natural logarithm; log(x, b) has base b", ulp=0.6, example="log(10)",
        domain="x >= 0", edges="infinite at 0",
        vjp=(lambda g, y, x: g / fn.positive(x),),
        pole=lambda x: x == 0,
    ),
    _log_row("log2", 2),
    _log_row("log10", 10),
    Op(
        "log_base", "x, base",
        about="the logarithm to any base: what log(x, base) means", example="log_base(8, 2)",
        domain="x >= 0, base > 0, base != 1", edges="infinite at x = 0 and at base = 1", definition="log(x)/log(base)",
        precise=_log_base,
        vjp=(
            lambda g, y, x, base: g / fn.positive(x) / fn.log(base),
            lambda g, y, x, base: -((g / fn.positive(base) / fn.log(base)) * y),
        ),
        pole=lambda x, base: x == 0 or base in (0, 1),
    ),
    Op(
        "log1p", "x",
        about="log(1 + x), precise near 0", ulp=1, example="log1p(1e-9)", definition="log(1 + x)",
        domain="x >= -1", edges="infinite at -1",
        vjp=(lambda g, y, x: g / (1 + x),),
        pole=lambda x: x == -1,
        torch="Log1P",
    ),
    Op(
        "sqrt", "x",
        about="the square root", ulp=0.5, example="sqrt(2)", domain="x >= 0", edges="slope infinite at 0",
        vjp=(lambda g, y, x: g / (2 * fn.positive(y)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "cbrt", "x",
        about="the cube root, also of negative numbers", ulp=0.6, example="cbrt(-27)", edges="slope infinite at 0",
        vjp=(lambda g, y, x: g / (3 * (y * y)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "square", "x",
        about="the square", example="square(3)", definition="x*x",
        vjp=(lambda g, y, x: g * (2 * x),),
        integral=True,
        torch="Pow",
        underflow=not_zero,
    ),
    Op(
        "reciprocal", "x",
        about="one over x", example="reciprocal(4)", definition="1/x", domain="x != 0", edges="infinite at 0",
        vjp=(lambda g, y, x: -((g * y) * y),),
        pole=lambda x: x == 0,
        underflow=not_zero,
    ),
    Op(
        "rsqrt", "x",
        about="one over the square root", example="rsqrt(4)", definition="1/sqrt(x)", domain="x >= 0",
        edges="infinite at 0",
        vjp=(lambda g, y, x: -(0.5 * (g * y) / x),),
        pole=lambda x: x == 0,
        underflow=not_zero,
    ),
    Op(
        "hypot", "x, y",
        about="the length of the vector (x, y), without overflow", ulp=1, example="hypot(3, 4)",
        definition="sqrt(x*x + y*y)",
        edges="kink at the origin, slope 0 used",
        vjp=(lambda g, r, x, y: g * (x / r), lambda g, r, x, y: g * (y / r)),
        active=(lambda r, x, y: r != 0, lambda r, x, y: r != 0),
        squared=(lambda g, r, x, y: g * (2 * x), lambda g, r, x, y: g * (2 * y)),
        kink=lambda x, y: (x == 0) & (y == 0),
    ),
    Op(
        "hypot1", "x",
        about="the length of the vector (1, x); serves the rule of asinh", ulp=1, example="hypot1(1)",
        definition="hypot(1, x)",
        vjp=(lambda g, r, x: g * (x / r),),
        internal=True,
    ),
    Op(
        "xlogy", "x, y",
        about="x*log(y), and 0 where x is 0", example="xlogy(0, 0)", definition="x*log(y)",
        precise=lambda m, x, y: m.where(m.logical_and(x == 0, y == y), 0.0, x * m.log(y)),
        domain="y >= 0, or x = 0", edges="infinite at y = 0",
        vjp=(lambda g, r, x, y: g * fn.log(y), lambda g, r, x, y: g * (x / fn.positive(y))),
        active=(None, lambda r, x, y: fn.logical_or(x != 0, y > 0)),
        pole=lambda x, y: y == 0,
        underflow=lambda x, y: y != 1 and not_zero(x, y),
    ),
    Op(
        "logaddexp", "x, y",
        about="log(exp(x) + exp(y)) without overflow", example="logaddexp(1000, 1000)",
        definition="log(exp(x) + exp(y))",
        precise=lambda m, x, y: m.max(x, y) + m.log1p(m.exp(-m.abs(m.where(x == y, 0.0, x - y)))),
        vjp=(lambda g, r, x, y: g * fn.sigmoid(x - y), lambda g, r, x, y: g * fn.sigmoid(y - x)),
        underflow=lambda x, y: x - x == y - y == 0,
    ),
    Op(
        "logit", "x",
        about="the logarithm of the odds, the inverse of sigmoid", example="logit(0.25)", definition="log(x/(1 - x))",
        precise=_logit,
        domain="0 <= x <= 1", edges="infinite at 0 and 1",
        vjp=(lambda g, y, x: g / fn.positive(x) / (1 - x),),
        pole=lambda x: (x == 0) | (x == 1),
    ),
    Op(
        "xlog1py", "x, y",
        torch="SpecialXlog1Py",
        about="x*log(1 + y), and 0 where x is 0", example="xlog1py(0, -1)", definition="x*log1p(y)",
        precise=lambda m, x, y: m.where(m.logical_and(x == 0, y == y), 0.0, x * m.log1p(y)),
        domain="y >= -1, or x = 0", edges="infinite at y = -1",
        vjp=(lambda g, r, x, y: g * fn.log1p(y), lambda g, r, x, y: g * (x / (1 + y))),
        active=(None, lambda r, x, y: fn.logical_or(x != 0, y > -1)),
        pole=lambda x, y: y == -1,
        underflow=not_zero,
    ),
    Op(
        "root", "x, n",
        aliases="nthroot real_root surd", about="the real n-th root, for odd n also of negative numbers", ulp=0.6,
        example="root(-32, 5)", domain="x >= 0, or n odd; n != 0", edges="slope infinite at x = 0 where n > 1",
        vjp=(
            lambda g, y, x, n: (g / n) * fn.where(x == 0, 1 / y ** (n - 1), y / x),
            lambda g, y, x, n: -((g * y) * fn.log(x)) / (n * n),
        ),
        active=(None, lambda y, x, n: x != 0),
        pole=lambda x, n: x == 0 and not 0 <= n <= 1, end=lambda x, n: x == 0 and 0 < n < 1,
        isolated=(None, lambda x, n: x < 0),
        underflow=not_zero,
    ),
)  # fmt: skip
