"""Bessel functions, exponential integrals and zeta functions."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, MISSING, Op, always, not_zero
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.core.op import Array

_ORDERS = "n = -1000, ..., 1000"
_FIRST, _SECOND = "Bessel function of the first kind", "Bessel function of the second kind"
_PERIODS = {_FIRST: 6.283185307179586, _SECOND: 6.283185307179586}  # nearly


def _bessel(name: str, aliases: str, kind: str, slope: Callable[..., Any], **edge: Any) -> Op:
    edge.setdefault("domain", _ORDERS)
    return Op(
        name, "n, x", aliases, about=f"the {kind} of order n", ulp=0.6, example=f"{name}(2, 1)",
        vjp=(MISSING, slope), isolated=(always, None), underflow=lambda n, x: not_zero(x),
        period=_PERIODS.get(kind, 0), **edge,
    )  # fmt: skip


def _of_order(name: str, aliases: str, kind: str, slope: Callable[..., Any], **edge: Any) -> Op:
    return Op(
        name, "x", aliases, about=f"the {kind} of order {name[1]}", ulp=0.6, example=f"{name}(1)",
        vjp=(slope,), underflow=not_zero, period=_PERIODS.get(kind, 0), **edge,
    )  # fmt: skip


def _by_q(g: Array, y: Array, n: Array, s: Array, q: Array) -> Array:
    """The n-th derivative of -s*zeta(s + 1, q) by s."""
    there = s * fn.zeta_derivative(n, s + 1, q) + n * fn.zeta_derivative(n - 1, s + 1, q)
    return -(g * fn.where((s == 0) * (n == 1), -fn.digamma(q), there))


_MODIFIED, _THIRD = "modified Bessel function of the first kind", "modified Bessel function of the second kind"
_POLE = {"domain": "x >= 0", "edges": "infinite at 0", "pole": lambda x: x == 0}
_ORDERED_POLE = {"domain": f"x >= 0, {_ORDERS}", "edges": "infinite at x = 0", "pole": lambda n, x: x == 0}

ROWS = (
    _bessel("jv", "jn besselj", _FIRST, lambda g, y, n, x: g * ((fn.jv(n - 1, x) - fn.jv(n + 1, x)) / 2)),
    _bessel(
        "yv", "yn bessely", _SECOND, lambda g, y, n, x: g * ((fn.yv(n - 1, x) - fn.yv(n + 1, x)) / 2), **_ORDERED_POLE
    ),
    _bessel("iv", "besseli", _MODIFIED, lambda g, y, n, x: g * ((fn.iv(n - 1, x) + fn.iv(n + 1, x)) / 2)),
    _bessel(
        "kv", "kn besselk", _THIRD, lambda g, y, n, x: -(g * ((fn.kv(n - 1, x) + fn.kv(n + 1, x)) / 2)), **_ORDERED_POLE
    ),
    _of_order("j0", "bessel_j0", _FIRST, lambda g, y, x: -(g * fn.j1(x))),
    _of_order("j1", "bessel_j1", _FIRST, lambda g, y, x: g * ((fn.j0(x) - fn.jv(2, x)) / 2)),
    _of_order("y0", "bessel_y0", _SECOND, lambda g, y, x: -(g * fn.y1(x)), **_POLE),
    _of_order("y1", "bessel_y1", _SECOND, lambda g, y, x: g * ((fn.y0(x) - fn.yv(2, x)) / 2), **_POLE),
    _of_order("i0", "modified_bessel_i0", _MODIFIED, lambda g, y, x: g * fn.i1(x)),
    _of_order("i1", "modified_bessel_i1", _MODIFIED, lambda g, y, x: g * ((fn.i0(x) + fn.iv(2, x)) / 2)),
    _of_order("k0", "modified_bessel_k0", _THIRD, lambda g, y, x: -(g * fn.k1(x)), **_POLE),
    _of_order(
        "k1", "modified_bessel_k1", _THIRD, lambda g, y, x: -(g * ((fn.k0(x) + fn.kv(2, x)) / 2)), **_POLE
    ),
    Op(
        "expint", "n, x",
        aliases="expn", about="the integral of exp(-x*t)/t**n for t from 1", ulp=0.6, example="expint(1, 1)",
        domain=f"x >= 0, {_ORDERS}", edges="infinite value or slope at x = 0 for n <= 2",
        vjp=(MISSING, lambda g, y, n, x: -(g * fn.expint(n - 1, x))), isolated=(always, None),
        pole=lambda n, x: x == 0 and n <= 2, end=lambda n, x: x == 0 and n > 2,
        underflow=lambda n, x: x - x == 0,
    ),
    Op(
        "expi", "x",
        aliases="ei", about="the integral of exp(t)/t for t up to x", ulp=0.6, example="expi(1)",
        edges="infinite at 0",
        vjp=(lambda g, y, x: g * (fn.exp(x) / x),),
        pole=lambda x: x == 0,
        underflow=lambda x: x - x == 0,
    ),
    Op(
        "zeta", "s, q=1",
        torch="SpecialZeta",
        about="the Riemann zeta function, and Hurwitz' of q: the sum of (q + k)**-s", ulp=0.6, example="zeta(2)",
        domain="q > 0, abs(s) <= 1000", edges="infinite at s = 1",
        vjp=(
            lambda g, y, s, q: g * fn.zeta_derivative(1, s, q),
            # Near s = 0 the pole and the zero make 1 - s*digamma(q).
            lambda g, y, s, q: -(g * fn.where(s == 0, 1 - s * fn.digamma(q), s * fn.zeta(s + 1, q))),
        ),
        pole=lambda s, q: s == 1,
        underflow=lambda s, q: s > 1 and q - q == 0,
    ),
    Op(
        "zeta_derivative", "n, s, q",
        about="the n-th derivative of zeta by s; serves its rule", ulp=0.6, example="zeta_derivative(1, 2, 1)",
        domain="q > 0, abs(s) <= 1000, n = 1, 2, ..., 999", edges="infinite at s = 1",
        vjp=(
            DISCRETE,
            lambda g, y, n, s, q: g * fn.zeta_derivative(n + 1, s, q),
            _by_q,
        ),
        pole=lambda n, s, q: s == 1,
        internal=True,
        underflow=lambda n, s, q: s > 1 and q >= 1 and q - q == 0,
    ),
)  # fmt: skip
