"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import on_balls, rounded
from gradcli.core.ops.precise import cbrt
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan


def _ln(base, like):
    """The constant log(base) in a rule, where steps must hang on a symbol: 0*like is folded away."""
    return fn.log(0 * like + base)


def _safe_log(x: float) -> float:
    return -INF if x == 0 else NAN


def _below_zero(x):
    return x < 0


def _log_base(x: float, base: float) -> float:
    y = math.log(x) / math.log(base)
    near = round(y)
    return float(near) if abs(y - near) < 1e-9 and math.pow(base, near) == x else y


def _safe_log_base(x: float, base: float) -> float:
    if x < 0 or base < 0:
        return NAN
    above, below = (math.log(v) if v else -INF for v in (x, base))
    if above == 0 == below or (above - above != 0 and below - below != 0):
        return NAN
    return above / below if below else math.copysign(INF, above)


def _ball_log_base(x, base):
    if x.is_zero() or base.is_zero() or base == 1 or x == INF or base == INF:
        return type(x)(_safe_log_base(float(x), float(base)))
    return x.log() / base.log()


def _no_log_base(x, base):
    at_edge = all(v.is_zero() or v == INF for v in (x, base))
    return x < 0 or base < 0 or x == base == 1 or at_edge


def _ball_root(x):
    """Arb has no cube root of negative numbers."""
    if x >= 0:
        return x.root(3) if x > 0 else x
    if x <= 0:
        return -((-x).root(3))
    bound = x.abs_upper().root(3)
    return bound.union(-bound)


def _sympy_root(s, x):
    from gradcli.witness.steps import Sign

    return Sign(x) * s.Abs(x) ** s.Rational(1, 3)


def _safe_reciprocal(x: float) -> float:
    return math.copysign(INF, x)


def _safe_rsqrt(x: float) -> float:
    return NAN if x < 0 else math.copysign(INF, x)


def _ball_hypot(x, y):
    square = x * x + y * y
    if square >= 0:
        return square.sqrt()
    bound = square.abs_upper().sqrt()
    return bound.union(-bound)


def _xlogy(x: float, y: float) -> float:
    return 0.0 if x == 0 and y == y else x * math.log(y)


def _safe_xlogy(x: float, y: float) -> float:
    return NAN if y < 0 else x * -INF


def _ball_xlogy(x, y):
    if x.is_zero():
        return x
    if y.is_zero():
        return x.neg_inf() if x > 0 else x.pos_inf() if x < 0 else x.nan()
    return x * y.log()


def logaddexp_on_float(x: float, y: float) -> float:
    if x == y:
        return _mended(x + math.log(2.0), x, y)
    m = x if x > y else y
    return _mended(m + math.log1p(math.exp(-abs(x - y))), x, y)


def _mended(r: float, x: float, y: float) -> float:
    """The sum lost digits where it is much smaller than both of its terms."""
    return r if abs(r) >= 0.25 or not -0.7 < max(x, y) < 0 else _logaddexp_rounded(x, y)


def _ball_logaddexp(x, y):
    if x == -INF or y == INF:
        return y
    if y == -INF or x == INF:
        return x
    return x.max(y) + (-abs(x - y)).exp().log1p()


_logaddexp_rounded = rounded(_ball_logaddexp)


def _logit(x: float) -> float:
    if 0.25 < x < 0.75:
        return 2.0 * math.atanh(2.0 * x - 1.0)
    return math.log(x) - math.log1p(-x)


def _safe_logit(x: float) -> float:
    return -INF if x == 0 else INF if x == 1 else NAN


def _log_row(name: str, aliases: str, base: int, on_float, on_ball, to_sympy) -> Op:
    return Op(
        name, "x",
        aliases=aliases, about=f"the logarithm to base {base}", example=f"{name}({base**3})",
        domain="x >= 0", edges="infinite at 0", formula=f"log(x)/log({base})",
        on_array=name, on_float=on_float, safe=_safe_log, to_sympy=to_sympy,
        on_ball=on_balls(on_ball, _below_zero, {0.0: -INF, INF: INF}),
        vjp=(lambda g, y, x: g / fn.positive(x) / _ln(base, x),),
        pole=lambda x: x == 0,
    )  # fmt: skip


# `positive` in the rules makes -0 the edge of the domain too: sqrt(-x) at 0 has slope -inf.
ROWS = (
    Op(
        "exp", "x",
        about="e to the power x", example="exp(1)",
        on_array="exp",
        on_float=math.exp, on_ball=on_balls(lambda x: x.exp()), to_sympy=lambda s, x: s.exp(x),
        vjp=(lambda g, y, x: g * y,),
    ),
    Op(
        "exp2", "x",
        about="2 to the power x", example="exp2(10)", formula="2**x",
        on_array="exp2",
        on_float=math.exp2, on_ball=on_balls(lambda x: type(x)(2) ** x, edges={INF: INF, -INF: 0.0}),
        to_sympy=lambda s, x: 2**x,
        vjp=(lambda g, y, x: g * (y * _ln(2, x)),),
    ),
    Op(
        "exp10", "x",
        about="10 to the power x", example="exp10(3)", formula="10**x",
        on_array=array_forms.exp10,
        on_float=lambda x: math.pow(10.0, x),
        on_ball=on_balls(lambda x: type(x)(10) ** x, edges={INF: INF, -INF: 0.0}),
        to_sympy=lambda s, x: 10**x,
        vjp=(lambda g, y, x: g * (y * _ln(10, x)),),
    ),
    Op(
        "expm1", "x",
        about="exp(x) - 1, precise near 0", example="expm1(1e-9)", formula="exp(x) - 1",
        on_array="expm1",
        on_float=math.expm1, on_ball=on_balls(lambda x: x.expm1()), to_sympy=lambda s, x: s.exp(x) - 1,
        vjp=(lambda g, y, x: g * fn.exp(x),),  # y + 1 would lose digits below 0
    ),
    Op(
        "log", "x",
        aliases="ln", about="the natural logarithm; log(x, b) has base b", example="log(10)",
        domain="x >= 0", edges="infinite at 0",
        on_array="log",
        on_float=math.log, safe=_safe_log, to_sympy=lambda s, x: s.log(x),
        on_ball=on_balls(lambda x: x.log(), _below_zero, {0.0: -INF}),
        vjp=(lambda g, y, x: g / fn.positive(x),),
        pole=lambda x: x == 0,
    ),
    _log_row("log2", "", 2, math.log2, lambda x: x.log() / x.const_log2(), lambda s, x: s.log(x) / s.log(2)),
    _log_row("log10", "", 10, math.log10, lambda x: x.log() / x.const_log10(), lambda s, x: s.log(x) / s.log(10)),
    Op(
        "log_base", "x, base",
        about="the logarithm to any base: what log(x, base) means", example="log_base(8, 2)",
        domain="x >= 0, base > 0, base != 1", edges="infinite at x = 0 and at base = 1", formula="log(x)/log(base)",
        on_array=array_forms.log_base,
        on_float=_log_base, safe=_safe_log_base, to_sympy=lambda s, x, base: s.log(x) / s.log(base),
        on_ball=on_balls(_ball_log_base, _no_log_base),
        vjp=(
            lambda g, y, x, base: g / fn.positive(x) / fn.log(base),
            lambda g, y, x, base: -((g / fn.positive(base) / fn.log(base)) * y),
        ),
        pole=lambda x, base: x == 0 or base in (0, 1),
    ),
    Op(
        "log1p", "x",
        about="log(1 + x), precise near 0", example="log1p(1e-9)", formula="log(1 + x)",
        domain="x >= -1", edges="infinite at -1",
        on_array="log1p",
        on_float=math.log1p, safe=lambda x: -INF if x == -1 else NAN, to_sympy=lambda s, x: s.log(1 + x),
        on_ball=on_balls(lambda x: x.log1p(), lambda x: x < -1, {-1.0: -INF}),
        vjp=(lambda g, y, x: g / (1 + x),),
        pole=lambda x: x == -1,
    ),
    Op(
        "sqrt", "x",
        about="the square root", example="sqrt(2)", domain="x >= 0", edges="slope infinite at 0",
        on_array="sqrt",
        on_float=math.sqrt, on_ball=on_balls(lambda x: x.sqrt(), _below_zero), to_sympy=lambda s, x: s.sqrt(x),
        vjp=(lambda g, y, x: g / (2 * fn.positive(y)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "cbrt", "x",
        about="the cube root, also of negative numbers", example="cbrt(-27)", edges="slope infinite at 0",
        on_array="cbrt",
        on_float=cbrt, on_ball=on_balls(_ball_root, edges={INF: INF, -INF: -INF}),
        to_sympy=_sympy_root,
        vjp=(lambda g, y, x: g / (3 * (y * y)),),
        pole=lambda x: x == 0,
    ),
    Op(
        "square", "x",
        about="the square", example="square(3)", formula="x*x",
        on_array="square",
        on_float=lambda x: x * x, on_ball=on_balls(lambda x: x * x), to_sympy=lambda s, x: x**2,
        vjp=(lambda g, y, x: g * (2 * x),),
    ),
    Op(
        "reciprocal", "x",
        about="one over x", example="reciprocal(4)", formula="1/x", domain="x != 0", edges="infinite at 0",
        on_array="reciprocal",
        on_float=lambda x: 1.0 / x, safe=_safe_reciprocal, to_sympy=lambda s, x: 1 / x,
        on_ball=on_balls(lambda x: 1 / x, edges={0.0: INF}),
        vjp=(lambda g, y, x: -((g * y) * y),),
        pole=lambda x: x == 0,
    ),
    Op(
        "rsqrt", "x",
        about="one over the square root", example="rsqrt(4)", formula="1/sqrt(x)", domain="x >= 0",
        edges="infinite at 0",
        on_array=array_forms.rsqrt,
        on_float=lambda x: 1.0 / math.sqrt(x), safe=_safe_rsqrt, to_sympy=lambda s, x: 1 / s.sqrt(x),
        on_ball=on_balls(lambda x: x.rsqrt(), _below_zero, {0.0: INF}),
        vjp=(lambda g, y, x: -(0.5 * (g * y) / x),),
        pole=lambda x: x == 0,
    ),
    Op(
        "hypot", "x, y",
        about="the length of the vector (x, y), without overflow", example="hypot(3, 4)", formula="sqrt(x*x + y*y)",
        edges="kink at the origin, slope 0 used",
        on_array="hypot",
        on_float=math.hypot, on_ball=on_balls(_ball_hypot), to_sympy=lambda s, x, y: s.sqrt(x**2 + y**2),
        vjp=(lambda g, r, x, y: g * (x / r), lambda g, r, x, y: g * (y / r)),
        active=(lambda r, x, y: r != 0, lambda r, x, y: r != 0),
        kink=lambda x, y: x == 0 and y == 0,
    ),
    Op(
        "hypot1", "x",
        about="the length of the vector (1, x); serves the rule of asinh", example="hypot1(1)",
        formula="sqrt(1 + x*x)",
        on_array=array_forms.hypot1,
        on_float=lambda x: math.hypot(1.0, x), on_ball=on_balls(lambda x: (1 + x * x).sqrt()),
        to_sympy=lambda s, x: s.sqrt(1 + x**2),
        vjp=(lambda g, r, x: g * (x / r),),
    ),
    Op(
        "xlogy", "x, y",
        about="x*log(y), and 0 where x is 0", example="xlogy(0, 0)", formula="x*log(y) if x != 0 else 0",
        domain="y >= 0, or x = 0", edges="infinite at y = 0",
        on_array=array_forms.xlogy,
        on_float=_xlogy, safe=_safe_xlogy, to_sympy=lambda s, x, y: x * s.log(y),
        on_ball=on_balls(_ball_xlogy, lambda x, y: (y < 0 and x != 0) or (x.abs_lower() == INF and y == 1)),
        vjp=(lambda g, r, x, y: g * fn.log(y), lambda g, r, x, y: g * (x / fn.positive(y))),
        active=(None, lambda r, x, y: fn.logical_or(x != 0, y > 0)),
        pole=lambda x, y: y == 0,
    ),
    Op(
        "logaddexp", "x, y",
        about="log(exp(x) + exp(y)) without overflow", example="logaddexp(1000, 1000)",
        formula="log(exp(x) + exp(y))",
        on_array=array_forms.logaddexp,
        on_float=logaddexp_on_float, on_ball=on_balls(_ball_logaddexp),
        to_sympy=lambda s, x, y: s.log(s.exp(x) + s.exp(y)),
        vjp=(lambda g, r, x, y: g * fn.sigmoid(x - y), lambda g, r, x, y: g * fn.sigmoid(y - x)),
    ),
    Op(
        "logit", "x",
        about="the logarithm of the odds, the inverse of sigmoid", example="logit(0.25)", formula="log(x/(1 - x))",
        domain="0 <= x <= 1", edges="infinite at 0 and 1",
        on_array=array_forms.logit,
        on_float=_logit, safe=_safe_logit, to_sympy=lambda s, x: s.log(x / (1 - x)),
        on_ball=on_balls(lambda x: (x / (1 - x)).log(), lambda x: x < 0 or x > 1, {0.0: -INF, 1.0: INF}),
        vjp=(lambda g, y, x: g / fn.positive(x) / (1 - x),),
        pole=lambda x: x in (0, 1),
    ),
)  # fmt: skip
