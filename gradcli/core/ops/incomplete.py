"""The incomplete gamma and beta functions, regularised: what distributions of waiting times and of shares are."""

from __future__ import annotations

from gradcli.core.op import MISSING, Op
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Builder
    from gradcli.core.op import Array


def _is_no_gamma(builder: Builder, x: int) -> bool:
    """Is a node a literal at which 1/gamma is 0?"""
    value = builder.literals.get(x, 1.0)
    return value <= 0 and value % 1 == 0


def _gamma_density(builder: Builder, a: int, x: int) -> int | None:
    return builder.number(0.0) if _is_no_gamma(builder, a) else None


def _beta_density(builder: Builder, s: int, a: int, b: int, x: int) -> int | None:
    return builder.number(0.0) if _is_no_gamma(builder, a) or _is_no_gamma(builder, b) else None


def _by_x(g: Array, y: Array, a: Array, x: Array) -> Array:
    return g * fn.gamma_density(a, x)


ROWS = (
    Op(
        "gammainc", "a, x",
        torch="Igamma",
        aliases="igamma", about="the regularised lower incomplete gamma function P(a, x)", ulp=0.6,
        example="gammainc(2, 1)", domain="a >= 0, x >= 0, not both 0, a <= 1e17",
        edges="infinite slope at x = 0 for a < 1",
        vjp=(MISSING, _by_x),
        pole=lambda a, x: x == 0 and a < 1, end=lambda a, x: x == 0 and a >= 1,
        underflow=lambda a, x: x != 0,
    ),
    Op(
        "gammaincc", "a, x",
        torch="Igammac",
        aliases="igammac", about="the regularised upper incomplete gamma function Q(a, x)", ulp=0.6,
        example="gammaincc(2, 1)", domain="a >= 0, x >= 0, not both 0, a <= 1e17",
        edges="infinite slope at x = 0 for a < 1",
        vjp=(MISSING, lambda g, y, a, x: -_by_x(g, y, a, x)),
        pole=lambda a, x: x == 0 and a < 1, end=lambda a, x: x == 0 and a >= 1,
        underflow=lambda a, x: a != 0 and x - x == 0,
    ),
    Op(
        "betainc", "a, b, x",
        about="the regularised incomplete beta function", ulp=0.6, example="betainc(2, 3, 0.5)",
        domain="0 < a <= 1e8, 0 < b <= 1e8, 0 <= x <= 1",
        edges="infinite slope at x = 0 for a < 1, at x = 1 for b < 1",
        vjp=(MISSING, MISSING, lambda g, y, a, b, x: g * fn.beta_density(a + b, a, b, x)),
        pole=lambda a, b, x: (x == 0 and a < 1) or (x == 1 and b < 1), end=lambda a, b, x: x in (0, 1),
        underflow=lambda a, b, x: x != 0,
    ),
    Op(
        "gamma_density", "a, x",
        about="the derivative of gammainc by x; serves its rule", ulp=0.6, example="gamma_density(2, 1)",
        definition="x**(a - 1)*exp(-x)/gamma(a)", domain="x >= 0", edges="infinite at x = 0 for a < 1",
        vjp=(
            lambda g, y, a, x: (g * y) * (fn.log(x) - fn.digamma(a)),
            lambda g, y, a, x: g * (fn.gamma_density(a - 1, x) - y),
        ),
        simplify=_gamma_density,
        pole=lambda a, x: x == 0 and a < 1,
        underflow=lambda a, x: x != 0 and x - x == 0 and not (a <= 0 and a % 1 == 0),
        internal=True,
    ),
    Op(
        "beta_density", "s, a, b, x",
        about="the derivative of betainc by x, where s = a + b; serves its rule", ulp=0.6,
        example="beta_density(5, 2, 3, 0.5)",
        definition="gamma(s)/(gamma(a)*gamma(b))*x**(a - 1)*(1 - x)**(b - 1)", domain="0 <= x <= 1, s > 0",
        edges="infinite at x = 0 for a < 1, at x = 1 for b < 1",
        vjp=(
            lambda g, y, s, a, b, x: (g * y) * fn.digamma(s),
            lambda g, y, s, a, b, x: (g * y) * (fn.log(x) - fn.digamma(a)),
            lambda g, y, s, a, b, x: (g * y) * (fn.log1p(-x) - fn.digamma(b)),
            lambda g, y, s, a, b, x: g * (fn.beta_density(s, a - 1, b, x) - fn.beta_density(s, a, b - 1, x)),
        ),
        simplify=_beta_density,
        pole=lambda s, a, b, x: (x == 0 and a < 1) or (x == 1 and b < 1),
        underflow=lambda s, a, b, x: x not in (0, 1),
        internal=True,
    ),
)  # fmt: skip
