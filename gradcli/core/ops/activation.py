"""Activation functions of neural networks."""

from __future__ import annotations

import math

from gradcli.core.op import Op
from gradcli.core.ops import array_forms
from gradcli.core.ops.balls import by_sign, on_balls
from gradcli.core.ops.precise import ndtr
from gradcli.core.trace import fn

INF, NAN = math.inf, math.nan


def _relu(x: float) -> float:
    return 0.0 if x <= 0 else x


def _leaky_relu(x: float, slope: float) -> float:
    return x if x >= 0 else slope * x


def _ball_leaky_relu(x, slope):
    return by_sign(x, lambda v: v, lambda v: slope * v)


def _elu(x: float, alpha: float) -> float:
    return x if x >= 0 else alpha * math.expm1(x)


def _ball_elu(x, alpha):
    return by_sign(x, lambda v: v, lambda v: alpha * v.expm1())


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def _ball_sigmoid(x):
    if x < 0:
        e = x.exp()
        return e / (1 + e)
    return 1 / (1 + (-x).exp())


def _silu(x: float) -> float:
    return x * _sigmoid(x) if x != -INF else -0.0


def _gelu(x: float) -> float:
    return x * ndtr(x) if x != -INF else -0.0


def _softplus(x: float) -> float:
    return (x if x > 0 else 0.0) + math.log1p(math.exp(-abs(x)))


def _ball_softplus(x):
    return x.max(type(x)(0)) + (-abs(x)).exp().log1p()


def _softsign(x: float) -> float:
    return x / (1.0 + abs(x)) if abs(x) != INF else math.copysign(1.0, x)


def _softsign_slope(g, y, x):
    d = 1 + fn.abs(x)
    return (g / d) / d


ROWS = (
    Op(
        "relu", "x",
        about="x where it is positive, else 0", example="relu(-2)", formula="max(x, 0)",
        edges="kink at 0, slope 0 used",
        on_array=array_forms.relu,
        on_float=_relu, on_ball=on_balls(lambda x: x.max(type(x)(0))), to_sympy=lambda s, x: s.Max(x, 0),
        vjp=(lambda g, y, x: g,), active=(lambda y, x: x > 0,),
        kink=lambda x: x == 0,
    ),
    Op(
        "leaky_relu", "x, negative_slope=0.01",
        about="x where it is positive, else a small multiple of x", example="leaky_relu(-2)",
        formula="x if x > 0 else negative_slope*x", edges="kink at 0, slope negative_slope used",
        on_array=array_forms.leaky_relu,
        on_float=_leaky_relu, on_ball=on_balls(_ball_leaky_relu, lambda x, slope: x == -INF and slope.is_zero()),
        to_sympy=lambda s, x, slope: s.Piecewise((x, x > 0), (slope * x, True)),
        vjp=(lambda g, y, x, slope: fn.where(x > 0, g, g * slope), lambda g, y, x, slope: g * x),
        active=(None, lambda y, x, slope: x < 0),
        kink=lambda x, slope: x == 0 and slope != 1,
    ),
    Op(
        "elu", "x, alpha=1",
        about="x where it is positive, else alpha*expm1(x)", example="elu(-2)",
        formula="x if x > 0 else alpha*expm1(x)", edges="kink at 0 where alpha != 1, slope alpha used",
        on_array=array_forms.elu,
        on_float=_elu, on_ball=on_balls(_ball_elu),
        to_sympy=lambda s, x, alpha: s.Piecewise((x, x > 0), (alpha * (s.exp(x) - 1), True)),
        vjp=(
            lambda g, y, x, alpha: fn.where(x > 0, g, g * (alpha * fn.exp(x))),
            lambda g, y, x, alpha: g * fn.expm1(x),
        ),
        active=(None, lambda y, x, alpha: x < 0),
        kink=lambda x, alpha: x == 0 and alpha != 1,
    ),
    Op(
        "gelu", "x",
        about="x times the normal distribution function of x", example="gelu(1)", formula="x*erfc(-x/sqrt(2))/2",
        on_array=array_forms.gelu,
        on_float=_gelu, to_sympy=lambda s, x: x * s.erfc(-x / s.sqrt(2)) / 2,
        on_ball=on_balls(lambda x: x * (-x / type(x)(2).sqrt()).erfc() / 2, edges={INF: INF, -INF: 0.0}),
        vjp=(lambda g, y, x: g * (fn.ndtr(x) + x * fn.norm_pdf(x)),),
    ),
    Op(
        "silu", "x",
        aliases="swish", about="x times sigmoid(x)", example="silu(1)", formula="x/(1 + exp(-x))",
        on_array=array_forms.silu,
        on_float=_silu, to_sympy=lambda s, x: x / (1 + s.exp(-x)),
        on_ball=on_balls(lambda x: x * _ball_sigmoid(x), edges={INF: INF, -INF: 0.0}),
        vjp=(lambda g, y, x: g * (fn.sigmoid(x) + y * fn.sigmoid(-x)),),
    ),
    Op(
        "sigmoid", "x",
        aliases="expit", about="the logistic function", example="sigmoid(0)", formula="1/(1 + exp(-x))",
        on_array=array_forms.sigmoid,
        on_float=_sigmoid, on_ball=on_balls(_ball_sigmoid, edges={INF: 1.0, -INF: 0.0}),
        to_sympy=lambda s, x: 1 / (1 + s.exp(-x)),
        vjp=(lambda g, y, x: g * (y * fn.sigmoid(-x)),),  # 1 - y would lose all digits far out
    ),
    Op(
        "logsigmoid", "x",
        aliases="log_sigmoid log_expit", about="log(sigmoid(x)) without overflow", example="logsigmoid(-1000)",
        formula="-log(1 + exp(-x))",
        on_array=array_forms.logsigmoid,
        on_float=lambda x: -_softplus(-x), to_sympy=lambda s, x: -s.log(1 + s.exp(-x)),
        on_ball=on_balls(lambda x: -_ball_softplus(-x), edges={INF: 0.0, -INF: -INF}),
        vjp=(lambda g, y, x: g * fn.sigmoid(-x),),
    ),
    Op(
        "softplus", "x",
        about="a smooth max(x, 0), without overflow", example="softplus(1000)", formula="log(1 + exp(x))",
        on_array=array_forms.softplus,
        on_float=_softplus, to_sympy=lambda s, x: s.log(1 + s.exp(x)),
        on_ball=on_balls(_ball_softplus, edges={INF: INF, -INF: 0.0}),
        vjp=(lambda g, y, x: g * fn.sigmoid(x),),
    ),
    Op(
        "softsign", "x",
        about="x squeezed between -1 and 1", example="softsign(1)", formula="x/(1 + abs(x))",
        on_array=array_forms.softsign,
        on_float=_softsign, to_sympy=lambda s, x: x / (1 + s.Abs(x)),
        on_ball=on_balls(lambda x: x / (1 + abs(x)), edges={INF: 1.0, -INF: -1.0}),
        vjp=(_softsign_slope,),
    ),
)  # fmt: skip
