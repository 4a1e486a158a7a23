"""Activation functions of neural networks."""

from __future__ import annotations

from gradcli.core.op import Op, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _sigmoid(m: Any, x: Array) -> Array:
    e = m.exp(-m.abs(x))
    return m.where(x >= 0, 1.0, e) / (1 + e)


def _softsign(m: Any, x: Array) -> Array:
    a = m.abs(x)
    return m.where(a < 1, x / (1 + a), m.sign(x) / (1 + 1 / m.max(a, 1)))


def _softsign_slope(g: Array, y: Array, x: Array) -> Array:
    d = 1 + fn.abs(x)
    return (g / d) / d


ROWS = (
    Op(
        "relu", "x",
        about="x where it is positive, else 0", ulp=0, example="relu(-2)", definition="max(x, 0)",
        edges="kink at 0, slope 0 used",
        vjp=(lambda g, y, x: g,), active=(lambda y, x: x > 0,),
        kink=lambda x: x == 0, integral=True,
    ),
    Op(
        "leaky_relu", "x, negative_slope=0.01",
        about="x where it is positive, else a small multiple of x", ulp=0.6, example="leaky_relu(-2)",
        definition="x if x >= 0 else negative_slope*x", edges="kink at 0, slope negative_slope used",
        vjp=(lambda g, y, x, slope: fn.where(x > 0, g, g * slope), lambda g, y, x, slope: g * x),
        active=(None, lambda y, x, slope: x < 0),
        kink=lambda x, slope: (x == 0) & (slope != 1),
        underflow=not_zero,
    ),
    Op(
        "elu", "x, alpha=1",
        about="x where it is positive, else alpha*expm1(x)", example="elu(-2)",
        definition="x if x >= 0 else alpha*expm1(x)", edges="kink at 0 where alpha != 1, slope alpha used",
        vjp=(
            lambda g, y, x, alpha: fn.where(x > 0, g, g * (alpha * fn.exp(x))),
            lambda g, y, x, alpha: g * fn.expm1(x),
        ),
        active=(None, lambda y, x, alpha: x < 0),
        kink=lambda x, alpha: (x == 0) & (alpha != 1),
        underflow=not_zero,
    ),
    Op(
        "gelu", "x",
        about="x times the normal distribution function of x", example="gelu(1)", ulp=3,
        definition="x*erfc(-x/sqrt(2))/2",
        precise=lambda m, x: m.where(-x == m.inf, -0.0, x * m.ndtr(x)),
        vjp=(lambda g, y, x: g * (fn.ndtr(x) + x * fn.norm_pdf(x)),),
        underflow=not_zero,
    ),
    Op(
        "silu", "x",
        aliases="swish", about="x times sigmoid(x)", example="silu(1)", definition="x/(1 + exp(-x))", ulp=3,
        precise=lambda m, x: m.where(-x == m.inf, -0.0, x * m.sigmoid(x)),
        vjp=(lambda g, y, x: g * (fn.sigmoid(x) + y * fn.sigmoid(-x)),),
        underflow=not_zero,
    ),
    Op(
        "sigmoid", "x",
        aliases="expit", about="the logistic function", example="sigmoid(0)", definition="1/(1 + exp(-x))",
        precise=_sigmoid,
        vjp=(lambda g, y, x: g * (y * fn.sigmoid(-x)),),  # 1 - y would lose all digits far out
        underflow=not_zero,
    ),
    Op(
        "logsigmoid", "x",
        aliases="log_sigmoid log_expit", about="log(sigmoid(x)) without overflow", example="logsigmoid(-1000)",
        definition="-log(1 + exp(-x))",
        precise=lambda m, x: m.min(x, -0.0) - m.log1p(m.exp(-m.abs(x))),  # -0 far out
        vjp=(lambda g, y, x: g * fn.sigmoid(-x),),
        torch="LogSigmoid",
        underflow=not_zero,
    ),
    Op(
        "softplus", "x",
        about="a smooth max(x, 0), without overflow", example="softplus(1000)", definition="log(1 + exp(x))",
        precise=lambda m, x: m.max(x, 0.0) + m.log1p(m.exp(-m.abs(x))),
        vjp=(lambda g, y, x: g * fn.sigmoid(x),),
        underflow=not_zero,
    ),
    Op(
        "softsign", "x",
        about="x squeezed between -1 and 1", example="softsign(1)", definition="x/(1 + abs(x))",
        precise=_softsign,
        vjp=(_softsign_slope,),
        torch="Div",
    ),
)  # fmt: skip
